import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { pendingServingRequests } from '../../facts/certificate-signing-requests.js';
import { apiServerPods } from '../../facts/control-plane-pods.js';
import { kubeletConfigs } from '../../facts/kubelet-configs.js';
import { nodes } from '../../facts/nodes.js';
import { serverVersion } from '../../facts/server-version.js';
import { factOf, isUnavailable } from '../../model/fact.js';
import type { Rung } from '../../model/requirement.js';
import { frontFacts, frontIn } from '../support/front.js';
import { valuesOf } from '../support/optional.js';
import { together } from '../support/together.js';
import { kubeletRotation } from './kubelet-certificates.js';
import { servingCertificate } from './serving-certificate.js';

const byHandshake: Rung = {
  rung: 'behave',
  facts: Object.values(frontFacts),
  answer: (facts, now) => {
    const { apiServerCertificate: certificate, kubeconfigCas, rootCas } = valuesOf(facts, frontFacts);
    if (isUnavailable(certificate)) return [certificate];
    const cas = [kubeconfigCas, rootCas].flatMap((some) => (isUnavailable(some) ? [] : some));
    return servingCertificate(certificate, { cas, ofPods: !isUnavailable(rootCas) }, frontIn(facts), now);
  },
};

const surroundings = { nodes, serverVersion, apiServerPods, apiServerFlagz };

const byKubelets: Rung = {
  rung: 'read',
  facts: [kubeletConfigs],
  beside: [pendingServingRequests, ...Object.values(surroundings)],
  answer: (facts) => {
    const configs = factOf(facts, kubeletConfigs);
    if (isUnavailable(configs)) return [configs];
    return kubeletRotation(configs, valuesOf(facts, surroundings), factOf(facts, pendingServingRequests));
  },
};

/** The certificate of the API endpoint and those of the kubelets: one that is not rotated breaks it, and both take part in a pass. */
export const certificateRotation: readonly Rung[] = together(
  [
    { name: '', ladder: [byHandshake] },
    { name: '', ladder: [byKubelets] },
  ],
  '',
);

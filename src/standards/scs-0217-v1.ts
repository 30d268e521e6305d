import { defineStandard, type Requirement } from '../model/requirement.js';
import { scs0210v2 } from './scs-0210-v2.js';
import { nodeRestrictionAdmission, podSecurityAdmissionOn } from './scs-0217-v1/admission.js';
import { authenticationMethods } from './scs-0217-v1/authentication.js';
import { authorizationMethods, authorizationRbac } from './scs-0217-v1/authorization.js';
import { endpointsHttps } from './scs-0217-v1/endpoints.js';
import { etcdRequirements } from './scs-0217-v1/etcd.js';
import {
  kubeletAnonymousAuth,
  kubeletAuthentication,
  kubeletHttps,
  kubeletReadOnlyPort,
  kubeletWebhookAuthorization,
} from './scs-0217-v1/kubelet.js';
import { podSecurityBaseline, podSecurityEnforce, podSecurityRestrictedUsed } from './scs-0217-v1/pod-security.js';
import { portsClosed } from './scs-0217-v1/ports.js';
import { together } from './support/together.js';

/** Updates are regular where the version policy is met, by what its official testcase counts: all of it that one cluster settles. */
const regularUpdates: Requirement = {
  id: 'regular-updates',
  level: 'MUST',
  title: 'The cluster is updated regularly, by the version policy',
  clause: '#standard',
  remediation: `Upgrade the cluster as ${scs0210v2.id} asks: see its rows for what to do.`,
  ladder: together(
    scs0210v2.requirements
      .filter(({ testcase }) => testcase !== undefined)
      .map(({ id, ladder }) => ({ name: `${scs0210v2.id}/${id}`, ladder })),
    `${scs0210v2.id} is met, as far as one cluster shows it: `,
  ),
  configuredBy: ['kubernetesVersion', 'image', 'version'],
};

/** The rows about endpoints; what the standard only allows (MAY) takes no part. */
const endpoints: readonly Requirement[] = [
  portsClosed,
  endpointsHttps,
  kubeletReadOnlyPort,
  kubeletHttps,
  kubeletAnonymousAuth,
  kubeletWebhookAuthorization,
];

/** The endpoints of Kubernetes as a whole: the worst of their rows. Ports that cannot be tried from here are no proof. */
const endpointsSecured: Requirement = {
  id: 'endpoints-secured',
  level: 'MUST',
  title: 'The endpoints of Kubernetes are secured',
  clause: '#standard',
  remediation: `Secure all endpoints: see the rows ${endpoints.map(({ id }) => id).join(', ')} for what to do.`,
  ladder: together(
    endpoints.map(({ id, ladder }) => ({ name: id, ladder })),
    'All endpoints that can be seen are secured: ',
    'behave',
  ),
  settledBy: { nextStep: "Run it from a machine outside of the cluster's network, without a proxy, with the right to get nodes/proxy." },
};

/** https://docs.scs.community/standards/scs-0217-v1-cluster-hardening */
export const scs0217v1 = defineStandard({
  id: 'scs-0217-v1',
  title: 'Kubernetes cluster hardening',
  category: 'informative',
  status: 'draft',
  url: 'https://docs.scs.community/standards/scs-0217-v1-cluster-hardening',
  requirements: [
    regularUpdates,
    ...etcdRequirements,
    endpointsSecured,
    portsClosed,
    kubeletReadOnlyPort,
    endpointsHttps,
    authenticationMethods,
    authorizationMethods,
    authorizationRbac,
    kubeletHttps,
    kubeletAnonymousAuth,
    kubeletWebhookAuthorization,
    kubeletAuthentication,
    nodeRestrictionAdmission,
    podSecurityAdmissionOn,
    podSecurityBaseline,
    podSecurityRestrictedUsed,
    podSecurityEnforce,
  ],
});

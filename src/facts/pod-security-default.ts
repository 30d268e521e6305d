import { defineFact } from '../model/fact.js';
import { dryRun, dryRunAnswerSchema } from './support/dry-run.js';

/**
 * A pod that breaks the Baseline level by one thing, `privileged`, and nothing else that a cluster may ask for: it names its resources for limit
 * ranges and quotas, and mounts no token. Its image is never pulled.
 */
const privilegedPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'scs-kaas-probe-dry-run' },
  spec: {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    containers: [
      {
        name: 'probe',
        image: 'registry.k8s.io/pause:3.10',
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '10m', memory: '16Mi' } },
        securityContext: { privileged: true },
      },
    ],
  },
};

const offence = { spec: { containers: [{ name: 'probe', securityContext: { privileged: true } }] } };

/**
 * What the API server says to a privileged pod in the namespace `default`, as a dry run. Sees the defaults of the AdmissionConfiguration, which no label
 * shows; and words of other admission plugins and policy engines, which are not those of the Pod Security Standards.
 * https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
 */
export const podSecurityDefault = defineFact({
  name: 'pod-security-default',
  schema: dryRunAnswerSchema,
  permissions: [
    {
      role: 'ask',
      verb: 'create',
      group: '',
      resource: 'pods',
      namespace: 'default',
      why: 'a dry run of a privileged pod: shows whether the Pod Security Standards are enforced where nobody set a label',
    },
  ],
  collect: async ({ api }) => dryRun(api, { method: 'POST', path: '/api/v1/namespaces/default/pods', body: privilegedPod }, offence),
});

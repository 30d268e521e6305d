import type { V1Pod } from '@kubernetes/client-node';
import type { Sent } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { dryRunPermissions, podsPath, probePod } from '../kubernetes/dry-run-objects.js';
import { dryRun, dryRunAnswerSchema, holding } from '../kubernetes/dry-run.js';

/** It breaks the Baseline level by one thing, and nothing else that a cluster may ask for. */
const privileged = { privileged: true };
const offence = holding({ spec: { containers: [{ name: 'probe', securityContext: privileged }] } } satisfies Sent<V1Pod>);

/**
 * What the API server says to a privileged pod in the namespace `default`, as a dry run. Sees the defaults of the AdmissionConfiguration, which no label
 * shows; and words of other admission plugins and policy engines, which are not those of the Pod Security Standards.
 * https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
 */
export const podSecurityDefault = defineFact({
  name: 'pod-security-default',
  schema: dryRunAnswerSchema,
  permissions: dryRunPermissions,
  collect: async ({ dryRuns }) => dryRun(dryRuns, podsPath, probePod(privileged), offence),
});

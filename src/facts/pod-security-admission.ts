import type { V1Namespace } from '@kubernetes/client-node';
import type { Sent } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { askRight } from '../model/permission.js';
import { modeLabel } from './namespaces.js';
import { dryRunPermissions, namespacesPath, probeName } from '../kubernetes/dry-run-objects.js';
import { dryRun, dryRunAnswerSchema, holding } from '../kubernetes/dry-run.js';

/** The label by which a namespace asks for a level of the Pod Security Standards. */
export const enforceLabel = modeLabel('enforce');

const labels = { [enforceLabel]: 'scs-kaas-no-such-level' };
const offence = holding({ metadata: { labels } } satisfies Sent<V1Namespace>);

/**
 * What the API server says to a namespace whose level does not exist: only the admission plugin PodSecurity refuses that (422 on the label's field),
 * before any validating webhook and without exemptions. A dry run: no namespace is made.
 * https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export const podSecurityAdmission = defineFact({
  name: 'pod-security-admission',
  schema: dryRunAnswerSchema,
  permissions: [
    ...dryRunPermissions,
    askRight(
      'create',
      '',
      'namespaces',
      'a dry run of a namespace with a level that does not exist: shows whether pod security admission is on',
    ),
  ],
  collect: async ({ dryRuns }) =>
    dryRun(
      dryRuns,
      namespacesPath,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: probeName(), labels } } satisfies Sent<V1Namespace>,
      offence,
    ),
});

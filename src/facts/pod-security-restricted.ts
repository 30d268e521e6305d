import type { V1Pod } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { dryRunPermissions, podsPath, probePod, restrictedContext } from '../kubernetes/dry-run-objects.js';
import { dryRun, dryRunAnswerSchema } from '../kubernetes/dry-run.js';

const stored = ofKind<V1Pod>()(
  z.object({
    spec: z.object({
      containers: z.array(
        z.object({
          name: z.string(),
          securityContext: z.optional(z.nullable(z.object({ allowPrivilegeEscalation: z.optional(z.nullable(z.boolean())) }))),
        }),
      ),
    }),
  }),
);

/** The level Restricted takes a container only where the field is false; a mutating webhook may have made it so. */
const mayEscalate = (object: unknown): boolean =>
  stored
    .safeParse(object)
    .data?.spec.containers.some(({ name, securityContext }) => name === 'probe' && securityContext?.allowPrivilegeEscalation !== false) ===
  true;

/**
 * What the API server says in the namespace `default` to a pod that the level Baseline takes and the level Restricted refuses, as a dry run: a refusal or
 * a warning shows that Restricted is used there.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const podSecurityRestricted = defineFact({
  name: 'pod-security-restricted',
  schema: dryRunAnswerSchema,
  permissions: dryRunPermissions,
  collect: async ({ dryRuns }) =>
    dryRun(dryRuns, podsPath, probePod({ ...restrictedContext, allowPrivilegeEscalation: true }), mayEscalate),
});

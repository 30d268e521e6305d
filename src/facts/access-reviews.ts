import type { V1SelfSubjectAccessReview, V1SelfSubjectAccessReviewSpec } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind, type Sent } from '../kubernetes/api-types.js';
import { NotAvailable } from '../model/errors.js';
import { defineFact, type Fact, type Permission } from '../model/fact.js';
import { permissionKey, permissionText } from '../model/permission.js';
import type { Api } from '../model/ports.js';
import { ask } from '../kubernetes/answers.js';

const answer = ofKind<V1SelfSubjectAccessReview>()(z.object({ status: z.object({ allowed: z.boolean() }) }));
const schema = z.object({ refused: z.readonly(z.array(z.string())), asked: z.number() });

const attributes = (p: Permission): Sent<V1SelfSubjectAccessReviewSpec> => {
  if (p.url !== undefined) return { nonResourceAttributes: { path: p.url, verb: p.verb } };
  const [resource, subresource] = (p.resource ?? '').split('/');
  return {
    resourceAttributes: {
      group: p.group ?? '',
      resource,
      verb: p.verb,
      subresource,
      namespace: p.namespace,
      name: p.names?.[0],
    },
  };
};

/** Whether we have a permission, by asking about ourselves; nothing is stored. */
const isAllowed = async (api: Api, permission: Permission): Promise<boolean> => {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const body: Sent<V1SelfSubjectAccessReview> = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: attributes(permission),
  };
  const { status } = await ask(api, { method: 'POST', path, body }, answer);
  return status.allowed;
};

/** Those that we do not have, in their order. */
const refusedOf = async (api: Api, permissions: readonly Permission[]): Promise<readonly Permission[]> => {
  const allowed = await Promise.all(permissions.map((permission) => isAllowed(api, permission)));
  return permissions.filter((_, i) => allowed[i] === false);
};

/**
 * Asks for every right before anything is made.
 * @param nothing what was not done, for the sentence, e.g. `nothing was made`
 * @throws {NotAvailable} with every right that is missing
 */
export const assertAllowed = async (api: Api, permissions: readonly Permission[], nothing: string): Promise<void> => {
  const missing = await refusedOf(api, permissions);
  if (missing.length > 0)
    throw new NotAvailable('forbidden', `${nothing}, as these rights are missing: ${missing.map(permissionText).join(', ')}`);
};

/**
 * Which of some permissions we do not have, by asking about ourselves
 * (SelfSubjectAccessReview: every login may, by the built-in role `system:basic-user`). A review stores nothing.
 * @param permissions to ask about, in the order of the answer
 */
export const accessReviewsOf = (permissions: readonly Permission[]): Fact<z.infer<typeof schema>> =>
  defineFact({
    name: 'access-reviews',
    schema,
    permissions: [],
    collect: async ({ api }) => ({ refused: (await refusedOf(api, permissions)).map(permissionKey), asked: permissions.length }),
  });

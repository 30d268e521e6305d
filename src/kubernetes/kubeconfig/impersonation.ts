import { NotAvailable, UserError } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
import { selfReview } from '../self-review.js';

/**
 * Makes sure that the identity which a kubeconfig impersonates (`as`) arrives: something between us and the API server may drop the headers, and
 * then every request has the rights of the login. API servers before 1.28 do not tell.
 * @throws {UserError} where the API server takes us for somebody else
 */
export const assertImpersonation = async (api: Api, impersonation: Readonly<Record<string, string | string[]>>): Promise<void> => {
  const user = impersonation['impersonate-user'];
  if (user === undefined) return;
  const self = await selfReview(api).catch((error: unknown) => {
    // Whatever else is wrong with the connection, the first request tells better.
    if (error instanceof NotAvailable) return undefined;
    throw error;
  });
  if (self === undefined) return;
  const lost = [impersonation['impersonate-group'] ?? []].flat().filter((group) => !self.groups.includes(group));
  if (self.username === user && lost.length === 0) return;
  throw new UserError([
    'The kubeconfig impersonates another user or group ("as", "as-groups"), and the API server does not see that: something in between drops the Impersonate headers. Connect to the API server directly, or use a kubeconfig without "as".',
  ]);
};

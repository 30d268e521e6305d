import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { selfReview, type Self } from '../kubernetes/self-review.js';

/** Ways in which this run itself was let in. */
const loginKinds = ['certificate', 'service-account', 'bootstrap-token', 'anonymous', 'other'] as const;
export type LoginKind = (typeof loginKinds)[number];

const schema = z.object({
  login: z.enum(loginKinds),
  /**
   * For the name of a ServiceAccount: whether the API server tells the id of the token (`JTI=`, KEP-4193). It does so for tokens that it was shown
   * itself, and not for names under which a proxy impersonates someone. Absent in older snapshots, and then not known.
   */
  tokenId: z.optional(z.boolean()),
});
export type OwnIdentity = z.infer<typeof schema>;

/** How someone logged in, by the names that the API server reserves and the credential's id. */
const loginKindOf = ({ username, credentialIds }: Self): LoginKind => {
  if (username === '' || username === 'system:anonymous') return 'anonymous';
  if (username.startsWith('system:serviceaccount:')) return 'service-account';
  if (username.startsWith('system:bootstrap:')) return 'bootstrap-token';
  return credentialIds.some((id) => id.startsWith('X509SHA256=')) ? 'certificate' : 'other';
};

/**
 * How this run itself is authenticated: proof of one method. The user's name stays in the cluster.
 * Whom a kubeconfig impersonates (`as`) has not logged in and proves none.
 */
export const ownIdentity = defineFact({
  name: 'own-identity',
  schema,
  permissions: [],
  collect: async ({ api }): Promise<OwnIdentity> => {
    const self = await selfReview(api, { withoutImpersonation: true });
    const login = loginKindOf(self);
    return login === 'service-account' ? { login, tokenId: self.credentialIds.some((id) => id.startsWith('JTI=')) } : { login };
  },
});

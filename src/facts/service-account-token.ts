import type { AuthenticationV1TokenRequest, V1TokenRequestSpec, V1TokenReview } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind, type Sent } from '../kubernetes/api-types.js';
import { NotAvailable } from '../model/errors.js';
import { defineFact, type UnavailableReason } from '../model/fact.js';
import { askRight } from '../model/permission.js';
import type { Api, ApiRequest } from '../model/ports.js';
import { ask } from '../kubernetes/answers.js';
import { selfReview } from '../kubernetes/self-review.js';

const schema = z.object({
  /** Whether the API server took the token that it had issued for the ServiceAccount's own. */
  accepted: z.boolean(),
  /** How that was seen. */
  by: z.enum(['self-subject-review', 'token-review']),
});
export type ServiceAccountToken = z.infer<typeof schema>;

const account = 'system:serviceaccount:default:default';
/**
 * A JWT (RFC 7519), as the API server signs them. What it hands out is blanked in every text afterwards: a server that hands out
 * `"fail"` or `non-compliant` would blank those words of its own report.
 */
const jwt = z.string().check(z.regex(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/), z.minLength(30), z.maxLength(20_000));
const issued = ofKind<AuthenticationV1TokenRequest>()(z.object({ status: z.object({ token: jwt }) }));
const reviewed = ofKind<V1TokenReview>()(
  z.object({
    status: z.object({ authenticated: z.optional(z.boolean()), user: z.optional(z.object({ username: z.optional(z.string()) })) }),
  }),
);

/** The shortest life that the API server gives a token. It lives on its own: nothing of it is stored in the cluster. */
const expirationSeconds = 600;
const tokenRequest: ApiRequest = {
  method: 'POST',
  path: '/api/v1/namespaces/default/serviceaccounts/default/token',
  // client-node's types ask for audiences, which the API server fills in by itself.
  body: {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds } satisfies Partial<Sent<V1TokenRequestSpec>>,
  },
};

/** Answers that may be those of a proxy which keeps foreign tokens out: a refusal, another page, or nothing of that name. */
const byProxy: readonly UnavailableReason[] = ['unauthorized', 'forbidden', 'not-found', 'malformed'];

/** Asks with our own login what the API server thinks of the token: a proxy in front of it may keep foreign tokens out. */
const isAuthenticated = async (api: Api, token: string): Promise<boolean> => {
  const body: Sent<V1TokenReview> = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const { status } = await ask(api, { method: 'POST', path: '/apis/authentication.k8s.io/v1/tokenreviews', body }, reviewed);
  return status.authenticated === true && status.user?.username === account;
};

/**
 * Whether a ServiceAccount token is issued and accepted (TokenRequest). The token goes nowhere but back to the API server.
 * https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
 */
export const serviceAccountToken = defineFact({
  name: 'service-account-token',
  schema,
  permissions: [
    askRight(
      'create',
      '',
      'serviceaccounts/token',
      'a token of ten minutes for the account default, to see whether ServiceAccount tokens are issued and accepted; it is not stored',
      { names: ['default'], namespace: 'default' },
    ),
    askRight(
      'create',
      'authentication.k8s.io',
      'tokenreviews',
      'asked only where that token is refused, because a proxy in front of the API server may have refused it',
    ),
  ],
  collect: async ({ api, secret }): Promise<ServiceAccountToken> => {
    const { token } = (await ask(api, tokenRequest, issued)).status;
    secret(token);
    try {
      const self = await selfReview(api, { bearerToken: token });
      if (self.username === account) return { accepted: true, by: 'self-subject-review' };
    } catch (error) {
      if (!(error instanceof NotAvailable) || !byProxy.includes(error.reason)) throw error;
    }
    return { accepted: await isAuthenticated(api, token), by: 'token-review' };
  },
});

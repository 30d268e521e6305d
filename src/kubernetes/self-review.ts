import type { V1SelfSubjectReview } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind, type Sent } from './api-types.js';
import type { Api, ApiRequest } from '../model/ports.js';
import { ask } from './answers.js';

const schema = ofKind<V1SelfSubjectReview>()(
  z.object({
    status: z.object({
      userInfo: z.object({
        username: z.string(),
        groups: z.optional(z.array(z.string())),
        extra: z.optional(z.record(z.string(), z.array(z.string()))),
      }),
    }),
  }),
);

/** The path of a SelfSubjectReview (authentication.k8s.io/v1, KEP-3325): every login may ask it, and it stores nothing. */
const selfReviewRequest: ApiRequest = {
  method: 'POST',
  path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
  body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } satisfies Sent<V1SelfSubjectReview>,
};

/** Who the API server takes a request for. The names stay with the caller: they may be those of people. */
export interface Self {
  readonly username: string;
  readonly groups: readonly string[];
  /** e.g. `X509SHA256=...` or `JTI=...`; empty on servers that do not tell (KEP-4193). */
  readonly credentialIds: readonly string[];
}

/**
 * Asks the API server who we are.
 * @param as another identity than the connection's own
 * @throws {NotAvailable} where it does not answer with 2xx, e.g. 401 for a token that it does not accept
 */
export const selfReview = async (
  api: Api,
  as: Pick<ApiRequest, 'headers' | 'bearerToken' | 'withoutImpersonation'> = {},
): Promise<Self> => {
  const { status } = await ask(api, { ...selfReviewRequest, ...as }, schema);
  const { username, groups = [], extra } = status.userInfo;
  return { username, groups, credentialIds: extra?.['authentication.kubernetes.io/credential-id'] ?? [] };
};

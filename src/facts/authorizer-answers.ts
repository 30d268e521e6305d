import type { V1SubjectAccessReview, V1SubjectAccessReviewSpec } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind, type Sent } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { askRight } from '../model/permission.js';
import type { Api } from '../model/ports.js';
import { ask } from '../kubernetes/answers.js';
import { bounded } from '../text/bounded.js';

const decision = z.object({
  allowed: z.boolean(),
  /** An authorizer refused outright, so that later ones were not asked. */
  denied: z.boolean(),
  /** What the authorizers gave as reason, one each; an authorizer that allows is the only one that speaks. */
  reasons: z.readonly(z.array(z.string())),
  /** What went wrong while the authorizers were asked, such as a webhook that did not answer: not all of them spoke. Absent where nothing did. */
  evaluationError: z.optional(z.string()),
});
export type Decision = z.infer<typeof decision>;

const schema = z.object({
  /** May a kubelet that does not exist read a named secret: only the Node authorizer speaks of relationships. */
  node: decision,
  /** May the ReplicaSet controller create pods: RBAC's built-in bindings say yes. */
  serviceAccount: decision,
});
export type AuthorizerAnswers = z.infer<typeof schema>;

const review = ofKind<V1SubjectAccessReview>()(
  z.object({
    status: z.object({
      allowed: z.boolean(),
      denied: z.optional(z.boolean()),
      reason: z.optional(z.string()),
      evaluationError: z.optional(z.string()),
    }),
  }),
);

const questions = {
  node: {
    user: 'system:node:scs-probe',
    groups: ['system:nodes', 'system:authenticated'],
    resourceAttributes: { verb: 'get', group: '', resource: 'secrets', namespace: 'default', name: 'scs-kaas-probe' },
  },
  serviceAccount: {
    user: 'system:serviceaccount:kube-system:replicaset-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
    resourceAttributes: { verb: 'create', group: '', resource: 'pods', namespace: 'default' },
  },
} satisfies Record<string, Sent<V1SubjectAccessReviewSpec>>;

/** The API server joins the authorizers' reasons by newlines. */
const reasonsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => bounded(line, 300))
    .filter((line) => line !== '')
    .slice(0, 10);

const decide = async (api: Api, spec: Sent<V1SubjectAccessReviewSpec>): Promise<Decision> => {
  const body: Sent<V1SubjectAccessReview> = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
  const { status } = await ask(api, { method: 'POST', path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', body }, review);
  return {
    allowed: status.allowed,
    denied: status.denied ?? false,
    reasons: reasonsOf(status.reason ?? ''),
    ...(status.evaluationError ? { evaluationError: bounded(status.evaluationError, 300) } : {}),
  };
};

/**
 * How the authorizers answer two questions about others (SubjectAccessReview). Nobody needs to exist for it, and a review is not stored.
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/
 */
export const authorizerAnswers = defineFact({
  name: 'authorizer-answers',
  schema,
  permissions: [
    askRight(
      'create',
      'authorization.k8s.io',
      'subjectaccessreviews',
      'the reasons that the authorizers give tell which of them are active',
    ),
  ],
  collect: async ({ api }) => {
    const [node, serviceAccount] = await Promise.all([decide(api, questions.node), decide(api, questions.serviceAccount)]);
    return { node, serviceAccount };
  },
});

import { expect, test } from '@jest/globals';
import { authorizerAnswers } from '../../src/facts/authorizer-answers.js';
import type { ApiRequest } from '../../src/model/ports.js';
import { asking, outcomeOf, refusal, type Said } from '../helpers/asked.js';

const userOf = (request: ApiRequest): string => (request.body as { spec: { user: string } }).spec.user;
const status = (value: unknown): Said => ({ status: 201, body: { kind: 'SubjectAccessReview', status: value } });

test('Node and RBAC, as a cluster of 1.36.3 words it', async () => {
  const rbac =
    'RBAC: allowed by ClusterRoleBinding "system:controller:replicaset-controller" of ClusterRole "system:controller:replicaset-controller" to ServiceAccount "replicaset-controller/kube-system"';
  const { ports, asked } = asking((request) =>
    userOf(request).startsWith('system:node:')
      ? status({ allowed: false, reason: "no relationship found between node 'scs-probe' and this object" })
      : status({ allowed: true, reason: rbac }),
  );
  expect(await authorizerAnswers.collect(ports)).toEqual({
    node: { allowed: false, denied: false, reasons: ["no relationship found between node 'scs-probe' and this object"] },
    serviceAccount: { allowed: true, denied: false, reasons: [rbac] },
  });
  expect(asked.map(userOf)).toEqual(['system:node:scs-probe', 'system:serviceaccount:kube-system:replicaset-controller']);
});

test('reasons of several authorizers are joined by newlines', async () => {
  const { ports } = asking(() =>
    status({ allowed: false, reason: "no relationship found between node 'scs-probe' and this object\nNo policy matched." }),
  );
  expect((await authorizerAnswers.collect(ports)).node.reasons).toEqual([
    "no relationship found between node 'scs-probe' and this object",
    'No policy matched.',
  ]);
});

test('a webhook that refuses outright, with a flood of words', async () => {
  const { ports } = asking(() => status({ allowed: false, denied: true, reason: `${'x'.repeat(10_000)}\n`.repeat(100) }));
  const { node } = await authorizerAnswers.collect(ports);
  expect(node.denied).toBe(true);
  expect(node.reasons.join('').length).toBeLessThanOrEqual(3_000);
});

test.each([
  ['webhook: Post "https://x": context deadline exceeded', 'webhook: Post "https://x": context deadline exceeded'],
  ['', undefined],
  [`${'x'.repeat(10_000)}\n`, expect.stringMatching(/^.{1,300}$/)],
])('an authorizer that failed: %#', async (evaluationError, seen) => {
  const { ports } = asking(() => status({ allowed: false, evaluationError }));
  expect((await authorizerAnswers.collect(ports)).node.evaluationError).toEqual(seen);
});

test('the right to ask about others is missing', async () => {
  const words =
    'subjectaccessreviews.authorization.k8s.io is forbidden: User "a" cannot create resource "subjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope';
  const { ports } = asking(() => refusal(403, 'Forbidden', words));
  expect(await outcomeOf(authorizerAnswers, ports)).toMatchObject({
    unavailable: 'forbidden',
    detail: expect.stringContaining('cannot create'),
  });
});

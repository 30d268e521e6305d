import { describe, expect, test } from '@jest/globals';
import { nodeRestriction } from '../../src/facts/node-restriction.js';
import type { ApiRequest } from '../../src/model/ports.js';
import { asking, cannot, outcomeOf, refusal, type Said } from '../helpers/asked.js';

const node = (name: string, ready = true): unknown => ({
  metadata: { name, uid: name },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const listOf = (...items: readonly unknown[]): Said => ({ status: 200, body: { kind: 'NodeList', metadata: {}, items } });
const asUser = (username: string): Said => ({ status: 201, body: { kind: 'SelfSubjectReview', status: { userInfo: { username } } } });

const asOther = asUser('system:node:scs-probe');

const answering = (patch: (request: ApiRequest) => Said, self: Said = asOther, list: Said = listOf(node('worker-1'))) =>
  asking((request) => (request.method === 'PATCH' ? patch(request) : request.path.endsWith('/selfsubjectreviews') ? self : list));

/** As the API server 1.36.3 words it. */
const pluginRefuses = refusal(
  403,
  'Forbidden',
  'nodes "worker-1" is forbidden: node "scs-probe" is not allowed to modify node "worker-1"',
  { name: 'worker-1', kind: 'nodes' },
);
/** The node as it would have been stored: with the label that was sent. */
const accept =
  (more: object = {}) =>
  ({ path, body }: ApiRequest): Said => {
    const name = /nodes\/([^/?]+)/.exec(path)?.[1] ?? '';
    const { labels } = (body as { readonly metadata: { readonly labels: object } }).metadata;
    return { status: 200, body: { kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels, ...more } } } };
  };
const accepted = accept();

test('the change is asked as a dry run, raw, by the identity of another node', async () => {
  const { ports, asked } = answering(() => pluginRefuses);
  await nodeRestriction.collect(ports);
  const patch = asked.find((r) => r.method === 'PATCH');
  expect(patch?.path).toBe('/api/v1/nodes/worker-1?dryRun=All');
  expect(asked.findIndex((r) => r.path.endsWith('/selfsubjectreviews'))).toBeLessThan(asked.findIndex((r) => r === patch));
  expect(patch?.headers).toEqual({
    'impersonate-user': 'system:node:scs-probe',
    'impersonate-group': 'system:nodes',
    'content-type': 'application/merge-patch+json',
  });
  expect(asked.filter((r) => r.method === 'PATCH')).toHaveLength(1);
});

describe('what the API server said', () => {
  test.each<[string, Said | ((request: ApiRequest) => Said), Said, object]>([
    ['the plugin refuses', pluginRefuses, asOther, { status: 403, impersonated: true }],
    ['the change is let in, by the other node', accepted, asUser('system:node:scs-probe'), { status: 200, impersonated: true }],
    [
      'the other node may not even ask who it is',
      accepted,
      cannot('create', 'selfsubjectreviews', 'system:node:scs-probe'),
      { status: 200, impersonated: true },
    ],
    [
      'the authorizer refuses the other node',
      cannot('patch', 'nodes', 'system:node:scs-probe'),
      asOther,
      { status: 403, impersonated: true },
    ],
    [
      'a webhook refuses',
      refusal(400, 'BadRequest', 'admission webhook "x.example.org" does not support dry run'),
      asOther,
      { status: 400, impersonated: false },
    ],
  ])('%s', async (_, patch, self, expected) => {
    const { ports } = answering(typeof patch === 'function' ? patch : () => patch, self);
    const seen = await nodeRestriction.collect(ports);
    expect(seen).toMatchObject({ node: 'worker-1', ...expected });
    expect(seen.standIn).toBeUndefined();
  });
});

describe('not to be had', () => {
  test.each([
    ['without the right to impersonate', cannot('impersonate', 'users'), 'forbidden'],
    ['a login that is not accepted', refusal(401, 'Unauthorized', 'Unauthorized'), 'unauthorized'],
    ['too many requests', refusal(429, 'TooManyRequests', 'too many requests'), 'rate-limited'],
    [
      'a webhook that does not answer',
      refusal(500, 'InternalError', 'Internal error occurred: failed calling webhook "x"'),
      'server-error',
    ],
    ['every node that was listed is gone', refusal(404, 'NotFound', 'nodes "worker-1" not found'), 'not-found'],
  ])('%s', async (_, patch, reason) => {
    const { ports } = answering(() => patch);
    expect(await outcomeOf(nodeRestriction, ports)).toMatchObject({ unavailable: reason });
  });

  test.each([
    ['another user', ['system:masters'], 'admin', false],
    ['the user without its group', ['system:authenticated'], 'system:node:scs-probe', false],
    ['the user with its group', ['system:nodes', 'system:authenticated'], 'system:node:scs-probe', true],
  ])('before the first impersonated request: the API server takes us for %s', async (_, groups, username, sent) => {
    const self: Said = { status: 201, body: { kind: 'SelfSubjectReview', status: { userInfo: { username, groups } } } };
    const { ports, asked } = answering(() => pluginRefuses, self);
    const outcome = await outcomeOf(nodeRestriction, ports);
    expect(asked.some((r) => r.method === 'PATCH')).toBe(sent);
    expect(outcome).toMatchObject(sent ? { impersonated: true } : { unavailable: 'refused' });
  });

  test('a cluster that shows no node', async () => {
    const { ports, asked } = answering(accepted, asUser('x'), listOf());
    expect(await outcomeOf(nodeRestriction, ports)).toMatchObject({ unavailable: 'not-found' });
    expect(asked.some((r) => r.method === 'PATCH')).toBe(false);
  });
});

test('the first node is gone since it was listed: the next one is tried', async () => {
  const { ports } = answering(
    (request) => (request.path.includes('worker-1') ? refusal(404, 'NotFound', 'nodes "worker-1" not found') : accepted(request)),
    asUser('system:node:scs-probe'),
    listOf(node('worker-1'), node('worker-2')),
  );
  expect(await nodeRestriction.collect(ports)).toMatchObject({ node: 'worker-2', status: 200 });
});

test('a node that is ready is tried before one that is not', async () => {
  const { ports } = answering(() => pluginRefuses, asOther, listOf(node('a', false), node('worker-1')));
  expect(await nodeRestriction.collect(ports)).toMatchObject({ node: 'worker-1' });
});

describe('nothing is sent as the other node that would be our own', () => {
  test.each<[string, Said, string]>([
    ['a proxy drops the impersonation', asUser('kubernetes-admin'), 'refused'],
    ['an API server before 1.28 does not tell', refusal(404, 'NotFound', 'the server could not find the requested resource'), 'not-found'],
    ['the review fails', refusal(500, 'InternalError', 'x'), 'server-error'],
  ])('%s', async (_title, self, reason) => {
    const { ports, asked } = answering(accepted, self);
    expect(await outcomeOf(nodeRestriction, ports)).toMatchObject({ unavailable: reason });
    expect(asked.filter((r) => r.method === 'PATCH')).toEqual([]);
  });
});

test.each<[string, Said]>([
  ['a page of a proxy', { status: 200, body: '<html></html>' }],
  ['an empty object', { status: 200, body: {} }],
  ['another node', { status: 200, body: { kind: 'Node', metadata: { name: 'worker-9', labels: { 'scs-kaas-probe-x': 'dry-run' } } } }],
  // A program that keeps nodes by itself, such as the syncer of a virtual cluster, may answer for the API server.
  ['the node without labels', { status: 200, body: { kind: 'Node', metadata: { name: 'worker-1' } } }],
  ['the node with null for labels', { status: 200, body: { kind: 'Node', metadata: { name: 'worker-1', labels: null } } }],
  ['the node without our label', { status: 200, body: { kind: 'Node', metadata: { name: 'worker-1', labels: { a: 'b' } } } }],
])('200 with %s lets nothing in', async (_title, said) => {
  const { ports } = answering(() => said);
  expect(await outcomeOf(nodeRestriction, ports)).toMatchObject({ unavailable: 'malformed' });
});

test('the node is a stand-in of a virtual cluster: its syncer may have answered', async () => {
  const { ports } = answering(accept({ 'vcluster.loft.sh/fake-node': 'true' }));
  expect(await nodeRestriction.collect(ports)).toMatchObject({ status: 200, impersonated: true, standIn: 'vCluster' });
});

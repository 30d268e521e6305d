import { describe, expect, test } from '@jest/globals';
import type { KubeletConfig, KubeletConfigs } from '../../src/facts/kubelet-configs.js';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { refusing } from '../helpers/kubelets.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const config = (changes: Partial<KubeletConfig> = {}): KubeletConfig => ({ ...refusing, ...changes });
type Entry = KubeletConfigs['nodes'][number];
const node = (name: string, changes: Partial<KubeletConfig> = {}): Entry => ({ node: name, config: config(changes) });
const silent = (name: string): Entry => ({
  node: name,
  unavailable: { unavailable: 'server-error', detail: `GET /api/v1/nodes/${name}/proxy/configz: 503 tls: internal error` },
});
const configs = (entries: readonly Entry[], total = entries.length): KubeletConfigs => ({
  total,
  asked: entries.map((e) => e.node),
  sampled: total > entries.length,
  nodes: entries,
});
const row = (id: string, value: unknown) => settleOne(scs0217v1.requirements, id, { 'kubelet-configs': value });

const rows: readonly (readonly [string, Partial<KubeletConfig>, string])[] = [
  ['kubelet-read-only-port', { readOnlyPort: 10255 }, 'readOnlyPort=10255'],
  ['kubelet-https', { readOnlyPort: 10255 }, 'readOnlyPort=10255'],
  ['kubelet-anonymous-auth', { anonymous: true }, 'authentication.anonymous.enabled=true'],
  ['kubelet-webhook-authorization', { authorizationMode: 'AlwaysAllow' }, 'authorization.mode=AlwaysAllow'],
];

describe.each(rows)('%s', (id, broken, observed) => {
  test('met on all nodes', () => {
    expect(row(id, configs([node('a'), node('b')]))).toMatchObject({ outcome: 'pass', message: expect.stringContaining('on all 2 nodes') });
  });

  test('met on a single node', () => {
    expect(row(id, configs([node('a')]))).toMatchObject({ outcome: 'pass', message: expect.stringContaining('on the only node') });
  });

  test('one node of another pool breaks it, and is named', () => {
    const seen = row(id, configs([node('a'), node('pool-2-a', broken)]));
    expect(seen).toMatchObject({ outcome: 'fail', message: expect.stringMatching(/ on 1 of 2 nodes: pool-2-a\.$/) });
    expect(seen.evidence).toEqual([{ source: 'node pool-2-a configz', observed }]);
  });

  test('one node breaks it and another does not answer', () => {
    expect(row(id, configs([silent('a'), node('b', broken)])).outcome).toBe('fail');
  });

  test('one node does not answer, the others meet it', () => {
    expect(row(id, configs([node('a'), silent('b')]))).toMatchObject({
      outcome: 'abort',
      message: expect.stringMatching(/is not known on 1 of 2 nodes: b \(.*503 tls: internal error\)\.$/),
    });
  });

  test('a sample of a large cluster is said to be one', () => {
    expect(row(id, configs([node('a'), node('b')], 500))).toMatchObject({
      outcome: 'pass',
      message: expect.stringContaining('a sample of 500'),
    });
  });

  test('no node', () => {
    expect(row(id, configs([]))).toMatchObject({ outcome: 'abort', message: expect.stringContaining('shows no node') });
  });

  test('without the right', () => {
    expect(row(id, forbidden('/configz'))).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('grant list nodes, get nodes/proxy'),
    });
  });
});

test.each([
  ['kubelet-anonymous-auth', { anonymous: null }],
  ['kubelet-webhook-authorization', { authorizationMode: null }],
] as const)('%s: an answer that does not show it proves nothing', (id, changes) => {
  expect(row(id, configs([node('a', changes)]))).toMatchObject({ outcome: 'abort', message: expect.stringContaining('does not show it') });
});

describe('why kubelets did not tell', () => {
  const dead = (name: string): Entry => ({
    node: name,
    unavailable: { unavailable: 'timeout', detail: `NotReady: GET /api/v1/nodes/${name}/proxy/configz: no complete answer within 2 s` },
  });
  const virtual: Entry = {
    node: 'virtual-node-aci-linux',
    unavailable: { unavailable: 'not-found', detail: 'a virtual kubelet, which has no KubeletConfiguration' },
  };

  test('one reason of many nodes is said once, by the first of them', () => {
    const dozen = Array.from({ length: 12 }, (_, i) => dead(`n${i + 10}`));
    expect(row('kubelet-https', configs([...dozen, node('ok')])).message).toBe(
      "The kubelet's configuration is not known on 12 of 13 nodes: n10, n11, n12, n13, n14, n15, n16, n17, n18, n19 and 2 more " +
        '(NotReady: GET /api/v1/nodes/n10/proxy/configz: no complete answer within 2 s).',
    );
  });

  test('different reasons are said by the node, three at most', () => {
    const others = ['x', 'y'].map((name): Entry => ({
      node: name,
      unavailable: { unavailable: 'server-error', detail: `503 by ${name}` },
    }));
    expect(row('kubelet-anonymous-auth', configs([dead('a'), virtual, ...others])).message).toMatch(
      /\(a: NotReady: .*, virtual-node-aci-linux: a virtual kubelet, which has no KubeletConfiguration, x: 503 by x and 1 more\)\.$/,
    );
  });

  test('a node with a short name does not garble the reason', () => {
    expect(row('kubelet-https', configs([dead('a'), dead('e')])).message).toContain(
      '(NotReady: GET /api/v1/nodes/a/proxy/configz: no complete',
    );
  });
});

describe('kubelet-authentication is an option', () => {
  const id = 'kubelet-authentication';
  const by = (clientCa: boolean | null | undefined, tokenWebhook: boolean | null | undefined) => ({ clientCa, tokenWebhook });
  test.each<readonly [string, readonly Entry[], string]>([
    ['X.509', [node('a', by(true, false))], 'pass'],
    ['bearer tokens', [node('a', by(false, true))], 'pass'],
    ['X.509, and whether tokens too does not show', [node('a', by(true, null))], 'pass'],
    ['one of two nodes', [node('a', by(true, true)), node('b', by(false, false))], 'pass'],
    ['neither, on all nodes', [node('a', by(false, false)), node('b', by(false, false))], 'not-applicable'],
    ['neither can be seen', [node('a', by(null, null))], 'abort'],
    ['one is off, the other cannot be seen', [node('a', by(false, null))], 'abort'],
    ['an older snapshot', [node('a')], 'abort'],
    ['used on one node, another does not answer', [node('a', by(true, true)), silent('b')], 'abort'],
    ['not used on one node, another does not answer', [node('a', by(false, false)), silent('b')], 'abort'],
    ['no node', [], 'abort'],
  ])('%s', (_, entries, outcome) => {
    expect(row(id, configs(entries)).outcome).toBe(outcome);
  });

  test('an option that is not used is called so', () => {
    expect(row(id, configs([node('a', by(false, false))])).message).toMatch(/^Option not used: /);
  });

  test('without the right', () => {
    expect(row(id, forbidden('/configz')).outcome).toBe('abort');
  });
});

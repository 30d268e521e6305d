import { describe, expect, test } from '@jest/globals';
import type { KubeletConfig, KubeletConfigs } from '../../src/facts/kubelet-configs.js';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const config = (changes: Partial<KubeletConfig> = {}): KubeletConfig => ({
  rotateCertificates: true,
  serverTLSBootstrap: false,
  readOnlyPort: 0,
  anonymous: false,
  authorizationMode: 'Webhook',
  tlsCertFile: true,
  ...changes,
});
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
    expect(row(id, configs([node('a'), node('b')]))).toMatchObject({ outcome: 'pass', because: expect.stringContaining('on all 2 nodes') });
  });

  test('met on a single node', () => {
    expect(row(id, configs([node('a')]))).toMatchObject({ outcome: 'pass', because: expect.stringContaining('on the only node') });
  });

  test('one node of another pool breaks it, and is named', () => {
    const seen = row(id, configs([node('a'), node('pool-2-a', broken)]));
    expect(seen).toMatchObject({ outcome: 'fail', because: expect.stringMatching(/^on 1 node of 2 .*: pool-2-a$/) });
    expect(seen.evidence).toEqual([{ source: 'node pool-2-a configz', observed }]);
  });

  test('one node breaks it and another does not answer', () => {
    expect(row(id, configs([silent('a'), node('b', broken)])).outcome).toBe('fail');
  });

  test('one node does not answer, the others meet it', () => {
    expect(row(id, configs([node('a'), silent('b')]))).toMatchObject({
      outcome: 'abort',
      because: expect.stringMatching(/could not be told: b \(.*503 tls: internal error\)/),
    });
  });

  test('a sample of a large cluster is said to be one', () => {
    expect(row(id, configs([node('a'), node('b')], 500))).toMatchObject({
      outcome: 'pass',
      because: expect.stringContaining('a sample of 500'),
    });
  });

  test('no node', () => {
    expect(row(id, configs([]))).toMatchObject({ outcome: 'abort', because: expect.stringContaining('nothing to judge') });
  });

  test('without the right', () => {
    expect(row(id, forbidden('/configz'))).toMatchObject({
      outcome: 'abort',
      because: expect.stringContaining('grant list nodes, get nodes/proxy'),
    });
  });
});

test.each([
  ['kubelet-anonymous-auth', { anonymous: null }],
  ['kubelet-webhook-authorization', { authorizationMode: null }],
] as const)('%s: an answer that does not show it proves nothing', (id, changes) => {
  expect(row(id, configs([node('a', changes)]))).toMatchObject({ outcome: 'abort', because: expect.stringContaining('does not show it') });
});

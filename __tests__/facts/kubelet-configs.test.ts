import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { kubeletConfigs, kubeletSample, mostKubelets } from '../../src/facts/kubelet-configs.js';
import type { Node } from '../../src/facts/nodes.js';
import { NotAvailable } from '../../src/model/errors.js';
import { factPorts, ok, refused, type Answer } from '../helpers/fact-ports.js';
import { configz } from '../helpers/kubelet-configz.js';

const path = (node: string): string => `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
const cluster = (names: readonly string[], answers: Readonly<Record<string, Answer>>) =>
  factPorts({ '/api/v1/nodes': ok({ metadata: {}, items: names.map((name) => ({ metadata: { name } })) }), ...answers });
const forbidden = (node: string): Answer =>
  refused(403, `nodes "${node}" is forbidden: User "ci" cannot get resource "nodes/proxy" in API group "" at the cluster scope`);
const configOf = async (body: unknown) => (await kubeletConfigs.collect(cluster(['n'], { [path('n')]: ok(body) }))).nodes[0];

const node = (name: string, controlPlane = false): Node => ({
  name,
  labels: controlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {},
  ready: true,
  kubeletVersion: 'v1.36.3',
  externalIPs: [],
  internalIPs: [],
});
const numbered = (prefix: string, n: number, controlPlane = false): Node[] =>
  Array.from({ length: n }, (_, i) => node(`${prefix}-${String(i).padStart(5, '0')}`, controlPlane));

describe('the configuration of kubelets', () => {
  test('a kubelet as kubeadm sets it up', async () => {
    expect(await configOf(configz())).toEqual({
      node: 'n',
      config: {
        rotateCertificates: true,
        serverTLSBootstrap: false,
        readOnlyPort: 0,
        anonymous: false,
        authorizationMode: 'Webhook',
        tlsCertFile: true,
      },
    });
  });

  test('false and 0 are absent keys', async () => {
    const answer = await configOf(configz({ rotateCertificates: undefined, tlsCertFile: undefined, serverTLSBootstrap: true }));
    expect(answer?.config).toMatchObject({ rotateCertificates: false, readOnlyPort: 0, tlsCertFile: false, serverTLSBootstrap: true });
  });

  test('an open kubelet', async () => {
    const open = { readOnlyPort: 10255, authentication: { anonymous: { enabled: true } }, authorization: { mode: 'AlwaysAllow' } };
    expect((await configOf(configz(open)))?.config).toMatchObject({
      readOnlyPort: 10255,
      anonymous: true,
      authorizationMode: 'AlwaysAllow',
    });
  });

  test.each([{ authentication: {} }, { authentication: { anonymous: {} } }])(
    'anonymous access that is not shown is unknown: %j',
    async (changes) => {
      expect((await configOf(configz(changes)))?.config?.anonymous).toBeNull();
    },
  );

  test('an authorization mode that is not shown is unknown', async () => {
    expect((await configOf(configz({ authorization: {} })))?.config?.authorizationMode).toBeNull();
  });

  test.each([
    [{}],
    [{ kubeletconfig: {} }],
    [configz({ readOnlyPort: '0' })],
    [configz({ authentication: undefined })],
    // Filtered down to what looks harmless: the absent keys are no zeros.
    [{ kubeletconfig: { authentication: {}, authorization: {} } }],
    [configz({ port: undefined })],
    ['<html>'],
  ])('an answer of another shape is no configuration (%#)', async (body) => {
    const answer = await configOf(body);
    expect(answer?.config).toBeUndefined();
    expect(answer?.unavailable?.unavailable).toBe('malformed');
  });
});

describe('nodes that do not answer', () => {
  test('one of two kubelets whose serving certificate is pending', async () => {
    const pending = refused(503, 'error trying to reach service: remote error: tls: internal error');
    const value = await kubeletConfigs.collect(cluster(['a', 'b'], { [path('a')]: ok(configz()), [path('b')]: pending }));
    expect(value).toMatchObject({ total: 2, asked: ['a', 'b'], sampled: false });
    expect(value.nodes[0]?.config).toBeDefined();
    expect(value.nodes[1]).toMatchObject({
      node: 'b',
      unavailable: { unavailable: 'server-error', detail: expect.stringContaining('tls: internal error') },
    });
  });

  test('a request that times out leaves the other nodes standing', async () => {
    const late = new NotAvailable('timeout', 'GET /configz: no answer within 15 s');
    const value = await kubeletConfigs.collect(cluster(['a', 'b'], { [path('a')]: late, [path('b')]: ok(configz()) }));
    expect(value.nodes.map((n) => n.unavailable?.unavailable)).toEqual(['timeout', undefined]);
  });

  test('no right to nodes/proxy: one reason for the whole', async () => {
    const ports = cluster(['a', 'b'], { [path('a')]: forbidden('a'), [path('b')]: forbidden('b') });
    await expect(kubeletConfigs.collect(ports)).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringContaining('nodes/proxy'),
    });
  });

  test('a right to some nodes only', async () => {
    const value = await kubeletConfigs.collect(cluster(['a', 'b'], { [path('a')]: forbidden('a'), [path('b')]: ok(configz()) }));
    expect(value.nodes.map((n) => n.unavailable?.unavailable)).toEqual(['forbidden', undefined]);
  });

  test('no right to list nodes', async () => {
    await expect(kubeletConfigs.collect(factPorts({ '/api/v1/nodes': refused(403, 'nodes is forbidden') }))).rejects.toMatchObject({
      reason: 'forbidden',
    });
  });

  test('a cluster that shows no node', async () => {
    expect(await kubeletConfigs.collect(cluster([], {}))).toEqual({ total: 0, asked: [], sampled: false, nodes: [] });
  });

  test('a node whose name is a path', async () => {
    const ports = cluster(['../../secrets?x='], {});
    await kubeletConfigs.collect(ports);
    expect(ports.asked[1]?.path).toBe('/api/v1/nodes/..%2F..%2Fsecrets%3Fx%3D/proxy/configz');
  });
});

describe('the sample', () => {
  test('up to the limit all nodes are asked', () => {
    expect(kubeletSample(numbered('w', mostKubelets))).toHaveLength(mostKubelets);
  });

  test('a large cluster: its control plane and nodes of every pool', () => {
    const sample = kubeletSample([...numbered('cp', 3, true), ...numbered('pool-a', 900), ...numbered('pool-b', 97)]);
    expect(sample).toHaveLength(mostKubelets);
    expect(sample.filter((name) => name.startsWith('cp-'))).toHaveLength(3);
    expect(sample.some((name) => name.startsWith('pool-b-'))).toBe(true);
    expect([...sample].sort()).toEqual(sample);
  });

  test('thousands of nodes that pretend to be the control plane crowd out nobody', () => {
    const sample = kubeletSample([...numbered('fake', 4000, true), ...numbered('real', 1000)]);
    expect(sample.filter((name) => name.startsWith('real-')).length).toBeGreaterThanOrEqual(mostKubelets / 2);
  });

  test('whatever the sizes: bounded, without repetition, the same every time', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(60), (workers, others) => {
        const all = [...numbered('w', workers), ...numbered('c', others, true)];
        const sample = kubeletSample(all);
        expect(sample).toEqual(kubeletSample(all));
        expect(new Set(sample).size).toBe(sample.length);
        expect(sample).toHaveLength(Math.min(all.length, mostKubelets));
      }),
      { numRuns: 60 },
    );
  });

  test('a sample is said to be one', async () => {
    const names = numbered('w', 51).map((n) => n.name);
    const value = await kubeletConfigs.collect(cluster(names, Object.fromEntries(names.map((n) => [path(n), ok(configz())]))));
    expect(value).toMatchObject({ total: 51, sampled: true });
    expect(value.nodes.map((n) => n.node)).toEqual(value.asked);
    expect(value.asked).toHaveLength(mostKubelets);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { kubeletConfigs, kubeletSample, maxKubelets } from '../../src/facts/kubelet-configs.js';
import type { Node } from '../../src/facts/nodes.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { ApiRequest, ApiResponse } from '../../src/model/ports.js';
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
        clientCa: true,
        tokenWebhook: true,
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

type Ready = 'True' | 'False' | 'Unknown';
const rawNode = (name: string, ready: Ready = 'True', labels: Readonly<Record<string, string>> = {}) => ({
  metadata: { name, labels },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});

describe('nodes that are not ready, and what is no machine', () => {
  /** A cluster whose kubelets answer, or hang until the deadline of the request. */
  const slow = (nodes: readonly ReturnType<typeof rawNode>[], hangs: (name: string) => boolean) => {
    const asked: { name: string; timeoutMs: number | undefined }[] = [];
    let [open, most] = [0, 0];
    const request = async (req: ApiRequest): Promise<ApiResponse> => {
      const name = /nodes\/([^/?]+)\/proxy/.exec(req.path)?.[1];
      if (name === undefined) return { status: 200, headers: {}, text: JSON.stringify({ metadata: {}, items: nodes }) };
      asked.push({ name, timeoutMs: req.timeoutMs });
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      if (hangs(name))
        throw new NotAvailable(
          'timeout',
          `GET /api/v1/nodes/${name}/proxy/configz: no complete answer within ${req.timeoutMs ?? 15_000} ms`,
        );
      return { status: 200, headers: {}, text: JSON.stringify(configz()) };
    };
    const base = factPorts({});
    const ports: typeof base = { ...base, api: { request }, fact: (fact) => fact.collect(ports) };
    return { ports, asked, most: () => most };
  };
  const some = (n: number, prefix: string, ready: Ready) =>
    Array.from({ length: n }, (_, i) => rawNode(`${prefix}${String(i).padStart(2, '0')}`, ready));

  test('they are asked last, with a deadline of two seconds, and four that do not answer are enough', async () => {
    const { ports, asked } = slow([...some(24, 'a', 'Unknown'), ...some(16, 'b', 'True')], (name) => name.startsWith('a'));
    const value = await kubeletConfigs.collect(ports);
    expect(asked.slice(0, 16).every(({ name, timeoutMs }) => name.startsWith('b') && timeoutMs === undefined)).toBe(true);
    const late = asked.slice(16);
    expect(late).toHaveLength(4);
    expect(late.every(({ name, timeoutMs }) => name.startsWith('a') && timeoutMs === 2_000)).toBe(true);
    expect(value.nodes).toHaveLength(40);
    const silent = value.nodes.filter((n) => n.unavailable !== undefined);
    expect(silent).toHaveLength(24);
    expect(silent.every((n) => n.unavailable?.unavailable === 'timeout' && n.unavailable.detail.startsWith('NotReady: '))).toBe(true);
    expect(silent.at(-1)?.unavailable?.detail).toBe('NotReady: not asked, as 4 other kubelets did not answer');
  });

  test('the kubelet of a node without a pod network is alive, and answers', async () => {
    const { ports } = slow(some(10, 'a', 'False'), () => false);
    expect((await kubeletConfigs.collect(ports)).nodes.every((n) => n.config !== undefined)).toBe(true);
  });

  test('a few that are gone keep nobody from answering', async () => {
    const { ports, asked } = slow(some(30, 'a', 'Unknown'), (name) => ['a00', 'a01', 'a20'].includes(name));
    const value = await kubeletConfigs.collect(ports);
    expect(asked).toHaveLength(30);
    expect(value.nodes.filter((n) => n.config === undefined).map((n) => n.node)).toEqual(['a00', 'a01', 'a20']);
  });

  test('nodes that are called ready and do not answer: the rest is not waited for', async () => {
    const { ports, asked, most } = slow(some(40, 'a', 'True'), () => true);
    const value = await kubeletConfigs.collect(ports);
    expect(asked).toHaveLength(8);
    expect(most()).toBeLessThanOrEqual(8);
    expect(value.nodes.filter((n) => n.unavailable?.detail === 'not asked, as 8 other kubelets did not answer')).toHaveLength(32);
  });

  test('a refusal of a node that is not ready is a missing right all the same', async () => {
    const ports = factPorts({
      '/api/v1/nodes': ok({ metadata: {}, items: some(3, 'a', 'Unknown') }),
      ...Object.fromEntries(['a00', 'a01', 'a02'].map((n) => [path(n), forbidden(n)])),
    });
    await expect(kubeletConfigs.collect(ports)).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('without the right, nodes that are not ready are not asked at all', async () => {
    const ports = factPorts({
      '/api/v1/nodes': ok({ metadata: {}, items: [rawNode('a'), ...some(3, 'b', 'Unknown')] }),
      [path('a')]: forbidden('a'),
    });
    await expect(kubeletConfigs.collect(ports)).rejects.toMatchObject({ reason: 'forbidden' });
    expect(ports.asked.map((r) => r.path)).not.toContain(path('b00'));
  });

  test.each<[string, object, RegExp]>([
    ['a virtual kubelet by its label', rawNode('v', 'True', { type: 'virtual-kubelet' }), /a virtual kubelet/],
    [
      'a virtual kubelet by its taint',
      { ...rawNode('v'), spec: { taints: [{ key: 'virtual-kubelet.io/provider', value: 'azure', effect: 'NoSchedule' }] } },
      /a virtual kubelet/,
    ],
    ['Liqo', rawNode('v', 'True', { 'liqo.io/type': 'virtual-node' }), /a virtual kubelet/],
    ['vCluster by its label', rawNode('v', 'True', { 'vcluster.loft.sh/fake-node': 'true' }), /a pseudo node of vCluster/],
    [
      'vCluster by its annotation',
      { metadata: { name: 'v', annotations: { 'vcluster.loft.sh/fake-node': 'true' } } },
      /a pseudo node of vCluster/,
    ],
    ['KWOK', { metadata: { name: 'v', annotations: { 'kwok.x-k8s.io/node': 'fake' } } }, /a fake node of KWOK/],
  ])('%s has no configuration, and is not asked', async (_, fake, detail) => {
    const ports = factPorts({
      '/api/v1/nodes': ok({ metadata: {}, items: [rawNode('a'), fake] }),
      [path('a')]: ok(configz()),
      [path('v')]: forbidden('v'),
    });
    const value = await kubeletConfigs.collect(ports);
    expect(value.nodes.map((n) => n.node)).toEqual(['a', 'v']);
    expect(value.nodes[1]).toEqual({ node: 'v', unavailable: { unavailable: 'not-found', detail: expect.stringMatching(detail) } });
    expect(ports.asked.map((r) => r.path)).not.toContain(path('v'));
  });

  test('a vCluster of pseudo nodes alone: that is the reason, and no missing right', async () => {
    const ports = factPorts({
      '/api/v1/nodes': ok({ metadata: {}, items: [rawNode('v', 'True', { 'vcluster.loft.sh/fake-node': 'true' })] }),
    });
    expect((await kubeletConfigs.collect(ports)).nodes).toHaveLength(1);
  });
});

describe('how a kubelet authenticates its clients', () => {
  const by = async (authentication: object) => {
    const config = (await configOf(configz({ authentication })))?.config;
    return [config?.clientCa, config?.tokenWebhook];
  };
  test.each<[object, readonly (boolean | null)[]]>([
    [{ x509: { clientCAFile: '/ca.crt' }, webhook: { enabled: true } }, [true, true]],
    [{ x509: {}, webhook: { enabled: false } }, [false, false]],
    [{ x509: { clientCAFile: '' }, webhook: {} }, [false, null]],
    [{}, [null, null]],
  ])('%j', async (authentication, expected) => {
    expect(await by(authentication)).toEqual(expected);
  });
});

describe('the sample', () => {
  test('up to the limit all nodes are asked', () => {
    expect(kubeletSample(numbered('w', maxKubelets))).toHaveLength(maxKubelets);
  });

  test('a large cluster: its control plane and nodes of every pool', () => {
    const sample = kubeletSample([...numbered('cp', 3, true), ...numbered('pool-a', 900), ...numbered('pool-b', 97)]);
    expect(sample).toHaveLength(maxKubelets);
    expect(sample.filter((name) => name.startsWith('cp-'))).toHaveLength(3);
    expect(sample.some((name) => name.startsWith('pool-b-'))).toBe(true);
    expect([...sample].sort()).toEqual(sample);
  });

  test('thousands of nodes that pretend to be the control plane crowd out nobody', () => {
    const sample = kubeletSample([...numbered('fake', 4000, true), ...numbered('real', 1000)]);
    expect(sample.filter((name) => name.startsWith('real-')).length).toBeGreaterThanOrEqual(maxKubelets / 2);
  });

  test('whatever the sizes: bounded, without repetition, the same every time', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(60), (workers, others) => {
        const all = [...numbered('w', workers), ...numbered('c', others, true)];
        const sample = kubeletSample(all);
        expect(sample).toEqual(kubeletSample(all));
        expect(new Set(sample).size).toBe(sample.length);
        expect(sample).toHaveLength(Math.min(all.length, maxKubelets));
      }),
      { numRuns: 60 },
    );
  });

  test('a sample is said to be one', async () => {
    const names = numbered('w', 51).map((n) => n.name);
    const value = await kubeletConfigs.collect(cluster(names, Object.fromEntries(names.map((n) => [path(n), ok(configz())]))));
    expect(value).toMatchObject({ total: 51, sampled: true });
    expect(value.nodes.map((n) => n.node)).toEqual(value.asked);
    expect(value.asked).toHaveLength(maxKubelets);
  });
});

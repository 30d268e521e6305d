import { describe, expect, test } from '@jest/globals';
import { NotAvailable } from '../../../src/model/errors.js';
import { notReady, waitUntilReady } from '../../../src/sources/kind/ready.js';
import { factPorts, ok, refused, type Answer } from '../../helpers/fact-ports.js';
import {
  controlPlane,
  daemonSet,
  deployment,
  list,
  node,
  notReadyNode,
  paths,
  pod,
  readyCluster,
  systemPods,
  waitingPod,
} from './ready-cluster.js';

const lacking = (changed: Readonly<Record<string, Answer>> = {}): Promise<readonly string[]> =>
  notReady(factPorts(readyCluster(changed)).api, 3);

describe('what a new cluster lacks', () => {
  test('everything is ready', async () => {
    expect(await lacking()).toEqual([]);
  });
  test.each<[string, Readonly<Record<string, Answer>>, string]>([
    ['no node has joined', { [paths.nodes]: list([]) }, '0 of 3 nodes joined'],
    ['one node has not joined', { [paths.nodes]: list([controlPlane('c1'), node('w1')]) }, '2 of 3 nodes joined'],
    [
      'a node more than configured',
      { [paths.nodes]: list([controlPlane('c1'), node('w1'), node('w2'), node('x')]) },
      '4 of 3 nodes joined',
    ],
    [
      'a node without pod network',
      { [paths.nodes]: list([controlPlane('c1'), node('w1'), notReadyNode('w2', 'KubeletNotReady', 'cni plugin not initialized')]) },
      'node w2 (KubeletNotReady: cni plugin not initialized)',
    ],
    [
      'a node without conditions',
      { [paths.nodes]: list([controlPlane('c1'), node('w1'), { metadata: { name: 'w2' } }]) },
      'node w2 (no state yet)',
    ],
    [
      'a pod whose image is not there',
      { [paths.pods]: list([...systemPods, waitingPod('x', 'ImagePullBackOff', 'not found')]) },
      'pod kube-system/x (ImagePullBackOff: not found)',
    ],
    [
      'a pod without status',
      { [paths.pods]: list([...systemPods, { metadata: { name: 'x' }, spec: {} }]) },
      'pod kube-system/x (no state yet)',
    ],
    [
      'a pod with a hostile message',
      { [paths.pods]: list([...systemPods, waitingPod('x', 'Bad', '\n::error::gotcha ##[warning]')]) },
      'pod kube-system/x (Bad: ::error::gotcha # #[warning])',
    ],
    [
      'a storage pod that is not ready',
      { [paths.storagePods]: list([waitingPod('local', 'ContainerCreating', '')]) },
      'pod local-path-storage/local (ContainerCreating)',
    ],
    ['no pod is listed', { [paths.pods]: list([]) }, 'the kube-apiserver pod of node c1 (not listed yet)'],
    [
      'the API server is not listed yet',
      { [paths.pods]: list(systemPods.filter((_, i) => i !== 1)) },
      'the kube-apiserver pod of node c1 (not listed yet)',
    ],
    ['no CoreDNS', { [paths.deployments]: list([]) }, 'deployment kube-system/coredns (not created yet)'],
    [
      'CoreDNS not available',
      { [paths.deployments]: list([deployment('coredns', 'False')]) },
      'deployment kube-system/coredns (MinimumReplicasUnavailable)',
    ],
    [
      'a deployment that no controller has seen',
      { [paths.deployments]: list([deployment('coredns', 'True', 0)]) },
      'deployment kube-system/coredns (MinimumReplicasUnavailable)',
    ],
    [
      'a daemon set on two of three nodes',
      { [paths.daemonSets]: list([daemonSet('kindnet', 3, 2)]) },
      'daemon set kube-system/kindnet (2 of 3 pods ready)',
    ],
    [
      'a daemon set without status',
      { [paths.daemonSets]: list([{ metadata: { name: 'kindnet' } }]) },
      'daemon set kube-system/kindnet (0 of 0 pods ready)',
    ],
    ['no default service account', { [paths.account]: refused(404, 'not found') }, 'service account default/default (not created yet)'],
  ])('%s', async (_, changed, phrase) => {
    expect(await lacking(changed)).toContain(phrase);
  });
  test('finished and leaving pods are no obstacle', async () => {
    const done = { metadata: { name: 'job' }, spec: {}, status: { phase: 'Succeeded' } };
    const leaving = { metadata: { name: 'old', deletionTimestamp: '2026-01-01T00:00:00Z' }, spec: {}, status: { phase: 'Running' } };
    expect(await lacking({ [paths.pods]: list([...systemPods, done, leaving]) })).toEqual([]);
  });
  test('a list that cannot be read is not taken for an empty one', async () => {
    await expect(lacking({ [paths.storagePods]: refused(403, 'forbidden') })).rejects.toThrow(NotAvailable);
  });
});

describe('waiting for a cluster', () => {
  const never = new AbortController().signal;
  test('an API that comes late', async () => {
    let asked = 0;
    const { api } = factPorts(readyCluster());
    const late = {
      request: (r: Parameters<typeof api.request>[0]) =>
        ++asked <= 7 ? Promise.reject(new NotAvailable('unreachable', 'connection refused')) : api.request(r),
    };
    const lines: string[] = [];
    await waitUntilReady(late, 3, never, (line) => lines.push(line), { pollMs: 1 });
    expect(lines).toEqual(['Waiting for the API (connection refused)']);
  });
  test('the deadline passes: what was not ready is named', async () => {
    const { api } = factPorts(
      readyCluster({ [paths.pods]: list([...systemPods, waitingPod('coredns-2', 'ErrImagePull', 'no such host')]) }),
    );
    const wait = waitUntilReady(api, 3, AbortSignal.timeout(60), () => undefined, { pollMs: 5 });
    await expect(wait).rejects.toThrow('not ready: pod kube-system/coredns-2 (ErrImagePull: no such host)');
  });
  test('an API that takes the request and never answers', async () => {
    const wait = waitUntilReady({ request: () => new Promise(() => undefined) }, 3, AbortSignal.timeout(50), () => undefined, {
      pollMs: 5,
    });
    await expect(wait).rejects.toThrow('not ready: the API (no answer yet)');
  });
  describe('a network plugin that nobody installs', () => {
    const without = {
      [paths.nodes]: list([
        notReadyNode(
          'c1',
          'KubeletNotReady',
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
        ),
      ]),
    };
    test('the waiting ends long before its end', async () => {
      const { api } = factPorts(readyCluster(without));
      const wait = waitUntilReady(api, 1, never, () => undefined, { pollMs: 5, networkMs: 60 });
      await expect(wait).rejects.toThrow(/^no network plugin: node c1 \(KubeletNotReady: /);
      await expect(wait).rejects.toMatchObject({ early: true, ofApi: '' });
    });
    test('one that comes up in time is waited for', async () => {
      let asked = 0;
      const [late, ready] = [factPorts(readyCluster(without)).api, factPorts(readyCluster()).api];
      const api = { request: (r: Parameters<typeof late.request>[0]) => (++asked < 20 ? late : ready).request(r) };
      await waitUntilReady(api, 3, never, () => undefined, { pollMs: 5, networkMs: 5_000 });
      expect(asked).toBeGreaterThan(20);
    });
    test('where kind installs one it is waited for to the end', async () => {
      const { api } = factPorts(readyCluster(without));
      const wait = waitUntilReady(api, 1, AbortSignal.timeout(80), () => undefined, { pollMs: 5 });
      await expect(wait).rejects.toThrow(/^not ready: /);
    });
  });
  test('the same state is told once', async () => {
    const lines: string[] = [];
    const { api } = factPorts(
      readyCluster({
        [paths.nodes]: ok({ metadata: {}, items: [controlPlane('c1')] }),
        [paths.pods]: list([...systemPods, pod('p', 'c1')]),
      }),
    );
    await expect(waitUntilReady(api, 3, AbortSignal.timeout(80), (line) => lines.push(line), { pollMs: 5 })).rejects.toThrow(
      '1 of 3 nodes joined',
    );
    expect(lines).toEqual(['Waiting for 1 of 3 nodes joined']);
  });
});

import { describe, expect, test } from '@jest/globals';
import { eligibleNodes, sampleNodes } from '../../../src/probes/sandbox/nodes.js';
import { factPorts, ok } from '../../helpers/fact-ports.js';

const digest = `sha256:${'a'.repeat(64)}`;

interface More {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly ready?: boolean;
  readonly info?: object;
  readonly images?: readonly string[];
}
const node = (name: string, { labels = {}, spec = {}, ready = true, info = {}, images = [] }: More = {}): object => ({
  metadata: { name, labels },
  spec,
  status: {
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }],
    nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', ...info },
    images: [{ names: images }],
  },
});
const controlPlane = { 'node-role.kubernetes.io/control-plane': '' };

const choose = (nodes: readonly object[], image?: string) =>
  eligibleNodes(factPorts({ '/api/v1/nodes': ok({ metadata: {}, items: nodes }) }).api, image);

describe('which nodes take our pods', () => {
  test.each<[string, object, string]>([
    ['one that is cordoned', node('x', { spec: { unschedulable: true } }), 'cordoned'],
    ['one that is not ready', node('x', { ready: false }), 'not ready'],
    ['one with a taint', node('x', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }), 'tainted: gpu:NoSchedule'],
    ['one of Windows', node('x', { info: { operatingSystem: 'windows' } }), 'its system is windows'],
    ['one of another architecture', node('x', { info: { architecture: 'riscv64' } }), 'its architecture is riscv64'],
    ['a control plane without a taint', node('x', { labels: controlPlane }), 'a control plane, which is left alone'],
  ])('%s is left out, and said so', async (_, odd, why) => {
    const { eligible, leftOut } = await choose([odd, node('worker')]);
    expect(eligible.map(({ name }) => name)).toEqual(['worker']);
    expect(leftOut).toEqual([{ node: 'x', why }]);
  });
  test('a taint that only prefers other nodes is none', async () => {
    expect((await choose([node('x', { spec: { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] } })])).eligible).toHaveLength(1);
  });
  test.each(['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/controlplane', 'node-role.kubernetes.io/master'])(
    '%s: left alone beside a worker, and not where it is a worker, too',
    async (role) => {
      expect((await choose([node('x', { labels: { [role]: '' } }), node('w')])).eligible.map(({ name }) => name)).toEqual(['w']);
      const both = { [role]: '', 'node-role.kubernetes.io/worker': '' };
      expect((await choose([node('x', { labels: both }), node('w')])).eligible.map(({ name }) => name)).toEqual(['w', 'x']);
    },
  );
  test('all nodes of MicroK8s run workloads', async () => {
    const labels = { 'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane' };
    expect((await choose([node('x', { labels }), node('w')])).eligible).toHaveLength(2);
  });
  test('lists of a node that are null', async () => {
    const bare = { metadata: { name: 'x', labels: null }, spec: { taints: null }, status: { conditions: null, images: null } };
    expect((await choose([bare, node('w')])).eligible.map(({ name }) => name)).toEqual(['w']);
  });
  test('a control plane is taken where there is no other node', async () => {
    expect((await choose([node('x', { labels: controlPlane })])).eligible).toHaveLength(1);
  });
  test.each([
    ['by its digest', `r.example/agnhost:2.53@${digest}`, [`r.example/agnhost@${digest}`], true],
    ['by its tag', 'r.example:5000/agnhost:2.53', ['r.example:5000/agnhost:2.53'], true],
    ['of another digest', `r.example/agnhost:2.53@${digest}`, ['r.example/agnhost:2.53'], false],
  ])('a node that has the image %s', async (_, image, images, has) => {
    expect((await choose([node('x', { images })], image)).eligible.map(({ hasImage }) => hasImage)).toEqual([has]);
  });
});

test('a sample holds every zone before it holds a second node of one', () => {
  const nodes = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => ({ name, zone: name[0]!, hasImage: true }));
  expect(sampleNodes(nodes, 3).map(({ name }) => name)).toEqual(['a1', 'b1', 'c1']);
  expect(sampleNodes(nodes, 4).map(({ name }) => name)).toEqual(['a1', 'a2', 'b1', 'c1']);
  expect(sampleNodes(nodes, 10)).toHaveLength(5);
});

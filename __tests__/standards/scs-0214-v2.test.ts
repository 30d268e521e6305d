import { describe, expect, test } from '@jest/globals';
import type { Node } from '../../src/facts/nodes.js';
import { scs0214v2 } from '../../src/standards/scs-0214-v2.js';
import { settleOne } from '../helpers/settle.js';
import {
  at,
  cluster,
  forbidden,
  good,
  hiddenPlane,
  kubeadmTaints,
  node,
  none,
  on,
  plain,
  pretending,
  replicated,
  topologyFacts,
  type Seen,
} from '../helpers/topology.js';

const v2 = (id: string, seen: Seen) => settleOne(scs0214v2.requirements, id, topologyFacts(seen));

describe('zone-label and region-label', () => {
  test.each<readonly [string, Seen, string]>([
    ['every node with both', good, 'pass'],
    ['no node with any', plain, 'fail'],
    ['one worker without', { ...good, nodes: [...good.nodes, node('w3', {})] }, 'fail'],
    ['one worker with an empty value', { ...good, nodes: [...good.nodes, node('w3', { zone: '', region: ' ' })] }, 'fail'],
    ['workers only, for the control plane is hidden', hiddenPlane, 'pass'],
    ['no node at all', none, 'abort'],
    ['nodes that may not be listed', { ...good, nodes: forbidden }, 'abort'],
  ])('%s', (_, seen, outcome) => {
    expect(v2('zone-label', seen).outcome).toBe(outcome);
    expect(v2('region-label', seen).outcome).toBe(outcome);
  });

  test('one node without a zone label is named', () => {
    const result = v2('zone-label', { ...good, nodes: [...good.nodes, node('w3', { region: 'r1' })] });
    expect(result.message).toBe('1 of 4 nodes lacks topology.kubernetes.io/zone: w3.');
  });

  test('the pods of the control plane need not be seen', () => {
    expect(v2('zone-label', { ...good, pods: forbidden }).outcome).toBe('pass');
  });
});

describe('control-plane-hosts', () => {
  const rows: readonly (readonly [string, Seen, string, string])[] = [
    ['one control-plane node only', good, 'fail', 'only one control-plane node, c1'],
    ['three on three hosts by label', replicated, 'pass', '3 control-plane nodes are on 3 hosts'],
    [
      'three on three hosts by the label of OpenStack',
      cluster([{ openstack: 'a' }, { openstack: 'b' }, { openstack: 'c' }], []),
      'pass',
      'openstack',
    ],
    ['three on one host', cluster([{ host: 'a' }, { host: 'a' }, { host: 'a' }], []), 'fail', 'on one host'],
    ['three, and two labels suffice to differ', cluster([{ host: 'a' }, { host: 'b' }, {}], []), 'pass', '2 hosts'],
    [
      'three, and two labels are equal: the third may be elsewhere',
      cluster([{ host: 'a' }, { host: 'a' }, {}], []),
      'abort',
      'No API shows',
    ],
    [
      'three, one label differs and the other is the same',
      cluster(
        [1, 2, 3].map((i) => ({ host: `h${i}`, openstack: 'x' })),
        [],
      ),
      'abort',
      'topology.scs.community/host-id names different hosts where topology.openstack.org/host-id names the same one.',
    ],
    [
      'three, the same the other way round',
      cluster(
        [1, 2, 3].map((i) => ({ host: 'x', openstack: `h${i}` })),
        [],
      ),
      'abort',
      'topology.openstack.org/host-id names different hosts where topology.scs.community/host-id names the same one.',
    ],
    [
      'three, the labels of two of them contradict each other, the third has none',
      cluster([{ host: 'h1', openstack: 'x' }, { host: 'h2', openstack: 'x' }, {}], []),
      'abort',
      'contradict each other',
    ],
    [
      'three, the labels of two of them contradict each other, the third is elsewhere by both',
      cluster(
        [
          { host: 'h1', openstack: 'x' },
          { host: 'h2', openstack: 'x' },
          { host: 'h3', openstack: 'y' },
        ],
        [],
      ),
      'pass',
      'by topology.scs.community/host-id',
    ],
    ['three on one host by both labels', cluster(Array(3).fill({ host: 'a', openstack: 'b' }), []), 'fail', 'on one host'],
    ['three without any label of their hosts', cluster([at('z1'), at('z2'), at('z3')], []), 'abort', 'declare them'],
    ['labels that say nothing', cluster([{ host: '' }, { host: ' ' }], []), 'abort', 'No API shows'],
    ['a worker that pretends by its role label', pretending, 'abort', 'no API server pod can be seen on w1'],
    [
      'two on one host, and a worker that pretends',
      {
        ...cluster([{ host: 'a' }, { host: 'a' }], []),
        nodes: [...cluster([{ host: 'a' }, { host: 'a' }], []).nodes, node('w1', { role: '', host: 'b' })],
      },
      'abort',
      'w1',
    ],
    [
      'three, the second is down: its node stays one of the control plane',
      { ...replicated, pods: [on('c1'), on('c2', false)] },
      'pass',
      '2 hosts',
    ],
    ['three, all down', { ...replicated, pods: ['c1', 'c2', 'c3'].map((name) => on(name, false)) }, 'pass', '3 hosts'],
    [
      'two without labels of their hosts, one of them down',
      { nodes: [node('c1', { role: '' }), node('c2', { role: '' })], pods: [on('c1'), on('c2', false)] },
      'abort',
      'c1, c2',
    ],
    [
      'one that is seen, and a pod on a node that is not',
      { ...good, pods: [on('c1'), on('c2')] },
      'abort',
      'the node of kube-apiserver-c2 cannot be seen',
    ],
    ['one that is seen, and a pod that waits for its node', { ...good, pods: [on('c1'), on('')] }, 'abort', 'cannot be seen'],
    ['pods on nodes that are not listed', { ...good, pods: [on('x')] }, 'abort', 'on a node that can be seen: kube-apiserver-x'],
    ['a hidden control plane', hiddenPlane, 'abort', 'hosted elsewhere, or runs as a process of a node'],
    [
      'a role label without any API server pod',
      { nodes: [node('a', { role: '', host: 'a' }), node('b', { role: '', host: 'b' })], pods: [] },
      'abort',
      'or runs as a process of the nodes a, b',
    ],
    ['no node at all', none, 'abort', 'or runs as a process of a node'],
    ['pods that may not be listed', { ...replicated, pods: forbidden }, 'abort', '403'],
    ['nodes that may not be listed', { ...replicated, nodes: forbidden }, 'abort', '403'],
  ];
  test.each(rows)('%s', (_, seen, outcome, message) => {
    expect(v2('control-plane-hosts', seen)).toMatchObject({ outcome, message: expect.stringContaining(message) });
  });
});

test.each<readonly [string, Seen, string]>([
  ['three nodes in three zones', replicated, 'pass'],
  ['three nodes in one zone', cluster([at('z'), at('z'), at('z')], []), 'fail'],
  [
    'three nodes in one zone, and a worker that pretends',
    { ...cluster([at('z'), at('z')], []), nodes: [...cluster([at('z'), at('z')], []).nodes, node('w1', { role: '', ...at('y') })] },
    'abort',
  ],
  ['zones of the same name in two regions', cluster([at('nova', 'r1'), at('nova', 'r2')], []), 'pass'],
  ['one node', good, 'fail'],
  ['one node, and a worker that pretends', pretending, 'abort'],
  ['two nodes without labels', cluster([{}, {}], []), 'abort'],
  ['two nodes, one without a label', cluster([at('z'), {}], []), 'abort'],
  ['a hidden control plane', hiddenPlane, 'abort'],
])('control-plane-zones: %s', (_, seen, outcome) => {
  expect(v2('control-plane-zones', seen).outcome).toBe(outcome);
});

const oneZone = cluster([at('z1')], [at('z2'), at('z2')]);
const threeWith = (more: Partial<Node>) => replicated.nodes.slice(0, 3).map((one) => ({ ...one, ...more }));
test.each<readonly [string, Seen, string]>([
  ['two workers in two zones', good, 'pass'],
  ['two workers in one zone', cluster([at('z1')], [at('z2'), at('z2')]), 'fail'],
  ['one worker', replicated, 'fail'],
  ['two workers, one without a label', cluster([at('z1')], [at('z2'), {}]), 'abort'],
  ['three workers, two zones are known', cluster([at('z1')], [at('z2'), at('z3'), {}]), 'pass'],
  ['a node that pretends by its role label, without a taint: pods are put there', pretending, 'pass'],
  [
    'the same node, not ready: it may have lost its API server pod in an outage',
    { ...pretending, nodes: pretending.nodes.map((one) => (one.name === 'w1' ? { ...one, ready: false } : one)) },
    'abort',
  ],
  [
    'nodes for etcd alone add no zone',
    {
      ...oneZone,
      nodes: [
        ...oneZone.nodes,
        { ...node('e1', at('z9')), labels: { ...node('e1', at('z9')).labels, 'node-role.kubernetes.io/etcd': '' } },
      ],
    },
    'abort',
  ],
  [
    'nodes for etcd beside workers in two zones',
    { ...good, nodes: [...good.nodes, { ...node('e1', at('z9')), labels: { 'node-role.kubernetes.io/etcd': '' } }] },
    'pass',
  ],
  [
    'a node of etcd that is a worker, too',
    {
      ...oneZone,
      nodes: [
        ...oneZone.nodes,
        {
          ...node('e1', at('z9')),
          labels: { ...node('e1', at('z9')).labels, 'node-role.kubernetes.io/etcd': '', 'node-role.kubernetes.io/worker': '' },
        },
      ],
    },
    'pass',
  ],
  [
    'a control-plane node whose API server is down is no worker',
    {
      ...oneZone,
      nodes: [...oneZone.nodes, node('c9', { role: '', ...at('z9') }, { taints: kubeadmTaints })],
      pods: [...oneZone.pods, on('c9', false)],
    },
    'fail',
  ],
  ['one node for everything', plain, 'fail'],
  ['tainted control planes alone: there is no worker', { nodes: replicated.nodes.slice(0, 3), pods: replicated.pods }, 'abort'],
  ['untainted control planes alone, in three zones', { nodes: threeWith({ taints: [] }), pods: replicated.pods }, 'pass'],
  ['control planes alone, whose taints were not recorded', { nodes: threeWith({ taints: undefined }), pods: replicated.pods }, 'abort'],
  ['workers of a hidden control plane', hiddenPlane, 'pass'],
  [
    'role labels without API server pods: those are no workers',
    { nodes: [node('s', { role: '', ...at('z1') }, { taints: kubeadmTaints }), node('w', at('z2'))], pods: [] },
    'fail',
  ],
  ['no node at all', none, 'abort'],
])('worker-zones: %s', (_, seen, outcome) => {
  expect(v2('worker-zones', seen).outcome).toBe(outcome);
});

test('it belongs to the certificate scope, and all of it to the official testcase', () => {
  expect([scs0214v2.status, scs0214v2.category]).toEqual(['stable', 'certificate']);
  expect(scs0214v2.requirements.every((r) => r.testcase === 'node-distribution-check')).toBe(true);
});

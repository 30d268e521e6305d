import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ControlPlanePod } from '../../src/facts/control-plane-pods.js';
import type { Node } from '../../src/facts/nodes.js';
import { controlPlaneRoles, takesWorkloads, workerRoles } from '../../src/facts/support/node-roles.js';
import { scs0214v1 } from '../../src/standards/scs-0214-v1.js';
import { scs0214v2 } from '../../src/standards/scs-0214-v2.js';
import { settle } from '../helpers/settle.js';
import { at, kubeadmTaints, node, on, topologyFacts, type Seen } from '../helpers/topology.js';

const [controlPlane, controlplane, master, microk8s] = controlPlaneRoles;
const [worker, kopsNode] = workerRoles;
const etcd = 'node-role.kubernetes.io/etcd';
/** A node in a zone, with its roles and the keys of its taints; undefined where these were not recorded. */
const place = (name: string, zone: string, roles: readonly string[], taints: readonly string[] | undefined = []): Node =>
  node(name, at(zone), { labels: Object.fromEntries(roles.map((role) => [role, ''])), taints });
const v2 = (id: string, seen: Seen) => settle(scs0214v2.requirements, topologyFacts(seen))[id];
const hidden = (...nodes: readonly Node[]): Seen => ({ nodes, pods: [] });
const visible = (pods: readonly string[], ...nodes: readonly Node[]): Seen => ({ nodes, pods: pods.map((name) => on(name)) });

describe('who takes workloads, by the roles of makers', () => {
  const ocp = [controlPlane, master, worker];
  test.each<readonly [string, Seen, string]>([
    [
      'OpenShift, schedulable masters in three zones and one worker',
      hidden(place('m0', 'a', ocp), place('m1', 'b', ocp), place('m2', 'c', ocp), place('w0', 'a', [worker])),
      'pass',
    ],
    [
      'OpenShift, masters that are not schedulable, workers in one zone',
      hidden(
        place('m0', 'a', [controlPlane, master], [master]),
        place('m1', 'b', [controlPlane, master], [master]),
        place('w0', 'c', [worker]),
        place('w1', 'c', [worker]),
      ),
      'fail',
    ],
    ['a compact cluster in one zone', hidden(place('m0', 'a', ocp), place('m1', 'a', ocp), place('m2', 'a', ocp)), 'fail'],
    [
      'RKE1, nodes for everything',
      hidden(place('n0', 'a', [controlplane, etcd, worker]), place('n1', 'b', [controlplane, etcd, worker])),
      'pass',
    ],
    [
      'RKE1, separate roles, workers in one zone',
      hidden(
        place('c0', 'a', [controlplane], [controlplane]),
        place('e0', 'b', [etcd], [etcd]),
        place('w0', 'c', [worker]),
        place('w1', 'c', [worker]),
      ),
      'fail',
    ],
    ['RKE2, a node of etcd that is not tainted', hidden(place('e0', 'b', [etcd]), place('w0', 'c', []), place('w1', 'c', [])), 'abort'],
    [
      'Harvester, untainted control planes in one zone and a tainted witness in another',
      visible(
        ['h0', 'h1'],
        place('h0', 'a', [controlPlane, etcd]),
        place('h1', 'a', [controlPlane, etcd]),
        place('w', 'b', [etcd], [etcd]),
      ),
      'fail',
    ],
    [
      'RKE1, separate roles without an etcd node, workers in one zone',
      hidden(place('c0', 'a', [controlplane], [controlplane]), place('w0', 'c', [worker]), place('w1', 'c', [worker])),
      'fail',
    ],
    [
      'kOps',
      visible(
        ['c0', 'c1'],
        place('c0', 'a', [controlPlane], kubeadmTaints),
        place('c1', 'b', [controlPlane], kubeadmTaints),
        place('w0', 'a', [kopsNode]),
        place('w1', 'b', [kopsNode]),
      ),
      'pass',
    ],
    [
      'K3s, untainted servers in three zones, agents in one',
      hidden(
        place('s0', 'a', [controlPlane, master, etcd]),
        place('s1', 'b', [controlPlane, master, etcd]),
        place('g0', 'b', []),
        place('g1', 'b', []),
      ),
      'abort',
    ],
    ['K3s, untainted servers alone', hidden(place('s0', 'a', [controlPlane, etcd]), place('s1', 'b', [controlPlane, etcd])), 'pass'],
    [
      'K3s, tainted servers, agents in two zones',
      hidden(place('s0', 'a', [controlPlane], ['CriticalAddonsOnly']), place('g0', 'b', []), place('g1', 'c', [])),
      'pass',
    ],
    [
      'K3s, tainted servers, agents in one zone',
      hidden(place('s0', 'a', [controlPlane], ['CriticalAddonsOnly']), place('g0', 'b', []), place('g1', 'b', [])),
      'fail',
    ],
    ['MicroK8s, all in three zones', hidden(place('n0', 'a', [microk8s]), place('n1', 'b', [microk8s]), place('w', 'a', [])), 'pass'],
    [
      'MicroK8s, a tainted control plane',
      hidden(place('n0', 'a', [microk8s], ['cp-node']), place('w0', 'b', []), place('w1', 'b', [])),
      'fail',
    ],
    [
      'a cordoned control plane is not tainted for good',
      visible(['c0'], place('c0', 'a', [controlPlane], ['node.kubernetes.io/unschedulable']), place('w0', 'b', []), place('w1', 'b', [])),
      'abort',
    ],
    [
      'a worker that is not ready stays a worker',
      hidden(place('w0', 'a', [], ['node.kubernetes.io/unreachable']), place('w1', 'b', [])),
      'pass',
    ],
    [
      'a control plane without a role, by its pod and its taint (Typhoon)',
      visible(['c0'], place('c0', 'a', [], ['node-role.kubernetes.io/controller']), place('w0', 'b', []), place('w1', 'b', [])),
      'fail',
    ],
    [
      'the same, its pod hidden: the taint alone keeps it from being a worker',
      hidden(place('c0', 'a', [], ['node-role.kubernetes.io/controller']), place('w0', 'b', []), place('w1', 'b', [])),
      'fail',
    ],
    [
      'a pool for the parts of the cluster itself (AKS, EKS)',
      hidden(place('s0', 'a', [], ['CriticalAddonsOnly']), place('w0', 'b', []), place('w1', 'b', [])),
      'fail',
    ],
    [
      'OpenShift with two nodes and an arbiter',
      hidden(place('m0', 'a', ocp), place('m1', 'a', ocp), place('arb', 'b', [], ['node-role.kubernetes.io/arbiter'])),
      'fail',
    ],
    [
      'OpenShift, nodes for infrastructure in three zones, workers in one',
      hidden(
        ...['a', 'b', 'c'].map((zone) => place(`i${zone}`, zone, [], ['node-role.kubernetes.io/infra'])),
        place('w0', 'a', [worker]),
        place('w1', 'a', [worker]),
      ),
      'fail',
    ],
    [
      'OpenShift, nodes for storage with the role of a worker',
      hidden(place('s0', 'b', [worker], ['node.ocs.openshift.io/storage']), place('w0', 'a', [worker]), place('w1', 'a', [worker])),
      'abort',
    ],
    [
      'a taint of the form of a role that nobody knows',
      hidden(place('e0', 'b', [], ['node-role.kubernetes.io/edge']), place('w0', 'a', []), place('w1', 'a', [])),
      'abort',
    ],
    [
      'the same on what is called a worker',
      hidden(place('e0', 'b', [worker], ['node-role.kubernetes.io/edge']), place('w0', 'a', [])),
      'pass',
    ],
    [
      'a fake node of KWOK in another zone',
      hidden(node('kwok-0', at('b'), { standIn: 'kwok' }), place('w0', 'a', []), place('w1', 'a', [])),
      'fail',
    ],
    [
      'a virtual kubelet in another zone',
      hidden(
        node('vk', at('b'), { standIn: 'virtual-kubelet', taints: ['virtual-kubelet.io/provider'] }),
        place('w0', 'a', []),
        place('w1', 'a', []),
      ),
      'abort',
    ],
    ['fake nodes alone', hidden(node('kwok-0', at('a'), { standIn: 'kwok' }), node('kwok-1', at('b'), { standIn: 'kwok' })), 'abort'],
    [
      'a node with a GPU, which is tainted against other workloads',
      hidden(place('g', 'a', [], ['nvidia.com/gpu']), place('w', 'b', [])),
      'pass',
    ],
    [
      'untainted servers, one of them down and without its pod',
      visible(
        ['s0', 's2'],
        ...['a', 'b', 'c'].map((zone, i) => ({ ...place(`s${i}`, zone, [controlPlane, etcd]), ready: i !== 1 })),
        place('w0', 'a', []),
        place('w1', 'a', []),
      ),
      'abort',
    ],
    ['a worker with a taint of its own', hidden(place('w0', 'a', [], ['dedicated']), place('w1', 'b', [])), 'pass'],
    [
      'an older snapshot without taints',
      visible(['c0'], place('c0', 'a', [controlPlane], undefined), place('w0', 'b', []), place('w1', 'b', [])),
      'abort',
    ],
  ])('%s', (_, seen, outcome) => {
    expect(v2('worker-zones', seen)?.outcome).toBe(outcome);
  });

  test('the node in doubt is named with the reason', () => {
    const seen = visible(['c0'], place('c0', 'a', [controlPlane]), place('w0', 'b', []), place('w1', 'b', []));
    expect(v2('worker-zones', seen)?.message).toBe(
      'The workers are all in zone b. But workloads may also run on c0 (untainted control plane).',
    );
  });

  test('vCluster shows the nodes of its own pods alone', () => {
    const seen: Seen = { nodes: [node('ip-10-0-0-11', at('a'), { standIn: 'vcluster' })], pods: [] };
    expect(v2('worker-zones', seen)).toMatchObject({ outcome: 'abort', message: expect.stringContaining('vCluster shows only') });
    expect(settle(scs0214v1.requirements, topologyFacts(seen))['worker-spread']?.outcome).toBe('abort');
  });
});

describe('what is called a control plane and shows no API server pod may be one', () => {
  const controller = 'node-role.kubernetes.io/controller';
  test.each<readonly [string, readonly Node[]]>([
    ['Typhoon, by its taint', [place('c0', 'a', [], [controller]), place('c1', 'b', [], [controller])]],
    ['a taint of kubeadm without the role', [place('c0', 'a', [controlPlane], kubeadmTaints), place('c1', 'b', [], kubeadmTaints)]],
    ['a role without a taint', [place('c0', 'a', [controlPlane], kubeadmTaints), place('c1', 'b', [master])]],
  ])('%s', (_, nodes) => {
    for (const id of ['control-plane-hosts', 'control-plane-zones'])
      expect(v2(id, visible(['c0'], ...nodes))).toMatchObject({ outcome: 'abort', message: expect.stringContaining('can be seen on c1') });
  });
  test('a node of etcd is none', () => {
    const seen = visible(['c0'], place('c0', 'a', [controlPlane], kubeadmTaints), place('e0', 'b', [etcd], [etcd]));
    expect(v2('control-plane-hosts', seen)?.outcome).toBe('fail');
  });
});

describe('no API server pod can be seen: what is known is said, and not more', () => {
  const message = (seen: Seen) => ['control-plane-hosts', 'control-plane-zones'].map((id) => v2(id, seen)?.message ?? '');
  test.each<readonly [string, Seen, RegExp]>([
    [
      'a managed offer',
      hidden(place('w', 'a', [])),
      /^No API server pod can be seen: it is hosted elsewhere, or runs as a process of a node\.$/,
    ],
    ['K3s', hidden(place('s0', 'a', [controlPlane, etcd])), /hosted elsewhere, or runs as a process of the node s0\.$/],
    ['MicroK8s', hidden(place('n0', 'a', [microk8s]), place('n1', 'b', [microk8s])), /process of the nodes n0, n1\.$/],
    ['RKE1', hidden(place('n0', 'a', [controlplane])), /process of the node n0\.$/],
    [
      'OpenShift',
      hidden(node('m0', at('a'), { labels: { [master]: '', 'node.openshift.io/os_id': 'rhel' } })),
      /OpenShift runs it in the namespace openshift-kube-apiserver, which this check does not list\.$/,
    ],
    [
      'OpenShift with a hosted control plane',
      hidden(node('w0', at('a'), { labels: { [worker]: '', 'node.openshift.io/os_id': 'rhel' } })),
      /it is hosted elsewhere, or runs as a process of a node\.$/,
    ],
  ])('%s', (_, seen, sentence) => {
    for (const reason of message(seen)) expect(reason).toMatch(sentence);
    expect([v2('control-plane-hosts', seen)?.outcome, v2('control-plane-zones', seen)?.outcome]).toEqual(['abort', 'abort']);
  });
});

/** Clusters of every shape: roles, taints and pods in any combination. */
const worlds = fc
  .array(
    fc.record({
      zone: fc.constantFrom('', 'a', 'b'),
      host: fc.constantFrom('', 'x', 'y'),
      roles: fc.subarray([controlPlane, controlplane, master, microk8s, worker, kopsNode, etcd], { maxLength: 2 }),
      taints: fc.option(
        fc.subarray([...kubeadmTaints, 'node.kubernetes.io/not-ready', etcd, 'node-role.kubernetes.io/edge', 'dedicated']),
        {
          nil: undefined,
          freq: 8,
        },
      ),
      standIn: fc.constantFrom(undefined, undefined, undefined, 'kwok' as const, 'virtual-kubelet' as const),
      pod: fc.constantFrom('none', 'none', 'running', 'down'),
    }),
    { maxLength: 6 },
  )
  .map((all) => ({
    nodes: all.map(({ zone, host, roles, taints, standIn }, i) =>
      node(`n${i}`, { zone, region: 'r', host }, { labels: Object.fromEntries(roles.map((role) => [role, ''])), taints, standIn }),
    ),
    pods: all.flatMap(({ pod }, i) => (pod === 'none' ? [] : [on(`n${i}`, pod === 'running')])),
  }));
const rows = (seen: Seen) => ({
  ...Object.fromEntries(Object.entries(settle(scs0214v1.requirements, topologyFacts(seen))).map(([id, row]) => [`v1/${id}`, row.outcome])),
  ...Object.fromEntries(Object.entries(settle(scs0214v2.requirements, topologyFacts(seen))).map(([id, row]) => [`v2/${id}`, row.outcome])),
});
const good = (outcome: string | undefined): boolean => outcome === 'pass' || outcome === 'not-applicable';
const expectNoBetter = (before: Seen, after: Seen, but = /^$/): void => {
  const [known, less] = [rows(before), rows(after)];
  for (const id of Object.keys(known).filter((one) => !but.test(one)))
    if (!good(known[id])) expect([id, good(less[id])]).toEqual([id, false]);
};

describe('in any cluster', () => {
  test('an outage or an upgrade of API servers changes nothing', () => {
    fc.assert(
      fc.property(worlds, fc.boolean(), ({ nodes, pods }, running) => {
        expect(rows({ nodes, pods: pods.map((pod) => ({ ...pod, running })) })).toEqual(rows({ nodes, pods }));
      }),
      { numRuns: 300 },
    );
  });

  test('hidden facts and taints improve nothing', () => {
    const gone = { unavailable: 'forbidden', detail: 'GET: 403' };
    fc.assert(
      fc.property(worlds, fc.nat(5), ({ nodes, pods }, nth) => {
        const known = { nodes, pods };
        expectNoBetter(known, { nodes: gone, pods });
        expectNoBetter(known, { nodes, pods: gone });
        expectNoBetter(known, { nodes: nodes.map((one, i) => (i === nth ? { ...one, taints: undefined } : one)), pods });
        expectNoBetter(known, { nodes: nodes.map((one) => ({ ...one, taints: undefined })), pods });
      }),
      { numRuns: 500 },
    );
  });

  test('a hidden pod of a node that is known as control plane improves nothing', () => {
    const known = (one: Node): boolean =>
      controlPlaneRoles.some((role) => role in one.labels) || (one.taints ?? []).some((key) => key.startsWith('node-role.'));
    fc.assert(
      fc.property(worlds, fc.nat(5), ({ nodes, pods }, nth) => {
        const hide = (pod: ControlPlanePod): boolean => pod.node === `n${nth}` && nodes.some((one) => one.name === pod.node && known(one));
        // Without a taint pods are put on it, whether it is one of the control plane or not; if it is not ready, an outage may hide its pod.
        const pretends = nodes.some((one) => one.name === `n${nth}` && one.ready && takesWorkloads(one));
        expectNoBetter({ nodes, pods }, { nodes, pods: pods.filter((pod) => !hide(pod)) }, pretends ? /worker/ : undefined);
      }),
      { numRuns: 500 },
    );
  });

  test('a pass of the control plane rests on nodes with an API server pod alone', () => {
    fc.assert(
      fc.property(worlds, ({ nodes, pods }) => {
        const without = nodes.map((one) => (pods.some((pod) => pod.node === one.name) ? one : { ...one, labels: {} }));
        const [all, own] = [rows({ nodes, pods }), rows({ nodes: without, pods })];
        for (const id of ['v2/control-plane-hosts', 'v2/control-plane-zones'])
          expect([id, own[id] === 'pass']).toEqual([id, all[id] === 'pass']);
      }),
      { numRuns: 300 },
    );
  });
});

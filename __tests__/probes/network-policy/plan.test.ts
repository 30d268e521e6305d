import { describe, expect, test } from '@jest/globals';
import { blockAddresses, familiesOf, ordersFor, planOf, podsOf, type Found } from '../../../src/probes/network-policy/plan.js';

const found = (
  nodes: number,
  more: Partial<Found> = {},
  addresses = (_name: string, i: number): readonly string[] => [`10.0.0.${i}`],
): Found => ({
  addresses: new Map(podsOf(nodes).map(({ name }, i) => [name, addresses(name, i)])),
  services: new Map(podsOf(nodes).flatMap(({ name, kind }, i) => (['labels', 'a', 'b'].includes(kind) ? [[name, `10.96.0.${i}`]] : []))),
  namespaces: { x: 'nx', y: 'ny', z: 'nz' },
  sctp: false,
  ...more,
});

describe('two nodes', () => {
  const { cells, orders } = ordersFor(2, found(2));
  test('each cell is asked on both nodes, from the same node and from the other', () => {
    const pairs = cells.filter(({ spec }) => spec.id === 'ingress/pod-label/label').map((c) => `${c.client}>${c.server} ${c.path}`);
    expect(pairs.sort()).toEqual([
      'a-0>labels-0 same-node',
      'a-0>labels-1 cross-node',
      'a-1>labels-0 cross-node',
      'a-1>labels-1 same-node',
    ]);
  });
  test('egress is asked by the pod under test', () => {
    const pairs = cells.filter(({ spec }) => spec.id === 'egress/pod-label/label').map((c) => `${c.client}>${c.server}`);
    expect(pairs.sort()).toEqual(['labels-0>a-0', 'labels-0>a-1', 'labels-1>a-0', 'labels-1>a-1']);
  });
  test('every pod asks itself first, and each target once, however many cells ask for it', () => {
    for (const text of orders.values()) {
      const lines = text.trimEnd().split('\n');
      expect(lines[0]).toBe('0 http 127.0.0.1 8081');
      expect(lines.map((line) => line.split(' ')[0])).toEqual(lines.map((_, i) => String(i)));
      expect(new Set(lines.map((line) => line.split(' ').slice(1).join(' '))).size).toBe(lines.length);
    }
    expect(orders.size).toBe(16);
  });
  test('each cell has its order, but for that of the kubelet', () => {
    expect(cells.filter(({ order, spec }) => (order === 0) !== (spec.via === 'node'))).toEqual([]);
  });
  test('a Service is asked by its address, and a name by its name', () => {
    expect(orders.get('a-0')).toMatch(/ http 10\.96\.0\.\d+ 8081\n/);
    expect(orders.get('labels-0')).toContain(' http b-1.nx.svc 8081\n');
  });
});

test('one node: nothing is asked across nodes, and no cell is lost', () => {
  const one = ordersFor(1, found(1)).cells;
  expect(one.every(({ path }) => path === 'same-node')).toBe(true);
  expect(new Set(one.map(({ spec }) => spec.id))).toEqual(new Set(ordersFor(2, found(2)).cells.map(({ spec }) => spec.id)));
});

test('three nodes: each is asked by the next one, in a ring', () => {
  const pairs = ordersFor(3, found(3))
    .cells.filter(({ spec, path }) => spec.id === 'ingress/namespace-label/label' && path === 'cross-node')
    .map((c) => `${c.client}>${c.server}`);
  expect(pairs.sort()).toEqual(['c-0>spaces-2', 'c-1>spaces-0', 'c-2>spaces-1']);
});

test('a pod that does not run makes its cells impossible, and no other', () => {
  const { cells } = ordersFor(
    2,
    found(2, {}, (name, i) => (name === 'a-1' ? [] : [`10.0.0.${i}`])),
  );
  const lost = cells.filter(({ hindrance }) => hindrance !== '');
  expect(lost.length).toBeGreaterThan(20);
  expect(lost.every(({ client, server }) => client === 'a-1' || server === 'a-1')).toBe(true);
  expect(
    cells.filter(({ client, server, hindrance }) => (client === 'a-1' || server === 'a-1') && hindrance === '').map(({ spec }) => spec.via),
  ).toEqual(['node']);
});

test('SCTP is asked only where it is spoken', () => {
  expect(ordersFor(1, found(1)).cells.some(({ spec }) => spec.protocol === 'SCTP')).toBe(false);
  const { cells, orders } = ordersFor(1, found(1, { sctp: true }));
  expect(cells.some(({ spec }) => spec.protocol === 'SCTP')).toBe(true);
  expect(orders.get('b-0')).toMatch(/ sctp 10\.0\.0\.\d+ 8081\n/);
});

test('two families: pods are asked by each address, Services once', () => {
  const dual = found(2, {}, (_, i) => [`10.0.0.${i}`, `fd00::${i}`]);
  const { cells } = ordersFor(2, dual);
  const counted = (via: string, family: string): number => cells.filter((c) => c.spec.via === via && c.family === family).length;
  expect(counted('pod', 'IPv6')).toBe(counted('pod', 'IPv4'));
  expect([counted('service', 'IPv4') > 0, counted('service', 'IPv6')]).toEqual([true, 0]);
  expect(familiesOf(dual.addresses)).toEqual(['IPv4', 'IPv6']);
  expect(blockAddresses(dual).b).toHaveLength(4);
});

test('of a family that one pod lacks its cells cannot be probed, and those of the others can', () => {
  const odd = found(1, {}, (name, i) => (name === 'd-0' ? [`10.0.0.${i}`] : [`10.0.0.${i}`, `fd00::${i}`]));
  expect(familiesOf(odd.addresses)).toEqual(['IPv4', 'IPv6']);
  const hindered = ordersFor(1, odd).cells.filter(({ hindrance }) => hindrance !== '');
  expect(new Set(hindered.map((c) => c.hindrance))).toEqual(new Set(['the pod d-0 has no address of the family IPv6']));
  expect(hindered.every(({ client, server, family }) => [client, server].includes('d-0') && family === 'IPv6')).toBe(true);
});

test('what a pod mounts is there to be mounted', () => {
  for (const pod of podsOf(1)) {
    const { volumes = [], mounts = [] } = planOf(pod, 'ns', 'node', false);
    const names = (some: readonly object[]): readonly string[] => some.map((one) => (one as { name: string }).name).sort();
    expect(names(mounts)).toEqual(names(volumes));
  }
});

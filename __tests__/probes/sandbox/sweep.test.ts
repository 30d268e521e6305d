import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NotAvailable } from '../../../src/model/errors.js';
import { startProbes, type RunningProbes } from '../../../src/probes/index.js';
import { SandboxCluster } from '../../helpers/sandbox-cluster.js';

const [dead, alive] = ['deadaaaaaa', 'alivebbbbb'];
const longAgo = -300_000;
let cluster: SandboxCluster;
let logged: string[] = [];
let acting: RunningProbes;
beforeEach(async () => {
  logged = [];
  cluster = new SandboxCluster();
  await cluster.start();
  const { api, lasting } = await cluster.api();
  acting = startProbes({
    api,
    lasting,
    signal: new AbortController().signal,
    image: 'agnhost',
    nodes: 1,
    patienceMs: 20_000,
    log: (line) => logged.push(line),
    step: () => undefined,
    onActing: () => undefined,
  });
});
afterEach(() => cluster.server.close());

/** A probe that gets no further than the nodes, which this cluster does not show. */
const act = (): Promise<unknown> =>
  acting
    .act('network-policy-matrix', () => Promise.reject(new NotAvailable('forbidden', 'no other facts')))
    .catch((error: unknown) => error);
const names = (): readonly string[] => [...cluster.namespaces.keys()].sort();

describe('before a run acts', () => {
  test('what overdue runs have left goes, with its volumes, and what others have made stays', async () => {
    cluster.hold(dead, 'net', longAgo);
    cluster.hold(dead, 'disk', longAgo);
    cluster.provision('scs-kaas-deadaaaaaa-disk', 'Retain');
    cluster.hold(alive, 'net');
    cluster.hold('ccccccccc0', 'net', -20_000);
    cluster.put('scs-kaas-deadaaaaaa-mine');
    await act();
    expect(names()).toEqual(['scs-kaas-alivebbbbb-net', 'scs-kaas-ccccccccc0-net', 'scs-kaas-deadaaaaaa-mine']);
    expect(cluster.volumes.size).toBe(0);
    expect(logged[0]).toBe('removing what earlier runs have left: scs-kaas-deadaaaaaa-net, scs-kaas-deadaaaaaa-disk');
  });
  test('a volume that has outlived its namespace goes too, and one of a namespace that is somebody’s does not', async () => {
    cluster.provision('scs-kaas-deadaaaaaa-disk', 'Retain');
    cluster.put('scs-kaas-ccccccccc0-disk');
    const { name } = cluster.provision('scs-kaas-ccccccccc0-disk', 'Retain');
    cluster.hold(alive, 'disk');
    const other = cluster.provision('scs-kaas-alivebbbbb-disk', 'Retain');
    await act();
    expect([...cluster.volumes.keys()].sort()).toEqual([name, other.name].sort());
    expect(logged[0]).toBe('removing what earlier runs have left: a volume of scs-kaas-deadaaaaaa-disk');
  });
  test('a volume that goes by itself is none of it: its run may be giving back just now', async () => {
    cluster.reclaimMs = 60_000;
    cluster.provision('scs-kaas-alivebbbbb-disk', 'Delete');
    const begin = performance.now();
    await act();
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect(logged.join()).not.toContain('earlier runs');
    expect(cluster.changes).toEqual([]);
  });
  test('a run one of whose namespaces is not overdue is not touched', async () => {
    cluster.hold(alive, 'net', longAgo);
    cluster.hold(alive, 'disk');
    await act();
    expect(cluster.changes).toEqual([]);
  });
  test('what is stuck in its removal already keeps nobody waiting', async () => {
    cluster.hold(dead, 'net', longAgo, { goneAt: 0, stuck: 'finalizers' });
    const begin = performance.now();
    await act();
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect(cluster.changes).toEqual([]);
  });
  test('a server that does not tell its time: nobody is taken for dead', async () => {
    cluster.server.route('GET /version', () => ({ headers: { date: 'soon' }, body: {} }));
    cluster.hold(dead, 'net', longAgo);
    await act();
    expect(cluster.changes).toEqual([]);
  });
  test('a right that is missing for it is told, and ends nothing', async () => {
    cluster.forbidden.add('list namespaces');
    expect(await act()).toMatchObject({ message: expect.stringContaining('/api/v1/nodes') });
    expect(logged.join()).toMatch(/what earlier runs may have left could not be looked for: .*forbidden/);
  });
  test('several probes: looked once', async () => {
    await Promise.all([act(), act()]);
    expect(cluster.server.requests.filter((r) => r.path.startsWith('/api/v1/namespaces?'))).toHaveLength(1);
  });
});

test('a run that has given back everything acts no more', async () => {
  expect(await acting.givenBack()).toEqual([]);
  expect(await act()).toMatchObject({ message: 'the run ended before anything was probed' });
});

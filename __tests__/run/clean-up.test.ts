import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { removeAllOrphans } from '../../src/run/clean-up.js';
import { SandboxCluster } from '../helpers/sandbox-cluster.js';

const [dead, alive] = ['deadaaaaaa', 'alivebbbbb'];
let cluster: SandboxCluster;
let said: string[] = [];
beforeEach(async () => {
  said = [];
  cluster = new SandboxCluster();
  await cluster.start();
});
afterEach(() => cluster.server.close());

const cleanUp = async (all = false) => {
  const { api } = await cluster.api();
  const signal = new AbortController().signal;
  return removeAllOrphans(api, { all, signal, say: (line) => said.push(line), step: () => undefined });
};
const names = (): readonly string[] => [...cluster.namespaces.keys()].sort();

test('nothing there: it says so', async () => {
  cluster.put('default');
  expect(await cleanUp()).toEqual({ lines: ['nothing was found that runs have left'], left: false });
  expect(cluster.changes).toEqual([]);
});

test('a run whose lease is over by the clock of the cluster is removed', async () => {
  cluster.hold(dead, 'a', -61_000);
  const { lines, left } = await cleanUp();
  expect(left).toBe(false);
  expect(said.join()).toContain('found scs-kaas-deadaaaaaa-a of run deadaaaaaa');
  expect(lines).toEqual(['removed scs-kaas-deadaaaaaa-a', 'nothing is left of 1 run']);
});

describe('a run that may live', () => {
  test.each([
    ['renews its lease', 50_000],
    ['could renew nothing for a moment', -30_000],
  ])('%s: it is left alone, with the time until which it may live', async (_, leaseMs) => {
    cluster.hold(alive, 'a', leaseMs);
    cluster.hold(dead, 'a', -300_000);
    const { lines, left } = await cleanUp();
    expect(names()).toEqual(['scs-kaas-alivebbbbb-a']);
    expect(left).toBe(false);
    expect(lines.join('\n')).toMatch(
      /left alone: scs-kaas-alivebbbbb-a of run alivebbbbb: it may live until \d{4}-\S+Z; --all removes it too/,
    );
  });
  test('has one namespace that is overdue and one that is not: neither is touched', async () => {
    cluster.hold(alive, 'net', -300_000);
    cluster.hold(alive, 'disk', 50_000);
    await cleanUp();
    expect(names()).toEqual(['scs-kaas-alivebbbbb-disk', 'scs-kaas-alivebbbbb-net']);
  });
  test('does not say until when, and is young', async () => {
    cluster.hold(dead, 'a', 0, { annotations: {} });
    await cleanUp();
    expect(names()).toEqual(['scs-kaas-deadaaaaaa-a']);
  });
  test('is removed by --all', async () => {
    cluster.hold(alive, 'a', 50_000);
    const { left } = await cleanUp(true);
    expect({ left, names: names() }).toEqual({ left: false, names: [] });
  });
});

test('a run that never said until when it lives, and is old, is removed', async () => {
  cluster.hold(dead, 'a', 0, { annotations: {}, created: '2026-01-01T00:00:00Z' });
  expect((await cleanUp()).left).toBe(false);
  expect(names()).toEqual([]);
});

test('a cluster that does not say what time it is: nobody is taken for dead, and it is told as left', async () => {
  cluster.server.route('GET /version', () => ({ headers: { date: 'soon' }, body: {} }));
  cluster.hold(dead, 'a', -300_000);
  const { lines, left } = await cleanUp();
  expect({ left, names: names() }).toEqual({ left: true, names: ['scs-kaas-deadaaaaaa-a'] });
  expect(lines.join()).toContain('does not say what time it is');
});

test('a volume whose namespace is gone goes', async () => {
  const { name } = cluster.provision('scs-kaas-deadaaaaaa-disk', 'Retain');
  const { lines, left } = await cleanUp();
  expect(said).toEqual(['found a volume whose claim was in scs-kaas-deadaaaaaa-disk']);
  expect({ left, lines }).toEqual({ left: false, lines: [`removed ${name}`, 'nothing is left of 0 runs'] });
});

test('without a right for volumes the namespaces go all the same, and it is told', async () => {
  cluster.forbidden.add('list persistentvolumes');
  cluster.hold(dead, 'a', -300_000);
  const { lines, left } = await cleanUp();
  expect({ left, names: names() }).toEqual({ left: true, names: [] });
  expect(lines.join()).toMatch(/Volumes that runs may have left could not be looked for .*kubectl get persistentvolumes/);
});

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { cleanUpLeftovers, type CleanUpOptions } from '../../../src/clean-up-runs.js';
import { deadlineAnnotation } from '../../../src/probes/guest/identity.js';
import { GuestCluster, type HeldNamespace } from '../../helpers/guest-cluster.js';

jest.setTimeout(60_000);
const [dead, alive] = ['deadaaaaaa', 'alivebbbbb'];
const watch = { watchMs: 2_500, passedMs: 1_200, pollMs: 200 };
let cluster: GuestCluster;
let said: string[] = [];
let timer: NodeJS.Timeout | undefined;
beforeEach(async () => {
  said = [];
  cluster = new GuestCluster();
  await cluster.start();
});
afterEach(async () => {
  clearInterval(timer);
  await cluster.server.close();
});

const cleanUp = async (options: Partial<CleanUpOptions> = {}) => {
  const { api } = await cluster.api();
  const signal = new AbortController().signal;
  return cleanUpLeftovers(api, { all: false, signal, say: (line) => said.push(line), step: () => undefined, watch, ...options });
};

/** A run that renews its deadline, with a clock that goes wrong by so much. */
const living = (purpose = 'a', wrongMs = 0): HeldNamespace => {
  const held = cluster.hold(alive, purpose, 60_000 + wrongMs);
  timer = setInterval(() => (held.annotations[deadlineAnnotation] = new Date(Date.now() + 60_000 + wrongMs).toISOString()), 500);
  return held;
};
const names = (): readonly string[] => [...cluster.namespaces.keys()].sort();

test('nothing there: it says so', async () => {
  cluster.put('default');
  expect(await cleanUp()).toEqual({ lines: ['nothing was found that runs have left'], left: false });
  expect(cluster.changes).toEqual([]);
});

test('a run that is overdue beyond every doubt goes at once', async () => {
  cluster.hold(dead, 'a', -300_000);
  const begin = performance.now();
  const { lines, left } = await cleanUp({ watch: { ...watch, watchMs: 60_000, passedMs: 60_000 } });
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(left).toBe(false);
  expect(said.join()).toContain('found scs-kaas-deadaaaaaa-a of run deadaaaaaa');
  expect(lines).toEqual(['removed scs-kaas-deadaaaaaa-a', 'nothing is left of 1 run']);
});

test('what is overdue does not wait for what has to be watched', async () => {
  cluster.hold(dead, 'a', -300_000);
  living();
  const done = cleanUp();
  await new Promise((go) => setTimeout(go, 1_000));
  expect(names()).toEqual(['scs-kaas-alivebbbbb-a']);
  await done;
});

describe('a run that was killed a moment ago', () => {
  test('is watched, and removed as it renews nothing', async () => {
    cluster.hold(dead, 'a', 50_000);
    const { lines, left } = await cleanUp();
    expect({ lines, left }).toMatchObject({ lines: expect.arrayContaining(['removed scs-kaas-deadaaaaaa-a']), left: false });
  });
  test('its deadline has passed by the cluster’s clock: it is watched for a shorter while', async () => {
    cluster.hold(dead, 'a', -20_000);
    const begin = performance.now();
    await cleanUp({ watch: { ...watch, watchMs: 60_000 } });
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(names()).toEqual([]);
  });
  test('--all removes it without a watch', async () => {
    cluster.hold(dead, 'a', 50_000);
    const begin = performance.now();
    const { left } = await cleanUp({ all: true, watch: { ...watch, watchMs: 60_000 } });
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect({ left, names: names() }).toEqual({ left: false, names: [] });
  });
});

describe('a living run', () => {
  test('is left alone and said by name', async () => {
    living();
    cluster.hold(dead, 'a', -300_000);
    const { lines, left } = await cleanUp();
    expect(names()).toEqual(['scs-kaas-alivebbbbb-a']);
    expect(left).toBe(false);
    expect(lines.join('\n')).toMatch(/left alone: scs-kaas-alivebbbbb-a of run alivebbbbb: it lives, .*--all removes it too/);
  });
  test.each([
    ['behind', -110_000],
    ['ahead', 3_600_000],
  ])('whose clock is %s is left alone', async (_, wrongMs) => {
    living('a', wrongMs);
    const { lines } = await cleanUp();
    expect(names()).toEqual(['scs-kaas-alivebbbbb-a']);
    expect(lines.join()).toContain('it lives');
  });
  test('that makes another namespace meanwhile is left alone, both', async () => {
    cluster.hold(alive, 'net');
    setTimeout(() => cluster.hold(alive, 'disk', 90_000), 600);
    await cleanUp();
    expect(names()).toEqual(['scs-kaas-alivebbbbb-disk', 'scs-kaas-alivebbbbb-net']);
  });
  test('between two probes, the first already being removed: the second’s namespace is not touched', async () => {
    cluster.terminationMs = 1_500;
    cluster.hold(alive, 'net', 50_000, { goneAt: performance.now() + 1_500 });
    setTimeout(() => cluster.hold(alive, 'disk', 90_000), 700);
    await cleanUp();
    expect(names()).toEqual(['scs-kaas-alivebbbbb-disk']);
  });
  test('that gives back everything itself meanwhile', async () => {
    const held = cluster.hold(alive, 'net');
    setTimeout(() => cluster.namespaces.delete(held.name), 600);
    const { lines, left } = await cleanUp();
    expect({ lines, left }).toMatchObject({
      lines: expect.arrayContaining(['run alivebbbbb has given everything back itself']),
      left: false,
    });
  });
  test('that could renew nothing while the API server was away is watched anew', async () => {
    const held = cluster.hold(alive, 'net', 60_000);
    setTimeout(() => (cluster.away = true), 400);
    setTimeout(() => {
      cluster.away = false;
      setTimeout(() => (held.annotations[deadlineAnnotation] = new Date(Date.now() + 60_000).toISOString()), 500);
    }, 2_600);
    await cleanUp({ watch: { watchMs: 2_600, passedMs: 2_600, pollMs: 200 } });
    expect(names()).toEqual(['scs-kaas-alivebbbbb-net']);
  });
});

test('a run that does not say until when it lives is left alone while it is young, and told as left', async () => {
  cluster.hold(dead, 'a', 0, { annotations: {} });
  const { lines, left } = await cleanUp();
  expect({ left, names: names() }).toEqual({ left: true, names: ['scs-kaas-deadaaaaaa-a'] });
  expect(lines.join()).toContain('does not say until when');
});

test('one that never said so and is old goes', async () => {
  cluster.hold(dead, 'a', 0, { annotations: {}, created: '2026-01-01T00:00:00Z' });
  expect((await cleanUp()).left).toBe(false);
  expect(names()).toEqual([]);
});

test('an interruption ends the watch at once: what was not decided is left', async () => {
  cluster.hold(dead, 'a', 50_000);
  const begin = performance.now();
  const { left } = await cleanUp({ signal: AbortSignal.timeout(500), watch: { ...watch, watchMs: 60_000 } });
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect({ left, names: names() }).toEqual({ left: true, names: ['scs-kaas-deadaaaaaa-a'] });
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

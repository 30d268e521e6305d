import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotAvailable } from '../../../src/model/errors.js';
import { withSandbox, type ProbeContext, type Sandbox } from '../../../src/probes/sandbox/sandbox.js';
import { actRight } from '../../../src/model/permission.js';
import { SandboxCluster } from '../../helpers/sandbox-cluster.js';
import { hurry } from '../../helpers/hurry.js';

afterAll(hurry(3));

const run = 'abcdefghij';
const rights = [actRight('create', '', 'namespaces', 'namespaces of our own')];
const spaces = { net: { team: 'a' }, far: {} };
let cluster: SandboxCluster;
let stop: AbortController;
let warnings: string[] = [];
let acting = 0;
beforeEach(async () => {
  [warnings, acting] = [[], 0];
  stop = new AbortController();
  cluster = new SandboxCluster();
  await cluster.start();
});
afterEach(() => cluster.server.close());

const context = async (more: Partial<ProbeContext> = {}): Promise<ProbeContext> => {
  const { api, lasting, cancel } = await cluster.api(4_500);
  stop.signal.addEventListener('abort', cancel);
  return {
    api,
    lasting,
    signal: stop.signal,
    run,
    image: 'agnhost',
    nodes: 1,
    patienceMs: 20_000,
    log: () => undefined,
    step: () => undefined,
    onActing: () => acting++,
    warn: (warning) => warnings.push(warning),
    ...more,
  };
};
const inSandbox = async <T>(use: (sandbox: Sandbox) => Promise<T>, more: Partial<ProbeContext> = {}): Promise<T> =>
  withSandbox(await context(more), rights, spaces, { volumes: false }, use);
const deletes = (): readonly string[] => cluster.changes.filter((c) => c.startsWith('DELETE'));

test('namespaces with owner, run and deadline, gone after use', async () => {
  const seen = await inSandbox(({ namespaces }) => Promise.resolve({ namespaces, held: [...cluster.namespaces.values()] }));
  expect(seen.namespaces).toEqual({ net: 'scs-kaas-abcdefghij-net', far: 'scs-kaas-abcdefghij-far' });
  expect(seen.held[0]?.labels).toEqual({ 'app.kubernetes.io/managed-by': 'scs-kaas', 'scs-kaas/run': run, team: 'a' });
  expect(Date.parse(seen.held[0]?.annotations['scs-kaas/deadline'] ?? '') - Date.now()).toBeGreaterThan(30_000);
  expect([cluster.namespaces.size, acting, warnings]).toEqual([0, 1, []]);
});

test('a probe that fails gives back all the same', async () => {
  await expect(inSandbox(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  expect([cluster.namespaces.size, warnings]).toEqual([0, []]);
});

test('a right that is missing: nothing was made', async () => {
  cluster.server.route('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { status: { allowed: false } });
  await expect(inSandbox(() => Promise.resolve(1))).rejects.toThrow(/nothing was made.*create namespaces/);
  expect([cluster.changes, acting]).toEqual([[], 0]);
});

test('a run that has ended makes nothing', async () => {
  const given = await context();
  stop.abort();
  await expect(withSandbox(given, rights, spaces, { volumes: false }, () => Promise.resolve(1))).rejects.toThrow(NotAvailable);
  expect([cluster.changes, acting]).toEqual([[], 0]);
});

describe('an end of the run in the middle', () => {
  test('a probe that ends tells what it has seen', async () => {
    const seen = await inSandbox(async () => {
      setTimeout(() => stop.abort(), 200);
      await sleep(10_000, undefined, { signal: stop.signal }).catch(() => undefined);
      return 'seen so far';
    });
    expect([seen, cluster.namespaces.size]).toEqual(['seen so far', 0]);
  });

  test('a probe that does not end is not waited for: the removal is asked for within seconds', async () => {
    let askedAfter = 0;
    const begin = performance.now();
    setTimeout(() => stop.abort(), 200);
    const watching = setInterval(() => {
      if (askedAfter === 0 && deletes().length === 2) askedAfter = performance.now() - begin;
    }, 50);
    await expect(inSandbox(() => new Promise(() => undefined))).rejects.toThrow(/did not tell what it had seen/);
    clearInterval(watching);
    expect(askedAfter).toBeGreaterThan(0);
    expect(askedAfter).toBeLessThan(6_000);
    expect(cluster.namespaces.size).toBe(0);
  });

  test('while namespaces are being made: none is left, and the probe does not begin', async () => {
    const use = jest.fn(() => Promise.resolve(1));
    const create = cluster.put.bind(cluster);
    cluster.put = (...words) => {
      stop.abort();
      return create(...words);
    };
    await expect(inSandbox(use)).rejects.toThrow('the run ended before anything was probed');
    expect(use).not.toHaveBeenCalled();
    expect([cluster.namespaces.size, warnings]).toEqual([0, []]);
  });
});

test('a namespace that is made after its request was given up is removed', async () => {
  cluster.lateMs = 10_000;
  setTimeout(() => stop.abort(), 500);
  await expect(inSandbox(() => Promise.resolve(1))).rejects.toThrow(NotAvailable);
  expect(deletes()).toEqual(['DELETE /api/v1/namespaces/scs-kaas-abcdefghij-net', 'DELETE /api/v1/namespaces/scs-kaas-abcdefghij-far']);
  expect([cluster.namespaces.size, warnings]).toEqual([0, []]);
});

test('one namespace is refused: the other one that was made goes', async () => {
  const create = cluster.put.bind(cluster);
  cluster.server.route('POST /api/v1/namespaces', async (request: { body: string }) => {
    const { metadata } = JSON.parse(request.body) as { metadata: { name: string; labels: Record<string, string> } };
    if (metadata.name.endsWith('-net')) return { status: 403, body: { message: 'admission webhook "x" denied the request' } };
    await sleep(700);
    return { status: 201, body: create(metadata.name, metadata) };
  });
  await expect(inSandbox(() => Promise.resolve(1))).rejects.toThrow(/admission webhook "x" denied/);
  expect([cluster.namespaces.size, warnings]).toEqual([0, []]);
});

test('what could not be given back is told, with the command', async () => {
  const refuses = { status: 403, body: { message: 'admission webhook "keep" denied the request' } };
  await inSandbox(() => {
    for (const held of cluster.namespaces.values()) held.refuses = refuses;
    return Promise.resolve(1);
  });
  expect(warnings.join()).toMatch(
    /2 namespaces of this check are still there.*kubectl delete namespace scs-kaas-abcdefghij-net scs-kaas-abcdefghij-far/,
  );
});

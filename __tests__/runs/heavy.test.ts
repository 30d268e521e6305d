import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { e2eLabels, runNamespace } from '../../src/conformance/sonobuoy/identity.js';
import { e2eResults } from '../../src/facts/e2e-results.js';
import { networkPolicyMatrix } from '../../src/facts/network-policy-matrix.js';
import { serverVersion } from '../../src/facts/server-version.js';
import { collectLive, type Collected, type OpenedLive } from '../../src/run/collect-live.js';
import type { Fact } from '../../src/model/fact.js';
import { kubeconfigDefaults, kubeconfigSource } from '../../src/sources/kubeconfig.js';
import { archiveOf, conformanceTests, junitOf } from '../helpers/e2e-files.js';
import { fakeSonobuoy, type FakeSonobuoy } from '../helpers/fake-sonobuoy.js';
import { SonobuoyCluster } from '../helpers/sonobuoy-cluster.js';
import { testRuntime, type TestRuntime } from '../helpers/runtime.js';
import { parseSettings } from '../helpers/settings.js';

const space = `/api/v1/namespaces/${runNamespace}`;
let cluster: SonobuoyCluster;
let sonobuoy: FakeSonobuoy;
let it: TestRuntime;
let saved: (string | undefined)[];
beforeEach(async () => {
  cluster = new SonobuoyCluster();
  await cluster.start();
  cluster.server.route('GET /version', { gitVersion: 'v1.36.3' });
  const directory = mkdtempSync(join(tmpdir(), 'scs-kaas-fake-'));
  mkdirSync(join(directory, 'fake'));
  sonobuoy = fakeSonobuoy(join(directory, 'fake'));
  it = await testRuntime({ env: { PATH: sonobuoy.bin, GITHUB_REPOSITORY: 'scs/demo', GITHUB_SERVER_URL: 'https://github.com' } });
  saved = [];
  writeFileSync(join(it.directory, 'whole.tar.gz'), archiveOf(junitOf(conformanceTests(3))));
  sonobuoy.retrieves([{ archive: join(it.directory, 'whole.tar.gz') }]);
});
afterEach(async () => {
  await cluster.server.close();
  rmSync(join(sonobuoy.bin, '..', '..'), { recursive: true, force: true });
  await it.remove();
});

const wanted: readonly Fact<unknown>[] = [serverVersion, networkPolicyMatrix, e2eResults];
const look = async (raw: Record<string, string> = {}, facts = wanted): Promise<Collected> => {
  const inputs = parseSettings({ tier: 'heavy', 'e2e.suites': 'conformance', 'e2e.wait': '1s', ...raw });
  const { runtime } = it;
  const options = {
    ...kubeconfigDefaults,
    kubeconfig: cluster.server.kubeconfig(),
    requestTimeoutMs: 2_000,
    firstAnswer: 'later',
  } as const;
  const opened = (await kubeconfigSource.open(options, runtime)) as OpenedLive;
  const documents = { fetch: () => Promise.reject(new Error('offline')) };
  const given = { runs: [], exceptions: { source: 'none', list: [] } };
  try {
    const noted = { ...runtime, onResource: (_: string, id: string | undefined) => saved.push(id) > 0 };
    const asked = { tier: inputs.checks.tier, documents, now: runtime.now(), pullSecret: undefined, given, offer: undefined };
    return await collectLive(facts, opened, { ...inputs, ...asked, signal: runtime.signal }, noted);
  } finally {
    await opened.close();
  }
};
const status = (phase: string): object => ({
  plugins: [{ plugin: 'e2e', status: 'running', progress: { total: 3, completed: 1 } }],
  status: phase,
});
/** A run that an earlier step has started. */
const earlier = (owner = 'github.com/scs/demo'): void => {
  const settings = { suites: ['conformance'], focus: '', skip: 'Feature:SCTPConnectivity', processes: 0, flakeAttempts: 2 };
  const annotations = { 'scs-kaas/e2e-name': 'run-1', 'scs-kaas/e2e-owner': owner, 'scs-kaas/e2e-settings': JSON.stringify(settings) };
  cluster.put('/api/v1/namespaces', { name: runNamespace, labels: { ...e2eLabels }, annotations });
  cluster.put(`${space}/pods`, { name: 'sonobuoy', labels: { 'sonobuoy-component': 'aggregator' } });
};
const writes = (): readonly string[] => cluster.changes.filter((change) => !change.includes('accessreviews'));

describe('tests of an earlier step that still run', () => {
  beforeEach(() => {
    earlier();
    cluster.say(status('running'));
  });
  test('are waited for, and when the time is over nothing is made beside them, and everyone is told', async () => {
    const { facts, caveats, e2e } = await look();
    expect(facts[e2eResults.name]).toEqual({
      unavailable: 'timeout',
      detail: expect.stringMatching(/^e2e-results: still running after 1 s: 1\/3 done, 0 failed so far; the same step again/),
    });
    expect(facts[networkPolicyMatrix.name]).toMatchObject({
      unavailable: 'refused',
      detail: expect.stringContaining('end-to-end tests go on'),
    });
    expect(facts[serverVersion.name]).toEqual({ gitVersion: 'v1.36.3' });
    expect(e2e).toEqual({ state: 'running' });
    expect(caveats).toEqual([expect.stringContaining('End-to-end tests were going on in this cluster while it was looked at')]);
    expect(writes()).toEqual([]);
    // Nobody is to remove what stays on purpose.
    expect(saved.at(-1)).toBeUndefined();
  });
  test('and have ended are fetched before anything else is looked at', async () => {
    cluster.say(status('complete'));
    const { facts, e2e } = await look({}, [serverVersion, e2eResults]);
    expect(e2e?.state).toBe('finished');
    expect(facts[e2eResults.name]).toMatchObject({ runs: [{ executed: 3, unusable: [] }] });
    const asked = cluster.server.requests.map(({ method, path }) => `${method} ${path}`);
    const first = asked.indexOf('GET /version', 1);
    expect(asked.findIndex((request) => request.startsWith(`DELETE ${space}`))).toBeGreaterThan(0);
    expect(first === -1 || asked.lastIndexOf(`DELETE ${space}`) < asked.lastIndexOf('GET /version')).toBe(true);
    expect(cluster.paths).toEqual([]);
  });
});

test('tests of somebody else are none of ours: the rest is judged, and they are named', async () => {
  earlier('github.com/other/demo');
  const { facts, e2e } = await look({}, [serverVersion, e2eResults]);
  expect(e2e).toEqual({ state: 'none' });
  expect(facts[e2eResults.name]).toMatchObject({
    unavailable: 'not-started',
    detail: expect.stringContaining('github.com/other/demo has started'),
  });
  expect(facts[serverVersion.name]).toEqual({ gitVersion: 'v1.36.3' });
  expect(writes()).toEqual([]);
});

test('a run of standards that no end-to-end test settles starts none', async () => {
  const { e2e } = await look({}, [serverVersion]);
  expect(e2e).toBeUndefined();
  expect(writes()).toEqual([]);
});

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { e2eLabels } from '../../src/conformance/sonobuoy/identity.js';
import { cleanUpActing } from '../../src/action/post-clean-up.js';
import { cleanUpE2e } from '../../src/action/post-e2e.js';
import { hurried } from '../helpers/hurry.js';
import { SandboxCluster } from '../helpers/sandbox-cluster.js';
import { program, type Ended } from '../helpers/program.js';
import { SonobuoyCluster } from '../helpers/sonobuoy-cluster.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);
const [dead, other] = ['deadaaaaaa', 'otherbbbbb'];
const token = 'a-token-that-nobody-may-see';
let cluster: SandboxCluster;
let directory = '';
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-clean-up-'));
  cluster = new SandboxCluster();
  await cluster.start();
});
afterEach(async () => {
  await cluster.server.close();
  rmSync(directory, { recursive: true, force: true });
});

const names = (): readonly string[] => [...cluster.namespaces.keys()].sort();
const kubeconfig = (): string => {
  const path = join(directory, 'kubeconfig');
  writeFileSync(path, cluster.server.kubeconfig({ token }));
  return path;
};

describe('scs-kaas cleanup', () => {
  const cleanup = (...args: readonly string[]): Promise<Ended> => program(['cleanup', '--kubeconfig', kubeconfig(), ...args]);

  test('0: nothing there is said', async () => {
    expect(await cleanup()).toMatchObject({ code: 0, stdout: 'nothing was found that runs have left\n' });
  });
  test('0: what a dead run has left is gone, volumes too', async () => {
    cluster.hold(dead, 'disk', -300_000);
    const { name } = cluster.provision('scs-kaas-deadaaaaaa-disk', 'Retain');
    const { code, stdout } = await cleanup();
    expect({ code, left: [...names(), ...cluster.volumes.keys()] }).toEqual({ code: 0, left: [] });
    expect(stdout).toContain(`removed scs-kaas-deadaaaaaa-disk, ${name}`);
  });
  test('0: --all removes what may belong to a living run', async () => {
    cluster.hold(other, 'net');
    expect(await cleanup('--all')).toMatchObject({ code: 0 });
    expect(names()).toEqual([]);
  });
  test('3: something is still there, with the command that removes it', async () => {
    cluster.hold(dead, 'net', -300_000, { refuses: { status: 403, body: { message: 'admission webhook "keep" denied the request' } } });
    // It waits for half a minute.
    const { code, stdout } = await program(['cleanup', '--kubeconfig', kubeconfig()], { env: hurried(10) });
    expect(code).toBe(3);
    expect(stdout).toMatch(/still there.*admission webhook "keep".*kubectl delete namespace scs-kaas-deadaaaaaa-net/);
  });
  test('3: it may not be looked for', async () => {
    cluster.forbidden.add('list namespaces');
    const { code, stdout } = await cleanup();
    expect(code).toBe(3);
    expect(stdout).toMatch(/could not be looked for: .*namespaces is forbidden.*kubectl get namespaces --selector/);
  });
  test('3: the cluster cannot be had', async () => {
    cluster.away = true;
    const { code, stdout, stderr } = await cleanup();
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('127.0.0.1');
  });
  test.each([
    [['--cluster', 'kind'], /^The command "cleanup" has no option "--cluster"; check, record, init have it\./],
    [['--al'], /^The command "cleanup" has no option "--al"\. Did you mean "--all"/],
  ])('2: %j', async (args, message) => {
    const { code, stdout, stderr } = await program(['cleanup', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
  test('the cluster of a kubeconfig, whatever the config file of the repository checks', async () => {
    cluster.hold(other, 'net');
    expect(await cleanup('--all', '--config', 'cluster: kind\nkind-config: kind.yaml')).toMatchObject({ code: 0 });
    expect(names()).toEqual([]);
  });
});

describe('the post step', () => {
  const post = (state: string, env: Record<string, string> = {}): Promise<Ended> =>
    program([], {
      entry: 'post',
      env: { GITHUB_ACTIONS: 'true', 'STATE_acting-run': state, INPUT_CLUSTER: 'kubeconfig', INPUT_KUBECONFIG: kubeconfig(), ...env },
    });
  const times = { maxMs: 4_000, unsureMs: 2_000 };
  const inProcess = (saved: string, env: Record<string, string> = {}): Promise<readonly string[]> =>
    cleanUpActing(
      saved,
      { env: { INPUT_KUBECONFIG: kubeconfig(), ...env }, log: () => undefined, secret: () => undefined, directory },
      times,
    );

  test('removes what its main step has made, and nothing of another run; the secrets are masked before', async () => {
    cluster.hold(dead, 'net');
    cluster.hold(dead, 'disk');
    cluster.provision('scs-kaas-deadaaaaaa-disk', 'Retain');
    cluster.hold(other, 'net');
    const { code, stdout } = await post(dead, { INPUT_STANDARDS: 'scs-0219-v1', INPUT_TIER: 'active', INPUT_TIMEOUT: '15m' });
    expect({ code, left: [...names(), ...cluster.volumes.keys()] }).toEqual({ code: 0, left: ['scs-kaas-otherbbbbb-net'] });
    const lines = stdout.split('\n');
    const masked = lines.findIndex((line) => line === `::add-mask::${token}`);
    expect(masked).toBeGreaterThanOrEqual(0);
    expect(masked).toBeLessThan(lines.findIndex((line) => line.includes('removed scs-kaas-deadaaaaaa')));
    expect(lines.filter((line) => line.includes(token) && !line.startsWith('::add-mask::'))).toEqual([]);
    expect(stdout).not.toContain('::warning');
  });
  test.each(['', 'none'])('asks nothing where the main step gave back everything (%j)', async (state) => {
    cluster.hold(dead, 'net');
    expect(await post(state)).toMatchObject({ code: 0, stdout: '' });
    expect(cluster.server.requests).toEqual([]);
  });
  test('finds what a request of the main step makes only later', async () => {
    setTimeout(() => cluster.hold(dead, 'late'), 1_000);
    expect(await inProcess(dead)).toEqual([]);
    expect(names()).toEqual([]);
  });
  test('a cluster that is away: a warning with the command, in bounded time', async () => {
    cluster.away = true;
    const begin = performance.now();
    expect((await inProcess(dead)).join()).toMatch(
      /may still be there.*scs-kaas cleanup, or: kubectl delete namespace --selector .*run=deadaaaaaa/,
    );
    expect(performance.now() - begin).toBeLessThan(15_000);
  });
  test('a kubeconfig that is gone: a warning with the command, and the step passes', async () => {
    const { code, stdout } = await post(dead, { INPUT_KUBECONFIG: '/no/such/file' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/::warning::What run deadaaaaaa has made may still be there: .*no such file.*kubectl delete namespace/);
  });
  test('a state that nobody of ours has written removes nothing', async () => {
    cluster.hold(dead, 'net');
    expect((await inProcess('x,app=y')).join()).toContain('names no run');
    expect(cluster.changes).toEqual([]);
  });
});

describe('an end-to-end run', () => {
  const space = '/api/v1/namespaces/scs-kaas-sonobuoy';
  let tests: SonobuoyCluster;
  beforeEach(async () => {
    tests = new SonobuoyCluster();
    await tests.start();
    const annotations = { 'scs-kaas/e2e-name': 'run-1', 'scs-kaas/e2e-owner': 'github.com/scs/demo' };
    tests.put('/api/v1/namespaces', { name: 'scs-kaas-sonobuoy', labels: { ...e2eLabels }, annotations });
    tests.put(`${space}/pods`, { name: 'sonobuoy', labels: { 'sonobuoy-component': 'aggregator' } });
  });
  afterEach(() => tests.server.close());
  const config = (): string => {
    const path = join(directory, 'kubeconfig-of-tests');
    writeFileSync(path, tests.server.kubeconfig({ token }));
    return path;
  };
  const cleanup = (...args: readonly string[]): Promise<Ended> => program(['cleanup', '--kubeconfig', config(), ...args]);
  const context = (): Parameters<typeof cleanUpE2e>[1] => ({
    env: { INPUT_KUBECONFIG: config() },
    log: () => undefined,
    secret: () => undefined,
    directory,
  });
  const times = { maxMs: 10_000, unsureMs: 3_000 };

  test('is named, and left alone', async () => {
    const { code, stdout } = await cleanup();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^left alone: the end-to-end run that github.com\/scs\/demo has started at .*--all removes it too\n$/);
    expect(tests.paths).toContain(space);
  });
  test('is removed by --all', async () => {
    expect(await cleanup('--all')).toMatchObject({ code: 0 });
    expect(tests.paths).toEqual([]);
  });
  test('of a namespace of that name that is not marked is nobody’s of ours', async () => {
    tests.objects.get(space)!.labels['scs-kaas/e2e'] = 'other';
    expect((await cleanup('--all')).stdout).toBe('nothing was found that runs have left\n');
    expect(tests.paths).toContain(space);
  });
  test('goes with the post step of the job that has started it', async () => {
    expect(await cleanUpE2e('run-1', context(), times)).toEqual([]);
    expect(tests.paths).toEqual([]);
  });
  test.each(['', 'none', 'run-2'])('stays where the post step has another one, or none (%j)', async (saved) => {
    expect(await cleanUpE2e(saved, context(), { ...times, unsureMs: 100 })).toEqual([]);
    expect(tests.paths).toContain(space);
  });
  test('in a cluster that is away: a warning with the command', async () => {
    tests.away = true;
    expect((await cleanUpE2e('run-1', context(), { maxMs: 3_000, unsureMs: 100 })).join()).toMatch(
      /The end-to-end run may still be there: .*scs-kaas cleanup --all, or: kubectl delete namespace scs-kaas-sonobuoy/,
    );
  });
});

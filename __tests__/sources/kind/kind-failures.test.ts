import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../src/model/errors.js';
import { failure, kindRun, type KindRun } from './kind-run.js';
import { list, notReadyNode, paths, readyCluster } from './ready-cluster.js';

let run: KindRun;
beforeEach(() => {
  run = kindRun();
});
afterEach(() => run.fake.remove());

/** A process that ended counts as gone also before anyone has asked for its exit code. */
const alive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
};
const gone = async (pid: number): Promise<boolean> => {
  for (let i = 0; i < 50 && alive(pid); i++) await new Promise((done) => setTimeout(done, 20));
  return !alive(pid);
};

describe('a cluster that does not come up', () => {
  test('kind fails: its words, a hint, its logs; then the cluster is gone', async () => {
    run.fake.mode('fail');
    const error = await failure(run.open());
    const name = run.states[0]?.name ?? '';
    expect(error.problems).toHaveLength(1);
    expect(error.message).toMatch(
      /Cannot make the kind cluster scs-kaas-123-2-[0-9a-f]{8}: kind ended with exit code 1: failed to create cluster: could not find a log line.*inotify.*kind's logs are in .*-logs\.$/,
    );
    expect(readdirSync(join(run.fake.env['RUNNER_TEMP'] ?? '', `${name}-logs`))).toEqual(['kind-version.txt']);
    expect(run.fake.clusters()).toEqual([]);
    expect(run.called().slice(2)).toEqual(['create cluster', expect.stringContaining('export'), 'delete cluster', 'get nodes']);
    expect(run.events).toEqual(['saved with 0 clusters', 'logs', 'released']);
  });
  test('kind leaves no logs', async () => {
    run.fake.mode('no-logs');
    const error = await failure(
      run.open({}, { openKubeconfig: () => Promise.reject(new UserError(['The API server shows another certificate.'])) }),
    );
    expect(error.message).toBe('The API server shows another certificate. kind left no logs.');
    expect(run.events).not.toContain('logs');
  });
  test('kind hangs: the time-out ends it and all that it started', async () => {
    run.fake.mode('hang');
    const error = await failure(run.open({ waitMs: 1_000 }));
    expect(error.message).toMatch(/it took longer than 1 s, last ".*"; give it more time with "timeout"/);
    expect(await gone(Number(run.fake.file('grandchild')))).toBe(true);
    expect(run.fake.clusters()).toEqual([]);
  });
  test('kind hangs and does not heed the signal', async () => {
    run.fake.mode('deaf');
    const error = await failure(run.open({ waitMs: 1_000 }));
    expect(error.message).toContain('it took longer than');
    expect(await gone(Number(run.fake.file('grandchild')))).toBe(true);
  });
  test('pods do not become ready: they are named, and the connection is closed', async () => {
    const noNodes = run.opened(readyCluster({ [paths.nodes]: list([]) }));
    const error = await failure(run.open({ waitMs: 2_000 }, { openKubeconfig: () => Promise.resolve(noNodes) }));
    expect(error.message).toMatch(/was made, but did not become ready within 2 s: not ready: 0 of 3 nodes joined.*logs are in/);
    expect(run.events).toEqual(['saved with 0 clusters', 'closed', 'logs', 'released']);
    expect(run.fake.clusters()).toEqual([]);
  });
  test('it cannot be deleted: the error tells how to do it by hand', async () => {
    run.fake.mode('delete-fails');
    const noNodes = run.opened(readyCluster({ [paths.nodes]: list([]) }));
    const error = await failure(run.open({ waitMs: 2_000 }, { openKubeconfig: () => Promise.resolve(noNodes) }));
    expect(error.message).toContain(`failed to delete nodes. Delete it with: kind delete cluster --name ${run.states[0]?.name ?? ''}`);
    expect(run.events).not.toContain('released');
  });
  test('it cannot be deleted when it is closed: a warning', async () => {
    const cluster = await run.open();
    run.fake.mode('delete-fails');
    expect(await cluster.close()).toEqual([
      'a warning of the connection',
      expect.stringContaining(`The kind cluster ${cluster.name} may still be there`),
    ]);
  });
});

describe('what kind cannot know', () => {
  const here = { container: false, remoteEngine: false, cpu: 'amd64' };
  const refused = (): Promise<never> =>
    Promise.reject(new UserError(['Cannot reach the API server: connect ECONNREFUSED 127.0.0.1:41234.']));
  test.each([
    ['in a container', { ...here, container: true }, /ECONNREFUSED.* This step runs in a container, .*cluster: kubeconfig/],
    ['with an engine elsewhere', { ...here, remoteEngine: true }, /ECONNREFUSED.* The container engine is on another machine/],
  ])('its API server cannot be reached %s: why, and the cluster is gone', async (_, surroundings, text) => {
    const error = await failure(run.open({}, { openKubeconfig: refused, surroundings }));
    expect(error.message).toMatch(text);
    expect(run.fake.clusters()).toEqual([]);
  });
  test('its API server cannot be reached, and nothing explains it; or kind itself is refused by a registry', async () => {
    expect((await failure(run.open({}, { openKubeconfig: refused, surroundings: here }))).message).not.toMatch(/container|engine/);
    run.fake.mode('no-registry');
    const error = await failure(run.open({}, { surroundings: { ...here, container: true } }));
    expect(error.message).toContain('The node image cannot be pulled');
    expect(error.message).not.toContain('loopback');
  });
  test('it has no network plugin: the run does not wait for its end, and says how it is done', async () => {
    const config = join(run.fake.directory, 'own.yaml');
    writeFileSync(config, 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnetworking: { disableDefaultCNI: true }\n');
    const nodes = run.opened(
      readyCluster({ [paths.nodes]: list([notReadyNode('c1', 'KubeletNotReady', 'reason:NetworkPluginNotReady message:cni plugin')]) }),
    );
    const began = performance.now();
    const error = await failure(
      run.open({ config, waitMs: 120_000 }, { openKubeconfig: () => Promise.resolve(nodes), networkMs: 100, surroundings: here }),
    );
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(error.message).toMatch(
      /was made, but did not become ready: no network plugin: node c1 .*disableDefaultCNI.*`kind create cluster --config FILE`.*`cluster: kubeconfig`/,
    );
    expect(run.lines.join('\n')).toContain('disableDefaultCNI');
    expect(run.fake.clusters()).toEqual([]);
  });
});

describe('a run that is cancelled', () => {
  test('while kind works: all it started ends, the cluster is gone, no time is spent on logs', async () => {
    run.fake.mode('hang');
    const opening = failure(run.open());
    while (run.fake.file('grandchild') === undefined) await new Promise((done) => setTimeout(done, 10));
    run.stop.abort(new Error('SIGINT'));
    expect((await opening).message).toBe(`Making the kind cluster ${run.states[0]?.name ?? ''} was cancelled.`);
    expect(await gone(Number(run.fake.file('grandchild')))).toBe(true);
    expect(run.fake.clusters()).toEqual([]);
    expect(run.called().join()).not.toContain('export');
  });
  test('by a signal to the process, where nobody else listens', async () => {
    run.fake.mode('hang');
    const opening = failure(run.open());
    while (run.fake.file('grandchild') === undefined) await new Promise((done) => setTimeout(done, 10));
    process.emit('SIGINT');
    expect((await opening).message).toContain('was cancelled');
    expect(run.fake.clusters()).toEqual([]);
    expect(run.called().join()).not.toContain('export');
    expect(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')).toBe(0);
  });
  test('while it waits for the nodes', async () => {
    const noNodes = run.opened(readyCluster({ [paths.nodes]: list([]) }));
    const opening = failure(
      run.open(
        {},
        {
          openKubeconfig: () => {
            setTimeout(() => run.stop.abort(new Error('SIGINT')), 50);
            return Promise.resolve(noNodes);
          },
        },
      ),
    );
    expect((await opening).message).toContain('was cancelled');
    expect(run.events).toEqual(['saved with 0 clusters', 'closed', 'released']);
    expect(run.fake.clusters()).toEqual([]);
  });
  test('before anything began: nothing is created', async () => {
    run.stop.abort(new Error('SIGINT'));
    await failure(run.open());
    expect(run.called()).not.toContain('create cluster');
    expect(run.states).toEqual([]);
  });
});

describe('clusters of others', () => {
  test('stay, whatever happens to ours', async () => {
    run.fake.addCluster('good');
    run.fake.addCluster('scs-kaas');
    await (await run.open()).close();
    run.fake.mode('fail');
    await failure(run.open());
    expect(run.fake.clusters()).toEqual(['good', 'scs-kaas']);
  });
  test('one that appears under our name meanwhile is not deleted, and the state is let go', async () => {
    run.fake.mode('taken');
    const error = await failure(run.open({}, { onCreating: ({ name }) => (run.fake.addCluster(name), undefined) }));
    expect(error.message).toContain('appeared meanwhile and is left alone');
    expect(run.fake.clusters()).toHaveLength(1);
    expect(run.called()).not.toContain('delete cluster');
    expect(run.events).toEqual(['released']);
  });
  test('no container engine: one clear error, nothing saved', async () => {
    run.fake.mode('no-engine');
    const error = await failure(run.open());
    expect(error.message).toMatch(
      /^Cannot list the kind clusters of this machine: .*kind needs a container engine: start Docker, Podman or nerdctl/,
    );
    expect(run.states).toEqual([]);
  });
  test('bad options: all of them at once, before kind is looked for', async () => {
    const error = await failure(run.open({ config: '--retain', image: '-x', kindVersion: 'new' }));
    expect(error.problems).toHaveLength(3);
    expect(run.fake.calls()).toEqual([]);
  });
});

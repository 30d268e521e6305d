import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodes } from '../../src/facts/nodes.js';
import { UserError } from '../../src/model/errors.js';
import { cleanUpKind, parseKindState, type KindState } from '../../src/sources/kind/clean-up.js';
import { kindCaveat, kindSource } from '../../src/sources/kind/kind.js';
import { kubeconfigDefaults, kubeconfigSource } from '../../src/sources/kubeconfig/index.js';
import type { Opened, SourceContext } from '../../src/sources/source.js';
import { factPorts } from '../helpers/fact-ports.js';
import { environment } from './support.js';

jest.setTimeout(420_000);

const image = process.env['TESTBED_NODE_IMAGE'] ?? 'kindest/node:v1.36.3';
const userKubeconfig = join(process.env['HOME'] ?? '/', '.kube', 'config');

let directory = '';
let bystanders: string[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-e2e-'));
});
afterEach(() => {
  for (const id of bystanders) docker('rm', id);
  bystanders = [];
  rmSync(directory, { recursive: true, force: true });
});

const openKubeconfig = (path: string, context: SourceContext): Promise<Opened> =>
  kubeconfigSource.open({ ...kubeconfigDefaults, kubeconfig: path }, context);

const contextWith = (signal: AbortSignal, log: (line: string) => void): SourceContext => ({
  env: environment(),
  signal,
  log,
  secret: () => undefined,
  directory,
});
const clusters = (): readonly string[] =>
  execFileSync('kind', ['get', 'clusters'], { encoding: 'utf8', env: environment(), stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((name) => name !== '');
/** Containers of a cluster, by the label that kind gives them, whatever kind itself says. */
const containers = (name: string): string => docker('ps', '-aq', '--filter', `label=io.x-k8s.kind.cluster=${name}`);
const docker = (...words: readonly string[]): string => execFileSync('docker', words, { encoding: 'utf8', env: environment() }).trim();
/** A cluster of somebody else, as kind sees it: a container with its label; removed after the test. */
const bystander = (name: string): void => {
  bystanders.push(docker('create', '--label', `io.x-k8s.kind.cluster=${name}`, '--label', 'io.x-k8s.kind.role=control-plane', image));
};
const bytes = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

test('three nodes in three zones are made, used and given back', async () => {
  const [lines, saved]: [string[], KindState[]] = [[], []];
  const ownConfig = bytes(userKubeconfig);
  const other = `e2e-${randomBytes(4).toString('hex')}`;
  bystander(other);
  const source = kindSource({ openKubeconfig, onCreating: (state) => void saved.push(state), logsParent: directory });
  const opened = await source.open(
    { name: 'e2e', image, waitMs: 300_000 },
    contextWith(new AbortController().signal, (line) => lines.push(line)),
  );
  try {
    expect(opened).toMatchObject({ source: 'kind', name: saved[0]?.name, caveats: [kindCaveat] });
    expect(clusters()).toContain(opened.name);
    expect(opened.kubeconfig).toBeDefined();
    expect(statSync(opened.kubeconfig ?? '').mode & 0o777).toBe(0o600);
    if (!opened.cluster.live) throw new Error('a kind cluster is a live one');
    const found = await nodes.collect({ ...factPorts({}), api: opened.cluster.api });
    expect(found.map((node) => node.ready)).toEqual([true, true, true]);
    expect(found.map((node) => node.labels['topology.kubernetes.io/zone']).sort()).toEqual(['zone-1', 'zone-2', 'zone-3']);
    expect(new Set(found.map((node) => node.labels['topology.kubernetes.io/region']))).toEqual(new Set(['region-1']));
    const pods = await opened.cluster.api.request({ path: '/api/v1/pods' });
    const states = (JSON.parse(pods.text) as { items: { status: { containerStatuses: { ready: boolean }[] } }[] }).items.flatMap((pod) =>
      pod.status.containerStatuses.map((c) => c.ready),
    );
    expect(states.length).toBeGreaterThanOrEqual(13);
    expect(states).not.toContain(false);
  } finally {
    expect(await opened.close()).toEqual([]);
  }
  expect(await opened.close()).toEqual([]);
  expect(clusters()).not.toContain(opened.name);
  expect(clusters()).toContain(other);
  expect(containers(opened.name)).toBe('');
  expect(existsSync(opened.kubeconfig ?? '')).toBe(false);
  expect(bytes(userKubeconfig)).toBe(ownConfig);
  expect(lines.join('\n')).toContain('is ready');
});

test('a run that is cancelled while nodes start leaves nothing', async () => {
  const stop = new AbortController();
  const saved: string[] = [];
  const source = kindSource({ openKubeconfig, onCreating: (state) => void saved.push(JSON.stringify(state)), logsParent: directory });
  const opening = source.open(
    { name: 'e2e', image, waitMs: 300_000 },
    contextWith(stop.signal, (line) => {
      if (line.includes('Preparing nodes')) setTimeout(() => stop.abort(new Error('cancelled')), 700);
    }),
  );
  await expect(opening).rejects.toThrow(UserError);
  await expect(opening).rejects.toThrow('was cancelled');
  const state = parseKindState(saved[0] ?? '');
  if (state === undefined) throw new Error('the state was not saved before the cluster was made');
  expect(await cleanUpKind(state, () => undefined, { env: environment() })).toEqual([]);
  expect(clusters()).not.toContain(state.name);
  expect(containers(state.name)).toBe('');
});

test('a process that dies while nodes start leaves nothing after the post step', async () => {
  const state: KindState = {
    name: `e2e-${randomBytes(4).toString('hex')}`,
    kindPath: execFileSync('which', ['kind'], { encoding: 'utf8', env: environment() }).trim(),
    directory,
  };
  const script = `import { spawn } from 'node:child_process';
    spawn(process.argv[2], ['create', 'cluster', '--name', process.argv[3], '--retain', '--image', process.argv[4], '--kubeconfig', process.argv[5]], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 4000);`;
  writeFileSync(join(directory, 'dies.mjs'), script);
  const dies = [join(directory, 'dies.mjs'), state.kindPath, state.name, image, join(directory, 'unused')];
  expect(() => execFileSync(process.execPath, dies, { env: environment(), stdio: 'ignore' })).toThrow();
  expect(containers(state.name)).not.toBe('');
  expect(await cleanUpKind(state, () => undefined, { env: environment() })).toEqual([]);
  expect(await cleanUpKind(state, () => undefined, { env: environment() })).toEqual([]);
  expect(containers(state.name)).toBe('');
});

test('an image that cannot be had: the error says so, and nothing is left', async () => {
  const before = clusters();
  const source = kindSource({ openKubeconfig, logsParent: directory });
  const opening = source.open(
    { name: 'e2e', image: 'localhost:9/none:v1', waitMs: 60_000 },
    contextWith(new AbortController().signal, () => undefined),
  );
  await expect(opening).rejects.toThrow(/failed to pull image.*The node image cannot be pulled/s);
  expect(clusters().filter((name) => name.startsWith('e2e-') && !before.includes(name))).toEqual([]);
});

test('nodes that cannot become ready: the error names them, the logs are kept, the cluster is gone', async () => {
  const config = join(directory, 'no-network.yaml');
  writeFileSync(config, 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnetworking: { disableDefaultCNI: true }\n');
  const [folders, saved]: [string[], KindState[]] = [[], []];
  const source = kindSource({
    openKubeconfig,
    onCreating: (state) => void saved.push(state),
    onLogs: (folder) => void folders.push(folder),
    logsParent: directory,
  });
  const opening = source.open(
    { name: 'e2e', image, config, waitMs: 90_000 },
    contextWith(new AbortController().signal, () => undefined),
  );
  await expect(opening).rejects.toThrow(/node .*-control-plane \(KubeletNotReady.*disableDefaultCNI.*logs are in/s);
  expect(existsSync(join(folders[0] ?? '', `${saved[0]?.name ?? ''}-control-plane`, 'kubelet.log'))).toBe(true);
  expect(containers(saved[0]?.name ?? '')).toBe('');
});

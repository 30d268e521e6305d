import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodes } from '../../src/facts/nodes.js';
import { UserError } from '../../src/model/errors.js';
import { obtainKind } from '../../src/sources/kind/binary.js';
import { cleanUpKind, parseKindState, type KindState } from '../../src/sources/kind/clean-up.js';
import type { WantedKind } from '../../src/sources/kind/image.js';
import { kindCaveat, kindSource, type KindWiring } from '../../src/sources/kind/kind.js';
import type { KindRelease } from '../../src/sources/kind/releases.js';
import { kubeconfigDefaults, kubeconfigSource } from '../../src/sources/kubeconfig.js';
import type { Opened, SourceContext } from '../../src/sources/source.js';
import { factPorts } from '../helpers/fact-ports.js';
import { environment, kindClusters } from './support.js';

jest.setTimeout(420_000);

const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
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
const clusters = (): readonly string[] => kindClusters('e2e-');
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
  expect(clusters().filter((name) => !before.includes(name))).toEqual([]);
});

test('nodes without a network plugin: the error names them long before the end, the logs are kept, the cluster is gone', async () => {
  const config = join(directory, 'no-network.yaml');
  writeFileSync(config, 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnetworking: { disableDefaultCNI: true }\n');
  const [folders, saved]: [string[], KindState[]] = [[], []];
  const source = kindSource({
    openKubeconfig,
    onCreating: (state) => void saved.push(state),
    onLogs: (folder) => void folders.push(folder),
    logsParent: directory,
    networkMs: 5_000,
  });
  const began = performance.now();
  const opening = source.open(
    { name: 'e2e', image, config, waitMs: 400_000 },
    contextWith(new AbortController().signal, () => undefined),
  );
  await expect(opening).rejects.toThrow(
    /did not become ready: no network plugin: node .*-control-plane \(KubeletNotReady.*disableDefaultCNI.*cluster: kubeconfig.*logs are in/s,
  );
  expect(performance.now() - began).toBeLessThan(300_000);
  expect(existsSync(join(folders[0] ?? '', `${saved[0]?.name ?? ''}-control-plane`, 'kubelet.log'))).toBe(true);
  expect(containers(saved[0]?.name ?? '')).toBe('');
});

test('a patch in the form of another version of kubeadm: the error says so', async () => {
  const config = join(directory, 'patched.yaml');
  const patch = "[{ op: replace, path: /apiServer/extraArgs, value: { v: '3' } }]";
  const target = `{ group: kubeadm.k8s.io, version: v1beta4, kind: ClusterConfiguration, patch: "${patch}" }`;
  writeFileSync(config, `kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nkubeadmConfigPatchesJSON6902: [${target}]\n`);
  const opening = kindSource({ openKubeconfig, logsParent: directory }).open(
    { name: 'e2e', image, config, waitMs: 300_000 },
    contextWith(new AbortController().signal, () => undefined),
  );
  await expect(opening).rejects.toThrow(/failed to init node with kubeadm.*kubeadm cannot read its configuration.*"extraArgs" is a list/s);
});

describe('a kind of another version on the PATH', () => {
  const real = execFileSync('sh', ['-c', 'command -v kind'], { encoding: 'utf8', env: environment() }).trim();
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(execFileSync(real, ['version'], { encoding: 'utf8' }))?.[1] ?? '';
  const listed: KindRelease = {
    version,
    images: [{ kubernetes: /:v([\d.]+)/.exec(image)?.[1] ?? '', image }],
    sha256: {},
  };
  let publisher: Server;
  let installation: NonNullable<KindWiring['installation']>;
  /** The real program, as its publisher would serve it. */
  beforeAll(async () => {
    const sha256 = createHash('sha256').update(readFileSync(real)).digest('hex');
    publisher = createServer((_, response) => void createReadStream(real).pipe(response));
    await new Promise<void>((done) => publisher.listen(0, '127.0.0.1', done));
    installation = {
      downloads: `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`,
      releases: [{ ...listed, sha256: { 'linux-amd64': sha256, 'linux-arm64': sha256 } }],
    };
  });
  afterAll(() => void publisher.close());

  /** The real program behind one that reports another version, first on the PATH. */
  const reporting = (other: string, log: (line: string) => void): SourceContext => {
    const bin = join(directory, 'bin');
    mkdirSync(bin, { recursive: true });
    const script = `#!/bin/sh\n[ "$1" = version ] && { echo 'kind v${other} go1.26.8 linux/amd64'; exit; }\nexec '${real}' "$@"\n`;
    writeFileSync(join(bin, 'kind'), script, { mode: 0o755 });
    const env = { ...environment(), PATH: `${bin}:${environment()['PATH'] ?? ''}`, RUNNER_TOOL_CACHE: join(directory, 'tools') };
    return { ...contextWith(new AbortController().signal, log), env };
  };
  const oneNode = (): string => {
    const config = join(directory, 'one.yaml');
    writeFileSync(config, 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n');
    return config;
  };

  test.each<[string, string, Partial<WantedKind>]>([
    ['it is a build between releases', `${version}-alpha+0123456789abcd`, {}],
    ['another version of kind is asked for', '0.31.0', { kindVersion: version }],
    ['it lists no image of the version that is asked for', '0.31.0', { kubernetesVersion: listed.images[0]?.kubernetes ?? '' }],
  ])('is not used where %s: the known one is installed, with its image', async (_, other, wanted) => {
    const lines: string[] = [];
    const { env, signal, log } = reporting(other, (line) => lines.push(line));
    const obtained = await obtainKind({ namesImages: false, ...wanted }, env, { ...installation, signal, log });
    expect(obtained).toMatchObject({ kind: { version, path: join(directory, 'tools', 'scs-kaas', 'kind', version, cpu, 'kind') }, image });
    expect(lines.join('\n')).toContain(`kind ${other} on the PATH is not used: `);
  });

  test('is not used where its images are not known: the known one is installed, and makes the cluster', async () => {
    const opened = await kindSource({ openKubeconfig, installation, logsParent: directory }).open(
      { name: 'e2e', config: oneNode(), waitMs: 300_000 },
      reporting('0.99.0', () => undefined),
    );
    try {
      expect(opened.detail).toBe(`kind ${version}, ${image}, 1 node`);
      expect(clusters()).toContain(opened.name);
    } finally {
      expect(await opened.close()).toEqual([]);
    }
    expect(containers(opened.name)).toBe('');
  });

  test('is used with an image that the user names for it', async () => {
    const context = reporting('0.99.0', () => undefined);
    const opened = await kindSource({ openKubeconfig, logsParent: directory }).open(
      { name: 'e2e', config: oneNode(), image, waitMs: 300_000 },
      context,
    );
    expect(opened.detail).toBe(`kind 0.99.0, ${image}, 1 node`);
    expect(await opened.close()).toEqual([]);
    expect(containers(opened.name)).toBe('');
  });

  test.each([
    ['0.99.0', {}, /^Cannot install kind.*kind 0\.99\.0 on the PATH is not used: .*set "kind.image" to an image of kind 0\.99\.0\.$/s],
    ['0.99.0', { kindVersion: '0.99.0' }, /^No node image of kind 0\.99\.0 is known\./],
    ['0.31.0', { kindVersion: version }, /^Cannot install kind.*"kind.version" is /s],
  ])('reports %s, with %j, and no other can be had: an error, and no cluster', async (other, options, text) => {
    const before = clusters();
    const opening = kindSource({ openKubeconfig, installation: { ...installation, downloads: 'http://127.0.0.1:9' } }).open(
      { name: 'e2e', waitMs: 60_000, ...options },
      reporting(other, () => undefined),
    );
    await expect(opening).rejects.toThrow(UserError);
    await expect(opening).rejects.toThrow(text);
    expect(clusters()).toEqual(before);
  });
});

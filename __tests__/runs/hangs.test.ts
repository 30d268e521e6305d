import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  answers,
  startHostile as startServer,
  startHostileApi as startApi,
  tunnels,
  wires,
  type HostileServer,
  type Talk,
} from '../helpers/hostile-server.js';
import { watch, type Watched, type WatchOptions } from '../helpers/watched-process.js';
import pLimit from 'p-limit';

/** Whatever hangs, floods or drips: the built program ends within ten seconds of its deadline or signal, in little memory, and never compliant. */
jest.setTimeout(300_000);
const maxAfterMs = 10_000;
const maxMb = 600;
const timeoutMs = 2_500;

/** A run in one situation; the name of a situation of its own directory. */
type Situation = (directory: string) => Promise<Partial<WatchOptions> & { readonly server?: HostileServer }>;

const soon = Promise.resolve();
const servers: HostileServer[] = [];
const kept = async (starting: Promise<HostileServer>): Promise<HostileServer> => {
  const server = await starting;
  servers.push(server);
  return server;
};
const startHostile = (...args: Parameters<typeof startServer>): Promise<HostileServer> => kept(startServer(...args));
const startHostileApi = (talk: Talk): Promise<HostileServer> => kept(startApi(talk));
const kubeconfigOf = (cluster: object, user: object = {}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'x',
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    clusters: [{ name: 'x', cluster }],
    users: [{ name: 'x', user }],
  });
const file = async (directory: string, text: string, name = 'file'): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
};
const checkOf = async (directory: string, kubeconfig: string): Promise<readonly string[]> => [
  ...['check', '--format', 'json', '--kubeconfig', await file(directory, kubeconfig, 'kubeconfig')],
  ...['--timeout', `${timeoutMs / 1_000}s`],
];

const hostileApi =
  (talk: Talk): Situation =>
  async (directory) => {
    const server = await startHostileApi(talk);
    return { server, args: [...(await checkOf(directory, kubeconfigOf({ server: `http://127.0.0.1:${server.port}` }))), '--offline'] };
  };
const hostileWire =
  (talk: Talk, scheme: 'http' | 'https'): Situation =>
  async (directory) => {
    const server = await startHostile(talk, talk !== wires['never answers']);
    const url = `${scheme}://127.0.0.1:${server.port}`;
    return { server, args: [...(await checkOf(directory, kubeconfigOf({ server: url }))), '--offline'] };
  };
const hostileProxy =
  (talk: Talk, proxyScheme: 'http' | 'https', scheme: 'http' | 'https'): Situation =>
  async (directory) => {
    const server = await startHostile(talk);
    const cluster = { server: `${scheme}://192.0.2.1:6443`, 'proxy-url': `${proxyScheme}://127.0.0.1:${server.port}` };
    return { server, args: [...(await checkOf(directory, kubeconfigOf(cluster))), '--offline'] };
  };
/** The cluster answers at once, and nobody else does. */
const nothing: Talk = (socket) => socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}');
const hostileOutside =
  (talk: Talk): Situation =>
  async (directory) => {
    const [api, server] = [await startHostileApi(nothing), await startHostile(talk)];
    const env = { HTTPS_PROXY: `http://127.0.0.1:${server.port}` };
    return { server, env, args: await checkOf(directory, kubeconfigOf({ server: `http://127.0.0.1:${api.port}` })) };
  };
const plugin =
  (script: string): Situation =>
  async (directory) => {
    const api = await startHostileApi(nothing);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command: 'sh', args: ['-c', script] };
    const cluster = { server: `http://127.0.0.1:${api.port}` };
    return { met: soon, server: api, args: [...(await checkOf(directory, kubeconfigOf(cluster, { exec }))), '--offline'] };
  };
const hostileForge =
  (talk: Talk): Situation =>
  async (directory) => {
    const server = await startHostile(talk);
    const head = { sha: 'a'.repeat(40), repo: { full_name: 'octo/clusters', fork: false } };
    const event = {
      pull_request: { number: 7, head, base: { repo: { full_name: 'octo/clusters' } } },
      repository: { full_name: 'octo/clusters' },
    };
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: await file(directory, JSON.stringify(event), 'event'),
      GITHUB_REPOSITORY: 'octo/clusters',
      GITHUB_API_URL: `http://127.0.0.1:${server.port}`,
      GITHUB_OUTPUT: await file(directory, '', 'output'),
      GITHUB_STATE: await file(directory, '', 'state'),
      INPUT_CLUSTER: 'embedded',
      INPUT_OFFLINE: 'true',
      'INPUT_GITHUB-TOKEN': 'ghs_made-up-for-this-test',
      RUNNER_TEMP: directory,
    };
    return { entry: 'action', server, env, args: [] };
  };
const hostileAction =
  (talk: Talk): Situation =>
  async (directory) => {
    const server = await startHostileApi(talk);
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: await file(directory, '', 'output'),
      GITHUB_STATE: await file(directory, '', 'state'),
      INPUT_KUBECONFIG: await file(directory, kubeconfigOf({ server: `http://127.0.0.1:${server.port}` }), 'kubeconfig'),
      INPUT_OFFLINE: 'true',
      INPUT_TIMEOUT: `${timeoutMs / 1_000}s`,
      RUNNER_TEMP: directory,
    };
    return { entry: 'action', server, env, args: [] };
  };
const deafKind: Situation = async (directory) => {
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await chmod(await file(bin, `#!/bin/sh\ntrap '' INT TERM HUP\nwhile :; do sleep 1; done\n`, 'kind'), 0o755);
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  return { met: soon, env, args: ['check', '--cluster', 'kind', '--format', 'json', '--offline'] };
};
const anchors = Array.from({ length: 100_000 }, (_, i) => `- &a${i} x\n- *a${i}\n`).join('');
/** The words of an option, or of a key of the config file. */
const wordsOf = (name: string, value: string): readonly string[] => (name.startsWith('--') ? [name, value] : ['--set', `${name}=${value}`]);
const costlyFile =
  (option: string, text: string): Situation =>
  async (directory) => ({
    met: soon,
    args: [
      ...['check', '--format', 'json', '--offline'],
      ...(option === '--kubeconfig' ? [] : ['--cluster', 'embedded']),
      ...wordsOf(option, await file(directory, text)),
    ],
  });
const fifo =
  (option: string): Situation =>
  async (directory) => {
    const path = join(directory, 'fifo');
    execFileSync('mkfifo', [path]);
    const kubeconfig = {
      tokenFile: kubeconfigOf({ server: 'http://127.0.0.1:1' }, { tokenFile: path }),
      'client-certificate': kubeconfigOf({ server: 'https://127.0.0.1:1' }, { 'client-certificate': path, 'client-key': path }),
      'certificate-authority': kubeconfigOf({ server: 'https://127.0.0.1:1', 'certificate-authority': path }),
    }[option];
    if (kubeconfig !== undefined) return { met: soon, args: await checkOf(directory, kubeconfig) };
    const cluster = ['--kubeconfig', '--cluster'].includes(option) ? [] : ['--cluster', 'embedded'];
    return {
      met: soon,
      args: ['check', '--format', 'json', '--offline', ...cluster, ...wordsOf(option, option === '--cluster' ? `snapshot:${path}` : path)],
    };
  };
const closedOutput: Situation = async (directory) => ({ ...(await hostileApi(wires['never answers']!)(directory)), deaf: true });

/** What ends the program: both signals go the same way in it, so that a situation meets one of them. */
type End = 'deadline' | 'signal';
const all: readonly End[] = ['deadline', 'signal'];
const some = <T>(table: Readonly<Record<string, T>>, ...names: readonly string[]): readonly (readonly [string, T])[] =>
  Object.entries(table).filter(([name]) => names.includes(name));
const few = ['never answers', 'headers without end', 'headers byte by byte', 'provisional answers without end', 'a tunnel to nobody'];

/** The reader opens them without waiting for a writer. */
const fifoRows = [
  ...['tokenFile', 'client-certificate', 'certificate-authority'],
  ...['--kubeconfig', '--cluster', '--config', '--statements', '--source-files', '--e2e-results'],
  ...['data.certificateScope', 'data.releases', 'data.exceptions'],
].map((option) => [`a FIFO as ${option}`, fifo(option), all] as const);

const situations: readonly (readonly [string, Situation, readonly End[]])[] = [
  ...Object.entries(answers).map(([name, talk]) => [`API server, ${name}`, hostileApi(talk), all] as const),
  ...Object.entries(wires).map(([name, talk]) => [`first answer, ${name}`, hostileWire(talk, 'http'), all] as const),
  ['first answer, no TLS handshake', hostileWire(wires['never answers']!, 'https'), all],
  ...Object.entries(tunnels).map(([name, talk]) => [`proxy, ${name}`, hostileProxy(talk, 'http', 'https'), all] as const),
  ['HTTPS proxy, no TLS handshake', hostileProxy(wires['never answers']!, 'https', 'https'), all],
  ...some(wires, ...few).map(([name, talk]) => [`proxy without tunnel, ${name}`, hostileProxy(talk, 'http', 'http'), all] as const),
  ...some(tunnels, ...few).map(([name, talk]) => [`release data, ${name}`, hostileOutside(talk), all] as const),
  ...some(wires, ...few).map(([name, talk]) => [`forge, ${name}`, hostileForge(talk), ['signal']] as const),
  ...some(answers, 'never answers', 'pages without end', 'a gzip bomb').map(
    ([name, talk]) => [`action, ${name}`, hostileAction(talk), all] as const,
  ),
  ['plugin that hangs', plugin('sleep 300'), all],
  ['plugin that hears no signal', plugin(`trap '' INT TERM HUP; while :; do sleep 1; done`), all],
  ['plugin with a daemon that holds its pipes', plugin('sleep 30 & exit 1'), all],
  ['plugin that prints without end', plugin('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'), all],
  ['plugin that complains without end', plugin('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx >&2; done'), all],
  ['kind that hears no signal', deafKind, ['signal']],
  ['kubeconfig of 100,000 anchors', costlyFile('--kubeconfig', anchors), ['deadline']],
  ['scope of 100,000 anchors', costlyFile('data.certificateScope', anchors), ['deadline']],
  ['config file of 100,000 anchors', costlyFile('--config', anchors), ['deadline']],
  ['statements of 100,000 anchors', costlyFile('--statements', anchors), ['deadline']],
  ['standard output is closed', closedOutput, all],
  ...fifoRows,
];

const rows = situations.flatMap(([name, situation, ends], i) =>
  ends.map((end): readonly [string, WatchOptions['end'], Situation] => [
    name,
    end === 'deadline' ? timeoutMs : (['SIGINT', 'SIGTERM'] as const)[i % 2]!,
    situation,
  ]),
);
const inTurn = pLimit(4);
let directory: string;
let results: readonly Promise<Watched>[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-hangs-'));
  results = rows.map(([, end, situation], i) =>
    inTurn(async () => {
      const own = join(directory, String(i));
      await mkdir(own);
      const { server, ...options } = await situation(own);
      try {
        return await watch({ entry: 'cli', args: [], env: {}, directory: own, met: server?.met ?? soon, end, ...options });
      } finally {
        server?.close();
      }
    }),
  );
  for (const result of results) result.catch(() => undefined);
});
afterAll(async () => {
  await Promise.allSettled(results);
  for (const server of servers) server.close();
  await rm(directory, { recursive: true, force: true });
});

describe('ends in time, in little memory, and never as compliant', () => {
  test.each(rows.map(([name, end], i) => [name, typeof end === 'number' ? 'deadline' : end, i] as const))('%s: %s', async (_, end, i) => {
    const it = await results[i]!;
    const told = `${it.stderr.slice(-2_000)}\n${it.stdout.slice(0, 300)}`;
    // One that is met before it has taken the signals over ends by them.
    const signal = it.signal === end ? null : it.signal;
    const seen = { ...it, signal, slow: it.afterMs > maxAfterMs, fat: it.peakMb > maxMb, stdout: '', stderr: told };
    expect(seen).toMatchObject({ signal: null, slow: false, fat: false });
    const code = it.code ?? 130;
    // A forge or a slow file changes no verdict; the embedded example has failures of its own.
    expect(code).toBeGreaterThan(0);
    expect(code).not.toBe(70);
    expect(it.stdout).not.toMatch(/"verdict": "compliant"|unhandled|at file:/i);
    if (typeof end === 'string' && end !== 'deadline' && it.afterMs > 500 && !it.stdout.startsWith('::')) expect([1, 130]).toContain(code);
  });
});

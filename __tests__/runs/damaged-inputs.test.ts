import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createAuthority } from '../helpers/certificates.js';
import { damagedForms } from '../helpers/damaged-forms.js';
import { variableOf } from '../../src/cli/secrets.js';
import { scsReportText } from '../../src/reporters/scs-report-text.js';
import { handIn, mixed, reportWith } from '../helpers/official.js';
import { codeCache } from '../helpers/program.js';
import { cryptoKey } from '../helpers/signing-keys.js';
import { inTurns } from '../helpers/whole-run.js';

// Some hundred processes, on a busy machine.
jest.setTimeout(240_000);

/**
 * The programs, given every "path or text" in forms that nobody can read: nothing of a secret, not even twelve characters of it, stands in
 * anything that they print, write or start. Masks are the one place where secrets are said, to the runner.
 */
const root = resolve(import.meta.dirname, '..', '..');
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6eDp5In0.b2Ytbm9ib2R5LWF0LWFsbC1zaWduYXR1cmU';
const password = 'pa55-of/nobody+at~all';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const { key } = createAuthority().issue();
const { openssh } = cryptoKey();

const kubeconfig = `apiVersion: v1
kind: Config
current-context: default
clusters:
- name: default
  cluster:
    server: https://127.0.0.1:1
contexts:
- name: default
  context:
    cluster: default
    user: admin
users:
- name: admin
  user:
    token: ${jwt}
    password: ${password}
    client-key-data: ${base64(key)}
`;
const docker = JSON.stringify(
  { auths: { 'registry.example.org': { auth: base64(`me:${password}`), password, identitytoken: jwt } } },
  null,
  2,
);
const login = `example-cloud:${password}`;

/** Texts that are recognised, and broken behind that; and secrets alone. */
const broken: Readonly<Record<string, (text: string) => string>> = {
  'cut off in the middle of the token': (text) => text.slice(0, text.indexOf(jwt) + 40),
  'with its line breaks lost': (text) => text.replaceAll('\n', ' '),
  'with its line breaks lost, before each a colon': (text) => text.replaceAll('\n', ':'),
  'with a tab and a bracket': (text) => text.replace(jwt, `[\t${jwt}`),
  'with a quote that is not closed': (text) => text.replace(jwt, `"${jwt}`),
  'with a secret in the place of a list': (text) => text.replace(/users:[^]*/, `users: ${jwt}\n`),
  'with a secret as a name that is not there': (text) => text.replace('current-context: default', `current-context: default\n${jwt}: x`),
  'in quotes on one side': (text) => `"${text}`,
  'the token alone': () => jwt,
  'the password alone': () => password,
  'the key alone': () => key,
  'the key in one line': () => key.replaceAll('\n', ''),
  'name and token joined by a colon': () => `kubeconfig-u-x7k2p9:${jwt}`,
  'a path and the token': () => `/etc/kubernetes/admin.conf:${jwt}`,
  'a folder that is the token': () => `/tmp/${jwt}/config`,
  'a header': () => `Authorization: Bearer ${jwt}`,
};

/** Every piece of twelve characters of a text. */
const piecesOf = (text: string): readonly string[] =>
  Array.from({ length: Math.max(0, text.length - 11) }, (_, i) => text.slice(i, i + 12));
const ownPieces = new Set([
  ...[jwt, password, ...key.split('\n').slice(1, -2), ...openssh.split('\n').slice(1, -2)].flatMap(piecesOf),
  ...[kubeconfig, docker, login, openssh].map(base64).flatMap(piecesOf),
]);

interface Case {
  readonly name: string;
  readonly given: string;
  /** The entry, its arguments, and its environment. */
  readonly entry: 'cli.js' | 'index.js' | 'action/upload-entry.js';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

let folder = '';
/** Programs that note what they were started with. */
let programs = '';
let report = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-damaged-'));
  programs = join(folder, 'programs');
  report = join(folder, 'report.yaml');
  await mkdir(programs);
  for (const name of ['kind', 'kubectl', 'sonobuoy', 'ssh-keygen', 'docker', 'aws']) {
    await writeFile(join(programs, name), `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >>"$STARTED"\nexit 1\n`);
    await chmod(join(programs, name), 0o755);
  }
  const made = reportWith(mixed, { at: new Date().toISOString() });
  await writeFile(report, scsReportText(made, made.official!, { ...handIn, checkedAt: new Date(Date.now() - 60_000).toISOString() }));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every file below a folder, with its text. */
const filesIn = async (at: string): Promise<readonly (readonly [string, string])[]> => {
  const found: (readonly [string, string])[] = [];
  for (const name of await readdir(at, { recursive: true })) {
    const path = join(at, name);
    if ((await stat(path)).isFile()) found.push([name, await readFile(path, 'latin1')]);
  }
  return found;
};

const run = async ({
  entry,
  args,
  env,
}: Case): Promise<{ readonly code: number | null; readonly texts: readonly (readonly [string, string])[] }> => {
  const home = await mkdtemp(join(folder, 'run-'));
  const files = Object.fromEntries(['summary', 'output', 'state', 'started'].map((name) => [name, join(home, name)]));
  await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
  const action =
    entry !== 'cli.js'
      ? {
          ...{
            GITHUB_ACTIONS: 'true',
            GITHUB_STEP_SUMMARY: files['summary'],
            GITHUB_OUTPUT: files['output'],
            GITHUB_STATE: files['state'],
          },
          ...(entry === 'index.js'
            ? { 'INPUT_OUTPUT-DIRECTORY': join(home, 'reports'), INPUT_OFFLINE: 'true', INPUT_REPORTS: 'log, json' }
            : {}),
        }
      : {};
  const child = spawn(process.execPath, ['--no-warnings', join(root, '.cache/program/bundled', entry), ...args], {
    cwd: home,
    env: {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      TMPDIR: home,
      RUNNER_TEMP: home,
      STARTED: files['started'],
      ...codeCache,
      ...action,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (piece: string) => (texts[stream] += piece));
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearTimeout(timer);
  const log = texts.stdout
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');
  return { code, texts: [['log', log], ['stderr', texts.stderr], ...(await filesIn(home))] };
};

/** What was found where of what may not be anywhere. */
const leaksOf = async (cases: readonly Case[]): Promise<readonly string[]> => {
  const leaks: string[] = [];
  await inTurns(cases, 3, async (one) => {
    const { code, texts } = await run(one);
    const pieces = [...ownPieces, ...(one.given.includes('\n') || one.given.includes(': ') ? [] : piecesOf(one.given.slice(0, 3_000)))];
    // A path is repeated, and so is what stands before the secret in one.
    const told = texts.map(([where, text]) => [where, text.replaceAll('/etc/kubernetes/admin.conf', '')] as const);
    for (const [where, text] of told)
      for (const piece of pieces)
        if (text.includes(piece)) {
          leaks.push(`${one.name}: ${piece} in ${where}`);
          break;
        }
    if (code === 0 || code === null) leaks.push(`${one.name}: ended with ${code ?? 'a signal'}`);
    if (
      !texts.some(
        ([where, text]) =>
          (where === 'log' || where === 'stderr') &&
          /neither|cannot be used|no Docker configuration|holds the secret itself|Cannot read|no private key|it is |is no |not in the kubeconfig|nothing listens|without its key|names no file that is there/.test(
            text,
          ),
      )
    )
      leaks.push(
        `${one.name}: no reason: ${texts
          .map(([, text]) => text)
          .join('')
          .slice(0, 300)}`,
      );
  });
  return leaks;
};

type Make = (given: string) => Omit<Case, 'name' | 'given'>;
const casesOf = (text: string, more: typeof broken, make: Make): readonly Case[] =>
  Object.entries({ ...damagedForms, ...more }).map(([name, form]) => ({ name, given: form(text), ...make(form(text)) }));
/** Every form in one of two ways that lead to the same reader: processes take time. */
const shared = (text: string, more: typeof broken, one: Make, other: Make): readonly Case[] =>
  casesOf(text, more, one).map((made, i) => (i % 2 === 0 ? made : { ...made, ...other(made.given) }));
/** Forms that a pull secret, a login or a key may have are fewer: a login of any characters is one. */
const alone = Object.fromEntries(Object.entries(broken).filter(([name]) => /^the (?:token|key)/.test(name)));

const terminal = (args: readonly string[], env: Case['env'] = {}): Omit<Case, 'name' | 'given'> => ({
  entry: 'cli.js',
  args: ['check', '--offline', ...args],
  env,
});
const workflow = (env: Case['env']): Omit<Case, 'name' | 'given'> => ({ entry: 'index.js', args: [], env });

describe.each<[string, readonly Case[]]>([
  [
    'the option kubeconfig and its variables on a terminal',
    shared(
      kubeconfig,
      broken,
      (given) => terminal(['--kubeconfig', given]),
      (given) => terminal([], { [given.length % 2 === 0 ? 'KUBECONFIG' : variableOf('kubeconfig')]: given }),
    ),
  ],
  [
    'KUBECONFIG and the input kubeconfig in a workflow',
    shared(
      kubeconfig,
      broken,
      (given) => workflow({ KUBECONFIG: given }),
      (given) => workflow({ INPUT_KUBECONFIG: given }),
    ),
  ],
  [
    'the variable that probe.pullSecretFrom names',
    shared(
      docker,
      alone,
      (given) => terminal(['--tier', 'active', '--set', 'probe.pullSecretFrom=env:PULL'], { PULL: given }),
      (given) => workflow({ INPUT_TIER: 'active', INPUT_CONFIG: 'probe: {pullSecretFrom: "env:PULL"}', PULL: given }),
    ),
  ],
  [
    'probe.pullSecretFrom itself',
    shared(
      docker,
      alone,
      (given) => terminal(['--tier', 'active', '--set', `probe.pullSecretFrom=${given}`]),
      (given) => workflow({ INPUT_TIER: 'active', INPUT_CONFIG: JSON.stringify({ probe: { pullSecretFrom: given } }) }),
    ),
  ],
  [
    'the inputs key and login of the action upload',
    casesOf(openssh, alone, (given) => ({
      entry: 'action/upload-entry.js',
      args: [],
      env: { INPUT_REPORT: 'report.yaml', INPUT_URL: 'https://monitor.example.org', INPUT_KEY: given, INPUT_LOGIN: `${base64(login)}!` },
    })),
  ],
  [
    'the options key and login',
    casesOf(login, alone, (given) => ({
      entry: 'cli.js',
      args: ['upload', 'report.yaml', '--url', 'https://monitor.example.org', '--key', `${base64(openssh)}!`, '--login', given],
      env: {},
    })),
  ],
  [
    'the variables of key and login',
    casesOf(openssh, alone, (given) => ({
      entry: 'cli.js',
      args: ['upload', 'report.yaml', '--url', 'https://monitor.example.org'],
      env: { [variableOf('key')]: given, [variableOf('login')]: `${base64(login)}!` },
    })),
  ],
])('%s', (_, cases) => {
  test(`${cases.length} forms: refused with a reason, and nothing of a secret is anywhere`, async () => {
    const place = (word: string): string => (word === 'report.yaml' ? report : word);
    const placed = cases.map((one) => ({
      ...one,
      args: one.args.map(place),
      env: Object.fromEntries(Object.entries(one.env).map(([name, value]) => [name, place(value)])),
    }));
    expect(await leaksOf(placed)).toEqual([]);
  });
});

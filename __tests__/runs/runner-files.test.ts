import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer, type ApiServer } from '../helpers/api-server.js';
import { program, type Ended } from '../helpers/program.js';
import { unusable, type UnusableFile } from '../helpers/unusable-files.js';
import { fakeKind, type FakeKind } from '../sources/kind/fake-kind.js';
import { readyCluster } from '../sources/kind/ready-cluster.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/** The main step as a process, with files of the runner that it cannot write. */
let directory = '';
let reports = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-runner-files-'));
  reports = join(directory, 'reports');
  chmodSync(directory, 0o777);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const root = process.getuid?.() === 0;

const step = async (
  inputs: Readonly<Record<string, string>>,
  files: { readonly output?: string; readonly state?: string; readonly summary?: string },
  more: { readonly env?: Record<string, string>; readonly uid?: number } = {},
): Promise<Ended> =>
  program([], {
    entry: 'index',
    ...(more.uid === undefined ? {} : { uid: more.uid }),
    env: {
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: directory,
      ...(files.output === undefined ? {} : { GITHUB_OUTPUT: files.output }),
      ...(files.state === undefined ? {} : { GITHUB_STATE: files.state }),
      ...(files.summary === undefined ? {} : { GITHUB_STEP_SUMMARY: files.summary }),
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...more.env,
    },
  });

const written = (name: string): string => {
  const path = join(directory, name);
  writeFileSync(path, '');
  return path;
};
/** Warnings about files of the runner or of ours; the report has warnings of its own. */
const warnings = ({ stdout }: Ended): readonly string[] =>
  stdout.split('\n').filter((line) => line.startsWith('::warning') && /cannot be (written|saved)|failed: /.test(line));

/** A path for a process of its own; this one stays who it is. */
const pathOf = (file: UnusableFile): { path?: string; uid?: number } => {
  const folder = mkdtempSync(join(directory, 'files-'));
  const { path, release } = file.make(folder);
  release();
  return { ...(path === undefined ? {} : { path }), ...(file.forOthersOnly === true && root ? { uid: 65_534 } : {}) };
};
const all = (path: string | undefined) => (path === undefined ? {} : { output: path, state: path, summary: path });

describe.each(unusable)('all files of the runner: $name', (file) => {
  test('the verdict, the reason, the exit code and the report stay; each file is one warning', async () => {
    const { path, ...user } = pathOf(file);
    const it = await step({ cluster: 'embedded', offline: 'true', 'output-directory': reports }, all(path), user);
    expect(it).toMatchObject({ code: 1, signal: null, stderr: '' });
    expect(it.stdout).toMatch(/^non-compliant/m);
    expect(it.stdout).toMatch(/^::error::\d+ failed: scs-/m);
    expect(it.stdout).not.toContain('Please report');
    expect(warnings(it).filter((line) => line.includes('GITHUB_OUTPUT'))).toHaveLength(1);
    expect(warnings(it).filter((line) => line.includes('GITHUB_STEP_SUMMARY'))).toHaveLength(1);
    expect(warnings(it)).toHaveLength(2);
    expect(existsSync(join(reports, 'scs-kaas-report.json'))).toBe(true);
  });
});

test.each(['a folder', 'a named pipe that nobody reads', 'not set'])(
  'an input that is wrong, and files that are %s: the input is told',
  async (name) => {
    const { path } = pathOf(unusable.find((file) => file.name === name) ?? unusable[0]!);
    const it = await step({ cluster: 'kinf', tier: 'heavi' }, all(path));
    expect(it.code).toBe(1);
    expect(it.stdout).toMatch(/^::error::2 problems:.*Did you mean "kind"/m);
    expect(it.stdout).not.toContain('Please report');
    expect(warnings(it)).toHaveLength(2);
  },
);

test('nothing is wrong: no warning', async () => {
  const files = { output: written('output'), state: written('state'), summary: written('summary') };
  const it = await step({ cluster: 'embedded', offline: 'true', 'fail-on': 'never' }, files);
  expect(it.code).toBe(0);
  expect(warnings(it)).toEqual([]);
  expect(readFileSync(files.output, 'utf8')).toContain('verdict<<');
  expect(readFileSync(files.summary, 'utf8')).toContain('non-compliant');
});

describe('reports that cannot be written', () => {
  const places: readonly (readonly [string, () => string])[] = [
    ['a file is there', () => written('taken')],
    ['below a file', () => join(written('taken'), 'reports')],
    ['a file system that only reads', () => '/proc/reports'],
    [
      'a link in the workspace',
      () => {
        symlinkSync('/tmp', join(directory, 'link'));
        return join(directory, 'link');
      },
    ],
    [
      'each name is taken by a folder',
      () => {
        for (const name of ['report.json', 'summary.md', 'snapshot.json'])
          mkdirSync(join(directory, 'full', `scs-kaas-${name}`), { recursive: true });
        return join(directory, 'full');
      },
    ],
  ];
  test.each(places)('%s: one warning with what to do; verdict, outputs and summary stay', async (_, place) => {
    const files = { output: written('output'), state: written('state'), summary: written('summary') };
    const more = { env: { GITHUB_WORKSPACE: directory } };
    const it = await step({ cluster: 'embedded', offline: 'true', 'output-directory': place() }, files, more);
    expect(it.code).toBe(1);
    expect(it.stdout).toMatch(/^::error::\d+ failed: scs-/m);
    expect(warnings(it)).toEqual([
      expect.stringMatching(/report\.json failed: .*Set "output-directory" to a directory that this step can write/),
    ]);
    expect(readFileSync(files.output, 'utf8')).toMatch(/^verdict<<\S+\nnon-compliant\n/m);
    expect(readFileSync(files.output, 'utf8')).not.toContain('report-file<<');
    expect(readFileSync(files.summary, 'utf8')).toContain('non-compliant');
  });
});

describe('a kind cluster whose state cannot be saved', () => {
  let fake: FakeKind;
  let cluster: ApiServer;
  beforeEach(async () => {
    fake = fakeKind();
    const routes = Object.entries(readyCluster()).map(([path, answer]) => [`GET ${path}`, 'body' in answer ? answer.body : undefined]);
    cluster = await startApiServer({ routes: Object.fromEntries(routes) as Record<string, unknown> });
  });
  afterEach(async () => {
    fake.remove();
    await cluster.close();
  });
  const onKind = (state: string, inputs: Record<string, string> = {}): Promise<Ended> =>
    step(
      { cluster: 'kind', offline: 'true', 'fail-on': 'never', ...inputs },
      { output: written('output'), state, summary: written('summary') },
      { env: { ...fake.env, INPUT_KUBECONFIG: '' } },
    );

  test('it comes up: it is checked, and deleted at the end of the step; later steps get no kubeconfig', async () => {
    fake.kubeconfig(cluster.kubeconfig());
    const it = await onKind(join(directory, 'nowhere'));
    expect(it.stdout).toMatch(/^::warning::The state of this step cannot be saved.*ENOENT/m);
    expect(it.stdout).toContain('is deleted at the end of this step, since no later step will know of it');
    expect(it.code).toBe(0);
    expect(fake.clusters()).toEqual([]);
    expect(readFileSync(join(directory, 'output'), 'utf8')).toMatch(/^verdict<<(?![^]*^kubeconfig<<)/m);
  });
  test('its state can be saved: it stays for later steps, and the post step deletes it', async () => {
    fake.kubeconfig(cluster.kubeconfig());
    const state = written('state');
    const it = await onKind(state);
    expect(warnings(it)).toEqual([]);
    expect(fake.clusters()).toHaveLength(1);
    expect(readFileSync(join(directory, 'output'), 'utf8')).toMatch(/^kubeconfig<</m);
    const saved = /^kind-cluster<<(\S+)\n(.*)\n\1$/m.exec(readFileSync(state, 'utf8'))?.[2] ?? '';
    const post = await program([], { entry: 'post', env: { ...fake.env, INPUT_KUBECONFIG: '', 'STATE_kind-cluster': saved } });
    expect(post.stdout).toMatch(/The kind cluster scs-kaas-\S+ is deleted/);
    expect(fake.clusters()).toEqual([]);
  });
  test('the user keeps it: there is nothing to save, and it stays', async () => {
    fake.kubeconfig(cluster.kubeconfig());
    const it = await onKind(join(directory, 'nowhere'), { 'keep-cluster': 'TRUE' });
    expect(warnings(it)).toEqual([]);
    expect(fake.clusters()).toHaveLength(1);
    expect(readFileSync(join(directory, 'output'), 'utf8')).toMatch(/^kubeconfig<</m);
  });
  test('it does not come up: the error is told, and nothing is left', async () => {
    fake.mode('fail');
    const it = await onKind(join(directory, 'nowhere'));
    expect(it.code).toBe(1);
    expect(it.stdout).toMatch(/^::error::Cannot make the kind cluster .*could not find a log line/m);
    expect(fake.clusters()).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkStep } from '../../src/action/check.js';
import { actionStep, type RanStep, type Said } from '../helpers/action-step.js';
import { GitHubDouble } from '../helpers/github-api.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-action-run-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the main step on the recorded example. */
const run = (inputs: Record<string, string>, env: Record<string, string> = {}): Promise<RanStep> =>
  actionStep(
    checkStep,
    { cluster: 'embedded', 'fail-on': 'never', ...inputs },
    { RUNNER_TEMP: directory, GITHUB_WORKSPACE: directory, ...env },
  );

test('the directory of the input holds report, summary and snapshot', async () => {
  const reports = join(directory, 'out');
  const { outputs, failed } = await run({ 'output-directory': reports });
  expect(failed).toBeUndefined();
  expect(readdirSync(reports).sort()).toEqual(['scs-kaas-report.json', 'scs-kaas-snapshot.json', 'scs-kaas-summary.md']);
  expect(outputs.get('snapshot-file')).toBe(join(reports, 'scs-kaas-snapshot.json'));
  const files = { json: 'scs-kaas-report.json', markdown: 'scs-kaas-summary.md', snapshot: 'scs-kaas-snapshot.json' };
  expect(JSON.parse(outputs.get('report-files') ?? '')).toEqual(
    Object.fromEntries(Object.entries(files).map(([format, file]) => [format, join(reports, file)])),
  );
});

test('the log shows the table in a group, then the annotations, and at the end where the files are', async () => {
  const { said } = await run({ 'output-directory': join(directory, 'log') }, { GITHUB_ACTIONS: 'true' });
  const at = (found: (one: Said) => boolean): number => said.findIndex(found);
  const places = [
    at(({ kind, message }) => kind === 'group' && message === 'Result'),
    at(({ kind, message }) => kind === 'info' && message.includes('Versions and data')),
    at(({ kind }) => kind === 'endgroup'),
    at(({ kind }) => kind === 'error'),
    at(({ kind, message }) => kind === 'info' && message.startsWith('json: /')),
  ];
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('a directory that cannot be written costs the files, not the verdict', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const { said, outputs } = await run({ 'output-directory': join(file, 'below') }, { GITHUB_STEP_SUMMARY: file });
  expect(outputs.get('verdict')).toBe('non-compliant');
  expect(outputs.has('snapshot-file')).toBe(false);
  expect(said.filter((s) => s.kind === 'warning').at(-1)?.message).toMatch(
    /^wrote 4 of 7 reports; .*ENOTDIR.* Set "output-directory" to a directory that this step can write/,
  );
});

test('a source file written with ./ is named as the platform knows it', async () => {
  const manifest = join(directory, 'kind.yaml');
  writeFileSync(manifest, 'kind: Cluster\nnodes:\n  - role: control-plane\n');
  const { said } = await run({ 'source-files': `${directory}/./kind.yaml` });
  expect(said.find((s) => s.kind === 'error' && s.message.includes('only one control-plane node'))).toMatchObject({
    kind: 'error',
    file: manifest,
    line: 3,
  });
});

test('a comment that fails is told once, behind the annotations', async () => {
  const event = join(directory, 'event.json');
  writeFileSync(
    event,
    JSON.stringify({
      pull_request: { number: 1, head: { sha: 'abc', repo: { full_name: 'o/r' } }, base: { repo: { full_name: 'o/r' } } },
    }),
  );
  const { said } = await run(
    { 'github-token': 'a-token-of-the-job' },
    {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_API_URL: 'http://127.0.0.1:9',
    },
  );
  const failures = said.flatMap((s, i) => (s.message.includes('could not be reached') ? [i] : []));
  expect(failures).toHaveLength(1);
  expect(failures[0]).toBeGreaterThan(said.findLastIndex((s) => s.kind === 'notice'));
  expect(said.findIndex((s) => s.kind === 'mask')).toBe(0);
}, 20_000);

test('a comment that is skipped is told in the summary, too, with what is missing', async () => {
  const [event, summary] = [join(directory, 'event.json'), join(directory, 'summary')];
  writeFileSync(summary, '');
  const pull = { number: 1, head: { sha: 'abc', repo: { full_name: 'fork/r' } }, base: { repo: { full_name: 'o/r' } } };
  writeFileSync(event, JSON.stringify({ pull_request: pull }));
  const env = {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event,
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_STEP_SUMMARY: summary,
  };
  // Without a token the base is not read, and the settings stand in the workflow.
  const { said } = await run({ config: '{}' }, env);
  const told = said.find((s) => s.message.startsWith('pull request comment skipped: '));
  expect(told?.kind).toBe('info');
  expect(readFileSync(summary, 'utf8')).toMatch(/ℹ️ pull request comment skipped: .*token/);
  writeFileSync(summary, '');
  await run({}, { GITHUB_STEP_SUMMARY: summary });
  expect(readFileSync(summary, 'utf8')).not.toContain('comment skipped');
});

test('an event file that is damaged is told behind the annotations, and fails nothing', async () => {
  const event = join(directory, 'event.json');
  writeFileSync(event, '{');
  const { said, failed } = await run({ config: '{}' }, { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event });
  expect(failed).toBeUndefined();
  const told = said.findIndex((s) => s.message.includes('is not JSON'));
  expect(told).toBeGreaterThan(said.findLastIndex((s) => s.kind === 'notice'));
});

test('a place for temporary files that cannot be used: another one is, and it is said', async () => {
  const { said, outputs } = await run({}, { RUNNER_TEMP: join(directory, 'nowhere') });
  expect(said.map((s) => s.message)).toContainEqual(expect.stringMatching(/ENOENT.* is used instead\.$/));
  expect(outputs.get('verdict')).toBe('non-compliant');
});

test('no place for temporary files at all: what to do, and no fault of the program', async () => {
  const env = { RUNNER_TEMP: join(directory, 'nowhere'), TMPDIR: join(directory, 'neither') };
  const { failed, outputs } = await run({}, env);
  expect(failed).toMatch(/nowhere.*neither.* Set TMPDIR/);
  expect(outputs.get('exit-code')).toBe('2');
});

test('no report is asked for: the verdict and the outputs are there all the same', async () => {
  const summary = join(directory, 'summary');
  writeFileSync(summary, '');
  const { said, outputs } = await run({ reports: 'none' }, { GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: 'true' });
  expect(said.filter(({ kind }) => ['error', 'warning', 'notice', 'group'].includes(kind))).toEqual([]);
  expect(readFileSync(summary, 'utf8')).toBe('');
  expect([outputs.get('verdict'), outputs.get('report-files')]).toEqual(['non-compliant', '{}']);
});

test('a report goes to the file that is named for it', async () => {
  const file = join(directory, 'below', 'r.json');
  const { outputs } = await run({ reports: `json=${file}, junit`, 'output-directory': join(directory, 'out') });
  expect(outputs.get('report-file')).toBe(file);
  expect(JSON.parse(outputs.get('report-files') ?? '')).toEqual({ json: file, junit: join(directory, 'out', 'scs-kaas-junit.xml') });
});

test('a subject writes the report for the compliance monitor too, but not of the example', async () => {
  const { outputs, said } = await run({ config: 'subject: example-cloud' });
  expect(Object.keys(JSON.parse(outputs.get('report-files') ?? '') as object)).toEqual(['json', 'markdown', 'snapshot']);
  expect(said.filter(({ kind }) => kind === 'warning').map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^No report for the compliance monitor is written: this run is about the recorded example/),
  );
});

describe('the config file', () => {
  const write = (text: string): void => {
    mkdirSync(join(directory, '.github'), { recursive: true });
    writeFileSync(join(directory, '.github', 'scs-kaas.yaml'), text);
  };

  test('in its default place in the workspace is found, and an input wins', async () => {
    write('reports: json\nstandards: scs-0214-v2\nfail-on: fail:must\n');
    const { said, outputs } = await run({ 'fail-on': 'never' });
    expect(Object.keys(JSON.parse(outputs.get('report-files') ?? '') as object)).toEqual(['json']);
    const report = JSON.parse(readFileSync(outputs.get('report-file') ?? '', 'utf8')) as { standards: { id: string }[] };
    expect(report.standards.map(({ id }) => id)).toEqual(['scs-0214-v2']);
    expect(said.filter(({ kind }: Said) => kind === 'error')).toEqual([]);
  });

  test('as text in the workflow needs no file, and replaces it', async () => {
    write('reports: json\n');
    const { outputs } = await run({ config: 'reports: markdown' });
    expect(Object.keys(JSON.parse(outputs.get('report-files') ?? '') as object)).toEqual(['markdown']);
  });

  test('what is wrong with it and with the inputs is reported at once', async () => {
    write('teir: active\n');
    const { failed, outputs } = await run({ cluster: 'kinf' });
    expect(failed).toMatch(/^2 problems:\n- Cannot use \.github\/scs-kaas\.yaml: There is no key "teir".*\n- Input "cluster" is "kinf"/);
    expect(outputs.get('exit-code')).toBe('2');
  });
});

describe('a pull request of a fork', () => {
  let api: GitHubDouble;
  let env: Record<string, string>;
  const base = 'b'.repeat(40);
  beforeEach(async () => {
    api = new GitHubDouble();
    await api.start();
    api.token('job-token', { access: 'read' });
    api.commits[base] = { 'README.md': 'x' };
    api.pulls.push({ number: 7, headSha: 'a'.repeat(40), headRepository: 'eve/clusters', headBranch: 'x' });
    // What the fork wants: nothing fails, and only what it meets is checked.
    mkdirSync(join(directory, '.github'));
    writeFileSync(
      join(directory, '.github', 'scs-kaas.yaml'),
      'fail-on: never\nstandards: scs-0219-v1\nstatements: waive-all.yaml\nreports: none\n',
    );
    const event = join(directory, 'event.json');
    const pull = {
      number: 7,
      head: { sha: 'a'.repeat(40), repo: { full_name: 'eve/clusters' } },
      base: { sha: base, repo: { full_name: 'octo-org/clusters' } },
    };
    writeFileSync(event, JSON.stringify({ pull_request: pull }));
    env = {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: 'octo-org/clusters',
      GITHUB_API_URL: api.url,
      GITHUB_WORKSPACE: directory,
      RUNNER_TEMP: directory,
    };
  });
  afterEach(async () => {
    await api.stop();
    expect(api.violations).toEqual([]);
  });
  const forked = (inputs: Record<string, string> = {}, more: Record<string, string> = {}): Promise<RanStep> =>
    actionStep(checkStep, { cluster: 'embedded', 'github-token': 'job-token', ...inputs }, { ...env, ...more });
  const idsOf = ({ outputs }: RanStep): readonly string[] =>
    (JSON.parse(readFileSync(outputs.get('report-file') ?? '', 'utf8')) as { standards: { id: string }[] }).standards.map(({ id }) => id);

  test('its config file counts for nothing: the base has none', async () => {
    const ran = await forked();
    expect(ran.failed).toMatch(/failed/);
    expect(ran.outputs.get('exit-code')).toBe('1');
    expect(idsOf(ran).length).toBeGreaterThan(4);
  });

  test('the file of the base counts', async () => {
    api.commits[base] = { '.github/scs-kaas.yaml': 'standards: scs-0214-v2\nfail-on: fail:any:any\n' };
    const ran = await forked();
    expect(idsOf(ran)).toEqual(['scs-0214-v2']);
    expect(ran.failed).toMatch(/failed/);
  });

  test('also by pull_request_target, and if the workflow names the file of the work tree', async () => {
    api.commits[base] = { '.github/scs-kaas.yaml': 'standards: scs-0214-v2\n' };
    for (const config of ['.github/scs-kaas.yaml', join(directory, '.github', 'scs-kaas.yaml')]) {
      const ran = await forked({ config }, { GITHUB_EVENT_NAME: 'pull_request_target' });
      expect([idsOf(ran), ran.outputs.get('exit-code')]).toEqual([['scs-0214-v2'], '1']);
    }
  });

  test('a base that cannot be read ends the step, before a cluster is contacted', async () => {
    api.token('blind', { contents: false });
    for (const token of ['blind', '']) {
      const ran = await forked({ 'github-token': token });
      expect(ran.failed).toMatch(
        /^This run may be for a pull request of a fork, so \.github\/scs-kaas\.yaml is read from the base, which failed: /,
      );
      expect(ran.failed).toContain('permissions: contents: read');
      expect([ran.outputs.get('exit-code'), ran.outputs.has('verdict')]).toEqual(['2', false]);
    }
  });

  test('settings in the workflow itself need no base', async () => {
    const ran = await forked({ 'github-token': '', config: 'standards: scs-0214-v2' });
    expect([idsOf(ran), ran.outputs.get('exit-code')]).toEqual([['scs-0214-v2'], '1']);
  });

  test('in a pull request of a branch the file of the work tree counts', async () => {
    const pull = {
      number: 7,
      head: { sha: 'a'.repeat(40), repo: { full_name: 'octo-org/clusters' } },
      base: { sha: base, repo: { full_name: 'octo-org/clusters' } },
    };
    writeFileSync(join(directory, 'event.json'), JSON.stringify({ pull_request: pull }));
    writeFileSync(join(directory, '.github', 'scs-kaas.yaml'), 'standards: scs-0214-v2\nfail-on: never\nreports: json\n');
    const ran = await forked();
    expect([idsOf(ran), ran.failed, ran.outputs.get('exit-code')]).toEqual([['scs-0214-v2'], undefined, '0']);
    expect(api.calls).toEqual([]);
  });
});

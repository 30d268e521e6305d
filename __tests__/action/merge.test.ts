import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mergeStep } from '../../src/action/merge.js';
import { actionStep, inputVariables, parseOutputs, type RanStep } from '../helpers/action-step.js';
import { fleetText, type FleetReportOptions } from '../helpers/fleet.js';
import { GitHubDouble } from '../helpers/github-api.js';
import { program } from '../helpers/program.js';

const conformance = 'scs-0201-v1/conformance';
/** A compliant cluster of a branch; all three together offer every branch. */
const of = (minor: string, more: FleetReportOptions = {}): FleetReportOptions => ({
  name: `c-${minor}`,
  version: `v${minor}.1`,
  uid: `u-${minor}`,
  needs: ['1.35', '1.36'],
  ...more,
});
const failed = of('1.35', { outcomes: { [conformance]: 'fail' } });

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-merge-step-'));
  await writeFile(join(directory, 'summary'), '');
});
afterEach(() => rm(directory, { recursive: true }));

const write = async (path: string, text: FleetReportOptions | string): Promise<void> => {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), typeof text === 'string' ? text : fleetText(text));
};
/** Reports as a download of artifacts leaves them. */
const writeAll = (...some: readonly (FleetReportOptions | string)[]): Promise<unknown> =>
  Promise.all(some.map((one, i) => write(`reports/scs-${i + 1}/scs-kaas-report.json`, one)));
const environment = (): Record<string, string> => ({
  RUNNER_TEMP: directory,
  GITHUB_WORKSPACE: directory,
  GITHUB_STEP_SUMMARY: join(directory, 'summary'),
});
const merge = (inputs: Record<string, string> = {}, env: Record<string, string> = {}): Promise<RanStep> =>
  actionStep(mergeStep, { 'reports-from': 'reports', 'effective-time': '2026-11-26T12:00:00Z', ...inputs }, { ...environment(), ...env });
const summary = (): Promise<string> => readFile(join(directory, 'summary'), 'utf8');

describe('the result', () => {
  test('of two clusters: log, summary, files, outputs', async () => {
    await writeAll(of('1.36'), of('1.35'));
    const { failed: why, outputs, said } = await merge({ expect: '2' }, { GITHUB_ACTIONS: 'true' });
    expect(why).toBeUndefined();
    expect(outputs.get('verdict')).toBe('compliant');
    expect(outputs.get('exit-code')).toBe('0');
    expect(outputs.get('headline')).toMatch(/^compliant: /);
    const json = join(directory, 'scs-kaas');
    expect(outputs.get('report-file')?.startsWith(json)).toBe(true);
    expect(Object.keys(JSON.parse(outputs.get('report-files') ?? '') as object)).toEqual(['json', 'markdown']);
    const report = JSON.parse(await readFile(outputs.get('report-file') ?? '', 'utf8')) as { clusters: { cluster: string }[] };
    expect(report.clusters).toHaveLength(2);
    expect(await readFile(outputs.get('summary-file') ?? '', 'utf8')).toContain('c-1.35');
    expect(await summary()).toContain('c-1.36');
    expect(said.some(({ kind, message }) => kind === 'group' && message === 'Result')).toBe(true);
    expect(said.filter(({ kind }) => kind === 'warning' || kind === 'error')).toEqual([]);
  });

  test('one that failed fails the step; not with fail-on: never', async () => {
    await writeAll(of('1.36'), failed);
    const ran = await merge();
    expect(ran.failed).toMatch(/^scs-2: 1 failed: scs-0201-v1\/conformance/);
    expect([ran.outputs.get('verdict'), ran.outputs.get('exit-code')]).toEqual(['non-compliant', '1']);
    const never = await merge({ 'fail-on': 'never' });
    expect([never.failed, never.outputs.get('verdict'), never.outputs.get('exit-code')]).toEqual([undefined, 'non-compliant', '0']);
  });

  test('fewer clusters than expected', async () => {
    await writeAll(of('1.36'), of('1.35'));
    const { failed: why, outputs } = await merge({ expect: '3' });
    expect(why).toMatch(/^incomplete: [^2]*2[^3]*3/);
    expect([outputs.get('verdict'), outputs.get('exit-code')]).toEqual(['incomplete', '3']);
  });

  test('a file that is no report fails the step, and the others count', async () => {
    await writeAll(of('1.36'), of('1.35'), '{}');
    const { failed: why, outputs } = await merge();
    expect(why).toMatch(/^scs-3: /);
    expect(outputs.get('exit-code')).toBe('2');
  });
});

describe('where the reports are', () => {
  test('files, folders and globs, with snapshots and summaries beside them', async () => {
    await write('a/scs-kaas-report.json', of('1.36'));
    await write('b/x/scs-kaas-report.json', of('1.35'));
    for (const path of ['a', 'b/x']) await write(`${path}/scs-kaas-snapshot.json`, '{"facts": {}}');
    for (const words of ['a,b', 'a/scs-kaas-report.json\nb/**/*.json', '**/*.json']) {
      const { outputs, failed: why } = await merge({ 'reports-from': words, expect: '2', reports: 'none' });
      expect([words, why, outputs.get('verdict')]).toEqual([words, undefined, 'compliant']);
    }
  });

  test('nothing is found: a warning names the word, and the result is incomplete', async () => {
    await mkdir(join(directory, 'reports'));
    const ran = await merge({ 'reports-from': 'reports, more/*.json' });
    expect(ran.messages('warning')).toEqual(['No report was found in reports.', 'No report was found in more/*.json.']);
    expect(ran.outputs.get('verdict')).toBe('incomplete');
    expect(ran.failed).toBeDefined();
    expect(ran.outputs.get('exit-code')).not.toBe('0');
  });

  test('a path that is not there is a report that cannot be used', async () => {
    await writeAll(of('1.36'), of('1.35'));
    const ran = await merge({ 'reports-from': 'reports, nowhere.json' });
    expect([ran.failed, ran.outputs.get('exit-code')]).toEqual([expect.stringContaining('no such file'), '2']);
  });

  test('a link in a folder is not followed', async () => {
    await writeAll(of('1.36'), of('1.35'));
    await write('elsewhere.json', failed);
    await symlink(join(directory, 'elsewhere.json'), join(directory, 'reports', 'link.json'));
    expect((await merge()).outputs.get('verdict')).toBe('compliant');
  });

  test('inputs that are wrong, all at once, in the summary too', async () => {
    const { failed: why, outputs } = await merge({ 'reports-from': '', expect: 'many', reports: 'xml' });
    expect(why).toMatch(/^3 problems:/);
    expect(outputs.get('exit-code')).toBe('2');
    expect(await summary()).toBe('');
    await merge({ expect: 'many' });
    expect(await summary()).toMatch(/^## The reports could not be merged\n/);
  });
});

describe('what is written', () => {
  test('only the reports that are asked for, where they are asked for', async () => {
    await writeAll(of('1.36'), of('1.35'));
    const ran = await merge({ reports: `json=${join(directory, 'fleet.json')}, markdown`, 'output-directory': join(directory, 'out') });
    expect(JSON.parse(ran.outputs.get('report-files') ?? '')).toEqual({
      json: join(directory, 'fleet.json'),
      markdown: join(directory, 'out', 'scs-kaas-summary.md'),
    });
    expect(await summary()).toBe('');
  });

  test('a subject: the report for the compliance monitor, each cluster as its branch', async () => {
    await writeAll(of('1.36'), of('1.35'));
    const ran = await merge({ subject: 'example' });
    const files = JSON.parse(ran.outputs.get('report-files') ?? '') as Record<string, string>;
    const text = await readFile(files['scs-report'] ?? '', 'utf8');
    expect(text.match(/^subject: .*$/gm)).toEqual(['subject: example-1.35', 'subject: example-1.36']);
  });

  test('a directory that cannot be written costs the files, not the verdict', async () => {
    await writeAll(of('1.36'), of('1.35'));
    const ran = await merge({ 'output-directory': join(directory, 'summary', 'below') });
    expect(ran.outputs.get('verdict')).toBe('compliant');
    expect(ran.messages('warning').join()).toMatch(/^wrote \d of \d reports; .* Set "output-directory"/);
  });
});

describe('the comment', () => {
  let api: GitHubDouble;
  beforeEach(async () => {
    api = new GitHubDouble();
    await api.start();
    api.token('job-token');
    api.pulls.push({ number: 7, headSha: 'a'.repeat(40), headRepository: 'octo-org/clusters', headBranch: 'x' });
    const pull = {
      number: 7,
      head: { sha: 'a'.repeat(40), repo: { full_name: 'octo-org/clusters' } },
      base: { repo: { full_name: 'octo-org/clusters' } },
    };
    await write('event.json', JSON.stringify({ pull_request: pull }));
  });
  afterEach(async () => {
    await api.stop();
    expect(api.violations).toEqual([]);
  });
  const commented = (inputs: Record<string, string> = {}): Promise<RanStep> =>
    merge(
      { 'github-token': 'job-token', ...inputs },
      {
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_EVENT_PATH: join(directory, 'event.json'),
        GITHUB_REPOSITORY: 'octo-org/clusters',
        GITHUB_API_URL: api.url,
        GITHUB_JOB: 'all',
      },
    );

  test('is created, and updated by the next run', async () => {
    await writeAll(of('1.36'), failed);
    const first = await commented();
    expect(first.outputs.get('comment-url')).toMatch(/issuecomment/);
    expect(first.said[0]).toEqual({ kind: 'mask', message: 'job-token' });
    await writeAll(of('1.36'), of('1.35'));
    await commented();
    expect(api.writes).toEqual(['POST 201', 'PATCH 200']);
    expect(api.comments[0]?.body).toContain('compliant');
    expect(api.comments[0]?.body).not.toContain('non-compliant');
  });

  test('has a section for each key', async () => {
    await writeAll(of('1.36'), of('1.35'));
    await commented();
    await commented({ 'report-key': 'night' });
    expect(api.comments).toHaveLength(1);
    for (const key of ['all', 'night']) expect(api.comments[0]?.body).toContain(key);
  });

  test('is left alone if nobody asks for it', async () => {
    await writeAll(of('1.36'), of('1.35'));
    const ran = await commented({ reports: 'summary' });
    expect([api.calls, ran.outputs.has('comment-url')]).toEqual([[], false]);
  });

  test('that cannot be written is a warning', async () => {
    await writeAll(of('1.36'), of('1.35'));
    api.fault(({ method }) => method === 'POST', { status: 422, message: 'no' }, 9);
    const ran = await commented();
    expect([ran.failed, ran.outputs.get('verdict')]).toEqual([undefined, 'compliant']);
    expect(ran.messages('warning').join()).toContain('pull request comment failed');
  });
});

test('as a process, with the files of the runner', async () => {
  await writeAll(of('1.36'), failed);
  await writeFile(join(directory, 'output'), '');
  const { code, stdout, stderr } = await program([], {
    entry: 'action/merge-entry',
    env: {
      ...environment(),
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: join(directory, 'output'),
      ...inputVariables({ 'reports-from': 'reports', 'effective-time': '2026-11-26T12:00:00Z' }),
    },
  });
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^scs-kaas \d+\.\d+\.\d+\n/);
  expect(stdout).toMatch(/^::error::scs-2: 1 failed: scs-0201-v1\/conformance/m);
  expect(parseOutputs(await readFile(join(directory, 'output'), 'utf8')).get('verdict')).toBe('non-compliant');
  expect(await summary()).toContain('c-1.35');
});

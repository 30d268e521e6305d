import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { parseOutputs } from '../helpers/action-step.js';
import { program, type Ended } from '../helpers/program.js';
import { workflowStep, type Step } from '../helpers/workflow-step.js';

const root = resolve(import.meta.dirname, '..', '..');
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-action-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs the step as a runner does: inputs and files by the environment. */
const run = async (inputs: Record<string, string>, env: Record<string, string> = {}) => {
  const step: Step = await workflowStep(inputs, env);
  return { ...step, code: step.ended.code, log: step.ended.stdout, outputs: parseOutputs(step.outputs) };
};
const embedded = { cluster: 'embedded', offline: 'true' };
interface ReportFile {
  readonly verdict: string;
  readonly requirements: readonly unknown[];
}
const reportOf = ({ files }: Pick<Step, 'files'>): ReportFile => JSON.parse(files['scs-kaas-report.json'] ?? '') as ReportFile;

test('the recorded example: annotations within the limits, the summary, the outputs, all of them declared', async () => {
  const ran = await run(embedded);
  const { code, log, ended, outputs, summary, files } = ran;
  expect(code).toBe(1);
  expect(ended.stderr).toBe('');
  for (const kind of ['error', 'warning', 'notice']) {
    const lines = log.split('\n').filter((line) => line.startsWith(`::${kind} `));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(10);
  }
  expect(log).toMatch(/^::error title=MUST failed.*scs-0214-v2\/control-plane-hosts/m);
  expect(summary).toMatch(/^## ❌ non-compliant/);
  expect(outputs.get('verdict')).toBe('non-compliant');
  expect(outputs.get('exit-code')).toBe('1');
  expect(reportOf(ran).verdict).toBe('non-compliant');
  expect(files['scs-kaas-summary.md']).toContain('non-compliant');
  const declared = Object.keys((parse(await readFile(join(root, 'action.yml'), 'utf8')) as { outputs: object }).outputs);
  expect([...outputs.keys()].filter((name) => !declared.includes(name))).toEqual([]);
  expect(outputs.size).toBeGreaterThan(9);
});

test('the snapshot that a run leaves gives the same report again', async () => {
  const first = await run({ ...embedded, 'fail-on': 'never' });
  expect(first.code).toBe(0);
  const snapshot = join(directory, 'again.json');
  await writeFile(snapshot, first.files['scs-kaas-snapshot.json'] ?? '');
  const second = await run({ cluster: `snapshot:${snapshot}`, offline: 'true', 'fail-on': 'never' });
  expect(reportOf(second).requirements).toEqual(reportOf(first).requirements);
});

describe('inputs that are wrong', () => {
  test('all at once, one error, no stack trace, nothing else', async () => {
    const { code, log, ended, summary, outputs } = await run({ cluster: 'kinf', 'fail-onn': 'never', tier: 'heavi', kubeconfig: '' });
    expect(code).toBe(1);
    expect(log).toContain('3 problems:');
    expect(log).toContain('Did you mean "kind"?');
    expect(log).toContain('Did you mean "fail-on"?');
    expect(`${log}${ended.stderr}`).not.toMatch(/\n\s+at /);
    expect(outputs.get('exit-code')).toBe('2');
    expect(summary).toMatch(/^## The check could not run\n[^]*3 problems:[^]*Did you mean/);
  });

  test('the reason stands in no summary that nobody wants, and no text in it is markup', async () => {
    expect((await run({ cluster: 'kinf', reports: 'json' })).summary).toBe('');
    expect((await run({ cluster: '<img src=x> **b** @user' })).summary).not.toMatch(/<img|\*\*b|(?<!\\)@user\b/);
  });

  test('a snapshot that is not there', async () => {
    const { code, log, outputs, summary } = await run({ cluster: 'snapshot:nowhere.json' });
    expect(code).toBe(1);
    expect(outputs.get('exit-code')).toBe('3');
    expect(summary).toContain('no such file');
    expect(log).toMatch(/^::error::Cannot use the snapshot nowhere\.json: no such file/m);
  });
});

test('reports that are not asked for are not made', async () => {
  const { log, summary, files } = await run({ ...embedded, reports: 'json', 'fail-on': 'never' });
  expect(log).not.toMatch(/^::(error|warning|notice|group)/m);
  expect(summary).toBe('');
  expect(log).not.toContain('comment');
  expect(Object.keys(files)).toEqual(['scs-kaas-report.json']);
});

test('without the files of a runner the job goes on', async () => {
  const { code, log } = await run({ ...embedded, 'fail-on': 'never' }, { GITHUB_STEP_SUMMARY: '' });
  expect(code).toBe(0);
  expect(log).toContain('non-compliant');
});

test('the config file in the workspace is found, and the log begins with the version', async () => {
  const folder = join(directory, '.github');
  await mkdir(folder);
  await writeFile(join(folder, 'scs-kaas.yaml'), 'cluster: embedded\noffline: true\nfail-on: never\nreports: json\n');
  const { code, log, files } = await run({}, { GITHUB_WORKSPACE: directory });
  expect([code, Object.keys(files)]).toEqual([0, ['scs-kaas-report.json']]);
  expect(log).toMatch(/^scs-kaas \d+\.\d+\.\d+\n/);
});

test('the post step has nothing to do if nothing was made, and fails nothing if its state is damaged', async () => {
  const post = (state: string): Promise<Ended> => program([], { entry: 'post', env: { 'STATE_kind-cluster': state } });
  expect(await post('')).toMatchObject({ code: 0, stdout: '' });
  const damaged = await post('{"name":"somebody-elses-cluster"}');
  expect(damaged.code).toBe(0);
  expect(damaged.stdout).toMatch(/^::warning::.*nothing was deleted/);
});

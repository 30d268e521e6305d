import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..', '..');
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-action-'));
  for (const file of ['output', 'summary', 'state']) writeFileSync(join(directory, file), '');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the built action as a runner does: inputs and files by the environment. */
const run = (inputs: Record<string, string>, env: Record<string, string> = {}) => {
  const ended = spawnSync(process.execPath, [join(root, 'dist', 'index.js')], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
    env: {
      PATH: process.env['PATH'],
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: directory,
      GITHUB_OUTPUT: join(directory, 'output'),
      GITHUB_STEP_SUMMARY: join(directory, 'summary'),
      GITHUB_STATE: join(directory, 'state'),
      ...env,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  });
  const outputs = new Map<string, string>();
  for (const [, name = '', , value = ''] of readFileSync(join(directory, 'output'), 'utf8').matchAll(
    /^([a-z-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm,
  ))
    outputs.set(name, value);
  return {
    code: ended.status,
    log: ended.stdout,
    errors: ended.stderr,
    outputs,
    summary: readFileSync(join(directory, 'summary'), 'utf8'),
  };
};

const embedded = { cluster: 'embedded', offline: 'true' };

test('the recorded example: annotations within the limits, the summary, the outputs', () => {
  const { code, log, errors, outputs, summary } = run(embedded);
  expect(code).toBe(1);
  expect(errors).toBe('');
  for (const kind of ['error', 'warning', 'notice']) {
    const lines = log.split('\n').filter((line) => line.startsWith(`::${kind} `));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(10);
  }
  expect(log).toMatch(/^::error title=MUST failed.*scs-0214-v2\/control-plane-hosts/m);
  expect(summary).toMatch(/^## ❌ non-compliant/);
  expect(outputs.get('verdict')).toBe('non-compliant');
  expect(outputs.get('exit-code')).toBe('1');
  const report = JSON.parse(readFileSync(outputs.get('report-file') ?? '', 'utf8')) as { verdict: string; requirements: unknown[] };
  expect(report.verdict).toBe('non-compliant');
  expect(readFileSync(outputs.get('summary-file') ?? '', 'utf8')).toContain('non-compliant');
});

test('every output that is set is declared in action.yml', () => {
  const { outputs } = run(embedded);
  const declared = Object.keys((parse(readFileSync(join(root, 'action.yml'), 'utf8')) as { outputs: object }).outputs);
  expect([...outputs.keys()].filter((name) => !declared.includes(name))).toEqual([]);
  expect(outputs.size).toBeGreaterThan(10);
});

test('the snapshot that a run leaves gives the same report again', () => {
  const first = run({ ...embedded, 'fail-on': 'never' });
  expect(first.code).toBe(0);
  const snapshot = join(directory, 'again.json');
  writeFileSync(snapshot, readFileSync(first.outputs.get('snapshot-file') ?? '', 'utf8'));
  const read = (path: string | undefined) => JSON.parse(readFileSync(path ?? '', 'utf8')) as { requirements: unknown[] };
  const before = read(first.outputs.get('report-file')).requirements;
  const second = run({ cluster: `snapshot:${snapshot}`, offline: 'true', 'fail-on': 'never' });
  expect(read(second.outputs.get('report-file')).requirements).toEqual(before);
});

describe('inputs that are wrong', () => {
  test('all at once, one error, no stack trace, nothing else', () => {
    const { code, log, errors, summary, outputs } = run({ cluster: 'kinf', 'fail-onn': 'never', tier: 'heavi', kubeconfig: '' });
    expect(code).toBe(1);
    expect(log).toContain('3 problems:');
    expect(log).toContain('Did you mean "kind"?');
    expect(log).toContain('Did you mean "fail-on"?');
    expect(`${log}${errors}`).not.toMatch(/\n\s+at /);
    expect(outputs.get('exit-code')).toBe('2');
    expect(summary).toMatch(/^## Nothing was judged\n[^]*3 problems:[^]*Did you mean/);
  });

  test('the reason stands in no summary that nobody wants, and no text in it is markup', () => {
    expect(run({ cluster: 'kinf', summary: 'false' }).summary).toBe('');
    expect(run({ cluster: '<img src=x> **b** @user' }).summary).not.toMatch(/<img|\*\*b|(?<!\\)@user\b/);
  });

  test('a snapshot that is not there', () => {
    const { code, log, outputs, summary } = run({ cluster: 'snapshot:nowhere.json' });
    expect(code).toBe(1);
    expect(outputs.get('exit-code')).toBe('3');
    expect(summary).toContain('no such file');
    expect(log).toMatch(/^::error::Cannot use the snapshot nowhere\.json: no such file/m);
  });
});

test('deliveries that are switched off are not made', () => {
  const { log, summary } = run({ ...embedded, annotations: 'false', summary: 'false', comment: 'false', 'fail-on': 'never' });
  expect(log).not.toMatch(/^::(error|warning|notice)/m);
  expect(summary).toBe('');
  expect(log).not.toContain('comment');
});

test('without the files of a runner the job goes on', () => {
  const { code, log } = run({ ...embedded, 'fail-on': 'never' }, { GITHUB_STEP_SUMMARY: '' });
  expect(code).toBe(0);
  expect(log).toContain('non-compliant');
});

test('the post step has nothing to do where nothing was made, and fails nothing where its state is damaged', () => {
  const post = (state: string) =>
    spawnSync(process.execPath, [join(root, 'dist', 'post', 'index.js')], {
      timeout: 60_000,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], 'STATE_kind-cluster': state },
    });
  expect(post('')).toMatchObject({ status: 0, stdout: '' });
  const damaged = post('{"name":"somebody-elses-cluster"}');
  expect(damaged.status).toBe(0);
  expect(damaged.stdout).toMatch(/^::warning::.*nothing was deleted/);
});

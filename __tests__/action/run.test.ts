import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runAction } from '../../src/action/main.js';
import type { Runner } from '../../src/action/runner.js';
import { UserError } from '../../src/model/errors.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-action-run-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Said {
  readonly kind: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** Runs the main step on the recorded example, and keeps what it hands to the runner, in its order. */
const run = async (inputs: Record<string, string>, env: Record<string, string> = {}) => {
  const said: Said[] = [];
  const outputs = new Map<string, string>();
  const say =
    (kind: string): Runner['error'] =>
    (message, place) => {
      said.push({
        kind,
        message,
        ...(place?.file === undefined ? {} : { file: place.file }),
        ...(place?.startLine === undefined ? {} : { line: place.startLine }),
      });
    };
  const runner: Runner = {
    error: say('error'),
    warning: say('warning'),
    notice: say('notice'),
    info: say('info'),
    startGroup: (name) => said.push({ kind: 'group', message: name }),
    endGroup: () => said.push({ kind: 'endgroup', message: '' }),
    setSecret: (secret) => said.push({ kind: 'mask', message: secret }),
    setOutput: (name, value) => outputs.set(name, value) === outputs,
    saveState: () => true,
  };
  const given = Object.entries({ cluster: 'embedded', 'fail-on': 'never', ...inputs });
  const failed = await runAction(
    runner,
    { RUNNER_TEMP: directory, ...env, ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])) },
    new AbortController().signal,
  );
  return { said, outputs, failed };
};

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

test('a manifest written with ./ is named as the platform knows it', async () => {
  const manifest = join(directory, 'kind.yaml');
  writeFileSync(manifest, 'kind: Cluster\nnodes:\n  - role: control-plane\n');
  const { said } = await run({ manifest: `${directory}/./kind.yaml` });
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
    { token: 'a-token-of-the-job' },
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
  const { said } = await run({}, env);
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
  const { said, failed } = await run({}, { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event });
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
  await expect(run({}, env)).rejects.toThrow(UserError);
  await expect(run({}, env)).rejects.toThrow(/nowhere.*neither.* Set TMPDIR/);
});

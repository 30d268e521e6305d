import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uploadStep } from '../../src/action/upload.js';
import { scsReportText } from '../../src/reporters/scs-report-text.js';
import { actionStep, inputVariables, parseOutputs, type RanStep } from '../helpers/action-step.js';
import { startMonitor, type MonitorDouble } from '../helpers/monitor.js';
import { handIn, mixed, reportWith } from '../helpers/official.js';
import { program } from '../helpers/program.js';
import { leaksIn, tracesOf } from '../helpers/secret-forms.js';
import { cryptoKey, hasKeygen, madeKey, type SigningKey } from '../helpers/signing-keys.js';

const password = 'pa55/word-free+of_the-monitor';
const login = `example-cloud:${password}`;

let directory = '';
let report = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-upload-step-'));
  await writeFile(join(directory, 'summary'), '');
  report = join(directory, 'scs-report.yaml');
  const now = Date.now();
  const some = reportWith(mixed, { at: new Date(now).toISOString() });
  await writeFile(report, scsReportText(some, some.official!, { ...handIn, checkedAt: new Date(now - 60_000).toISOString() }));
});
afterEach(() => rm(directory, { recursive: true }));
const environment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  RUNNER_TEMP: directory,
  GITHUB_STEP_SUMMARY: join(directory, 'summary'),
});
const upload = (inputs: Record<string, string>): Promise<RanStep> => actionStep(uploadStep, { report, ...inputs }, environment());
const summary = (): Promise<string> => readFile(join(directory, 'summary'), 'utf8');

describe('inputs that are wrong', () => {
  test('all at once, in the summary too, without secrets', async () => {
    const { openssh } = cryptoKey();
    const ran = await upload({
      report: '',
      url: `https://${login}@m.example`,
      'leave-out': 'all',
      key: openssh.slice(0, 100),
      lgoin: login,
    });
    expect(ran.failed).toMatch(/^5 problems:/);
    expect([...ran.outputs]).toEqual([['status', 'not-sent']]);
    expect(await summary()).toMatch(/^## Nothing was uploaded\n/);
    expect(leaksIn({ failed: ran.failed ?? '', summary: await summary() }, tracesOf([password]))).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ['a login without a colon', 'no-colon-in-it-at-all', /^Input "login"/],
    ['a key that is a path to nothing', '', /^Input "key" .*no such file/],
  ])('%s fails the step: this run has its secrets', async (_, given, problem) => {
    const inputs = given === '' ? { login, key: join(directory, 'nowhere') } : { login: given, key: cryptoKey().openssh };
    const ran = await upload({ url: 'https://m.example', ...inputs });
    expect(ran.failed).toMatch(problem);
    expect(ran.failed).not.toContain('no-colon');
  });

  test('a report that is not there', async () => {
    const ran = await upload({ report: join(directory, 'nowhere.yaml'), 'dry-run': 'true', key: cryptoKey().openssh });
    expect(ran.failed).toMatch(/^Cannot read ".*nowhere\.yaml" of input "report": no such file\./);
  });
});

describe('a run without secrets, as those of forks', () => {
  test.each([
    [{ login: '', key: '' }, '"key" and "login" are empty'],
    [{ login, key: '' }, '"key" is empty'],
    [{ login: ' ', key: cryptoKey().openssh }, '"login" is empty'],
  ])('%#: nothing is sent, and that is a warning', async (secrets, why) => {
    const monitor = await startMonitor();
    try {
      const ran = await upload({ url: monitor.url, ...secrets });
      expect([ran.failed, ran.outputs.get('status'), monitor.asked]).toEqual([undefined, 'not-sent', []]);
      expect(ran.messages('warning')).toEqual([expect.stringContaining(why)]);
      expect(ran.messages('warning').join()).toContain('pull requests of forks and of Dependabot get no secrets');
      expect(await summary()).toContain('get no secrets');
    } finally {
      await monitor.close();
    }
  });
});

const title = `what the monitor answers${hasKeygen ? '' : ' (skipped: this machine has no ssh-keygen; package openssh-client)'}`;
(hasKeygen ? describe : describe.skip)(title, () => {
  let key: SigningKey;
  let monitor: MonitorDouble;
  beforeAll(() => {
    key = madeKey();
  });
  beforeEach(async () => {
    monitor = await startMonitor();
    monitor.accounts.set('example-cloud', { password, keys: [key.open] });
  });
  afterEach(() => monitor.close());
  const whole = (): Record<string, string> => ({ url: monitor.url, login, key: key.text });

  test('it counts: log, summary, output, and no warning', async () => {
    const ran = await upload(whole());
    expect([ran.failed, ran.outputs.get('status')]).toEqual([undefined, 'counted']);
    expect(ran.messages('warning')).toEqual([]);
    expect(ran.messages('info').join('\n')).toContain('kaas-networking-check: FAIL, counts now');
    expect(await summary()).toContain('it is what counts now');
    expect(monitor.stored.length).toBeGreaterThan(0);
  });

  test('login in Base64, key as a file', async () => {
    await writeFile(join(directory, 'key'), key.text, { mode: 0o600 });
    const ran = await upload({ ...whole(), login: Buffer.from(`${login}\n`).toString('base64'), key: join(directory, 'key') });
    expect([ran.failed, ran.outputs.get('status')]).toEqual([undefined, 'counted']);
  });

  test('a refusal fails the step', async () => {
    monitor.accounts.set('example-cloud', { password: 'changed', keys: [] });
    const ran = await upload(whole());
    expect(ran.failed).toContain('account or password are wrong');
    expect(ran.outputs.get('status')).toBe('refused');
    expect(await summary()).toContain('account or password are wrong');
  });

  test.each(['502', 'redirect', 'login-page'] as const)('a monitor that does not take it (%s) fails the step', async (trouble) => {
    monitor.troubles.push(trouble, 'forever');
    const ran = await upload(whole());
    expect(ran.failed).toBeDefined();
    expect(['refused', 'unknown', 'not-sent']).toContain(ran.outputs.get('status'));
  });

  test('a dry run: signed and verified, nothing is sent, no login is needed', async () => {
    for (const inputs of [{ ...whole(), 'dry-run': 'true' }, { key: key.text }, { url: monitor.url, key: key.text, 'dry-run': 'True' }]) {
      const ran = await upload(inputs);
      expect([ran.failed, ran.outputs.get('status'), monitor.asked]).toEqual([undefined, 'dry-run', []]);
    }
  });

  test('a file that is no report fails the step, and is not sent', async () => {
    await writeFile(report, '{"verdict": "PASS"}');
    const ran = await upload(whole());
    expect(ran.failed).toContain('not as the monitor takes it');
    expect([ran.outputs.get('status'), monitor.asked]).toEqual(['not-sent', []]);
  });

  test('aborted test cases are left out, unless they are wanted', async () => {
    const left = await upload(whole());
    expect(left.messages('info').join('\n')).toMatch(/Left out, .*version-policy-check/);
    await rm(report);
    const now = Date.now();
    const some = reportWith(mixed, { at: new Date(now).toISOString() });
    const runId = '1c2f4d2a-5815-4b26-a403-3baad92521f8';
    await writeFile(report, scsReportText(some, some.official!, { ...handIn, runId, checkedAt: new Date(now - 60_000).toISOString() }));
    const all = await upload({ ...whole(), 'leave-out': 'nothing' });
    expect(all.messages('info').join('\n')).not.toContain('Left out');
  });

  test('login and key are masked, and in no message, output, summary or file that stays', async () => {
    const ran = await upload(whole());
    const secrets = [password, login, ...key.text.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))];
    expect(ran.messages('mask')).toContain(password);
    const texts = {
      log: ran.said
        .filter(({ kind }) => kind !== 'mask')
        .map(({ message }) => message)
        .join('\n'),
      outputs: [...ran.outputs.values()].join('\n'),
      summary: await summary(),
    };
    expect(leaksIn(texts, tracesOf(secrets))).toEqual([]);
    const left = await readdir(directory, { recursive: true });
    expect(left.filter((name) => /key|signing|\.sig/.test(name))).toEqual([]);
  });

  test('as a process, with the files of the runner', async () => {
    await writeFile(join(directory, 'output'), '');
    const env = { ...environment(), GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: join(directory, 'output') };
    const { code, stdout, stderr } = await program([], {
      entry: 'action/upload-entry',
      env: { ...env, ...inputVariables({ report, ...whole() }) },
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^scs-kaas \d+\.\d+\.\d+\n/);
    expect(stdout).toContain(`::add-mask::${password}`);
    expect(stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain(password);
    expect([...parseOutputs(await readFile(join(directory, 'output'), 'utf8'))]).toEqual([['status', 'counted']]);
  });
});

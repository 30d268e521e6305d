import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scsReportText } from '../../src/reporters/scs-report-text.js';
import { createAuthority } from '../helpers/certificates.js';
import { startMonitor, type MonitorDouble } from '../helpers/monitor.js';
import { handIn, mixed, reportWith } from '../helpers/official.js';
import { program, type Ended } from '../helpers/program.js';
import { recordAs } from '../helpers/recording.js';
import { startProxy } from '../helpers/proxy.js';
import { leaksIn, tracesOf } from '../helpers/secret-forms.js';
import { hasKeygen, madeKey, type SigningKey } from '../helpers/signing-keys.js';
import { commandsIn, workflowStep, type Step } from '../helpers/workflow-step.js';

// Each program starts anew, on a busy machine.
jest.setTimeout(120_000);

const password = 'pa55/word-free+of_the-monitor';
const login = `example-cloud:${password}`;

const title = `a report that is uploaded${hasKeygen ? '' : ' (skipped: this machine has no ssh-keygen; package openssh-client)'}`;
(hasKeygen ? describe : describe.skip)(title, () => {
  let key: SigningKey;
  let monitor: MonitorDouble;
  let folder: string;
  let snapshot: string;
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  beforeAll(async () => {
    key = madeKey();
    folder = await mkdtemp(join(tmpdir(), 'scs-kaas-upload-'));
    snapshot = join(folder, 'snapshot.json');
    // Recorded just now, or the monitor would not count it.
    await recordAs(snapshot, 'kubeconfig', { recordedAt: new Date().toISOString() });
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    monitor = await startMonitor();
    monitor.accounts.set('example-cloud', { password, keys: [key.open] });
  });
  afterEach(() => monitor.close());

  const reportNow = (): string => {
    const report = reportWith(mixed, { at: new Date().toISOString() });
    return scsReportText(report, report.official!, { ...handIn, checkedAt: new Date(Date.now() - 60_000).toISOString() });
  };

  describe('on a terminal', () => {
    const upload = async (more: readonly string[] = [], env: Readonly<Record<string, string>> = {}, url = monitor.url): Promise<Ended> =>
      program(
        [
          ...['upload', await file('report.yaml', reportNow()), '--url', url],
          ...['--login', await file('token', `${login}\n`), '--key', await file('key', key.text), ...more],
        ],
        { env },
      );

    test('it counts: what was sent, what was left out, what the monitor says', async () => {
      const { stdout, stderr, code } = await upload();
      expect([stderr, code]).toEqual(['uploading\n', 0]);
      expect(stdout).toContain(`Uploading at ${monitor.url}: stored, and it is what counts now`);
      expect(stdout).toContain('kaas-networking-check: FAIL, counts now');
      expect(stdout).toContain('Left out, as it aborted: version-policy-check.');
      expect(stdout).toMatch(/Signed with the key SHA256:/);
      expect(monitor.stored).toHaveLength(2);
    });

    test('once more after a failure: what is there already is fine', async () => {
      const report = await file('same.yaml', reportNow());
      const again = async (url: string): Promise<Ended> =>
        program(['upload', report, '--url', url, '--login', join(folder, 'token'), '--key', join(folder, 'key')]);
      await file('token', login);
      await file('key', key.text);
      monitor.troubles.push('redirect');
      const first = await again(`${monitor.url}/`);
      expect(first.code).toBe(3);
      expect(first.stdout).toContain('not stored');
      const second = await again(monitor.url);
      expect(second.code).toBe(0);
      expect(second.stdout).toContain('it is what counts now');
      const third = await again(monitor.url);
      expect(third.code).toBe(0);
      expect(third.stdout).toContain('a report with this id is there already');
      expect(await readFile(report, 'utf8')).toContain('example-cloud');
    });

    test('login and key out of the environment, or one of them from standard input', async () => {
      const report = await file('report.yaml', reportNow());
      const given = { SCS_KAAS_LOGIN: login, SCS_KAAS_KEY: key.text };
      const first = await program(['upload', report, '--url', monitor.url], { env: given });
      expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('it is what counts now')]);
      const args = ['upload', report, '--url', monitor.url, '--key', '-'];
      const second = await program(args, { env: { SCS_KAAS_LOGIN: login }, input: key.text });
      expect([second.code, second.stdout]).toEqual([0, expect.stringContaining('is there already')]);
      const printed = [first, second].map(({ stdout, stderr }) => stdout + stderr).join();
      expect(leaksIn({ printed }, tracesOf([password, login, key.text.split('\n')[2]!]))).toEqual([]);
    });

    test('a dry run by itself, where there is no address', async () => {
      const { stdout, code } = await program(['upload', await file('report.yaml', reportNow()), '--key', await file('key', key.text)]);
      expect([code, monitor.asked]).toEqual([0, []]);
      expect(stdout).toContain('signed and verified; nothing was sent (dry run)');
    });

    test('over https, where NODE_EXTRA_CA_CERTS names the CA, and through no proxy that is not asked for', async () => {
      const authority = createAuthority();
      const tls = await startMonitor({ tls: authority.issue({ altNames: ['127.0.0.1'] }) });
      tls.accounts.set('example-cloud', { password, keys: [key.open] });
      const env = { NODE_EXTRA_CA_CERTS: await file('ca.pem', authority.certificate) };
      const { stdout, code } = await upload([], env, tls.url);
      expect([code, stdout]).toEqual([0, expect.stringContaining('it is what counts now')]);
      await tls.close();
    });

    test('through the proxy that the environment names', async () => {
      const proxy = await startProxy();
      const { stdout, code } = await upload([], { HTTPS_PROXY: proxy.url }, 'https://monitor.example.invalid');
      expect(proxy.tunnels).toContain('monitor.example.invalid:443');
      expect([code, stdout]).toEqual([3, expect.stringContaining('not known whether it was stored')]);
      await proxy.close();
    });

    test.each<[string, () => Promise<readonly string[]>, readonly string[]]>([
      [
        'secrets on the command line',
        () => Promise.resolve(['--login', login, '--key', key.text]),
        ['"--login" takes the path of a file', '"--key" takes the path of a file', 'SCS_KAAS_KEY'],
      ],
      ['nothing', () => Promise.resolve([]), ['Option "--key" is missing']],
      [
        'an address, and no secret',
        () => Promise.resolve(['--url', monitor.url]),
        ['Option "--key" is missing', 'Option "--login" is missing'],
      ],
      ['no address, and something is to be sent', () => Promise.resolve(['--no-dry-run']), ['Option "--url" is missing']],
      [
        'files that are not there',
        () => Promise.resolve(['--url', monitor.url, '--login', '/no/token', '--key', '/no/key']),
        ['"--login" takes the path of a file', '"--key" takes the path of a file'],
      ],
      [
        'files that hold something else',
        async () => ['--url', monitor.url, '--login', await file('t', 'justapassword'), '--key', await file('k', key.open)],
        ['"--login": it is neither', '"--key": it is a public key'],
      ],
    ])('%s: every problem at once, and nothing is sent', async (_, args, problems) => {
      const { stderr, code } = await program(['upload', await file('report.yaml', reportNow()), ...(await args())]);
      for (const problem of problems) expect(stderr).toContain(problem);
      expect([code, monitor.asked]).toEqual([2, []]);
      for (const secret of [password, 'justapassword', key.text.split('\n')[2]!]) expect(stderr).not.toContain(secret);
    });

    test('check takes no option of upload, and says which command has it', async () => {
      const { stderr, code } = await program(['check', '--cluster', `snapshot:${snapshot}`, '--login', 'x']);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/"--login".*"?upload/)]);
    });
  });

  describe('in a workflow', () => {
    /** As the step before it in the job wrote it. */
    let report: string;
    let checked: Step;
    beforeAll(async () => {
      checked = await workflowStep({ cluster: `snapshot:${snapshot}`, offline: 'true', 'fail-on': 'never', subject: 'example-cloud' });
      report = await file('of-the-check.yaml', checked.files['scs-report.yaml'] ?? '');
    });
    const step = (inputs: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): Promise<Step> =>
      workflowStep(
        { report, url: monitor.url, login: Buffer.from(`${login}\n`).toString('base64'), key: key.text.trim(), ...inputs },
        env,
        'action/upload-entry',
      );
    const linesOf = (log: string, wanted: 'warning' | 'error'): readonly string[] =>
      commandsIn(log).flatMap(({ command, line }) => (command === wanted ? [line] : []));

    test('it counts: log, summary, output, and no warning', async () => {
      const { ended, summary, outputs } = await step();
      expect(ended.code).toBe(0);
      expect(outputs).toMatch(/^status<<\S+\ncounted\n/);
      expect(summary).toContain('### Upload to the compliance monitor');
      expect(summary).toContain('it is what counts now');
      expect(ended.stdout).toContain('version-policy-check: FAIL, counts now');
      expect(linesOf(ended.stdout, 'warning')).toEqual([]);
      // What was uploaded is what the check wrote, of which it says where it is.
      const [stored] = monitor.stored;
      expect(checked.files['scs-report.yaml']).toContain(`uuid: ${stored?.uuid ?? '-'}`);
      expect(checked.outputs).toMatch(/^report-files<<\S+\n.*"scs-report":"[^"]*scs-report\.yaml"/m);
    });

    test('a monitor that refuses: the step fails, and says why in the log and in the summary', async () => {
      monitor.accounts.set('example-cloud', { password: 'changed', keys: [] });
      const { ended, summary, outputs } = await step();
      expect(ended.code).toBe(1);
      expect(outputs).toMatch(/^status<<\S+\nrefused\n/);
      expect(summary).toContain('account or password are wrong');
      expect(linesOf(ended.stdout, 'error').filter((line) => line.includes('account or password are wrong'))).toHaveLength(1);
    });

    test('secrets are empty, as on pull requests of forks: the step passes, and a warning says so', async () => {
      const { ended, outputs } = await step({ login: '', key: '' });
      expect(ended.code).toBe(0);
      expect(outputs).toMatch(/^status<<\S+\nnot-sent\n/);
      expect(linesOf(ended.stdout, 'warning').filter((line) => line.includes('"key" and "login" are empty'))).toHaveLength(1);
      expect(monitor.asked).toEqual([]);
    });

    test.each<[string, Readonly<Record<string, string>>]>([
      ['that is asked for', { 'dry-run': 'true', login: '' }],
      ['without an address', { url: '', login: '' }],
    ])('a dry run %s', async (_, inputs) => {
      const { ended, outputs } = await step(inputs);
      expect([ended.code, outputs]).toEqual([0, expect.stringMatching(/^status<<\S+\ndry-run\n/)]);
      expect(monitor.asked).toEqual([]);
    });

    test.each<[string, Readonly<Record<string, string>>, string]>([
      ['a key that is damaged', { key: 'damaged' }, 'Input "key": it is cut off'],
      ['no report', { report: '' }, 'Input "report" is missing'],
      ['a report that is not there', { report: '/no/report.yaml' }, 'Cannot read "/no/report.yaml" of input "report"'],
    ])('%s: an error, and nothing is sent', async (_, inputs, problem) => {
      const given = inputs['key'] === undefined ? inputs : { key: key.text.slice(0, 100) };
      const { ended, summary } = await step(given);
      expect([ended.code, monitor.asked]).toEqual([1, []]);
      expect(linesOf(ended.stdout, 'error')).toEqual([expect.stringContaining(problem)]);
      expect(summary).toContain('## Nothing was uploaded');
    });

    test('the report of a job whose check wrote another file: it is none', async () => {
      const { ended } = await step({ report: snapshot });
      expect(ended.code).toBe(1);
      expect(monitor.stored).toEqual([]);
    });

    test('key, login and password are in no log, summary, report, file, argument or environment of ssh-keygen, however it ends', async () => {
      const bin = await mkdtemp(join(folder, 'bin-'));
      const log = join(bin, 'log');
      const real = execFileSync('which', ['ssh-keygen'], { encoding: 'utf8' }).trim();
      await writeFile(
        join(bin, 'ssh-keygen'),
        `#!/bin/sh\nprintf '%s\\n' "$@" >>'${log}'\nenv >>'${log}'\nstat -c '%a %n' "$HOME" "$HOME"/* >>'${log}'\nexec '${real}' "$@"\n`,
      );
      await chmod(join(bin, 'ssh-keygen'), 0o755);
      const temporary = await mkdtemp(join(folder, 'tmp-'));
      const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, RUNNER_TEMP: temporary };
      const secrets = [password, login, ...key.text.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))];
      for (const spoil of [
        () => undefined,
        () => monitor.troubles.push('503-html', 'forever'),
        () => monitor.accounts.set('example-cloud', { password: 'x', keys: [] }),
      ]) {
        spoil();
        const { ended, summary, outputs } = await step({}, env);
        // What hides a secret has to say it once, to the runner.
        const printed = ended.stdout.replace(/^::add-mask::.*$/gm, '') + ended.stderr;
        const asked = await readFile(log, 'utf8');
        const texts = { printed, summary, outputs, asked };
        expect(leaksIn(texts, tracesOf(secrets))).toEqual([]);
        // And a leak would be seen: the mask is one.
        expect(leaksIn({ log: ended.stdout }, tracesOf(secrets))).not.toEqual([]);
        expect(asked).toMatch(/^600 .*\/key$/m);
        expect(asked).toMatch(/^700 .*signing-/m);
        // Of what was made to sign nothing is left.
        const left = await readdir(temporary, { recursive: true });
        expect(left.filter((name) => /key|signing|\.sig/.test(name))).toEqual([]);
      }
    });
  });
});

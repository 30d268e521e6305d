import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportSchema } from '../../src/model/report.js';
import { ClusterError } from '../../src/model/errors.js';
import { base64 } from '../helpers/api-server.js';
import { createAuthority } from '../helpers/certificates.js';
import { freshReleaseData } from '../helpers/fresh-release-data.js';
import { program, type Ended } from '../helpers/program.js';
import { recordingOf, startRecordedCluster, type RecordedCluster, type TroubleMaker } from '../helpers/recorded-cluster.js';
import { quickTroubles } from '../helpers/troubles.js';
import { refusedRun, wholeRun } from '../helpers/whole-run.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/** The command line program as a process: exit codes, what goes where, and how it ends. */
let cluster: RecordedCluster;
let directory: string;
let releaseData: string;
let files = 0;

beforeAll(async () => {
  cluster = await startRecordedCluster(recordingOf('good'));
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-test-'));
  releaseData = await write(freshReleaseData(new Date()));
});
afterAll(async () => {
  await cluster.close();
  await rm(directory, { recursive: true });
});
const write = async (text: string): Promise<string> => {
  const file = join(directory, `file-${++files}`);
  await writeFile(file, text);
  return file;
};
const kubeconfig = (trouble?: TroubleMaker): Promise<string> => write(cluster.lane(trouble).kubeconfig());
const check = async (trouble: TroubleMaker | undefined, args: readonly string[] = []): Promise<Ended> =>
  program(['check', '--kubeconfig', await kubeconfig(trouble), '--set', `data.releases=${releaseData}`, '--offline', ...args]);

/** A certificate, and the key of another one. */
const mixedPair = (): object => {
  const [one, other] = [createAuthority().issue(), createAuthority().issue()];
  return { 'client-certificate-data': base64(one.certificate), 'client-key-data': base64(other.key) };
};

/** People read it: no stack trace, no object, no more than the problem. */
const expectForPeople = (text: string): void => {
  expect(text).not.toMatch(/^\s+at |node:internal|\.ts:\d|\[object|undefined|Error:/m);
  expect(text.trim()).not.toBe('');
};

describe('exit codes', () => {
  test('0: nothing failed that fail-on names, and nothing but JSON on standard output', async () => {
    const it = await check(undefined, ['--standards', 'scs-0210-v2', '--format', 'json']);
    expect(it).toMatchObject({ code: 0, signal: null });
    const report = reportSchema.parse(JSON.parse(it.stdout));
    expect(report.requirements.every((r) => r.id.startsWith('scs-0210-v2/'))).toBe(true);
    expectForPeople(it.stderr);
  });
  test('1: a MUST of the certificate scope failed; its report is whole all the same', async () => {
    const it = await check(undefined, ['--format', 'json']);
    expect(it.code).toBe(1);
    const report = reportSchema.parse(JSON.parse(it.stdout));
    expect(report.verdict).toBe('non-compliant');
    expect(it.stderr).toMatch(/exit code 1: 1 failed: scs-0214-v2\/control-plane-hosts/);
  });
  test('2: every problem of the command line at once, each with the nearest valid word', async () => {
    const wrong = ['--formt', 'json', '--fail-on', 'fail:mist', '--standards', 'scs-0214', '--timeout', 'soon', '--set', 'tiers=active'];
    const it = await program(['check', ...wrong]);
    expect(it).toMatchObject({ code: 2, stdout: '' });
    for (const word of [
      '"--formt"',
      '"--format"',
      '"fail:mist"',
      'fail:must',
      '"scs-0214"',
      'scs-0214-v2',
      '"soon"',
      '15m',
      '"tiers"',
      '"tier"',
    ])
      expect(it.stderr).toContain(word);
    expectForPeople(it.stderr);
  });
  test('2: files of inputs that are read in different ways, all at once', async () => {
    const files = ['--statements', '/no/1', '--e2e-results', '/no/2', '--tier', 'active', '--set', 'probe.pullSecretFrom=/no/3'];
    const it = await program(['check', '--kubeconfig', await kubeconfig(), ...files]);
    expect(it).toMatchObject({ code: 2, stdout: '' });
    for (const named of ['/no/1', '/no/2', 'probe.pullSecretFrom']) expect(it.stderr).toContain(named);
  });
  test('2: a file that an input names is not there', async () => {
    const it = await program([
      'check',
      '--cluster',
      'embedded',
      '--set',
      'data.releases=/no/such/file',
      '--source-files',
      '/no/manifest.yaml',
    ]);
    expect(it).toMatchObject({ code: 2, stdout: '' });
    expect(it.stderr).toMatch(/"\/no\/such\/file"[^\n]*no such file[^]*"\/no\/manifest.yaml"|"\/no\/manifest.yaml"[^]*"\/no\/such\/file"/);
    expectForPeople(it.stderr);
  });
  test('3: nothing could be judged', async () => {
    const onlyVersion: TroubleMaker = (endpoint, nth) => (endpoint === 'GET /version' && nth === 1 ? undefined : quickTroubles['403']);
    const it = await check(onlyVersion, ['--format', 'json', '--standards', 'scs-0211-v2']);
    expect(it.code).toBe(3);
    expect(it.stderr).toMatch(/exit code 3: nothing could be judged/);
    expect(reportSchema.parse(JSON.parse(it.stdout)).verdict).toBe('incomplete');
  });
  test('3: an abort that fail-on names', async () => {
    const it = await check(undefined, ['--standards', 'scs-0210-v2', '--fail-on', 'abort:must', '--format', 'markdown']);
    expect(it.code).toBe(3);
    expect(it.stderr).toMatch(/exit code 3: 1 could not be judged: scs-0210-v2\/offered-branches/);
    expect(it.stdout).toMatch(/^#/);
  });
});

describe('a kubeconfig that leads nowhere: 3, one clear error, and nothing on standard output', () => {
  test.each<[string, () => Promise<string>, RegExp]>([
    [
      'it is not there',
      () => Promise.resolve('/no/such/kubeconfig'),
      /^Cannot read the kubeconfig at \/no\/such\/kubeconfig: no such file\. Set the option "--kubeconfig"/,
    ],
    ['its credentials are refused', () => kubeconfig(() => quickTroubles['401']), /credentials were not accepted \(401\)/],
    ['it answers never', () => kubeconfig(() => ({ kind: 'hang' })), /no complete answer of 127\.0\.0\.1:\d+ within 0\.5 s/],
  ])('%s', async (_title, file, message) => {
    const it = await program(['check', '--kubeconfig', await file(), '--set', 'requests.timeout=500ms', '--offline', '--format', 'json']);
    expect(it).toMatchObject({ code: 3, stdout: '' });
    const said = it.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('looking at '));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(message);
    expectForPeople(it.stderr);
    expect(it.ms).toBeLessThan(20_000);
  });

  // In this process, for its start takes longer than the rest.
  test.each<[string, () => string, RegExp]>([
    ['it is no YAML', () => '{ a: [ }', /^The kubeconfig given as text cannot be used: /],
    ['it is another object', () => 'kind: Pod\napiVersion: v1\n', /kubeconfig/],
    ['it is empty but for its kind', () => 'kind: Config\napiVersion: v1\n', /context/],
    [
      'it has no such context',
      () => cluster.lane().kubeconfig().replace('"current-context":"test"', '"current-context":"tset"'),
      /"tset"[^]*"?test"?/,
    ],
    ['its context names no cluster of it', () => cluster.lane().kubeconfig().replace('"cluster":"test"', '"cluster":"tset"'), /"tset"/],
    [
      'its cluster is gone',
      () => cluster.lane().kubeconfig({}, { server: 'https://127.0.0.1:1' }),
      /^Cannot use the cluster of context "test" at https:\/\/127\.0\.0\.1:1: nothing listens/,
    ],
    [
      'its token cannot be sent',
      () => cluster.lane().kubeconfig({ token: 'line\nbreak' }),
      /token of the user holds characters that no token has/,
    ],
    ['its key is of another certificate', () => cluster.lane().kubeconfig(mixedPair()), /does not belong to its client certificate/],
  ])('%s', async (_title, text, message) => {
    const { error } = refusedRun(await wholeRun({ kubeconfig: text() }));
    expect(error).toBeInstanceOf(ClusterError);
    expect(error.message).toMatch(message);
    expectForPeople(error.message);
  });
});

describe('interrupted', () => {
  const hanging =
    (from: string, seen: () => void): TroubleMaker =>
    (endpoint, nth) => {
      if (endpoint !== from) return undefined;
      if (nth === 1) setTimeout(seen, 300);
      return { kind: 'hang' };
    };
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s while a server keeps the run waiting: a partial report, 130, within seconds',
    async (signal) => {
      let send: (signal: NodeJS.Signals) => void = () => undefined;
      const file = await kubeconfig(hanging('GET /api/v1/nodes/good-worker/proxy/configz', () => send(signal)));
      const it = await program(['check', '--kubeconfig', file, '--offline', '--set', `data.releases=${releaseData}`, '--format', 'json'], {
        interrupt: (to) => (send = to),
      });
      expect(it).toMatchObject({ code: 130, signal: null });
      expect(it.ms).toBeLessThan(15_000);
      expect(it.stderr).toMatch(/interrupted/);
      const report = reportSchema.parse(JSON.parse(it.stdout));
      expect(report.requirements.find((r) => r.id === 'scs-0214-v2/zone-label')?.outcome).toBe('pass');
      expect(report.requirements.filter((r) => /cancelled/.test(r.message)).length).toBeGreaterThan(0);
      expectForPeople(it.stderr);
    },
  );
  test('before anything was answered: 130, and no report', async () => {
    let send: (signal: NodeJS.Signals) => void = () => undefined;
    const file = await kubeconfig(hanging('GET /version', () => send('SIGINT')));
    const it = await program(['check', '--kubeconfig', file, '--offline', '--format', 'json'], { interrupt: (to) => (send = to) });
    expect(it.code).toBe(130);
    expect(it.ms).toBeLessThan(15_000);
    expect(it.stderr).toMatch(/interrupted/);
    expectForPeople(it.stderr);
  });
});

test('a recorded run is judged again, in another form', async () => {
  const file = join(directory, 'snapshot.json');
  const recorded = await program([
    'record',
    file,
    '--kubeconfig',
    await kubeconfig(),
    '--set',
    `data.releases=${releaseData}`,
    '--offline',
  ]);
  expect(recorded).toMatchObject({ code: 0, stdout: '' });
  const replay = await program(['check', '--cluster', `snapshot:${file}`, '--format', 'markdown', '--fail-on', 'never']);
  expect(replay.code).toBe(0);
  expect(replay.stdout).toMatch(/^## ❌ non-compliant[^]*v1\.36\.3/);
});

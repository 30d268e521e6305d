import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repository, startAct, workflowPath } from './act.js';
import { expectTheSame, random, snapshot, start, until, type Run } from './processes.js';
import { down, environment, kubectl, probeImage, scsKaas, up, withTests, type Ended, type JsonReport } from './support.js';

/** The upstream end-to-end tests, run for real with Sonobuoy: from the start to the verdict, cut, resumed, refused, interrupted. */
const name = 'heavy';
const full = process.env['SCS_KAAS_E2E'] === 'full';
/** Three tests that take seconds; one of them is about network policies, and fails where those are not enforced. */
const focus =
  'should deny egress from pods based on PodSelector|ConfigMap should be consumable via environment variable|Pods should be submitted and removed';
let kubeconfig = '';
let before: readonly string[] = [];
let work = '';

const words = (...more: readonly string[]): readonly string[] => [
  ...['check', '--kubeconfig', kubeconfig, '--tier', 'heavy', '--set', `probe.image=${probeImage}`, '--standards', 'scs-0201-v1'],
  ...['--set', `e2e.focus=${focus}`, '--offline', '--fail-on', 'never', '--format', 'json', ...more],
];
const run = (...more: readonly string[]): Run => start(words(...more), work);
const settled = (): Promise<void> => expectTheSame(kubeconfig, before, 60);
const reportOf = ({ code, stdout, stderr }: Ended): JsonReport => {
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as JsonReport;
};
const conformance = (report: JsonReport): JsonReport['requirements'][number] | undefined =>
  report.requirements.find(({ id }) => id === 'scs-0201-v1/conformance');
const archives = (folder: string): readonly string[] => readdirSync(folder).filter((file) => file.endsWith('.tar.gz'));
/** The name of the archive differs from run to run. */
const withoutName = (message: string | undefined): string => (message ?? '').replace(/\S+\.tar\.gz/, 'ARCHIVE');

beforeAll(() => {
  kubeconfig = up(name);
  withTests(name);
  before = snapshot(kubeconfig);
  work = mkdtempSync(join(tmpdir(), 'scs-kaas-heavy-'));
}, 1_200_000);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  down(name);
});

/** What was found by a run that nothing disturbed. */
let undisturbed = '';

describe('in the runner of workflows', () => {
  let results = '';
  const workflow = `
on: push
jobs:
  scs:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: scs
        uses: ./
        with:
          kubeconfig: \${{ env.CLUSTER }}
          tier: heavy
          standards: scs-0201-v1
          offline: true
          fail-on: never
          config: |
            probe: { image: "${probeImage}" }
            e2e:
              focus: ${JSON.stringify(focus)}
              wait: \${{ env.WAIT }}
      - run: |
          cp "\${{ steps.scs.outputs.report-file }}" "$RESULTS/report.json"
          echo "\${{ steps.scs.outputs.e2e-state }}" > "$RESULTS/state"
          test -z "\${{ steps.scs.outputs.e2e-archive-file }}" || cp "\${{ steps.scs.outputs.e2e-archive-file }}" "$RESULTS/"
`;
  beforeAll(() => {
    results = mkdtempSync(join(tmpdir(), 'scs-kaas-results-'));
    repository(work, { [workflowPath]: workflow });
  });
  afterAll(() => rmSync(results, { recursive: true, force: true }));

  const job = async (wait: string): Promise<{ readonly state: string; readonly report: JsonReport; readonly log: string }> => {
    const run = startAct(work, ['push'], { RESULTS: results, CLUSTER: kubeconfig, WAIT: wait });
    if ((await run.ended) !== 0) throw new Error(`the job failed: ${run.log()}`);
    const read = (file: string): string => readFileSync(join(results, file), 'utf8');
    return { state: read('state').trim(), report: JSON.parse(read('report.json')) as JsonReport, log: run.log() };
  };

  test('from the start to the verdict, with the archive kept and nothing left', async () => {
    const { state, report, log } = await job('20m');
    expect(state).toBe('finished');
    expect(archives(results)).toHaveLength(1);
    expect(conformance(report)).toMatchObject({ outcome: 'abort' });
    undisturbed = withoutName(conformance(report)?.message);
    expect(undisturbed).toContain('too few: 2 of 446 conformance tests passed');
    expect(log).toContain('started the end-to-end tests');
    await settled();
  }, 900_000);

  test('a job whose time is over leaves the run, and the next one collects the same verdict', async () => {
    const first = await job('1s');
    expect(first.state).toBe('running');
    expect(conformance(first.report)?.message).toMatch(/still running after 1 s: .*the same step again/);
    expect(kubectl(kubeconfig, ['get', 'namespace', 'scs-kaas-sonobuoy', '-o', 'name'])).toContain('scs-kaas-sonobuoy');
    const second = await job('20m');
    expect(second.state).toBe('finished');
    expect(second.log).toContain('resuming the end-to-end run of');
    expect(withoutName(conformance(second.report)?.message)).toBe(undisturbed);
    await settled();
  }, 900_000);
});

test('a job that is cancelled leaves nothing', async () => {
  const { log, cancel, ended } = startAct(work, ['push'], { RESULTS: work, CLUSTER: kubeconfig, WAIT: '20m' });
  await until(
    () => log().includes('started the end-to-end tests'),
    240,
    'the tests were started',
    () => `: ${log()}`,
  );
  await sleep(5_000);
  cancel();
  await ended;
  // A cancelled runner gives its processes seconds to end; the clean-up is theirs.
  await expectTheSame(kubeconfig, before, 120);
}, 600_000);

test('a run of somebody else is refused by name, and stays as it was', async () => {
  execFileSync(
    'sonobuoy',
    [
      'run',
      '--kubeconfig',
      kubeconfig,
      '--plugin',
      'e2e',
      '--e2e-focus',
      'Pods should be submitted and removed',
      '--kubernetes-version',
      'v1.36.3',
    ],
    { env: environment(), stdio: 'ignore' },
  );
  try {
    const foreign = (): string =>
      kubectl(kubeconfig, ['get', 'namespace,pod', '-n', 'sonobuoy', 'sonobuoy', '-o', 'name', '--ignore-not-found']);
    const uid = (): string => kubectl(kubeconfig, ['get', 'namespace', 'sonobuoy', '-o', 'jsonpath={.metadata.uid}']);
    const was = uid();
    const report = reportOf(await run().ended);
    expect(conformance(report)?.message).toContain('a run of Sonobuoy that is not ours is in the cluster (sonobuoy/sonobuoy)');
    expect(uid()).toBe(was);
    expect(foreign()).toContain('pod/sonobuoy');
    const cleaned = await scsKaas(['cleanup', '--all', '--kubeconfig', kubeconfig]);
    expect(cleaned.code).toBe(0);
    expect(uid()).toBe(was);
  } finally {
    execFileSync('sonobuoy', ['delete', '--kubeconfig', kubeconfig, '--all', '--wait'], { env: environment(), stdio: 'ignore' });
  }
  await settled();
}, 600_000);

describe('interrupted', () => {
  /** Somebody else's tests were here before ours: nobody may touch what they made. */
  const other = 'pods-4711';
  let uid = '';
  beforeAll(() => {
    kubectl(kubeconfig, ['create', 'namespace', other]);
    kubectl(kubeconfig, ['label', 'namespace', other, 'e2e-framework=pods', 'e2e-run=11111111-2222-3333-4444-555555555555']);
    uid = kubectl(kubeconfig, ['get', 'namespace', other, '-o', 'jsonpath={.metadata.uid}']);
  });
  afterAll(() => void kubectl(kubeconfig, ['delete', 'namespace', other]));
  const expectNothingOfOurs = (): void => {
    expect(kubectl(kubeconfig, ['get', 'namespaces', '-l', 'e2e-run', '-o', 'jsonpath={.items[*].metadata.uid}'])).toBe(uid);
    expect(kubectl(kubeconfig, ['get', 'namespaces', '-l', 'app.kubernetes.io/managed-by=scs-kaas', '-o', 'name'])).toBe('');
    expect(kubectl(kubeconfig, ['get', 'clusterroles,clusterrolebindings', '-l', 'component=sonobuoy', '-o', 'name'])).toBe('');
  };

  const times = full ? 10 : 1;
  test(`${times === 1 ? 'once' : `${times} times`} by SIGTERM at a random moment`, async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`SEED=${seed}`);
    const next = random(seed);
    for (let n = 0; n < times; n++) {
      const one = run();
      await until(() => one.said() !== '', 60, 'it began');
      const moment = Math.round(next() * 45_000);
      await Promise.race([sleep(moment), one.ended]);
      const ranOut = one.child.exitCode !== null;
      const begin = performance.now();
      one.child.kill('SIGTERM');
      const { code, stderr } = await one.ended;
      const told = `after ${moment} ms, ended within ${Math.round(performance.now() - begin)} ms`;
      console.log(`${told}, code ${code}`);
      expect({ told, stderr, code }).toEqual({ told, stderr, code: ranOut ? 0 : 130 });
      expect(stderr).not.toContain('may still be there');
      expectNothingOfOurs();
    }
  }, 1_800_000);

  test('by SIGKILL: the next run goes on with it', async () => {
    const killed = run();
    await until(() => killed.said().includes('started the end-to-end tests'), 240, 'the tests were started', killed.said);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { code, stdout, stderr } = await run().ended;
    expect(stderr).toContain('resuming the end-to-end run of');
    expect(withoutName(conformance(reportOf({ code, stdout, stderr }))?.message)).toBe(undisturbed);
    expectNothingOfOurs();
  }, 900_000);

  test('by SIGKILL, and removed by hand', async () => {
    const killed = run();
    await until(() => killed.said().includes('started the end-to-end tests'), 240, 'the tests were started', killed.said);
    await sleep(8_000);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const left = await scsKaas(['cleanup', '--kubeconfig', kubeconfig]);
    expect(left.stdout).toContain('left alone: the end-to-end run');
    const cleaned = await scsKaas(['cleanup', '--all', '--kubeconfig', kubeconfig]);
    console.log(cleaned.stdout);
    expect(cleaned.code).toBe(0);
    expectNothingOfOurs();
  }, 900_000);
});

test('an API server that is away in the middle', async () => {
  const inNode = (...what: readonly string[]): void =>
    void execFileSync('docker', ['exec', `${name}-control-plane`, ...what], { env: environment(), stdio: 'ignore' });
  const testsRun = (): boolean =>
    kubectl(kubeconfig, ['get', 'pods', '-A', '-l', 'sonobuoy-component=plugin', '-o', 'jsonpath={.items[*].status.phase}']) === 'Running';
  const one = run();
  // Without its pod Sonobuoy waits for tests that never begin, which takes a quarter of an hour to be told.
  await until(testsRun, 240, 'the pod of the tests runs', one.said);
  await sleep(5_000);
  inNode('pkill', '-STOP', 'kube-apiserver');
  await sleep(full ? 300_000 : 20_000);
  inNode('pkill', '-KILL', 'kube-apiserver');
  const { code, stdout, stderr } = await one.ended;
  const found = conformance(reportOf({ code, stdout, stderr }));
  console.log(found?.outcome, found?.message);
  // What becomes of the tests themselves without an API server is theirs; ours is that there is a result, and nothing left.
  expect(found?.message).not.toContain('still running');
  expect(['abort', 'fail']).toContain(found?.outcome);
  await expectTheSame(kubeconfig, before, 180);
}, 1_200_000);

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubDouble } from '../helpers/github-api.js';
import { recordingOf, startRecordedCluster, type RecordedCluster } from '../helpers/recorded-cluster.js';
import { git, repository, startAct, workflowPath } from './act.js';
import { behind, kindClusters, releaseData } from './support.js';

const image = process.env['TESTBED_NODE_IMAGE'] ?? 'kindest/node:v1.36.3';
const token = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
const [head, base] = ['a'.repeat(40), 'b'.repeat(40)];

const workflow = (more: string): string => `
on: pull_request
permissions: { contents: read, pull-requests: write }
jobs:
  scs:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: scs
        uses: ./
        with:
          cluster: kind
          offline: true
          github-token: ${token}
          config: "kind: { image: '${image}' }"
          ${more}
      - if: always()
        run: |
          cp "\${{ steps.scs.outputs.report-file }}" "\${{ steps.scs.outputs.summary-file }}" "$RESULTS/" || true
          echo "\${{ steps.scs.outputs.verdict }} \${{ fromJSON(steps.scs.outputs.counts).certificate.fail }}" > "$RESULTS/outputs"
          kubectl --kubeconfig "\${{ steps.scs.outputs.kubeconfig }}" get nodes -o name > "$RESULTS/nodes" || true
`;

let work = '';
let results = '';
const github = new GitHubDouble({ owner: 'scs', repo: 'demo' });

/** What a forge says of a pull request. @param owner of the repository that its head is in */
const eventOf = (owner: string): string => {
  const [ours, theirs] = ['scs', owner].map((login) => ({ full_name: `${login}/demo`, name: 'demo', owner: { login } }));
  const pull = {
    ...{ number: 7, locked: false },
    head: { sha: head, ref: 'change', repo: theirs },
    base: { ref: 'main', sha: base, repo: ours },
  };
  return JSON.stringify({ action: 'opened', number: 7, pull_request: pull, repository: ours, sender: { login: 'someone' } });
};

/** A repository with a pull request. */
const pullRequest = (more: string): void =>
  repository(work, {
    'kind.yaml': 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n',
    'event.json': eventOf('scs'),
    [workflowPath]: workflow(more),
  });

interface Ended {
  readonly code: number | null;
  readonly log: string;
}

/** Runs the workflow; `cancelWhen` cancels the job once its text is logged. */
const act = async (cancelWhen?: string): Promise<Ended> => {
  const env = { GITHUB_API_URL: github.url, RESULTS: results };
  const run = startAct(work, ['pull_request', '-e', 'event.json'], env, ({ log, cancel }) => {
    if (cancelWhen !== undefined && log().includes(cancelWhen)) cancel();
  });
  return { code: await run.ended, log: run.log() };
};

const clusters = (): readonly string[] => kindClusters('scs-kaas-');

beforeAll(async () => {
  await github.start();
});
afterAll(async () => {
  await github.stop();
});

describe('a pull request', () => {
  let first: Ended;
  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'scs-kaas-act-'));
    results = mkdtempSync(join(tmpdir(), 'scs-kaas-act-results-'));
    github.token(token);
    github.pulls.push({ number: 7, headSha: head, headRepository: 'scs/demo', headBranch: 'change' });
    pullRequest('kind-config: kind.yaml');
    first = await act();
  });
  afterAll(() => {
    for (const folder of [work, results]) rmSync(folder, { recursive: true, force: true });
  });

  test('the step fails for a failed MUST, says which, and annotates it at the line of the kind configuration', () => {
    expect(first.code).not.toBe(0);
    expect(first.log).toContain('scs-0214-v2/zone-label');
    expect(first.log).toMatch(/file=kind\.yaml/);
    expect(first.log).not.toContain(token);
  });

  test('summary, report and outputs are there for later steps, and so is the cluster', () => {
    expect(readFileSync(join(results, 'outputs'), 'utf8')).toMatch(/^non-compliant \d+/);
    const report = JSON.parse(readFileSync(join(results, 'scs-kaas-report.json'), 'utf8')) as {
      verdict: string;
      cluster: { source: string };
      caveats: string[];
    };
    expect(report).toMatchObject({ verdict: 'non-compliant', cluster: { source: 'kind' } });
    expect(report.caveats.join()).toContain('certifies nothing');
    expect(readFileSync(join(results, 'scs-kaas-summary.md'), 'utf8')).toContain('non-compliant');
    expect(readFileSync(join(results, 'nodes'), 'utf8')).toContain('control-plane');
  });

  test('one comment, by calls that are as GitHub describes them', () => {
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('zone-label');
    expect(github.comments[0]?.body).toContain('certifies nothing');
    expect(github.violations).toEqual([]);
  });

  test('the post step deleted the cluster', () => {
    expect(clusters()).toEqual([]);
  });

  test('a second run with another outcome updates the same comment', async () => {
    const before = github.comments[0]?.body;
    writeFileSync(join(work, workflowPath), workflow('fail-on: never'));
    git(work, 'commit', '-qam', 'three nodes');
    const second = await act();
    expect(second.code).toBe(0);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).not.toBe(before);
    expect(github.violations).toEqual([]);
    expect(clusters()).toEqual([]);
  });
});

describe('a cancelled job', () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'scs-kaas-act-'));
    results = mkdtempSync(join(tmpdir(), 'scs-kaas-act-results-'));
    pullRequest('kind-config: kind.yaml');
  });
  test.each(['Creating the kind cluster', 'Starting control-plane', 'is ready'])('at "%s" leaves no cluster', async (moment) => {
    await act(moment);
    // A cancelled runner gives its processes seconds to end; the clean-up is theirs.
    for (let i = 0; i < 60 && clusters().length > 0; i++) await new Promise((go) => setTimeout(go, 1_000));
    expect(clusters()).toEqual([]);
  });
});

/** A step, as an expression in a workflow sees it. */
interface StepResult {
  readonly outcome: string;
  readonly outputs: Readonly<Record<string, string>>;
}
/** The last step of a job: what became of the others. */
const keepSteps = `
      - if: always()
        env:
          STEPS: \${{ toJSON(steps) }}
        run: printf '%s' "$STEPS" > "$RESULTS/steps.json"
`;
const stepsOf = (folder: string): Readonly<Record<string, StepResult>> =>
  JSON.parse(readFileSync(join(folder, 'steps.json'), 'utf8')) as Readonly<Record<string, StepResult>>;
const standardsIn = (report: string): readonly string[] => {
  const { requirements } = JSON.parse(readFileSync(report, 'utf8')) as { requirements: readonly { readonly id: string }[] };
  return [...new Set(requirements.map(({ id }) => id.split('/')[0] ?? ''))];
};

describe('a workflow that names no input but a kubeconfig, then with a config file, and what is made of the report', () => {
  let cluster: RecordedCluster;
  let ended: Ended;
  let steps: Readonly<Record<string, StepResult>>;
  let secrets: Readonly<Record<'KUBECONFIG' | 'KEY', string>>;
  const text = `
on: push
jobs:
  scs:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: plain
        uses: ./
        with:
          kubeconfig: \${{ secrets.KUBECONFIG }}
      - if: always()
        run: cp config.yaml .github/scs-kaas.yaml
      - id: configured
        if: always()
        uses: ./
        with:
          kubeconfig: \${{ secrets.KUBECONFIG }}
      - if: always()
        run: |
          cp "\${{ steps.plain.outputs.report-file }}" "$RESULTS/plain.json"
          cp "\${{ steps.configured.outputs.report-file }}" "$RESULTS/configured.json"
      - id: merge
        if: always()
        uses: ./actions/merge
        with:
          reports-from: \${{ steps.configured.outputs.report-file }}
          expect: 2
          fail-on: never
      - id: upload
        if: always()
        uses: ./actions/upload
        with:
          report: \${{ fromJSON(steps.configured.outputs.report-files).scs-report }}
          key: \${{ secrets.KEY }}
${keepSteps}`;

  beforeAll(async () => {
    cluster = await startRecordedCluster(recordingOf('good'));
    // Of a provider: the recorded clusters are kind's, and their reports are none for the monitor.
    const lane = cluster.lane((endpoint, _, answer) =>
      endpoint === 'GET /api/v1/nodes' && answer !== undefined
        ? { kind: 'answer', answer: { ...answer, body: JSON.parse(JSON.stringify(answer.body).replaceAll('kind://', 'openstack://')) } }
        : undefined,
    );
    work = mkdtempSync(join(tmpdir(), 'scs-kaas-act-'));
    results = mkdtempSync(join(tmpdir(), 'scs-kaas-act-results-'));
    const key = join(results, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'monitor', '-f', key]);
    secrets = { KUBECONFIG: lane.kubeconfig(), KEY: readFileSync(key, 'utf8') };
    repository(work, {
      'config.yaml': [
        ...['standards: [scs-0210-v2]', 'fail-on: never', 'offline: true', 'subject: example-cloud'],
        ...['data:', `  releases: ${releaseData(results, behind)}`, ''],
      ].join('\n'),
      [workflowPath]: text,
    });
    const given = Object.entries(secrets).flatMap(([name, value]) => ['-s', `${name}=${value}`]);
    const run = startAct(work, ['push', ...given], { RESULTS: results });
    ended = { code: await run.ended, log: run.log() };
    steps = stepsOf(results);
  });
  afterAll(async () => {
    await cluster.close();
    for (const folder of [work, results]) rmSync(folder, { recursive: true, force: true });
  });

  test('the cluster is checked against all standards in force, and a failed MUST fails the step', () => {
    expect(steps['plain']).toMatchObject({ outcome: 'failure', outputs: { verdict: 'non-compliant', 'exit-code': '1' } });
    expect(standardsIn(join(results, 'plain.json')).length).toBeGreaterThan(5);
    expect(ended.code).not.toBe(0);
  });

  test('the config file in its default place is found', () => {
    expect(steps['configured']?.outcome).toBe('success');
    expect(standardsIn(join(results, 'configured.json'))).toEqual(['scs-0210-v2']);
  });

  test('the action merge reads the report of the check, and misses the other cluster', () => {
    expect(steps['merge']?.outputs).toMatchObject({
      verdict: 'non-compliant',
      headline: expect.stringMatching(/^non-compliant: .*\b2\b/) as unknown,
      'report-files': expect.stringContaining('markdown') as unknown,
    });
  });

  test('the action upload signs the report of the check, and without an address it sends nothing', () => {
    expect(steps['upload']).toMatchObject({ outcome: 'success', outputs: { status: 'dry-run' } });
    expect(ended.log).toContain('signed and verified; nothing was sent (dry run)');
  });

  test('no secret is in the log', () => {
    expect(ended.log).not.toContain(secrets.KEY.split('\n')[2]);
    expect(ended.log).not.toMatch(/client-key-data: \S{20}/);
  });
});

describe('a pull request of a fork whose head brings a config file', () => {
  let ended: Ended;
  let steps: Readonly<Record<string, StepResult>>;
  const text = `
on: pull_request
jobs:
  scs:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: served
        uses: ./
        with:
          cluster: embedded
          reports: json
          github-token: ${token}
      - if: always()
        run: cp "\${{ steps.served.outputs.report-file }}" "$RESULTS/served.json"
      - id: unread
        if: always()
        uses: ./
        with:
          cluster: embedded
          reports: json
          github-token: ''
${keepSteps}`;
  const served = new GitHubDouble({ owner: 'scs', repo: 'demo' });

  beforeAll(async () => {
    await served.start();
    served.token(token);
    served.files.set('.github/scs-kaas.yaml', 'standards: [scs-0217-v1]\nfail-on: fail:any:any\noffline: true\n');
    work = mkdtempSync(join(tmpdir(), 'scs-kaas-act-'));
    results = mkdtempSync(join(tmpdir(), 'scs-kaas-act-results-'));
    repository(work, {
      'event.json': eventOf('eve'),
      '.github/scs-kaas.yaml': 'standards: [scs-0214-v2]\nfail-on: never\n',
      [workflowPath]: text,
    });
    const run = startAct(work, ['pull_request', '-e', 'event.json'], { GITHUB_API_URL: served.url, RESULTS: results });
    ended = { code: await run.ended, log: run.log() };
    steps = stepsOf(results);
  });
  afterAll(async () => {
    await served.stop();
    for (const folder of [work, results]) rmSync(folder, { recursive: true, force: true });
  });

  test('that of the base counts: its standards, and no word of the other', () => {
    expect(standardsIn(join(results, 'served.json'))).toEqual(['scs-0217-v1']);
    expect(steps['served']).toMatchObject({ outcome: 'failure', outputs: { 'exit-code': '1' } });
    expect(served.calls.map(({ path, query }) => [path, query['ref']])).toEqual([['/repos/scs/demo/contents/.github/scs-kaas.yaml', base]]);
  });

  test('if that of the base cannot be read, nothing is checked', () => {
    expect(steps['unread']).toMatchObject({ outcome: 'failure', outputs: { 'exit-code': '2' } });
    expect(steps['unread']?.outputs['verdict']).toBeUndefined();
    expect(ended.log).toContain(
      'This run may be for a pull request of a fork, so .github/scs-kaas.yaml is read from the base, which failed',
    );
    expect(ended.code).not.toBe(0);
  });
});

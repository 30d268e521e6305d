import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubDouble } from '../helpers/github-api.js';
import { git, repository, startAct, workflowPath } from './act.js';
import { kindClusters } from './support.js';

const image = process.env['TESTBED_NODE_IMAGE'] ?? 'kindest/node:v1.36.3';
const token = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
const head = 'a'.repeat(40);

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
          kind-image: ${image}
          offline: true
          token: ${token}
          ${more}
      - if: always()
        run: |
          cp "\${{ steps.scs.outputs.report-file }}" "\${{ steps.scs.outputs.summary-file }}" "$RESULTS/" || true
          echo "\${{ steps.scs.outputs.verdict }} \${{ steps.scs.outputs.fail }}" > "$RESULTS/outputs"
          kubectl --kubeconfig "\${{ steps.scs.outputs.kubeconfig }}" get nodes -o name > "$RESULTS/nodes" || true
`;

let work = '';
let results = '';
const github = new GitHubDouble({ owner: 'scs', repo: 'demo' });

/** A repository with a pull request. */
const pullRequest = (more: string): void => {
  const repo = { full_name: 'scs/demo', name: 'demo', owner: { login: 'scs' } };
  const pull = { number: 7, locked: false, head: { sha: head, ref: 'change', repo }, base: { ref: 'main', sha: 'b'.repeat(40), repo } };
  repository(work, {
    'kind.yaml': 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n',
    'event.json': JSON.stringify({ action: 'opened', number: 7, pull_request: pull, repository: repo, sender: { login: 'someone' } }),
    [workflowPath]: workflow(more),
  });
};

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

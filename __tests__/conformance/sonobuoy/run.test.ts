import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNamespace, type RunSettings } from '../../../src/conformance/sonobuoy/identity.js';
import { findRuns } from '../../../src/conformance/sonobuoy/find.js';
import { e2eRuns, type RunContext, type RunOutcome } from '../../../src/conformance/sonobuoy/index.js';
import { followRun } from '../../../src/conformance/sonobuoy/follow.js';
import { removeRun } from '../../../src/conformance/sonobuoy/remove.js';
import { fakeSonobuoy, type FakeSonobuoy } from '../../helpers/fake-sonobuoy.js';
import { hurry } from '../../helpers/hurry.js';
import type { LiveClient } from '../../helpers/live-server.js';
import { statusBody } from '../../helpers/api-faults.js';
import type { ApiAnswer } from '../../helpers/api-server.js';
import { moment, SonobuoyCluster } from '../../helpers/sonobuoy-cluster.js';

afterAll(hurry(3));

const settings: RunSettings = { suites: ['conformance'], focus: '', skip: '', processes: 0, flakeAttempts: 2 };
const space = `/api/v1/namespaces/${runNamespace}`;
const aggregator = `${space}/pods/sonobuoy`;
const whole = Buffer.from('an archive');
const sha256 = createHash('sha256').update(whole).digest('hex');
const status = (phase: string, tar: object = {}): object => ({
  plugins: [{ plugin: 'e2e', node: 'global', status: 'running', progress: { total: 3, completed: 0 } }],
  status: phase,
  'tar-info': { name: 'results_1.tar.gz', sha256, size: whole.length, ...tar },
});

let cluster: SonobuoyCluster;
let client: LiveClient;
let directory: string;
let sonobuoy: FakeSonobuoy;
let told: string[];
let saved: (string | undefined)[];
beforeEach(async () => {
  cluster = new SonobuoyCluster();
  await cluster.start();
  client = await cluster.client();
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-test-'));
  mkdirSync(join(directory, 'fake'));
  sonobuoy = fakeSonobuoy(join(directory, 'fake'));
  writeFileSync(join(directory, 'whole.tar.gz'), whole);
  sonobuoy.retrieves([{ archive: join(directory, 'whole.tar.gz') }]);
  [told, saved] = [[], []];
});
afterEach(async () => {
  await cluster.server.close();
  rmSync(directory, { recursive: true, force: true });
});

const context = (more: Partial<RunContext> = {}): RunContext => ({
  api: client.api,
  lasting: client.lasting,
  kubeconfig: () => Promise.resolve('{"secret":"kubeconfig"}'),
  env: { PATH: sonobuoy.bin, INPUT_TOKEN: 'x', MY_SECRET: 'y' },
  signal: client.signal,
  directory: join(directory, 'work'),
  archives: join(directory, 'archives'),
  owner: 'github.com/scs/demo',
  name: 'run-1',
  settings,
  images: {},
  program: {},
  waitMs: 60_000,
  onCancel: 'delete',
  permissions: [{ role: 'run', verb: '*', group: '*', resource: '*', why: 'x' }],
  log: (line) => told.push(line),
  step: () => undefined,
  onRun: (name) => saved.push(name),
  times: { pollMs: 20, tellMs: 100, pauseMs: 20 },
  ...more,
});
const toEnd = async (more: Partial<RunContext> = {}): Promise<RunOutcome> => (await e2eRuns(context(more))).toEnd('v1.36.3');
/** Does something some time after the aggregator was created, however long the start of the run took. */
const afterStart = (delayMs: number, what: () => void): void => {
  const before = cluster.onMade;
  cluster.onMade = (path) => {
    before(path);
    if (path === aggregator) setTimeout(what, delayMs);
  };
};
/** As soon as the pod is there, Sonobuoy says these things on it, one after the other. */
const sonobuoySays = (...phases: readonly object[]): void => phases.forEach((phase, i) => afterStart(150 * i, () => cluster.say(phase)));
const left = (): readonly string[] => cluster.paths;
const removals = (): readonly string[] => cluster.changes.filter((change) => change.startsWith('DELETE'));
/** A namespace as the end-to-end tests make them. */
const e2e = (name: string, run: string, more: { creationTimestamp?: string } = {}): void =>
  void cluster.put('/api/v1/namespaces', { name, labels: { 'e2e-framework': 'x', 'e2e-run': run }, ...more });
/** Looks at our namespace are answered so, a number of times, from now on. */
const insteadOfOurs = (answer: ApiAnswer, times: number): void => {
  let n = 0;
  cluster.instead = ({ method, path }) => (method === 'GET' && path === space && n++ < times ? answer : undefined);
};

describe('from the start to the archive', () => {
  test('everything is made, followed, fetched, and removed', async () => {
    sonobuoySays(status('running'), status('post-processing'), status('complete'));
    const outcome = await toEnd();
    expect(outcome).toEqual({ state: 'finished', archive: join(directory, 'archives', 'results_1.tar.gz'), caveats: [], warnings: [] });
    expect(readFileSync(join(directory, 'archives', 'results_1.tar.gz'))).toEqual(whole);
    expect(left()).toEqual([]);
    expect(saved).toEqual(['run-1', undefined]);
  });
  test('whose it is stands on the namespace before anything else is there', async () => {
    const seen: string[] = [];
    sonobuoySays(status('complete'));
    const says = cluster.onMade;
    cluster.onMade = (path) => {
      seen.push(path);
      says(path);
    };
    await toEnd();
    expect(seen[0]).toBe(space);
    expect(seen.at(-1)).toBe(aggregator);
  });
  test('roles go with the namespace, which owns them', async () => {
    cluster.onMade = () => undefined;
    expect(await toEnd({ waitMs: 50 })).toMatchObject({ state: 'running' });
    const namespace = cluster.objects.get(space);
    const roles = [...cluster.objects.values()].filter(({ path }) => path.includes('clusterrole'));
    expect(roles.map(({ owners }) => owners)).toEqual([[namespace?.uid], [namespace?.uid]]);
  });
  test('Sonobuoy learns nothing of our inputs and secrets, and the kubeconfig is gone afterwards', async () => {
    sonobuoySays(status('complete'));
    await toEnd();
    expect(Object.keys(sonobuoy.environment()).filter((name) => /INPUT_|SECRET|KUBECONFIG/.test(name))).toEqual([]);
    expect(sonobuoy.kubeconfig()).toBe('{"secret":"kubeconfig"}');
    expect(sonobuoy.calls().flat().join(' ')).not.toContain('"secret"');
    expect(readdirSync(join(directory, 'work'))).toEqual([]);
  });
  test('progress is told by the log of the tests, each end once', async () => {
    cluster.onMade = (path) => {
      if (path !== aggregator) return;
      cluster.put(`${space}/pods`, { name: 'sonobuoy-e2e-job-1' });
      cluster.say(status('running'));
      cluster.log = '2026-11-26T04:00:00.1Z • [1.0 seconds]\n2026-11-26T04:00:01.1Z • [FAILED] [2.0 seconds]\n';
      setTimeout(() => cluster.say(status('complete')), 1_000);
    };
    await toEnd();
    const lines = told.filter((line) => line.startsWith('end-to-end tests: '));
    expect(lines.length).toBeGreaterThan(1);
    expect(new Set(lines.slice(1))).toEqual(new Set(['end-to-end tests: 2/3 done, 1 failed so far']));
  });
  test('namespaces that the tests have left go too; those that were there before, and anybody’s else, stay', async () => {
    e2e('pods-1', 'of-others');
    cluster.put('/api/v1/namespaces', { name: 'payments' });
    const says = (): void => {
      e2e('pods-2', 'of-ours');
      // As the NetworkPolicy tests label theirs.
      cluster.put('/api/v1/namespaces', { name: 'netpol-x-1', labels: { 'e2e-run': 'of-ours-2' } });
      cluster.say(status('complete'));
    };
    cluster.onMade = (path) => {
      if (path === aggregator) says();
    };
    expect(await toEnd()).toMatchObject({ state: 'finished', warnings: [] });
    expect(left()).toEqual(['/api/v1/namespaces/payments', '/api/v1/namespaces/pods-1']);
  });
  test('the tests pull from a mirror where there is one', async () => {
    sonobuoySays(status('complete'));
    await toEnd({ images: { registry: 'mirror.example/k8s' } });
    expect(sonobuoy.registries()).toContain('promoterE2eRegistry: mirror.example/k8s/e2e-test-images\n');
    expect(readdirSync(join(directory, 'work'))).toEqual([]);
  });
});

describe('the archive', () => {
  const bad = (): string => join(directory, 'cut.tar.gz');
  beforeEach(() => writeFileSync(bad(), whole.subarray(0, 5)));
  test('that is cut is fetched again', async () => {
    sonobuoySays(status('complete'));
    sonobuoy.retrieves([{ archive: bad() }, { archive: join(directory, 'whole.tar.gz') }]);
    expect(await toEnd()).toMatchObject({ state: 'finished' });
    expect(told.join('\n')).toContain('try 1 of 5): the archive is not whole: it has 5 bytes and should have 10');
  });
  test('of the right size with other bytes is none', async () => {
    sonobuoySays(status('complete'));
    writeFileSync(bad(), 'AN ARCHIVE');
    sonobuoy.retrieves([{ archive: bad() }, { archive: join(directory, 'whole.tar.gz') }]);
    expect(await toEnd()).toMatchObject({ state: 'finished' });
    expect(told.join('\n')).toContain('its checksum is not the one that Sonobuoy has given for it');
  });
  test('that cannot be fetched stays where it is, and so does the run', async () => {
    sonobuoySays(status('complete'));
    sonobuoy.retrieves([{ error: 'error: unable to upgrade connection' }]);
    const outcome = await toEnd();
    expect(outcome).toMatchObject({ state: 'running', why: expect.stringContaining('unable to upgrade connection') });
    expect(left()).toContain(aggregator);
    expect(saved.at(-1)).toBeUndefined();
  });
  test('is not waited for where the job is cancelled', async () => {
    sonobuoySays(status('complete'));
    sonobuoy.retrieves([{ error: 'error: unable to upgrade connection' }]);
    afterStart(1_000, () => client.cancel());
    expect(await toEnd({ times: { pollMs: 20, pauseMs: 60_000 } })).toMatchObject({ state: 'none' });
    expect(left()).toEqual([]);
  });
});

describe('time', () => {
  test('that is over leaves the run, and the next step resumes it', async () => {
    sonobuoySays(status('running'));
    const first = await toEnd({ waitMs: 300 });
    expect(first).toMatchObject({
      state: 'running',
      why: expect.stringMatching(/still running after 0 s: 0\/3 done.*the same step again/),
    });
    expect(left()).toContain(aggregator);
    const runs = await e2eRuns(context({ name: 'run-2' }));
    expect(runs.pending).toBeDefined();
    cluster.say(status('complete'));
    expect(await runs.toEnd('')).toMatchObject({ state: 'finished' });
    expect(sonobuoy.calls().filter(([command]) => command === 'gen')).toHaveLength(1);
    expect(left()).toEqual([]);
  });
  test('an API server that is away in the middle is waited for', async () => {
    sonobuoySays(status('running'));
    const begun = new Promise<void>((done) => afterStart(500, done));
    const runs = toEnd();
    await begun;
    cluster.away = true;
    await new Promise((done) => setTimeout(done, 1_500));
    cluster.away = false;
    cluster.say(status('complete'));
    expect(await runs).toMatchObject({ state: 'finished' });
    expect(told.join('\n')).toContain('the API server does not answer');
  });
  test('how long the API server was away is known afterwards', async () => {
    sonobuoySays(status('running'));
    await toEnd({ waitMs: 50 });
    const { own } = await findRuns(client.lasting, { signal: client.signal });
    const following = followRun(client.lasting, own!, {
      signal: client.signal,
      waitMs: 60_000,
      log: () => undefined,
      step: () => undefined,
      times: { pollMs: 20 },
    });
    await new Promise((done) => setTimeout(done, 500));
    cluster.away = true;
    await new Promise((done) => setTimeout(done, 2_000));
    cluster.away = false;
    cluster.say(status('complete'));
    const followed = await following;
    expect(followed.end).toBe('complete');
    expect(followed.end === 'complete' ? followed.awayMs : 0).toBeGreaterThan(1_500);
  });
  test('a run whose pod does not begin has an end, with the reason', async () => {
    cluster.onMade = (path) => {
      const pod = cluster.objects.get(path);
      if (path === aggregator && pod !== undefined)
        pod.body = {
          status: {
            phase: 'Pending',
            containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }],
          },
        };
    };
    const outcome = await toEnd({ times: { pollMs: 20, tellMs: 100, startMs: 500 } });
    expect(outcome).toMatchObject({
      state: 'none',
      why: expect.stringMatching(/has not begun.*its image cannot be pulled.*no such image/),
    });
    expect(left()).toEqual([]);
  });
  test('a pod that was evicted ends the run, with the reason', async () => {
    cluster.onMade = (path) => {
      const pod = cluster.objects.get(path);
      if (path === aggregator && pod !== undefined)
        pod.body = { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' } };
    };
    expect(await toEnd()).toMatchObject({ state: 'none', why: expect.stringContaining('Evicted: The node was low on memory') });
    expect(left()).toEqual([]);
  });
  test('somebody who removes the namespace ends the run', async () => {
    sonobuoySays(status('running'));
    afterStart(1_000, () => {
      const held = cluster.objects.get(space);
      if (held !== undefined) held.goneAt = performance.now() + 2_000;
    });
    expect(await toEnd()).toMatchObject({ state: 'none', why: expect.stringContaining('is being removed by somebody') });
  });
  test('a namespace that is not there any more ends the run', async () => {
    sonobuoySays(status('running'));
    afterStart(800, () =>
      [...cluster.objects.keys()].filter((path) => path.startsWith(space)).forEach((path) => cluster.objects.delete(path)),
    );
    expect(await toEnd()).toMatchObject({ state: 'none', why: expect.stringContaining('was removed by somebody') });
  });
  test.each<[string, ApiAnswer, number]>([
    [
      'a load balancer that has lost the API server',
      { status: 404, headers: { 'content-type': 'text/plain' }, body: 'default backend - 404' },
      20,
    ],
    ['an API server that does not see it for a moment', { status: 404, body: statusBody(404, 'not found', 'NotFound') }, 2],
  ])('%s ends no run', async (_, answer, times) => {
    sonobuoySays(status('running'));
    afterStart(1_000, () => insteadOfOurs(answer, times));
    afterStart(3_000, () => cluster.say(status('complete')));
    expect(await toEnd()).toMatchObject({ state: 'finished' });
  });
});

describe('who may not look any more', () => {
  const taken = 'namespaces "x" is forbidden: User "u" cannot get resource "namespaces" in API group "" in the namespace "x"';
  const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };
  test.each<[string, ApiAnswer, RegExp]>([
    ['an expired token', { status: 401, body: statusBody(401, 'Unauthorized', 'Unauthorized') }, /401 Unauthorized/],
    ['a right that was taken', { status: 403, body: statusBody(403, taken, 'Forbidden') }, /403 namespaces "x" is forbidden/],
    ['a gate before it', { status: 403, body: 'Access denied' }, /: 403/],
    ['the page of a login', page, /not JSON/],
  ])('%s: the run is left, and can be resumed', async (_, answer, why) => {
    sonobuoySays(status('running'));
    afterStart(1_000, () => insteadOfOurs(answer, Infinity));
    const outcome = await toEnd({ times: { pollMs: 20, refusedMs: 300 } });
    expect(outcome).toMatchObject({ state: 'running', why: expect.stringMatching(why), warnings: [] });
    expect(outcome).toMatchObject({ why: expect.stringMatching(/can no longer be seen.*it is left as it is.*the same step again/) });
    expect(removals()).toEqual([]);
    expect(left()).toContain(aggregator);
    // Nobody is to remove what stays on purpose.
    expect(saved.at(-1)).toBeUndefined();
    cluster.instead = () => undefined;
    cluster.say(status('complete'));
    expect(await toEnd({ name: 'run-2' })).toMatchObject({ state: 'finished' });
  });
  test('an API server that refuses for a moment after it was away is waited for', async () => {
    sonobuoySays(status('running'));
    await toEnd({ waitMs: 50 });
    const { own } = await findRuns(client.lasting, { signal: client.signal });
    const quiet = { log: () => undefined, step: () => undefined };
    const times = { pollMs: 20, refusedMs: 3_000 };
    const following = followRun(client.lasting, own!, { signal: client.signal, waitMs: 40_000, ...quiet, times });
    await new Promise((done) => setTimeout(done, 500));
    cluster.away = true;
    await new Promise((done) => setTimeout(done, 4_000));
    insteadOfOurs({ status: 401, body: statusBody(401, 'Unauthorized', 'Unauthorized') }, 3);
    cluster.say(status('complete'));
    await new Promise((done) => setTimeout(done, 100));
    cluster.away = false;
    expect(await following).toMatchObject({ end: 'complete' });
  });
});

describe('runs of others', () => {
  const foreign = (namespace: string): void => {
    cluster.put('/api/v1/namespaces', { name: namespace });
    cluster.put(`/api/v1/namespaces/${namespace}/pods`, { name: 'sonobuoy', labels: { 'sonobuoy-component': 'aggregator' } });
  };
  test.each(['sonobuoy', 'scs-kaas-sonobuoy'])('one in the namespace %s is refused by name, and nothing is touched', async (namespace) => {
    foreign(namespace);
    const was = left();
    const outcome = await toEnd();
    expect(outcome).toMatchObject({ state: 'none', why: expect.stringContaining(`not ours is in the cluster (${namespace}/sonobuoy)`) });
    expect(left()).toEqual(was);
    expect(cluster.changes.filter((change) => !change.includes('selfsubjectaccessreviews'))).toEqual([]);
  });
  test.each<[string, Partial<RunContext>, RegExp]>([
    [
      'of another owner',
      { owner: 'github.com/other/demo' },
      /github.com\/scs\/demo has started.*set "e2e\.owner" to "github.com\/scs\/demo"/,
    ],
    [
      'with other settings',
      { settings: { ...settings, focus: 'Pods' } },
      /has other settings \(conformance, in parallel.*and not the focus Pods/,
    ],
  ])('one of ours %s is refused', async (_, more, why) => {
    expect(await toEnd({ waitMs: 50 })).toMatchObject({ state: 'running' });
    const was = left();
    expect(await toEnd({ ...more, name: 'run-2' })).toMatchObject({ state: 'none', why: expect.stringMatching(why) });
    expect(left()).toEqual(was);
  });
  test('one that was faster by a moment is left alone', async () => {
    const runs = await e2eRuns(context());
    await toEnd({ name: 'run-2', waitMs: 50 });
    const was = left();
    expect(await runs.toEnd('v1.36.3')).toMatchObject({ state: 'none', why: expect.stringContaining('another run was faster') });
    expect(left()).toEqual(was);
  });
  const hydrophone = (): void => {
    cluster.put('/api/v1/namespaces', { name: 'conformance' });
    cluster.put('/api/v1/namespaces/conformance/pods', { name: 'e2e-conformance-test' });
  };
  test('one of Hydrophone is refused by name, and nothing is touched', async () => {
    hydrophone();
    const was = left();
    const why = 'end-to-end tests that are not ours are in the cluster (conformance/e2e-conformance-test)';
    expect(await toEnd()).toMatchObject({ state: 'none', why: expect.stringContaining(why) });
    expect(left()).toEqual(was);
    expect(cluster.changes.filter((change) => !change.includes('selfsubjectaccessreviews'))).toEqual([]);
  });
  test('ours is resumed beside one of Hydrophone that came later', async () => {
    expect(await toEnd({ waitMs: 50 })).toMatchObject({ state: 'running' });
    hydrophone();
    cluster.say(status('complete'));
    expect(await toEnd({ name: 'run-2' })).toMatchObject({ state: 'finished', warnings: [] });
  });

  /** While our tests run these things happen; then they have ended. */
  const meanwhile = (happens: () => void): void => {
    cluster.onMade = (path) => {
      if (path !== aggregator) return;
      happens();
      cluster.say(status('complete'));
    };
  };
  const pods2 = '/api/v1/namespaces/pods-2';
  test.each<[string, () => void, string]>([
    ['another Sonobuoy has begun meanwhile', () => foreign('sonobuoy'), 'are in the cluster (sonobuoy/sonobuoy)'],
    ['Hydrophone has begun meanwhile', hydrophone, 'are in the cluster (conformance/e2e-conformance-test)'],
    ['tests from before go on', () => e2e('pods-3', 'from-before', { creationTimestamp: moment(60_000) }), 'before ours go on (pods-3)'],
  ])('where %s, namespaces of tests are left, and said so', async (_, happens, why) => {
    e2e('pods-1', 'from-before', { creationTimestamp: moment(-60_000) });
    meanwhile(() => {
      e2e('pods-2', 'whose');
      happens();
    });
    const { warnings } = await toEnd();
    expect(warnings).toEqual([
      expect.stringMatching(/^Namespaces of tests are left \(pods-2\), as they cannot be told from those of others: /),
    ]);
    expect(warnings.join()).toContain(why);
    expect(left()).toContain(pods2);
    expect(left()).not.toContain(space);
  });
  test('where tests go on after ours have ended, they are somebody else’s, and all that cannot be told from theirs is left', async () => {
    cluster.terminationMs = 10;
    meanwhile(() => {
      e2e('pods-2', 'whose');
      setTimeout(() => e2e('pods-3', 'whose-2'), 3_000);
    });
    // Long enough that the removal has begun.
    const { warnings } = await toEnd();
    expect(warnings.join()).toMatch(/left \(pods-2, pods-3\).*others run theirs at this moment \(pods-3\)/);
    expect(removals()).toEqual([`DELETE ${space}`]);
  });
  test('where more have left something than ours had processes, it is left', async () => {
    meanwhile(() => {
      e2e('pods-2', 'whose');
      e2e('pods-3', 'whose-2');
    });
    const { warnings } = await toEnd({ settings: { ...settings, processes: 1 } });
    expect(warnings.join()).toMatch(/left \(pods-2, pods-3\).*more processes than ours had/);
  });
  test('the log of our tests tells what is theirs, also beside others', async () => {
    meanwhile(() => {
      cluster.put(`${space}/pods`, { name: 'sonobuoy-e2e-job-1' });
      cluster.log = 'I1126 04:00:00.100000      22 e2e.go:109] Starting e2e run "5c7a-ours" on Ginkgo node 1\n';
      e2e('pods-2', 'whose');
      e2e('pods-3', '5c7a-ours');
      hydrophone();
    });
    expect(await toEnd()).toMatchObject({ state: 'finished', warnings: [] });
    expect(left()).toContain(pods2);
    expect(left()).not.toContain('/api/v1/namespaces/pods-3');
  });
});

describe('a start that breaks', () => {
  test('without the right to it makes nothing', async () => {
    cluster.server.route('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { status: { allowed: false } });
    expect(await toEnd()).toMatchObject({ state: 'none', why: expect.stringContaining('no run was started, as these rights are missing') });
    expect(left()).toEqual([]);
    expect(saved).toEqual([]);
  });
  test('in the middle takes back what it has made', async () => {
    cluster.refused.set(`POST ${space}/pods`, 'admission webhook "policy.example" denied the request: no');
    expect(await toEnd()).toMatchObject({ state: 'none', why: expect.stringContaining('policy.example'), warnings: [] });
    expect(left()).toEqual([]);
  });
  test('because Sonobuoy prints something strange makes nothing', async () => {
    sonobuoy.generates('kind: DaemonSet\nmetadata: { name: x }');
    expect(await toEnd()).toMatchObject({ state: 'none', why: expect.stringContaining('it holds a DaemonSet') });
    expect(left()).toEqual([]);
  });
  test('because the version of the cluster names no tests makes nothing', async () => {
    const runs = await e2eRuns(context());
    expect(await runs.toEnd('unknown')).toMatchObject({ state: 'none', why: expect.stringContaining('names no version') });
  });
});

describe('ended before the tests', () => {
  const cancelled = async (more: Partial<RunContext>): Promise<RunOutcome> => {
    sonobuoySays(status('running'));
    afterStart(1_000, () => client.cancel());
    return toEnd(more);
  };
  test('gives everything back', async () => {
    expect(await cancelled({})).toMatchObject({ state: 'none', warnings: [] });
    expect(left()).toEqual([]);
    expect(saved.at(-1)).toBeUndefined();
  });
  test('while it is being started takes back what it has made, also what was under way', async () => {
    cluster.onMade = (path) => {
      if (path.endsWith('/serviceaccounts/sonobuoy-serviceaccount')) client.cancel();
    };
    expect(await toEnd()).toMatchObject({
      state: 'none',
      why: expect.stringContaining('while the end-to-end run was being started'),
      warnings: [],
    });
    expect(left()).toEqual([]);
    expect(cluster.changes.filter((change) => change.startsWith('POST') && change.endsWith('/pods'))).toEqual([]);
  });
  test('leaves the run where that was asked for', async () => {
    expect(await cancelled({ onCancel: 'keep' })).toMatchObject({ state: 'running' });
    expect(left()).toContain(aggregator);
  });
  test('tells the tests to end before it looks for what they have made', async () => {
    cluster.onMade = (path) => {
      if (path !== aggregator) return;
      cluster.put(`${space}/pods`, { name: 'sonobuoy-e2e-job-1' });
      cluster.put('/api/v1/namespaces', { name: 'pods-2', labels: { 'e2e-framework': 'x', 'e2e-run': 'ours' } });
      cluster.say(status('running'));
      setTimeout(() => client.cancel(), 800);
    };
    await toEnd();
    expect(removals()).toEqual([`DELETE ${space}/pods/sonobuoy-e2e-job-1`, 'DELETE /api/v1/namespaces/pods-2', `DELETE ${space}`]);
    expect(left()).toEqual([]);
  });
});

describe('a removal', () => {
  const removal = async (more: Partial<Parameters<typeof removeRun>[2]> = {}) => {
    const { own } = await findRuns(client.lasting, { signal: client.signal });
    if (own === undefined) throw new Error('there is no run');
    return removeRun(client.lasting, own, { signal: new AbortController().signal, step: () => undefined, ...more });
  };
  beforeEach(async () => {
    await toEnd({ waitMs: 50 });
  });
  test('of a namespace that does not go has an end, and is told with the command', async () => {
    cluster.terminationMs = 3_600_000;
    const { removed, warnings } = await removal({ maxMs: 1_500 });
    expect(removed).toEqual([]);
    expect(warnings.join()).toMatch(
      /^Of the end-to-end run scs-kaas-sonobuoy may still be there: it was not gone after \d s. Remove it with: scs-kaas cleanup --all, or: kubectl delete namespace scs-kaas-sonobuoy$/,
    );
  });
  test('while the API server is away has an end', async () => {
    const removing = removal({ maxMs: 500 });
    await new Promise((done) => setTimeout(done, 30));
    cluster.away = true;
    expect((await removing).warnings.join()).toContain('may still be there: ');
  });
  test('leaves a run alone that has come in its place, its roles and the namespaces of its tests too', async () => {
    cluster.put('/api/v1/namespaces', { name: 'pods-2', labels: { 'e2e-framework': 'x', 'e2e-run': 'of-the-new-one' } });
    const { own } = await findRuns(client.lasting, { signal: client.signal });
    const was = left();
    await removeRun(client.lasting, { ...own!, uid: 'the-one-before' }, { signal: new AbortController().signal, step: () => undefined });
    expect(removals()).toEqual([]);
    expect(left()).toEqual(was);
  });
  test('asks roles to go that the garbage collector has left', async () => {
    for (const held of cluster.objects.values()) if (held.path.includes('clusterrole')) held.owners.splice(0);
    expect((await removal()).warnings).toEqual([]);
    expect(left()).toEqual([]);
  });
  test('behind a proxy that drops selectors takes nothing that is not ours', async () => {
    const roles = '/apis/rbac.authorization.k8s.io/v1';
    cluster.put(`${roles}/clusterroles`, { name: 'cluster-admin' });
    cluster.put(`${roles}/clusterrolebindings`, { name: 'cluster-admin' });
    cluster.put('/api/v1/namespaces', { name: 'team' });
    const others = left().filter((path) => /(cluster-admin|team)$/.test(path));
    cluster.dropsQuery = true;
    await removal();
    expect(left()).toEqual(others);
  });
});

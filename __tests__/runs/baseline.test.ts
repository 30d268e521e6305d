import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textsOf } from '../helpers/every-output.js';
import { recordingOf, startRecordedCluster, type RecordedCluster } from '../helpers/recorded-cluster.js';
import { outcomesOf, reported, wholeRun, type WholeRun } from '../helpers/whole-run.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/** Whole runs on what real clusters have answered, over TLS: the doubles that the other files of this folder put faults into. */
describe.each(['good', 'weak'] as const)('the recorded cluster %s', (name) => {
  let cluster: RecordedCluster;
  let live: WholeRun;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'scs-kaas-test-'));
    cluster = await startRecordedCluster(recordingOf(name));
    live = reported(await wholeRun({ kubeconfig: cluster.lane().kubeconfig() }));
  });
  afterAll(async () => {
    await cluster.close();
    await rm(directory, { recursive: true });
  });
  const replay = async (snapshot: string): Promise<WholeRun> => {
    const file = join(directory, 'snapshot.json');
    await writeFile(file, snapshot);
    return reported(await wholeRun({ cluster: `snapshot:${file}` }));
  };

  test('a run gives the outcomes that the real cluster gave', () => {
    expect(outcomesOf(live.report)).toEqual(cluster.recording.outcomes);
  });
  test('nothing is asked that the recording does not hold, and nothing but reads, reviews and dry runs', () => {
    const lane = cluster.server.requests.map(({ method, path }) => ({ method, path }));
    expect(lane.length).toBeGreaterThan(30);
    const allowed =
      /dryRun=All$|\/(selfsubjectreviews|selfsubjectaccessreviews|subjectaccessreviews|tokenreviews|serviceaccounts\/default\/token)$/;
    expect(lane.filter(({ method, path }) => method !== 'GET' && !allowed.test(path))).toEqual([]);
  });
  test('a replay of its snapshot says of every requirement what the run said', async () => {
    const { report } = await replay(live.snapshot);
    expect(report.requirements).toEqual(live.report.requirements);
  });
  test('two replays give the same bytes in every report, in whatever order the facts were written down', async () => {
    const once = await replay(live.snapshot);
    const { facts, ...rest } = JSON.parse(live.snapshot) as { facts: object };
    const shuffled = await replay(JSON.stringify({ facts: Object.fromEntries(Object.entries(facts).reverse()), ...rest }));
    expect(textsOf(shuffled.report)).toEqual(textsOf(once.report));
    expect(shuffled.snapshot).toBe(once.snapshot);
    expect(Object.keys(textsOf(once.report)).length).toBeGreaterThan(6);
  });
  test.each<[string, number | undefined, RegExp]>([
    ['an hour ago', -1, /^a cluster judged as of /],
    ['20 hours ago', -20, /^a cluster judged as of /],
    ['80 days ago', -80 * 24, /^a cluster judged as of /],
    ['now', undefined, /^$/],
  ])('the report is for the monitor only as of now: %s', async (_, hours, expected) => {
    const at = hours === undefined ? {} : { 'effective-time': new Date(Date.now() + hours * 3_600_000).toISOString() };
    // Of a provider: the recorded clusters are kind's.
    const lane = cluster.lane((endpoint, __, answer) =>
      endpoint === 'GET /api/v1/nodes' && answer !== undefined
        ? { kind: 'answer', answer: { ...answer, body: JSON.parse(JSON.stringify(answer.body).replaceAll('kind://', 'openstack://')) } }
        : undefined,
    );
    const { report } = reported(await wholeRun({ kubeconfig: lane.kubeconfig(), ...at }));
    expect(report.notForMonitor ?? '').toMatch(expected);
  });
  test('a second run on the same cluster says the same, but for the moment', async () => {
    const second = reported(await wholeRun({ kubeconfig: cluster.lane().kubeconfig() }));
    expect(second.report.requirements.map((r) => [r.id, r.outcome, r.rung])).toEqual(
      live.report.requirements.map((r) => [r.id, r.outcome, r.rung]),
    );
  });
});

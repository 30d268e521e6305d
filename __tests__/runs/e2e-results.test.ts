import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveOf, conformanceTests, junitOf, policyTests, uid } from '../helpers/e2e-files.js';
import { recordingOf, startRecordedCluster, type RecordedCluster, type TroubleMaker } from '../helpers/recorded-cluster.js';
import { outcomesOf, refusedRun, reported, wholeRun, type WholeRun } from '../helpers/whole-run.js';

/** Whole runs with results of an earlier end-to-end run. */
let cluster: RecordedCluster;
let folder = '';
let archive = '';
/** Of another cluster, from a time when the recorded one was not there yet. */
let earlier = '';
const asked = 'GET /api/v1/namespaces of metadata.name=kube-system';
const rows = [
  'scs-0201-v1/conformance',
  'scs-0219-v1/network-policy',
  'scs-0210-v2/tested-before-rollout',
  'scs-0210-v1/tested-before-rollout',
];

beforeAll(async () => {
  cluster = await startRecordedCluster(recordingOf('good'));
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-test-'));
  archive = join(folder, 'results.tar.gz');
  const timestamp = new Date(Date.now() - 65 * 60_000).toISOString().slice(0, 19);
  await writeFile(archive, archiveOf(junitOf([...conformanceTests(446), ...policyTests(50)], { timestamp })));
  earlier = join(folder, 'earlier.tar.gz');
  await writeFile(
    earlier,
    archiveOf(junitOf(conformanceTests(446), { timestamp: '2026-10-01T00:00:00' }), { cluster: 'of the test stage' }),
  );
});
afterAll(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const answering =
  (id: string): TroubleMaker =>
  (endpoint) =>
    endpoint === asked
      ? { kind: 'answer', answer: { status: 200, body: { metadata: {}, items: [{ metadata: { name: 'kube-system', uid: id } }] } } }
      : undefined;
const run = async (raw: Readonly<Record<string, string>>, id = uid) => {
  const lane = cluster.lane(answering(id));
  return { lane, run: await wholeRun({ kubeconfig: lane.kubeconfig(), ...raw }) };
};
const outcomes = ({ report }: WholeRun): readonly (string | undefined)[] => rows.map((id) => outcomesOf(report)[id]);

describe('a light run', () => {
  test('without results looks at nothing of them, as ever', async () => {
    const { lane, run: it } = await run({});
    expect(outcomes(reported(it))).toEqual(['missing', 'missing', 'missing', 'missing']);
    expect(reported(it).snapshot).not.toContain('e2e-results');
    expect(lane.asked).not.toContain(asked);
  });

  test('with results judges them, and its snapshot holds them', async () => {
    const { lane, run: it } = await run({ 'e2e-results': archive });
    const first = reported(it);
    expect(outcomes(first)).toEqual(['pass', 'pass', 'abort', 'abort']);
    expect(first.report.requirements.find(({ id }) => id === rows[2])?.message).toContain('tested, but after it was in use');
    expect(lane.asked).toContain(asked);
    const file = join(folder, 'snapshot.json');
    await writeFile(file, first.snapshot);
    const again = reported(await wholeRun({ cluster: `snapshot:${file}` }));
    expect(again.report.requirements).toEqual(first.report.requirements);
    const factsOf = (snapshot: string): string => snapshot.slice(snapshot.indexOf('"facts"'));
    expect(factsOf(again.snapshot)).toBe(factsOf(first.snapshot));
  });

  test('on another cluster than theirs proves nothing', async () => {
    const { run: it } = await run({ 'e2e-results': archive }, 'another');
    expect(outcomes(reported(it))).toEqual(['abort', 'abort', 'abort', 'abort']);
  });

  test('with results of another cluster from before this one was there: its version was tested before', async () => {
    const { run: it } = await run({ 'e2e-results': earlier });
    expect(outcomes(reported(it))).toEqual(['abort', 'missing', 'pass', 'pass']);
    const both = reported((await run({ 'e2e-results': `${archive},${earlier}` })).run);
    expect(outcomes(both)).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(both.report.requirements.find(({ id }) => id === rows[2])?.message).toMatch(/this cluster was created at 2026-11-\d\dT/);
  });

  test('results that are damaged are an abort with the reason, and the run goes on', async () => {
    const bad = join(folder, 'bad.tar.gz');
    await writeFile(bad, 'hello');
    const { run: it } = await run({ 'e2e-results': bad });
    const { report } = reported(it);
    expect(outcomes(reported(it))).toEqual(['abort', 'abort', 'abort', 'abort']);
    expect(report.requirements.find(({ id }) => id === rows[0])?.message).toContain('bad.tar.gz: it is damaged, or not packed with gzip');
    expect(report.counts.all.pass).toBeGreaterThan(0);
  });
});

test('results are judged on a snapshot that has none, by the cluster that it was', async () => {
  const { run: it } = await run({});
  const file = join(folder, 'plain.json');
  await writeFile(file, reported(it).snapshot);
  const { report } = reported(await wholeRun({ cluster: `snapshot:${file}`, 'e2e-results': archive }));
  expect(report.requirements.find(({ id }) => id === rows[0])).toMatchObject({
    outcome: 'abort',
    message: expect.stringContaining('of another cluster: the UID of its namespace kube-system is another') as unknown,
  });
});

test('a missing file and a bad list of exceptions end the run before a cluster is asked', async () => {
  const list = join(folder, 'exceptions.yaml');
  await writeFile(list, 'okToFail:\n- regex: "("\n  reason: x\n');
  const asking = async (raw: Readonly<Record<string, string>>): Promise<string> => {
    const { lane, run: it } = await run(raw);
    expect(lane.asked).toEqual([]);
    return refusedRun(it).error.message;
  };
  expect(await asking({ 'e2e-results': join(folder, 'nowhere.tar.gz') })).toContain('input "e2e-results": ENOENT');
  expect(await asking({ 'e2e-results': archive, 'data.exceptions': list })).toContain('it is no regular expression');
  expect(await asking({ 'data.exceptions': list })).toContain('without option "--e2e-results"');
});

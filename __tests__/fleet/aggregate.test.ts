import { describe, expect, test } from '@jest/globals';
import { toFleet, type FleetContext, type FleetFile } from '../../src/fleet/aggregate.js';
import type { Fleet } from '../../src/model/fleet.js';
import { parseReport } from '../../src/fleet/read-report.js';
import { fleetReport, fleetText, type FleetReportOptions } from '../helpers/fleet.js';

const musts = fleetReport()
  .requirements.filter((r) => r.category === 'certificate' && r.level === 'MUST')
  .map(({ id }) => id);
const context: FleetContext = { tool: { name: 'scs-kaas', version: '0.1.0' }, now: new Date('2026-11-26T12:00:00Z'), musts };
const file = (options: FleetReportOptions | string, label = 'a.json'): FleetFile => ({
  label,
  read: parseReport(typeof options === 'string' ? options : fleetText(options)),
});
const fleetOf = (files: readonly (FleetReportOptions | string)[], more: Partial<FleetContext> = {}): Fleet =>
  toFleet(
    files.map((one, i) => file(one, `${String.fromCharCode(97 + i)}.json`)),
    { ...context, ...more },
  ).fleet;

const good: FleetReportOptions = { uid: 'u-1' };
const second: FleetReportOptions = { name: 'beta', uid: 'u-2' };
const conformance = 'scs-0201-v1/conformance';
const branches = 'scs-0210-v2/offered-branches';
const hosts = 'scs-0214-v2/control-plane-hosts';

describe('the overall verdict', () => {
  test.each<readonly [string, readonly (FleetReportOptions | string)[], Partial<FleetContext>, string, string]>([
    ['one cluster that meets everything', [good], {}, 'compliant', 'all of 1 cluster report'],
    ['two of them', [good, second], {}, 'compliant', 'all of 2 cluster reports'],
    [
      'one that failed',
      [good, { ...second, outcomes: { [conformance]: 'fail' } }],
      {},
      'non-compliant',
      '1 of 2 cluster reports not compliant',
    ],
    ['one that is open', [good, { ...second, outcomes: { [conformance]: 'missing' } }], {}, 'incomplete', '1 of 2 incomplete'],
    [
      'one whose MUST is said to be declared, which evidence alone settles',
      [good, { ...second, outcomes: { [conformance]: 'declared' } }],
      {},
      'incomplete',
      '1 of 2 incomplete',
    ],
    [
      'one whose MUST is declared',
      [good, { ...second, outcomes: { [hosts]: 'declared' } }],
      {},
      'compliant',
      `compliant, 1 of ${2 * musts.length} by the provider's own statement: all of 2 cluster reports`,
    ],
    [
      'one whose statement has expired since',
      [good, { ...second, outcomes: { [hosts]: 'declared' }, expires: '2026-11-26' }],
      {},
      'incomplete',
      '1 of 2 incomplete',
    ],
    ['a SHOULD that failed', [{ ...good, outcomes: { 'scs-0219-v1/managed-ingress': 'fail' } }], {}, 'compliant', 'all'],
    ['no report', [], {}, 'incomplete', 'there is no report of a cluster; 0 clusters where there have to be 1'],
    ['nothing but a file of no use', ['x'], {}, 'incomplete', 'there is no report of a cluster; 1 file of no use'],
    ['a file of no use beside a good one', [good, 'x'], {}, 'incomplete', '1 file of no use'],
    ['fewer clusters than there have to be', [good, second], { expected: 3 }, 'incomplete', '2 clusters where there have to be 3'],
    [
      'the same cluster twice where there have to be two',
      [good, good],
      { expected: 2 },
      'incomplete',
      '1 cluster where there have to be 2',
    ],
    ['as many as there have to be', [good, second], { expected: 2 }, 'compliant', 'all'],
    ['a report that is too old', [{ ...good, at: '2026-10-25T10:00:00.000Z' }], {}, 'incomplete', '1 of 1 incomplete'],
    ['a report of next week', [{ ...good, at: '2026-12-02T10:00:00.000Z' }], {}, 'incomplete', '1 of 1 incomplete'],
    [
      'an old report that failed',
      [{ ...good, at: '2026-10-25T10:00:00.000Z', outcomes: { [conformance]: 'fail' } }],
      {},
      'non-compliant',
      '1 of 1',
    ],
    ['the recorded example', [{ ...good, source: 'embedded' }], {}, 'incomplete', '1 of 1'],
    ['a kind cluster', [{ ...good, source: 'kind' }], {}, 'incomplete', '1 of 1'],
    [
      'a kind cluster by its nodes',
      [{ ...good, notForMonitor: 'a kind cluster, which says nothing about a provider' }],
      {},
      'incomplete',
      '1 of 1',
    ],
    ['a kind cluster beside a good one', [good, { ...second, source: 'kind' }], {}, 'incomplete', '1 of 2'],
    [
      'a report that is judged as of an earlier day',
      [{ ...good, at: '2026-11-22T12:00:00.000Z', checkedAt: '2026-11-25T12:00:00.000Z' }],
      {},
      'incomplete',
      '1 of 1',
    ],
    [
      'a report that is judged as of a later day',
      [{ ...good, at: '2026-11-28T12:00:00.000Z', checkedAt: '2026-11-25T12:00:00.000Z' }],
      {},
      'incomplete',
      '1 of 1',
    ],
    [
      'a report that is judged as of the same day',
      [{ ...good, at: '2026-11-25T00:00:00.000Z', checkedAt: '2026-11-25T12:00:00.000Z' }],
      {},
      'compliant',
      'all',
    ],
    [
      'a failure as of another day',
      [{ ...good, at: '2026-11-22T12:00:00.000Z', checkedAt: '2026-11-25T12:00:00.000Z', outcomes: { [conformance]: 'fail' } }],
      {},
      'non-compliant',
      '1 of 1',
    ],
    ['a report of one standard alone', [{ ...good, standards: ['scs-0219-v1'] }], {}, 'incomplete', '1 of 1'],
    ['a program that knows one MUST more', [good], { musts: [...musts, 'scs-0299-v1/new'] }, 'incomplete', '1 of 1'],
  ])('%s', (_, files, more, verdict, headline) => {
    const fleet = fleetOf(files, more);
    expect(fleet).toMatchObject({ verdict, headline: expect.stringContaining(headline) as unknown });
    expect(fleet.headline.startsWith(verdict)).toBe(true);
  });

  test('why a report’s own verdict does not count', () => {
    const [cluster] = fleetOf([{ ...good, at: '2026-10-25T10:00:00.000Z' }]).clusters;
    expect(cluster?.reasons).toEqual(['it was looked at more than 31 days ago']);
    const reasons = (more: FleetReportOptions): readonly string[] | undefined => fleetOf([{ ...good, ...more }]).clusters[0]?.reasons;
    const backdated = { at: '2026-11-22T12:00:00.000Z', checkedAt: '2026-11-25T12:00:00.000Z' };
    const asOf = 'a cluster of 2026-11-25 judged as of 2026-11-22';
    expect(reasons(backdated)).toEqual([`it is about ${asOf}`]);
    expect(reasons({ ...backdated, notForMonitor: asOf })).toEqual([`it is about ${asOf}`]);
    expect(reasons({ source: 'kind' })).toEqual(['it is about a kind cluster, which says nothing about a provider']);
    expect(reasons({ source: 'embedded' })).toEqual(['it is about the recorded example, and no cluster of yours']);
    const [lacking] = fleetOf([good], { musts: [...musts, 'scs-0299-v1/new'] }).clusters;
    expect(lacking?.reasons).toEqual(['1 MUST of the certificate scope is not in its report: scs-0299-v1/new']);
  });
});

describe('what only all clusters tell together', () => {
  const of = (minor: string, uid: string): FleetReportOptions => ({
    name: `c-${minor}`,
    version: `v${minor}.1`,
    uid,
    needs: ['1.35', '1.36'],
  });
  const cells = (fleet: Fleet): readonly string[] | undefined => fleet.requirements.find(({ id }) => id === branches)?.outcomes;

  test('a report of each branch settles it for all', () => {
    const fleet = fleetOf([of('1.35', 'u-1'), of('1.36', 'u-2')]);
    expect([fleet.verdict, cells(fleet)]).toEqual(['compliant', ['pass', 'pass']]);
    expect(fleet.clusters.map(({ verdict, instead }) => [verdict, instead])).toEqual([
      ['compliant', 'incomplete'],
      ['compliant', 'incomplete'],
    ]);
  });

  test('a branch that no report shows leaves it open, and is named', () => {
    const fleet = fleetOf([of('1.36', 'u-1')]);
    expect([fleet.verdict, cells(fleet)]).toEqual(['incomplete', ['abort']]);
    expect(fleet.notes).toEqual([`${branches} stays open: no report shows 1.35.`]);
  });

  test('a report that does not count shows nothing', () => {
    const fleet = fleetOf([of('1.36', 'u-1'), { ...of('1.35', 'u-2'), at: '2026-10-01T00:00:00.000Z' }]);
    expect(fleet.verdict).toBe('incomplete');
    expect(cells(fleet)).toEqual(['abort', 'abort']);
  });

  test.each<readonly [string, FleetReportOptions]>([
    ['a kind cluster', { source: 'kind' }],
    ['a kind cluster by its nodes', { notForMonitor: 'a kind cluster, which says nothing about a provider' }],
    ['the recorded example', { source: 'embedded' }],
    ['a cluster judged as of another day', { at: '2026-11-22T10:00:00.000Z', checkedAt: '2026-11-25T10:00:00.000Z' }],
  ])('%s shows nothing of the offer', (_, more) => {
    expect(cells(fleetOf([of('1.36', 'u-1'), { ...of('1.35', 'u-2'), ...more }]))).toEqual(['abort', 'abort']);
  });

  const earlier = { at: '2026-11-20T10:00:00.000Z' };
  test.each<readonly [string, FleetReportOptions, FleetReportOptions, string]>([
    ['one cluster, before and after an upgrade', { ...of('1.35', 'u-1'), ...earlier }, of('1.36', 'u-1'), '1.35'],
    ['one cluster, looked at twice in one moment', of('1.35', 'u-1'), of('1.36', 'u-1'), '1.35, 1.36'],
    ['two reports of one name without a UID', { ...of('1.35', ''), ...earlier, name: 'a' }, { ...of('1.36', ''), name: 'a' }, '1.35'],
    [
      'two reports of one name, one of them with a UID',
      { ...of('1.35', 'u-1'), ...earlier, name: 'a' },
      { ...of('1.36', ''), name: 'a' },
      '1.35',
    ],
    [
      'one cluster, of which the newer report does not count',
      of('1.35', 'u-1'),
      { ...of('1.36', 'u-1'), at: '2026-11-25T11:00:00.000Z', standards: ['scs-0210-v2'] },
      '1.35, 1.36',
    ],
  ])('%s: a newer report refutes what an older one shows', (_, first, then, open) => {
    const without = ({ uid, ...rest }: FleetReportOptions): FleetReportOptions =>
      uid === '' || uid === undefined ? rest : { ...rest, uid };
    for (const files of [
      [without(first), without(then)],
      [without(then), without(first)],
    ]) {
      const fleet = fleetOf(files);
      expect(fleet.verdict).toBe('incomplete');
      expect(fleet.notes.join(' ')).toContain(`${branches} stays open: no report shows ${open}.`);
    }
  });
  test('a newer report that does not count, and shows the same, takes nothing away', () => {
    const again = { ...of('1.36', 'u-2'), at: '2026-11-25T11:00:00.000Z', standards: ['scs-0210-v2'] };
    const fleet = fleetOf([of('1.35', 'u-1'), of('1.36', 'u-2'), again]);
    expect(cells(fleet)?.filter((cell) => cell === 'pass')).toHaveLength(2);
  });
  test('two clusters of one name, told apart by their UIDs, show both', () => {
    expect(
      fleetOf([
        { ...of('1.35', 'u-1'), name: 'a', ...earlier },
        { ...of('1.36', 'u-2'), name: 'a' },
      ]).verdict,
    ).toBe('compliant');
  });

  test('needing nothing settles nothing', () => {
    expect(fleetOf([{ ...good, needs: [] }]).verdict).toBe('incomplete');
  });

  test('what was waived, failed or not looked at stays what it is', () => {
    for (const outcome of ['waived', 'missing', 'fail'] as const)
      expect(cells(fleetOf([{ ...of('1.35', 'u-1'), outcomes: { [branches]: outcome } }, of('1.36', 'u-2')]))).toContain(outcome);
  });

  test('reports of several days that need different branches need all of them', () => {
    const fleet = fleetOf([of('1.36', 'u-1'), { ...of('1.35', 'u-2'), needs: ['1.34', '1.35', '1.36'] }]);
    expect(fleet.notes).toEqual([`${branches} stays open: no report shows 1.34.`]);
  });
});

describe('the order', () => {
  test('worst cluster first, then by name; worst requirement first, a MUST before others', () => {
    const fleet = fleetOf([
      { ...good, name: 'd' },
      { ...good, name: 'c', uid: 'u-2', outcomes: { [conformance]: 'missing' } },
      { ...good, name: 'b', uid: 'u-3', outcomes: { 'scs-0219-v1/network-policy': 'fail' } },
      { ...good, name: 'a', uid: 'u-4', outcomes: { 'scs-0219-v1/network-policy': 'fail', 'scs-0210-v2/patch-recency': 'fail' } },
      { ...good, name: 'a', uid: 'u-5', outcomes: { 'scs-0219-v1/default-restrictions': 'fail' } },
    ]);
    expect(fleet.clusters.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'a non-compliant',
      'b non-compliant',
      'c incomplete',
      'a compliant',
      'd compliant',
    ]);
    expect(fleet.requirements.slice(0, 4).map(({ id, outcomes }) => `${id} ${outcomes.join(' ')}`)).toEqual([
      'scs-0219-v1/network-policy fail fail pass pass pass',
      'scs-0210-v2/patch-recency fail pass pass pass pass',
      'scs-0219-v1/default-restrictions pass pass pass fail pass',
      `${conformance} pass pass missing pass pass`,
    ]);
    expect(fleet.requirements.every(({ outcomes }) => outcomes.length === 5)).toBe(true);
  });

  test('is that of the clusters, whatever the order of the files', () => {
    const files = [good, { ...second, outcomes: { [conformance]: 'fail' as const } }];
    const names = (some: readonly FleetReportOptions[]): readonly string[] => fleetOf(some).clusters.map(({ name }) => name);
    expect(names(files)).toEqual(names(files.toReversed()));
  });
});

describe('what is told beside the table', () => {
  test.each<readonly [string, readonly FleetReportOptions[], string]>([
    [
      'a cluster that is there twice',
      [good, { ...good, name: 'renamed' }],
      'is there 2 times (a.json, b.json): every one of these reports counts.',
    ],
    [
      'with reports that do not agree',
      [good, { ...good, outcomes: { [conformance]: 'fail' } }],
      `every one of these reports counts; they differ in ${conformance}`,
    ],
    [
      'two of one name without a UID',
      [{}, {}],
      '2 clusters are called alpha (a.json, b.json): whether they are the same one cannot be told',
    ],
    [
      'different sets of standards',
      [good, { ...second, standards: ['scs-0219-v1', 'scs-0211-v2'] }],
      'b.json does not judge scs-0201-v1, scs-0210-v2, scs-0214-v2',
    ],
    ['different versions', [good, { ...second, tool: '0.2.0' }], 'scs-kaas 0.1.0 (a.json), scs-kaas 0.2.0 (b.json)'],
    [
      'a caveat of a report',
      [{ ...good, caveats: ['A kind cluster certifies nothing about a provider.'] }],
      'nothing about a provider. (a.json)',
    ],
  ])('%s', (_, files, note) => {
    expect(fleetOf(files).notes.join('\n')).toContain(note);
  });

  test('two clusters of one name with UIDs of their own are two clusters', () => {
    expect(fleetOf([good, { ...good, uid: 'u-2' }]).notes).toEqual([]);
  });
});

describe('the official verdict', () => {
  const official = (options: FleetReportOptions, now = context.now): Fleet['clusters'][number]['official'] =>
    fleetOf([options], { now }).clusters[0]?.official;
  test('is that of the report while its results count', () => {
    expect(official(good)).toMatchObject({ verdict: 'PASS' });
    expect(official({ ...good, outcomes: { [conformance]: 'fail' } })).toMatchObject({ verdict: 'FAIL' });
  });
  test('is MISSING where the time of one of them is over', () => {
    expect(official(good, new Date('2026-12-08T00:00:00Z'))).toEqual({
      verdict: 'MISSING',
      message: 'no result counts any more of version-policy-check (until 2026-12-07)',
    });
  });
});

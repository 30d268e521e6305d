import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Offer } from '../../src/facts/support/offer.js';
import type { RequirementReport } from '../../src/model/report.js';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { noon, releasesFact, type Changes } from '../helpers/release-facts.js';
import { settleOne } from '../helpers/settle.js';

const offerOf = (versions: readonly string[], date = '2026-11-20'): Offer => ({
  source: 'offer.yaml',
  date,
  versions: versions.map((version) => ({ version })),
});

const row = (
  id: string,
  gitVersion: string,
  { now = noon, offer, releases = releasesFact() }: { now?: string; offer?: Offer; releases?: unknown } = {},
): RequirementReport =>
  settleOne(
    scs0210v2.requirements,
    id,
    {
      'server-version': { gitVersion },
      'kubernetes-releases': releases,
      ...(offer === undefined ? {} : { 'offered-versions': offer }),
    },
    new Date(now),
  );

describe('the newest branch', () => {
  // 1.37 was released on 2026-08-26, 1.36 on 2026-04-22.
  test.each([
    ['runs the newest', 'v1.37.0', noon, 'pass', /1\.37 is offered/],
    ['runs the newest, without a patch', '1.37', noon, 'pass', /1\.37/],
    ['runs the newest whose four months are over', 'v1.36.5', noon, 'pass', /1\.36 is offered/],
    ['runs a pre-release of the newest', 'v1.37.0-rc.1', noon, 'abort', /1\.36 \(due since 2026-08-22\)/],
    ['runs an older one', 'v1.35.5', noon, 'abort', /Only clusters of the other branches.*1\.36.*merge.*offered-versions/],
    ['runs one that the data do not know', 'v1.38.0', noon, 'abort', /does not know 1\.38 yet/],
    ['on the last day of grace', 'v1.36.5', '2026-12-26T23:59:59Z', 'pass', /1\.36/],
    ['a day later', 'v1.36.5', '2026-12-27T00:00:00Z', 'abort', /1\.37 \(due since 2026-12-26\)/],
  ])('a cluster that %s', (_, version, now, outcome, message) => {
    const found = row('minor-recency', version, { now });
    expect([found.outcome, message.test(found.message)]).toEqual([outcome, true]);
  });
  test('within its months of grace is announced', () => {
    expect(row('minor-recency', 'v1.36.5').expiresSoon).toBe('1.37 is due by 2026-12-26');
    expect(row('minor-recency', 'v1.37.1').expiresSoon).toBeUndefined();
  });
  test.each([
    ['lists it', ['1.36.5', '1.35.9'], 'pass'],
    ['lists a newer one', ['1.37.2', '1.35.9'], 'pass'],
    ['lists the branch only', ['1.36'], 'pass'],
    ['does not list it', ['1.35.9', '1.34.12'], 'fail'],
    ['lists a pre-release of it', ['1.36.0-rc.1', '1.35.9'], 'fail'],
  ])('an offer that %s', (_, versions, outcome) => {
    expect(row('minor-recency', 'v1.35.9', { offer: offerOf(versions) }).outcome).toBe(outcome);
  });
  test('is not offered where the list of the offer lacks it, whatever this cluster runs', () => {
    expect(row('minor-recency', 'v1.36.5', { offer: offerOf(['1.35.9']) })).toMatchObject({
      outcome: 'fail',
      message: 'The offer does not list 1.36 (due since 2026-08-22).',
    });
  });
  test('what has expired in the offer is not offered', () => {
    const offer = { ...offerOf([]), versions: [{ version: '1.36.5', until: '2026-11-23T11:59:59Z' }] };
    expect(row('minor-recency', 'v1.35.9', { offer }).outcome).toBe('fail');
    expect(row('minor-recency', 'v1.35.9', { offer: { ...offer, versions: [{ version: '1.36.5', until: '2026-11-24' }] } }).outcome).toBe(
      'pass',
    );
  });
  test('data of more than 120 days, or that list nothing, answer nothing', () => {
    expect(row('minor-recency', 'v1.37.2', { now: '2027-04-01T00:00:00Z' })).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('too old') as unknown,
    });
    expect(row('minor-recency', 'v1.37.2', { releases: releasesFact({ patches: [], windows: [] }) }).outcome).toBe('abort');
  });
  test.each([
    ['no undated branch', 'v1.36.5', null, 'pass'],
    ['one that is newer than a branch in its months of grace, so not due either', 'v1.36.5', '1.38', 'pass'],
    ['one that is newer than every dated branch, and may be due', 'v1.36.5', '1.37', 'abort'],
    ['one that may be due, and is offered', 'v1.37.1', '1.37', 'pass'],
  ])('%s', (_, version, undated, outcome) => {
    const windows = [
      ...(undated === null ? [] : [[undated, null, null] as const]),
      ...(undated === '1.37' ? [] : [['1.37', '2026-08-26', null] as const]),
      ['1.36', '2026-04-22', '2027-06-28'] as const,
    ];
    const releases = releasesFact({ patches: [], windows });
    expect(row('minor-recency', version, { releases }).outcome).toBe(outcome);
    expect(row('minor-recency', 'v1.20.1', { releases, offer: offerOf([version]) }).outcome).toBe(outcome);
    expect(row('minor-recency', version, { releases, offer: offerOf(['1.35']) }).outcome).toBe('fail');
  });
  test('data that leave out a branch between two others answer nothing', () => {
    const windows = [
      ['1.37', '2026-08-26', null],
      ['1.35', '2025-12-17', '2027-02-28'],
    ] as const;
    const found = row('minor-recency', 'v1.37.0', { releases: releasesFact({ patches: [], windows }) });
    expect([found.outcome, found.message.includes('does not list the branch 1.36')]).toEqual(['abort', true]);
  });
});

describe('every supported branch', () => {
  test('that is due has to be shown; those in their months of grace are announced', () => {
    const found = row('offered-branches', 'v1.36.5');
    expect(found).toMatchObject({ outcome: 'abort', nextStep: expect.stringContaining('merge') as unknown });
    expect(found.message).toContain('1.35 (due since 2026-04-17)');
    expect(found.message).not.toContain('1.37');
    expect(found.message).not.toContain('1.34');
  });
  test.each([
    ['all that are due', ['1.36.5', '1.35.9'], 'pass', '1.37 is due by 2026-12-26'],
    ['all', ['1.37.2', '1.36.5', '1.35.9'], 'pass', undefined],
    ['all but one that is due', ['1.37.2', '1.36.5'], 'fail', undefined],
    ['branches whose support has ended, beside all', ['1.36.5', '1.35.9', '1.33.13'], 'pass', '1.37 is due by 2026-12-26'],
  ])('an offer of %s', (_, versions, outcome, soon) => {
    const found = row('offered-branches', 'v1.36.5', { offer: offerOf(versions) });
    expect([found.outcome, found.expiresSoon]).toEqual([outcome, soon]);
  });
  test.each<readonly [string, string, Offer]>([
    ['is not in the list', '1.35', offerOf(['1.36.5'])],
    [
      'has expired in the list',
      '1.35',
      { ...offerOf(['1.36.5']), versions: [{ version: '1.36.5' }, { version: '1.35.9', until: '2026-11-01' }] },
    ],
    ['is in the list as a pre-release', '1.36', offerOf(['1.36.0-rc.1', '1.35.9'])],
  ])('a branch that this cluster runs and that %s is not offered', (_, minor, offer) => {
    expect(row('offered-branches', `v${minor}.5`, { offer })).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining(`The offer does not list ${minor} (due since`) as unknown,
    });
  });
  test.each<readonly [string, unknown]>([
    ['cannot be read', { gitVersion: 'v1.36.6.1' }],
    ['is newer than the data', { gitVersion: 'v1.38.0' }],
    ['may not be read', { unavailable: 'forbidden', detail: 'GET /version: 403' }],
    ['is of an older branch', { gitVersion: 'v1.20.1' }],
    ['is a pre-release', { gitVersion: 'v1.37.0-rc.1' }],
  ])('a list settles it, also where the running version %s', (_, version) => {
    const of = (id: string, ...versions: readonly string[]): string =>
      settleOne(
        scs0210v2.requirements,
        id,
        {
          'server-version': version,
          'kubernetes-releases': releasesFact(),
          ...(versions.length === 0 ? {} : { 'offered-versions': offerOf(versions) }),
        },
        new Date(noon),
      ).outcome;
    expect([of('offered-branches', '1.36.5', '1.35.9'), of('minor-recency', '1.36.5')]).toEqual(['pass', 'pass']);
    expect([of('offered-branches', '1.37.2', '1.36.5'), of('minor-recency', '1.35.9')]).toEqual(['fail', 'fail']);
    expect([of('offered-branches'), of('minor-recency')]).toEqual(['abort', 'abort']);
  });
  test.each([
    ['of more than 31 days', '2026-10-23T11:59:59Z', 'older than 31 days'],
    ['of tomorrow and later', '2026-11-24T12:00:01Z', 'in the future'],
    ['without a date that can be read', 'yesterday', 'no date that can be read'],
  ])('a list %s does not count', (_, date, why) => {
    const found = row('offered-branches', 'v1.36.5', { offer: offerOf(['1.36.5', '1.35.9'], date) });
    expect([found.outcome, found.message.includes(why)]).toEqual(['abort', true]);
    expect(row('offered-branches', 'v1.36.5', { offer: offerOf([], date) }).outcome).toBe('abort');
  });
  test('less that is offered, and less that is known of it, never makes it better', () => {
    const rank = { pass: 2, abort: 1, fail: 0 } as const;
    const of = (id: string, version: string, offer?: Offer): number =>
      rank[row(id, version, offer === undefined ? {} : { offer }).outcome as keyof typeof rank];
    const versions = ['1.37.2', '1.36.5', '1.35.9', '1.34.12', '1.38.0', '1.37.0-rc.1'];
    fc.assert(
      fc.property(
        fc.constantFrom('minor-recency', 'offered-branches'),
        fc.constantFrom('v1.37.1', 'v1.36.5', 'v1.35.9', 'v1.33.13', 'v1.37.0-rc.1'),
        fc.subarray(versions),
        fc.subarray(versions),
        (id, version, more, some) => {
          const less = more.filter((one) => some.includes(one));
          expect(of(id, version, offerOf(less))).toBeLessThanOrEqual(of(id, version, offerOf(more)));
          // The list says all that is offered.
          expect(of(id, version, offerOf(more))).toBe(of(id, 'v1.20.1', offerOf(more)));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('release data that do not say what is owed', () => {
  type Windows = NonNullable<Changes['windows']>;
  const newer: Windows = [
    ['1.37', '2026-08-26', null],
    ['1.36', '2026-04-22', '2027-06-28'],
  ];
  const all: Windows = [...newer, ['1.35', '2025-12-17', '2027-02-28'], ['1.34', '2025-08-27', '2026-10-27']];
  const of = (
    windows: Windows,
    {
      offer,
      version = 'v1.36.5',
      now = noon,
      patches = [],
    }: { offer?: readonly string[]; version?: string; now?: string; patches?: readonly (readonly [string, string])[] } = {},
  ): RequirementReport =>
    row('offered-branches', version, {
      now,
      releases: releasesFact({ windows, patches, asOf: now }),
      ...(offer === undefined ? {} : { offer: offerOf(offer, now) }),
    });

  test.each<readonly [string, Windows, RegExp]>([
    [
      'a supported branch without the date of its release',
      [...newer, ['1.35', null, '2027-02-28'], ['1.34', null, '2026-10-27']],
      /does not say when 1\.35 was released: the offer does not list 1\.35/,
    ],
    [
      'a branch without any date',
      [...newer, ['1.35', null, null], ['1.34', '2025-08-27', '2026-10-27']],
      /does not say when 1\.35 was released/,
    ],
    [
      'several of them',
      [...newer, ['1.35', null, null], ['1.34', null, null], ['1.33', null, '2026-06-28']],
      /when 1\.35 was released, when 1\.34 was released/,
    ],
    [
      'no branch before those that are supported',
      newer,
      /lists no branch whose support has ended: branches before 1\.36 may be supported too/,
    ],
    [
      'no branch before one that is not dated',
      [...newer, ['1.35', null, '2027-02-28']],
      /lists no branch whose support has ended: branches before 1\.35/,
    ],
    [
      'nothing between a supported branch and one that ended',
      [...newer, ['1.34', '2025-08-27', '2026-10-27']],
      /does not list the branch 1\.35/,
    ],
    [
      'nothing between two branches, of which the older is not dated',
      [...newer, ['1.34', null, '2026-10-27']],
      /does not list the branch 1\.35/,
    ],
    [
      'a branch of 14 months whose end is not announced',
      [...newer, ['1.35', '2025-09-17', null]],
      /does not say when the support of 1\.35 ends: the offer does not list 1\.35/,
    ],
  ])('%s', (_, windows, message) => {
    const found = of(windows, { offer: ['1.36.5'] });
    expect([found.outcome, found.message]).toEqual(['abort', expect.stringMatching(message)]);
    // Less knowledge of what is owed never hides that something is lacking for sure.
    expect(of(windows, { offer: ['1.37.2'] })).toMatchObject({ outcome: 'fail', message: expect.stringContaining('1.36 (due') as unknown });
    expect(of(windows).outcome).toBe('abort');
  });

  test('a branch that only a list of patches shows is known, and not dated', () => {
    const patches = [['1.35.9', '2026-10-01T12:00:00Z']] as const;
    const windows: Windows = [...newer, ['1.34', '2025-08-27', '2026-10-27']];
    expect(of(windows, { patches, offer: ['1.36.5'] }).message).toContain('does not say when 1.35 was released');
    expect(of(windows, { patches, offer: ['1.36.5', '1.35.9'] }).outcome).toBe('pass');
  });
  test.each<readonly [string, Windows]>([
    ['which is offered', [...newer, ['1.35', null, null], ['1.34', null, '2026-10-27']]],
    ['whose end is not announced, which is offered', [...newer, ['1.35', '2025-09-17', null]]],
  ])('a branch without a date, %s', (_, windows) => {
    expect(of(windows, { offer: ['1.36.5', '1.35.9'] }).outcome).toBe('pass');
    // Other clusters may show it.
    expect(of(windows)).toMatchObject({ outcome: 'abort', fleet: { shows: ['1.36'], needs: ['1.36', '1.35'] } });
  });
  test.each<readonly [string, Windows]>([
    ['by its end', all],
    ['by its end alone', [...newer, ['1.35', '2025-12-17', '2027-02-28'], ['1.34', null, '2026-10-27']]],
    ['and what is before it may lack every date', [...all, ['1.33', null, null], ['1.31', null, null]]],
  ])('data that go back to a branch that has ended: %s', (_, windows) => {
    expect(of(windows, { offer: ['1.36.5', '1.35.9'] }).outcome).toBe('pass');
    expect(of(windows, { offer: ['1.36.5'] }).outcome).toBe('fail');
  });
  test('a branch that is older than ten months shows that all before it, a cycle of four months older, have had their 14', () => {
    const windows: Windows = [...newer, ['1.35', '2025-12-17', '2027-03-28']];
    const offer = ['1.37.2', '1.36.5', '1.35.9'];
    expect(of(windows, { offer, now: '2026-10-16T12:00:00Z' }).outcome).toBe('abort');
    expect(of(windows, { offer, now: '2026-10-18T12:00:00Z' }).outcome).toBe('pass');
  });
  test('what was released after the moment of judging was not out, nor what is newer', () => {
    const windows: Windows = [['1.38', null, null], ...all];
    const found = of(windows, { now: '2026-08-20T00:00:00Z', offer: ['1.35.9', '1.34.12'] });
    expect(found).toMatchObject({ outcome: 'pass', message: expect.stringContaining('is offered: 1.35, 1.34') as unknown });
    expect(found.evidence.map(({ source }) => source)).not.toContain('release 1.37.0');
  });
});

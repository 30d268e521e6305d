import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Offer } from '../../src/facts/support/offer.js';
import type { RequirementReport } from '../../src/model/report.js';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { noon, releasesFact } from '../helpers/release-facts.js';
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
  ])('a cluster that %s', (_, version, now, outcome, because) => {
    const found = row('minor-recency', version, { now });
    expect([found.outcome, because.test(found.because)]).toEqual([outcome, true]);
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
  test('of a cluster is offered, whatever a list of the offer says', () => {
    expect(row('minor-recency', 'v1.36.5', { offer: offerOf(['1.35.9']) }).outcome).toBe('pass');
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
      because: expect.stringContaining('too old') as unknown,
    });
    expect(row('minor-recency', 'v1.37.2', { releases: releasesFact({ patches: [], windows: [] }) }).outcome).toBe('abort');
  });
  test('data that leave out a branch between two others answer nothing', () => {
    const windows = [
      ['1.37', '2026-08-26', null],
      ['1.35', '2025-12-17', '2027-02-28'],
    ] as const;
    const found = row('minor-recency', 'v1.37.0', { releases: releasesFact({ patches: [], windows }) });
    expect([found.outcome, found.because.includes('does not list the branch 1.36')]).toEqual(['abort', true]);
  });
});

describe('every supported branch', () => {
  test('that is due has to be shown; those in their months of grace are announced', () => {
    const found = row('offered-branches', 'v1.36.5');
    expect(found).toMatchObject({ outcome: 'abort', how: expect.stringContaining('merge') as unknown });
    expect(found.because).toContain('1.35 (due since 2026-04-17)');
    expect(found.because).not.toContain('1.37');
    expect(found.because).not.toContain('1.34');
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
  test('the cluster’s own branch counts beside the list', () => {
    expect(row('offered-branches', 'v1.35.9', { offer: offerOf(['1.36.5']) }).outcome).toBe('pass');
  });
  test.each([
    ['of more than 31 days', '2026-10-23T11:59:59Z', 'older than 31 days'],
    ['of tomorrow and later', '2026-11-24T12:00:01Z', 'in the future'],
    ['without a date that can be read', 'yesterday', 'no date that can be read'],
  ])('a list %s does not count', (_, date, why) => {
    const found = row('offered-branches', 'v1.36.5', { offer: offerOf(['1.36.5', '1.35.9'], date) });
    expect([found.outcome, found.because.includes(why)]).toEqual(['abort', true]);
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
          // Without a list there is a pass only where the cluster itself is enough, so with every list.
          if (of(id, version) === 2) expect(of(id, version, offerOf(less))).toBe(2);
        },
      ),
      { numRuns: 300 },
    );
  });
});

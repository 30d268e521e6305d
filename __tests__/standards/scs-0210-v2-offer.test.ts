import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { noon, releasesFact, versionRow } from '../helpers/release-facts.js';

const row = versionRow(scs0210v2);

describe('the offer, seen from one cluster', () => {
  test.each([
    ['on the newest branch', 'v1.37.0', 'pass', /newest branch, 1\.37/],
    ['on the newest branch, without a patch', '1.37', 'pass', /1\.37/],
    ['on a pre-release of the newest branch', 'v1.37.0-rc.1', 'abort', /pre-release/],
    ['on another branch', 'v1.36.5', 'abort', /needs the provider's other branches.*1\.37, to be offered by 2026-12-24/],
    ['on a branch that the data do not know', 'v1.38.0', 'abort', /does not know 1\.38 yet/],
  ])('newest branch: %s', (_, version, outcome, because) => {
    const found = row('minor-recency', version);
    expect(found.outcome).toBe(outcome);
    expect(found.because).toMatch(because);
  });
  test('newest branch: before 1.37 was out 1.36 was the newest', () => {
    expect(row('minor-recency', 'v1.36.4', '2026-08-26T11:59:59Z').outcome).toBe('pass');
    expect(row('minor-recency', 'v1.36.4', '2026-08-26T12:00:00Z').outcome).toBe('abort');
  });
  test('newest branch: data of more than 120 days', () => {
    expect(row('minor-recency', 'v1.37.2', '2027-04-01T00:00:00Z')).toMatchObject({
      outcome: 'abort',
      because: expect.stringContaining('too old') as unknown,
    });
  });
  test('newest branch: nothing listed is no newest one', () => {
    expect(row('minor-recency', 'v1.37.2', noon, releasesFact({ patches: [], windows: [] })).outcome).toBe('abort');
  });
  test('every branch: says what this cluster contributes and what is lacking', () => {
    expect(row('offered-branches', 'v1.36.5')).toMatchObject({
      outcome: 'abort',
      because:
        "needs the provider's other branches: this cluster shows that 1.36 is offered; upstream supports 2 other branches: 1.37, 1.35",
      how: expect.stringContaining('merge') as unknown,
    });
  });
  test('no single cluster ever settles the whole offer', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.nat(20),
        fc.date({ min: new Date('2025-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        (minor, patch, now) => {
          expect(row('offered-branches', `v1.${minor}.${patch}`, now.toISOString()).outcome).toBe('abort');
        },
      ),
      { numRuns: 50 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KubernetesReleases } from '../../src/facts/kubernetes-releases.js';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { cvesFact, noon, releasesFact, versionRow } from '../helpers/release-facts.js';
import { settle, settleOne } from '../helpers/settle.js';

const { requirements } = scs0210v2;
const row = versionRow(scs0210v2);
const day = 86_400_000;

test('the catalogue’s rows, levels and testcases', () => {
  expect(requirements.map((r) => [r.id, r.level, r.testcase])).toEqual([
    ['supported-branch', 'SHOULD', 'version-policy-check'],
    ['patch-recency', 'MUST', 'version-policy-check'],
    ['critical-cve', 'MUST', 'version-policy-check'],
    ['critical-cve-fast', 'SHOULD', undefined],
    ['minor-recency', 'MUST', undefined],
    ['offered-branches', 'MUST', undefined],
    ['tested-before-rollout', 'MUST', undefined],
  ]);
});

describe('what holds for every question', () => {
  const asked = ['supported-branch', 'patch-recency', 'critical-cve', 'critical-cve-fast', 'minor-recency', 'offered-branches'];
  test.each(asked)('%s: a version that cannot be read is an abort that shows it', (id) => {
    const { outcome, message } = row(id, 'v1.banana');
    expect([outcome, message]).toEqual(['abort', 'the version "v1.banana" cannot be read']);
  });
  test.each(asked)('%s: a version that is an attack is shown bounded and harmless', (id) => {
    const { outcome, message } = row(id, `::error::\`|\n${'x'.repeat(10_000)}`);
    expect(outcome).toBe('abort');
    expect(message.length).toBeLessThan(150);
    expect(message).not.toMatch(/[`\n]/);
  });
  test.each(asked)('%s: without a version there is no answer', (id) => {
    const facts = {
      'server-version': { unavailable: 'unreachable', detail: 'GET /version: refused' },
      'kubernetes-releases': releasesFact(),
      'kubernetes-cves': cvesFact(),
    };
    expect(settleOne(requirements, id, facts)).toMatchObject({ outcome: 'abort', message: 'server-version: GET /version: refused' });
  });
  test.each(asked)('%s: without release data there is no answer', (id) => {
    expect(settleOne(requirements, id, { 'server-version': { gitVersion: 'v1.37.2' } }).outcome).toBe('abort');
  });
  test('tested-before-rollout is not looked at here, and says what to run', () => {
    expect(settle(requirements, {})['tested-before-rollout']).toMatchObject({
      outcome: 'missing',
      nextStep: expect.stringMatching(/heavy/) as unknown,
    });
  });
});

describe('a supported branch', () => {
  test.each([
    ['inside its window', 'v1.36.5', noon, 'pass', /until 2027-06-28/],
    ['a branch alone is enough', '1.36', noon, 'pass', /2027-06-28/],
    ['the last second before the end', 'v1.34.12', '2026-10-26T23:59:59Z', 'pass', /2026-10-27/],
    ['the first second after the end', 'v1.34.12', '2026-10-27T00:00:00Z', 'fail', /ended on 2026-10-27/],
    ['ended', 'v1.33.13', noon, 'fail', /ended on 2026-06-28/],
    ['older than every branch of the data', 'v1.20.15', noon, 'fail', /older than 1\.33/],
    ['end not announced: 14 months after the release', 'v1.37.2', noon, 'pass', /until 2027-10-26, by its policy of about 14 months/],
    ['newer than the data', 'v1.38.0', noon, 'abort', /release data from 2026-11-23 does not know 1\.38 yet/],
    ['a pre-release of a branch that is out', 'v1.37.0-rc.1', noon, 'pass', /1\.37/],
    ['a pre-release of a branch that was not out', 'v1.37.0-rc.1', '2026-08-20T00:00:00Z', 'abort', /not released before 2026-08-26/],
    ['another major version', 'v2.0.0', noon, 'abort', /does not know 2\.0 yet/],
  ])('%s', (_, version, now, outcome, message) => {
    const found = row('supported-branch', version, now);
    expect(found.outcome).toBe(outcome);
    expect(found.message).toMatch(message);
  });
  test('a branch that is missing between others is not called ended', () => {
    const windows = [
      ['1.37', '2026-08-26', null],
      ['1.35', null, '2027-02-28'],
    ] as const;
    expect(row('supported-branch', 'v1.36.5', noon, releasesFact({ windows, patches: [] })).outcome).toBe('abort');
  });
  test('older than a branch that had not ended by then', () => {
    const windows = [
      ['1.37', '2026-08-26', null],
      ['1.36', '2026-04-22', '2027-06-28'],
    ] as const;
    expect(row('supported-branch', 'v1.35.8', noon, releasesFact({ windows })).outcome).toBe('abort');
  });
  test('the calendar does not know the newest branch yet, the list of releases does', () => {
    const windows = [
      ['1.36', '2026-04-22', '2027-06-28'],
      ['1.35', '2025-12-17', '2027-02-28'],
    ] as const;
    expect(row('supported-branch', 'v1.37.2', noon, releasesFact({ windows }))).toMatchObject({
      outcome: 'pass',
      message: expect.stringContaining('2027-10-26') as unknown,
    });
  });
  test('an end that only follows from the policy is no fail when it is over', () => {
    const windows = [['1.37', '2025-08-26', null]] as const;
    expect(row('supported-branch', 'v1.37.2', noon, releasesFact({ windows, patches: [] })).outcome).toBe('abort');
  });
  test('14 months from the last of a month end on the last of a shorter one', () => {
    const windows = [['1.37', '2026-12-31', null]] as const;
    expect(row('supported-branch', 'v1.37.2', '2027-01-10T00:00:00Z', releasesFact({ windows, patches: [] })).message).toContain(
      '2028-02-29',
    );
  });
  test('an end within two months is announced', () => {
    expect(row('supported-branch', 'v1.36.5', '2027-05-01T00:00:00Z', releasesFact({ asOf: '2027-05-01' })).expiresSoon).toMatch(
      /2027-06-28/,
    );
    expect(row('supported-branch', 'v1.36.5', noon).expiresSoon).toBeUndefined();
  });
  test.each([
    ['120 days old, to the millisecond', 120 * day, 'pass'],
    ['a millisecond more', 120 * day + 1, 'abort'],
  ])('data %s', (_, age, outcome) => {
    const asOf = '2026-11-01T00:00:00.000Z';
    const found = row('supported-branch', 'v1.36.5', new Date(Date.parse(asOf) + age).toISOString(), releasesFact({ asOf }));
    expect(found.outcome).toBe(outcome);
    if (outcome === 'abort') expect(found.message).toMatch(/release data from 2026-11-01 is too old/);
  });
});

describe('patches within 31 days', () => {
  const fresh = (asOf: string): KubernetesReleases => releasesFact({ asOf });
  // 1.37.2 was released on 2026-10-27 at noon.
  test.each([
    ['the newest patch', 'v1.37.2', noon, 'pass'],
    ['the newest patch of a vendor', 'v1.37.2+k3s1', noon, 'pass'],
    ['one behind, 31 days less a second', 'v1.37.1', '2026-11-27T11:59:59Z', 'pass'],
    ['one behind, 31 days exactly', 'v1.37.1', '2026-11-27T12:00:00Z', 'pass'],
    ['one behind, 31 days and a second', 'v1.37.1', '2026-11-27T12:00:01Z', 'fail'],
    ['two behind', 'v1.37.0', noon, 'fail'],
    ['a pre-release of a final that is out for long', 'v1.37.0-rc.1', noon, 'fail'],
    ['a pre-release of a final that is out since yesterday', 'v1.37.0-rc.1', '2026-08-27T12:00:00Z', 'pass'],
    ['an ended branch at its last patch', 'v1.33.13', noon, 'pass'],
    ['an ended branch behind its last patch', 'v1.33.0', noon, 'fail'],
    ['a branch alone', '1.37', noon, 'abort'],
    ['a patch that the data do not know', 'v1.37.3', noon, 'abort'],
    ['a patch that is missing in the list, and a newer one is overdue', 'v1.36.3', noon, 'fail'],
    ['a branch that the data do not know', 'v1.38.0', noon, 'abort'],
    ['a branch without a listed patch', 'v1.35.8', noon, 'abort'],
    ['a pre-release of a branch that the data do not know', 'v1.38.0-alpha.1', noon, 'abort'],
  ])('%s', (_, version, now, outcome) => {
    expect(row('patch-recency', version, now, fresh(now)).outcome).toBe(outcome);
  });
  test('a fail names the patches, newest first', () => {
    expect(row('patch-recency', 'v1.36.0').message).toBe('1.36.0 is behind 1.36.5, 1.36.4: patches released more than 31 days ago');
  });
  test('what is due soon is announced with its day', () => {
    expect(row('patch-recency', 'v1.37.1', '2026-11-20T00:00:00Z').expiresSoon).toBe('1.37.2 has to be in use by 2026-11-27');
  });
  test('a release after the moment of judging did not exist then', () => {
    expect(row('patch-recency', 'v1.37.1', '2026-10-01T00:00:00Z')).toMatchObject({
      outcome: 'pass',
      message: expect.stringContaining('newest') as unknown,
    });
  });
  test('a pre-release is owed by nobody', () => {
    const patches = [
      ['1.37.3-rc.0', '2026-08-30T12:00:00Z'],
      ['1.37.2', '2026-08-28T12:00:00Z'],
      ['1.37.0', '2026-08-26T12:00:00Z'],
    ] as const;
    expect(row('patch-recency', 'v1.37.2', noon, releasesFact({ patches }))).toMatchObject({
      outcome: 'pass',
      message: expect.stringContaining('1.37.2 is the newest patch') as unknown,
    });
    // Nor does it show that its branch is known.
    const only = [['1.38.0-rc.0', '2026-11-01T12:00:00Z']] as const;
    expect(row('patch-recency', 'v1.38.0-rc.0', noon, releasesFact({ patches: only })).outcome).toBe('abort');
  });
  describe('a branch of which the data may lack patches', () => {
    const gaps = releasesFact({ complete: ['1.37'] });
    test('cannot pass by absence', () => {
      expect(row('patch-recency', 'v1.36.5', noon, gaps)).toMatchObject({
        outcome: 'abort',
        message: expect.stringContaining('may lack patches of 1.36') as unknown,
      });
    });
    test('fails where a listed one is overdue', () => {
      expect(row('patch-recency', 'v1.36.4', noon, gaps).outcome).toBe('fail');
    });
  });
  describe('a release known to the day only', () => {
    const byDay = releasesFact({
      patches: [
        ['1.37.2', '2026-10-23'],
        ['1.37.1', '2026-09-01'],
        ['1.37.0', '2026-08-26'],
      ],
      asOf: noon,
    });
    test.each([
      ['2026-11-23T00:00:00Z', 'pass', 'not older even if it came at the first moment'],
      ['2026-11-23T00:00:01Z', 'abort', 'depends on the hour'],
      ['2026-11-23T23:59:59Z', 'abort', 'depends on the hour'],
      ['2026-11-24T00:00:01Z', 'fail', 'older even if it came at the last moment'],
    ])('%s: %s (%s)', (now, outcome) => {
      expect(row('patch-recency', 'v1.37.1', now, byDay).outcome).toBe(outcome);
    });
  });
  test.each([
    ['31 days old, to the millisecond', 31 * day, 'pass'],
    ['a millisecond more', 31 * day + 1, 'abort'],
  ])('data %s', (_, age, outcome) => {
    const asOf = '2026-11-01T00:00:00.000Z';
    expect(row('patch-recency', 'v1.37.2', new Date(Date.parse(asOf) + age).toISOString(), releasesFact({ asOf })).outcome).toBe(outcome);
  });
  test('data that are too old neither pass nor fail', () => {
    for (const version of ['v1.37.2', 'v1.37.0', 'v1.33.0'])
      expect(row('patch-recency', version, '2027-03-01T00:00:00Z')).toMatchObject({
        outcome: 'abort',
        message: expect.stringMatching(/^release data from 2026-11-23 is too old/) as unknown,
      });
  });
  test('why nothing newer could be had is told', () => {
    const releases = releasesFact({ asOf: '2026-01-01' });
    const offline = { ...releases, patches: { ...releases.patches, instead: 'GET https://api.github.com/x: 403' } };
    expect(row('patch-recency', 'v1.37.2', noon, offline).message).toMatch(
      /nothing newer could be had \(GET https:\/\/api\.github\.com\/x: 403\)/,
    );
  });
});

test('time alone never turns a fail into a pass while the data stay', () => {
  fc.assert(
    fc.property(fc.constantFrom('v1.37.0', 'v1.37.1', 'v1.37.2', 'v1.36.4', 'v1.33.0'), fc.nat(60), fc.nat(60), (version, a, b) => {
      const at = (days: number): string => new Date(Date.parse('2026-10-28T00:00:00Z') + days * day).toISOString();
      const earlier = row('patch-recency', version, at(Math.min(a, b))).outcome;
      const later = row('patch-recency', version, at(Math.max(a, b))).outcome;
      expect(earlier === 'fail' && later === 'pass').toBe(false);
      expect(earlier === 'abort' && later === 'pass').toBe(false);
    }),
    { numRuns: 60 },
  );
});

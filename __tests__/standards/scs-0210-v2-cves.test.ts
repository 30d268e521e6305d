import { describe, expect, test } from '@jest/globals';
import type { KubernetesCves } from '../../src/facts/kubernetes-cves.js';
import type { Cve } from '../../src/facts/support/release-data.js';
import type { RequirementReport } from '../../src/model/report.js';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { cvesFact, noon, releasesFact, versionRow } from '../helpers/release-facts.js';

const row = versionRow(scs0210v2);
const day = 86_400_000;

describe('fixes of critical CVEs', () => {
  const cve = (id: string, ranges: Cve['ranges'], score: number | null = 8.8): Cve => ({ id, score, ranges });
  const in372 = cve('CVE-2026-1', [{ introduced: '1.37.0', fixed: '1.37.2' }]);
  const in371 = cve('CVE-2026-2', [{ introduced: '1.37.0', fixed: '1.37.1' }], 9.8);
  const unfixed = cve('CVE-2026-3', [{ introduced: '1.30.0' }]);
  const unknown = cve('CVE-2026-4', [{ introduced: '1.37.0', fixed: '1.37.1' }], null);
  const lastSeen = cve('CVE-2026-5', [{ introduced: '1.37.0', lastAffected: '1.37.1' }]);

  test.each([
    ['none known', 'v1.37.0', noon, [], 'pass'],
    ['none that this version has', 'v1.37.2', noon, [in372, in371], 'pass'],
    ['one fixed in a patch of 27 days', 'v1.37.1', noon, [in372], 'fail'],
    ['one whose last affected version is known', 'v1.37.1', noon, [lastSeen], 'fail'],
    ['one that no patch fixes', 'v1.37.0', noon, [unfixed], 'pass'],
    ['one that no patch fixes, beside one that is overdue', 'v1.37.0', noon, [unfixed, in371], 'fail'],
    ['the fix is 14 days old, exactly', 'v1.37.1', '2026-11-10T12:00:00Z', [in372], 'pass'],
    ['the fix is a second older', 'v1.37.1', '2026-11-10T12:00:01Z', [in372], 'fail'],
    ['a patch of 60 days that still has it is no fix', 'v1.37.0', '2026-11-01T12:00:00Z', [in372], 'pass'],
    ['fixed in the first of two newer patches', 'v1.37.0', '2026-11-01T12:00:00Z', [in371], 'fail'],
    ['a score that nobody knows', 'v1.37.0', noon, [unknown], 'abort'],
    ['a score that nobody knows, beside one that is overdue', 'v1.37.0', noon, [unknown, in371], 'fail'],
    ['a score that nobody knows, of a CVE that it has not', 'v1.37.2', noon, [unknown], 'pass'],
    ['a pre-release has what its final has', 'v1.37.0-rc.1', noon, [in371], 'fail'],
    ['a branch alone', '1.37', noon, [in371], 'abort'],
    ['a branch that ended', 'v1.33.0', noon, [cve('CVE-2026-6', [{ introduced: '0.0.0', fixed: '1.33.13' }])], 'fail'],
  ])('%s', (_, version, now, list, outcome) => {
    expect(row('critical-cve', version, now, releasesFact({ asOf: now }), cvesFact(list, { asOf: now })).outcome).toBe(outcome);
  });

  test('a fail names the CVE and the patch', () => {
    expect(row('critical-cve', 'v1.37.0', noon, releasesFact(), cvesFact([in371]))).toMatchObject({
      message: '1.37.0 has 1 critical CVE that a patch older than 14 days fixes: CVE-2026-2 (fixed in 1.37.1)',
      evidence: expect.arrayContaining([{ source: 'CVE-2026-2', observed: 'affects 1.37.0, base score 9.8' }]) as unknown,
    });
  });
  test('what is due soon is announced with its day', () => {
    expect(row('critical-cve', 'v1.37.1', '2026-11-01T12:00:00Z', releasesFact(), cvesFact([in372])).expiresSoon).toBe(
      'CVE-2026-1 is fixed in 1.37.2, which has to be in use by 2026-11-10',
    );
  });
  test('a fix may be among the patches that the data lack', () => {
    const gaps = releasesFact({ complete: [] });
    expect(row('critical-cve', 'v1.37.1', noon, gaps, cvesFact([unfixed])).outcome).toBe('abort');
    expect(row('critical-cve', 'v1.37.1', noon, gaps, cvesFact([in372])).outcome).toBe('fail');
    expect(row('critical-cve', 'v1.37.2', noon, gaps, cvesFact([in372])).outcome).toBe('pass');
  });
  test('announced CVEs that could not be read forbid a pass, not a fail', () => {
    const some = (list: readonly Cve[]): KubernetesCves => cvesFact(list, { unread: ['CVE-2026-99'] });
    expect(row('critical-cve', 'v1.37.2', noon, releasesFact(), some([]))).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('CVE-2026-99') as unknown,
    });
    expect(row('critical-cve', 'v1.37.1', noon, releasesFact(), some([unfixed])).outcome).toBe('abort');
    expect(row('critical-cve', 'v1.37.1', noon, releasesFact(), some([in372])).outcome).toBe('fail');
  });
  test('a pre-release brings no fix', () => {
    const releases = releasesFact({
      patches: [
        ['1.37.2-rc.0', '2026-10-01T12:00:00Z'],
        ['1.37.1', '2026-09-01T12:00:00Z'],
        ['1.37.0', '2026-08-26T12:00:00Z'],
      ],
    });
    expect(
      row('critical-cve', 'v1.37.1', noon, releases, cvesFact([cve('CVE-2026-11', [{ introduced: '1.37.0', fixed: '1.37.2-rc.0' }])])),
    ).toMatchObject({
      outcome: 'pass',
    });
  });
  test('a fix known to the day only', () => {
    const byDay = releasesFact({
      patches: [
        ['1.37.2', '2026-11-09'],
        ['1.37.1', '2026-09-01'],
        ['1.37.0', '2026-08-26'],
      ],
    });
    expect(row('critical-cve', 'v1.37.1', '2026-11-23T08:00:00Z', byDay, cvesFact([in372])).outcome).toBe('abort');
    expect(row('critical-cve', 'v1.37.1', '2026-11-24T00:00:00Z', byDay, cvesFact([in372])).outcome).toBe('fail');
  });

  test.each<readonly [string, Cve['ranges']]>([
    ['no range', []],
    ['a module that Kubernetes publishes by itself', [{ introduced: '0.37.0', fixed: '0.37.2' }]],
    ['a later major version', [{ introduced: '2.0.0', fixed: '2.0.1' }]],
    ['an end before the start', [{ introduced: '1.37.2', fixed: '1.37.0' }]],
    ['an end at the start', [{ introduced: '1.37.1', fixed: '1.37.1' }]],
    ['two ends', [{ introduced: '1.37.0', fixed: '1.37.1', lastAffected: '1.37.9' }]],
    [
      'one good range and one that cannot be read',
      [
        { introduced: '1.36.0', fixed: '1.36.1' },
        { introduced: '0.37.0', fixed: '0.37.2' },
      ],
    ],
  ])('ranges of which nobody can tell what they affect forbid a pass: %s', (_, ranges) => {
    const of = (score: number | null, version = 'v1.37.1'): RequirementReport =>
      row('critical-cve', version, noon, releasesFact(), cvesFact([cve('CVE-2026-7', ranges, score)]));
    expect(of(9.8)).toMatchObject({ outcome: 'abort', message: '1 announced CVE could not be read: CVE-2026-7' });
    expect([of(null).outcome, of(9.8, 'v1.20.1').outcome, of(7.9).outcome]).toEqual(['abort', 'abort', 'pass']);
  });
  test.each([
    [8, 'fail'],
    [7.9, 'pass'],
    [0, 'pass'],
    [null, 'abort'],
  ])('a list may hold any CVE: a base score of %s', (score, outcome) => {
    const some = cvesFact([cve('CVE-2026-8', [{ introduced: '1.37.0', fixed: '1.37.2' }], score)]);
    for (const id of ['critical-cve', 'critical-cve-fast']) expect(row(id, 'v1.37.1', noon, releasesFact(), some).outcome).toBe(outcome);
  });
  // 1.37.2 is the newest patch that the data list, and 1.36.5.
  test.each<readonly [string, string, Cve['ranges'][number], string]>([
    ['a fix in the branch that is not listed', 'v1.37.2', { introduced: '1.37.0', fixed: '1.37.3' }, 'named'],
    ['an affected patch in the branch that is not listed', 'v1.37.2', { introduced: '1.37.0', lastAffected: '1.37.3' }, 'named'],
    ['nothing after the newest patch that is listed', 'v1.37.2', { introduced: '1.37.0', lastAffected: '1.37.2' }, 'pass'],
    ['a fix in a later branch', 'v1.36.5', { introduced: '1.36.0', fixed: '1.37.1' }, 'pass'],
    ['no end', 'v1.37.2', { introduced: '1.37.0' }, 'pass'],
  ])('ranges that name %s: no patch that is old enough is a fix', (_, version, range, what) => {
    const found = row('critical-cve', version, noon, releasesFact(), cvesFact([cve('CVE-2026-9', [range])]));
    expect(found.outcome).toBe('pass');
    expect(found.message.includes('not among the releases that are known: CVE-2026-9 ends with 1.37.3')).toBe(what === 'named');
  });
  test('a fix that was released later is listed, and was not there yet', () => {
    const before = '2026-10-20T12:00:00Z';
    expect(row('critical-cve', 'v1.37.1', before, releasesFact(), cvesFact([in372])).outcome).toBe('pass');
  });
  test.each<readonly [string, string, Cve['ranges'], string]>([
    ['of the branch before', 'v1.37.0-beta.0', [{ introduced: '1.36.0', fixed: '1.36.5' }], 'abort'],
    ['of all branches, with an end in the one before', 'v1.37.0-rc.1', [{ introduced: '0.0.0', lastAffected: '1.36.0' }], 'abort'],
    ['that ended with an older branch', 'v1.37.0-beta.0', [{ introduced: '1.30.0', fixed: '1.36.0' }], 'pass'],
    ['that begins with a later branch', 'v1.37.0-beta.0', [{ introduced: '1.38.0', fixed: '1.38.1' }], 'pass'],
    ['of its own branch', 'v1.37.0-beta.0', [{ introduced: '1.36.0', fixed: '1.37.1' }], 'fail'],
    ['of the branch before; it is a final', 'v1.37.0', [{ introduced: '1.36.0', fixed: '1.36.5' }], 'pass'],
    ['of the branch before; it comes before a later patch', 'v1.37.2-rc.0', [{ introduced: '1.36.0', fixed: '1.36.5' }], 'pass'],
  ])('a pre-release and a CVE %s', (_, version, ranges, outcome) => {
    const found = row('critical-cve', version, noon, releasesFact(), cvesFact([cve('CVE-2026-10', ranges)]));
    expect(found.outcome).toBe(outcome);
    if (outcome === 'abort') expect(found.message).toMatch(/^CVE-2026-10 affects 1\.36, and whether the pre-release/);
  });
  test.each([
    ['critical-cve', 14],
    ['critical-cve-fast', 2],
  ])('%s: data of CVEs may be %d days old', (id, days) => {
    const asOf = '2026-11-01T00:00:00.000Z';
    const at = (age: number, version = 'v1.37.2'): RequirementReport =>
      row(id, version, new Date(Date.parse(asOf) + age).toISOString(), releasesFact({ asOf }), cvesFact([in371], { asOf }));
    expect(at(days * day).outcome).toBe('pass');
    expect(at(days * day + 1)).toMatchObject({
      outcome: 'abort',
      message: expect.stringMatching(/^CVE data from 2026-11-01 is too old/) as unknown,
    });
    expect(at(days * day + 1, 'v1.37.0').outcome).toBe('abort');
  });
  test('releases that are too old matter only where a CVE is there', () => {
    const old = releasesFact({ asOf: '2026-11-01' });
    expect(row('critical-cve', 'v1.37.2', noon, old, cvesFact([in372])).outcome).toBe('pass');
    expect(row('critical-cve', 'v1.37.1', noon, old, cvesFact([in372]))).toMatchObject({
      outcome: 'abort',
      message: expect.stringMatching(/^release data from 2026-11-01 is too old/) as unknown,
    });
  });
  test.each([
    ['2026-10-29T12:00:00Z', 'pass'],
    ['2026-10-29T12:00:01Z', 'fail'],
  ])('within two days: %s', (now, outcome) => {
    expect(row('critical-cve-fast', 'v1.37.1', now, releasesFact({ asOf: now }), cvesFact([in372], { asOf: now })).outcome).toBe(outcome);
  });
});

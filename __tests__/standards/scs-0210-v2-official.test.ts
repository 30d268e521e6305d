import { describe, expect, test } from '@jest/globals';
import { bundledScsBranches, parseScsBranches } from '../../src/facts/scs-supported-branches.js';
import type { KubernetesCves } from '../../src/facts/kubernetes-cves.js';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { cvesFact, noon, releasesFact } from '../helpers/release-facts.js';
import { settle } from '../helpers/settle.js';

/** Affects 1.36.4 and every patch after it: no patch that is there helps. */
const unfixed = { id: 'CVE-2026-0001', score: 9, ranges: [{ introduced: '1.36.0' }] };
/** The same, and its record names a fix that the list of releases lacks. */
const unlisted = { ...unfixed, ranges: [{ introduced: '1.36.0', fixed: '1.36.6' }] };

const rows = (
  gitVersion: string,
  { now = noon, list = bundledScsBranches, cves = cvesFact() }: { now?: string; list?: unknown; cves?: KubernetesCves } = {},
) =>
  settle(
    scs0210v2.requirements,
    {
      'server-version': { gitVersion },
      'kubernetes-releases': releasesFact({
        patches: [
          ['1.37.2', '2026-10-27T12:00:00Z'],
          ['1.37.0', '2026-08-26T12:00:00Z'],
          ['1.36.5', '2026-11-05T12:00:00Z'],
          ['1.36.4', '2026-08-20T12:00:00Z'],
          ['1.36.0', '2026-04-22T12:00:00Z'],
        ],
      }),
      'kubernetes-cves': cves,
      'scs-supported-branches': list,
    },
    new Date(now),
  );

describe('what SCS’s own test says, where it differs', () => {
  test('a branch that its list lacks has ended for it; the row shows both', () => {
    const branch = rows('v1.37.2')['supported-branch'];
    expect(branch).toMatchObject({ outcome: 'pass', official: { outcome: 'fail' } });
    expect(branch?.message).toMatch(/^by the standard PASS: .*; SCS's own test says FAIL: its list .* ends with 1\.36$/);
  });
  test('a list that is not there is the bundled one: nothing gets better by it', () => {
    expect(rows('v1.37.2', { list: { unavailable: 'unreachable', detail: 'x' } })['supported-branch']?.official?.outcome).toBe('fail');
  });
  test('a branch on both lists has one answer', () => {
    expect(rows('v1.36.5')['supported-branch']).toMatchObject({ outcome: 'pass' });
    expect(rows('v1.36.5')['supported-branch']?.official).toBeUndefined();
  });
  test('a newer list of SCS’s wins', () => {
    const list = {
      origin: 'live',
      asOf: '2026-11-23T00:00:00Z',
      list: [...bundledScsBranches.list, { branch: '1.37', endOfLife: '2027-10-28' }],
    };
    expect(rows('v1.37.2', { list })['supported-branch']?.official).toBeUndefined();
  });
  test('a list with one supported branch left makes every row ABORT', () => {
    const found = rows('v1.36.5', {
      now: '2026-11-23T12:00:00Z',
      list: { ...bundledScsBranches, list: bundledScsBranches.list.slice(0, 1) },
    });
    for (const id of ['supported-branch', 'patch-recency', 'critical-cve'])
      expect([id, found[id]?.official?.outcome]).toEqual([id, 'abort']);
  });
  test.each([
    ['v1.36.5-eks-1234567', 'abort'],
    ['v1.36.5-gke.1443001', 'abort'],
    ['v1.36.5+k3s1', undefined],
    ['v1.36.5+rke2r1', undefined],
    ['v1.36.5', undefined],
  ])('the version %s: %s', (version, official) => {
    const found = rows(version);
    for (const id of ['supported-branch', 'patch-recency', 'critical-cve'])
      expect([id, found[id]?.outcome, found[id]?.official?.outcome]).toEqual([id, 'pass', official]);
  });
  test.each([
    ['a patch of more than 14 days that does not fix it', '2026-11-23T12:00:00Z', 'fail'],
    ['a younger one', '2026-11-19T12:00:00Z', undefined],
  ])('a critical CVE, and %s', (_, now, official) => {
    const found = rows('v1.36.4', { now, cves: cvesFact([unfixed]) })['critical-cve'];
    expect([found?.outcome, found?.official?.outcome]).toEqual(['pass', official]);
    const open = rows('v1.36.4', { now, cves: cvesFact([unlisted]) })['critical-cve'];
    expect([open?.outcome, open?.official?.outcome]).toEqual(['pass', official]);
  });
});

describe('SCS’s list', () => {
  test('keeps 1.30 apart from 1.3, quoted or not', () => {
    expect(parseScsBranches("- branch: 1.30\n  end-of-life: '2025-06-28'\n- branch: '1.3'\n  end-of-life: 2016-01-01\n")).toEqual([
      { branch: '1.30', endOfLife: '2025-06-28' },
      { branch: '1.3', endOfLife: '2016-01-01' },
    ]);
  });
  test.each(['', '[]', 'a: b', '- branch: x\n  end-of-life: 2025-06-28', '<html>', '- branch: 1.30'])('%j is none', (text) => {
    expect(() => parseScsBranches(text)).toThrow('has not the expected shape');
  });
});

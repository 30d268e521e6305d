import { expect, test } from '@jest/globals';
import { scs0210v1 } from '../../src/standards/scs-0210-v1.js';
import { standards } from '../../src/standards/index.js';
import { selectStandards } from '../../src/standards/select.js';
import { cvesFact, releasesFact } from '../helpers/release-facts.js';
import { settleOne } from '../helpers/settle.js';

// 1.37.2 was released on 2026-10-27 at noon.
const outcome = (id: string, gitVersion: string, now: string, asOf = now): string =>
  settleOne(
    scs0210v1.requirements,
    id,
    {
      'server-version': { gitVersion },
      'kubernetes-releases': releasesFact({ asOf }),
      'kubernetes-cves': cvesFact([{ id: 'CVE-2026-1', score: 9, ranges: [{ introduced: '1.37.0', fixed: '1.37.2' }] }], { asOf }),
    },
    new Date(now),
  ).outcome;

test('it is judged only when asked for by name', () => {
  expect(selectStandards(standards, []).map((s) => s.id)).not.toContain('scs-0210-v1');
  expect(selectStandards(standards, ['scs-0210-v1']).map((s) => s.id)).toEqual(['scs-0210-v1']);
  expect([scs0210v1.status, scs0210v1.category]).toEqual(['deprecated', 'informative']);
});

test.each([
  ['patch-recency', 'v1.37.1', '2026-11-03T12:00:00Z', 'pass'],
  ['patch-recency', 'v1.37.1', '2026-11-03T12:00:01Z', 'fail'],
  ['patch-recency', 'v1.37.2', '2026-11-23T12:00:00Z', 'pass'],
  ['critical-cve', 'v1.37.1', '2026-11-03T12:00:00Z', 'pass'],
  ['critical-cve', 'v1.37.1', '2026-11-03T12:00:01Z', 'fail'],
  ['critical-cve', 'v1.37.2', '2026-11-23T12:00:00Z', 'pass'],
  ['minor-recency', 'v1.37.1', '2026-11-23T12:00:00Z', 'pass'],
  ['minor-recency', 'v1.36.5', '2026-11-23T12:00:00Z', 'pass'],
  ['minor-recency', 'v1.35.5', '2026-11-23T12:00:00Z', 'abort'],
  ['tested-before-rollout', 'v1.37.2', '2026-11-23T12:00:00Z', 'missing'],
])('%s of %s at %s: %s', (id, version, now, expected) => {
  expect(outcome(id, version, now)).toBe(expected);
});

test('data of more than a week are too old for patches', () => {
  expect(outcome('patch-recency', 'v1.37.2', '2026-11-23T00:00:00Z', '2026-11-16T00:00:00Z')).toBe('pass');
  expect(outcome('patch-recency', 'v1.37.2', '2026-11-23T00:00:01Z', '2026-11-16T00:00:00Z')).toBe('abort');
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Report } from '../../src/model/report.js';
import { parseReport } from '../../src/fleet/read-report.js';
import { reportJson } from '../../src/reporters/json.js';
import { anyCharacter } from '../helpers/any-character.js';
import { fleetReport, fleetText } from '../helpers/fleet.js';
import { hostileReport, realisticReport, testedReport } from '../helpers/report.js';

const problemsOf = (text: string): string => {
  const read = parseReport(text);
  return 'report' in read ? '' : read.problems.join('\n');
};
const changed = (change: (report: Record<string, unknown>) => void): string => {
  const report = JSON.parse(fleetText()) as Record<string, unknown>;
  change(report);
  return JSON.stringify(report);
};
const rows = (report: Record<string, unknown>): Record<string, unknown>[] => report['requirements'] as Record<string, unknown>[];
const row = (report: Record<string, unknown>, id: string): Record<string, unknown> => rows(report).find((r) => r['id'] === id) ?? {};

test('our own reports are read, and say the same', () => {
  for (const report of [fleetReport(), realisticReport(), testedReport()])
    expect(parseReport(reportJson(report))).toEqual({ report: JSON.parse(reportJson(report)) as Report });
});

test('a report that was formatted anew, or has a byte order mark, is the same report', () => {
  expect(problemsOf(JSON.stringify(JSON.parse(fleetText())))).toBe('');
  expect(problemsOf(`\uFEFF${fleetText()}`)).toBe('');
});

test('what upstream’s own settings say proves an official PASS, though a stricter list does not', () => {
  const id = 'scs-0201-v1/conformance';
  const strict = fleetText({ outcomes: { [id]: 'fail' }, official: { [id]: { outcome: 'pass', message: 'by upstream’s list: so' } } });
  expect(problemsOf(strict)).toBe('');
  expect(parseReport(strict)).toMatchObject({
    report: {
      verdict: 'non-compliant',
      official: { testcases: expect.arrayContaining([expect.objectContaining({ verdict: 'PASS' })]) as unknown },
    },
  });
});

describe('what is no report that can be used', () => {
  test.each<readonly [string, string, string]>([
    ['nothing', '', 'it is empty'],
    ['something else', 'hello', 'no JSON'],
    ['cut', fleetText().slice(0, 5_000), 'no JSON, or cut'],
    ['a list', '[]', 'no report of scs-kaas'],
    ['null', 'null', 'no report of scs-kaas'],
    ['another JSON', '{"a": 1}', 'does not say which version'],
    ['a later minor', changed((r) => (r['schemaVersion'] = '2.99')), 'version 2.99 of the report’s schema'.replace('’', "'")],
    ['another major', changed((r) => (r['schemaVersion'] = '1.3')), 'with the version of scs-kaas that wrote it'],
    ['a number as version', changed((r) => (r['schemaVersion'] = 1.2)), 'does not say which version'],
    ['a field that is missing', changed((r) => delete r['tier']), 'tier'],
    ['an outcome that there is not', changed((r) => (row(r, 'scs-0201-v1/conformance')['outcome'] = 'splendid')), 'must be one of pass'],
    ['a field that no report has', changed((r) => (r['approvedBy'] = 'me')), 'holds "approvedBy"'],
    ['deeper down', changed((r) => (row(r, 'scs-0201-v1/conformance')['note'] = 'x')), '].note"'],
    ['a prototype', fleetText().replace('{', '{"__proto__": {"verdict": "compliant"},'), 'holds "__proto__"'],
    ['a key twice', fleetText().replace('"verdict"', '"verdict": "compliant", "verdict"'), 'a key stands in it twice'],
    ['a text of millions of quotes', `{"schemaVersion":"2.0","a":"${'\\"'.repeat(3e6)}"}`, 'is missing'],
    ['nesting without end', `{"schemaVersion":"2.0","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, ''],
  ])('%s', (_, text, problem) => {
    const problems = problemsOf(text);
    expect(problems).not.toBe('');
    expect(problems).toContain(problem);
  });
});

describe('what contradicts itself', () => {
  test.each<readonly [string, (report: Record<string, unknown>) => void, string]>([
    ['a requirement twice', (r) => rows(r).push({ ...rows(r)[0] }), 'twice'],
    [
      'a requirement that no standard lists',
      (r) => (row(r, 'scs-0201-v1/conformance')['id'] = 'scs-0201-v1/x'),
      'no standard of its scope that lists it',
    ],
    [
      'a MUST that was moved out of the certificate scope',
      (r) => (row(r, 'scs-0201-v1/conformance')['category'] = 'informative'),
      'no standard of its scope',
    ],
    ['a moment that is none', (r) => (r['checkedAt'] = '2026-11-25T10:00:00Z (<script>)'), 'a moment that is none'],
    [
      'met, and needing others',
      (r) => Object.assign(row(r, 'scs-0210-v2/minor-recency'), { fleet: { shows: [], needs: ['1.37'] } }),
      'other clusters have to show it',
    ],
  ])('%s', (_, change, problem) => {
    expect(problemsOf(changed(change))).toContain(problem);
  });
});

describe('what the rows say is what counts', () => {
  const read = (change: (report: Record<string, unknown>) => void): Report => {
    const found = parseReport(changed(change));
    if ('problems' in found) throw new Error(found.problems.join());
    return found.report;
  };
  test('compliant, with a MUST that is open: incomplete', () => {
    expect(read((r) => (r['verdict'] = 'compliant')).verdict).toBe('incomplete');
  });
  test('incomplete, with a MUST that failed: non-compliant, and counted', () => {
    const report = read((r) => (row(r, 'scs-0201-v1/conformance')['outcome'] = 'fail'));
    expect(report).toMatchObject({ verdict: 'non-compliant', counts: { certificate: { fail: 1 } } });
  });
  test('counts', () => {
    expect(read((r) => Object.assign((r['counts'] as Record<string, object>)['all'] ?? {}, { fail: 3, pass: 0 })).counts).toEqual(
      fleetReport().counts,
    );
  });
  test.each<readonly [string, (report: Record<string, unknown>) => void]>([
    [
      'of what failed',
      (r) => {
        const official = r['official'] as { testcases: { verdict: string; requirements: string[] }[] };
        official.testcases = official.testcases.map((t) => ({ ...t, requirements: ['scs-0210-v2/offered-branches'] }));
      },
    ],
    [
      'of what failed by upstream’s own settings',
      (r) => (row(r, 'scs-0201-v1/conformance')['official'] = { outcome: 'fail', message: 'x' }),
    ],
    ['without testcases', (r) => ((r['official'] as Record<string, unknown>)['testcases'] = [])],
  ])('an official PASS %s is none', (_, change) => {
    const { official } = read(change);
    expect(official?.verdict).toBe('MISSING');
    expect(official?.testcases.filter(({ verdict, requirements }) => verdict === 'PASS' && requirements.length > 0)).not.toContainEqual(
      expect.objectContaining({ id: 'cncf-k8s-conformance' }),
    );
  });
});

test('a report whose ids are hostile is no report', () => {
  expect(problemsOf(reportJson(hostileReport()))).toContain('whose id is none');
});

test('whatever is changed in a report, nothing is thrown and problems are few', () => {
  const text = fleetText();
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.nat(40), fc.string({ unit: anyCharacter, maxLength: 5 }), (at, length, other) => {
      const read = parseReport(text.slice(0, at) + other + text.slice(at + length));
      if (!('report' in read)) expect(read.problems.length).toBeLessThan(12);
      else expect(read.report.verdict).not.toBe('compliant');
    }),
    { numRuns: 300 },
  );
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Report } from '../../src/model/report.js';
import { parseScsReport, type ReportDocument } from '../../src/compliance-monitor/documents.js';
import { scsReportText } from '../../src/reporters/scs-report-text.js';
import { anyCharacter } from '../helpers/any-character.js';
import { handIn, mixed, reportWith } from '../helpers/official.js';
import { outcomeOf } from '../helpers/scope.js';

const now = new Date('2026-11-22T11:00:00Z');
const textOf = (requirements: Report['requirements'] = mixed): string => {
  const report = reportWith(requirements);
  return scsReportText(report, report.official!, handIn);
};
const documentsOf = (text: string): readonly ReportDocument[] => {
  const read = parseScsReport(text, now);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.documents;
};
const problemsOf = (text: string): string => {
  const read = parseScsReport(text, now);
  return 'problems' in read ? read.problems.join('\n') : 'no problem';
};

describe('a report of our own', () => {
  const text = textOf();

  test('is read and written again byte for byte, one document each', () => {
    const documents = documentsOf(text);
    expect(documents.map((d) => d.text).join('')).toBe(text);
    expect(documents.map((d) => d.testcases)).toEqual([
      [
        { id: 'version-policy-check', verdict: 'ABORT' },
        { id: 'kaas-networking-check', verdict: 'FAIL' },
      ],
      [{ id: 'cncf-k8s-conformance', verdict: 'PASS' }],
    ]);
    expect(documents[1]).toMatchObject({ subject: 'example-cloud', checkedAt: '2026-11-20 02:00:00' });
  });

  test('whatever the texts of a cluster hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (message) => {
        const own = textOf([outcomeOf('scs-0201-v1/conformance', { rung: 'e2e', message })]);
        expect(documentsOf(own)[0]?.text).toBe(own);
      }),
    );
  });

  test('without a testcase, and without everything', () => {
    const [first, second] = documentsOf(text);
    const left = first?.without(['version-policy-check']);
    expect(left?.testcases).toEqual([{ id: 'kaas-networking-check', verdict: 'FAIL' }]);
    expect(left?.uuid).toBe(first?.uuid);
    expect(left?.text).toContain('kaas-networking-check');
    expect(left?.text).not.toContain('version-policy-check');
    expect(left?.text).not.toContain('critical-cve');
    expect(documentsOf(left!.text)).toHaveLength(1);
    expect(second?.without(['cncf-k8s-conformance'])).toBeUndefined();
    expect(first?.without([])?.text).toBe(first?.text);
  });

  test('as somebody else’s tool writes the same, it leaves as this program writes it', () => {
    const [only] = documentsOf(textOf(mixed.slice(0, 1)));
    const other = `# a comment\n%YAML 1.2\n${only!.text}...\n`
      .replace('# a comment\n%YAML 1.2\n', '%YAML 1.2\n')
      .replace(/checked_at: (.*)/, 'checked_at: "$1" # then');
    expect(documentsOf(other).map((d) => d.text)).toEqual([only!.text]);
    expect(documentsOf(only!.text.replaceAll('\n', '\r\n'))[0]?.text).toBe(only!.text);
  });

  test.each([
    ['an unknown key', (t: string) => `${t}note: x\n`, 'unknown key "note"'],
    ['a duplicate key', (t: string) => `${t}subject: other\n`, 'no valid YAML'],
    ['a tab', (t: string) => t.replace('subject:', '\tsubject:'), 'no valid YAML'],
    ['a bare --- at the end', (t: string) => `${t}---\n`, 'document 2'],
    [
      'an alias',
      (t: string) => t.replace(/^subject: .*/m, 'subject: &a example-cloud').replace(/^(creator|reference_date): .*/m, '$1: *a'),
      'aliases',
    ],
    ['a tag', (t: string) => t.replace('subject: ', 'subject: !!python/object:os.system '), 'no valid YAML'],
    ['no checked_at', (t: string) => t.replace(/^checked_at.*\n/m, ''), 'checked_at is missing'],
    ['no subject', (t: string) => t.replace(/^subject.*\n/m, ''), 'subject is missing'],
    ['a number as subject', (t: string) => t.replace(/^subject.*/m, 'subject: 12345'), 'subject must be of type string'],
    ['a subject with a blank', (t: string) => t.replace(/^subject.*/m, 'subject: a b'), 'subject'],
    ['the result 2', (t: string) => t.replace(/(result|cncf-k8s-conformance): 1/, '$1: 2'), 'must be one of'],
    ['the result PASS', (t: string) => t.replace(/(result|cncf-k8s-conformance): 1/, '$1: PASS'), 'must be one of'],
    ['the result null', (t: string) => t.replace(/(result|cncf-k8s-conformance): 1/, '$1: null'), 'must be'],
    [
      'an offset',
      (t: string) => t.replace(/^checked_at: .*/m, 'checked_at: "2026-11-20 02:00:00+02:00"'),
      'checked_at.timestamp is not as it must be',
    ],
    ['infinity', (t: string) => t.replace(/^checked_at: .*/m, 'checked_at: infinity'), 'checked_at.timestamp is not as it must be'],
    [
      'a day that there is not',
      (t: string) => t.replace(/^checked_at: .*/m, 'checked_at: 2026-02-30 02:00:00'),
      'a moment that there is not',
    ],
    [
      'an hour that there is not',
      (t: string) => t.replace(/^checked_at: .*/m, 'checked_at: 2026-11-20 25:00:00'),
      'a moment that there is not',
    ],
    ['a day to come', (t: string) => t.replace(/^checked_at: .*/m, 'checked_at: 2026-11-23 02:00:00'), 'which is to come'],
    ['a raw escape', (t: string) => t.replace('INFO: scs-kaas', '\u001b[31mINFO: scs-kaas'), ''],
    ['markup for the page', (t: string) => t.replace('INFO: scs-kaas', '<script>'), 'is not as it must be'],
    ['an id in capitals', (t: string) => t.replace(/^( *)uuid: 0c2f/m, '$1uuid: 0C2F'), 'uuid is not as it must be'],
    [
      'another scope than an id',
      (t: string) => t.replaceAll('1fffebe6-fd4b-44d3-a36c-fc58b4bb0180', 'scs-compatible-kaas'),
      'is not as it must be',
    ],
  ])('%s is refused before it could leave', (_, change, words) => {
    const [only] = documentsOf(textOf(mixed.slice(0, 1)));
    const changed = change(only!.text);
    expect(changed).not.toBe(only!.text);
    expect(problemsOf(changed)).not.toBe('no problem');
    expect(problemsOf(changed)).toContain(words);
  });
});

test.each([
  ['nothing', '', 'it is empty'],
  ['a comment', '# nothing\n', 'it is empty'],
  ['null', 'null\n', 'it must be of type object'],
  ['a list', '- a\n', 'it must be of type object'],
  ['a text', 'hello\n', 'it must be of type object'],
  ['JSON', '{}', 'is missing'],
  ['many documents', '---\na: 1\n'.repeat(51), '51 documents'],
  ['too much', `a: ${'x'.repeat(2_000_000)}`, 'larger than'],
  ['a billion laughs', `a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n`, 'aliases'],
])('%s is no report', (_, text, words) => {
  expect(problemsOf(text)).toContain(words);
});

test('everything that is wrong with any document is told at once', () => {
  const text = textOf()
    .replace(/^subject: .*/m, 'subject: a b')
    .replace('cncf-k8s-conformance: 1', 'cncf-k8s-conformance: 7');
  expect(problemsOf(text)).toMatch(/document 1: subject[^]*document 2: run/);
});

test('a testcase twice in one document would hide one result behind the other', () => {
  expect(problemsOf(textOf().replaceAll('kaas-networking-check: -1', 'version-policy-check: -1'))).toContain('version-policy-check twice');
});

test('the same id twice is no report; several subjects are', () => {
  const [one, two] = documentsOf(textOf());
  expect(problemsOf(one!.text + one!.text)).toContain('two documents have the same id');
  expect(problemsOf(one!.text + two!.text.replace('example-cloud', 'other'))).toBe('no problem');
});

test('a report without results has nothing to upload', () => {
  expect(problemsOf(textOf([]))).toContain('holds no result');
});

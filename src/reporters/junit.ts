import { limits } from '../model/limits.js';
import type { Outcome } from '../model/outcome.js';
import { requirementOf, type Report, type RequirementReport, type StandardReport } from '../model/report.js';
import { clip, clipMiddle, plainText } from '../text/escape.js';
import type { Reporter } from './reporter.js';
import { shortId } from './words.js';

/** What one result shows; the JSON report holds more. */
const max = { name: 300, evidence: 20, findings: 20, source: 200, observed: 400 } as const;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * One line for a text or a quoted attribute of XML 1.0. What it does not allow is taken out or replaced: controls, lone surrogates and noncharacters.
 * The report may be printed in a workflow, so no line of it is a command of the runner; a character reference is the same character.
 */
const xml = (text: string): string =>
  plainText(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (c) => entities[c] ?? '')
    .replace(/:(?=:)/g, '&#58;')
    .replaceAll('##[', '##&#91;');

const attributes = (some: Readonly<Record<string, string | number>>): string =>
  Object.entries(some)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('');

/** How a test tool sees a requirement. `error`: it could not be checked. */
type Result = 'passed' | 'failure' | 'error' | 'skipped';

const mustResults: Readonly<Record<Outcome, Result>> = {
  pass: 'passed',
  fail: 'failure',
  abort: 'error',
  missing: 'skipped',
  // A statement is no test: nobody may take it for one that passed.
  declared: 'skipped',
  waived: 'skipped',
  'not-applicable': 'skipped',
};

/** What is recommended or optional costs no certificate, and must not look as if it did. */
const resultOf = ({ level, outcome }: RequirementReport): Result =>
  outcome === 'pass' ? 'passed' : level === 'MUST' ? mustResults[outcome] : 'skipped';

/** What stands before the reason, if the result alone does not say it. */
const leadOf = ({ level, outcome }: RequirementReport): string => {
  switch (outcome) {
    case 'fail':
      return level === 'MUST' ? '' : `${level} not met: `;
    case 'abort':
      return level === 'MUST' ? '' : `${level} could not be checked: `;
    case 'not-applicable':
      return 'Not applicable: ';
    // The reason itself says so.
    case 'missing':
    case 'declared':
    case 'waived':
    case 'pass':
      return '';
  }
};

const messageOf = (r: RequirementReport): string => {
  const counts = r.category === 'certificate' || resultOf(r) === 'skipped' ? '' : 'Informative, no part of the verdict: ';
  return clipMiddle(`${counts}${leadOf(r)}${r.message}`, limits.shownCharacters);
};

/** Not what the reason holds already. */
const nextStepOf = ({ nextStep = '', message }: RequirementReport): string => (message.includes(nextStep) ? '' : nextStep);

const evidenceLines = (r: RequirementReport): readonly string[] => {
  const shown = r.evidence.slice(0, max.evidence);
  const omitted = r.evidenceOmitted + r.evidence.length - shown.length;
  return [
    ...shown.map((e) => `- ${clip(e.source, max.source)}: ${clip(e.observed, max.observed)}`),
    ...(omitted > 0 ? [`- ${omitted} more, not listed`] : []),
  ];
};

const findingLines = ({ findings }: RequirementReport): readonly string[] => {
  const counting = (findings?.list ?? []).filter(({ tolerated }) => tolerated === undefined);
  const omitted = (findings?.omitted ?? 0) + counting.length - Math.min(counting.length, max.findings);
  return [
    ...counting
      .slice(0, max.findings)
      .map(({ name, state, message }) => `- ${clip(name, max.source)}: ${state}: ${clip(message, max.observed)}`),
    ...(omitted > 0 ? [`- ${omitted} more, not listed`] : []),
  ];
};

const titled = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [title, ...lines]);

/** Everything that a reader needs beside the name, a line each. */
const bodyOf = (r: RequirementReport): string =>
  [
    clipMiddle(r.message, limits.shownCharacters),
    ...(nextStepOf(r) === '' ? [] : [`Next step: ${clip(nextStepOf(r), limits.shownCharacters)}`]),
    ...titled('Evidence:', evidenceLines(r)),
    ...titled('Findings:', findingLines(r)),
    `Clause: ${clip(r.clause, limits.shownCharacters)}`,
  ]
    .map(xml)
    .join('\n');

const testcase = (r: RequirementReport): string => {
  const head = `    <testcase${attributes({ classname: clip(r.standard, max.name), name: clip(`${shortId(r)}: ${r.title}`, max.name) })}`;
  const result = resultOf(r);
  if (result === 'passed') return `${head}/>`;
  const type = result === 'skipped' ? {} : { type: r.level };
  return `${head}>\n      <${result}${attributes({ ...type, message: messageOf(r) })}>${bodyOf(r)}</${result}>\n    </testcase>`;
};

const countsOf = (some: readonly RequirementReport[]): Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>> => {
  const results = some.map(resultOf);
  const count = (result: Result): number => results.filter((one) => one === result).length;
  return { tests: some.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
};

const testsuite = (report: Report, s: StandardReport): string => {
  const own = s.requirements.map((id) => requirementOf(report, id));
  const name = clip(`${s.id}: ${s.title}`, max.name) + (s.category === 'informative' ? ' (informative)' : '');
  const head = `  <testsuite${attributes({ name, ...countsOf(own), timestamp: (report.checkedAt ?? report.now).slice(0, 19) })}`;
  return own.length === 0 ? `${head}/>` : `${head}>\n${own.map(testcase).join('\n')}\n  </testsuite>`;
};

/** The report as JUnit XML: a test suite for each standard, a test case for each requirement. */
const junitXml = (report: Report): string => {
  const { tests, failures, errors } = countsOf(report.standards.flatMap((s) => s.requirements.map((id) => requirementOf(report, id))));
  const name = clip(`${report.tool.name}: ${report.headline}`, limits.shownCharacters);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, tests, failures, errors })}>`,
    ...report.standards.map((s) => testsuite(report, s)),
    '</testsuites>\n',
  ].join('\n');
};

/** The report for the test views of CI systems. */
export const junit: Reporter = {
  name: 'junit',
  description: 'JUnit XML for the test views of CI systems: a suite for each standard, a test for each requirement',
  medium: 'file',
  file: 'scs-kaas-junit.xml',
  report: junitXml,
};

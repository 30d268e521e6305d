import type { OfficialVerdict } from '../model/official.js';
import type { Outcome } from '../model/outcome.js';
import type { OfficialReport, Report, RequirementReport } from '../model/report.js';
import { officialOutcome } from '../model/statement.js';
import { publicLine } from './public-line.js';
import { pythonYaml, type Timestamp, type Yaml } from '../text/python-yaml.js';
import { invocationsReport } from '../model/scs-report-schema.js';
import type { ReporterOptions } from './reporter.js';

type HandIn = NonNullable<ReporterOptions['upload']>;
type Testcase = OfficialReport['testcases'][number];
type Result = -1 | 0 | 1;

/** Upstream's numbers; what is missing has none and is left out. */
const resultOf: Readonly<Record<OfficialVerdict, Result | undefined>> = { PASS: 1, FAIL: -1, ABORT: 0, MISSING: undefined };

/** Without a zone, in UTC: upstream's monitor drops a zone that is quoted, and reads none as UTC. */
const toTimestamp = (iso: string): Timestamp => {
  const [, date = '', time = '', ms = '0'] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{3}))?Z$/.exec(iso) ?? [];
  return { timestamp: `${date} ${time}${Number(ms) === 0 ? '' : `.${ms}000`}` };
};

/** Another id for each part of one run, always the same ones: its last two bytes are counted on. */
const idOf = (runId: string, n: number): string =>
  runId.slice(0, -4) + ((Number.parseInt(runId.slice(-4), 16) + n) % 0x10000).toString(16).padStart(4, '0');

const commandOf = (report: Report): readonly string[] => [report.tool.name, 'check', '--tier', report.tier];

/** By upstream's words at the beginning of a line it counts, and its monitor chooses what to show. */
const levelOf: Readonly<Record<Outcome, string>> = {
  fail: 'ERROR',
  abort: 'CRITICAL',
  missing: 'WARNING',
  declared: 'WARNING',
  waived: 'WARNING',
  pass: 'INFO',
  'not-applicable': 'INFO',
};

/** What is stated, and by whom, is between provider and reader of our own report; so is what settings other than upstream's make of it. */
const saidOf = ({ official, statement, outcome, message }: RequirementReport): string => {
  if (official !== undefined) return `${official.outcome}: ${official.message}`;
  return statement === undefined ? `${outcome}: ${message}` : statement.instead;
};

const requirementLine = (r: RequirementReport): string => publicLine(`${levelOf[officialOutcome(r)]}: ${r.id}: ${saidOf(r)}`);

const logLines = (report: Report, testcase: Testcase): readonly string[] => [
  publicLine(`INFO: ${report.tool.name} ${report.tool.version}, tier ${report.tier}, Kubernetes ${report.cluster.version || 'unknown'}`),
  ...testcase.requirements.flatMap((id) => report.requirements.filter((r) => r.id === id).map(requirementLine)),
];

/** How many lines begin with each of upstream's words. */
const countsOf = (lines: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    ['info', 'warning', 'error', 'critical'].map((level) => [level, lines.filter((line) => line.toLowerCase().startsWith(level)).length]),
  );

interface Part {
  readonly report: Report;
  readonly official: OfficialReport;
  readonly handIn: HandIn;
  readonly runId: string;
  readonly checkedAt: string;
  readonly testcases: readonly { readonly testcase: Testcase; readonly result: Result }[];
}

const invocationOf = ({ report, runId }: Part, { testcase, result }: Part['testcases'][number], n: number) => {
  const stderr = logLines(report, testcase);
  const stdout = [`${testcase.id}: ${testcase.verdict}`];
  return {
    id: idOf(runId, n + 1),
    cmd: commandOf(report).join(' '),
    results: { [testcase.id]: result },
    rc: result === 0 ? 1 : 0,
    stdout,
    stderr,
    ...countsOf([...stderr, ...stdout]),
  };
};

const toDocument = (part: Part): Yaml => {
  const { report, official, handIn, runId, checkedAt, testcases } = part;
  const invocations = testcases.map((one, n) => invocationOf(part, one, n));
  return invocationsReport.parse({
    spec: { uuid: official.scope.uuid, name: publicLine(official.scope.name), url: official.scope.url },
    checked_at: toTimestamp(checkedAt),
    reference_date: { timestamp: official.date },
    subject: handIn.subject,
    run: {
      uuid: runId,
      argv: commandOf(report),
      assignment: {},
      // Nothing was left out by section: what is missing here was not looked at.
      sections: null,
      forced_version: null,
      forced_tests: null,
      invocations: Object.fromEntries(invocations.map((one) => [one.id, one])),
    },
  });
};

/** Never later than this run: at upstream's monitor a result of tomorrow would hide all that follow until then. */
const momentLooked = ({ checkedAt }: Testcase, { checkedAt: now }: HandIn): string =>
  checkedAt !== undefined && checkedAt < now ? checkedAt : now;

/**
 * Upstream's report in the form that the monitor takes, with an invocation for each testcase. There is a document for each moment at which something was looked at: a result of
 * last month must not count as one of today.
 */
export const scsReportText = (report: Report, official: OfficialReport, handIn: HandIn): string => {
  const testcases = official.testcases.flatMap((testcase) => {
    const result = resultOf[testcase.verdict];
    return result === undefined ? [] : [{ testcase, result, checkedAt: momentLooked(testcase, handIn) }];
  });
  const moments = [...new Set([handIn.checkedAt, ...testcases.map((t) => t.checkedAt)])].filter(
    (moment, _, all) => all.length === 1 || testcases.some((t) => t.checkedAt === moment),
  );
  return moments
    .map((checkedAt, i) => {
      const own = testcases.filter((t) => t.checkedAt === checkedAt);
      // The ids of one document's invocations lie between its own and the next document's.
      const part: Part = { report, official, handIn, runId: idOf(handIn.runId, i * 256), checkedAt, testcases: own };
      return pythonYaml(toDocument(part));
    })
    .join('');
};

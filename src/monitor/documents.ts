import { isRealDay } from '../model/day.js';
import { pythonYaml } from '../model/python-yaml.js';
import { readYaml } from '../model/read-yaml.js';
import { creatorReport, invocationsReport } from '../model/scs-report-schema.js';
import { duplicatesOf, shapeProblems } from '../model/shape.js';
import type { OfficialVerdict } from '../model/official.js';

export type Handed = Exclude<OfficialVerdict, 'MISSING'>;

/** One document of upstream's report, ready to be signed. */
export interface ReportDocument {
  readonly form: 'invocations' | 'creator';
  readonly uuid: string;
  readonly scope: string;
  readonly subject: string;
  /** `YYYY-MM-DD HH:MM:SS`, perhaps with a fraction; UTC. */
  readonly checkedAt: string;
  readonly testcases: readonly { readonly id: string; readonly verdict: Handed }[];
  /** What is signed and sent: always written by this program, whatever the file looked like. */
  readonly text: string;
  /** The same as the monitor gives it back. */
  readonly plain: unknown;
  /** The same without some testcases; undefined where nothing is left. */
  readonly without: (ids: readonly string[]) => ReportDocument | undefined;
}

/** Documents, or everything that is wrong with any of them. */
export type ReadReport = { readonly documents: readonly ReportDocument[] } | { readonly problems: readonly string[] };

type Invocations = ReturnType<typeof invocationsReport.parse>;
type Creator = ReturnType<typeof creatorReport.parse>;

const mostCharacters = 2_000_000;
const mostDocuments = 50;
/** A clock may be a little ahead of another. */
const toleranceMs = 5 * 60_000;
const verdicts: Readonly<Record<string, Handed>> = { '-1': 'FAIL', '0': 'ABORT', '1': 'PASS' };

const handed = (results: readonly (readonly [string, number])[]): ReportDocument['testcases'] =>
  results.map(([id, result]) => ({ id, verdict: verdicts[String(result)] ?? 'ABORT' }));

/** As the monitor stores it: what was a point in time is text then. */
const asStored = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asStored);
  if (typeof value !== 'object' || value === null) return value;
  if ('timestamp' in value && Object.keys(value).length === 1) return value.timestamp;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asStored(inner)]));
};

const ofInvocations = (value: Invocations): ReportDocument => ({
  form: 'invocations',
  uuid: value.run.uuid,
  scope: value.spec.uuid,
  subject: value.subject,
  checkedAt: value.checked_at.timestamp,
  testcases: handed(Object.values(value.run.invocations).flatMap(({ results }) => Object.entries(results))),
  text: pythonYaml(value),
  plain: asStored(value),
  without: (ids) => {
    const invocations = Object.entries(value.run.invocations).flatMap(([id, invocation]) => {
      const results = Object.fromEntries(Object.entries(invocation.results).filter(([testcase]) => !ids.includes(testcase)));
      return Object.keys(results).length === 0 ? [] : [[id, { ...invocation, results }] as const];
    });
    return invocations.length === 0
      ? undefined
      : ofInvocations({ ...value, run: { ...value.run, invocations: Object.fromEntries(invocations) } });
  },
});

/** The lines of a testcase stand below its heading. */
const logWithout = (log: readonly string[], ids: readonly string[]): string[] => {
  let left = false;
  return log.filter((line) => {
    const [, id] = /^INFO: \*\*\* (\S+)$/.exec(line) ?? [];
    if (id !== undefined) left = ids.includes(id);
    return !left;
  });
};

const ofCreator = (value: Creator): ReportDocument => ({
  form: 'creator',
  uuid: value.uuid,
  scope: value.scope,
  subject: value.subject,
  checkedAt: value.checked_at.timestamp,
  testcases: handed(Object.entries(value.tests).map(([id, { result }]) => [id, result] as const)),
  text: pythonYaml(value),
  plain: asStored(value),
  without: (ids) => {
    const tests = Object.entries(value.tests).filter(([id]) => !ids.includes(id));
    return tests.length === 0 ? undefined : ofCreator({ ...value, tests: Object.fromEntries(tests), log: logWithout(value.log, ids) });
  },
});

/** Dates come as texts; the monitor is to read them as dates. */
const withTimestamps = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const dated = ['checked_at', 'reference_date'];
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, dated.includes(k) && typeof v === 'string' ? { timestamp: v } : v]));
};

const keys = [
  'spec',
  'checked_at',
  'reference_date',
  'subject',
  'run',
  'uuid',
  'creator',
  'scope',
  'tests',
  'log',
  'invocations',
  'results',
];

const toDocument = (raw: unknown): ReportDocument | readonly string[] => {
  const value = withTimestamps(raw);
  if (typeof value === 'object' && value !== null && 'creator' in value) {
    const parsed = creatorReport.safeParse(value, { reportInput: true });
    return parsed.success ? ofCreator(parsed.data) : shapeProblems(parsed.error, keys);
  }
  const parsed = invocationsReport.safeParse(value, { reportInput: true });
  return parsed.success ? ofInvocations(parsed.data) : shapeProblems(parsed.error, keys);
};

const isDocument = (read: ReportDocument | readonly string[]): read is ReportDocument => !Array.isArray(read);

/** What a schema does not tell, and the monitor would answer with a mere 500, or take without a word. */
const meaningProblems = ({ checkedAt, testcases }: ReportDocument, now: Date): readonly string[] => {
  const at = new Date(`${checkedAt.replace(' ', 'T').slice(0, 23)}Z`);
  const twice = duplicatesOf(testcases.map(({ id }) => id));
  const real = !Number.isNaN(at.getTime()) && isRealDay(checkedAt);
  return [
    ...(real ? [] : [`checked_at is ${checkedAt}, a moment that there is not`]),
    ...(real && at.getTime() > now.getTime() + toleranceMs
      ? [`checked_at is ${checkedAt}, which is to come: at the monitor it would hide every later result until then`]
      : []),
    ...(twice.length === 0 ? [] : [`it holds ${twice[0] ?? ''} twice, and the last one would hide the other`]),
    ...(testcases.length === 0 ? ['it holds no result, so that there is nothing to hand in'] : []),
  ];
};

const parsedOf = (text: string): readonly unknown[] | string => {
  if (text.length > mostCharacters) return `it is larger than ${mostCharacters} characters`;
  const read = readYaml(text, { aliases: 0, strict: true });
  if ('problems' in read) return read.problems[0] ?? '';
  const { length } = read.documents;
  if (length === 0) return 'it is empty';
  return length > mostDocuments ? `it holds ${length} documents; ${mostDocuments} at most are handed in` : read.documents;
};

/**
 * Reads upstream's report, in either of its forms, with one document or several.
 * @param now nothing may be later
 */
export const readReport = (text: string, now: Date): ReadReport => {
  const parsed = parsedOf(text);
  if (typeof parsed === 'string') return { problems: [parsed] };
  const read = parsed.map(toDocument);
  const documents = read.filter(isDocument);
  const all = read.map((one) => (isDocument(one) ? meaningProblems(one, now) : one));
  const uuids = documents.map(({ uuid }) => uuid);
  const problems = [
    ...all.flatMap((some, i) => some.map((problem) => (all.length === 1 ? problem : `document ${i + 1}: ${problem}`))),
    ...(new Set(uuids).size === uuids.length ? [] : ['two documents have the same id']),
  ];
  return problems.length > 0 ? { problems } : { documents };
};

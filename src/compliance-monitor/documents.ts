import { isRealDay } from '../text/day.js';
import { pythonYaml } from '../text/python-yaml.js';
import { readYaml } from '../text/read-yaml.js';
import { invocationsReport } from '../model/scs-report-schema.js';
import { duplicatesOf, shapeProblems } from '../text/shape.js';
import type { OfficialVerdict } from '../model/official.js';

type Handed = Exclude<OfficialVerdict, 'MISSING'>;

/** One document of upstream's report, ready to be signed. */
export interface ReportDocument {
  readonly uuid: string;
  readonly scope: string;
  readonly subject: string;
  /** `YYYY-MM-DD HH:MM:SS`, perhaps with a fraction; UTC. */
  readonly checkedAt: string;
  readonly testcases: readonly { readonly id: string; readonly verdict: Handed }[];
  /** What is signed and sent: always written by this program, whatever the file looked like. */
  readonly text: string;
  /** The same without some testcases; undefined where nothing is left. */
  readonly without: (ids: readonly string[]) => ReportDocument | undefined;
}

/** Documents, or everything that is wrong with any of them. */
export type ReadReport = { readonly documents: readonly ReportDocument[] } | { readonly problems: readonly string[] };

type Invocations = ReturnType<typeof invocationsReport.parse>;

const maxCharacters = 2_000_000;
const maxDocuments = 50;
/** A clock may be a little ahead of another. */
const toleranceMs = 5 * 60_000;
const verdicts: Readonly<Record<-1 | 0 | 1, Handed>> = { [-1]: 'FAIL', 0: 'ABORT', 1: 'PASS' };

const ofInvocations = (value: Invocations): ReportDocument => ({
  uuid: value.run.uuid,
  scope: value.spec.uuid,
  subject: value.subject,
  checkedAt: value.checked_at.timestamp,
  testcases: Object.values(value.run.invocations).flatMap(({ results }) =>
    Object.entries(results).map(([id, result]) => ({ id, verdict: verdicts[result] })),
  ),
  text: pythonYaml(value),
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

/** Dates come as texts; the monitor is to read them as dates. */
const withTimestamps = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const dated = ['checked_at', 'reference_date'];
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, dated.includes(k) && typeof v === 'string' ? { timestamp: v } : v]));
};

const keys = ['spec', 'checked_at', 'reference_date', 'subject', 'run', 'uuid', 'invocations', 'results'];

const toDocument = (raw: unknown): ReportDocument | readonly string[] => {
  const value = withTimestamps(raw);
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
    ...(testcases.length === 0 ? ['it holds no result, so that there is nothing to upload'] : []),
  ];
};

const parsedOf = (text: string): readonly unknown[] | string => {
  if (text.length > maxCharacters) return `it is larger than ${maxCharacters} characters`;
  const read = readYaml(text, { aliases: 0, strict: true });
  if ('problems' in read) return read.problems[0] ?? '';
  const { length } = read.documents;
  if (length === 0) return 'it is empty';
  return length > maxDocuments ? `it holds ${length} documents; ${maxDocuments} at most are uploaded` : read.documents;
};

/**
 * Reads upstream's report, with one document or several.
 * @param now nothing may be later
 */
export const parseScsReport = (text: string, now: Date): ReadReport => {
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

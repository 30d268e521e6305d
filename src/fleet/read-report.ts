import { isRealDay } from '../text/day.js';
import type { Verdict } from '../model/outcome.js';
import { readJson, TooMuchJson } from '../text/read-json.js';
import { reportSchema, reportSchemaId, reportSchemaVersion, type Report } from '../model/report.js';
import { duplicatesOf, shapeProblems } from '../text/shape.js';
import { verdictOutcome } from '../model/statement.js';
import { countsOf, mustsOf, verdictOf } from '../model/verdict.js';

/** A report, or everything that is wrong with the file. */
export type ReadReport = { readonly report: Report } | { readonly problems: readonly string[] };

const [ownMajor = 0, ownMinor = 0] = reportSchemaVersion.split('.').map(Number);
const maxProblems = 10;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How often keys stand in the text: of a key that is there twice JSON keeps the last one, and another reader the first. */
const keysOf = (value: unknown): number => {
  let keys = 0;
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (typeof next === 'object' && next !== null) {
      const inner = Object.values(next) as unknown[];
      if (!Array.isArray(next)) keys += inner.length;
      for (const one of inner) if (typeof one === 'object' && one !== null) open.push(one);
    }
  return keys;
};
/** By hand: a pattern would need as much of the stack as a text is long. */
const keysIn = (text: string): number => {
  const [quote, backslash] = [34, 92];
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    for (at++; at < text.length && text.charCodeAt(at) !== quote; at++) if (text.charCodeAt(at) === backslash) at++;
    let next = at + 1;
    while (next < text.length && ' \t\r\n'.includes(text.charAt(next))) next++;
    if (text.charAt(next) === ':') keys++;
  }
  return keys;
};

/** The path of something in the file that the schema does not hold; undefined where all is known. */
const strayIn = (raw: unknown, parsed: unknown, path = ''): string | undefined => {
  if (Array.isArray(raw) && Array.isArray(parsed))
    return raw.map((one, i) => strayIn(one, (parsed as unknown[])[i], `${path}[${i}]`)).find((found) => found !== undefined);
  if (!isRecord(raw) || !isRecord(parsed)) return undefined;
  for (const [key, value] of Object.entries(raw)) {
    const at = `${path}${path === '' ? '' : '.'}${key.slice(0, 80)}`;
    const found = Object.hasOwn(parsed, key) ? strayIn(value, parsed[key], at) : at;
    if (found !== undefined) return found;
  }
  return undefined;
};

const isMoment = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/.test(text) && isRealDay(text) && !Number.isNaN(Date.parse(text));

/** What people grep for, and nothing else. */
const isId = (id: string): boolean => /^[a-z0-9][a-z0-9.-]{0,99}\/[a-z0-9][a-z0-9.-]{0,99}$/.test(id);

/** Where the standards and the requirements of a report do not fit together. */
const misfits = ({ standards, requirements }: Report): readonly string[] => [
  ...requirements.filter(({ id }) => !isId(id)).map((_, i) => `holds a requirement (number ${i + 1} of such) whose id is none`),
  ...duplicatesOf(requirements.map(({ id }) => id)).map((id) => `holds the requirement ${id} twice`),
  ...duplicatesOf(standards.map(({ id }) => id)).map((id) => `holds the standard ${id} twice`),
  ...requirements
    .filter((r) => !standards.some((s) => s.id === r.standard && s.category === r.category && s.requirements.includes(r.id)))
    .map((r) => `holds the requirement ${r.id}, and no standard of its scope that lists it`),
  ...standards.flatMap((s) =>
    s.requirements
      .filter((id) => !requirements.some((r) => r.id === id && r.standard === s.id))
      .map((id) => `lists ${id} in ${s.id}, and does not hold it`),
  ),
];

/** Only what is open is settled by other clusters, and nothing by needing nothing. */
const fleetMisfit = ({ requirements }: Report): readonly string[] =>
  requirements
    .filter(({ fleet, outcome }) => fleet !== undefined && outcome === 'pass' && !fleet.needs.every((one) => fleet.shows.includes(one)))
    .map(({ id }) => `says that ${id} is met, and that other clusters have to show it`);

const momentMisfit = ({ now, checkedAt }: Report): readonly string[] =>
  [now, ...(checkedAt === undefined ? [] : [checkedAt])].filter((moment) => !isMoment(moment)).map(() => 'holds a moment that is none');

/** What no report of ours holds, whatever its rows say. */
const contradictions = (report: Report): readonly string[] =>
  [...misfits(report), ...fleetMisfit(report), ...momentMisfit(report)].map((what) => `it contradicts itself: it ${what}`);

const versionProblem = (version: unknown): string | undefined => {
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})$/.exec(typeof version === 'string' ? version : '') ?? [];
  if (major === undefined || minor === undefined) return 'it is no report of scs-kaas: it does not say which version of the schema it has';
  return Number(major) === ownMajor && Number(minor) <= ownMinor
    ? undefined
    : `it has version ${major}.${minor} of the report's schema, and this program reads ${ownMajor}.0 to ${reportSchemaVersion}; merge it with the version of scs-kaas that wrote it`;
};

/** What the schema says of a text. A minor only adds fields: an older report is one of today without them. */
const parseShape = (text: string): ReadReport => {
  let raw: unknown;
  try {
    raw = readJson(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    if (error instanceof TooMuchJson) return { problems: [error.message] };
    return { problems: [text.trim() === '' ? 'it is empty' : 'it is no JSON, or cut'] };
  }
  if (!isRecord(raw)) return { problems: ['it is no report of scs-kaas'] };
  const version = versionProblem(raw['schemaVersion']);
  if (version !== undefined) return { problems: [version] };
  if (keysIn(text) !== keysOf(raw)) return { problems: ['a key stands in it twice: which of the two counts nobody can tell'] };
  const parsed = reportSchema.safeParse({ ...raw, $schema: reportSchemaId, schemaVersion: reportSchemaVersion });
  if (!parsed.success) return { problems: shapeProblems(parsed.error, []) };
  const stray = strayIn(raw, parsed.data);
  return stray === undefined ? { report: parsed.data } : { problems: [`it holds "${stray}", which no report has`] };
};

/** What was left out of a run makes it incomplete, and never hides a failure. */
const recomputedVerdict = ({ verdict, requirements }: Report): Verdict => {
  const whole = verdictOf(mustsOf(requirements), []);
  return verdict === 'incomplete' && whole === 'compliant' ? verdict : whole;
};

/** The official verdict as far as the rows prove it: what they do not say has passed is MISSING. */
const recomputedOfficial = ({ official, requirements }: Report): Report['official'] => {
  if (official === undefined) return undefined;
  const outcomeOf = (id: string): string | undefined => {
    const row = requirements.find((r) => r.id === id);
    return row === undefined ? 'missing' : (row.official?.outcome ?? verdictOutcome(row));
  };
  const testcases = official.testcases.map((testcase) => {
    const found = testcase.requirements.map(outcomeOf);
    const proved = found.includes('pass') && found.every((outcome) => outcome === 'pass' || outcome === 'not-applicable');
    return testcase.verdict === 'PASS' && !proved ? { ...testcase, verdict: 'MISSING' as const } : testcase;
  });
  const counting = testcases.filter(({ counts }) => counts);
  const passed = counting.length > 0 && counting.every(({ verdict }) => verdict === 'PASS');
  return { ...official, testcases, verdict: official.verdict === 'PASS' && !passed ? 'MISSING' : official.verdict };
};

/** Verdicts and counts follow from the rows: what the file says of them is not believed. */
const recomputed = (report: Report): Report => ({
  ...report,
  verdict: recomputedVerdict(report),
  official: recomputedOfficial(report),
  counts: countsOf(report.requirements),
});

/**
 * Reads one of our own JSON reports, strictly: whoever wrote the file may mean harm.
 * @param text of a size that was bounded before
 * @returns the report with verdicts and counts as its rows say, or at most ten sentences that go on after the name of the file
 */
export const parseReport = (text: string): ReadReport => {
  const read = parseShape(text);
  const problems = 'report' in read ? contradictions(read.report) : read.problems;
  if ('report' in read && problems.length === 0) return { report: recomputed(read.report) };
  const more = problems.length - maxProblems;
  return { problems: [...problems.slice(0, maxProblems), ...(more > 0 ? [`and ${more} more problems`] : [])] };
};

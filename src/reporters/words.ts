import type { OfficialVerdict } from '../model/official.js';
import type { Outcome, Scope, Verdict } from '../model/outcome.js';
import { requirementOf, type Report, type RequirementReport, type StandardReport } from '../model/report.js';

/** A mark beside the word: never the only carrier of a meaning. */
const outcomeMarks: Readonly<Record<Outcome, string>> = {
  pass: '✅',
  fail: '❌',
  abort: '⚠️',
  missing: '⬜',
  declared: '📄',
  waived: '🟦',
  'not-applicable': '➖',
};

/** The same for a terminal, one column wide. */
export const terminalMarks: Readonly<Record<Outcome, string>> = {
  pass: '✓',
  fail: '✗',
  abort: '!',
  missing: '·',
  declared: 'd',
  waived: 'w',
  'not-applicable': '-',
};

/** Outcomes as a reader says them, after a number: `3 failed`. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  pass: 'passed',
  fail: 'failed',
  abort: 'not determined',
  missing: 'not looked at',
  declared: 'declared',
  waived: 'waived',
  'not-applicable': 'not applicable',
};

export const officialMarks: Readonly<Record<OfficialVerdict, string>> = { PASS: '✅', FAIL: '❌', ABORT: '⚠️', MISSING: '⬜' };
export const verdictMarks: Readonly<Record<Verdict, string>> = { compliant: '✅', 'non-compliant': '❌', incomplete: '⚠️' };
export const verdictWords: Readonly<Record<Verdict, string>> = {
  compliant: 'Compliant',
  'non-compliant': 'Not compliant',
  incomplete: 'Incomplete',
};
export const scopeWords: Readonly<Record<Scope, string>> = { main: 'main scope', info: 'for information' };

/** Outcomes in the order of urgency for a reader. */
const urgency = ['fail', 'abort', 'pass', 'declared', 'waived', 'not-applicable', 'missing'] as const satisfies readonly Outcome[];

/** Numbers per outcome in words, without the zeros: `2 failed`, `3 passed`. */
export const countParts = (counts: Report['counts'], some: readonly Outcome[] = urgency): readonly string[] =>
  urgency.flatMap((o) => (counts[o] > 0 && some.includes(o) ? [`${counts[o]} ${outcomeWords[o]}`] : []));

/** What is recommended or optional and not met costs no certificate, and must not look as if it did. */
export const markOf = (r: Pick<RequirementReport, 'outcome' | 'level'>): string =>
  r.outcome === 'fail' && r.level !== 'MUST' ? '🔶' : outcomeMarks[r.outcome];

/** The mark of a whole standard: that of its worst requirement, and passed only where nothing in it is open. */
export const standardMark = (report: Report, standard: StandardReport): string => {
  const own = standard.requirements.map((id) => requirementOf(report, id));
  const failed = own.filter((r) => r.outcome === 'fail');
  const worst = failed.find((r) => r.level === 'MUST') ?? failed[0];
  const next = (['abort', 'missing', 'waived', 'declared', 'pass'] as const).find((o) => standard.counts[o] > 0);
  return worst === undefined ? outcomeMarks[next ?? 'not-applicable'] : markOf(worst);
};

/** A requirement's id within its standard. */
export const shortId = (r: RequirementReport): string => (r.id.startsWith(`${r.standard}/`) ? r.id.slice(r.standard.length + 1) : r.id);

/** What is announced with one of these outcomes, most severe first. */
export const announcedAs = (report: Report, ...some: readonly Outcome[]): readonly RequirementReport[] =>
  report.announced.map((id) => requirementOf(report, id)).filter((r) => some.includes(r.outcome));

/** A standard's requirements with one of these outcomes, in the catalogue's order. */
export const requirementsAs = (report: Report, ids: readonly string[], ...some: readonly Outcome[]): readonly RequirementReport[] =>
  ids.map((id) => requirementOf(report, id)).filter((r) => some.includes(r.outcome));

import type { OfficialVerdict } from '../model/official.js';
import type { Category, Counts, Level, Outcome, Verdict } from '../model/outcome.js';
import { requirementOf, type Report, type RequirementReport, type StandardReport } from '../model/report.js';

/**
 * A mark for a page, one for a terminal, one column wide, and the words of a reader after a number: `3 failed`. A mark is never the only carrier of a
 * meaning. `absent`: the report of a cluster does not hold the requirement.
 */
export const signs: Readonly<Record<Outcome | 'absent', Readonly<Record<'mark' | 'terminal' | 'words', string>>>> = {
  pass: { mark: '✅', terminal: '✓', words: 'passed' },
  fail: { mark: '❌', terminal: '✗', words: 'failed' },
  abort: { mark: '⚠️', terminal: '!', words: 'not determined' },
  missing: { mark: '⬜', terminal: '·', words: 'not looked at' },
  declared: { mark: '📄', terminal: 'd', words: 'declared' },
  waived: { mark: '🟦', terminal: 'w', words: 'waived' },
  'not-applicable': { mark: '➖', terminal: '-', words: 'not applicable' },
  absent: { mark: '·', terminal: ' ', words: 'not in its report' },
};

export const officialMarks: Readonly<Record<OfficialVerdict, string>> = { PASS: '✅', FAIL: '❌', ABORT: '⚠️', MISSING: '⬜' };
export const verdictMarks: Readonly<Record<Verdict, string>> = { compliant: '✅', 'non-compliant': '❌', incomplete: '⚠️' };
export const verdictWords: Readonly<Record<Verdict, string>> = {
  compliant: 'Compliant',
  'non-compliant': 'Not compliant',
  incomplete: 'Incomplete',
};
export const categoryWords: Readonly<Record<Category, string>> = { certificate: 'certificate scope', informative: 'informative' };

/** Outcomes in the order of urgency for a reader. */
const urgency = ['fail', 'abort', 'pass', 'declared', 'waived', 'not-applicable', 'missing'] as const satisfies readonly Outcome[];

/** Numbers per outcome in words, without the zeros: `2 failed`, `3 passed`. */
export const countParts = (counts: Counts, some: readonly Outcome[] = urgency): readonly string[] =>
  urgency.flatMap((o) => (counts[o] > 0 && some.includes(o) ? [`${counts[o]} ${signs[o].words}`] : []));

/** What is recommended or optional and not met costs no certificate, and must not look as if it did. */
export const markOf = ({ outcome, level }: { readonly outcome: Outcome | 'absent'; readonly level: Level }): string =>
  outcome === 'fail' && level !== 'MUST' ? '🔶' : signs[outcome].mark;

/** The mark of a whole standard: that of its worst requirement, and passed only where nothing in it is open. */
export const standardMark = (report: Report, standard: StandardReport): string => {
  const own = standard.requirements.map((id) => requirementOf(report, id));
  const failed = own.filter((r) => r.outcome === 'fail');
  const worst = failed.find((r) => r.level === 'MUST') ?? failed[0];
  const next = (['abort', 'missing', 'waived', 'declared', 'pass'] as const).find((o) => standard.counts[o] > 0);
  return worst === undefined ? signs[next ?? 'not-applicable'].mark : markOf(worst);
};

/** A requirement's id within its standard. */
export const shortId = (r: RequirementReport): string => (r.id.startsWith(`${r.standard}/`) ? r.id.slice(r.standard.length + 1) : r.id);

/** What is announced with one of these outcomes, most severe first. */
export const announcedAs = (report: Report, ...some: readonly Outcome[]): readonly RequirementReport[] =>
  report.announced.map((id) => requirementOf(report, id)).filter((r) => some.includes(r.outcome));

/** A standard's requirements with one of these outcomes, in the catalogue's order. */
export const requirementsAs = (report: Report, ids: readonly string[], ...some: readonly Outcome[]): readonly RequirementReport[] =>
  ids.map((id) => requirementOf(report, id)).filter((r) => some.includes(r.outcome));

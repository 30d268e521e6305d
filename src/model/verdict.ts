import { countOutcomes, type Counts, type Verdict } from './outcome.js';
import type { Report, RequirementReport } from './report.js';
import { verdictOutcome } from './statement.js';

/** The MUSTs of the certificate scope: what a verdict is over. */
export const mustsOf = (requirements: readonly RequirementReport[]): readonly RequirementReport[] =>
  requirements.filter(({ category, level }) => category === 'certificate' && level === 'MUST');

/** Whether a valid statement of the provider settles it; `withStatement` applies one only to rows that allow it. */
const isDeclared = (r: RequirementReport): boolean => r.outcome === 'declared' && r.statement?.kind === 'declared';

const isSettled = (r: RequirementReport): boolean => r.outcome === 'pass' || r.outcome === 'not-applicable' || isDeclared(r);

/**
 * `non-compliant`: one failed, waived or not. `compliant`: each passed, or was declared where the row allows a statement (scs-0004-w1: what cannot
 * be tested is declared by the provider). Else `incomplete`. An empty list proves nothing, nor does a part of the scope, nor statements only.
 * @param musts of the certificate scope
 * @param deselected ids of standards of the certificate scope that were not judged
 */
export const verdictOf = (musts: readonly RequirementReport[], deselected: readonly string[]): Verdict => {
  if (musts.some((r) => verdictOutcome(r) === 'fail')) return 'non-compliant';
  if (deselected.length > 0) return 'incomplete';
  return musts.every(isSettled) && musts.some((r) => r.outcome === 'pass') ? 'compliant' : 'incomplete';
};

/** The MUSTs that neither evidence nor a statement has settled: what keeps the verdict from `compliant`. */
export const lackingOf = (musts: readonly RequirementReport[]): readonly RequirementReport[] =>
  musts.filter((r) => !isSettled(r) && verdictOutcome(r) !== 'fail');

/** The first line of every report. */
export const headlineOf = (
  verdict: Verdict,
  musts: readonly RequirementReport[],
  all: readonly RequirementReport[],
  { note = '', deselected }: { readonly note?: string | undefined; readonly deselected: readonly string[] },
): string => {
  const failed = musts.filter((r) => verdictOutcome(r) === 'fail').length;
  const waived = musts.filter((r) => r.outcome === 'waived' && verdictOutcome(r) === 'fail').length;
  const declared = musts.filter(isDeclared).length;
  const looked = all.filter((r) => r.outcome !== 'missing').length;
  const byStatement = declared === 0 ? '' : `, ${declared} of ${musts.length} by the provider's own statement`;
  const what: Readonly<Record<Verdict, string>> = {
    'non-compliant': `: ${failed} of ${musts.length} MUSTs of the certificate scope failed${waived === 0 ? '' : `, ${waived} of them waived`}`,
    compliant: `${byStatement}: all ${musts.length} MUSTs of the certificate scope are met`,
    incomplete: `: no MUST of the certificate scope failed, ${lackingOf(musts).length} of ${musts.length} are not settled${byStatement}`,
  };
  const without = deselected.length === 0 ? '' : `, without ${deselected.join(', ')} of the certificate scope`;
  return `${verdict}${what[verdict]}; looked at ${looked} of ${all.length} requirements${without}${note === '' ? '' : ` (${note})`}`;
};

const outcomesOf = (some: readonly RequirementReport[]): Counts => countOutcomes(some.map(({ outcome }) => outcome));

/** How many requirements have each outcome: of the certificate scope, of all others, and of both. */
export const countsOf = (requirements: readonly RequirementReport[]): Report['counts'] => ({
  certificate: outcomesOf(requirements.filter(({ category }) => category === 'certificate')),
  informative: outcomesOf(requirements.filter(({ category }) => category === 'informative')),
  all: outcomesOf(requirements),
});

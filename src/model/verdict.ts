import type { Outcome, Verdict } from './outcome.js';
import type { RequirementReport } from './report.js';
import { verdictOutcome } from './statement.js';

/**
 * `non-compliant`: one failed, waived or not. `compliant`: all passed. Else `incomplete`. An empty list proves nothing, nor does a part of
 * the scope.
 * @param musts of the main scope
 * @param deselected ids of standards of the main scope that were not judged
 */
export const verdictOf = (musts: readonly RequirementReport[], deselected: readonly string[]): Verdict => {
  if (musts.some((r) => verdictOutcome(r) === 'fail')) return 'non-compliant';
  if (deselected.length > 0) return 'incomplete';
  const settled = musts.every((r) => r.outcome === 'pass' || r.outcome === 'not-applicable');
  return settled && musts.some((r) => r.outcome === 'pass') ? 'compliant' : 'incomplete';
};

/** The first line of every report. */
export const headlineOf = (
  verdict: Verdict,
  musts: readonly RequirementReport[],
  all: readonly RequirementReport[],
  { note = '', deselected }: { readonly note?: string; readonly deselected: readonly string[] },
): string => {
  const n = (outcome: Outcome): number => musts.filter((r) => verdictOutcome(r) === outcome).length;
  const waived = musts.filter((r) => r.outcome === 'waived' && verdictOutcome(r) === 'fail').length;
  const looked = all.filter((r) => r.outcome !== 'missing').length;
  const what =
    verdict === 'non-compliant'
      ? `${n('fail')} of ${musts.length} MUSTs of the main scope failed${waived === 0 ? '' : `, ${waived} of them waived`}`
      : verdict === 'compliant'
        ? `all ${musts.length} MUSTs of the main scope are met`
        : `no MUST of the main scope failed, ${musts.length - n('pass')} of ${musts.length} are not settled`;
  const without = deselected.length === 0 ? '' : `, without ${deselected.join(', ')} of the main scope`;
  return `${verdict}: ${what}; looked at ${looked} of ${all.length} requirements${without}${note === '' ? '' : ` (${note})`}`;
};

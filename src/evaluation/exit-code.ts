import { ClusterError, UserError } from '../model/errors.js';
import type { Rule } from '../model/fail-on.js';
import type { Report, RequirementReport } from '../model/report.js';

/** How the process ends. Documented in the README; a changed meaning is a breaking change. */
export const exitCodes = {
  /** Nothing that `fail-on` names was found. */
  fine: 0,
  /** A requirement failed that `fail-on` names. */
  failed: 1,
  /** An input is invalid, or a file that it names. */
  badInput: 2,
  /** The cluster could not be judged: it could not be had, nothing could be judged, or an abort or missing outcome that `fail-on` names. */
  notJudged: 3,
  /** The program itself failed. */
  internal: 70,
  /** Interrupted; what was there by then is reported. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** How the process ends where an error ends it. */
export const exitOfError = (error: unknown): ExitCode => {
  if (!(error instanceof UserError)) return exitCodes.internal;
  return error instanceof ClusterError ? exitCodes.notJudged : exitCodes.badInput;
};

/** Whether something was really looked at and told. */
const judged = (r: RequirementReport): boolean => r.outcome === 'pass' || r.outcome === 'fail' || r.outcome === 'not-applicable';

const matches = (rule: Rule, r: RequirementReport): boolean =>
  r.outcome === rule.outcome && rule.levels.includes(r.level) && rule.categories.includes(r.category);

/**
 * Whether a run fails its step.
 * @param report the run's
 * @param rules of the input `fail-on`; none for `never`
 * @returns the exit code, and a sentence for people where it is not 0
 */
export const exitOf = (report: Report, rules: readonly Rule[]): { readonly code: ExitCode; readonly message: string } => {
  if (rules.length === 0) return { code: exitCodes.fine, message: '' };
  const hit = report.requirements.filter((r) => rules.some((rule) => matches(rule, r)));
  const failed = hit.filter((r) => r.outcome === 'fail');
  const names = (some: readonly RequirementReport[]): string => some.map((r) => r.id).join(', ');
  if (failed.length > 0) return { code: exitCodes.failed, message: `${failed.length} failed: ${names(failed)}` };
  // That the endpoint speaks TLS tells of no cluster: a run that was refused everything else has judged nothing of what counts.
  const main = report.requirements.filter((r) => r.category === 'certificate');
  if (!(main.length > 0 ? main : report.requirements).some(judged))
    return { code: exitCodes.notJudged, message: `nothing ${main.length > 0 ? 'of the certificate scope ' : ''}could be judged` };
  if (hit.length > 0) return { code: exitCodes.notJudged, message: `${hit.length} could not be judged: ${names(hit)}` };
  return { code: exitCodes.fine, message: '' };
};

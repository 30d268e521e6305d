import * as z from 'zod/mini';
import { outcomes, type Outcome } from './outcome.js';

/**
 * What people can say of a requirement. `declared`: the provider says that it is met, where no test can know. `waived`: somebody answers for
 * its not being met, or not being known. Neither is ever a pass.
 */
export const statementKinds = ['declared', 'waived'] as const;
type StatementKind = (typeof statementKinds)[number];

/** A statement as the report shows it: with what the evidence alone says. */
export const appliedSchema = z.object({
  kind: z.enum(statementKinds),
  author: z.string(),
  /** `YYYY-MM-DD` */
  date: z.string(),
  reason: z.string(),
  /** `YYYY-MM-DD`: the day from which on it does not hold any more. */
  expires: z.string(),
  /** The outcome that the evidence alone gives. */
  instead: z.enum(outcomes),
});
export type Applied = Readonly<z.infer<typeof appliedSchema>>;

/** One entry of a statements file, valid as a whole. */
export interface Statement extends Omit<Applied, 'instead'> {
  /** e.g. `scs-0214-v2/control-plane-hosts` */
  readonly requirement: string;
}

interface Outcomes {
  readonly outcome: Outcome;
  readonly message: string;
  readonly statement?: Applied | undefined;
}

const changes: Readonly<Record<StatementKind, readonly Outcome[]>> = {
  declared: ['abort', 'missing'],
  waived: ['fail', 'abort', 'missing'],
};

/**
 * What a statement makes of an outcome: a declaration only of what is open, a waiver of what is open or failed; of a pass nothing.
 * @param declarable whether a statement of the provider is evidence for this requirement
 */
export const withStatement = <T extends Outcomes>(alone: T, statement: Statement | undefined, declarable: boolean): T => {
  if (statement === undefined || !changes[statement.kind].includes(alone.outcome)) return alone;
  if (statement.kind === 'declared' && !declarable) return alone;
  const { kind, author, date, reason, expires } = statement;
  return {
    ...alone,
    outcome: kind,
    message: `${kind} by ${author} on ${date}, until ${expires}: ${reason}; without it: ${alone.outcome}: ${alone.message}`,
    statement: { kind, author, date, reason, expires, instead: alone.outcome },
  };
};

/** The outcome as far as upstream goes: it knows neither statements nor any settings but its own. */
export const officialOutcome = (r: {
  readonly outcome: Outcome;
  readonly official?: { readonly outcome: Outcome } | undefined;
  readonly statement?: { readonly instead: Outcome } | undefined;
}): Outcome => r.official?.outcome ?? r.statement?.instead ?? r.outcome;

/** The outcome as far as verdicts go: who waives a failure answers for it, and does not mend it. */
export const verdictOutcome = (r: {
  readonly outcome: Outcome;
  readonly statement?: { readonly instead: Outcome } | undefined;
}): Outcome => (r.statement?.instead === 'fail' ? 'fail' : r.outcome);

import type { Unavailable, UnavailableReason } from './fact.js';

/** Thrown by a fact's `collect` where it cannot be had; collecting turns it into an `Unavailable`. */
export class NotAvailable extends Error {
  override readonly name = 'NotAvailable';
  readonly reason: UnavailableReason;
  constructor(reason: UnavailableReason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.reason = reason;
  }
  toUnavailable(): Unavailable {
    return { unavailable: this.reason, detail: this.message };
  }
}

/**
 * Something the user can mend: a wrong input, a missing file, a cluster that does not answer.
 * The message says what happened and what to do; entries show it without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly problems: readonly string[];
  /** @param problems one sentence each; all problems of one input are reported together */
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(
      problems.length === 1 ? (problems[0] ?? '') : `${problems.length} problems:\n${problems.map((p) => `- ${p}`).join('\n')}`,
      options,
    );
    this.problems = problems;
  }
}

/** The inputs are fine, and the cluster they name cannot be had. */
export class ClusterError extends UserError {}

/** By shape and not by class: errors of other realms are errors too. */
const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null && name in error ? (error as Readonly<Record<string, unknown>>)[name] : undefined;

/** The innermost useful text of an error and its causes, in one line. */
export const reasonOf = (error: unknown): string => {
  const seen: string[] = [];
  for (let e = error, depth = 0; e !== undefined && e !== null && depth < 5; e = fieldOf(e, 'cause'), depth++) {
    const [code, message] = [fieldOf(e, 'code'), fieldOf(e, 'message')];
    const before = typeof code === 'string' ? `${code}: ` : '';
    const text = typeof message === 'string' ? message : typeof e === 'string' ? e : 'unknown error';
    const line = (text.startsWith(before) ? text : before + text).replace(/\s+/g, ' ').trim();
    if (line && !seen.includes(line)) seen.push(line);
  }
  return seen.join(': ').slice(0, 500);
};

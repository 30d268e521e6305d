/**
 * What people can say of a requirement. `declared`: the provider says that it is met, where no test can know. `waived`: somebody answers for
 * its not being met, or not being known. Neither is ever a pass.
 */
export const statementKinds = ['declared', 'waived'] as const;
export type StatementKind = (typeof statementKinds)[number];

/** One entry of a statements file, valid as a whole. */
export interface Statement {
  /** e.g. `scs-0214-v2/control-plane-hosts` */
  readonly requirement: string;
  readonly kind: StatementKind;
  readonly author: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly reason: string;
  /** `YYYY-MM-DD`: the day from which on it does not hold any more. */
  readonly expires: string;
}

import type { DryRunAnswer } from '../../kubernetes/dry-run.js';
import { refuserOf } from '../../kubernetes/refusers.js';
import type { Evidence } from '../../model/outcome.js';

/** A level that pod security admission holds against a pod. */
type ViolatedLevel = 'baseline' | 'restricted';

const toLevel = (word: string | undefined): ViolatedLevel | undefined => (word === 'baseline' || word === 'restricted' ? word : undefined);

/** The plugin's own sentence from its beginning: policy engines use the same words within theirs. */
const violation = /^pods "[^"]*" is forbidden: violates PodSecurity "(baseline|restricted):[^"]*"/;

/** The level for which pod security admission itself refused a pod; undefined where it did not. */
export const violatedLevel = ({ status, message }: DryRunAnswer): ViolatedLevel | undefined =>
  status === 403 ? toLevel(violation.exec(message)?.[1]) : undefined;

/** The plugin's own warning from its beginning. */
const warning = /^would violate PodSecurity "(baseline|restricted):[^"]*"/;

/** The level for which pod security admission warned of a pod; undefined where it did not. */
export const warnedLevel = ({ warnings }: DryRunAnswer): ViolatedLevel | undefined =>
  toLevel(warnings.map((text) => warning.exec(text)?.[1]).find((level) => level !== undefined));

/** Status and message of an answer, for evidence. */
export const answerText = ({ status, message }: Pick<DryRunAnswer, 'status' | 'message'>): string =>
  `${status}${message ? ` ${message}` : ''}`;

/** An answer as evidence. @param sent what was sent, in words */
export const answerEvidence = (seen: DryRunAnswer, sent: string): readonly Evidence[] => [
  { source: `${seen.request}: ${sent}`, observed: answerText(seen) },
  ...seen.warnings.filter((text) => warning.test(text)).map((text) => ({ source: 'Warning header', observed: text })),
];

const capital = (text: string): string => `${(text[0] ?? '').toUpperCase()}${text.slice(1)}`;

/** Who refused, where it was not what was asked. @param what in words, e.g. `a privileged pod` */
export const otherRefusal = ({ status, message }: Pick<DryRunAnswer, 'status' | 'message'>, what: string): string => {
  const refuser = refuserOf(status, message);
  if (refuser?.noDryRun === true) return `${capital(refuser.who)} takes no dry run, so ${what} cannot be tried`;
  return `${capital(refuser?.who ?? 'something unknown')} refused ${what}, so the admission plugin did not answer: ${status} ${message}`;
};

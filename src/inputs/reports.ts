import type { Rule } from '../model/fail-on.js';
import type { ClusterInputs } from './cluster.js';
import { readFailOn } from './fail-on.js';
import type { Reader } from './reader.js';

/** Where results are brought to, and what they mean for the step. */
export interface ReportInputs {
  /** Empty where nothing fails the step. */
  readonly failOn: readonly Rule[];
  /** The name of the test subject, for upstream's report. */
  readonly subject?: string | undefined;
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly comment: boolean;
  readonly commentKey?: string | undefined;
  readonly outputDirectory?: string | undefined;
}

/** What upstream's monitor takes for a name of an account: it stands in a path of its pages. */
const readSubject = (reader: Reader, from: ClusterInputs['from']): string | undefined => {
  const subject = reader.optional('subject');
  if (subject === undefined) return undefined;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(subject))
    reader.problems.push(
      `Input "subject" is "${subject}"; it takes the name of an account at the monitor: letters, digits, ".", "_" and "-".`,
    );
  if (from === 'embedded')
    reader.problems.push('Input "subject" is given, but the recorded example is no cluster of yours; leave one of the two out.');
  return subject;
};

/** Reads where results are brought to. @param from where the cluster comes from */
export const readReportInputs = (reader: Reader, from: ClusterInputs['from']): ReportInputs => ({
  failOn: readFailOn(reader),
  subject: readSubject(reader, from),
  annotations: reader.flag('annotations'),
  summary: reader.flag('summary'),
  comment: reader.flag('comment'),
  commentKey: reader.optional('comment-key'),
  outputDirectory: reader.optional('output-directory'),
});

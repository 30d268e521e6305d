import type { Rule } from '../model/fail-on.js';
import type { ClusterInputs } from './cluster.js';
import { readFailOn } from './fail-on.js';
import { splitWords, type Named, type Reader } from './reader.js';

/** Which reports are written, and what they mean for the step. */
export interface ReportInputs {
  /** Empty if nothing fails the step. */
  readonly failOn: readonly Rule[];
  /** The name of the test subject, for the report of SCS. */
  readonly subject?: Named | undefined;
  /** `FORMAT` or `FORMAT=FILE`, each valid. */
  readonly reports: readonly string[];
  /** Names the section in the comment. */
  readonly key?: string | undefined;
  readonly outputDirectory?: string | undefined;
}

/**
 * What is wrong with words of the setting `reports`: the list of formats is that of the reporters.
 * @param name of the setting, at the beginning of a sentence
 * @param known whether there is a subject
 */
export type CheckReports = (words: readonly string[], name: string, known: { readonly subject: boolean }) => readonly string[];

/** What the compliance monitor takes for a name of an account: it stands in a path of its pages. */
export const readSubject = (reader: Reader<'subject'>): Named | undefined => {
  const subject = reader.named('subject');
  if (subject !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(subject.value))
    reader.problems.push(
      `${subject.name} is "${subject.value}"; it takes the name of an account at the compliance monitor: letters, digits, ".", "_" and "-".`,
    );
  return subject;
};

/** Reads the words of `reports`. */
export const readReports = (reader: Reader<'reports' | 'subject'>, problemsOf: CheckReports): readonly string[] => {
  const words = splitWords(reader.text('reports'));
  reader.problems.push(...problemsOf(words, reader.nameOf('reports'), { subject: reader.text('subject') !== '' }));
  return words;
};

/** Reads which reports are written. @param from where the cluster comes from */
export const readReportInputs = (reader: Reader, from: ClusterInputs['from'], problemsOf: CheckReports): ReportInputs => {
  const subject = readSubject(reader);
  const foreign = { kind: 'a kind cluster says nothing about a provider', embedded: 'the recorded example is no cluster of yours' };
  if (subject !== undefined && (from === 'kind' || from === 'embedded') && reader.isExplicit('subject'))
    reader.problems.push(
      `${subject.name} is given, but ${foreign[from]}; omit it, or check a cluster of the offer through its kubeconfig.`,
    );
  return {
    failOn: readFailOn(reader),
    subject,
    reports: readReports(reader, problemsOf),
    key: reader.optional('report-key'),
    outputDirectory: reader.optional('output-directory'),
  };
};

import type { Rule } from '../model/fail-on.js';
import { readEffectiveTime } from './checks.js';
import { readFailOn } from './fail-on.js';
import { layersOf, type RawInputs } from './layers.js';
import { mergeSpecs } from './list-actions.js';
import { unknownInputs, valuesOf } from './parse.js';
import { assertNone } from './problems.js';
import { Reader, splitWords } from './reader.js';
import { readReports, readSubject, type CheckReports } from './reports.js';

type MergeName = (typeof mergeSpecs)[number]['name'];

/** What `merge` is asked for. */
export interface MergeInputs {
  /** Paths, folders or globs. */
  readonly reportsFrom: readonly string[];
  /** How many clusters have to report. */
  readonly expected?: number | undefined;
  readonly failOn: readonly Rule[];
  /** The time of the run without. */
  readonly now?: Date | undefined;
  /** `FORMAT` or `FORMAT=FILE`, each valid. */
  readonly reports: readonly string[];
  readonly key?: string | undefined;
  readonly outputDirectory?: string | undefined;
  readonly subject?: string | undefined;
  readonly token?: string | undefined;
}

/**
 * Reads what is asked of `merge`.
 * @param problemsOf what is wrong with the words of `reports`
 * @throws {UserError} with every problem at once
 */
export const parseMergeInputs = (raw: RawInputs, problemsOf: CheckReports, surface: 'action' | 'terminal'): MergeInputs => {
  const reader = new Reader<MergeName>(mergeSpecs, layersOf(raw, surface, {}), surface);
  reader.problems.push(...unknownInputs(raw, mergeSpecs, surface));
  const reportsFrom = splitWords(reader.text('reports-from'));
  if (surface === 'action' && reportsFrom.length === 0)
    reader.problems.push('Input "reports-from" is missing: set it to the paths, folders or globs of the JSON reports.');
  const inputs: MergeInputs = {
    reportsFrom,
    expected: reader.text('expect') === '' ? undefined : reader.number('expect', 1, 999),
    failOn: readFailOn(reader),
    now: readEffectiveTime(reader),
    reports: readReports(reader, problemsOf),
    key: reader.optional('report-key'),
    outputDirectory: reader.optional('output-directory'),
    subject: readSubject(reader)?.value,
    token: reader.optional('github-token'),
  };
  assertNone(reader.problems, valuesOf([raw]));
  return inputs;
};

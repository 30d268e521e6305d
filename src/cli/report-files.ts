import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { deliver, type Sinks } from '../github/deliver.js';
import { assertAll } from '../inputs/files.js';
import type { Delivery } from '../model/delivery.js';
import { UserError } from '../model/errors.js';
import {
  missingFor,
  noReports,
  outputReporters,
  parseReports,
  type FileReporter,
  type Reporter,
  type Selected,
} from '../reporters/index.js';
import { clipWord, type Arguments } from './arguments.js';
import { redactor, writeError } from './screen.js';

/** A word for messages: what is no format may be a secret. */
const repeatable = (word: string, offered: readonly Reporter[]): string => {
  const format = word.split('=')[0] ?? '';
  if (offered.some(({ name }) => name === format) || format === noReports) return word;
  return clipWord(format) === `"${format}"` ? format : '(not repeated: it may be a secret)';
};

/** The reports that a command line asks for. */
interface Reports {
  /** Of `--report`. */
  readonly selected: readonly Selected[];
  /** On standard output; absent if there is no such format, which is among the problems of the words. */
  readonly output: FileReporter | undefined;
  readonly problems: readonly string[];
}

/**
 * Reads `--report` and `--format`.
 * @param offered reporters of the command
 */
export const reportsOf = ({ options, repeated }: Arguments, offered: readonly Reporter[]): Reports => {
  const { selected, problems } = parseReports(
    (repeated['report'] ?? []).map((word) => repeatable(word, offered)),
    offered.filter(({ medium }) => medium === 'file'),
    'Option "--report"',
  );
  return { selected, output: outputReporters.find(({ name }) => name === (options['format'] ?? 'table')), problems };
};

/** Everything that is to be written: standard output first. */
const allOf = ({ output, selected }: Reports): readonly Selected[] => [
  ...(output === undefined ? [] : [{ reporter: output }]),
  ...selected,
];

/** What is missing for reports that need a subject. @param subject as an option or a config file gives it */
export const subjectProblems = (reports: Reports, subject: string | undefined): readonly string[] =>
  missingFor(allOf(reports), { subject: subject !== undefined }).map((what) => `The report is ${what}.`);

/** Whether one of the reports is for the compliance monitor. */
export const isForMonitor = (reports: Reports): boolean => missingFor(allOf(reports), { subject: false }).length > 0;

const isFolder = async (path: string): Promise<boolean | undefined> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => undefined,
  );

/** Why a file cannot be written; undefined if it can. */
const obstacle = async (file: string): Promise<string | undefined> => {
  const folder = dirname(file);
  const found = await isFolder(file);
  if (found === true) return 'it is a folder';
  if (found === undefined && (await isFolder(folder)) !== true) return `there is no folder "${folder}"`;
  return access(found === undefined ? folder : file, constants.W_OK).then(
    () => undefined,
    () => 'permission denied',
  );
};

/**
 * Makes sure that a file can be written, before a cluster is created or acted in, which may take hours.
 * @param what e.g. `the snapshot`
 * @throws {UserError} if it cannot
 */
export const assertWritable = async (file: string, what: string): Promise<void> => {
  const reason = await obstacle(file);
  if (reason !== undefined) throw new UserError([`Cannot write ${what} to "${file}": ${reason}. Choose another file.`]);
};

/** Makes sure that the files of reports can be written. @throws {UserError} with all that cannot */
export const assertFiles = async (selected: readonly Selected[]): Promise<void> => {
  const checks = selected.flatMap(({ reporter, file }) =>
    file === undefined ? [] : [assertWritable(file, `the report "${reporter.name}"`)],
  );
  assertAll(await Promise.allSettled(checks));
};

const nothing = (): void => undefined;

/**
 * Writes the files of reports.
 * @param code the exit code of the run
 * @returns the exit code: that of the run, or of an invalid input if a file could not be written
 */
export const writeFiles = async (deliveries: readonly Delivery[], directory: string, code: ExitCode): Promise<ExitCode> => {
  const core = { error: nothing, warning: nothing, notice: nothing, info: nothing, startGroup: nothing, endGroup: nothing };
  const sinks: Sinks = { core, env: process.env, directory, redactor, print: nothing };
  const { failures, files } = await deliver(deliveries, sinks);
  for (const [format, path] of Object.entries(files)) writeError(`${format}: ${path}\n`);
  for (const failure of failures) writeError(`error: ${failure}\n`);
  return failures.length > 0 && code === exitCodes.fine ? exitCodes.badInput : code;
};

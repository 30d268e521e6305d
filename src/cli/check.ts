import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { exitOf, exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import type { Inputs } from '../inputs/parse.js';
import { check, type Checked } from '../run/check.js';
import { reasonOf, UserError } from '../model/errors.js';
import { clusterReporters, missingFor, outputReporters, toDeliveries, type ReporterOptions, type Selected } from '../reporters/index.js';
import { isOn, type Arguments } from './arguments.js';
import { assertFiles, assertWritable, fileReports, writeFiles } from './report-files.js';
import { withRuntime } from './with-runtime.js';
import { inputsOf } from './inputs.js';
import { coloured, redactor, writeError, width, write } from './screen.js';

/** Everything that is to be written: standard output first. */
const wantedBy = ({ options, repeated }: Arguments): { readonly output: Selected | undefined; readonly files: readonly Selected[] } => {
  const reporter = outputReporters.find(({ name }) => name === (options['format'] ?? 'table'));
  const { selected } = fileReports(repeated['report'] ?? [], clusterReporters);
  return { output: reporter === undefined ? undefined : { reporter }, files: selected };
};

const allOf = ({ output, files }: ReturnType<typeof wantedBy>): readonly Selected[] => [
  ...(output === undefined ? [] : [output]),
  ...files,
];

/** What is wrong with the reports that are asked for. */
const problemsOf = (args: Arguments): readonly string[] => [
  ...args.problems,
  ...fileReports(args.repeated['report'] ?? [], clusterReporters).problems,
];

/** @throws {UserError} if a report needs what is not set, by an option or in the config file */
const assertNeeds = (selected: readonly Selected[], { reports: { subject } }: Inputs): void => {
  const missing = missingFor(selected, { subject: subject !== undefined });
  if (missing.length > 0) throw new UserError(missing.map((what) => `The report is ${what}.`));
};

/** A report for the compliance monitor is about a cluster of the offer. @throws {UserError} if this one is not */
const assertForMonitor = (selected: readonly Selected[], { report }: Checked): void => {
  if (report.notForMonitor !== undefined && missingFor(selected, { subject: false }).length > 0)
    throw new UserError([
      `Cannot write the report for the compliance monitor: this run is about ${report.notForMonitor}. Check a cluster of the offer, as of today, or choose another format.`,
    ]);
};

/** Checks a cluster and gives everything back, also if it is interrupted. */
const onCluster = (inputs: Inputs, use: (checked: Checked) => Promise<ExitCode>): Promise<ExitCode> =>
  withRuntime(async ({ runtime, say, settle }) => {
    const checked = await check(inputs, runtime);
    settle();
    try {
      return await use(checked);
    } finally {
      for (const warning of await checked.close()) say(`warning: ${warning}`);
    }
  });

/** The command `check`: only the report in the chosen format goes to standard output. */
export const runCheck = async (args: Arguments): Promise<ExitCode> => {
  const inputs = await inputsOf({ ...args, problems: problemsOf(args) });
  const wanted = wantedBy(args);
  assertNeeds(allOf(wanted), inputs);
  await assertFiles(wanted.files);
  return onCluster(inputs, (checked) => {
    const { report, checkedAt, snapshot } = checked;
    assertForMonitor(allOf(wanted), checked);
    const { subject, failOn, outputDirectory } = inputs.reports;
    const upload = subject === undefined ? undefined : { subject: subject.value, runId: randomUUID(), checkedAt };
    const options: ReporterOptions = { commentKey: '', colour: coloured(args), width, verbose: isOn(args, 'verbose'), upload, snapshot };
    const { output } = wanted;
    if (output?.reporter.medium === 'file') write(output.reporter.report?.(report, options) ?? '');
    const { code, message } = exitOf(report, failOn);
    if (message !== '') writeError(`exit code ${code}: ${message}\n`);
    return writeFiles(toDeliveries(wanted.files, report, options), outputDirectory ?? process.cwd(), code);
  });
};

/** The command `record`. */
export const runRecord = async (args: Arguments): Promise<ExitCode> => {
  const inputs = await inputsOf(args);
  const file = args.positionals[0] ?? '';
  await assertWritable(file, 'the snapshot');
  return onCluster(inputs, async (checked) => {
    await writeFile(file, redactor.redact(checked.snapshot), { mode: 0o644 }).catch((cause: unknown) => {
      throw new UserError([`Cannot write the snapshot to "${file}": ${reasonOf(cause)}.`], { cause });
    });
    writeError(`recorded to ${file}; replay it with --cluster snapshot:${file}\n`);
    return exitCodes.fine;
  });
};

import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { exitOf, exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import type { Inputs } from '../inputs/parse.js';
import { check, type Checked } from '../run/check.js';
import { reasonOf, UserError } from '../model/errors.js';
import { clusterReporters, toDeliveries, type ReporterOptions } from '../reporters/index.js';
import { assertNoProblem, isOn, type Arguments } from './arguments.js';
import { assertFiles, assertWritable, isForMonitor, reportsOf, subjectProblems, writeFiles } from './report-files.js';
import { withRuntime } from './with-runtime.js';
import { inputsOf } from './inputs.js';
import { coloured, redactor, writeError, width, write } from './screen.js';

/** A report for the compliance monitor is about a cluster of the offer. @throws {UserError} if this one is not */
const assertForMonitor = (reports: ReturnType<typeof reportsOf>, { report }: Checked): void => {
  if (report.notForMonitor !== undefined && isForMonitor(reports))
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
  const reports = reportsOf(args, clusterReporters);
  const { selected, output } = reports;
  const inputs = await inputsOf({ ...args, problems: [...args.problems, ...reports.problems] });
  assertNoProblem(subjectProblems(reports, inputs.reports.subject?.value), args);
  await assertFiles(selected);
  return onCluster(inputs, (checked) => {
    const { report, checkedAt, snapshot } = checked;
    assertForMonitor(reports, checked);
    const { subject, failOn, outputDirectory } = inputs.reports;
    const upload = subject === undefined ? undefined : { subject: subject.value, runId: randomUUID(), checkedAt };
    const options: ReporterOptions = { commentKey: '', colour: coloured(args), width, verbose: isOn(args, 'verbose'), upload, snapshot };
    write(output?.report?.(report, options) ?? '');
    const { code, message } = exitOf(report, failOn);
    if (message !== '') writeError(`exit code ${code}: ${message}\n`);
    return writeFiles(toDeliveries(selected, report, options), outputDirectory ?? process.cwd(), code);
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

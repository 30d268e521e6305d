import { randomUUID } from 'node:crypto';
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exitCodes, exitOf, type ExitCode } from '../evaluation/exit-code.js';
import type { Inputs } from '../inputs/parse.js';
import { check, type Checked } from '../run/check.js';
import { reasonOf, UserError } from '../model/errors.js';
import { outputReporters } from '../reporters/index.js';
import type { Arguments } from './arguments.js';
import { withRuntime } from './with-runtime.js';
import { inputsOf } from './inputs.js';
import { coloured, redactor, writeError, width, write } from './screen.js';

/** The report in the form that was asked for: nothing else goes to standard output. */
const reportText = (args: Arguments, { report, checkedAt, snapshot }: Checked, subject: string | undefined): string => {
  if (args.format === 'scs-report' && report.notForMonitor !== undefined)
    throw new UserError([
      `Cannot write the report for the compliance monitor: this run is about ${report.notForMonitor}. Check a cluster of the offer, as of today, or choose another format.`,
    ]);
  const reporter = outputReporters.find(({ name }) => name === args.format);
  const options = {
    commentKey: '',
    colour: coloured(args),
    width,
    verbose: args.verbose,
    upload: subject === undefined ? undefined : { subject, runId: randomUUID(), checkedAt },
    snapshot,
  };
  return reporter?.report?.(report, options) ?? '';
};

/** Judges a cluster and gives everything back, also where it is interrupted. */
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

/** The command `check`. */
export const runCheck = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args);
  return onCluster(inputs, (checked) => {
    write(reportText(args, checked, inputs.reports.subject));
    const { code, message } = exitOf(checked.report, inputs.reports.failOn);
    if (message !== '') writeError(`exit code ${code}: ${message}\n`);
    return Promise.resolve(code);
  });
};

const unwritable =
  (file: string) =>
  (cause: unknown): never => {
    throw new UserError([`Cannot write the snapshot to "${file}": ${reasonOf(cause)}.`], { cause });
  };

/** Before a cluster is made or acted in, which may take hours. */
const assertWritable = async (file: string): Promise<void> => {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) unwritable(file)(new Error('it is a folder'));
  await access(found === undefined ? dirname(file) : file, constants.W_OK).catch(unwritable(file));
};

/** The command `record`. */
export const runRecord = async (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args);
  const file = args.positionals[0] ?? '';
  await assertWritable(file);
  return onCluster(inputs, async (checked) => {
    await writeFile(file, redactor.redact(checked.snapshot), { mode: 0o644 }).catch(unwritable(file));
    writeError(`recorded to ${file}; replay it with --cluster snapshot:${file}\n`);
    return exitCodes.fine;
  });
};

import type { ExitCode } from '../evaluation/exit-code.js';
import { fleetReporters, toFleetDeliveries } from '../reporters/index.js';
import { mergeReports } from '../run/merge.js';
import type { Arguments } from './arguments.js';
import { assertFiles, reportsOf, subjectProblems, writeFiles } from './report-files.js';
import { mergeInputsOf } from './inputs.js';
import { coloured, writeError, width, write } from './screen.js';

/** The command `merge`: several clusters, each of which was checked. Only their reports are read. */
export const runMerge = async (args: Arguments): Promise<ExitCode> => {
  const reports = reportsOf(args, fleetReporters);
  const { selected, output } = reports;
  const problems = [...reports.problems, ...subjectProblems(reports, args.options['subject'])];
  const inputs = mergeInputsOf({ ...args, problems: [...args.problems, ...problems] });
  await assertFiles(selected);
  const { failOn, expected, subject, now = new Date() } = inputs;
  const merged = await mergeReports({ paths: args.positionals, now, failOn, expected, subject });
  const options = { commentKey: '', colour: coloured(args), width, verbose: false };
  write(output?.fleet?.(merged, options) ?? '');
  if (merged.message !== '') writeError(`exit code ${merged.code}: ${merged.message}\n`);
  return writeFiles(toFleetDeliveries(selected, merged, options), process.cwd(), merged.code);
};

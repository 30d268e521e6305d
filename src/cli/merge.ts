import type { ExitCode } from '../evaluation/exit-code.js';
import { UserError } from '../model/errors.js';
import { fleetReporters, outputReporters } from '../reporters/index.js';
import { mergeReports } from '../run/merge.js';
import type { Arguments } from './arguments.js';
import { inputsOf } from './inputs.js';
import { coloured, writeError, width, write } from './screen.js';

/** Several clusters, each of which has been judged: nothing but their reports is looked at. */
export const runMerge = async (args: Arguments): Promise<ExitCode> => {
  const {
    checks: { now = new Date() },
    reports: { failOn, subject },
  } = inputsOf(args);
  const { positionals: paths, format, expected } = args;
  const offered = outputReporters.filter((reporter) => fleetReporters.includes(reporter));
  const reporter = offered.find(({ name }) => name === format);
  if (reporter === undefined)
    throw new UserError([`Option "--format" is "${format}"; the command "merge" takes ${offered.map(({ name }) => name).join(', ')}.`]);
  const { code, message, ...merged } = await mergeReports({ paths, now, failOn, expected, subject });
  write(reporter.fleet?.(merged, { commentKey: '', colour: coloured(args), width, verbose: args.verbose }) ?? '');
  if (message !== '') writeError(`exit code ${code}: ${message}\n`);
  return code;
};

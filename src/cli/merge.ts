import type { ExitCode } from '../evaluation/exit-code.js';
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
  const { text, code, message } = await mergeReports({ paths, format, now, failOn, colour: coloured(args), width, expected, subject });
  write(text);
  if (message !== '') writeError(`exit code ${code}: ${message}\n`);
  return code;
};

import type { ExitCode } from '../evaluation/exit-code.js';
import { mergeReports } from '../run/merge.js';
import type { Arguments } from './arguments.js';
import { inputsOf } from './inputs.js';
import { coloured, writeError, width, write } from './screen.js';

/** Several clusters, each of which has been judged: nothing but their reports is looked at. */
export const runMerge = async (args: Arguments): Promise<ExitCode> => {
  const { checks, reports } = inputsOf(args);
  const { failOn, subject } = reports;
  const { now = new Date() } = checks;
  const { positionals: paths, format, expected } = args;
  const more = { expected, subject };
  const { text, code, because } = await mergeReports({ paths, format, now, failOn, colour: coloured(args), width, ...more });
  write(text);
  if (because !== '') writeError(`exit code ${code}: ${because}\n`);
  return code;
};

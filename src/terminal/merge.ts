import type { ExitCode } from '../exit.js';
import { merge } from '../merge.js';
import type { Arguments } from './arguments.js';
import { inputsOf } from './inputs.js';
import { coloured, tell, width, write } from './screen.js';

/** Several clusters, each of which has been judged: nothing but their reports is looked at. */
export const runMerge = async (args: Arguments): Promise<ExitCode> => {
  const { failOn, subject, now = new Date() } = inputsOf(args);
  const { positionals: paths, format, expected } = args;
  const more = { ...(expected === undefined ? {} : { expected }), ...(subject === undefined ? {} : { subject }) };
  const { text, code, because } = await merge({ paths, format, now, failOn, colour: coloured(args), width, ...more });
  write(text);
  if (because !== '') tell(`exit code ${code}: ${because}\n`);
  return code;
};

import { cleanUpCluster } from '../run/clean-up.js';
import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import type { Arguments } from './arguments.js';
import { withRuntime } from './with-runtime.js';
import { inputsOf } from './inputs.js';
import { printable, write } from './screen.js';

/** The command `cleanup`: nothing goes to standard output but what was found and what became of it. */
export const runCleanUp = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args);
  const line = (text: string): void => write(`${printable(text)}\n`);
  return withRuntime(async ({ runtime, settle }) => {
    const { lines, left } = await cleanUpCluster(inputs, runtime, { all: args.all, say: line });
    settle();
    lines.forEach(line);
    return left ? exitCodes.notJudged : exitCodes.fine;
  });
};

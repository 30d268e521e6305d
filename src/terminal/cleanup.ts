import { cleanUpCluster } from '../clean-up-runs.js';
import { exitCodes, type ExitCode } from '../exit.js';
import type { Arguments } from './arguments.js';
import { inWorld } from './in-world.js';
import { inputsOf } from './inputs.js';
import { printable, write } from './screen.js';

/** The command `cleanup`: nothing goes to standard output but what was found and what became of it. */
export const runCleanUp = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args);
  const line = (text: string): void => write(`${printable(text)}\n`);
  return inWorld(async ({ world, settle }) => {
    const { lines, left } = await cleanUpCluster(inputs, world, { all: args.all, say: line });
    settle();
    lines.forEach(line);
    return left ? exitCodes.notJudged : exitCodes.fine;
  });
};

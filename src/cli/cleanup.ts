import { cleanUpCluster } from '../run/clean-up.js';
import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { isOn, type Arguments } from './arguments.js';
import { withRuntime } from './with-runtime.js';
import { inputsOf } from './inputs.js';
import { printable, write } from './screen.js';

/** The command `cleanup`: only what was found and removed goes to standard output. */
export const runCleanUp = async (args: Arguments): Promise<ExitCode> => {
  // The config file of a repository may name a kind cluster, or a recording, for its checks.
  const inputs = await inputsOf({ ...args, options: { ...args.options, cluster: 'kubeconfig' } });
  const line = (text: string): void => write(`${printable(text)}\n`);
  return withRuntime(async ({ runtime, settle }) => {
    const { lines, left } = await cleanUpCluster(inputs, runtime, { all: isOn(args, 'all'), say: line });
    settle();
    lines.forEach(line);
    return left ? exitCodes.notJudged : exitCodes.fine;
  });
};

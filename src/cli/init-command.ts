import type { ExitCode } from '../evaluation/exit-code.js';
import { assertWords, isOn, type Arguments } from './arguments.js';
import { runInit } from './init.js';

/** The command `init`. @throws {UserError} if a file exists, or cannot be written */
export const runInitCommand = (args: Arguments): Promise<ExitCode> => {
  assertWords(args);
  const { cluster } = args.options;
  return runInit({
    cluster: cluster === 'kind' || cluster === 'kubeconfig' ? cluster : undefined,
    force: isOn(args, 'force'),
    print: isOn(args, 'print'),
  });
};

import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { UserError } from '../model/errors.js';
import { tool } from '../model/tool.js';
import { didYouMean } from '../text/did-you-mean.js';
import { assertWords, clipWord, type Arguments } from './arguments.js';
import type { CommandSpec } from './command-spec.js';
import { completionScript, completionShells } from './completion.js';
import { write } from './screen.js';

/** The command `completion`, of all commands. @throws {UserError} if the shell is unknown */
export const runCompletion = (args: Arguments, commands: readonly CommandSpec[]): ExitCode => {
  assertWords(args);
  const [word = ''] = args.positionals;
  const shell = completionShells.find((one) => one === word);
  if (shell === undefined)
    throw new UserError([
      `There is no completion for ${clipWord(word)}; there is ${completionShells.join(', ')}.${didYouMean(word, completionShells)}`,
    ]);
  write(completionScript(shell, tool.name, commands));
  return exitCodes.fine;
};

import type { ExitCode } from '../evaluation/exit-code.js';
import { UserError } from '../model/errors.js';
import { tool } from '../model/tool.js';
import { didYouMean } from '../text/did-you-mean.js';
import { clipWord, parseWords } from './arguments.js';
import { commands, type CliCommand } from './commands.js';
import { commandHelp, programHelp } from './help.js';
import { variableOf } from './secrets.js';

const names = [...commands.map(({ name }) => name), 'help', 'version'];

const commandOf = (name: string): CliCommand => {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  if (name.startsWith('-'))
    throw new UserError([`The command is missing; write it first, e.g. "${tool.name} check". There are ${names.join(', ')}.`]);
  throw new UserError([`There is no command ${clipWord(name)}; there are ${names.join(', ')}.${didYouMean(name, names)}`]);
};

/**
 * The help of a command, or of the program.
 * @param width of the terminal, in columns
 * @throws {UserError} if there is no such command
 */
export const helpOf = (name: string | undefined, width: number): string =>
  name === undefined || name === 'help' || name === 'version'
    ? programHelp(tool.name, commands, width)
    : commandHelp(tool.name, commandOf(name), width, variableOf);

/**
 * Runs a command.
 * @param words after its name
 * @throws {UserError} with everything that is wrong with them
 */
export const runCommand = async (name: string, words: readonly string[]): Promise<ExitCode> => {
  const command = commandOf(name);
  const args = parseWords(command, words, commands);
  return (await command.load())(args, commands);
};

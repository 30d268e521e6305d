import { parseWords, type Arguments } from '../../src/cli/arguments.js';
import { commands, type CliCommand } from '../../src/cli/commands.js';
import { UserError } from '../../src/model/errors.js';

/** A command of the table. */
export const commandNamed = (name: string): CliCommand => {
  const found = commands.find((command) => command.name === name);
  if (found === undefined) throw new Error(`there is no command ${name}`);
  return found;
};

/** A command line without the name of the program, taken apart. */
export const parsed = ([name = '', ...words]: readonly string[]): Arguments => parseWords(commandNamed(name), words, commands);

/** What is wrong with a command line, or with what it names. */
export const problemsOf = async (run: () => unknown): Promise<readonly string[]> => {
  try {
    await run();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
};

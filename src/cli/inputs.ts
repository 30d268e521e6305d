import { parseInputs, type Inputs, type RawInputs } from '../inputs/parse.js';
import { UserError } from '../model/errors.js';
import { standards } from '../standards/index.js';
import type { Arguments, Command } from './arguments.js';
import { redactor, writeError } from './screen.js';
import { readSecretTexts, warningsOf, withSecrets, type SecretTexts } from './secrets.js';

/** What was read before the command line was understood. */
let texts: SecretTexts = new Map();

/** Reads the secrets that stand in standard input and in files, once. @param given the options of the command line */
export const prepareSecrets = async (given: ReadonlyMap<string, string>): Promise<void> => {
  for (const warning of warningsOf(given)) writeError(`${warning}\n`);
  texts = await readSecretTexts(given);
};

const read = (given: RawInputs, command: Command | undefined): Inputs => {
  const { raw, problems } = withSecrets(given, command, { env: process.env, texts, secret: redactor.add });
  const known = standards.map((s) => s.id);
  try {
    const inputs = parseInputs(raw, known, 'terminal');
    if (problems.length === 0) return inputs;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError([...problems, ...error.problems]);
  }
  throw new UserError(problems);
};

/** The inputs of a command line. @throws {UserError} with every problem */
export const inputsOf = ({ raw, command }: Pick<Arguments, 'raw' | 'command'>): Inputs => read(raw, command);

/** What is wrong with the inputs of a command line. */
export const inputProblems = (raw: RawInputs, command: Command | undefined): readonly string[] => {
  try {
    read(raw, command);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};

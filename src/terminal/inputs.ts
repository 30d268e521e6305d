import { parseInputs, type Inputs, type RawInputs } from '../inputs.js';
import { UserError } from '../model/errors.js';
import { standards } from '../standards/index.js';

/** The inputs of a command line. @throws {UserError} with every problem */
export const inputsOf = (raw: RawInputs): Inputs =>
  parseInputs(
    raw,
    standards.map((s) => s.id),
    'terminal',
  );

/** What is wrong with the inputs of a command line. */
export const problemsOf = (raw: RawInputs): readonly string[] => {
  try {
    inputsOf(raw);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};

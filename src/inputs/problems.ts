import { UserError } from '../model/errors.js';
import { withoutSecretValues } from '../text/path-or-text.js';

/**
 * @param values what was given, and may be a secret in the wrong place
 * @throws {UserError} with every problem once, without values that may be secrets
 */
export const assertNone = (problems: readonly string[], values: readonly string[]): void => {
  if (problems.length > 0) throw new UserError([...new Set(problems)].map((problem) => withoutSecretValues(problem, values)));
};

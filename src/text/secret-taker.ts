import { secretParts } from './likely-secrets.js';

/**
 * What takes the secrets of a run: each is handed on line by line. The runner masks every line of what it is told in the whole rest of the job: a
 * frame of PEM or a common word would blank what others print.
 * @param hide is told of every line that is secret
 */
export const secretTaker =
  (...hide: readonly ((line: string) => void)[]) =>
  (value: string): void => {
    for (const part of secretParts(value)) for (const take of hide) take(part);
  };

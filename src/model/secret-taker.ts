import { isOrdinary, pemLines } from './likely-secrets.js';

/**
 * What takes the secrets of a run: each is handed on line by line. The runner masks every line of what it is told in the whole rest of the job: a
 * frame of PEM or a common word would blank what others print.
 * @param hide is told of every line that is secret
 */
export const secretTaker =
  (...hide: readonly ((line: string) => void)[]) =>
  (value: string): void => {
    const lines = value.includes('-----BEGIN ') ? pemLines(value) : value.split(/\r\n|\n|\r/).map((line) => line.trim());
    for (const line of lines) if (!isOrdinary(line)) for (const take of hide) take(line);
  };

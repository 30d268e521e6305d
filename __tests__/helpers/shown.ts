import { inspect } from 'node:util';

/** Everything that anyone could print of a value: its fields to any depth, messages, stacks and causes. */
export const shown = (value: unknown): string =>
  inspect(value, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null });

/** What a promise is rejected with; fails the test where it is not. */
export const rejection = async (promise: Promise<unknown>): Promise<Error> => {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (typeof outcome !== 'object' || outcome === null || !('message' in outcome)) throw new Error('expected an error, and there was none');
  return outcome as Error;
};

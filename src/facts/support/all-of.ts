/**
 * Waits for several requests at once. Of several failures the first in the order of the list is thrown, not the first in time:
 * the same refusals give the same report.
 */
export const allOf = async <T>(running: readonly Promise<T>[]): Promise<T[]> => {
  const settled = await Promise.allSettled(running);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
};

/** Runs work when its turn comes. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Lets through at most so many at once, in the order in which they came.
 * An agent's own limit is no help: Node 24 does not hold it for tunnels through a proxy, and time in its queue would count as the server's.
 */
export const createLimiter = (most: number): Limiter => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The turn goes to the next one; only without one it is given back.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
};

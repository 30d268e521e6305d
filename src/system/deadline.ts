/** A signal that aborts with another, or after a time, whichever comes first; `clear` when it is not needed any more. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly clear: () => void;
}

/** The longest that a timer of the platform takes (about 25 days): one that is longer ends at once. */
export const longestMs = 2 ** 31 - 1;

/**
 * Starts a deadline. With a timer of its own: the signals of the platform that do this are let go by the garbage collector while someone still waits.
 * @param ms from now
 * @param outer nothing else ends it without
 */
export const deadlineAfter = (ms: number, outer = new AbortController().signal): Deadline => {
  const controller = new AbortController();
  const stop = (): void => controller.abort(outer.reason);
  const timer = setTimeout(() => controller.abort(new Error(`it took longer than ${Math.round(ms / 1000)} s`)), Math.min(ms, longestMs));
  if (outer.aborted) stop();
  else outer.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
    },
  };
};

/** Rejects with the reason of the signal when that aborts before the work is done; what becomes of the work then is ignored. */
export const orAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  work.catch(() => undefined);
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
};

/** Whatever is closed by then was closed in time; what a run still has to give back, it has given back before its work is done. */
const graceMs = 2_000;

/**
 * Ends the process a while after its work is done, although something holds it open: a connection that nobody closes, a pipe that a program
 * has handed on to a daemon. A process that nothing holds ends by itself before.
 */
export const endSoon = (): void => void setTimeout(() => process.exit(), graceMs).unref();

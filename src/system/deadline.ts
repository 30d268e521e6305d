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
 */
export const deadlineAfter = (ms: number, outer: AbortSignal): Deadline => {
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

import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for so long, or until the signal aborts. Never rejects. */
export const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
};

/** The clock of a wait, but for tests. */
export interface Clock {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}
const ownClock: Clock = { now: () => performance.now(), pause };

/** Where a wait stands after a look, in milliseconds. */
interface Waited {
  /** Since it began. */
  readonly totalMs: number;
  /** Of these, all that ended with an answer: time in which nothing can be seen is no time of watching. */
  readonly seenMs: number;
  /** Since the last answer; 0 where the look had one. */
  readonly awayMs: number;
}

/** Look again. */
export const again: unique symbol = Symbol('again');
type Answer<T> = T | typeof again;

export interface Polling<L, T> {
  readonly look: () => Promise<L>;
  /** From one look to the next. */
  readonly everyMs: number | ((waited: Waited) => number);
  /** What a look tells. */
  readonly until: (seen: L, waited: Waited) => Answer<T> | Promise<Answer<T>>;
  /** What a look tells that threw; throws what is not borne. Nothing is borne without. */
  readonly outage?: ((error: unknown, waited: Waited) => Answer<T>) | undefined;
  /** Ends the pause, so that one more look is the last. */
  readonly signal: AbortSignal;
  readonly clock?: Clock | undefined;
}

const rethrow = (error: unknown): never => {
  throw error;
};

/**
 * Looks again and again until a look tells.
 * @throws the reason of the signal, where it has aborted and `until` and `outage` would look again all the same
 */
export const poll = async <L, T>({ look, everyMs, until, outage = rethrow, signal, clock = ownClock }: Polling<L, T>): Promise<T> => {
  const begin = clock.now();
  let [last, seenMs, awayMs] = [begin, 0, 0];
  for (;;) {
    const seen = await look().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const now = clock.now();
    if ('value' in seen) [seenMs, awayMs] = [seenMs + now - last, 0];
    else awayMs += now - last;
    last = now;
    const waited = { totalMs: now - begin, seenMs, awayMs };
    const answer = 'value' in seen ? await until(seen.value, waited) : outage(seen.error, waited);
    if (answer !== again) return answer;
    signal.throwIfAborted();
    await clock.pause(typeof everyMs === 'number' ? everyMs : everyMs(waited), signal);
  }
};

/** The next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((done) => void setImmediate(done));

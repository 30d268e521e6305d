import * as z from 'zod/mini';
import { NotAvailable, reasonOf } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
import { readIfThere } from '../../kubernetes/objects.js';
import { podStates } from '../../probes/sandbox/pods.js';
import { again, poll } from '../../system/poll.js';
import { findOwn, readTestLog, type OwnRun } from './find.js';
import { aggregator, runNamespace, statusAnnotation } from './identity.js';
import { countEnds, parseRunStatus, progressInWords, type LogCount, type RunStatus } from './status.js';

const usualTimes = {
  pollMs: 5_000,
  tellMs: 60_000,
  /** Refusals in a row are borne so long: an API server that has just started refuses what it allows a moment later. */
  refusedMs: 120_000,
  /** An aggregator that has not begun after so long is in trouble that it does not tell. */
  startMs: 15 * 60_000,
};
/** So many looks in a row have to miss a run before it counts as removed: what was not seen once may be there all the same. */
const maxMissed = 3;

/** How following a run came to its end. */
export type Followed =
  /** With how long the API server had been away at a stretch, in milliseconds. */
  | { readonly end: 'complete'; readonly status: RunStatus; readonly awayMs: number }
  /** It goes on. */
  | { readonly end: 'time' | 'stopped'; readonly progress: string }
  /** We may not look at it any more, which says nothing about the run. */
  | { readonly end: 'refused'; readonly why: string }
  /** It will not come to its end. */
  | { readonly end: 'broken'; readonly why: string };

export interface Following {
  /** Ends the run of ours, with the process. */
  readonly signal: AbortSignal;
  /** How long this process may wait, in milliseconds. */
  readonly waitMs: number;
  /** A line that stays, every minute. */
  readonly log: (line: string) => void;
  /** How far it is, for people who wait. */
  readonly step: (text: string) => void;
  /** Shorter times, for tests. */
  readonly times?: Partial<typeof usualTimes> | undefined;
}

const rawPod = z.object({
  metadata: z.object({ annotations: z.optional(z.nullable(z.record(z.string(), z.string()))) }),
  status: z.optional(z.object({ phase: z.optional(z.string()), reason: z.optional(z.string()), message: z.optional(z.string()) })),
});

/** One look at a run. */
interface Look {
  readonly status: RunStatus | undefined;
  /** What keeps one of its pods from running; it may pass. */
  readonly trouble: string | undefined;
  readonly broken: string | undefined;
  /** What of it was not there. */
  readonly missing: string | undefined;
  /** The pod of the tests, once it is there. */
  readonly tests: string | undefined;
}

/** @throws {NotAvailable} where the API server gives no answer */
const readProgress = async (api: Api, run: OwnRun, signal: AbortSignal): Promise<Look> => {
  const patience = { signal, outageMs: 0 };
  const none: Look = { status: undefined, trouble: undefined, broken: undefined, missing: undefined, tests: undefined };
  const gone = (why: string): Look => ({ ...none, broken: why });
  const removed = `its namespace ${runNamespace} was removed by somebody`;
  const own = await findOwn(api, patience);
  if (own === undefined) return { ...none, missing: removed };
  if (own.uid !== run.uid) return gone(removed);
  if (own.ending) return gone(`its namespace ${runNamespace} is being removed by somebody`);
  const [pod, states] = await Promise.all([
    readIfThere(api, `/api/v1/namespaces/${runNamespace}/pods/${aggregator}`, rawPod, patience),
    podStates(api, runNamespace),
  ]);
  if (pod === undefined) return { ...none, missing: `its pod ${aggregator} is not there any more` };
  const status = parseRunStatus(pod.metadata.annotations?.[statusAnnotation]);
  const trouble = states.map(({ name, problem }) => (problem === undefined ? undefined : `${name}: ${problem.why}`)).find(Boolean);
  const { phase, reason, message } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded')
    return gone(`its pod ${aggregator} has ended (${[reason, message].filter(Boolean).join(': ').slice(0, 300) || phase})`);
  return { ...none, status, trouble, tests: states.find(({ name }) => name.startsWith('sonobuoy-e2e-job'))?.name };
};

/** Counts the ends of tests in the log, each line once. */
class LogReader {
  #since: string | undefined;
  #count: LogCount = { done: 0, failed: 0 };
  constructor(private readonly api: Api) {}

  /** Whatever goes wrong here, progress is only told less well. @param pod of the tests */
  async read(pod: string | undefined): Promise<LogCount> {
    if (pod === undefined) return this.#count;
    const since = this.#since === undefined ? '' : `&sinceTime=${encodeURIComponent(this.#since)}`;
    const text = await readTestLog(this.api, pod, `timestamps=true&limitBytes=20000000${since}`, 20_000);
    if (text !== undefined) this.#add(text);
    return this.#count;
  }

  #add(text: string): void {
    const lines = text.split('\n').flatMap((line) => {
      const [, moment = '', said = ''] = /^(\d{4}-\d\d-\d\dT\S+) (.*)$/.exec(line) ?? [];
      return moment === '' || (this.#since !== undefined && moment <= this.#since) ? [] : [{ moment, said }];
    });
    const { done, failed } = countEnds(lines.map(({ said }) => said).join('\n'));
    this.#count = { done: this.#count.done + done, failed: this.#count.failed + failed };
    this.#since = lines.at(-1)?.moment ?? this.#since;
  }
}

/** `refused` is a 403 in other words than those of the API server's own authorizers. */
const isRefusedLook = (error: NotAvailable): boolean => ['forbidden', 'unauthorized', 'malformed', 'refused'].includes(error.reason);

/** What the looks at a run have shown so far. */
class Looks {
  readonly #begin = performance.now();
  #seenAt = this.#begin;
  #refusedAt: number | undefined;
  #missed = 0;
  /** The longest time without an answer, in milliseconds. */
  awayMs = 0;
  /** Why there was no answer to the last one. */
  away: string | undefined;
  last: Pick<Look, 'status' | 'trouble' | 'tests'> = { status: undefined, trouble: undefined, tests: undefined };

  constructor(private readonly times: typeof usualTimes) {}

  /** @returns the end of the run, or of our looking, where the look shows one */
  add(look: Look): Followed | undefined {
    const now = performance.now();
    if (this.away !== undefined) this.awayMs = Math.max(this.awayMs, now - this.#seenAt);
    [this.#seenAt, this.#refusedAt, this.away] = [now, undefined, undefined];
    this.#missed = look.missing === undefined ? 0 : this.#missed + 1;
    const broken = look.broken ?? (this.#missed >= maxMissed ? look.missing : undefined);
    if (broken !== undefined) return { end: 'broken', why: broken };
    if (look.missing !== undefined) return undefined;
    this.last = look;
    const { status, trouble } = look;
    if (status?.phase === 'complete') return { end: 'complete', status, awayMs: this.awayMs };
    if (status?.phase === 'failed')
      return { end: 'broken', why: 'Sonobuoy says that it has failed itself, and that there may be no results' };
    const waited = now - this.#begin;
    return status === undefined && waited > this.times.startMs
      ? { end: 'broken', why: `it has not begun after ${Math.round(waited / 60_000)} minutes${trouble ? ` (${trouble})` : ''}` }
      : undefined;
  }

  /** A look that got no answer. @returns as `add` */
  fail(error: NotAvailable): Followed | undefined {
    const now = performance.now();
    [this.away, this.#missed] = [reasonOf(error), 0];
    this.#refusedAt = isRefusedLook(error) ? (this.#refusedAt ?? now) : undefined;
    return this.#refusedAt !== undefined && now - this.#refusedAt > this.times.refusedMs ? { end: 'refused', why: this.away } : undefined;
  }

  /** @param progress of the tests @returns a line for people */
  inWords(progress: string): string {
    const what = this.away === undefined ? progress : `the API server does not answer (${this.away}); the tests go on without it`;
    return `end-to-end tests: ${what}${this.last.trouble === undefined ? '' : `; ${this.last.trouble}`}`;
  }
}

/** @throws what is no answer of the cluster */
const toNotAvailable = (error: unknown): NotAvailable => {
  if (error instanceof NotAvailable) return error;
  throw error;
};

/**
 * Follows a run to its end, or as long as there is time. Completion is what Sonobuoy says on its pod; the log tells the progress alone.
 * An API server that is away is waited for: the run goes on without it.
 */
export const followRun = async (api: Api, run: OwnRun, following: Following): Promise<Followed> => {
  const { signal, waitMs, log, step } = following;
  const times = { ...usualTimes, ...following.times };
  const reader = new LogReader(api);
  const looks = new Looks(times);
  let toldMs = 0;
  let progress = 'starting';
  const inWords = async (): Promise<string> => progressInWords(looks.last.status, await reader.read(looks.last.tests));
  return poll({
    look: () =>
      readProgress(api, run, signal).then(
        (look) => looks.add(look),
        (error: unknown) => looks.fail(toNotAvailable(error)),
      ),
    everyMs: ({ totalMs }) => Math.min(times.pollMs, Math.max(0, waitMs - totalMs)),
    signal,
    until: async (end, { totalMs }): Promise<Followed | typeof again> => {
      if (end !== undefined) return end;
      if (totalMs - toldMs >= times.tellMs) {
        toldMs = totalMs;
        progress = await inWords();
        log(looks.inWords(progress));
      }
      step(progress);
      if (signal.aborted) return { end: 'stopped', progress };
      return totalMs >= waitMs ? { end: 'time', progress: await inWords() } : again;
    },
  });
};

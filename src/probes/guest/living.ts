import { setTimeout as sleep } from 'node:timers/promises';
import { NotAvailable } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
import { leaseMs } from './identity.js';
import { isOverdue, leftovers, livesUntil, type Leftover } from './leftovers.js';

/** What is known of a run that has left something, or that is at work. */
export type Life =
  /** Nobody answers for it any more. */
  | 'dead'
  /** It said so while it was watched. */
  | 'living'
  /** It gave everything back while it was watched. */
  | 'gone'
  /** It does not say until when it lives, and is too young to be taken for dead. */
  | 'silent'
  /** The watch ended before it was known. */
  | 'unknown';

export interface Watch {
  readonly signal: AbortSignal;
  /** How far the cluster's clock is ahead of ours; undefined where it is not known, and no clock is trusted then. */
  readonly offset: number | undefined;
  readonly progress?: (text: string) => void;
  /** How long a deadline that stays as it is is watched: a living run renews it several times within. */
  readonly watchMs?: number;
  /** How long one is watched that has passed by the cluster's own clock: a living run would be late already, and renews it once within. */
  readonly passedMs?: number;
  readonly pollMs?: number;
}

/** The namespaces of each run. */
export const byRun = (found: readonly Leftover[]): ReadonlyMap<string, readonly Leftover[]> => Map.groupBy(found, (n) => n.run);

/** What can be told of a run at once, by its namespaces. @param now by the cluster's clock, where it is known */
export const atFirst = (all: readonly Leftover[], now: Date | undefined): 'dead' | 'silent' | undefined => {
  // What is being removed already takes no decision any more.
  if (all.every((n) => n.stuck !== undefined)) return 'dead';
  if (now !== undefined && all.every((n) => isOverdue(n, now))) return 'dead';
  return all.every((n) => Number.isNaN(Date.parse(n.deadline ?? ''))) ? 'silent' : undefined;
};

const isRenewed = (before: readonly Leftover[], after: readonly Leftover[]): boolean =>
  after.some((n) => before.find((b) => b.uid === n.uid)?.deadline !== n.deadline);

/** An API server may be away for a while. */
const outageMs = 60_000;
/** A little more than the precision of a `Date` header. */
const preciseMs = 5_000;

const hasPassed = (all: readonly Leftover[], now: Date | undefined): boolean =>
  now !== undefined && all.every((n) => (livesUntil(n) ?? Number.POSITIVE_INFINITY) + preciseMs < now.getTime());

/**
 * Tells dead runs from living ones. By the clock alone only where there is no doubt; else by watching whether a run renews its deadline,
 * which takes no clock at all.
 * @param first the namespaces as they were found
 * @throws {NotAvailable} where they cannot be looked at again
 */
export const watchRuns = async (api: Api, first: readonly Leftover[], watch: Watch): Promise<ReadonlyMap<string, Life>> => {
  const { signal, offset, watchMs = leaseMs + 5_000, passedMs = 35_000, pollMs = 2_000 } = watch;
  const now = (): Date | undefined => (offset === undefined ? undefined : new Date(Date.now() + offset));
  const lives = new Map<string, Life>();
  const runs = byRun(first);
  for (const [run, all] of runs) {
    const life = atFirst(all, now());
    if (life !== undefined) lives.set(run, life);
  }
  let begin = performance.now();
  let failing: number | undefined;
  while (lives.size < runs.size && !signal.aborted) {
    const watched = performance.now() - begin;
    watch.progress?.(
      `watching whether ${[...runs.keys()].filter((run) => !lives.has(run)).join(', ')} is alive (${Math.round(watched / 1_000)} s)`,
    );
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    let found: ReturnType<typeof byRun>;
    try {
      found = byRun(await leftovers(api));
      failing = undefined;
    } catch (error) {
      // While the API server is away no run can renew anything: the watch begins again.
      begin = performance.now();
      failing ??= begin;
      if (!(error instanceof NotAvailable) || begin - failing > outageMs) throw error;
      continue;
    }
    for (const [run, before] of runs) {
      const after = found.get(run) ?? [];
      const took = performance.now() - begin;
      if (lives.has(run)) continue;
      if (after.length === 0) lives.set(run, 'gone');
      else if (isRenewed(before, after)) lives.set(run, 'living');
      else if (took >= watchMs || (took >= passedMs && hasPassed(after, now()))) lives.set(run, 'dead');
    }
  }
  return new Map([...runs.keys()].map((run) => [run, lives.get(run) ?? 'unknown']));
};

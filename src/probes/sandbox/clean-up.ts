import { NotAvailable, reasonOf } from '../../model/errors.js';
import { count, listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { VolumeCleanUp } from './clean-up-volumes.js';
import { removalCommand } from './identity.js';
import { listOrphans, readNamespaces, type Orphan } from './orphans.js';
import { remove } from '../../kubernetes/objects.js';
import { again, poll } from '../../system/poll.js';

const pollMs = 500;
/** A namespace with some pods is gone within seconds; a volume takes as long as its provisioner. An API server that is away gets as long. */
const maxMs = 180_000;
/** A missing right is borne so long: an API server that has just started refuses what it allows a moment later. */
const refusedMs = 30_000;
/** A removal that is refused for so long is not asked for again: a webhook without which nothing goes starts anew within that time. */
const removalMs = 30_000;

export interface CleanUp {
  readonly signal: AbortSignal;
  /** Only these namespaces, all of which are ours: two probes of one run do not remove each other's. */
  readonly only?: readonly string[] | undefined;
  /** Whether volumes may have been made. */
  readonly volumes: boolean;
  readonly progress?: ((text: string) => void) | undefined;
  /** How long to look for objects that a request without an answer may still make, in milliseconds. */
  readonly unsureMs?: number | undefined;
  /** How long to wait until all is gone, and as long again for an API server that is away. */
  readonly maxMs?: number | undefined;
  /** How long a refusal is borne; where the rights are known to be there, as long as an outage. */
  readonly refusedMs?: number | undefined;
  /** How long a refusal of a removal is borne. */
  readonly removalMs?: number | undefined;
}

/** What became of a clean-up. */
export interface CleanedUp {
  /** Names of what was there and is gone. */
  readonly removed: readonly string[];
  /** What is left or may be, each with the command that removes it; empty where nothing is. */
  readonly warnings: readonly string[];
}

const isRefusedRemoval = (error: unknown): boolean =>
  error instanceof NotAvailable && ['refused', 'forbidden', 'unauthorized', 'malformed'].includes(error.reason);

/** One clean-up: what it has seen and asked for so far. */
class RunsCleanUp {
  readonly #chosen: ReadonlySet<string>;
  readonly #asked = new Set<string>();
  /** Why a removal did not come about the last time, and since when it is refused. */
  readonly #refusals = new Map<string, { since: number | undefined; why: string }>();
  readonly #seen = new Map<string, string>();
  readonly #volumes: VolumeCleanUp | undefined;
  #left: readonly Orphan[] = [];

  constructor(
    private readonly api: Api,
    private readonly runs: readonly string[],
    private readonly options: CleanUp,
  ) {
    const { only, signal } = options;
    this.#chosen = new Set(runs);
    const wanted = (volume: { run: string; namespace: string }): boolean =>
      only?.includes(volume.namespace) ?? this.#chosen.has(volume.run);
    if (options.volumes) this.#volumes = new VolumeCleanUp(api, wanted, { signal, outageMs: 0 });
  }

  /** One look, and a request for the removal of what is there. @throws {NotAvailable} where the API server is away or may not be asked */
  async round(): Promise<void> {
    this.#left = await this.#look();
    for (const { uid, name } of this.#left) this.#seen.set(uid, name);
    await Promise.all(this.#left.filter(({ uid }) => !this.#asked.has(uid)).map((n) => this.#remove(n)));
    await this.#volumes?.round();
    const { length } = this.#left;
    if (length > 0) this.options.progress?.(`${count(length, 'namespace')} of ours left`);
    else if (this.#volumes?.done === false) this.options.progress?.('waiting for volumes of ours to go');
  }

  get done(): boolean {
    return this.#left.length === 0 && this.#volumes?.done !== false;
  }

  /** True where nothing but what is refused for long is left. */
  get hopeless(): boolean {
    const end = performance.now() - (this.options.removalMs ?? removalMs);
    const refused = ({ uid }: Orphan): boolean => (this.#refusals.get(uid)?.since ?? Number.POSITIVE_INFINITY) <= end;
    return this.#left.length > 0 && this.#left.every(refused) && this.#volumes?.done !== false;
  }

  get removed(): readonly string[] {
    const left = new Set(this.#left.map(({ uid }) => uid));
    return [...[...this.#seen].filter(([uid]) => !left.has(uid)).map(([, name]) => name), ...(this.#volumes?.removed ?? [])];
  }

  warnings(seconds: number): readonly string[] {
    const why = this.#left.map(({ name, uid, stuck }) => {
      const reason = this.#asked.has(uid) ? stuck : this.#refusals.get(uid)?.why;
      return `${name}${reason ? ` (${reason})` : ''}`;
    });
    const names = this.#left.map(({ name }) => name);
    const volumes = this.#volumes?.warnings(seconds) ?? [];
    if (names.length === 0) return volumes;
    const are = names.length === 1 ? 'is' : 'are';
    return [
      `${count(names.length, 'namespace')} of this check ${are} still there after ${seconds} s: ${listed(why)}. Remove with: kubectl delete namespace ${names.join(' ')}`,
      ...volumes,
    ];
  }

  /** What to say where the end could not be seen. */
  unseen(why: string): string {
    const names = this.#left.length > 0 ? this.#left.map((n) => n.name) : (this.options.only ?? []);
    const what = names.length === 0 ? 'What this check made' : `What this check made in ${listed(names)}`;
    const run = this.runs.length === 1 ? this.runs[0] : undefined;
    const command = names.length === 0 ? removalCommand(run) : `scs-kaas cleanup, or: kubectl delete namespace ${names.join(' ')}`;
    return `${what} may still be there: ${why}. Remove it with: ${command}`;
  }

  async #look(): Promise<readonly Orphan[]> {
    const { only, signal } = this.options;
    if (only !== undefined) return readNamespaces(this.api, only, { signal, outageMs: 0 });
    return (await listOrphans(this.api, this.runs.length === 1 ? this.runs[0] : undefined)).filter((n) => this.#chosen.has(n.run));
  }

  async #remove({ name, uid }: Orphan): Promise<void> {
    try {
      // The claims are asked for at the same time: nothing is to come before the request that removes.
      await Promise.all([
        this.#volumes?.expect(name),
        remove(this.api, `/api/v1/namespaces/${name}`, { signal: this.options.signal, outageMs: 0 }, uid),
      ]);
      this.#asked.add(uid);
    } catch (error) {
      // One that is refused does not keep the others. Whatever else it is: the next round asks again.
      const since = this.#refusals.get(uid)?.since ?? (isRefusedRemoval(error) ? performance.now() : undefined);
      this.#refusals.set(uid, { since, why: reasonOf(error) });
    }
  }
}

/**
 * Removes everything that some runs have made: their namespaces with all that is in them, and the volumes of their claims. Looks whether it is gone.
 * @param api that outlasts the run
 * @returns what was removed, and warnings with the command that removes what is left; never throws
 */
export const cleanUpRuns = async (api: Api, runs: readonly string[], options: CleanUp): Promise<CleanedUp> => {
  const { signal, progress, unsureMs = 0, maxMs: longestMs = maxMs } = options;
  const work = new RunsCleanUp(api, runs, options);
  const end = (...warnings: readonly string[]): CleanedUp => ({ removed: work.removed, warnings });
  const unseen = (why: string): CleanedUp => end(work.unseen(why));
  return poll({
    look: () => work.round(),
    everyMs: ({ awayMs }) => (awayMs === 0 ? pollMs : pollMs * 2),
    signal,
    until: (_, { totalMs, seenMs }) => {
      const seconds = Math.round(totalMs / 1_000);
      if (signal.aborted) return work.done ? end() : unseen(`it was not gone after ${seconds} s`);
      const over = work.hopeless || seenMs > Math.max(longestMs, unsureMs);
      return over || (work.done && seenMs >= unsureMs) ? end(...work.warnings(seconds)) : again;
    },
    outage: (error, { totalMs, seenMs }) => {
      if (signal.aborted) return unseen(`it was not gone after ${Math.round(totalMs / 1_000)} s`);
      const awayMs = totalMs - seenMs;
      const bearableMs = Math.min(longestMs, isRefusedRemoval(error) ? (options.refusedMs ?? refusedMs) : longestMs);
      if (!(error instanceof NotAvailable) || awayMs > bearableMs) return unseen(`${reasonOf(error)}, for ${Math.round(awayMs / 1_000)} s`);
      progress?.('waiting for the API server');
      return again;
    },
  });
};

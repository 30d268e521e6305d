import * as z from 'zod/mini';
import { listSchema } from '../../kubernetes/list-schema.js';
import { NotAvailable, reasonOf } from '../../model/errors.js';
import { count, listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import type { CleanedUp } from '../../probes/sandbox/clean-up.js';
import { readBack, remove, type Patience } from '../../kubernetes/objects.js';
import { again, poll } from '../../system/poll.js';
import {
  findOwn,
  findRuns,
  idsInLog,
  readTestLog,
  selected,
  shareOut,
  testNamespaces,
  type OwnRun,
  type Shares,
  type TestNamespace,
} from './find.js';
import { aggregator, byHand, e2eLabels, runNamespace } from './identity.js';

const pollMs = 1_000;
/** The tests need some time to give back what they have made when they are told to end. */
const maxMs = 300_000;
/** So long namespaces of tests are watched that only time tells to be ours: where more come after our tests have ended, others run theirs. */
const watchMs = 3_000;
/** The beginning of a log, which tells the ids of the tests. */
const logBytes = 1_000_000;
/** How long the pod of the tests gets to end by itself. */
const graceSeconds = 20;

export interface Removal {
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
  readonly maxMs?: number | undefined;
}

const objects = listSchema(z.object({ metadata: z.object({ name: z.string(), uid: z.string() }) }));
const clusterScoped = ['clusterrolebindings', 'clusterroles'].map((kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}`);
const ours = { labels: e2eLabels };

/** The removal of one run: what it has seen and asked for so far. */
class RunRemoval {
  readonly #patience: Patience;
  readonly #removed = new Set<string>();
  readonly #asked = new Set<string>();
  #left: readonly string[] = [];
  #ids: readonly string[] = [];
  #shares: Shares = { ours: [], unclear: [], doubt: undefined };
  /** The namespaces of tests that there were when ours had ended. */
  #atEnd: { readonly uids: ReadonlySet<string>; readonly at: number } | undefined;

  constructor(
    private readonly api: Api,
    private readonly run: OwnRun,
    private readonly options: Removal,
  ) {
    this.#patience = { signal: options.signal, outageMs: 0 };
  }

  /** @returns true where nothing is left. @throws {NotAvailable} where the cluster cannot be asked */
  async round(): Promise<boolean> {
    const { api, options } = this;
    const { own, foreign, runners } = await findRuns(api, this.#patience);
    const there = own?.uid === this.run.uid;
    // A namespace of that name with another UID is another run, and roles and namespaces of tests that are there now are that run's.
    if (own !== undefined && !there) return true;
    const running = there && (await this.#endTests());
    // A namespace that is being removed takes its pods along.
    if (running && !own.ending) {
      this.#left = [`pods in ${runNamespace}`];
      options.step('waiting for the tests to end');
      return false;
    }
    const namespaces = await this.#ofTests([...foreign, ...runners], running);
    if (namespaces === undefined) {
      options.step('looking whether tests of others go on');
      return false;
    }
    for (const n of namespaces) await this.#ask(`/api/v1/namespaces/${n.name}`, n.uid, n.name);
    if (there) await this.#ask(`/api/v1/namespaces/${runNamespace}`, this.run.uid, runNamespace);
    const others = there ? [] : await this.#clusterScoped();
    this.#left = [...(there ? [runNamespace] : []), ...namespaces.map(({ name }) => name), ...others];
    if (this.#left.length > 0) options.step(`${count(this.#left.length, 'object')} left`);
    return this.#left.length === 0;
  }

  get removed(): readonly string[] {
    return [...this.#removed].filter((name) => !this.#left.includes(name));
  }

  warning(why: string): string {
    const what = this.#left.length === 0 ? 'What the end-to-end run made' : `Of the end-to-end run ${listed(this.#left)}`;
    return `${what} may still be there: ${why}. Remove it with: ${byHand}`;
  }

  get warnings(): readonly string[] {
    const { unclear, doubt } = this.#shares;
    return unclear.length === 0 || doubt === undefined
      ? []
      : [
          `Namespaces of tests are left (${listed(unclear.map(({ name }) => name))}), as they cannot be told from those of others: ${doubt}. Look with: kubectl get namespaces --selector e2e-run`,
        ];
  }

  /** Tells the pods of the tests to end, the aggregator last: what they make meanwhile is found afterwards. @returns true where one is left */
  async #endTests(): Promise<boolean> {
    const list = await readBack(this.api, `/api/v1/namespaces/${runNamespace}/pods?limit=500`, objects, this.#patience);
    const tests = list.items.filter(({ metadata }) => metadata.name !== aggregator);
    for (const { metadata } of tests) {
      if (!this.#asked.has(metadata.uid)) await this.#readIds(metadata.name);
      const path = `/api/v1/namespaces/${runNamespace}/pods/${metadata.name}?gracePeriodSeconds=${graceSeconds}`;
      await this.#ask(path, metadata.uid, `${runNamespace}/${metadata.name}`);
    }
    return tests.length > 0;
  }

  /** The log goes with its pod. Where it cannot be read, time tells. @param pod of the tests */
  async #readIds(pod: string): Promise<void> {
    const text = await readTestLog(this.api, pod, `limitBytes=${logBytes}`);
    if (text !== undefined) this.#ids = [...this.#ids, ...idsInLog(text)];
  }

  /**
   * @param beside other runs of tests, by name
   * @param running true where our tests may still make namespaces
   * @returns those to remove; undefined as long as it is watched whether they are ours
   */
  async #ofTests(beside: readonly string[], running: boolean): Promise<readonly TestNamespace[] | undefined> {
    const all = await testNamespaces(this.api, this.#patience);
    const shares = shareOut(all, this.run, this.#ids, beside);
    const young = [...shares.ours, ...shares.unclear];
    // A doubt stays: what has raised it may have ended since, and has left namespaces all the same.
    const doubt = this.#ids.length > 0 ? undefined : (this.#shares.doubt ?? shares.doubt ?? this.#late(young, running));
    this.#shares = doubt === undefined ? shares : { ours: [], unclear: young, doubt };
    const { ours } = this.#shares;
    const watching = this.#atEnd !== undefined && performance.now() - this.#atEnd.at < watchMs;
    return watching && ours.length > 0 ? undefined : ours;
  }

  /** A namespace that comes after our tests have ended is somebody else's, and so may be all that cannot be told from it. */
  #late(young: readonly TestNamespace[], running: boolean): string | undefined {
    this.#atEnd = running ? undefined : (this.#atEnd ?? { uids: new Set(young.map(({ uid }) => uid)), at: performance.now() });
    const late = young.find(({ uid }) => this.#atEnd?.uids.has(uid) === false);
    return late === undefined ? undefined : `others run theirs at this moment (${late.name})`;
  }

  /** They go with the namespace that owns them; asked for here for a cluster whose garbage collector is slow. */
  async #clusterScoped(): Promise<readonly string[]> {
    const names: string[] = [];
    for (const place of clusterScoped)
      for (const { metadata } of await selected(this.api, place, ours, this.#patience)) {
        names.push(metadata.name);
        await this.#ask(`${place}/${metadata.name}`, metadata.uid, metadata.name);
      }
    return names;
  }

  async #ask(path: string, uid: string, name: string): Promise<void> {
    this.#removed.add(name);
    if (this.#asked.has(uid)) return;
    await remove(this.api, path, this.#patience, uid);
    this.#asked.add(uid);
  }
}

/**
 * Removes what a run of ours has made: its namespace, its roles, and what its tests have left, once they have ended.
 * @param api that outlasts the run
 * @returns never throws for what a cluster does
 */
export const removeRun = async (api: Api, run: OwnRun, options: Removal): Promise<CleanedUp> => {
  const { signal, maxMs: longestMs = maxMs } = options;
  const work = new RunRemoval(api, run, options);
  const end = (why: string, totalMs: number): CleanedUp | typeof again =>
    signal.aborted || totalMs > longestMs
      ? { removed: work.removed, warnings: [work.warning(`${why} ${Math.round(totalMs / 1_000)} s`), ...work.warnings] }
      : again;
  return poll({
    look: () => work.round(),
    everyMs: pollMs,
    signal,
    until: (done, { totalMs }) => (done ? { removed: work.removed, warnings: work.warnings } : end('it was not gone after', totalMs)),
    outage: (error, { totalMs }) => {
      if (!(error instanceof NotAvailable)) throw error;
      return end(`${reasonOf(error)}, for`, totalMs);
    },
  });
};

/** The run of ours with that name, whatever became of it; for a later process. */
export const findOwnRun = async (api: Api, name: string, signal: AbortSignal): Promise<OwnRun | undefined> => {
  const own = await findOwn(api, { signal });
  return own?.name === name ? own : undefined;
};

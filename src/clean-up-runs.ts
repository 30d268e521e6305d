import { findOwn } from './conformance/sonobuoy/find.js';
import { runNamespace } from './conformance/sonobuoy/identity.js';
import { removeRun } from './conformance/sonobuoy/remove.js';
import { reasonOf, NotAvailable, UserError } from './model/errors.js';
import { count, listed } from './model/outcome.js';
import type { Api } from './model/ports.js';
import type { Inputs } from './inputs.js';
import { openCluster } from './open.js';
import { cleanUpRuns, type CleanedUp } from './probes/guest/clean-up.js';
import { clockOffset } from './probes/guest/clock.js';
import { leftovers, lostNamespaces, type Leftover } from './probes/guest/leftovers.js';
import { atFirst, byRun, watchRuns, type Life, type Watch } from './probes/guest/living.js';
import type { World } from './world.js';

const nothingFound = 'nothing was found that runs have left';

/** What a clean-up has come to. */
export interface CleanedUpRuns {
  /** For people, in order. */
  readonly lines: readonly string[];
  /** True where something of a dead run is still there, or could not be looked at. */
  readonly left: boolean;
}

export interface CleanUpOptions {
  /** Removes what every run has made, also of one that may live. */
  readonly all: boolean;
  readonly signal: AbortSignal;
  /** A line at once. */
  readonly say: (line: string) => void;
  readonly step: (text: string) => void;
  /** Shorter times of the watch, for tests. */
  readonly watch?: Pick<Watch, 'watchMs' | 'passedMs' | 'pollMs'>;
}

const kept: Record<Exclude<Life, 'dead' | 'gone'>, string> = {
  living: 'it lives, as it has just renewed its deadline',
  silent: 'it does not say until when it lives',
  unknown: 'whether it lives was not seen before the end',
};

/** Volumes whose namespace is there no more. @returns a warning as well where they cannot be looked at */
const orphans = async (
  api: Api,
  found: readonly Leftover[],
  signal: AbortSignal,
): Promise<{ namespaces: readonly string[]; warning?: string }> => {
  try {
    const known = found.map((n) => n.name);
    return { namespaces: await lostNamespaces(api, known, { signal, outageMs: 0 }) };
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    const look = 'look with: kubectl get persistentvolumes | grep scs-kaas-';
    return { namespaces: [], warning: `Volumes that runs may have left could not be looked for (${reasonOf(error)}); ${look}` };
  }
};

const describe = (run: string, all: readonly Leftover[]): string => {
  const [first] = all;
  const until = first?.deadline === undefined ? '' : `, answered for until ${first.deadline}`;
  return `found ${listed(all.map((n) => n.name))} of run ${run}, made ${first?.created ?? 'at an unknown moment'}${until}`;
};

/**
 * Finds what earlier runs have left in a cluster, and removes it; what a living run has made is left alone.
 * @throws {NotAvailable} where the cluster does not show its namespaces
 */
export const cleanUpLeftovers = async (api: Api, options: CleanUpOptions): Promise<CleanedUpRuns> => {
  const { signal, say, step, all } = options;
  const [offset, found] = await Promise.all([clockOffset(api), leftovers(api)]);
  const lost = await orphans(api, found, signal);
  const runs = byRun(found);
  for (const [run, namespaces] of runs) say(describe(run, namespaces));
  for (const namespace of lost.namespaces) say(`found a volume whose claim was in ${namespace}`);
  const warnings = lost.warning === undefined ? [] : [lost.warning];
  if (found.length === 0 && lost.namespaces.length === 0) return { lines: [...warnings, nothingFound], left: warnings.length > 0 };
  const now = offset === undefined ? undefined : new Date(Date.now() + offset);
  const overdue = found.filter((n) => all || atFirst(runs.get(n.run) ?? [], now) === 'dead');
  const doubtful = found.filter((n) => !overdue.includes(n));
  const removing = async (some: readonly Leftover[], more: readonly string[] = []): Promise<CleanedUp> => {
    const only = [...some.map((n) => n.name), ...more];
    if (only.length === 0) return { removed: [], warnings: [] };
    return cleanUpRuns(api, [...byRun(some).keys()], { signal, only, volumes: lost.warning === undefined, progress: step });
  };
  // What nobody doubts does not wait for what has to be watched.
  const [first, { lives, second }] = await Promise.all([
    removing(overdue, lost.namespaces),
    watchRuns(api, doubtful, { signal, offset, progress: step, ...options.watch }).then(async (watched) => ({
      lives: watched,
      second: await removing(doubtful.filter((n) => watched.get(n.run) === 'dead')),
    })),
  ]);
  const done = { removed: [...first.removed, ...second.removed], warnings: [...first.warnings, ...second.warnings] };
  const gone = [...lives].filter(([, life]) => life === 'gone').map(([run]) => run);
  const alone = [...lives].flatMap(([run, life]) =>
    life === 'dead' || life === 'gone'
      ? []
      : [`left alone: ${listed((runs.get(run) ?? []).map((n) => n.name))} of run ${run}: ${kept[life]}; --all removes it too`],
  );
  return {
    lines: [
      ...(done.removed.length === 0 ? [] : [`removed ${listed(done.removed, 50)}`]),
      ...gone.map((run) => `run ${run} has given everything back itself`),
      ...alone,
      ...warnings,
      ...done.warnings,
      ...(warnings.length + done.warnings.length + alone.length === 0 ? [`nothing is left of ${count(runs.size, 'run')}`] : []),
    ],
    left: warnings.length + done.warnings.length > 0 || [...lives.values()].some((life) => life === 'unknown' || life === 'silent'),
  };
};

/** An end-to-end run of ours: it goes on by itself, and whoever has started it comes back for it, so that only `--all` removes it. */
const cleanUpTests = async (api: Api, { all, signal, step }: Pick<CleanUpOptions, 'all' | 'signal' | 'step'>): Promise<CleanedUpRuns> => {
  const own = signal.aborted ? undefined : await findOwn(api, { signal });
  if (own === undefined) return { lines: [], left: false };
  const what = `the end-to-end run that ${own.owner || 'somebody'} has started at ${own.created} (${runNamespace})`;
  if (!all) return { lines: [`left alone: ${what}: a later check of the tier heavy resumes it; --all removes it too`], left: false };
  const { removed, warnings } = await removeRun(api, own, { signal, step });
  return {
    lines: [`found ${what}`, ...(removed.length === 0 ? [] : [`removed ${listed(removed, 50)}`]), ...warnings],
    left: warnings.length > 0,
  };
};

/**
 * The command `cleanup`.
 * @throws {UserError} where the inputs name no cluster that still runs, or where it cannot be had
 */
export const cleanUpCluster = async (
  inputs: Inputs,
  world: World,
  options: Pick<CleanUpOptions, 'all' | 'say'>,
): Promise<CleanedUpRuns> => {
  const { from } = inputs.cluster;
  if (from !== 'kubeconfig')
    throw new UserError([
      `The command "cleanup" needs a cluster that a kubeconfig leads to, and the input "cluster" is ${from}; leave it out.`,
    ]);
  const signal = AbortSignal.any([world.signal, AbortSignal.timeout(inputs.timeoutMs)]);
  const opened = await openCluster(inputs, { ...world, signal });
  try {
    const { cluster } = opened;
    if (!cluster.live) throw new Error('a kubeconfig leads to a live cluster');
    await cluster.reachable;
    const step = (text: string): void => world.step(`cleaning up in ${opened.name}`, text);
    const probes = await cleanUpLeftovers(cluster.api, { ...options, signal, step });
    const tests = await cleanUpTests(cluster.api, { all: options.all, signal, step });
    const lines = tests.lines.length === 0 ? probes.lines : [...probes.lines.filter((line) => line !== nothingFound), ...tests.lines];
    return { lines, left: probes.left || tests.left };
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    const why = `What runs have left in ${opened.name} could not be looked for: ${reasonOf(error)}.`;
    return { lines: [`${why} Look with: kubectl get namespaces --selector app.kubernetes.io/managed-by=scs-kaas`], left: true };
  } finally {
    await opened.close();
  }
};

import { findOwn } from '../conformance/sonobuoy/find.js';
import { runNamespace } from '../conformance/sonobuoy/identity.js';
import { removeRun } from '../conformance/sonobuoy/remove.js';
import { reasonOf, NotAvailable, UserError } from '../model/errors.js';
import { count, listed } from '../model/outcome.js';
import type { Api } from '../model/ports.js';
import type { Inputs } from '../inputs/parse.js';
import { openCluster } from './open-cluster.js';
import { cleanUpRuns } from '../probes/sandbox/clean-up.js';
import { readClockOffset } from '../probes/sandbox/clock.js';
import { graceMs, isDead, listOrphans, livesUntil, listLostNamespaces, type Orphan } from '../probes/sandbox/orphans.js';
import type { Runtime } from './runtime.js';
import { deadlineAfter } from '../system/deadline.js';

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
}

/** Volumes whose namespace is there no more. @returns a warning as well where they cannot be looked at */
const listVolumeOrphans = async (
  api: Api,
  found: readonly Orphan[],
  signal: AbortSignal,
): Promise<{ namespaces: readonly string[]; warning?: string }> => {
  try {
    const known = found.map((n) => n.name);
    return { namespaces: await listLostNamespaces(api, known, { signal, outageMs: 0 }) };
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    const look = 'look with: kubectl get persistentvolumes | grep scs-kaas-';
    return { namespaces: [], warning: `Volumes that runs may have left could not be looked for (${reasonOf(error)}); ${look}` };
  }
};

const foundLine = (run: string, all: readonly Orphan[]): string => {
  const [first] = all;
  const until = first?.deadline === undefined ? '' : `, answered for until ${first.deadline}`;
  return `found ${listed(all.map((n) => n.name))} of run ${run}, made ${first?.created ?? 'at an unknown moment'}${until}`;
};

/** A namespace of a run that may live. @param now by the cluster's clock, where it is known */
const aloneLine = (run: string, all: readonly Orphan[], now: Date | undefined): string => {
  const ends = all.map((n) => livesUntil(n)).filter((end) => end !== undefined);
  const until =
    now === undefined
      ? 'the cluster does not say what time it is, so whether it lives is not known'
      : `it may live until ${ends.length === 0 ? 'an unknown moment' : new Date(Math.max(...ends) + graceMs).toISOString()}`;
  return `left alone: ${listed(all.map((n) => n.name))} of run ${run}: ${until}; --all removes it too`;
};

/**
 * Finds what earlier runs have left in a cluster, and removes it: everything of a run whose lease is over by the cluster's own clock.
 * @throws {NotAvailable} where the cluster does not show its namespaces
 */
export const removeAllOrphans = async (api: Api, { signal, say, step, all }: CleanUpOptions): Promise<CleanedUpRuns> => {
  const [offset, found] = await Promise.all([readClockOffset(api), listOrphans(api)]);
  const lost = await listVolumeOrphans(api, found, signal);
  const runs = Map.groupBy(found, (n) => n.run);
  for (const [run, namespaces] of runs) say(foundLine(run, namespaces));
  for (const namespace of lost.namespaces) say(`found a volume whose claim was in ${namespace}`);
  const warnings = lost.warning === undefined ? [] : [lost.warning];
  if (found.length === 0 && lost.namespaces.length === 0) return { lines: [...warnings, nothingFound], left: warnings.length > 0 };
  const now = offset === undefined ? undefined : new Date(Date.now() + offset);
  const dead = [...runs].filter(([, some]) => all || isDead(some, now));
  const living = [...runs].filter(([, some]) => !all && !isDead(some, now));
  const only = [...dead.flatMap(([, some]) => some.map((n) => n.name)), ...lost.namespaces];
  const options = { signal, only, volumes: lost.warning === undefined, progress: step };
  const done =
    only.length === 0
      ? { removed: [], warnings: [] }
      : await cleanUpRuns(
          api,
          dead.map(([run]) => run),
          options,
        );
  const alone = living.map(([run, some]) => aloneLine(run, some, now));
  return {
    lines: [
      ...(done.removed.length === 0 ? [] : [`removed ${listed(done.removed, 50)}`]),
      ...alone,
      ...warnings,
      ...done.warnings,
      ...(warnings.length + done.warnings.length + alone.length === 0 ? [`nothing is left of ${count(runs.size, 'run')}`] : []),
    ],
    left: warnings.length + done.warnings.length > 0 || (now === undefined && alone.length > 0),
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

const cleanUpOpened = async (
  from: Inputs['cluster'],
  runtime: Runtime,
  options: Pick<CleanUpOptions, 'all' | 'say'>,
): Promise<CleanedUpRuns> => {
  const { signal } = runtime;
  const opened = await openCluster(from, runtime);
  try {
    const { cluster } = opened;
    if (!cluster.live) throw new Error('a kubeconfig leads to a live cluster');
    await cluster.reachable;
    const step = (text: string): void => runtime.step(`cleaning up in ${opened.name}`, text);
    const probes = await removeAllOrphans(cluster.api, { ...options, signal, step });
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

/**
 * The command `cleanup`.
 * @throws {UserError} where the inputs name no cluster that still runs, or where it cannot be had
 */
export const cleanUpCluster = async (
  { cluster: from, limits }: Pick<Inputs, 'cluster' | 'limits'>,
  runtime: Runtime,
  options: Pick<CleanUpOptions, 'all' | 'say'>,
): Promise<CleanedUpRuns> => {
  if (from.from !== 'kubeconfig')
    throw new UserError([
      `The command "cleanup" needs a cluster that a kubeconfig leads to, and the input "cluster" is ${from.from}; leave it out.`,
    ]);
  const { signal, clear } = deadlineAfter(limits.timeoutMs, runtime.signal);
  return cleanUpOpened(from, { ...runtime, signal }, options).finally(clear);
};

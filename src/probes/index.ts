import { NotAvailable, reasonOf } from '../model/errors.js';
import type { Api } from '../model/ports.js';
import type { Ports } from '../model/fact.js';
import { cleanUpRuns } from './sandbox/clean-up.js';
import { readClockOffset } from './sandbox/clock.js';
import type { ProbeContext, Probe } from './sandbox/sandbox.js';
import { newRunId } from './sandbox/identity.js';
import { isDead, listOrphans, listLostNamespaces } from './sandbox/orphans.js';
import { networkPolicyMatrixProbe } from './network-policy/index.js';
import { storageProbe } from './storage/index.js';

/** THE list of probes, by the name of the fact that each is for. */
const probes: readonly Probe[] = [networkPolicyMatrixProbe, storageProbe];

/** What acting takes of the run. */
export interface ProbesOptions extends Omit<ProbeContext, 'run' | 'onActing' | 'warn'> {
  /** Told the name of the run before the first object is made, and undefined when all is given back. */
  readonly onActing: (run: string | undefined) => void;
}

/** Acting in a cluster, and what remains of it. */
export interface RunningProbes {
  readonly act: NonNullable<Ports['act']>;
  /** Waits until all that was made is given back. @returns what is left, with the command that removes it */
  readonly givenBack: () => Promise<readonly string[]>;
}

/** Somebody else's litter is asked to go, and waited for so long only: one that is stuck must not keep every run. */
const sweepMs = 10_000;

/** Removes what runs have left that nobody answers for any more, by the cluster's own clock. Never an error. */
const removeOrphans = async (api: Api, { signal, log, step }: ProbesOptions): Promise<void> => {
  try {
    const [offset, found] = await Promise.all([readClockOffset(api), listOrphans(api)]);
    // Without a clock that all agree on, one run might take another one for dead.
    if (offset === undefined) return;
    const now = new Date(Date.now() + offset);
    const dead = [...Map.groupBy(found, (n) => n.run).values()].filter((all) => isDead(all, now));
    // What is being removed already needs no second request.
    const overdue = dead.flat().filter((n) => n.stuck === undefined);
    // Volumes outlive their namespaces. Who may not look at them has made none.
    const known = found.map((n) => n.name);
    // One that goes by itself looks the same where a run is just giving back.
    const lost = await listLostNamespaces(api, known, { signal, outageMs: 0 }, ({ retained }) => retained).catch((error: unknown) => {
      if (!(error instanceof NotAvailable)) throw error;
      return [];
    });
    if (overdue.length + lost.length === 0) return;
    log(
      `removing what earlier runs have left: ${[...overdue.map((n) => n.name), ...lost.map((name) => `a volume of ${name}`)].join(', ')}`,
    );
    const runs = [...new Set(overdue.map((n) => n.run))];
    const { warnings } = await cleanUpRuns(api, runs, {
      signal,
      only: [...overdue.map((n) => n.name), ...lost],
      volumes: true,
      progress: step,
      maxMs: sweepMs,
    });
    warnings.forEach(log);
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    log(`what earlier runs may have left could not be looked for: ${reasonOf(error)}`);
  }
};

/**
 * Lets the facts of a run act.
 * @param options the run's connection, and what the user chose
 */
export const startProbes = (options: ProbesOptions): RunningProbes => {
  const run = newRunId();
  const warnings: string[] = [];
  const running = new Set<Promise<unknown>>();
  let swept: Promise<void> | undefined;
  let began = false;
  const context: ProbeContext = {
    ...options,
    run,
    onActing: () => {
      if (!began) options.onActing(run);
      began = true;
    },
    warn: (warning) => warnings.push(warning),
  };
  let over = false;
  const start = async (probe: Probe, fact: Ports['fact']): Promise<unknown> => {
    await (swept ??= removeOrphans(options.api, options));
    if (over) throw new NotAvailable('timeout', 'the run ended before anything was probed');
    return probe.run(context, fact);
  };
  const act: RunningProbes['act'] = (name, fact) => {
    const probe = probes.find((p) => p.fact.name === name);
    if (probe === undefined) throw new Error(`no probe is called ${name}`);
    const work = start(probe, fact);
    running.add(work);
    return work;
  };
  const givenBack: RunningProbes['givenBack'] = async () => {
    // A probe that has not begun must not begin any more.
    over = true;
    await Promise.allSettled(running);
    if (began && warnings.length === 0) options.onActing(undefined);
    return [...new Set(warnings)];
  };
  return { act, givenBack };
};

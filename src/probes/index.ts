import { NotAvailable, reasonOf } from '../model/errors.js';
import type { Api, Ports } from '../model/ports.js';
import { cleanUpRuns, isOverdue, leftovers } from './guest/clean-up.js';
import type { ActContext, Probe } from './guest/guest.js';
import { newRunId } from './guest/identity.js';

/** THE list of probes, by the name of the fact that each is for. */
export const probes: readonly Probe[] = [];

/** What acting takes of the run. */
export interface ActOptions extends Omit<ActContext, 'run' | 'onActing' | 'warn'> {
  /** Told the name of the run before the first object is made, and undefined when all is given back. */
  readonly onActing: (run: string | undefined) => void;
}

/** Acting in a cluster, and what remains of it. */
export interface Acting {
  readonly act: NonNullable<Ports['act']>;
  /** Waits until all that was made is given back. @returns what is left, with the command that removes it */
  readonly givenBack: () => Promise<readonly string[]>;
}

/** Removes what runs have left that nobody answers for any more. Never an error: it is somebody else's litter. */
const sweep = async (api: Api, { signal, log, step }: ActOptions): Promise<void> => {
  try {
    const overdue = (await leftovers(api)).filter((n) => isOverdue(n, new Date()));
    const runs = [...new Set(overdue.map((n) => n.run))];
    if (runs.length === 0) return;
    log(`removing what earlier runs have left: ${overdue.map((n) => n.name).join(', ')}`);
    for (const warning of await cleanUpRuns(api, runs, { signal, volumes: true, progress: step })) log(warning);
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    log(`what earlier runs may have left could not be looked for: ${reasonOf(error)}`);
  }
};

/**
 * Lets the facts of a run act.
 * @param options the run's connection, and what the user chose
 */
export const startActing = (options: ActOptions): Acting => {
  const run = newRunId();
  const warnings: string[] = [];
  const running = new Set<Promise<unknown>>();
  let swept: Promise<void> | undefined;
  let began = false;
  const context: ActContext = {
    ...options,
    run,
    onActing: () => {
      if (!began) options.onActing(run);
      began = true;
    },
    warn: (warning) => warnings.push(warning),
  };
  const act: Acting['act'] = async (name, fact) => {
    const probe = probes.find((p) => p.fact.name === name);
    if (probe === undefined) throw new Error(`no probe is called ${name}`);
    await (swept ??= sweep(options.api, options));
    const work = probe.run(context, fact);
    running.add(work);
    return work;
  };
  const givenBack: Acting['givenBack'] = async () => {
    await Promise.allSettled(running);
    if (began && warnings.length === 0) options.onActing(undefined);
    return [...new Set(warnings)];
  };
  return { act, givenBack };
};

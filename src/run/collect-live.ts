import { collect } from './collect.js';
import { GuardedDryRuns } from '../kubernetes/dry-runs.js';
import type { RunOutcome } from '../conformance/sonobuoy/index.js';
import type { E2eCheck } from './e2e.js';
import { e2eResults, type ImportedResults } from '../facts/e2e-results.js';
import type { Offer } from '../facts/support/offer.js';
import type { Inputs } from '../inputs/parse.js';
import type { Tier } from '../model/outcome.js';
import { NotAvailable } from '../model/errors.js';
import type { Fact, Facts, Ports } from '../model/fact.js';
import type { Documents } from '../model/ports.js';
import { imageOf } from '../probes/image.js';
import type { RunningProbes } from '../probes/index.js';
import { deadlineAfter } from '../system/deadline.js';
import type { LiveCluster, Opened } from '../sources/source.js';
import type { Runtime } from './runtime.js';

/** What came of an end-to-end run, for those who go on with it. */
export interface E2eEnd {
  readonly state: 'finished' | 'running' | 'none';
  /** Where the archive is, of one that is finished. */
  readonly archive?: string | undefined;
}

/** What was collected from a cluster. */
export interface Collected {
  readonly facts: Facts;
  /** What the run has left in the cluster. */
  readonly left: readonly string[];
  /** What everyone must know who reads the report. */
  readonly caveats: readonly string[];
  /** Absent where the run was to make none. */
  readonly e2e?: E2eEnd | undefined;
}

/** A live cluster that was opened. */
export type OpenedLive = Opened & { readonly cluster: LiveCluster };

/** What asking takes beside the cluster. */
export interface LiveContext extends Pick<Inputs, 'probes' | 'e2e' | 'limits'> {
  readonly tier: Tier;
  readonly documents: Documents;
  readonly now: Date;
  readonly pullSecret: string | undefined;
  readonly given: ImportedResults | undefined;
  readonly offer: Offer | undefined;
  /** Ends everything, the end-to-end tests included. */
  readonly signal: AbortSignal;
}

const startProbes = async (
  { tier, probes, pullSecret }: LiveContext,
  opened: OpenedLive,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<RunningProbes | undefined> => {
  const { cluster } = opened;
  if (tier === 'light') return undefined;
  // A light run does not load what acts.
  const { startProbes } = await import(/* webpackMode: "eager" */ '../probes/index.js');
  return startProbes({
    api: cluster.api,
    lasting: cluster.lasting,
    signal,
    image: imageOf(probes),
    nodes: probes.nodes,
    patienceMs: probes.patienceMs,
    pullSecret,
    log: runtime.log,
    step: (text) => runtime.step(`acting in ${opened.name}`, text),
    onActing: (run) => void runtime.onResource('sandbox', run),
  });
};

const busyCaveat =
  'End-to-end tests were going on in this cluster while it was looked at: what they had made at that moment may have been seen, and nothing else was tried out.';

/** Where tests go on, probes would disturb them, and be disturbed. */
const notBeside: NonNullable<Ports['act']> = () =>
  Promise.reject(
    new NotAvailable('refused', 'nothing was made, as end-to-end tests go on in this cluster; run again when they have ended'),
  );

/** What a run with end-to-end tests has prepared; the tests of an earlier step are followed first: nothing is seen or made beside them. */
const e2eFirst = async (context: LiveContext, opened: OpenedLive, runtime: Runtime): Promise<E2eCheck | undefined> => {
  const { e2e: inputs, given, signal } = context;
  if (given === undefined) return undefined;
  await opened.cluster.reachable;
  const { prepareE2e } = await import(/* webpackMode: "eager" */ './e2e.js');
  const e2e = await prepareE2e(inputs, runtime, opened.cluster, given, signal);
  if (e2e.pending) await e2e.settle();
  return e2e;
};

/** What came of the tests, as far as it concerns those who read the report and go on with the archive. */
const ofTests = (outcome: RunOutcome | undefined): Pick<Collected, 'e2e' | 'left' | 'caveats'> => {
  if (outcome === undefined) return { left: [], caveats: [] };
  const { state, warnings } = outcome;
  return outcome.state === 'finished'
    ? { e2e: { state, archive: outcome.archive }, left: warnings, caveats: outcome.caveats }
    : { e2e: { state }, left: warnings, caveats: [] };
};

/**
 * Asks a live cluster everything, and gives back what was made in it, whatever ends the run.
 * @throws {UserError} if the cluster gives no answer at all
 */
export const collectLive = async (
  wanted: readonly Fact<unknown>[],
  opened: OpenedLive,
  context: LiveContext,
  runtime: Runtime,
): Promise<Collected> => {
  const { tier, documents, now, given, offer, limits } = context;
  const { cluster } = opened;
  runtime.step(`looking at ${opened.name}`);
  const heavy = tier === 'heavy' && wanted.some(({ name }) => name === e2eResults.name);
  const e2e = heavy ? await e2eFirst(context, opened, runtime) : undefined;
  const busy = e2e?.outcome()?.state === 'running';
  const deadline = deadlineAfter(limits.timeoutMs, context.signal);
  const acting = busy ? undefined : await startProbes(context, opened, runtime, deadline.signal);
  const dryRuns = new GuardedDryRuns(cluster.api, cluster.lasting, deadline.signal);
  const ports = {
    api: cluster.api,
    dryRuns,
    network: cluster.network,
    documents,
    now,
    clock: runtime.now,
    secret: runtime.secret,
    act: busy ? notBeside : acting?.act,
    offer,
    e2e: e2e?.port ?? (given === undefined ? undefined : () => Promise.resolve(given)),
  };
  try {
    const collecting = collect(wanted, ports, deadline.signal, (done, all, name) =>
      runtime.step(`looking at ${opened.name}`, `${done} of ${all} facts (${name})`),
    );
    // Everything is asked at once; a cluster that gives no answer at all is one error, not a report of aborts.
    await cluster.reachable;
    const facts = await collecting;
    const left = (await acting?.givenBack()) ?? [];
    const stored = await dryRuns.end();
    const tests = ofTests(e2e?.outcome());
    return { ...tests, facts, left: [...left, ...tests.left], caveats: [...stored, ...(busy ? [busyCaveat] : []), ...tests.caveats] };
  } catch (error) {
    await Promise.all([acting?.givenBack(), dryRuns.end()]);
    throw error;
  } finally {
    deadline.clear();
  }
};

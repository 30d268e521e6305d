import { e2eResults } from '../facts/e2e-results.js';
import { buildReport, factsToCollect } from '../evaluation/build-report.js';
import type { Inputs } from '../inputs/parse.js';
import { locator } from '../inputs/source-locations.js';
import { ClusterError, UserError } from '../model/errors.js';
import type { Report } from '../model/report.js';
import type { Standard } from '../model/requirement.js';
import { tool } from '../model/tool.js';
import { boundedCaveats, fitForSnapshot, writeSnapshot } from '../sources/snapshot.js';
import type { Opened } from '../sources/source.js';
import { standards } from '../standards/index.js';
import { selectStandards } from '../standards/select.js';
import { deadlineAfter } from '../system/deadline.js';
import type { Redactor } from '../text/redact.js';
import { collectFacts } from './collect-facts.js';
import type { E2eEnd } from './collect-live.js';
import { openCluster } from './open-cluster.js';
import { momentsOf, originOf } from './origin.js';
import { readGiven, type Given } from './read-given.js';
import type { Runtime } from './runtime.js';

/** What a check takes of the inputs. */
export type CheckRun = Omit<Inputs, 'reports'>;

/** A cluster, checked. */
export interface Checked {
  readonly report: Report;
  /** When the cluster was looked at, ISO 8601, whatever moment is judged by. */
  readonly checkedAt: string;
  /** The facts as a snapshot's text. */
  readonly snapshot: string;
  /** True if the run ended before it had looked at everything. */
  readonly interrupted: boolean;
  /** A kubeconfig for later steps, if the source made one. */
  readonly kubeconfig?: string | undefined;
  /** What came of an end-to-end run, if one was to be made. */
  readonly e2e?: E2eEnd | undefined;
  /** Gives the cluster back. @returns warnings */
  readonly close: () => Promise<readonly string[]>;
}

/** Removing an end-to-end run, and fetching its archive again and again, may take so long. */
const afterTestsMs = 30 * 60_000;

/** How long all of it may take: each part ends by itself before. */
const wholeMs = ({ limits: { timeoutMs }, checks: { tier }, e2e }: CheckRun): number =>
  tier === 'heavy' ? timeoutMs + e2e.waitMs + afterTestsMs : timeoutMs;

/** From a cluster that was opened to its report. */
const checkOpened = async (
  opened: Opened,
  inputs: CheckRun,
  given: Given,
  chosen: readonly Standard[],
  runtime: Runtime,
  signal: AbortSignal,
): Promise<Checked> => {
  const { cluster, kubeconfig } = opened;
  const asOf = inputs.checks.now;
  const begun = asOf ?? (cluster.live ? runtime.now() : new Date(cluster.recordedAt));
  const tier = cluster.live ? inputs.checks.tier : cluster.tier;
  const { facts, left, caveats, e2e } = await collectFacts(opened, { inputs, given, chosen, tier, begun, signal }, runtime);
  const origin = originOf(opened, asOf);
  // Before anything is worded: a secret that a reporter cuts in the middle is not recognised any more.
  const shown = runtime.redactor.redactAll({
    facts,
    origin: { ...origin, caveats: [...origin.caveats, ...caveats, ...left] },
    statements: given.statements,
  });
  const seen = { ...shown.origin, caveats: boundedCaveats(shown.origin.caveats) };
  // As a replay will see them.
  const fit = fitForSnapshot(shown.facts, [...factsToCollect(chosen, tier), e2eResults]);
  const { now, checkedAt, recordedAt } = momentsOf(opened, begun, runtime.now(), tier, asOf);
  const { sources, scope } = given;
  const options = { tier, tool, checkedAt, locate: locator(sources), statements: shown.statements, scope };
  return {
    report: buildReport(chosen, fit, now, seen, options),
    checkedAt,
    snapshot: writeSnapshot({ recordedAt, tool, cluster: seen, tier, facts: fit }),
    interrupted: runtime.signal.aborted,
    kubeconfig,
    e2e,
    close: async () => [...left, ...(await opened.close())],
  };
};

/** An error without secrets, which a server may repeat, and without causes that may hold them. */
const redactError = (error: unknown, { redactAll }: Redactor): unknown => {
  if (!(error instanceof UserError)) return error;
  const problems = redactAll(error.problems);
  if (problems.every((problem, i) => problem === error.problems[i])) return error;
  return error instanceof ClusterError ? new ClusterError(problems) : new UserError(problems);
};

const runCheck = async (inputs: CheckRun, runtime: Runtime): Promise<Checked> => {
  const given = await readGiven(inputs, runtime);
  const chosen = selectStandards(standards, inputs.checks.standards);
  const { signal, clear } = deadlineAfter(wholeMs(inputs), runtime.signal);
  const { cluster } = inputs;
  try {
    // kind bounds itself, saves its logs then, and takes an aborted signal for a cancelled job.
    const opening = { ...runtime, signal: cluster.from === 'kind' ? runtime.signal : signal };
    const opened = await openCluster(cluster, opening);
    try {
      return await checkOpened(opened, inputs, given, chosen, runtime, signal);
    } catch (error) {
      await opened.close();
      throw error;
    }
  } finally {
    // A deadline that nobody waits for would keep the process.
    clear();
  }
};

/**
 * Checks a cluster: reads the files that the inputs name, opens the cluster, collects its facts, takes secrets out of them, and builds the report.
 * @param inputs valid as a whole
 * @throws {UserError} without secrets, if a file cannot be read or the cluster cannot be had; what a cluster refuses to show is part of the report
 */
export const check = (inputs: CheckRun, runtime: Runtime): Promise<Checked> =>
  runCheck(inputs, runtime).catch((error: unknown) => {
    throw redactError(error, runtime.redactor);
  });

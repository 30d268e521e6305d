import { e2eResults, toResults, type ImportedResults } from './facts/e2e-results.js';
import { clusterCreated, clusterUid, namespaces } from './facts/namespaces.js';
import { nodes } from './facts/nodes.js';
import { assertAll, readInputFiles, type InputFiles } from './input-files.js';
import type { Inputs } from './inputs.js';
import { offeredVersions } from './facts/offered-versions.js';
import type { Offer } from './facts/support/offer.js';
import { factsToCollect, judge, type Origin } from './judge.js';
import { locator } from './locate.js';
import { ClusterError, UserError } from './model/errors.js';
import { factOf, isUnavailable, type Fact, type Facts } from './model/fact.js';
import type { Redactor } from './model/redact.js';
import type { Report } from './model/report.js';
import type { Standard } from './model/requirement.js';
import { openCluster } from './open.js';
import { lookAt, type E2eEnd, type Looked } from './look.js';
import { parsePullSecret, pullSecretKind } from './probes/image.js';
import { deadlineAfter } from './programs/deadline.js';
import { readPathOrText } from './programs/path-or-text.js';
import { factsOf } from './rbac.js';
import { selectStandards } from './select.js';
import { createDocuments } from './sources/documents.js';
import { boundedCaveats, fitForSnapshot, validateFacts, writeSnapshot } from './sources/snapshot.js';
import type { Opened } from './sources/source.js';
import { standards } from './standards/index.js';
import { tool } from './tool.js';
import type { World } from './world.js';

/** A cluster, judged. */
export interface Checked {
  readonly report: Report;
  /** When the cluster was looked at, ISO 8601, whatever moment is judged by. */
  readonly checkedAt: string;
  /** The facts as a snapshot's text. */
  readonly snapshot: string;
  /** True where the run ended before it had looked at everything. */
  readonly interrupted: boolean;
  /** A kubeconfig for later steps, where the source made one. */
  readonly kubeconfig?: string;
  /** What came of an end-to-end run, where one was to be made. */
  readonly e2e?: E2eEnd;
  /** Gives the cluster back; answers with warnings. */
  readonly close: () => Promise<readonly string[]>;
}

const originOf = ({ name, source, detail, caveats, cluster }: Opened, asOf: Date | undefined): Origin => {
  const day = cluster.live ? '' : cluster.recordedAt.slice(0, 10);
  const note = cluster.live
    ? asOf === undefined
      ? undefined
      : `judged as of ${asOf.toISOString()}`
    : source === 'embedded'
      ? `a recorded example of ${day}, no cluster of yours`
      : `recorded on ${day}`;
  return {
    name,
    source,
    detail,
    caveats,
    ...(note === undefined ? {} : { note }),
    ...(cluster.live ? { moment: asOf === undefined ? ('now' as const) : ('set' as const) } : {}),
  };
};

/** A server may say again what it was shown: an error without secrets, and without its causes where those may hold them too. */
const withoutSecrets = (error: unknown, { redactAll }: Redactor): unknown => {
  if (!(error instanceof UserError)) return error;
  const problems = redactAll(error.problems);
  if (problems.every((problem, i) => problem === error.problems[i])) return error;
  return error instanceof ClusterError ? new ClusterError(problems) : new UserError(problems);
};

/** The pull secret of the probes' image. @throws {UserError} where it cannot be read or is none; what looks like a path may be a secret too */
const readPullSecret = async (inputs: Inputs, world: World): Promise<string | undefined> => {
  const { pullSecret } = inputs.probes;
  if (pullSecret === undefined) return undefined;
  const read = await readPathOrText(pullSecret, pullSecretKind, world.secret);
  if ('text' in read) return parsePullSecret(read.text, world.secret);
  throw new UserError([`Input "probe-pull-secret" ${read.problem}. Give the path of a config.json with "auths", or its text.`]);
};

/** Results of earlier end-to-end runs, and the tests that may fail. @throws {UserError} where they cannot be read */
const readGiven = async (inputs: Inputs): Promise<ImportedResults | undefined> => {
  if (inputs.e2e.results.length === 0 && inputs.tier !== 'heavy') return undefined;
  const { readGivenResults } = await import(/* webpackMode: "eager" */ './e2e.js');
  return readGivenResults(inputs);
};

/** The facts of a recording, with results and an offer that are given to this run in place of recorded ones. */
const recorded = (
  facts: Facts,
  wanted: readonly Fact<unknown>[],
  { imported: e2e, offer }: { readonly imported: ImportedResults | undefined; readonly offer: Offer | undefined },
): Facts => {
  const valid = { ...validateFacts(facts, wanted), ...(offer === undefined ? {} : { [offeredVersions.name]: offer }) };
  if (e2e === undefined) return valid;
  const seen = factOf(valid, nodes);
  const names = isUnavailable(seen) ? null : seen.map(({ name }) => name);
  const spaces = factOf(valid, namespaces);
  const cluster = { kubeSystem: clusterUid(spaces) ?? null, nodes: names, created: clusterCreated(spaces) };
  return { ...valid, [e2eResults.name]: toResults(e2e, cluster) };
};

/** A recording of tomorrow is one of a clock that is wrong: at upstream's monitor its results would hide all that follow until then. */
const checkedAtOf = (recordedAt: string | undefined, now: Date): string =>
  new Date(Math.min(now.getTime(), recordedAt === undefined ? Infinity : Date.parse(recordedAt))).toISOString();

/** Removing an end-to-end run, and fetching its archive again and again, may take so long. */
const afterTestsMs = 30 * 60_000;

/** How long all of it may take, in milliseconds: each part ends by itself before. */
const longest = ({ timeoutMs, tier, e2e }: Inputs): number => (tier === 'heavy' ? timeoutMs + e2e.waitMs + afterTestsMs : timeoutMs);

/** What is read before a cluster is opened, with the end of all that is asked of it. */
interface Given extends InputFiles {
  readonly pullSecret: string | undefined;
  readonly imported: ImportedResults | undefined;
  readonly chosen: readonly Standard[];
  readonly signal: AbortSignal;
}

/** The facts of a cluster that was opened: asked, or recorded. */
const factsFrom = async (opened: Opened, inputs: Inputs, world: World, given: Given, begun: Date): Promise<Looked> => {
  const { cluster } = opened;
  const { releaseData, pullSecret, imported, chosen, signal } = given;
  const offer = given.offer === undefined ? undefined : { date: begun.toISOString(), ...given.offer };
  const ofTier = factsToCollect(chosen, cluster.live ? inputs.tier : cluster.tier);
  const hasResults = imported !== undefined || (!cluster.live && Object.hasOwn(cluster.facts, e2eResults.name));
  // What was not given is no fact of a cluster, and nothing to record.
  const asked = offer === undefined && cluster.live ? ofTier.filter((fact) => fact !== offeredVersions) : ofTier;
  const wanted = hasResults && !ofTier.includes(e2eResults) && factsOf(chosen).includes(e2eResults) ? [...asked, e2eResults] : asked;
  if (!cluster.live) return { facts: recorded(cluster.facts, wanted, { imported, offer }), left: [], caveats: [] };
  const documents = createDocuments({
    cacheDirectory: world.cacheDirectory,
    offline: inputs.offline,
    now: begun,
    env: world.env,
    ...(inputs.token === undefined ? {} : { token: inputs.token }),
    ...(releaseData === undefined ? {} : { releaseDataFile: releaseData }),
  });
  return lookAt(wanted, { ...opened, cluster }, { inputs, world, documents, now: begun, pullSecret, given: imported, offer, signal });
};

const judgeOpened = async (opened: Opened, inputs: Inputs, world: World, given: Given): Promise<Checked> => {
  const { cluster } = opened;
  const { manifests, scope, statements, chosen } = given;
  const begun = inputs.now ?? (cluster.live ? world.now() : new Date(cluster.recordedAt));
  const tier = cluster.live ? inputs.tier : cluster.tier;
  const { facts, left, caveats, e2e } = await factsFrom(opened, inputs, world, given, begun);
  // Tests take hours, and their results are not of the future.
  const now = tier === 'heavy' && cluster.live && inputs.now === undefined ? world.now() : begun;
  // Before anything is worded: a secret that a reporter cuts in the middle is not recognised any more.
  // As a replay will see them.
  const shown = fitForSnapshot(world.redactor.redactAll(facts), [...factsToCollect(chosen, tier), e2eResults]);
  const looked = originOf(opened, inputs.now);
  const told = world.redactor.redactAll([...looked.caveats, ...caveats, ...left]);
  const origin = { ...world.redactor.redactAll(looked), caveats: boundedCaveats(told) };
  // A live cluster is looked at now, whatever moment is judged by.
  const checkedAt = checkedAtOf(
    cluster.live ? (inputs.now === undefined ? now.toISOString() : undefined) : cluster.recordedAt,
    world.now(),
  );
  const report = judge(chosen, shown, now, origin, {
    tier,
    tool,
    checkedAt,
    locate: locator(manifests),
    statements: world.redactor.redactAll(statements),
    ...(scope === undefined ? {} : { scope }),
  });
  const recordedAt = cluster.live ? now.toISOString() : cluster.recordedAt;
  return {
    report,
    checkedAt,
    snapshot: writeSnapshot({
      recordedAt,
      tool,
      cluster: { name: origin.name, source: origin.source, detail: origin.detail, caveats: origin.caveats },
      tier,
      facts: shown,
    }),
    interrupted: world.signal.aborted,
    ...(opened.kubeconfig === undefined ? {} : { kubeconfig: opened.kubeconfig }),
    ...(e2e === undefined ? {} : { e2e }),
    close: async () => [...left, ...(await opened.close())],
  };
};

const look = async (inputs: Inputs, world: World): Promise<Checked> => {
  const reading = [readInputFiles(inputs), readPullSecret(inputs, world), readGiven(inputs)] as const;
  assertAll(await Promise.allSettled(reading));
  const [files, pullSecret, imported] = await Promise.all(reading);
  const chosen = selectStandards(standards, inputs.standards);
  const { signal, clear } = deadlineAfter(longest(inputs), world.signal);
  try {
    // kind bounds itself, saves its logs then, and takes an aborted signal for a cancelled job.
    const opened = await openCluster(inputs, { ...world, signal: inputs.cluster.from === 'kind' ? world.signal : signal });
    try {
      return await judgeOpened(opened, inputs, world, { ...files, pullSecret, imported, chosen, signal });
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
 * The main job: opens a cluster, looks, and judges.
 * @param inputs valid as a whole
 * @throws {UserError} where a file cannot be read or the cluster cannot be had, without secrets; what a cluster refuses to show is part of
 * the report
 */
export const check = (inputs: Inputs, world: World): Promise<Checked> =>
  look(inputs, world).catch((error: unknown) => {
    throw withoutSecrets(error, world.redactor);
  });

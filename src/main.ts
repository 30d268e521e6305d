import { collect } from './collect.js';
import { importResults } from './conformance/import.js';
import { e2eResults, toResults, type ImportedResults } from './facts/e2e-results.js';
import { nodes } from './facts/nodes.js';
import { parseExceptions, upstreamExceptions } from './facts/support/e2e-exceptions.js';
import { readInputFiles, readText } from './input-files.js';
import type { Inputs } from './inputs.js';
import { factsToCollect, judge, type Origin } from './judge.js';
import { locator } from './locate.js';
import { ClusterError, UserError } from './model/errors.js';
import { factOf, isUnavailable, type Fact, type Facts } from './model/fact.js';
import type { Documents } from './model/ports.js';
import type { Redactor } from './model/redact.js';
import type { Report } from './model/report.js';
import { openCluster } from './open.js';
import { imageOf, parsePullSecret } from './probes/image.js';
import { startActing } from './probes/index.js';
import { factsOf } from './rbac.js';
import { selectStandards } from './select.js';
import { createDocuments } from './sources/documents.js';
import { validateFacts, writeSnapshot } from './sources/snapshot.js';
import type { LiveCluster, Opened } from './sources/source.js';
import { codeOf } from './sources/system-error.js';
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
  /** Gives the cluster back; answers with warnings. */
  readonly close: () => Promise<readonly string[]>;
}

const originOf = ({ name, source, detail, caveats, cluster }: Opened): Origin => {
  const day = cluster.live ? '' : cluster.recordedAt.slice(0, 10);
  const note = cluster.live
    ? undefined
    : source === 'embedded'
      ? `a recorded example of ${day}, no cluster of yours`
      : `recorded on ${day}`;
  return { name, source, detail, caveats, ...(note === undefined ? {} : { note }) };
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
  if (pullSecret.startsWith('{')) return parsePullSecret(pullSecret, world.secret);
  const text = await readText('probe-pull-secret', pullSecret).catch((cause: unknown) => {
    const why = codeOf(cause) || 'it is too large';
    throw new UserError([
      `Cannot read the file that the input "probe-pull-secret" names: ${why}. Give the path of a config.json with "auths", or its text.`,
    ]);
  });
  return parsePullSecret(text, world.secret);
};

/** Results of earlier end-to-end runs, where the user gave some. @throws {UserError} where they or their exceptions cannot be read */
const readE2e = async ({ e2e: { results, exceptions } }: Inputs): Promise<ImportedResults | undefined> => {
  if (results.length === 0) return undefined;
  const list = exceptions === undefined ? upstreamExceptions : parseExceptions(await readText('e2e-exceptions', exceptions), exceptions);
  return { runs: await importResults(results), exceptions: list };
};

/** The facts of a recording, with results that are given to this run in place of recorded ones. */
const recorded = (facts: Facts, wanted: readonly Fact<unknown>[], e2e: ImportedResults | undefined): Facts => {
  const valid = validateFacts(facts, wanted);
  if (e2e === undefined) return valid;
  const seen = factOf(valid, nodes);
  const names = isUnavailable(seen) ? null : seen.map(({ name }) => name);
  return { ...valid, [e2eResults.name]: toResults(e2e, { kubeSystem: null, nodes: names }) };
};

interface Looked {
  readonly facts: Facts;
  /** What acting has left in the cluster. */
  readonly left: readonly string[];
}

/** Asks a live cluster everything, and gives back what was made in it, whatever ends the run. */
const lookAt = async (
  wanted: readonly Fact<unknown>[],
  opened: Opened & { readonly cluster: LiveCluster },
  given: {
    readonly inputs: Inputs;
    readonly world: World;
    readonly documents: Documents;
    readonly now: Date;
    readonly pullSecret: string | undefined;
    readonly e2e: ImportedResults | undefined;
  },
  signal: AbortSignal,
): Promise<Looked> => {
  const { inputs, world, documents, now, pullSecret, e2e } = given;
  const { cluster } = opened;
  world.step(`looking at ${opened.name}`);
  const acting =
    inputs.tier === 'light'
      ? undefined
      : startActing({
          api: cluster.api,
          lasting: cluster.lasting,
          signal,
          image: imageOf(inputs.probes),
          nodes: inputs.probes.nodes,
          patienceMs: inputs.probes.patienceMs,
          ...(pullSecret === undefined ? {} : { pullSecret }),
          log: (line) => world.log(world.redactor.redact(line)),
          step: (text) => world.step(`acting in ${opened.name}`, text),
          onActing: world.onActing ?? (() => undefined),
        });
  const ports = {
    api: cluster.api,
    network: cluster.network,
    documents,
    now,
    secret: world.secret,
    ...(acting === undefined ? {} : { act: acting.act }),
    ...(e2e === undefined ? {} : { e2e: () => Promise.resolve(e2e) }),
  };
  try {
    const collecting = collect(wanted, ports, signal, (done, all, name) =>
      world.step(`looking at ${opened.name}`, `${done} of ${all} facts (${name})`),
    );
    // Everything is asked at once; a cluster that gives no answer at all is one error, not a report of aborts.
    await cluster.reachable;
    return { facts: await collecting, left: (await acting?.givenBack()) ?? [] };
  } catch (error) {
    await acting?.givenBack();
    throw error;
  }
};

/** A recording of tomorrow is one of a clock that is wrong: at upstream's monitor its results would hide all that follow until then. */
const checkedAtOf = (recordedAt: string | undefined, now: Date): string =>
  new Date(Math.min(now.getTime(), recordedAt === undefined ? Infinity : Date.parse(recordedAt))).toISOString();

const isLive = (opened: Opened): opened is Opened & { readonly cluster: LiveCluster } => opened.cluster.live;

const look = async (inputs: Inputs, world: World): Promise<Checked> => {
  const { manifests, releaseData, scope, statements } = await readInputFiles(inputs);
  const pullSecret = await readPullSecret(inputs, world);
  const e2e = await readE2e(inputs);
  const chosen = selectStandards(standards, inputs.standards);
  const signal = AbortSignal.any([world.signal, AbortSignal.timeout(inputs.timeoutMs)]);
  const opened = await openCluster(inputs, { ...world, signal });
  try {
    const { cluster } = opened;
    const now = inputs.now ?? (cluster.live ? world.now() : new Date(cluster.recordedAt));
    const tier = cluster.live ? inputs.tier : cluster.tier;
    const ofTier = factsToCollect(chosen, tier);
    const given = e2e !== undefined || (!cluster.live && Object.hasOwn(cluster.facts, e2eResults.name));
    const wanted = given && !ofTier.includes(e2eResults) && factsOf(chosen).includes(e2eResults) ? [...ofTier, e2eResults] : ofTier;
    const documents = createDocuments({
      cacheDirectory: world.cacheDirectory,
      offline: inputs.offline,
      now,
      env: world.env,
      ...(inputs.token === undefined ? {} : { token: inputs.token }),
      ...(releaseData === undefined ? {} : { releaseDataFile: releaseData }),
    });
    const { facts, left }: Looked = isLive(opened)
      ? await lookAt(wanted, opened, { inputs, world, documents, now, pullSecret, e2e }, signal)
      : { facts: cluster.live ? {} : recorded(cluster.facts, wanted, e2e), left: [] };
    // Before anything is worded: a secret that a reporter cuts in the middle is not recognised any more.
    const shown = world.redactor.redactAll(facts);
    const looked = originOf(opened);
    const origin = world.redactor.redactAll({ ...looked, caveats: [...looked.caveats, ...left] });
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
      close: async () => [...left, ...(await opened.close())],
    };
  } catch (error) {
    await opened.close();
    throw error;
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

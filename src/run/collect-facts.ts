import { e2eResults, toResults, type ImportedResults } from '../facts/e2e-results.js';
import { clusterCreated, clusterUid, namespaces } from '../facts/namespaces.js';
import { nodes } from '../facts/nodes.js';
import { offeredVersions } from '../facts/offered-versions.js';
import type { Offer } from '../facts/support/offer.js';
import { factsToCollect } from '../evaluation/build-report.js';
import type { Inputs } from '../inputs/parse.js';
import { factOf, isUnavailable, type Fact, type Facts } from '../model/fact.js';
import type { Tier } from '../model/outcome.js';
import type { Standard } from '../model/requirement.js';
import { validateFacts } from '../sources/snapshot.js';
import type { Opened } from '../sources/source.js';
import { factsOf } from '../standards/permissions.js';
import { collectLive, type Collected } from './collect-live.js';
import { createDocuments } from './documents.js';
import type { Given } from './read-given.js';
import type { Runtime } from './runtime.js';

/** What collecting takes beside the cluster. */
export interface Collecting {
  readonly inputs: Pick<Inputs, 'checks' | 'probes' | 'e2e' | 'documents' | 'limits' | 'token'>;
  readonly given: Pick<Given, 'releaseData' | 'pullSecret' | 'imported' | 'offer'>;
  readonly chosen: readonly Standard[];
  /** The tier of the run, or that of the recording. */
  readonly tier: Tier;
  /** The moment that is judged by, as far as it is known before. */
  readonly begun: Date;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** The facts of a recording, with results and an offer that are given to this run in place of recorded ones. */
const recorded = (
  facts: Facts,
  wanted: readonly Fact<unknown>[],
  imported: ImportedResults | undefined,
  offer: Offer | undefined,
): Facts => {
  const valid = { ...validateFacts(facts, wanted), ...(offer === undefined ? {} : { [offeredVersions.name]: offer }) };
  if (imported === undefined) return valid;
  const seen = factOf(valid, nodes);
  const names = isUnavailable(seen) ? null : seen.map(({ name }) => name);
  const spaces = factOf(valid, namespaces);
  const cluster = { kubeSystem: clusterUid(spaces) ?? null, nodes: names, created: clusterCreated(spaces) };
  return { ...valid, [e2eResults.name]: toResults(imported, cluster) };
};

/** The facts of a cluster that was opened: asked, or recorded. @throws {UserError} if a live one gives no answer at all */
export const collectFacts = async (opened: Opened, collecting: Collecting, runtime: Runtime): Promise<Collected> => {
  const { cluster } = opened;
  const { inputs, given, chosen, tier, begun, signal } = collecting;
  const { imported } = given;
  const offer = given.offer === undefined ? undefined : { date: begun.toISOString(), ...given.offer };
  const ofTier = factsToCollect(chosen, tier);
  const hasResults = imported !== undefined || (!cluster.live && Object.hasOwn(cluster.facts, e2eResults.name));
  // What was not given is no fact of a cluster, and nothing to record.
  const asked = offer === undefined && cluster.live ? ofTier.filter((fact) => fact !== offeredVersions) : ofTier;
  const wanted = hasResults && !ofTier.includes(e2eResults) && factsOf(chosen).includes(e2eResults) ? [...asked, e2eResults] : asked;
  if (!cluster.live) return { facts: recorded(cluster.facts, wanted, imported, offer), left: [], caveats: [] };
  const documents = createDocuments({
    cacheDirectory: runtime.cacheDirectory,
    offline: inputs.documents.offline,
    now: begun,
    env: runtime.env,
    secret: runtime.secret,
    token: inputs.token,
    releaseDataFile: given.releaseData,
  });
  const context = { ...inputs, tier, documents, now: begun, pullSecret: given.pullSecret, given: imported, offer, signal };
  return collectLive(wanted, { ...opened, cluster }, context, runtime);
};

import { describeCluster, describedFacts } from './describe-cluster.js';
import { evaluate, type Context } from './evaluate.js';
import { accessReviewsOf } from '../facts/access-reviews.js';
import { clocks } from '../facts/clocks.js';
import { clusterUid, namespaces } from '../facts/namespaces.js';
import { releaseDataRows } from '../facts/support/release-data-rows.js';
import { standingOf } from '../facts/support/standing.js';
import { timeDoubt } from '../facts/support/time-doubt.js';
import { serverVersion } from '../facts/server-version.js';
import { factOf, isUnavailable, type Fact, type Facts } from '../model/fact.js';
import { tiers, type Tier } from '../model/outcome.js';
import { permissionKey } from '../model/permission.js';
import type { Report } from '../model/report.js';
import type { Standard } from '../model/requirement.js';
import { factsOf, permissionsOf, formatManifest } from '../standards/permissions.js';
import { bundledScope, bundledSource } from '../certificate-scope/bundled.js';
import { officialReport } from '../certificate-scope/official.js';
import type { Scope } from '../certificate-scope/scope.js';
import { selectStandards } from '../standards/select.js';
import { standards as allStandards } from '../standards/index.js';
import { inForce, statementCaveats } from './statements.js';

/** Where the facts come from, in words. */
export interface Origin {
  readonly name: string;
  readonly source: string;
  readonly detail: string;
  readonly caveats: readonly string[];
  /** For the first line of every report; none for a live cluster. */
  readonly note?: string | undefined;
  /** On a live cluster: whether the moment to judge by is that of the run, or was set by the user. */
  readonly moment?: 'now' | 'set' | undefined;
}

/** Every fact that a run of that tier over these standards takes: what is judged, what is shown beside it, and our own rights. */
export const factsToCollect = (standards: readonly Standard[], tier: Tier): readonly Fact<unknown>[] => {
  const ofTier = [clocks, ...factsOf(standards), ...describedFacts].filter(
    (fact) => tiers.indexOf(fact.tier ?? 'light') <= tiers.indexOf(tier),
  );
  const facts = [...new Map(ofTier.map((fact) => [fact.name, fact] as const)).values()];
  const inOrder = [...facts.filter((fact) => fact.first === true), ...facts.filter((fact) => fact.first !== true)];
  // The same right for two roles is one question.
  const asked = new Map(permissionsOf(facts).map((p) => [permissionKey(p), p] as const));
  return [...inOrder, accessReviewsOf([...asked.values()])];
};

/** What the verdict is about and a selection leaves out: the standards of the certificate scope that are in force. */
const deselectedOf = (chosen: readonly Standard[]): readonly string[] =>
  selectStandards(allStandards, [])
    .filter(({ category, id }) => category === 'certificate' && !chosen.some((standard) => standard.id === id))
    .map(({ id }) => id);

/** What a report holds beside what the facts tell. */
export interface ReportOptions extends Pick<Context, 'tier' | 'tool' | 'checkedAt' | 'locate' | 'statements'> {
  /** Upstream's scope, and where it comes from; the bundled one without. */
  readonly scope?: { readonly scope: Scope; readonly source: string } | undefined;
}

const clusterOf = (facts: Facts, { name, source, detail }: Origin): Report['cluster'] => {
  const version = factOf(facts, serverVersion);
  const uid = clusterUid(factOf(facts, namespaces));
  return {
    name,
    source,
    sourceDetail: detail,
    version: isUnavailable(version) ? '' : version.gitVersion,
    uid,
    about: describeCluster(facts),
  };
};

const refusedOf = (facts: Facts): ReadonlySet<string> => {
  const reviews = factOf(facts, accessReviewsOf([]));
  return new Set(isUnavailable(reviews) ? [] : reviews.refused);
};

/**
 * Builds the report.
 * @param standards in the report's order
 * @param facts collected or replayed
 * @param now the moment to judge by
 */
export const buildReport = (
  standards: readonly Standard[],
  facts: Facts,
  now: Date,
  origin: Origin,
  { scope = { scope: bundledScope(), source: bundledSource }, statements = [], ...options }: ReportOptions,
): Report => {
  const date = now.toISOString().slice(0, 10);
  const doubt = timeDoubt(facts, options.checkedAt ?? now.toISOString());
  const standing = standingOf(facts, now, origin, doubt);
  const report = evaluate(standards, facts, {
    now,
    ...options,
    timeDoubt: doubt,
    lifetimes: new Map([...scope.scope.testcases.values()].map(({ id, lifetime }) => [id, lifetime] as const)),
    // Whether a statement holds depends on the day.
    statements: doubt === undefined ? inForce(statements, date) : [],
    // What a run has left in a cluster comes first.
    caveats: [
      ...origin.caveats,
      ...(doubt === undefined ? [] : [`${doubt} Nothing that depends on the time is judged, and no statement is used.`]),
      ...standing.caveats,
    ],
    note: origin.note,
    cluster: clusterOf(facts, origin),
    data: releaseDataRows(facts),
    deselected: deselectedOf(standards),
    refused: refusedOf(facts),
    manifest: formatManifest,
  });
  return {
    ...report,
    caveats: [...report.caveats, ...(doubt === undefined ? statementCaveats(statements, report, date) : [])],
    notForMonitor: standing.notForMonitor,
    official: officialReport(scope.scope, report.requirements, now, scope.source),
  };
};

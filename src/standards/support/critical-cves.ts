import type { KubernetesCves } from '../../facts/kubernetes-cves.js';
import type { KubernetesReleases } from '../../facts/kubernetes-releases.js';
import { areRangesOfKubernetes } from '../../facts/support/cve-ranges.js';
import { criticalScore, mayBeCritical, type Cve, type PatchRelease } from '../../facts/support/release-data.js';
import { affects, affectsBranch, compareVersions, minorOf, type KubernetesVersion } from '../../facts/support/version.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { cveData, dayOf, newerPatches, olderThan, releaseData, releaseEvidence, tooOld, withPatch } from './version-policy.js';

const score = ({ score: known }: Cve): string => (known === null ? 'base score unknown' : `base score ${known.toFixed(1)}`);

/** The version of the API server, and what is known of CVEs and releases. */
export interface CveFacts {
  readonly serverVersion: { readonly gitVersion: string };
  readonly kubernetesCves: KubernetesCves;
  readonly kubernetesReleases: KubernetesReleases;
}

/** What one CVE means for one cluster: one of these, or a CVE that no patch of the branch fixes. */
interface Finding {
  readonly cve: Cve;
  readonly overdue?: PatchRelease | undefined;
  readonly unclear?: string | undefined;
  readonly due?: PatchRelease | undefined;
  /** A patch of the branch that the ranges name and that the release data do not list; they are not older than the days that are allowed. */
  readonly named?: string | undefined;
}

/** What the patches of the running branch are. */
interface Patches {
  /** Those after the running version that were out by now, oldest first. */
  readonly newer: readonly PatchRelease[];
  /** All that the data list, of every branch. */
  readonly all: readonly PatchRelease[];
  /** False where the data may lack patches of the branch. */
  readonly complete: boolean;
}

/** A patch of the running branch at which the ranges of a CVE end, and which the list of releases lacks: one that is to come, or just came out. */
const unlistedEnd = ({ ranges }: Cve, full: string, all: readonly PatchRelease[]): string | undefined =>
  ranges
    .filter((range) => affects([range], full))
    .map(({ fixed, lastAffected }) => fixed ?? lastAffected)
    .find(
      (end) =>
        end !== undefined &&
        minorOf(end) === minorOf(full) &&
        compareVersions(end, full) > 0 &&
        !all.some(({ version }) => version === end),
    );

const findingOf = (cve: Cve, full: string, { newer, all, complete }: Patches, days: number, now: Date): Finding => {
  // A patch that still has the CVE is no fix.
  const fixes = newer.filter((p) => !affects(cve.ranges, p.version));
  const overdue = fixes.find((p) => olderThan(p.released, days, now) === 'yes');
  const atItsEdge = fixes.find((p) => olderThan(p.released, days, now) === 'maybe');
  if (overdue !== undefined && cve.score !== null) return { cve, overdue };
  if (overdue !== undefined) return { cve, unclear: `${cve.id} is fixed in ${overdue.version}, but its base score is not known` };
  if (atItsEdge !== undefined)
    return {
      cve,
      unclear: `${cve.id} is fixed in ${atItsEdge.version}, released on ${atItsEdge.released} at an hour that is not known: whether ${count(days, 'day')} have passed depends on it`,
    };
  if (!complete) return { cve, unclear: `${cve.id} affects this version, and the release data may lack the patch that fixes it` };
  const [due] = fixes;
  return due === undefined ? { cve, named: unlistedEnd(cve, full, all) } : { cve, due };
};

const unreadReasons = (unread: readonly string[]): readonly string[] =>
  unread.length === 0 ? [] : [`${count(unread.length, 'announced CVE')} could not be read: ${listed(unread, 5)}`];

/**
 * CVEs of the branch before, for a pre-release of a first release: it may have left that branch before the fix came there, and the ranges
 * are about releases.
 */
const inheritedReasons = ({ full, minor, prerelease }: KubernetesVersion, critical: readonly Cve[]): readonly string[] => {
  const [major = 0, number = 0] = minor.split('.').map(Number);
  const before = `${major}.${number - 1}`;
  if (!prerelease || full === null || number === 0 || !full.startsWith(`${minor}.0-`)) return [];
  return critical
    .filter(({ ranges }) => !affects(ranges, full) && affectsBranch(ranges, before))
    .map(({ id }) => `${id} affects ${before}, and whether the pre-release ${full} has the fix is not known`);
};

/** Where the ranges name a patch that is not listed. */
const namedText = (found: readonly Finding[]): string => {
  const named = found.flatMap(({ cve, named: end }) => (end === undefined ? [] : [`${cve.id} ends with ${end}`]));
  return named.length === 0 ? '' : `; not among the releases that are known: ${listed(named, 5)}`;
};

/**
 * @param doubts what keeps it from being known whether there are more
 * @param asOf of the CVE data, ISO 8601
 */
const judgeFindings = (full: string, found: readonly Finding[], doubts: readonly string[], asOf: string, days: number): Answer => {
  const overdue = found.flatMap(({ cve, overdue: fix }) => (fix === undefined ? [] : [`${cve.id} (fixed in ${fix.version})`]));
  if (overdue.length > 0)
    return fail(
      `${full} has ${count(overdue.length, 'critical CVE')} that a patch older than ${count(days, 'day')} fixes: ${listed(overdue, 5)}`,
    );
  const open = [...found.flatMap(({ unclear }) => unclear ?? []), ...doubts];
  if (open.length > 0) return abort(listed(open, 5));
  const [next] = found
    .flatMap(({ cve, due }) => (due === undefined ? [] : [{ cve, due }]))
    .sort((a, b) => Date.parse(a.due.released) - Date.parse(b.due.released));
  if (next === undefined)
    return pass(
      `${count(found.length, 'critical CVE')} of ${full} have no fix in its branch yet (as of ${dayOf(asOf)}${namedText(found)})`,
    );
  const last = dayOf(Date.parse(next.due.released) + days * 86_400_000);
  return {
    ...pass(`no fix of a critical CVE of ${full} is older than ${count(days, 'day')} (as of ${dayOf(asOf)})`),
    expiresSoon: `${next.cve.id} is fixed in ${next.due.version}, which has to be in use by ${last}`,
  };
};

/**
 * No newer patch of the same branch that is older than so many days fixes a critical CVE (base score 8.0 and more) that the running version has.
 * A CVE that no patch of the branch fixes is no matter of patching in time.
 */
export const judgeCriticalCves = (
  days: number,
  { serverVersion: { gitVersion }, kubernetesCves: cves, kubernetesReleases: releases }: CveFacts,
  now: Date,
): Answer =>
  withPatch(gitVersion, (full, version) => {
    const stale = tooOld(cveData, cves, days, now);
    if (stale !== undefined) return stale;
    const critical = cves.list.filter(mayBeCritical);
    const readable = critical.filter(({ ranges }) => areRangesOfKubernetes(ranges));
    const unread = [...cves.unread, ...critical.flatMap((cve) => (readable.includes(cve) ? [] : [cve.id]))];
    const doubts = [...unreadReasons(unread), ...inheritedReasons(version, readable)];
    const own = readable.filter((cve) => affects(cve.ranges, full));
    if (own.length === 0)
      return doubts.length === 0
        ? pass(`no CVE with a base score of ${criticalScore.toFixed(1)} or more is known that ${full} has (as of ${dayOf(cves.asOf)})`)
        : abort(listed(doubts, 5));
    const staleReleases = tooOld(releaseData, releases.patches, days, now);
    if (staleReleases !== undefined) return staleReleases;
    const newer = newerPatches(full, releases, now);
    const patches = { newer, all: releases.patches.list, complete: releases.patches.complete.includes(minorOf(full)) };
    const found = own.map((cve) => findingOf(cve, full, patches, days, now));
    const evidence: Evidence[] = [
      ...own.map((cve) => ({ source: cve.id, observed: `affects ${full}, ${score(cve)}` })),
      ...newer.map((p) => releaseEvidence(p, now)),
    ];
    return { ...judgeFindings(full, found, doubts, cves.asOf, days), evidence };
  });

import type { KubernetesCves } from '../../facts/kubernetes-cves.js';
import type { KubernetesReleases } from '../../facts/kubernetes-releases.js';
import { criticalScore, type Cve, type PatchRelease } from '../../facts/support/release-data.js';
import { affects, minorOf } from '../../facts/support/version.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { cveData, dayOf, newerPatches, olderThan, releaseData, releaseEvidence, tooOld, withPatch } from './version-policy.js';

const score = ({ score: known }: Cve): string => (known === null ? 'base score unknown' : `base score ${known.toFixed(1)}`);

/** What one CVE means for one cluster. */
type Finding =
  | { readonly is: 'overdue'; readonly fix: PatchRelease }
  | { readonly is: 'unclear'; readonly why: string }
  | { readonly is: 'due'; readonly fix: PatchRelease }
  | { readonly is: 'unfixed' };

const findingOf = (cve: Cve, newer: readonly PatchRelease[], complete: boolean, days: number, now: Date): Finding => {
  // A patch that still has the CVE is no fix.
  const fixes = newer.filter((p) => !affects(cve.ranges, p.version));
  const overdue = fixes.find((p) => olderThan(p.released, days, now) === 'yes');
  const atItsEdge = fixes.find((p) => olderThan(p.released, days, now) === 'maybe');
  if (overdue !== undefined && cve.score !== null) return { is: 'overdue', fix: overdue };
  if (overdue !== undefined) return { is: 'unclear', why: `${cve.id} is fixed in ${overdue.version}, but its base score is not known` };
  if (atItsEdge !== undefined)
    return {
      is: 'unclear',
      why: `${cve.id} is fixed in ${atItsEdge.version}, released on ${atItsEdge.released} at an hour that is not known: whether ${count(days, 'day')} have passed depends on it`,
    };
  if (!complete) return { is: 'unclear', why: `${cve.id} affects this version, and the release data may lack the patch that fixes it` };
  const fix = fixes[0];
  return fix === undefined ? { is: 'unfixed' } : { is: 'due', fix };
};

const unreadReason = (cves: KubernetesCves): string | undefined =>
  cves.unread.length === 0 ? undefined : `${count(cves.unread.length, 'announced CVE')} could not be read: ${listed(cves.unread, 5)}`;

const judgeFindings = (full: string, found: readonly (readonly [Cve, Finding])[], cves: KubernetesCves, days: number): Answer => {
  const overdue = found.flatMap(([cve, f]) => (f.is === 'overdue' ? [`${cve.id} (fixed in ${f.fix.version})`] : []));
  if (overdue.length > 0)
    return fail(
      `${full} has ${count(overdue.length, 'critical CVE')} that a patch older than ${count(days, 'day')} fixes: ${listed(overdue, 5)}`,
    );
  const open = [...found.flatMap(([, f]) => (f.is === 'unclear' ? [f.why] : [])), unreadReason(cves)].filter((why) => why !== undefined);
  if (open.length > 0) return abort(listed(open, 5));
  const due = found
    .flatMap(([cve, f]) => (f.is === 'due' ? [[cve, f.fix] as const] : []))
    .sort((a, b) => Date.parse(a[1].released) - Date.parse(b[1].released))[0];
  if (due === undefined)
    return pass(`${count(found.length, 'critical CVE')} of ${full} have no fix in its branch yet (as of ${dayOf(cves.asOf)})`);
  const [cve, fix] = due;
  const last = dayOf(Date.parse(fix.released) + days * 86_400_000);
  return {
    ...pass(`no fix of a critical CVE of ${full} is older than ${count(days, 'day')} (as of ${dayOf(cves.asOf)})`),
    expiresSoon: `${cve.id} is fixed in ${fix.version}, which has to be in use by ${last}`,
  };
};

/**
 * No newer patch of the same branch that is older than so many days fixes a critical CVE (base score 8.0 and more) that the running version has.
 * A CVE that no patch of the branch fixes is no matter of patching in time.
 */
export const judgeCriticalCves =
  (days: number) =>
  (gitVersion: string, cves: KubernetesCves, releases: KubernetesReleases, now: Date): Answer =>
    withPatch(gitVersion, (full) => {
      const stale = tooOld(cveData, cves, days, now);
      if (stale !== undefined) return stale;
      const own = cves.list.filter((cve) => affects(cve.ranges, full));
      if (own.length === 0) {
        const unread = unreadReason(cves);
        return unread === undefined
          ? pass(`no CVE with a base score of ${criticalScore.toFixed(1)} or more is known that ${full} has (as of ${dayOf(cves.asOf)})`)
          : abort(unread);
      }
      const staleReleases = tooOld(releaseData, releases.patches, days, now);
      if (staleReleases !== undefined) return staleReleases;
      const newer = newerPatches(full, releases, now);
      const complete = releases.patches.complete.includes(minorOf(full));
      const found = own.map((cve) => [cve, findingOf(cve, newer, complete, days, now)] as const);
      const evidence: Evidence[] = [
        ...own.map((cve) => ({ source: cve.id, observed: `affects ${full}, ${score(cve)}` })),
        ...newer.map((p) => releaseEvidence(p, now)),
      ];
      return { ...judgeFindings(full, found, cves, days), evidence };
    });

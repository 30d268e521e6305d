import { bundledScsBranches, type ScsSupportedBranches } from '../../facts/scs-supported-branches.js';
import { areRangesOfKubernetes } from '../../facts/support/cve-ranges.js';
import { criticalScore } from '../../facts/support/release-data.js';
import { affects, compareMinors, parseVersion, formatVersion } from '../../facts/support/version.js';
import { isUnavailable, type Unavailable } from '../../model/fact.js';
import type { Answer, ByUpstream } from '../../model/outcome.js';
import type { CveFacts } from './critical-cves.js';
import { cveData, dayOf, newerPatches, olderThan, releaseData, tooOld } from './version-policy.js';

/** What SCS's own test makes of a row, where it is known to be something else. */
const withScs = (own: Answer, scs: ByUpstream | undefined): Answer => {
  if (scs === undefined || own.outcome === 'undecided' || scs.outcome === own.outcome) return own;
  const { outcome, message } = own;
  return {
    ...own,
    message: `by the standard ${outcome.toUpperCase()}: ${message}; SCS's own test says ${scs.outcome.toUpperCase()}: ${scs.message}`,
    official: scs,
  };
};

const branchesOrBundled = (list: ScsSupportedBranches | Unavailable): ScsSupportedBranches =>
  isUnavailable(list) ? bundledScsBranches : list;
const supported = ({ list }: ScsSupportedBranches, now: Date): readonly string[] =>
  list.filter(({ endOfLife }) => now.getTime() < Date.parse(endOfLife)).map(({ branch }) => branch);

/** With fewer branches SCS's test takes its list for outdated and ends without a result. */
const leastBranches = 2;

/** What keeps SCS's test from a result: it reads `v1.36.4` and `v1.36.4+k3s1`, and no version with another suffix. */
const gaveUp = (gitVersion: string, list: ScsSupportedBranches, now: Date): ByUpstream | undefined => {
  if (!/^v?\d{1,5}\.\d{1,5}\.\d{1,5}(?:\+|$)/.test(gitVersion.trim()))
    return { outcome: 'abort', message: `it does not read the version ${formatVersion(gitVersion)}` };
  const left = supported(list, now).length;
  return left < leastBranches
    ? {
        outcome: 'abort',
        message: `its list of supported branches of ${dayOf(list.asOf)} holds ${left} that are supported, and it takes at least ${leastBranches}`,
      }
    : undefined;
};

/** Any row of the version policy: SCS's test may have no result at all. */
export const orGaveUp = (own: Answer, gitVersion: string, list: ScsSupportedBranches | Unavailable, now: Date): Answer =>
  withScs(own, gaveUp(gitVersion, branchesOrBundled(list), now));

/** The branch: SCS's test takes every branch that its list lacks for one that has ended. */
export const scsBranch = (own: Answer, gitVersion: string, seen: ScsSupportedBranches | Unavailable, now: Date): Answer => {
  const list = branchesOrBundled(seen);
  const minor = parseVersion(gitVersion)?.minor;
  if (minor === undefined) return own;
  const nothing = gaveUp(gitVersion, list, now);
  if (nothing !== undefined) return withScs(own, nothing);
  if (supported(list, now).includes(minor))
    return own.outcome === 'fail'
      ? withScs(own, { outcome: 'pass', message: `its list of ${dayOf(list.asOf)} has ${minor} as supported` })
      : own;
  const listed = list.list.find(({ branch }) => branch === minor);
  const newest = list.list.map(({ branch }) => branch).toSorted((a, b) => compareMinors(b, a))[0] ?? '';
  return withScs(own, {
    outcome: 'fail',
    message:
      listed === undefined
        ? `its list of supported branches of ${dayOf(list.asOf)} ${compareMinors(minor, newest) > 0 ? `ends with ${newest}` : `lacks ${minor}`}`
        : `its list of ${dayOf(list.asOf)} has ${minor} as ended on ${listed.endOfLife}`,
  });
};

/** How old a patch may be that a cluster with a critical CVE is without, in days. */
const cveDays = 14;

/** Critical CVEs: SCS's test holds every newer patch against an affected cluster, also one that does not fix the CVE. */
export const scsCriticalCve = (
  own: Answer,
  { serverVersion: { gitVersion }, kubernetesCves: cves, kubernetesReleases: releases }: CveFacts,
  list: ScsSupportedBranches | Unavailable,
  now: Date,
): Answer => {
  const nothing = gaveUp(gitVersion, branchesOrBundled(list), now);
  if (nothing !== undefined) return withScs(own, nothing);
  const full = parseVersion(gitVersion)?.full ?? undefined;
  const stale = tooOld(cveData, cves, cveDays, now) ?? tooOld(releaseData, releases.patches, cveDays, now);
  // Whether a fix is out, which may be open by the standard, is no question there.
  if (!(own.outcome === 'pass' || (own.outcome === 'abort' && stale === undefined)) || full === undefined) return own;
  const affected = cves.list.filter(
    ({ score, ranges }) => score !== null && score >= criticalScore && areRangesOfKubernetes(ranges) && affects(ranges, full),
  );
  const newer = newerPatches(full, releases, now).map((patch) => ({ ...patch, old: olderThan(patch.released, cveDays, now) }));
  const held = newer.find(({ old }) => old === 'yes') ?? newer.find(({ old }) => old === 'maybe');
  if (affected.length === 0 || held === undefined) return own;
  return withScs(own, {
    outcome: held.old === 'yes' ? 'fail' : 'abort',
    message: `${full} has ${affected[0]?.id ?? ''} and ${held.version} is older than ${cveDays} days, which it holds against the cluster whether it fixes this or not`,
  });
};

import type { KubernetesReleases } from '../../facts/kubernetes-releases.js';
import type { Section } from '../../facts/support/data-section.js';
import { compareVersions, minorOf, parseVersion, formatVersion, type KubernetesVersion } from '../../facts/support/version.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence, type Judgement } from '../../model/outcome.js';

const dayMs = 86_400_000;

/** A day stands for all its moments: what is known to the day only may have happened at its first or at its last one. */
const momentsOf = (date: string): readonly [earliest: number, latest: number] => {
  const moment = Date.parse(date);
  return [moment, date.length === 10 ? moment + dayMs - 1 : moment];
};

/** The day of a moment, for people. */
export const dayOf = (date: string | number): string => new Date(date).toISOString().slice(0, 10);

/** Is more than so many times 24 hours ago: `maybe` where the moment is known to the day only, and it depends on the hour. */
export const olderThan = (date: string, days: number, now: Date): 'yes' | 'no' | 'maybe' => {
  const [earliest, latest] = momentsOf(date);
  if (now.getTime() - latest > days * dayMs) return 'yes';
  return now.getTime() - earliest > days * dayMs ? 'maybe' : 'no';
};

/** Had happened by now, at the latest by the end of its day. */
export const happened = (date: string, now: Date): boolean => Date.parse(date) <= now.getTime();

/** Evidence: what the API server says it is. */
const versionEvidence = (gitVersion: string): Evidence => ({
  source: 'GET /version',
  observed: `gitVersion ${formatVersion(gitVersion)}`,
});

export const releaseEvidence = (release: { readonly version: string; readonly released: string }, now: Date): Evidence => ({
  source: `release ${release.version}`,
  observed: `released ${release.released}, ${count(Math.floor((now.getTime() - Date.parse(release.released)) / dayMs), 'day')} ago`,
});

/** Where the nightly workflow publishes release data, with a checksum beside it (`.sha256`): docs/release-data.md. */
export const publishedReleaseData = 'https://github.com/scs-kaas/scs-kaas/releases/download/release-data/kubernetes-releases.json';

/**
 * Outside knowledge that is too old answers nothing, neither way.
 * @param days the oldest that the question allows
 */
export const tooOld = (what: string, { asOf, origin, instead }: Section, days: number, now: Date): Judgement | undefined =>
  now.getTime() - Date.parse(asOf) <= days * dayMs
    ? undefined
    : abort(
        `${what} from ${dayOf(asOf)} is too old: at most ${count(days, 'day')} may have passed${instead === undefined ? '' : `; nothing newer could be had (${instead})`}. Let the run reach the internet, or set "data.releases" to the file of last night: ${publishedReleaseData}`,
        [{ source: what, observed: `${origin}, as of ${asOf}` }],
      );

export const releaseData = 'release data';
export const cveData = 'CVE data';

/** Reads the running version and judges by it; what cannot be read is shown and not judged. */
export const withVersion = <A extends Answer>(gitVersion: string, judge: (version: KubernetesVersion) => A): A | Judgement => {
  const version = parseVersion(gitVersion);
  if (version === undefined) return abort(`the version ${formatVersion(gitVersion)} cannot be read`, [versionEvidence(gitVersion)]);
  const answer = judge(version);
  return { ...answer, evidence: [versionEvidence(gitVersion), ...answer.evidence] };
};

/** As `withVersion`, for questions about patches: a branch alone does not answer them. */
export const withPatch = (gitVersion: string, judge: (full: string, version: KubernetesVersion) => Answer): Answer =>
  withVersion(gitVersion, (version) =>
    version.full === null
      ? abort(`the version ${formatVersion(gitVersion)} names a branch without its patch: patches cannot be compared`)
      : judge(version.full, version),
  );

/** Final releases that were out by now, of all branches: nobody owes a pre-release, and newer data tell nothing about an earlier moment. */
export const releasedBy = (releases: KubernetesReleases, now: Date): KubernetesReleases['patches']['list'] =>
  releases.patches.list.filter((p) => parseVersion(p.version)?.prerelease === false && happened(p.released, now));

/** Patches of the same branch that are newer than the running version and were out by now, oldest first. */
export const newerPatches = (full: string, releases: KubernetesReleases, now: Date): KubernetesReleases['patches']['list'] =>
  releasedBy(releases, now)
    .filter((p) => minorOf(p.version) === minorOf(full) && compareVersions(p.version, full) > 0)
    .sort((a, b) => compareVersions(a.version, b.version));

/**
 * No newer patch of the same branch is older than so many days.
 * The data may be as old as the days allowed: what came out since is younger than that.
 */
export const judgePatchRecency =
  (days: number) =>
  (gitVersion: string, releases: KubernetesReleases, now: Date): Answer =>
    withPatch(gitVersion, (full, version) => {
      const stale = tooOld(releaseData, releases.patches, days, now);
      if (stale !== undefined) return stale;
      const asOf = dayOf(releases.patches.asOf);
      const newer = newerPatches(full, releases, now);
      const evidence = newer.map((p) => releaseEvidence(p, now));
      const overdue = newer.filter((p) => olderThan(p.released, days, now) === 'yes').map((p) => p.version);
      if (overdue.length > 0)
        return fail(
          `${full} is behind ${listed([...overdue].reverse(), 5)}: ${overdue.length === 1 ? 'a patch' : 'patches'} released more than ${count(days, 'day')} ago`,
          evidence,
        );
      const unclear = newer.find((p) => olderThan(p.released, days, now) === 'maybe');
      if (unclear !== undefined)
        return abort(
          `${unclear.version} was released on ${unclear.released}, the hour is not known: whether ${count(days, 'day')} have passed depends on it`,
          evidence,
        );
      const known = releasedBy(releases, now).some((p) => (version.prerelease ? minorOf(p.version) === version.minor : p.version === full));
      if (!known) return abort(`release data from ${asOf} does not know ${full}`, evidence);
      if (!releases.patches.complete.includes(version.minor))
        return abort(`release data from ${asOf} may lack patches of ${version.minor}: that none is overdue cannot be said`, evidence);
      const next = newer[0];
      if (next === undefined) return pass(`${full} is the newest patch of ${version.minor} as of ${asOf}`, evidence);
      return {
        ...pass(`no patch of ${version.minor} newer than ${full} is older than ${count(days, 'day')} (as of ${asOf})`, evidence),
        expiresSoon: `${next.version} has to be in use by ${dayOf(Date.parse(next.released) + days * dayMs)}`,
      };
    });

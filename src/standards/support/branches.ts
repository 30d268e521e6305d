import type { KubernetesReleases } from '../../facts/kubernetes-releases.js';
import type { SupportWindow } from '../../facts/support/release-data.js';
import { compareMinors } from '../../facts/support/version.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { dayOf, happened, newestMinor, releaseData, releasedBy, tooOld, withVersion } from './version-policy.js';

/**
 * How old the data on branches may be, in days: one release cycle of upstream (about four months). Dates of a branch are
 * set with its release and hardly move; what came out since is younger than the time in which a provider has to offer it.
 */
const branchDays = 120;
/** Upstream supports a branch for about 14 months: https://kubernetes.io/releases/patch-releases/#support-period */
const supportMonths = 14;
/** An end that is nearer than upstream's maintenance mode (two months) is announced. */
const soonMs = 61 * 86_400_000;

const addMonths = (date: string, months: number): string => {
  const moment = new Date(date);
  // The last day of a short month stands for days that it does not have.
  const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months + 1, 0)).getUTCDate();
  return dayOf(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months, Math.min(moment.getUTCDate(), last)));
};

interface Window {
  readonly minor: string;
  readonly endOfLife: string;
  /** True where upstream has not set the end yet and it follows from the release. */
  readonly derived: boolean;
}

/** The first release of a branch, by the list of releases; upstream's calendar else, which had slips in it. */
const firstRelease = (minor: string, releases: KubernetesReleases, window: SupportWindow | undefined): string | null =>
  releases.patches.list.find((p) => p.version === `${minor}.0`)?.released ?? window?.released ?? null;

const windowOf = (minor: string, releases: KubernetesReleases): Window | undefined => {
  const window = releases.windows.list.find((w) => w.minor === minor);
  if (window !== undefined && window.endOfLife !== null) return { minor, endOfLife: window.endOfLife, derived: false };
  const released = firstRelease(minor, releases, window);
  return released === null ? undefined : { minor, endOfLife: addMonths(released, supportMonths), derived: true };
};

/** Support ends with the start of its last date, in UTC, as upstream's own testcase counts. */
const ended = ({ endOfLife }: Window, now: Date): boolean => Date.parse(endOfLife) <= now.getTime();

const windowEvidence = ({ minor, endOfLife, derived }: Window): Evidence => ({
  source: `support of ${minor}`,
  observed: derived ? `end not announced, ${supportMonths} months after its release are over on ${endOfLife}` : `ends on ${endOfLife}`,
});

const judgeUnknown = (minor: string, releases: KubernetesReleases): Answer => {
  const asOf = dayOf(releases.windows.asOf);
  const oldest = [...releases.windows.list].sort((a, b) => compareMinors(a.minor, b.minor))[0];
  // Support ends in the order of the releases: what is older than a branch that ended has ended too.
  if (
    oldest !== undefined &&
    oldest.endOfLife !== null &&
    compareMinors(minor, oldest.minor) < 0 &&
    Date.parse(oldest.endOfLife) <= Date.parse(releases.windows.asOf)
  )
    return fail(`${minor} is older than ${oldest.minor}, whose support ended on ${oldest.endOfLife}`, [
      windowEvidence({ minor: oldest.minor, endOfLife: oldest.endOfLife, derived: false }),
    ]);
  return abort(`release data from ${asOf} does not know ${minor} yet`);
};

const known = (releases: KubernetesReleases, minor: string, now: Date): Answer => {
  const first = firstRelease(
    minor,
    releases,
    releases.windows.list.find((w) => w.minor === minor),
  );
  if (first !== null && !happened(first, now))
    return abort(`${minor} was not released before ${dayOf(first)}: only a final release is supported`);
  const window = windowOf(minor, releases);
  if (window === undefined) return judgeUnknown(minor, releases);
  const evidence = [windowEvidence(window)];
  if (!ended(window, now)) {
    const answer = pass(
      `upstream supports ${minor} until ${window.endOfLife}${window.derived ? ', by its policy of about 14 months; the date is not announced yet' : ''}`,
      evidence,
    );
    return Date.parse(window.endOfLife) - now.getTime() < soonMs
      ? { ...answer, expiresSoon: `upstream's support of ${minor} ends on ${window.endOfLife}` }
      : answer;
  }
  if (window.derived)
    return abort(
      `upstream has not announced the end of ${minor}; by its policy of about 14 months it was over on ${window.endOfLife}`,
      evidence,
    );
  return fail(`upstream's support of ${minor} ended on ${window.endOfLife}`, evidence);
};

/** The running branch is inside its upstream support window. A branch that the data do not know is not called ended. */
export const judgeSupportedBranch = (gitVersion: string, releases: KubernetesReleases, now: Date): Answer =>
  withVersion(gitVersion, ({ minor }) => tooOld(releaseData, releases.windows, branchDays, now) ?? known(releases, minor, now));

/** The newest branch is offered no later than 120 days after its release: one cluster shows that only where it runs that branch. */
export const judgeMinorRecency = (gitVersion: string, releases: KubernetesReleases, now: Date): Answer =>
  withVersion(gitVersion, ({ minor, prerelease }) => {
    const stale = tooOld(releaseData, releases.patches, branchDays, now);
    if (stale !== undefined) return stale;
    const newest = newestMinor(releases, now);
    if (newest === undefined) return abort(`release data from ${dayOf(releases.patches.asOf)} lists no branch that was out`);
    const due = dayOf(Date.parse(newest.released) + branchDays * 86_400_000);
    const fleet = { shows: prerelease ? [] : [minor], needs: [newest.minor] };
    const evidence = [{ source: `release ${newest.minor}.0`, observed: `released ${newest.released}, to be offered by ${due}` }];
    if (compareMinors(minor, newest.minor) > 0)
      return abort(`release data from ${dayOf(releases.patches.asOf)} does not know ${minor} yet`, evidence);
    if (minor === newest.minor && !prerelease) return { ...pass(`this cluster runs the newest branch, ${minor}`, evidence), fleet };
    return {
      ...abort(
        `needs the provider's other branches: this cluster runs ${minor}${prerelease ? ' as a pre-release' : ''}, the newest branch is ${newest.minor}, to be offered by ${due}`,
        evidence,
      ),
      fleet,
    };
  });

/** Every branch inside its support window is offered: one cluster only adds its own branch to the answer. */
export const judgeOfferedBranches = (gitVersion: string, releases: KubernetesReleases, now: Date): Answer =>
  withVersion(gitVersion, ({ minor, prerelease }) => {
    const stale = tooOld(releaseData, releases.windows, branchDays, now);
    if (stale !== undefined) return stale;
    const branches = [
      ...new Set([
        ...releases.windows.list.map((w) => w.minor),
        ...releasedBy(releases, now)
          .filter((p) => p.version.endsWith('.0'))
          .map((p) => p.version.slice(0, -2)),
      ]),
    ];
    const supported = branches
      .flatMap((m) => windowOf(m, releases) ?? [])
      .filter(
        (w) =>
          !ended(w, now) &&
          happened(
            firstRelease(
              w.minor,
              releases,
              releases.windows.list.find((x) => x.minor === w.minor),
            ) ?? '1970-01-01',
            now,
          ),
      )
      .sort((a, b) => compareMinors(b.minor, a.minor));
    const others = supported.map((w) => w.minor).filter((m) => m !== minor);
    const answer = abort(
      `needs the provider's other branches: this cluster shows that ${minor} is offered; upstream supports ${count(others.length, 'other branch', 'other branches')}${others.length > 0 ? `: ${listed(others)}` : ''}`,
      supported.map(windowEvidence),
    );
    return { ...answer, fleet: { shows: prerelease ? [] : [minor], needs: supported.map((w) => w.minor) } };
  });

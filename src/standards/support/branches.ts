import type { KubernetesReleases } from '../../facts/kubernetes-releases.js';
import { compareMinors, minorOf } from '../../facts/support/version.js';
import { abort, fail, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { dayOf, happened, releaseData, releasedBy, tooOld, withVersion } from './version-policy.js';

/**
 * How old the data on branches may be, in days: one release cycle of upstream (about four months). Dates of a branch are
 * set with its release and hardly move; what came out since is younger than the time in which a provider has to offer it.
 */
export const branchDays = 120;
/** Upstream supports a branch for about 14 months: https://kubernetes.io/releases/patch-releases/#support-period */
const supportMonths = 14;
/** A new branch comes out about every four months: https://kubernetes.io/releases/release/#the-release-cycle */
const cycleMonths = 4;
/** An end that is nearer than upstream's maintenance mode (two months) is announced. */
const soonMs = 61 * 86_400_000;

/**
 * A day some months later, as the calendar counts them.
 * @param date ISO 8601
 * @returns `YYYY-MM-DD`
 */
export const addMonths = (date: string, months: number): string => {
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

/** A branch that was out, or of which the data do not say when it came out. */
export interface Branch {
  readonly minor: string;
  /** Of its first release, ISO 8601; null where the data do not say. */
  readonly released: string | null;
  /** Undefined where neither its end nor its release is known. */
  readonly window: Window | undefined;
}

const branchOf = (minor: string, { patches, windows }: KubernetesReleases): Branch => {
  const listed = windows.list.find((w) => w.minor === minor);
  // Upstream's calendar had slips in it: the list of releases goes first.
  const released = patches.list.find((p) => p.version === `${minor}.0`)?.released ?? listed?.released ?? null;
  const endOfLife = listed?.endOfLife ?? (released === null ? undefined : addMonths(released, supportMonths));
  const derived = typeof listed?.endOfLife !== 'string';
  return { minor, released, window: endOfLife === undefined ? undefined : { minor, endOfLife, derived } };
};

/** Support ends with the start of its last date, in UTC, as upstream's own testcase counts. */
const ended = ({ endOfLife }: Window, now: Date): boolean => Date.parse(endOfLife) <= now.getTime();

export const windowEvidence = ({ minor, endOfLife, derived }: Window): Evidence => ({
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
  const { released: first, window } = branchOf(minor, releases);
  if (first !== null && !happened(first, now))
    return abort(`${minor} was not released before ${dayOf(first)}: only a final release is supported`);
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

/** Branches whose support has not ended for sure. */
export interface LiveBranches {
  /** The newest first. */
  readonly list: readonly Branch[];
  /** The newest branch whose support has ended, by an end that was announced; support ends in the order of the releases. */
  readonly ended: Branch | undefined;
  /** False where the data do not go back far enough: a branch that is older than all of the list may be supported still. */
  readonly reachesBack: boolean;
}

/**
 * The branches that the data know by their calendar or by a release, and that were out by now or may have been. None is left out because a date
 * of it is unknown.
 */
export const liveBranches = (releases: KubernetesReleases, now: Date): LiveBranches => {
  const all = [
    ...new Set([...releases.windows.list.map(({ minor }) => minor), ...releasedBy(releases, now).map((p) => minorOf(p.version))]),
  ]
    .map((minor) => branchOf(minor, releases))
    .sort((a, b) => compareMinors(b.minor, a.minor));
  const later = all.filter(({ released }) => released !== null && !happened(released, now));
  // Branches are released in order: what is newer than one that was not out yet was not out either.
  const out = all.filter(
    (branch) => !later.includes(branch) && !(branch.released === null && later.some(({ minor }) => compareMinors(branch.minor, minor) > 0)),
  );
  const gone = out.find(({ window }) => window !== undefined && !window.derived && ended(window, now));
  const list = gone === undefined ? out : out.slice(0, out.indexOf(gone));
  // The branch before one that is so old came out a cycle earlier, and its time by the policy is over.
  const isOld = ({ released }: Branch): boolean =>
    released !== null && Date.parse(addMonths(released, supportMonths - cycleMonths)) <= now.getTime();
  return { list, ended: gone, reachesBack: gone !== undefined || out.some(isOld) };
};

/** Whether Kubernetes supports a branch still: `maybe` where the end is not known, or not announced and the time by the policy is over. */
export const inSupport = ({ window }: Branch, now: Date): 'yes' | 'no' | 'maybe' => {
  if (window === undefined) return 'maybe';
  if (!ended(window, now)) return 'yes';
  return window.derived ? 'maybe' : 'no';
};

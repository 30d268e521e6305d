import type { KubernetesReleases } from '../../facts/kubernetes-releases.js';
import type { Offer } from '../../facts/support/offer.js';
import { compareMinors, parseVersion } from '../../facts/support/version.js';
import { isUnavailable, type Unavailable } from '../../model/fact.js';
import { abort, fail, listed, pass, type Evidence, type FleetShare, type Judgement } from '../../model/outcome.js';
import { addMonths, branchDays, branchesOut, inSupport, windowEvidence, type Branch } from './branches.js';
import { dayOf, releaseData, tooOld, withVersion } from './version-policy.js';

const dayMs = 86_400_000;
/** The standard gives a provider four months, by the calendar, from the first release of a branch on (scs-0210-v2, Decision). */
const graceMonths = 4;
/** Older lists of an offer tell nothing of today: branches come and go within a month. */
const offerDays = 31;

/** The last day on which a branch need not be offered yet. */
const dueDay = ({ released }: Branch): string => addMonths(released, graceMonths);
const isDue = (branch: Branch, now: Date): boolean => now.getTime() >= Date.parse(dueDay(branch)) + dayMs;

/** What is known to be offered. */
interface Offered {
  /** By this cluster, which runs it, and by the list of the offer. */
  readonly minors: readonly string[];
  /** True where a list of the offer counts: what is not in it is not offered. */
  readonly listed: boolean;
  readonly evidence: readonly Evidence[];
  /** Why a list does not count, or which one does; for the reason. */
  readonly note: string;
}

/** The final releases of an offer, by their branches: a pre-release offers none. */
const minorsOf = ({ versions }: Offer, now: Date): readonly string[] => [
  ...new Set(
    versions.flatMap(({ version, until }) => {
      const parsed = parseVersion(version);
      const over = until !== undefined && !(now.getTime() < Date.parse(until));
      return parsed === undefined || parsed.prerelease || over ? [] : [parsed.minor];
    }),
  ),
];

const objectionTo = ({ date }: Offer, now: Date): string | undefined => {
  const at = Date.parse(date);
  if (Number.isNaN(at)) return 'the offer has no date that can be read, so it does not count';
  if (at > now.getTime() + dayMs) return `the offer is dated ${dayOf(at)}, which is in the future, so it does not count`;
  return now.getTime() - at > offerDays * dayMs
    ? `the offer of ${dayOf(at)} is older than ${offerDays} days, so it does not count: list the offered versions again`
    : undefined;
};

const offeredBy = (own: readonly string[], offer: Offer | Unavailable, now: Date): Offered => {
  const alone = { minors: own, listed: false, evidence: [], note: '' };
  if (isUnavailable(offer)) return alone;
  const objection = objectionTo(offer, now);
  const evidence = [
    {
      source: `offered versions (${offer.source})`,
      observed: `${dayOf(Date.parse(offer.date) || 0)}: ${
        listed(
          offer.versions.map(({ version }) => version),
          20,
        ) || 'none'
      }`,
    },
  ];
  if (objection !== undefined) return { ...alone, evidence, note: `; ${objection}` };
  return { minors: [...new Set([...own, ...minorsOf(offer, now)])], listed: true, evidence, note: '' };
};

const branchEvidence = (branch: Branch, now: Date): Evidence => ({
  source: `release ${branch.minor}.0`,
  observed: `released ${branch.released}, to be offered by ${dueDay(branch)}${isDue(branch, now) ? '' : ', so not due yet'}`,
});

/** Branches are released one after the other: one that the data leave out between two others is a gap in the data. */
const gapIn = (branches: readonly Branch[]): string | undefined => {
  const minors = branches.map(({ minor }) => minor.split('.').map(Number));
  const gap = minors.find(([major, number], i) => {
    const next = minors[i + 1];
    return next !== undefined && major === next[0] && (number ?? 0) - (next[1] ?? 0) > 1;
  });
  return gap === undefined ? undefined : `${gap[0] ?? 0}.${(gap[1] ?? 0) - 1}`;
};

/** What both requirements about the offer are judged by. */
interface Bench {
  readonly due: readonly Branch[];
  readonly coming: readonly Branch[];
  readonly offered: Offered;
  readonly evidence: readonly Evidence[];
  readonly now: Date;
}

/** What is owed: all that is due, or what keeps it from being known. */
const benchOf = (
  { minor, prerelease }: { readonly minor: string; readonly prerelease: boolean },
  releases: KubernetesReleases,
  now: Date,
  offer: Offer | Unavailable,
): Bench | Judgement => {
  const stale = tooOld(releaseData, releases.patches, branchDays, now) ?? tooOld(releaseData, releases.windows, branchDays, now);
  if (stale !== undefined) return stale;
  const asOf = dayOf(releases.patches.asOf);
  const branches = branchesOut(releases, now);
  const [newest] = branches;
  if (newest === undefined) return abort(`Release data from ${asOf} lists no branch that was out.`);
  if (compareMinors(minor, newest.minor) > 0) return abort(`Release data from ${asOf} does not know ${minor} yet.`);
  const gap = gapIn(branches);
  if (gap !== undefined) return abort(`Release data from ${asOf} does not list the branch ${gap}.`);
  const offered = offeredBy(prerelease ? [] : [minor], offer, now);
  const due = branches.filter((branch) => isDue(branch, now));
  const coming = branches.filter((branch) => !isDue(branch, now));
  return {
    due,
    coming,
    offered,
    evidence: [...branches.slice(0, 5).map((branch) => branchEvidence(branch, now)), ...offered.evidence],
    now,
  };
};

const comingSoon = ({ coming, offered }: Bench): { readonly expiresSoon?: string } => {
  const open = coming.filter(({ minor }) => !offered.minors.includes(minor));
  return open.length === 0 ? {} : { expiresSoon: listed(open.map((branch) => `${branch.minor} is due by ${dueDay(branch)}`)) };
};

/** The answer where some branches that are owed are not known to be offered. */
const lacking = (some: readonly Branch[], { offered, evidence }: Bench, fleet: FleetShare): Judgement => {
  const names = listed(some.map((branch) => `${branch.minor} (due since ${dueDay(branch)})`));
  if (offered.listed) return { ...fail(`The offer does not list ${names}.`, evidence), fleet };
  return {
    ...abort(
      `Only clusters of the other branches can settle this: ${names}. Check them and merge the reports, or set \`offered-versions\`${offered.note}`,
      evidence,
    ),
    fleet,
  };
};

const met = (because: string, bench: Bench, fleet: FleetShare): Judgement => ({
  ...pass(`${because}${bench.offered.note}`, bench.evidence),
  ...comingSoon(bench),
  fleet,
});

/**
 * The newest branch whose four months are over is offered, or a newer one. This cluster shows the branch that it runs; the others are shown by its
 * provider's other clusters, or by the list of the offer.
 * @param offer the list that was given to the run, or why there is none
 */
export const judgeMinorRecency = (gitVersion: string, releases: KubernetesReleases, now: Date, offer: Offer | Unavailable): Judgement =>
  withVersion(gitVersion, (version) => {
    const bench = benchOf(version, releases, now, offer);
    if ('outcome' in bench) return bench;
    const [newest] = bench.due;
    if (newest === undefined)
      return abort(`Release data from ${dayOf(releases.patches.asOf)} list no branch whose four months are over.`, bench.evidence);
    const enough = bench.offered.minors.filter((minor) => compareMinors(minor, newest.minor) >= 0);
    const shows = enough.length > 0 ? [newest.minor] : [];
    const fleet = { shows, needs: [newest.minor] };
    const [best] = enough.toSorted((a, b) => compareMinors(b, a));
    return best === undefined
      ? lacking([newest], bench, fleet)
      : met(`${best} is offered; the newest branch whose four months are over is ${newest.minor}`, bench, fleet);
  });

/** Every branch that is due and in its support window is offered; branches in their months of grace are named, not asked for. */
export const judgeOfferedBranches = (gitVersion: string, releases: KubernetesReleases, now: Date, offer: Offer | Unavailable): Judgement =>
  withVersion(gitVersion, (version) => {
    const bench = benchOf(version, releases, now, offer);
    if ('outcome' in bench) return bench;
    const owed = bench.due.filter(({ window }) => inSupport(window, now));
    const known = { ...bench, evidence: [...bench.evidence, ...owed.map(({ window }) => windowEvidence(window))] };
    if (owed.length === 0)
      return abort(`Release data from ${dayOf(releases.windows.asOf)} list no branch that is due and supported.`, known.evidence);
    const needs = owed.map(({ minor }) => minor);
    const fleet = { shows: bench.offered.minors, needs };
    const without = owed.filter(({ minor }) => !bench.offered.minors.includes(minor));
    if (without.length > 0) return lacking(without, known, fleet);
    return met(`Every branch that is due and supported is offered: ${listed(needs)}`, known, fleet);
  });

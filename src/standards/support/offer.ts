import { kubernetesReleases, type KubernetesReleases } from '../../facts/kubernetes-releases.js';
import { offeredVersions } from '../../facts/offered-versions.js';
import { serverVersion } from '../../facts/server-version.js';
import { compareMinors } from '../../facts/support/version.js';
import { abort, fail, listed, pass, unrelated, type Evidence, type FleetShare, type Judgement } from '../../model/outcome.js';
import { read, type Rung } from '../../model/requirement.js';
import { addMonths, branchDays, inSupport, liveBranches, windowEvidence, type Branch, type LiveBranches } from './branches.js';
import { offeredByCluster, offeredByList, type Offered } from './offered.js';
import { dayOf, releaseData, tooOld, withVersion } from './version-policy.js';

const dayMs = 86_400_000;
/** The standard gives a provider four months, by the calendar, from the first release of a branch on (scs-0210-v2, Decision). */
const graceMonths = 4;

/** A branch whose first release is dated. */
interface Dated extends Branch {
  readonly released: string;
}
const isDated = (branch: Branch): branch is Dated => branch.released !== null;

/** The last day on which a branch need not be offered yet. */
const dueDay = ({ released }: Dated): string => addMonths(released, graceMonths);
const isDue = (branch: Dated, now: Date): boolean => now.getTime() >= Date.parse(dueDay(branch)) + dayMs;

const branchEvidence = (branch: Branch, now: Date): Evidence => ({
  source: `release ${branch.minor}.0`,
  observed: isDated(branch)
    ? `released ${branch.released}, to be offered by ${dueDay(branch)}${isDue(branch, now) ? '' : ', so not due yet'}`
    : 'the release data do not say when it was released',
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
interface Bench extends LiveBranches {
  /** The newest first. */
  readonly due: readonly Dated[];
  readonly coming: readonly Dated[];
  /** Not dated, and perhaps due: what is newer than a branch that is not due is not due either. The newest first. */
  readonly undated: readonly Branch[];
  readonly offered: Offered;
  readonly evidence: readonly Evidence[];
  /** Of the release data, for a reason. */
  readonly from: string;
  readonly now: Date;
}

/** What may be owed, or what keeps it from being known. */
const benchOf = (releases: KubernetesReleases, now: Date, offered: Offered): Bench | Judgement => {
  const stale = tooOld(releaseData, releases.patches, branchDays, now) ?? tooOld(releaseData, releases.windows, branchDays, now);
  if (stale !== undefined) return stale;
  const from = `Release data from ${dayOf(releases.patches.asOf)}`;
  const live = liveBranches(releases, now);
  if (live.list.length === 0) return abort(`${from} lists no supported branch that was out.`);
  const dated = live.list.filter(isDated);
  const coming = dated.filter((branch) => !isDue(branch, now));
  return {
    ...live,
    due: dated.filter((branch) => isDue(branch, now)),
    coming,
    undated: live.list.filter((branch) => !isDated(branch) && !coming.some(({ minor }) => compareMinors(branch.minor, minor) > 0)),
    offered,
    evidence: [...live.list.slice(0, 5).map((branch) => branchEvidence(branch, now)), ...offered.evidence],
    from,
    now,
  };
};

const lacks = ({ offered }: Bench, { minor }: Branch): boolean => !offered.minors.includes(minor);

const comingSoon = (bench: Bench): string | undefined =>
  listed(bench.coming.filter((branch) => lacks(bench, branch)).map((branch) => `${branch.minor} is due by ${dueDay(branch)}`)) || undefined;

const sinceText = (branch: Branch): string =>
  isDated(branch) ? `${branch.minor} (due since ${dueDay(branch)})` : `${branch.minor} (the release data do not say when it was released)`;

/** The answer where the list of the offer lacks branches that are owed. */
const lackingInList = (some: readonly Branch[], { evidence }: Bench, fleet: FleetShare): Judgement => ({
  ...fail(`The offer does not list ${listed(some.map(sinceText))}.`, evidence),
  fleet,
});

/** The answer where some branches that are owed, or may be, are not known to be offered. */
const lacking = (some: readonly Branch[], { offered, evidence }: Bench, fleet: FleetShare): Judgement => ({
  ...abort(
    `Only clusters of the other branches can settle this: ${listed(some.map(sinceText))}. Check them and merge the reports, or set \`offered-versions\`${offered.note}`,
    evidence,
  ),
  fleet,
});

/** Why the data leave it open whether a branch is owed. */
const unsureText = (branch: Branch): string =>
  isDated(branch) ? `when the support of ${branch.minor} ends` : `when ${branch.minor} was released`;

/** The answer where the list of the offer lacks branches of which the data leave it open whether they are owed. */
const unsureOf = (some: readonly Branch[], { from, evidence }: Bench, fleet: FleetShare): Judgement => ({
  ...abort(
    `${from} does not say ${listed(some.map(unsureText))}: the offer does not list ${listed(some.map(({ minor }) => minor))}, which may be owed. Set \`data.releases\` to a file that says it, or list what is offered.`,
    evidence,
  ),
  fleet,
});

const met = (message: string, bench: Bench, fleet: FleetShare): Judgement => ({
  ...pass(`${message}${bench.offered.note}`, bench.evidence),
  expiresSoon: comingSoon(bench),
  fleet,
});

const minorRecency = (bench: Bench): Judgement => {
  const { due, list, undated, offered, from, evidence } = bench;
  const [newest] = due;
  if (newest === undefined) return abort(`${from} lists no branch whose four months are over.`, evidence);
  const atLeast = ({ minor }: Branch): readonly string[] => offered.minors.filter((one) => compareMinors(one, minor) >= 0);
  if (offered.listed && atLeast(newest).length === 0) return lackingInList([newest], bench, { shows: [], needs: [newest.minor] });
  const newer = list.filter(({ minor }) => compareMinors(minor, newest.minor) > 0);
  const gap = gapIn([...newer, newest]);
  if (gap !== undefined) return abort(`${from} does not list the branch ${gap}.`, evidence);
  // One that is newer and not dated may be due.
  const need = newer.find((branch) => undated.includes(branch)) ?? newest;
  const enough = atLeast(need);
  const fleet = { shows: enough.length > 0 ? [need.minor] : [], needs: [need.minor] };
  const [best] = enough.toSorted((a, b) => compareMinors(b, a));
  if (best !== undefined) return met(`${best} is offered; the newest branch whose four months are over is ${newest.minor}`, bench, fleet);
  return offered.listed ? unsureOf([need], bench, fleet) : lacking([need], bench, fleet);
};

const offeredBranches = (bench: Bench): Judgement => {
  const { due, list, undated, ended, reachesBack, offered, from, now } = bench;
  const owed = due.filter((branch) => inSupport(branch, now) === 'yes');
  const unsure = [...undated, ...due.filter((branch) => inSupport(branch, now) === 'maybe')];
  const windows = [...owed, ...unsure].flatMap(({ window }) => (window === undefined ? [] : [windowEvidence(window)]));
  const known = { ...bench, evidence: [...bench.evidence, ...windows] };
  const needs = [...owed, ...unsure].map(({ minor }) => minor).toSorted((a, b) => compareMinors(b, a));
  const fleet = { shows: offered.minors, needs };
  const without = owed.filter((branch) => lacks(bench, branch));
  if (offered.listed && without.length > 0) return lackingInList(without, known, fleet);
  const gap = gapIn([...list, ...(ended === undefined ? [] : [ended])]);
  if (gap !== undefined) return abort(`${from} does not list the branch ${gap}.`, known.evidence);
  if (!reachesBack)
    return abort(
      `${from} lists no branch whose support has ended: branches before ${list.at(-1)?.minor ?? ''} may be supported too.`,
      known.evidence,
    );
  if (needs.length === 0) return abort(`${from} lists no branch that is due and supported.`, known.evidence);
  const open = unsure.filter((branch) => lacks(bench, branch));
  if (without.length === 0 && open.length === 0)
    return met(`Every branch that is due and supported is offered: ${listed(needs)}`, known, fleet);
  return offered.listed ? unsureOf(open, known, fleet) : lacking([...without, ...open], known, fleet);
};

/**
 * The ladder of a requirement about the whole offer. A list that was given says all that is offered, whatever this cluster runs: a branch that runs
 * here may have left the offer, or not be in it yet. Without one this cluster shows that the branch that it runs is offered; the provider's other
 * clusters show the others.
 */
const byOffer = (judge: (bench: Bench) => Judgement): readonly Rung[] => [
  read(
    { kubernetesReleases },
    (facts, now, beside) => {
      const offered = offeredByList(beside.offeredVersions, now);
      if (offered === undefined) return unrelated('no list of the offer counts');
      const bench = benchOf(facts.kubernetesReleases, now, offered);
      return 'outcome' in bench ? bench : judge(bench);
    },
    { offeredVersions },
  ),
  read(
    { serverVersion, kubernetesReleases },
    (facts, now, beside) =>
      withVersion(facts.serverVersion.gitVersion, ({ minor, prerelease }) => {
        const offered = offeredByCluster(prerelease ? [] : [minor], beside.offeredVersions, now);
        const bench = benchOf(facts.kubernetesReleases, now, offered);
        if ('outcome' in bench) return bench;
        const [newest] = bench.list;
        return newest !== undefined && compareMinors(minor, newest.minor) > 0
          ? abort(`${bench.from} does not know ${minor} yet.`)
          : judge(bench);
      }),
    { offeredVersions },
  ),
];

/** The newest branch whose four months are over is offered, or a newer one. */
export const minorRecencyLadder = byOffer(minorRecency);

/** Every branch that is due and in its support window is offered; branches in their months of grace are named, not asked for. */
export const offeredBranchesLadder = byOffer(offeredBranches);

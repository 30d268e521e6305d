import { kubernetesCves } from '../../facts/kubernetes-cves.js';
import { kubernetesReleases, type KubernetesReleases } from '../../facts/kubernetes-releases.js';
import { offeredVersions } from '../../facts/offered-versions.js';
import { scsSupportedBranches, type ScsSupportedBranches } from '../../facts/scs-supported-branches.js';
import { serverVersion } from '../../facts/server-version.js';
import type { Unavailable } from '../../model/fact.js';
import type { Answer } from '../../model/outcome.js';
import { read, type Requirement } from '../../model/requirement.js';
import { judgeCriticalCves } from './critical-cves.js';
import type { OfferRule } from './offer.js';
import { scsCriticalCve } from './scs-version-test.js';

/** A rung that holds the version of the API server against upstream's releases. */
export const byReleases = (judge: (gitVersion: string, releases: KubernetesReleases, now: Date) => Answer) =>
  read({ serverVersion, kubernetesReleases }, (facts, now) => judge(facts.serverVersion.gitVersion, facts.kubernetesReleases, now));

/** Makes of an answer what SCS's own test says beside it. */
type ByScs = (own: Answer, gitVersion: string, list: ScsSupportedBranches | Unavailable, now: Date) => Answer;

/** As `byReleases`, for a row of the official testcase. */
export const byReleasesAndScs = (judge: Parameters<typeof byReleases>[0], scs: ByScs) =>
  read(
    { serverVersion, kubernetesReleases },
    (facts, now, beside) => {
      const { gitVersion } = facts.serverVersion;
      return scs(judge(gitVersion, facts.kubernetesReleases, now), gitVersion, beside.scsSupportedBranches, now);
    },
    { scsSupportedBranches },
  );

/** The ladder of a requirement about the whole offer: the list of the offer where one was given, which needs no cluster, else what this cluster runs. */
export const byOffer = ({ byList, byCluster }: OfferRule): Requirement['ladder'] => [
  read({ kubernetesReleases }, (facts, now, beside) => byList(facts.kubernetesReleases, now, beside.offeredVersions), { offeredVersions }),
  read(
    { serverVersion, kubernetesReleases },
    (facts, now, beside) => byCluster(facts.serverVersion.gitVersion, facts.kubernetesReleases, now, beside.offeredVersions),
    { offeredVersions },
  ),
];

/** As `byCriticalCves`, for the row of the official testcase. */
export const byCriticalCvesAndScs = (days: number) =>
  read(
    { serverVersion, kubernetesCves, kubernetesReleases },
    ({ serverVersion: { gitVersion }, kubernetesCves: cves, kubernetesReleases: releases }, now, beside) =>
      scsCriticalCve(judgeCriticalCves(days)(gitVersion, cves, releases, now), {
        gitVersion,
        cves,
        releases,
        list: beside.scsSupportedBranches,
        now,
      }),
    { scsSupportedBranches },
  );

/** A rung that looks for critical CVEs whose fix has been there for so many days. */
export const byCriticalCves = (days: number) =>
  read({ serverVersion, kubernetesCves, kubernetesReleases }, (facts, now) =>
    judgeCriticalCves(days)(facts.serverVersion.gitVersion, facts.kubernetesCves, facts.kubernetesReleases, now),
  );

import { e2eResults } from '../../facts/e2e-results.js';
import { kubernetesCves } from '../../facts/kubernetes-cves.js';
import { kubernetesReleases, type KubernetesReleases } from '../../facts/kubernetes-releases.js';
import { namespaces } from '../../facts/namespaces.js';
import { nodes } from '../../facts/nodes.js';
import { scsSupportedBranches, type ScsSupportedBranches } from '../../facts/scs-supported-branches.js';
import { serverVersion } from '../../facts/server-version.js';
import type { Unavailable } from '../../model/fact.js';
import type { Answer } from '../../model/outcome.js';
import { e2e, read, type Requirement } from '../../model/requirement.js';
import { judgeCriticalCves } from './critical-cves.js';
import { judgeTestedVersion } from './e2e.js';
import { minorRecencyLadder } from './offer.js';
import { scsCriticalCve } from './scs-version-test.js';

/** Makes of an answer what SCS's own test says beside it. */
type ByScs = (own: Answer, gitVersion: string, list: ScsSupportedBranches | Unavailable, now: Date) => Answer;

/**
 * A rung that holds the version of the API server against upstream's releases.
 * @param scs for a row of the official testcase
 */
export const byReleases = (judge: (gitVersion: string, releases: KubernetesReleases, now: Date) => Answer, scs?: ByScs) =>
  read(
    { serverVersion, kubernetesReleases },
    ({ serverVersion: { gitVersion }, kubernetesReleases: releases }, now, beside) => {
      const own = judge(gitVersion, releases, now);
      return scs === undefined ? own : scs(own, gitVersion, beside.scsSupportedBranches, now);
    },
    scs && { scsSupportedBranches },
  );

const cveFacts = { serverVersion, kubernetesCves, kubernetesReleases };

/** A rung that looks for critical CVEs whose fix has been there for so many days. */
export const byCriticalCves = (days: number) => read(cveFacts, (facts, now) => judgeCriticalCves(days, facts, now));

/** As `byCriticalCves`, for the row of the official testcase. */
export const byCriticalCvesAndScs = (days: number) =>
  read(cveFacts, (facts, now, beside) => scsCriticalCve(judgeCriticalCves(days, facts, now), facts, beside.scsSupportedBranches, now), {
    scsSupportedBranches,
  });

export const clause = '#decision';
export const configuredBy = ['kubernetesVersion', 'image', 'version'];
export const settledByOffer = {
  fleet: true,
  statement: true,
  nextStep:
    'Check a cluster of each branch that is offered and merge the reports with `scs-kaas merge`, set `offered-versions`, or declare it in a statement of the provider.',
} as const;

/** Both versions of the standard ask for it. */
export const minorRecency: Requirement = {
  id: 'minor-recency',
  level: 'MUST',
  title: 'The newest branch is offered within four months',
  clause,
  remediation: 'Offer each new branch within four months of its first release.',
  ladder: minorRecencyLadder,
  settledBy: settledByOffer,
};

/** The same. @param level by the version of the standard */
export const testedBeforeRollout = (level: Requirement['level']): Requirement => ({
  id: 'tested-before-rollout',
  level,
  title: 'New versions are tested before they are rolled out',
  clause,
  remediation: 'Run the CNCF conformance tests on each new version before it is offered, and keep their results.',
  ladder: [
    e2e({ e2eResults, serverVersion }, (facts, now, since) => judgeTestedVersion(facts.e2eResults, facts.serverVersion, now, since), {
      nodes,
      namespaces,
    }),
  ],
  settledBy: {
    statement: true,
    nextStep:
      'Provide the results of conformance tests of this version that ran on another cluster before the version came to this one (input `e2e-results`), or a statement of the provider about its tests of new versions. Tests that run on this cluster now (`tier: heavy`) are too late.',
  },
});

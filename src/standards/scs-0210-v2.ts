import { e2eResults } from '../facts/e2e-results.js';
import { namespaces } from '../facts/namespaces.js';
import { nodes } from '../facts/nodes.js';
import { serverVersion } from '../facts/server-version.js';
import { defineStandard, e2e } from '../model/requirement.js';
import { judgeSupportedBranch } from './support/branches.js';
import { judgeTestedVersion } from './support/e2e.js';
import { minorRecencyRule, offeredBranchesRule } from './support/offer.js';
import { judgePatchRecency } from './support/version-policy.js';
import { orGaveUp, scsBranch } from './support/scs-version-test.js';
import { byCriticalCves, byCriticalCvesAndScs, byOffer, byReleasesAndScs } from './support/version-rungs.js';

const clause = '#decision';
const testcase = 'version-policy-check';
const configuredBy = ['kubernetesVersion', 'image', 'version'];
const fleet = {
  fleet: true,
  statement: true,
  how: 'Check a cluster of each branch that is offered and merge the reports with `scs-kaas merge`, set `offered-versions`, or declare it in a statement of the provider.',
} as const;

/** https://docs.scs.community/standards/scs-0210-v2-k8s-version-policy */
export const scs0210v2 = defineStandard({
  id: 'scs-0210-v2',
  title: 'Kubernetes version policy',
  scope: 'main',
  status: 'stable',
  url: 'https://docs.scs.community/standards/scs-0210-v2-k8s-version-policy',
  requirements: [
    {
      id: 'supported-branch',
      level: 'SHOULD',
      title: 'The branch is supported by upstream',
      clause,
      testcase,
      remediation:
        'Upgrade the cluster to a branch that upstream still supports, and take branches out of the offer when their support ends.',
      ladder: [byReleasesAndScs(judgeSupportedBranch, scsBranch)],
      configuredBy,
    },
    {
      id: 'patch-recency',
      level: 'MUST',
      title: 'Patches are in use within a month',
      clause,
      testcase,
      remediation: 'Upgrade the cluster to the newest patch of its branch, and offer each patch within a month of its release.',
      // A month, as upstream's own testcase counts it.
      ladder: [byReleasesAndScs(judgePatchRecency(31), orGaveUp)],
      configuredBy,
    },
    {
      id: 'critical-cve',
      level: 'MUST',
      title: 'Fixes of critical CVEs are in use within two weeks',
      clause,
      testcase,
      remediation: 'Upgrade the cluster to a patch that fixes the CVEs named, and offer such patches within two weeks of their release.',
      ladder: [byCriticalCvesAndScs(14)],
      configuredBy,
    },
    {
      id: 'critical-cve-fast',
      level: 'SHOULD',
      title: 'Fixes of critical CVEs are in use within two days',
      clause,
      remediation: 'Offer patches that fix critical CVEs within two days of their release.',
      ladder: [byCriticalCves(2)],
      configuredBy,
    },
    {
      id: 'minor-recency',
      level: 'MUST',
      title: 'The newest branch is offered within four months',
      clause,
      remediation: 'Offer each new branch within four months of its first release.',
      ladder: byOffer(minorRecencyRule),
      settledBy: fleet,
    },
    {
      id: 'offered-branches',
      level: 'MUST',
      title: 'Every branch that upstream supports is offered',
      clause,
      remediation: 'Keep every branch in the offer until its upstream support ends.',
      ladder: byOffer(offeredBranchesRule),
      settledBy: fleet,
    },
    {
      id: 'tested-before-rollout',
      level: 'MUST',
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
        how: 'Hand in the results of conformance tests of this version that ran on another cluster before the version came to this one (input `e2e-results`), or a statement of the provider about its tests of new versions. Tests that run on this cluster now (`tier: heavy`) are too late.',
      },
    },
  ],
});

import { defineStandard } from '../model/requirement.js';
import { judgeSupportedBranch } from './support/branches.js';
import { offeredBranchesLadder } from './support/offer.js';
import { orGaveUp, scsBranch } from './support/scs-version-test.js';
import { judgePatchRecency } from './support/version-policy.js';
import {
  byCriticalCves,
  byCriticalCvesAndScs,
  byReleases,
  clause,
  configuredBy,
  minorRecency,
  settledByOffer,
  testedBeforeRollout,
} from './support/version-rungs.js';

const testcase = 'version-policy-check';

/** https://docs.scs.community/standards/scs-0210-v2-k8s-version-policy */
export const scs0210v2 = defineStandard({
  id: 'scs-0210-v2',
  title: 'Kubernetes version policy',
  category: 'certificate',
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
      ladder: [byReleases(judgeSupportedBranch, scsBranch)],
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
      ladder: [byReleases(judgePatchRecency(31), orGaveUp)],
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
    minorRecency,
    {
      id: 'offered-branches',
      level: 'MUST',
      title: 'Every branch that upstream supports is offered',
      clause,
      remediation: 'Keep every branch in the offer until its upstream support ends.',
      ladder: offeredBranchesLadder,
      settledBy: settledByOffer,
    },
    testedBeforeRollout('MUST'),
  ],
});

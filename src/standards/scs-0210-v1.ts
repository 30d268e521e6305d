import { e2eResults } from '../facts/e2e-results.js';
import { namespaces } from '../facts/namespaces.js';
import { nodes } from '../facts/nodes.js';
import { serverVersion } from '../facts/server-version.js';
import { defineStandard, e2e } from '../model/requirement.js';
import { minorRecencyRule } from './support/offer.js';
import { judgeTestedVersion } from './support/e2e.js';
import { judgePatchRecency } from './support/version-policy.js';
import { byCriticalCves, byOffer, byReleases } from './support/version-rungs.js';

const clause = '#decision';
const configuredBy = ['kubernetesVersion', 'image', 'version'];
/** A week, for patches of every kind. */
const patchDays = 7;

/** https://docs.scs.community/standards/scs-0210-v1-k8s-new-version-policy, replaced by v2: judged only when asked for by name. */
export const scs0210v1 = defineStandard({
  id: 'scs-0210-v1',
  title: 'Kubernetes version policy for new versions',
  scope: 'info',
  status: 'deprecated',
  url: 'https://docs.scs.community/standards/scs-0210-v1-k8s-new-version-policy',
  requirements: [
    {
      id: 'minor-recency',
      level: 'MUST',
      title: 'The newest branch is offered within four months',
      clause,
      remediation: 'Offer each new branch within four months of its first release.',
      ladder: byOffer(minorRecencyRule),
      settledBy: {
        fleet: true,
        statement: true,
        how: 'Check a cluster of each branch that is offered and merge the reports with `scs-kaas merge`, set `offered-versions`, or declare it in a statement of the provider.',
      },
    },
    {
      id: 'patch-recency',
      level: 'MUST',
      title: 'Patches are in use within a week',
      clause,
      remediation: 'Upgrade the cluster to the newest patch of its branch, and offer each patch within a week of its release.',
      ladder: [byReleases(judgePatchRecency(patchDays))],
      configuredBy,
    },
    {
      id: 'critical-cve',
      level: 'SHOULD',
      title: 'Fixes of critical CVEs are in use sooner than other patches',
      clause,
      remediation: 'Upgrade the cluster to a patch that fixes the CVEs named, and offer such patches before others.',
      // No time is set beyond "faster": what takes longer than any patch may is certainly not faster.
      ladder: [byCriticalCves(patchDays)],
      configuredBy,
    },
    {
      id: 'tested-before-rollout',
      level: 'SHOULD',
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

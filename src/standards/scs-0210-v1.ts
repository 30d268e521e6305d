import { defineStandard } from '../model/requirement.js';
import { judgePatchRecency } from './support/version-policy.js';
import { byCriticalCves, byReleases, clause, configuredBy, minorRecency, testedBeforeRollout } from './support/version-rungs.js';

/** A week, for patches of every kind. */
const patchDays = 7;

/** https://docs.scs.community/standards/scs-0210-v1-k8s-new-version-policy, replaced by v2: judged only when asked for by name. */
export const scs0210v1 = defineStandard({
  id: 'scs-0210-v1',
  title: 'Kubernetes version policy for new versions',
  category: 'informative',
  status: 'deprecated',
  url: 'https://docs.scs.community/standards/scs-0210-v1-k8s-new-version-policy',
  requirements: [
    minorRecency,
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
    testedBeforeRollout('SHOULD'),
  ],
});

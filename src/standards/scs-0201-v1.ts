import { defineStandard } from '../model/requirement.js';

/** https://docs.scs.community/standards/scs-0201-v1-cncf-conformance */
export const scs0201v1 = defineStandard({
  id: 'scs-0201-v1',
  title: 'CNCF Kubernetes conformance',
  scope: 'main',
  status: 'draft',
  url: 'https://docs.scs.community/standards/scs-0201-v1-cncf-conformance',
  requirements: [
    {
      id: 'conformance',
      level: 'MUST',
      title: 'The cluster passes the upstream conformance tests',
      clause: '#regulations',
      testcase: 'cncf-k8s-conformance',
      remediation:
        'Run the upstream suite, look at each failed test, and mend what it shows; only exceptions that the standard lists are tolerated.',
      // Nothing short of the tests themselves shows that they pass.
      ladder: [],
      settledBy: {
        tier: 'heavy',
        how: 'the upstream suite settles it (tier `heavy`): `sonobuoy run --mode=certified-conformance --wait`, all tests tagged [Conformance], about two hours, or the results archive of such a run.',
      },
    },
  ],
});

import { e2eResults } from '../facts/e2e-results.js';
import { serverVersion } from '../facts/server-version.js';
import { defineStandard, e2e } from '../model/requirement.js';
import { conformanceRule, judgeSuite } from './support/e2e.js';

const judgeConformance = judgeSuite(conformanceRule);

/** https://docs.scs.community/standards/scs-0201-v1-cncf-conformance */
export const scs0201v1 = defineStandard({
  id: 'scs-0201-v1',
  title: 'CNCF Kubernetes conformance',
  category: 'certificate',
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
        'Run all conformance tests of this Kubernetes version, look at each failed test and mend what it shows. Only the listed exceptions are tolerated.',
      // Nothing short of the tests themselves shows that they pass.
      ladder: [e2e({ e2eResults, serverVersion }, (facts, now) => judgeConformance(facts.e2eResults, facts.serverVersion, now))],
      settledBy: {
        tier: 'heavy',
        nextStep:
          'Run all tests tagged [Conformance] with Sonobuoy (`tier: heavy`, about two hours), or provide the archive of an earlier run on this cluster (input `e2e-results`).',
      },
    },
  ],
});

import { buildReport } from '../../src/evaluation/build-report.js';
import type { Report } from '../../src/model/report.js';
import type { ReporterOptions } from '../../src/reporters/reporter.js';
import { loadScope } from '../../src/certificate-scope/load.js';
import { officialReport } from '../../src/certificate-scope/official.js';
import { bundledScope } from '../../src/certificate-scope/bundled.js';
import { groupsFile, outcomeOf } from './scope.js';

export const handIn: NonNullable<ReporterOptions['upload']> = {
  subject: 'example-cloud',
  runId: '0c2f4d2a-5815-4b26-a403-3baad92521f8',
  checkedAt: '2026-11-22T10:29:40.288Z',
};

/** A report with an official verdict, of requirements as they are given. */
export const reportWith = (
  requirements: Report['requirements'],
  { form = 'modules', at = '2026-11-22T10:29:40.288Z' }: { readonly form?: 'modules' | 'groups'; readonly at?: string } = {},
): Report => {
  const now = new Date(at);
  const scope = form === 'modules' ? bundledScope() : loadScope(groupsFile(), 'scope.yaml');
  const report = buildReport(
    [],
    {},
    now,
    { name: 'inner-name', source: 'kubeconfig', detail: '', caveats: [] },
    { tier: 'heavy', tool: { name: 'scs-kaas', version: '0.1.0' }, locate: () => undefined },
  );
  return {
    ...report,
    cluster: { ...report.cluster, version: 'v1.36.3' },
    requirements,
    official: officialReport(scope, requirements, now, form === 'modules' ? 'bundled' : 'scope.yaml'),
  };
};

/** One testcase of each verdict but for MISSING, with texts that a cluster may hold. */
export const mixed: Report['requirements'] = [
  outcomeOf('scs-0201-v1/conformance', {
    rung: 'e2e',
    message: '446 of 446 conformance tests that ran passed',
    checkedAt: '2026-11-20T02:00:00Z',
  }),
  outcomeOf('scs-0210-v2/patch-recency', { message: '1.36.3 is the newest patch of 1.36' }),
  outcomeOf('scs-0210-v2/critical-cve', {
    outcome: 'abort',
    message: 'kubernetes-cves: https://user:pw@cve.example.org/x did not answer (10.0.3.7:443, fd00::1/64, api.cluster.internal)',
  }),
  outcomeOf('scs-0210-v2/supported-branch', { message: "the branch's support ends on 2027-06-28" }),
  outcomeOf('scs-0219-v1/network-policy', {
    rung: 'e2e',
    outcome: 'fail',
    message: '1 of 45 failed: <script>alert("x")</script> `a` {{ b }}\u001b[31m é 😀',
  }),
];

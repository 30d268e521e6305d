import { nodes } from '../../src/facts/nodes.js';
import { buildReport } from '../../src/evaluation/build-report.js';
import { toFleet } from '../../src/fleet/aggregate.js';
import { parseReport } from '../../src/fleet/read-report.js';
import type { MergedFleet } from '../../src/model/fleet.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { Report } from '../../src/model/report.js';
import { countsOf, verdictOf } from '../../src/model/verdict.js';
import { reportJson } from '../../src/reporters/json.js';
import { bundledScope } from '../../src/certificate-scope/bundled.js';
import { officialReport } from '../../src/certificate-scope/official.js';
import { selectStandards } from '../../src/standards/select.js';
import { standards } from '../../src/standards/index.js';

export interface FleetReportOptions {
  readonly name?: string;
  readonly version?: string;
  readonly uid?: string;
  /** What differs from a pass, by the id of the requirement. */
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  /** What upstream's own settings say, by the id of the requirement. */
  readonly official?: Readonly<Record<string, Report['requirements'][number]['official']>>;
  /** Ids of standards; all that are in force without. */
  readonly standards?: readonly string[];
  readonly at?: string;
  /** When the cluster was looked at, where it was judged as of another moment. */
  readonly checkedAt?: string;
  readonly notForMonitor?: string;
  readonly tool?: string;
  readonly source?: string;
  readonly caveats?: readonly string[];
  /** Until when what is declared is so, where the row allows a statement. */
  readonly expires?: string;
  /** Branches that all clusters together have to show. */
  readonly needs?: readonly string[];
}

const branches = 'scs-0210-v2/offered-branches';
const upstream = ['scs-0201-v1/conformance', 'scs-0219-v1/network-policy'];
const declarable = new Set(
  standards.flatMap((s) => s.requirements.flatMap((r) => (r.settledBy?.statement === true ? [`${s.id}/${r.id}`] : []))),
);

/** The report of a cluster that meets everything but for what is said; whether all branches are offered it cannot tell alone. */
export const fleetReport = ({
  name = 'alpha',
  version = 'v1.36.3',
  uid,
  outcomes: other = {},
  official = {},
  standards: ids = [],
  at = '2026-11-25T10:00:00.000Z',
  checkedAt = at,
  notForMonitor,
  tool = '0.1.0',
  source = 'kubeconfig',
  caveats = [],
  needs = ['1.36'],
  expires = '2027-06-01',
}: FleetReportOptions = {}): Report => {
  const now = new Date(at);
  const minor = /^v(\d+\.\d+)/.exec(version)?.[1] ?? '';
  const origin = { name, source, detail: '', caveats };
  const report = buildReport(selectStandards(standards, ids), { [nodes.name]: [] }, now, origin, {
    tier: 'heavy',
    tool: { name: 'scs-kaas', version: tool },
    locate: () => undefined,
  });
  const requirements = report.requirements.map((r): Report['requirements'][number] => ({
    ...r,
    outcome: other[r.id] ?? (r.id === branches ? 'abort' : 'pass'),
    message: 'as the test wants it',
    severity: 'none',
    ...(other[r.id] === 'declared' && declarable.has(r.id)
      ? { statement: { kind: 'declared' as const, author: 'A', date: '2026-11-01', reason: 'r', expires, instead: 'abort' as const } }
      : {}),
    ...(upstream.includes(r.id) ? { rung: 'e2e' as const, checkedAt: at } : {}),
    ...(official[r.id] === undefined ? {} : { official: official[r.id] }),
    ...(r.id === branches ? { fleet: { shows: [minor], needs } } : {}),
  }));
  const musts = requirements.filter((r) => r.category === 'certificate' && r.level === 'MUST');
  const deselected = selectStandards(standards, []).filter(
    (s) => s.category === 'certificate' && !report.standards.some(({ id }) => id === s.id),
  );
  return {
    ...report,
    checkedAt,
    ...(notForMonitor === undefined ? {} : { notForMonitor }),
    requirements,
    verdict: verdictOf(
      musts,
      deselected.map(({ id }) => id),
    ),
    counts: countsOf(requirements),
    cluster: { ...report.cluster, version, ...(uid === undefined ? {} : { uid }) },
    official: officialReport(bundledScope(), requirements, now, 'bundled'),
    data: [{ label: 'Kubernetes releases', value: 'as of 2026-11-22, fetched in this run' }],
    missingPermissions: [],
    missingPermissionsManifest: undefined,
  };
};

export const fleetText = (options?: FleetReportOptions): string => reportJson(fleetReport(options));

/** What several reports say together, as `merge` has it; a text stands for a file that holds just that. */
export const mergedOf = (files: readonly (FleetReportOptions | string)[]): MergedFleet =>
  toFleet(
    files.map((one, i) => ({ label: `cluster-${i + 1}`, read: parseReport(typeof one === 'string' ? one : fleetText(one)) })),
    { tool: { name: 'scs-kaas', version: '0.1.0' }, now: new Date('2026-11-26T12:00:00Z'), musts: [] },
  );

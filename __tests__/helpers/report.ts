import * as z from 'zod/mini';
import { evaluate, type Context } from '../../src/evaluation/evaluate.js';
import { defineFact, type Facts, type Permission } from '../../src/model/fact.js';
import { abort, fail, notApplicable, pass, undecided, type Answer } from '../../src/model/outcome.js';
import { permissionKey, permissionText } from '../../src/model/permission.js';
import type { Report } from '../../src/model/report.js';
import { act, behave, defineStandard, e2e, read, type Requirement, type Standard } from '../../src/model/requirement.js';
import type { ReporterOptions } from '../../src/reporters/reporter.js';

/** Reports for tests: made by `evaluate` from hand-made standards and facts, so that no real standard's change moves a golden file. */

const permission = (p: Omit<Permission, 'role' | 'why'> & Partial<Permission>): Permission => ({
  role: 'read',
  why: `${p.verb} ${p.resource ?? p.url ?? ''} to judge by it`,
  ...p,
});

const demoNodes = defineFact({
  name: 'demo-nodes',
  schema: z.array(z.object({ name: z.string(), zone: z.string() })),
  permissions: [permission({ verb: 'list', group: '', resource: 'nodes', why: 'labels of the nodes' })],
  collect: () => Promise.resolve([]),
});
const demoVersion = defineFact({
  name: 'demo-version',
  schema: z.object({ gitVersion: z.string() }),
  permissions: [],
  collect: () => Promise.resolve({ gitVersion: '' }),
});
const demoMetrics = defineFact({
  name: 'demo-metrics',
  schema: z.object({ seats: z.number() }),
  permissions: [permission({ verb: 'get', url: '/metrics', why: 'request limits as the API server counts them' })],
  collect: () => Promise.resolve({ seats: 0 }),
});
const demoImpersonation = defineFact({
  name: 'demo-impersonation',
  schema: z.object({ refused: z.boolean() }),
  permissions: [
    permission({
      role: 'ask',
      verb: 'impersonate',
      group: '',
      resource: 'users',
      names: ['system:node:scs-probe'],
      why: 'a node that does not exist tries to label another one, by dry run',
    }),
  ],
  collect: () => Promise.resolve({ refused: true }),
});

const cell = z.object({
  id: z.string(),
  dimension: z.string(),
  direction: z.enum(['ingress', 'egress']),
  from: z.string(),
  to: z.string(),
  port: z.string(),
  expected: z.enum(['allowed', 'denied']),
  observed: z.enum(['allowed', 'denied', 'not probed']),
  late: z.string(),
});
export type DemoCell = z.infer<typeof cell>;
const demoMatrix = defineFact({
  name: 'demo-matrix',
  tier: 'active',
  schema: z.array(cell),
  permissions: [permission({ role: 'act', verb: 'create', group: '', resource: 'pods', why: 'short-lived pods that probe and answer' })],
  collect: () => Promise.resolve([]),
});
const demoVolume = defineFact({
  name: 'demo-volume',
  tier: 'active',
  schema: z.string(),
  permissions: [
    permission({
      role: 'act',
      verb: 'create',
      group: '',
      resource: 'persistentvolumeclaims',
      why: 'a claim of our own, to be filled and read',
    }),
  ],
  collect: () => Promise.resolve(''),
});

const demoTests = defineFact({
  name: 'demo-tests',
  tier: 'heavy',
  schema: z.object({ failed: z.array(z.string()), tolerated: z.array(z.string()) }),
  permissions: [],
  collect: () => Promise.resolve({ failed: [], tolerated: [] }),
});

const judgeTests = ({ failed, tolerated }: z.infer<(typeof demoTests)['schema']>): Answer => {
  const of = (name: string, i: number) => ({
    name,
    state: i === 2 ? 'did not end' : 'failed',
    message: 'Had 1 wrong results in reachability matrix In [It] at: k8s.io/kubernetes/test/e2e/network/netpol/test_helper.go:129',
    ...(i === 1
      ? {}
      : { url: `https://github.com/kubernetes/kubernetes/blob/v1.36.3/test/e2e/network/netpol/network_policy.go#L${825 + i}` }),
  });
  const answer =
    failed.length === 0 ? pass('45 of 45 tests passed') : fail(`${failed.length} of 45 tests failed: ${failed.slice(0, 3).join(', ')}`);
  return {
    ...answer,
    findings: {
      of: 'NetworkPolicy tests',
      list: [...failed.map(of), ...tolerated.map((name, i) => ({ ...of(name, i), tolerated: 'SCTP is optional' }))],
      omitted: 0,
      tally: [
        { label: 'passed', count: 45 - failed.length },
        ...(failed.length === 0 ? [] : [{ label: 'failed', count: failed.length }]),
        { label: 'not run', count: 7_534 },
      ],
    },
  };
};

const url = (id: string): string => `https://docs.scs.community/standards/${id}`;
const requirement = (r: Omit<Requirement, 'clause' | 'remediation' | 'ladder'> & Partial<Requirement>): Requirement => ({
  clause: '#decision',
  remediation: 'Mend it.',
  ladder: [],
  ...r,
});

const versions = defineStandard({
  id: 'demo-0210-v2',
  title: 'Kubernetes version policy',
  category: 'certificate',
  status: 'stable',
  url: url('demo-0210-v2'),
  requirements: [
    requirement({
      id: 'patch-recency',
      level: 'MUST',
      title: 'The patch release is not older than a month',
      testcase: 'version-policy-check',
      remediation: 'Update the cluster to the newest patch release of its minor version, and do so within a month of each release.',
      ladder: [
        read({ demoVersion }, ({ demoVersion: v }) =>
          fail(`${v.gitVersion} is 62 days behind v1.36.4`, [{ source: 'GET /version', observed: v.gitVersion }]),
        ),
      ],
      configuredBy: ['image'],
    }),
    requirement({
      id: 'supported-branch',
      level: 'SHOULD',
      title: 'The minor version is supported upstream',
      ladder: [read({ demoVersion }, () => pass('1.36 is supported until 2027-06-28'))],
    }),
    requirement({
      id: 'minor-recency',
      level: 'MUST',
      title: 'The newest minor version is offered within four months',
      ladder: [read({ demoVersion }, () => undecided('1.37 is out since 2026-08-26: one cluster does not tell what the provider offers'))],
      settledBy: { fleet: true, nextStep: 'Merge the reports of the provider’s other clusters.' },
    }),
  ],
});

const nodeDistribution = defineStandard({
  id: 'demo-0214-v2',
  title: 'Kubernetes node distribution and availability',
  category: 'certificate',
  status: 'stable',
  url: url('demo-0214-v2'),
  requirements: [
    requirement({
      id: 'zone-label',
      level: 'MUST',
      title: 'Every node names its zone',
      testcase: 'node-distribution-check',
      remediation:
        'Set the label topology.kubernetes.io/zone on every node, through the cloud controller manager or the node registration of your cluster maker, and keep it up to date.',
      ladder: [
        read({ demoNodes }, ({ demoNodes: all }) => {
          const without = all.filter((n) => n.zone === '');
          if (all.length === 0) return abort('nothing to judge: the cluster shows no node');
          if (without.length === 0) return pass(`all ${all.length} nodes carry topology.kubernetes.io/zone`);
          const names = without
            .slice(0, 10)
            .map((n) => n.name)
            .join(', ');
          const message = `${without.length} of ${all.length} nodes without topology.kubernetes.io/zone: ${names}${without.length > 10 ? ` and ${without.length - 10} more` : ''}`;
          return fail(
            message,
            without.map((n) => ({ source: `node ${n.name}`, observed: 'topology.kubernetes.io/zone=(absent)' })),
          );
        }),
      ],
      configuredBy: ['nodes'],
    }),
    requirement({
      id: 'region-label',
      level: 'MUST',
      title: 'Every node names its region',
      ladder: [
        read({ demoNodes }, ({ demoNodes: all }) =>
          all.length === 0
            ? abort('nothing to judge: the cluster shows no node')
            : pass(`all ${all.length} nodes carry topology.kubernetes.io/region`, [
                { source: 'GET /api/v1/nodes', observed: `${all.length} nodes in region eu-de-1` },
              ]),
        ),
      ],
    }),
    requirement({
      id: 'control-plane-hosts',
      level: 'MUST',
      title: 'The control plane is spread over several physical hosts',
      settledBy: { statement: true, nextStep: 'Provide a statement of the provider about the hosts of the control plane.' },
    }),
  ],
});

const hardening = defineStandard({
  id: 'demo-0217-v1',
  title: 'Cluster hardening',
  category: 'informative',
  status: 'draft',
  url: url('demo-0217-v1'),
  requirements: [
    requirement({
      id: 'node-restriction',
      level: 'MUST',
      title: 'A kubelet may change only its own node',
      remediation: 'Add NodeRestriction to --enable-admission-plugins of the API server.',
      ladder: [
        behave({ demoImpersonation }, () => pass('the API server refused it')),
        read({ demoMetrics }, () => pass('the plugin has a count')),
      ],
    }),
    requirement({
      id: 'request-limits',
      level: 'MUST',
      title: 'The API server limits requests in flight',
      ladder: [behave({ demoMetrics }, ({ demoMetrics: m }) => pass(`${m.seats} seats over all priority levels`))],
    }),
    requirement({
      id: 'certificate-rotation',
      level: 'MUST',
      title: 'Certificates are renewed at least once a year',
      remediation: 'Renew the certificates, e.g. by an update of the control plane.',
      ladder: [
        read({ demoVersion }, () => ({
          ...pass('the API server’s certificate is valid for 365 days'),
          expiresSoon: 'the API server’s certificate ends on 2026-12-30, in 37 days',
        })),
      ],
    }),
    requirement({
      id: 'ports-closed',
      level: 'MUST',
      title: 'Only the API port answers from outside',
      ladder: [behave({ demoVersion }, () => notApplicable('this machine is inside of the cluster’s network (172.18.0.0/16)'))],
    }),
    requirement({
      id: 'pod-security-enforce',
      level: 'SHOULD',
      title: 'Pod security is enforced',
      remediation: 'Label the namespaces with pod-security.kubernetes.io/enforce: baseline.',
      ladder: [
        behave({ demoVersion }, () =>
          fail('a privileged pod was accepted in namespace default', [
            { source: 'POST /api/v1/namespaces/default/pods?dryRun=All', observed: '201' },
          ]),
        ),
      ],
    }),
    requirement({
      id: 'etcd-acl',
      level: 'MUST',
      title: 'etcd lets in only whom it must',
      settledBy: { statement: true, nextStep: 'Provide a statement of the provider about etcd’s users and roles.' },
    }),
  ],
});

const markOf = (cells: readonly DemoCell[]): 'met' | 'broken' | 'open' | 'none' => {
  if (cells.length === 0) return 'none';
  if (cells.some((c) => c.observed !== 'not probed' && c.observed !== c.expected)) return 'broken';
  return cells.every((c) => c.observed === c.expected) ? 'met' : 'open';
};

const judgeCells = (cells: readonly DemoCell[]): Answer => {
  const broken = cells.filter((c) => markOf([c]) === 'broken');
  const columns = ['ingress', 'egress'] as const;
  const answer =
    broken.length === 0
      ? pass(`all ${cells.length} cells are as they should be`)
      : fail(`${broken.length} of ${cells.length} cells are not as they should be, on worker-2: ${broken.map((c) => c.id).join(', ')}`, [
          { source: 'pods of image agnhost:2.53', observed: `${cells.length} cells on 2 nodes in 21.4 s` },
        ]);
  return {
    ...answer,
    grid: {
      caption: 'the policy matrix on worker-1 and worker-2',
      columns,
      rows: [...new Set(cells.map((c) => c.dimension))].map((label) => ({
        label,
        marks: columns.map((direction) => markOf(cells.filter((c) => c.dimension === label && c.direction === direction))),
      })),
    },
    table: {
      caption: 'every cell of the policy matrix',
      columns: ['cell', 'direction', 'from', 'to', 'port', 'expected', 'observed', 'late'],
      rows: cells.map((c) => [c.id, c.direction, c.from, c.to, c.port, c.expected, c.observed, c.late]),
    },
  };
};

const networking = defineStandard({
  id: 'demo-0219-v1',
  title: 'Networking',
  category: 'certificate',
  status: 'stable',
  url: url('demo-0219-v1'),
  requirements: [
    requirement({
      id: 'network-policy',
      level: 'MUST',
      title: 'Network policies work',
      testcase: 'kaas-networking-check',
      ladder: [e2e({ demoTests }, ({ demoTests: tests }) => judgeTests(tests))],
      settledBy: { tier: 'heavy', nextStep: 'Run with --tier heavy: the upstream NetworkPolicy suite takes about three minutes.' },
    }),
    requirement({
      id: 'policy-matrix',
      level: 'MUST',
      title: 'Every cell of the policy matrix is enforced, by our own test',
      remediation: 'Choose a network plugin that implements all of `networking.k8s.io/v1`, and let it enforce on every node.',
      ladder: [act({ demoMatrix }, ({ demoMatrix: cells }) => judgeCells(cells))],
      settledBy: { tier: 'active', nextStep: 'Run with --tier active: short-lived pods in namespaces of their own, about a minute.' },
    }),
    requirement({
      id: 'default-ingress-class',
      level: 'SHOULD',
      title: 'There is a default ingress class',
      remediation: 'Annotate one IngressClass with ingressclass.kubernetes.io/is-default-class: "true".',
      ladder: [read({ demoVersion }, () => fail('none of 2 IngressClasses is the default: nginx, traefik'))],
    }),
  ],
});

const storage = defineStandard({
  id: 'demo-0211-v2',
  title: 'Default storage class',
  category: 'informative',
  status: 'draft',
  url: url('demo-0211-v2'),
  requirements: [
    requirement({
      id: 'volume-usable',
      level: 'MUST',
      title: 'A claim of the default class gets a volume that keeps what is written to it',
      ladder: [act({ demoVolume }, () => pass('written on worker-1, read on worker-2'))],
      settledBy: { tier: 'active', nextStep: 'Run with --tier active: a claim and two pods, about half a minute.' },
    }),
  ],
});

export const demoStandards: readonly Standard[] = [versions, nodeDistribution, hardening, networking, storage];

const dimensions = [
  'default deny',
  'by pod label',
  'by namespace label',
  'by several peers',
  'by port',
  'by port range',
  'by named port',
  'by address block with exceptions',
  'through a Service',
  'DNS kept',
  'a policy removed',
];

/** Cells of a policy matrix on one worker; those of `broken` and `open` dimensions are not as they should be. */
const demoCells = (broken: readonly string[] = [], open: readonly string[] = []): readonly DemoCell[] =>
  dimensions.flatMap((dimension) =>
    (['ingress', 'egress'] as const)
      .filter((direction) => dimension !== 'DNS kept' || direction === 'egress')
      .map((direction): DemoCell => {
        const expected = dimension === 'DNS kept' || dimension === 'a policy removed' ? 'allowed' : 'denied';
        const worse = expected === 'denied' ? 'allowed' : 'denied';
        const observed = broken.includes(dimension) ? worse : open.includes(dimension) ? 'not probed' : expected;
        return {
          id: `${direction}/${dimension.replaceAll(' ', '-')}`,
          dimension,
          direction,
          from: direction === 'ingress' ? 'other on worker-1' : 'probe on worker-2',
          to: direction === 'ingress' ? 'probe on worker-2' : 'other on worker-1',
          port: 'TCP 8081',
          expected,
          observed,
          late: dimension === 'default deny' ? '0.4 s' : '',
        };
      }),
  );

const demoFacts: Facts = {
  'demo-version': { gitVersion: 'v1.36.1' },
  'demo-nodes': [
    { name: 'control-plane-1', zone: 'az1' },
    { name: 'worker-1', zone: 'az1' },
    { name: 'worker-2', zone: '' },
  ],
  'demo-metrics': { unavailable: 'forbidden', detail: 'GET /metrics: 403 forbidden: User "ci" cannot get path "/metrics"' },
  'demo-matrix': demoCells(['by port range', 'a policy removed'], ['through a Service']),
  'demo-volume': {
    unavailable: 'forbidden',
    detail: 'nothing was made, as these rights are missing: create persistentvolumeclaims',
  },
  'demo-impersonation': {
    unavailable: 'forbidden',
    detail: 'PATCH /api/v1/nodes/worker-1: 403 users "system:node:scs-probe" is forbidden: User "ci" cannot impersonate resource "users"',
  },
};

export const demoContext: Context = {
  now: new Date('2026-11-23T18:00:00.000Z'),
  tier: 'active',
  tool: { name: 'scs-kaas', version: '0.1.0' },
  cluster: {
    name: 'scs-kaas-4711',
    source: 'kind',
    sourceDetail: 'kind v0.33.0, three nodes',
    version: 'v1.36.1',
    about: [
      { label: 'CNI', value: 'kindnet v20260820' },
      { label: 'Pod network', value: 'IPv4' },
    ],
  },
  caveats: ['A kind cluster certifies nothing about a provider.'],
  data: [{ label: 'Kubernetes releases', value: 'https://dl.k8s.io, fetched 2026-11-23, 2 hours old' }],
  deselected: [],
  refused: new Set([...demoMetrics.permissions, ...demoImpersonation.permissions, ...demoVolume.permissions].map(permissionKey)),
  locate: (r) => (r.configuredBy?.includes('nodes') === true ? { file: '.github/kind.yaml', line: 7 } : undefined),
  manifest: (permissions) =>
    `rules:\n${permissions.map((p) => `  # ${p.why}\n  - verbs: ["${p.verb}"] # ${permissionText(p)}\n`).join('')}`,
};

export const demoOptions: ReporterOptions = {
  commentKey: 'check',
  run: {
    url: 'https://github.com/example/cluster/actions/runs/4711',
    commit: '0123456789abcdef0123456789abcdef01234567',
    at: '2026-11-23T18:00:12.345Z',
  },
  colour: false,
  width: 80,
  verbose: false,
};

/** A run as it is: some failed, some forbidden, some not looked at. */
export const realisticReport = (context: Partial<Context> = {}, facts: Facts = {}): Report =>
  evaluate(demoStandards, { ...demoFacts, ...facts }, { ...demoContext, ...context });

/** A cluster that meets everything. */
export const compliantReport = (): Report =>
  evaluate(
    [
      { ...nodeDistribution, requirements: nodeDistribution.requirements.slice(0, 2) },
      { ...networking, requirements: networking.requirements.filter((r) => r.id === 'policy-matrix') },
    ],
    { 'demo-nodes': [{ name: 'worker-1', zone: 'az1' }], 'demo-matrix': demoCells() },
    { ...demoContext, caveats: [] },
  );

/** A run with results of tests: so many failed, and two more that are tolerated. */
export const testedReport = (failed = 3): Report =>
  realisticReport(
    {},
    {
      'demo-tests': {
        failed: Array.from({ length: failed }, (_, i) => `Netpol between server and client should enforce policy number ${i + 1}`),
        tolerated: ['Netpol SCTP should enforce policy', 'Netpol should allow egress access to server in CIDR block'],
      },
    },
  );

/** Nothing could be looked at: the cluster did not answer. */
export const incompleteReport = (): Report => {
  const none = { unavailable: 'unreachable', detail: 'GET /version: connection refused (ECONNREFUSED 192.0.2.1:6443)' };
  return evaluate(demoStandards, Object.fromEntries(Object.keys(demoFacts).map((name) => [name, none])), {
    ...demoContext,
    caveats: [],
    data: [],
    cluster: { ...demoContext.cluster, version: '', about: [] },
  });
};

/** A matrix of many nodes: a column for each of them, thousands of cells. */
export const wideReport = (columns = 40, rows = 3_000): Report => {
  const report = realisticReport();
  return {
    ...report,
    requirements: report.requirements.map((r) =>
      r.grid === undefined || r.table === undefined
        ? r
        : {
            ...r,
            grid: {
              ...r.grid,
              columns: Array.from({ length: columns }, (_, i) => `ingress, worker-${i + 1}`),
              rows: r.grid.rows.map(({ label, marks }) => ({ label, marks: Array.from({ length: columns }, () => marks[0] ?? 'none') })),
            },
            table: { ...r.table, rows: Array.from({ length: rows }, (_, i) => [`cell-${i + 1}`, ...(r.table?.rows[0]?.slice(1) ?? [])]) },
          },
    ),
  };
};

/** No standard at all. */
export const emptyReport = (): Report =>
  evaluate([], {}, { ...demoContext, caveats: [], data: [], cluster: { name: '', source: '', sourceDetail: '', version: '', about: [] } });

/** 5,000 nodes without a zone, and more failed requirements than any platform shows. */
export const hugeReport = (nodes = 5_000, requirements = 60): Report => {
  const zoneLabel = nodeDistribution.requirements.slice(0, 1);
  const many = (category: 'certificate' | 'informative', id: string): Standard => ({
    ...nodeDistribution,
    id,
    category,
    requirements: Array.from({ length: requirements }, (_, i) =>
      zoneLabel.map((r) => ({ ...r, id: `zone-label-${i + 1}`, title: `${r.title} (${i + 1})` })),
    ).flat(),
  });
  const all = Array.from({ length: nodes }, (_, i) => ({
    name: `worker-${String(i + 1).padStart(4, '0')}.a-rather-long-domain-of-a-provider.example.com`,
    zone: '',
  }));
  return evaluate([many('certificate', 'demo-0214-v2'), many('informative', 'demo-0215-v1')], { 'demo-nodes': all }, demoContext);
};

/** Every string that a report holds, replaced. Enumerated words, numbers and references between ids stay. */
export const withStrings = (report: Report, hostile: (text: string) => string): Report => {
  const row = (r: { label: string; value: string }): { label: string; value: string } => ({
    label: hostile(r.label),
    value: hostile(r.value),
  });
  return {
    ...report,
    headline: hostile(report.headline),
    caveats: report.caveats.map(hostile),
    tool: { name: hostile(report.tool.name), version: hostile(report.tool.version) },
    cluster: {
      name: hostile(report.cluster.name),
      source: hostile(report.cluster.source),
      sourceDetail: hostile(report.cluster.sourceDetail),
      version: hostile(report.cluster.version),
      about: report.cluster.about.map(row),
    },
    data: report.data.map(row),
    lacking: report.lacking.map(hostile),
    announced: report.announced.map(hostile),
    standards: report.standards.map((s) => ({
      ...s,
      id: hostile(s.id),
      title: hostile(s.title),
      url: hostile(s.url),
      requirements: s.requirements.map(hostile),
    })),
    requirements: report.requirements.map((r) => ({
      ...r,
      id: hostile(r.id),
      standard: hostile(r.standard),
      title: hostile(r.title),
      message: hostile(r.message),
      clause: hostile(r.clause),
      remediation: hostile(r.remediation),
      ...(r.nextStep === undefined ? {} : { nextStep: hostile(r.nextStep) }),
      ...(r.expiresSoon === undefined ? {} : { expiresSoon: hostile(r.expiresSoon) }),
      ...(r.location === undefined ? {} : { location: { file: hostile(r.location.file), line: r.location.line } }),
      evidence: r.evidence.map((e) => ({ source: hostile(e.source), observed: hostile(e.observed) })),
      ...(r.grid === undefined
        ? {}
        : {
            grid: {
              caption: hostile(r.grid.caption),
              columns: r.grid.columns.map(hostile),
              rows: r.grid.rows.map(({ label, marks }) => ({ label: hostile(label), marks })),
            },
          }),
      ...(r.table === undefined
        ? {}
        : {
            table: {
              caption: hostile(r.table.caption),
              columns: r.table.columns.map(hostile),
              rows: r.table.rows.map((row) => row.map(hostile)),
            },
          }),
      ...(r.findings === undefined
        ? {}
        : {
            findings: {
              ...r.findings,
              of: hostile(r.findings.of),
              tally: r.findings.tally.map(({ label, count }) => ({ label: hostile(label), count })),
              list: r.findings.list.map((one) => ({
                name: hostile(one.name),
                state: hostile(one.state),
                message: hostile(one.message),
                ...(one.url === undefined ? {} : { url: hostile(one.url) }),
                ...(one.tolerated === undefined ? {} : { tolerated: hostile(one.tolerated) }),
              })),
            },
          }),
    })),
    missingPermissions: report.missingPermissions.map((p) => ({
      ...p,
      text: hostile(p.text),
      why: hostile(p.why),
      requirements: p.requirements.map(hostile),
    })),
    ...(report.missingPermissionsManifest === undefined ? {} : { missingPermissionsManifest: hostile(report.missingPermissionsManifest) }),
  };
};

/** Fragments that some sink acts on. */
export const hostileFragments = [
  '|',
  '`',
  '``',
  '```',
  '\n',
  '\r\n',
  '\t',
  '\\',
  '\\|',
  '::error::',
  '::set-output name=x::',
  '##[error]',
  '%',
  '%0A',
  '@name',
  '@org/team',
  'a@example.org',
  '#123',
  'org/repo#1',
  'org/repo@0123456',
  '!17',
  'GH-12',
  '<script>alert(1)</script>',
  '<img src=x onerror=x>',
  '</td></table>',
  '</details>',
  '<!--',
  '-->',
  '<!-- scs-kaas',
  '<!-- /scs-kaas:fold -->',
  '](http://x)',
  '[x](http://x)',
  '![x](http://x)',
  '[x]: http://x',
  '[^1]',
  '<http://x>',
  'http://x.example',
  'https://x.example/y',
  'www.example.org',
  'ftp://x.example',
  'mailto:a@b.example',
  '*',
  '**',
  '_',
  '__',
  '~~',
  '~',
  '$',
  '$$',
  '# ',
  '- ',
  '1. ',
  '> ',
  '---',
  '===',
  '&amp;',
  '&#64;',
  '&lt;script&gt;',
  ':tada:',
  '\u001b[31m',
  '\u001b]8;;http://x\u0007',
  '\u009b31m',
  '\u0007',
  '\u0000',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\ud800',
  '\udc00',
  '\u2028',
  '漢字',
  'é',
  '🧨',
  ' ',
  'x',
] as const;

/** Each fragment with a printable name, for tables of tests. */
export const hostileCases = hostileFragments.map(
  (fragment) =>
    [JSON.stringify(fragment).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`), fragment] as const,
);

/** One text with the worst of everything in it, in front of the text itself. */
export const hostileText =
  '::error::a|`b`\n##[error]@name <script>alert(1)</script> --> <!-- scs-kaas:fold --> </details> [l](http://x) www.example.org #123 \u001b[31m\u202e\ud800 ';

export const hostileReport = (): Report => withStrings(testedReport(), (text) => hostileText + text);

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Report } from '../../src/model/report.js';
import {
  answered,
  recordingOf,
  startRecordedCluster,
  type RecordedCluster,
  type Trouble,
  type TroubleMaker,
} from '../helpers/recorded-cluster.js';
import { changed, newPasses, reported, wholeRun } from '../helpers/whole-run.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/** Answers that are whole and of the right shape, or nearly so, and say something odd. */

interface List {
  readonly metadata: object;
  readonly items: readonly unknown[];
}
const listOf = (text: unknown): List | undefined => {
  try {
    const body = JSON.parse(String(text)) as Partial<List>;
    return Array.isArray(body.items) && body.metadata !== undefined ? (body as List) : undefined;
  } catch {
    return undefined;
  }
};
const lists =
  (change: (list: List, nth: number) => unknown): TroubleMaker =>
  (endpoint, nth, recorded) => {
    const list = endpoint === 'GET /apis' ? undefined : listOf(recorded?.body);
    return list === undefined || !endpoint.startsWith('GET ') ? undefined : answered(change(list, nth));
  };
const at =
  (where: RegExp, body: unknown, status = 200): TroubleMaker =>
  (endpoint) =>
    where.test(endpoint) ? answered(body, status) : undefined;
const version = (gitVersion: unknown): TroubleMaker => at(/^GET \/version$/, { gitVersion });
const cut = (text: unknown, part: number): Trouble => answered(String(text).slice(0, String(text).length * part));
const noStorageClass = ['scs-0211-v2/default-class'];

/** Each with the requirements that it truly breaks. */
const odd: readonly (readonly [title: string, trouble: TroubleMaker, broken?: readonly string[]])[] = [
  ['every list is empty', lists((list) => ({ ...list, items: [] })), noStorageClass],
  // An empty list, as Go clients read it.
  ['the items of every list are null', lists((list) => ({ ...list, items: null })), noStorageClass],
  ['no list has items', lists(({ metadata }) => ({ metadata }))],
  ['every list goes on for ever with the same page', lists((list) => ({ ...list, metadata: { continue: 'again' } }))],
  ['the items of every list are empty objects', lists((list) => ({ ...list, items: [{}] })), noStorageClass],
  ['there is no node', at(/^GET \/api\/v1\/nodes$/, { kind: 'NodeList', metadata: {}, items: [] })],
  [
    'the only node has nothing but a name',
    at(/^GET \/api\/v1\/nodes$/, { kind: 'NodeList', metadata: {}, items: [{ metadata: { name: 'a' } }] }),
    [
      'scs-0214-v2/zone-label',
      'scs-0214-v2/region-label',
      'scs-0214-v1/worker-labels',
      'scs-0214-v2/worker-zones',
      'scs-0214-v1/worker-spread',
    ],
  ],
  ['no API group is served', at(/^GET \/apis$/, { kind: 'APIGroupDiscoveryList', metadata: {}, items: [] })],
  ['no API group is served, in the old form', at(/^GET \/apis$/, { kind: 'APIGroupList', groups: [] })],
  ['/flagz shows no flag', at(/^GET \/flagz$/, { flags: {} })],
  ['/flagz shows a list of flags', at(/^GET \/flagz$/, { flags: ['--anonymous-auth=false'] })],
  [
    '/metrics of another program',
    at(/^GET \/metrics$/, 'node_cpu_seconds_total{cpu="0",mode="idle"} 362812.7\nprocess_start_time_seconds 1\n'),
  ],
  ['/metrics of half an API server', (endpoint, _nth, recorded) => (endpoint === 'GET /metrics' ? cut(recorded?.body, 0.5) : undefined)],
  ['/metrics cut in a line', (endpoint, _nth, recorded) => (endpoint === 'GET /metrics' ? cut(recorded?.body, 0.93) : undefined)],
  ['every access review is allowed without a reason', at(/subjectaccessreviews/, { status: { allowed: true } }, 201)],
  ['every access review is denied without a reason', at(/subjectaccessreviews/, { status: { allowed: false } }, 201)],
  ['the token is empty', at(/serviceaccounts\/default\/token$/, { status: { token: '' } }, 201)],
  ['the token is a word of every report', at(/serviceaccounts\/default\/token$/, { status: { token: 'non-compliant' } }, 201)],
  ['the token would end a header', at(/serviceaccounts\/default\/token$/, { status: { token: 'a\r\nx-y: z' } }, 201)],
  ['everyone is nobody', at(/selfsubjectreviews/, { status: { userInfo: { username: '' } } }, 201)],
  ['everyone is anonymous', at(/selfsubjectreviews/, { status: { userInfo: { username: 'system:anonymous' } } }, 201)],
  ['configz is empty', at(/configz$/, { kubeletconfig: {} })],
  ['configz is filtered down to two structs', at(/configz$/, { kubeletconfig: { authentication: {}, authorization: {} } })],
  ['configz of another component', at(/configz$/, { componentconfig: { leaderElection: { leaderElect: true } } })],
  ['configz holds texts', at(/configz$/, { kubeletconfig: { port: '10250', authentication: 'x', authorization: 'y', readOnlyPort: '0' } })],
  [
    'the CA of the cluster is no certificate',
    at(/kube-root-ca\.crt$/, { data: { 'ca.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' } }),
  ],
  ['the CA of the cluster is empty', at(/kube-root-ca\.crt$/, { data: { 'ca.crt': '' } })],
  ['the authentication config is empty', at(/extension-apiserver-authentication$/, {})],
  ['dry runs are let in without the object', at(/^(POST \/api\/v1\/namespaces|POST \/api\/v1\/namespaces\/default\/pods)$/, {}, 201)],
  [
    'pods without containers',
    lists((list) => ({ ...list, items: list.items.map((item) => ({ ...(item as object), spec: { containers: [] } })) })),
    ['scs-0211-v2/default-class', 'scs-0211-v1/default-class'],
  ],
  ...[
    '',
    'devel',
    '{{.Version}}',
    '1.36',
    'v1.36.99',
    'v99.99.99',
    'v1.36.3.4',
    'v1.36.03',
    'v-1.36.3',
    'v1.999999999999.1',
    'v1.36.3\n##[error]x',
    `v1.36.3+${'x'.repeat(1_000_000)}`,
  ].map((text) => [`the version is ${JSON.stringify(text).slice(0, 40)}`, version(text)] as const),
  ['the version is of long ago', version('v1.5.0'), ['scs-0210-v2/supported-branch', 'scs-0217-v1/regular-updates']],
];

/** Members that an object of Kubernetes may lack, and that a proxy or an aggregated API server may write as null. */
const optionalMembers: Readonly<Record<string, readonly string[]>> = {
  metadata: ['annotations', 'labels', 'ownerReferences', 'finalizers', 'deletionTimestamp', 'creationTimestamp'],
  spec: ['taints', 'unschedulable', 'podCIDR', 'podCIDRs', 'providerID', 'suspend', 'nodeSelector', 'parameters', 'selector'],
  status: ['conditions', 'addresses', 'images', 'loadBalancer', 'phase', 'certificate', 'daemonEndpoints'],
  containers: ['command', 'args', 'env', 'envFrom', 'ports', 'resources', 'securityContext'],
  '': ['parameters', 'allowVolumeExpansion', 'volumeBindingMode', 'status', 'data', 'webhooks', 'subjects'],
};
const withNulls = (value: unknown, within = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => withNulls(one, within === 'items' ? '' : within));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withNulls(member, key)] as const);
  const absent = (optionalMembers[within] ?? []).filter((key) => !Object.hasOwn(value, key)).map((key) => [key, null] as const);
  return Object.fromEntries([...members, ...absent]);
};

describe.each(['good', 'weak'] as const)('odd answers of the recorded cluster %s', (name) => {
  let cluster: RecordedCluster;
  let baseline: Report;
  beforeAll(async () => {
    cluster = await startRecordedCluster(recordingOf(name));
    baseline = reported(await wholeRun({ kubeconfig: cluster.lane().kubeconfig() })).report;
  });
  afterAll(() => cluster.close());

  test.each(odd)('%s: nothing passes for it, and nothing fails that it does not break', async (_title, trouble, broken = []) => {
    const { report, ms } = reported(await wholeRun({ kubeconfig: cluster.lane(trouble).kubeconfig() }));
    expect(newPasses(report, baseline)).toEqual([]);
    const fails = changed(report, baseline).filter((r) => r.outcome === 'fail' && !broken.includes(r.id));
    expect(fails.map((r) => `${r.id}: ${r.message}`)).toEqual([]);
    expect(JSON.stringify(report).length).toBeLessThan(500_000);
    expect(ms).toBeLessThan(30_000);
  });

  test('what is not there is null in every object, as some servers write it: no outcome changes', async () => {
    const nulls: TroubleMaker = (endpoint, _nth, recorded) => {
      const list = endpoint === 'GET /apis' || !endpoint.startsWith('GET ') ? undefined : listOf(recorded?.body);
      return list === undefined ? undefined : answered({ ...list, items: withNulls(list.items, 'items') });
    };
    const { report } = reported(await wholeRun({ kubeconfig: cluster.lane(nulls).kubeconfig() }));
    expect(changed(report, baseline).map((r) => `${r.id}: ${r.message}`)).toEqual([]);
  });

  test('every list goes on for ever, always with another page: the deadline of the run ends it', async () => {
    const endless = lists((list, nth) => ({ ...list, metadata: { continue: String(nth) } }));
    const { report, ms } = reported(await wholeRun({ kubeconfig: cluster.lane(endless).kubeconfig(), timeout: '1500ms' }));
    expect(newPasses(report, baseline)).toEqual([]);
    expect(changed(report, baseline).filter((r) => r.outcome !== 'abort')).toEqual([]);
    expect(ms).toBeLessThan(20_000);
  });
});

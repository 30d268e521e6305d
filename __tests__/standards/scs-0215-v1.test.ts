import { describe, expect, test } from '@jest/globals';
import { scs0215v1 } from '../../src/standards/scs-0215-v1.js';
import type { Facts } from '../../src/model/fact.js';
import { apiServer, etcdMember, flagz } from '../helpers/control-plane.js';
import { forbidden, settle, settleOne } from '../helpers/settle.js';

const { requirements } = scs0215v1;
const outcome = (id: string, facts: Facts): string => settleOne(requirements, id, facts).outcome;
const message = (id: string, facts: Facts): string => settleOne(requirements, id, facts).message;

const metrics = (changes: Readonly<Record<string, unknown>> = {}): unknown => ({
  admissionPlugins: ['NamespaceLifecycle', 'NodeRestriction'],
  admissionCounted: true,
  authorizers: ['Node', 'RBAC'],
  flowControlSeats: 602,
  ...changes,
});
const api = (...pods: unknown[]): Facts => ({ 'kube-apiserver-pods': pods });
const hidden = { 'kube-apiserver-pods': [], 'etcd-pods': [] };
const unread = { 'kube-apiserver-pods': forbidden('pods'), 'etcd-pods': forbidden('pods') };
const noMetrics = { 'api-server-metrics': forbidden('/metrics') };
const noFlagz = { 'api-server-flagz': forbidden('/flagz') };
const unlimited = { 'max-requests-inflight': '0', 'max-mutating-requests-inflight': '0', 'enable-priority-and-fairness': 'false' };
const seats = { 'api-server-metrics': metrics() };
const noSeats = { 'api-server-metrics': metrics({ flowControlSeats: null }) };

describe('a limit on requests is in effect', () => {
  test.each([
    ['seats, and kubeadm flags', { ...seats, ...api(apiServer()) }, 'pass'],
    ['seats, pods hidden', { ...seats, ...hidden }, 'pass'],
    ['seats, pods forbidden', { ...seats, ...unread }, 'pass'],
    [
      'seats in the server that answered, a second server without any limit',
      { ...seats, ...api(apiServer(), apiServer(unlimited, 'cp-2')) },
      'fail',
    ],
    ['no seats, both limits 0', { ...noSeats, ...api(apiServer(unlimited)) }, 'fail'],
    ['no seats, default limits', { ...noSeats, ...api(apiServer({ 'enable-priority-and-fairness': 'false' })) }, 'pass'],
    ['no seats, one limit 0', { ...noSeats, ...api(apiServer({ ...unlimited, 'max-requests-inflight': '400' })) }, 'fail'],
    ['seats, one limit 0: the other fills the seats', { ...seats, ...api(apiServer({ 'max-requests-inflight': '0' })) }, 'pass'],
    ['no metrics, kubeadm flags', { ...noMetrics, ...api(apiServer()) }, 'pass'],
    ['no metrics, no limit by flags', { ...noMetrics, ...api(apiServer(unlimited)) }, 'fail'],
    ['no metrics, pods hidden, limits in /flagz', { ...noMetrics, ...hidden, 'api-server-flagz': flagz() }, 'pass'],
    ['no metrics, pods hidden, no limit in /flagz', { ...noMetrics, ...hidden, 'api-server-flagz': flagz(unlimited) }, 'fail'],
    [
      'no seats, pods hidden, no limit in /flagz',
      { ...noSeats, ...hidden, 'api-server-flagz': flagz({ ...unlimited, 'enable-priority-and-fairness': 'true' }) },
      'fail',
    ],
    [
      'no seats, pods hidden, limits in /flagz',
      { ...noSeats, ...hidden, 'api-server-flagz': flagz({ 'enable-priority-and-fairness': 'false' }) },
      'pass',
    ],
    ['/flagz without the flags', { ...noMetrics, ...hidden, 'api-server-flagz': { flags: {} } }, 'abort'],
    ['no seats, pods hidden, no /flagz', { ...noSeats, ...hidden, ...noFlagz }, 'abort'],
    ['nothing can be read', { ...noMetrics, ...unread, ...noFlagz }, 'abort'],
    ['a pod that shows no flags, no metrics', { ...noMetrics, ...noFlagz, ...api({ ...apiServer(), flags: {} }) }, 'abort'],
    ['a limit that is no number', { ...noMetrics, ...noFlagz, ...api(apiServer({ 'max-requests-inflight': 'many' })) }, 'abort'],
    ['a pod that does not run', { ...noMetrics, ...noFlagz, ...api({ ...apiServer(), running: false }) }, 'abort'],
  ])('%s', (_, facts, expected) => {
    expect(outcome('request-limits', facts)).toBe(expected);
  });

  test('the server without a limit is named', () => {
    expect(message('request-limits', { ...seats, ...api(apiServer(), apiServer(unlimited, 'cp-2')) })).toContain(
      'pod kube-system/kube-apiserver-cp-2',
    );
  });

  test('every missing right is named', () => {
    const text = message('request-limits', { ...noMetrics, ...unread, ...noFlagz });
    for (const right of ['get /metrics', 'get /flagz', 'list pods']) expect(text).toContain(right);
  });
});

const allSet = { 'max-requests-inflight': '300', 'max-mutating-requests-inflight': '150', 'min-request-timeout': '1200' };

describe('the limits are set on purpose', () => {
  test.each([
    ['all three set', api(apiServer(allSet)), 'pass'],
    ['set to the defaults', api(apiServer({ ...allSet, 'max-requests-inflight': '400' })), 'pass'],
    ['none set', api(apiServer()), 'fail'],
    ['one missing', api(apiServer({ ...allSet, 'min-request-timeout': undefined })), 'fail'],
    ['set in one of two servers', api(apiServer(allSet), apiServer({}, 'cp-2')), 'fail'],
    ['set to 0', api(apiServer({ ...allSet, 'max-requests-inflight': '0' })), 'fail'],
    ['hidden, all differ from the defaults', { ...hidden, 'api-server-flagz': flagz(allSet) }, 'pass'],
    ['hidden, one equals its default', { ...hidden, 'api-server-flagz': flagz({ ...allSet, 'min-request-timeout': '1800' }) }, 'abort'],
    ['hidden, defaults', { ...hidden, 'api-server-flagz': flagz() }, 'abort'],
    ['hidden, a limit of 0', { ...hidden, 'api-server-flagz': flagz(unlimited) }, 'fail'],
    ['hidden, no values', { ...hidden, 'api-server-flagz': { flags: {} } }, 'abort'],
    ['hidden, no /flagz', { ...hidden, ...noFlagz }, 'abort'],
    ['pods forbidden, all differ', { ...unread, 'api-server-flagz': flagz(allSet) }, 'pass'],
  ])('%s', (_, facts, expected) => {
    expect(outcome('request-limit-flags', facts)).toBe(expected);
  });

  test('what is missing is named with its default', () => {
    const text = message('request-limit-flags', api(apiServer()));
    for (const part of [
      'max-requests-inflight (default 400)',
      'max-mutating-requests-inflight (default 200)',
      'min-request-timeout (default 1800)',
    ])
      expect(text).toContain(part);
  });
});

describe('EventRateLimit', () => {
  const on = { 'enable-admission-plugins': 'NodeRestriction,EventRateLimit' };
  const absent = metrics();
  test.each([
    ['enabled', api(apiServer(on)), 'pass'],
    ['not enabled', api(apiServer()), 'fail'],
    ['no flag at all: it is no default plugin', api(apiServer({ 'enable-admission-plugins': undefined })), 'fail'],
    ['enabled and disabled', api(apiServer({ ...on, 'disable-admission-plugins': 'EventRateLimit' })), 'fail'],
    ['enabled by the old flag', api(apiServer({ 'admission-control': 'EventRateLimit' })), 'pass'],
    ['a plugin of a longer name', api(apiServer({ 'enable-admission-plugins': 'MyEventRateLimit' })), 'fail'],
    ['one of two servers', api(apiServer(on), apiServer({}, 'cp-2')), 'fail'],
    [
      'hidden, in /flagz',
      { ...hidden, 'api-server-flagz': flagz({ 'enable-admission-plugins': '[NodeRestriction,EventRateLimit]' }) },
      'pass',
    ],
    ['hidden, not in /flagz', { ...hidden, 'api-server-flagz': flagz() }, 'fail'],
    ['hidden, seen in metrics', { ...hidden, ...noFlagz, 'api-server-metrics': metrics({ admissionPlugins: ['EventRateLimit'] }) }, 'pass'],
    ['hidden, absent from metrics that count', { ...hidden, ...noFlagz, 'api-server-metrics': absent }, 'fail'],
    [
      'hidden, metrics that have not counted',
      { ...hidden, ...noFlagz, 'api-server-metrics': metrics({ admissionPlugins: [], admissionCounted: false }) },
      'abort',
    ],
    ['hidden, /flagz without the flag, no metrics', { ...hidden, ...noMetrics, 'api-server-flagz': { flags: {} } }, 'abort'],
    ['nothing can be read', { ...unread, ...noFlagz, ...noMetrics }, 'abort'],
  ])('%s', (_, facts, expected) => {
    expect(outcome('event-rate-limit', facts)).toBe(expected);
  });
});

describe('priority and fairness', () => {
  const off = { 'enable-priority-and-fairness': 'false' };
  test.each([
    ['seats', { ...seats, ...api(apiServer()) }, 'pass'],
    ['no seats, flag says nothing: the feature gate', { ...noSeats, ...api(apiServer()) }, 'fail'],
    ['no seats, off by flag', { ...noSeats, ...api(apiServer(off)) }, 'fail'],
    ['seats in one, off by flag in the other', { ...seats, ...api(apiServer(), apiServer(off, 'cp-2')) }, 'fail'],
    ['seats, pods hidden', { ...seats, ...hidden }, 'pass'],
    ['no seats, pods forbidden', { ...noSeats, ...unread }, 'fail'],
    ['no metrics, flags', { ...noMetrics, ...api(apiServer()) }, 'pass'],
    ['no metrics, off by flag', { ...noMetrics, ...api(apiServer(off)) }, 'fail'],
    ['no metrics, hidden, on in /flagz', { ...noMetrics, ...hidden, 'api-server-flagz': flagz() }, 'pass'],
    ['no metrics, hidden, off in /flagz', { ...noMetrics, ...hidden, 'api-server-flagz': flagz(off) }, 'fail'],
    ['no metrics, hidden, /flagz silent', { ...noMetrics, ...hidden, 'api-server-flagz': { flags: {} } }, 'abort'],
    ['nothing can be read', { ...noMetrics, ...unread, ...noFlagz }, 'abort'],
  ])('%s', (_, facts, expected) => {
    expect(outcome('priority-and-fairness', facts)).toBe(expected);
  });
});

describe('compaction of etcd', () => {
  const etcd = (...pods: unknown[]): Facts => ({ 'kube-apiserver-pods': [apiServer()], 'etcd-pods': pods });
  const compacting = (mode: string | undefined, retention: string | undefined) =>
    etcdMember({ 'auto-compaction-mode': mode, 'auto-compaction-retention': retention });
  const good = compacting('periodic', '8h');
  test.each([
    ['periodic, 8h', etcd(good), 'pass', 'pass'],
    ['480m', etcd(compacting('periodic', '480m')), 'pass', 'pass'],
    ['7h60m', etcd(compacting('periodic', '7h60m')), 'pass', 'pass'],
    ['a bare 8 are hours', etcd(compacting('periodic', '8')), 'pass', 'pass'],
    ['mode by default', etcd(compacting(undefined, '8h')), 'pass', 'pass'],
    ['nothing set', etcd(etcdMember()), 'fail', 'fail'],
    ['retention 0', etcd(compacting('periodic', '0')), 'fail', 'fail'],
    ['retention 0s', etcd(compacting('periodic', '0s')), 'fail', 'fail'],
    ['retention not set', etcd(compacting('periodic', undefined)), 'fail', 'fail'],
    ['5m', etcd(compacting('periodic', '5m')), 'pass', 'fail'],
    ['12h', etcd(compacting('periodic', '12h')), 'pass', 'fail'],
    ['revision, 1000', etcd(compacting('revision', '1000')), 'fail', 'fail'],
    ['revision, 8', etcd(compacting('revision', '8')), 'fail', 'fail'],
    ['no duration', etcd(compacting('periodic', 'eight')), 'pass', 'abort'],
    ['one of two members', etcd(good, etcdMember({}, 'cp-2')), 'fail', 'fail'],
    ['hidden', hidden, 'abort', 'abort'],
    ['etcd elsewhere', etcd(), 'abort', 'abort'],
    ['pods forbidden', unread, 'abort', 'abort'],
    ['a configuration file', etcd(etcdMember({ 'config-file': '/etc/etcd.yaml' })), 'abort', 'abort'],
    ['no flags at all', etcd({ ...etcdMember(), flags: {} }), 'abort', 'abort'],
    ['a member that does not run', etcd({ ...good, running: false }), 'abort', 'abort'],
  ])('%s', (_, facts, mode, retention) => {
    expect([outcome('etcd-compaction-mode', facts), outcome('etcd-compaction-retention', facts)]).toEqual([mode, retention]);
  });

  test('a hidden control plane is called so', () => {
    expect(message('etcd-compaction-mode', hidden)).toBe(
      'No API server pod can be seen in kube-system: the control plane is hosted elsewhere, runs as a process of a node, or runs in another namespace',
    );
    expect(message('etcd-compaction-mode', etcd())).not.toContain('No API server pod');
  });
});

const kept = (kind: string, lastSuccess: string | null, since = '2026-01-01T00:00:00Z'): object => ({
  name: 'b',
  kind,
  lastSuccess,
  since,
});
const backups = (k3s: unknown, jobs: unknown, druid: unknown): Facts => ({
  'etcd-snapshot-files': k3s,
  'etcd-backup-jobs': jobs,
  'etcd-druid-backups': druid,
});

describe('backups of etcd', () => {
  const [recent, stale, future] = ['2026-11-20T00:00:00Z', '2026-11-10T00:00:00Z', '2027-11-20T00:00:00Z'];
  const no = forbidden('x');
  const suspended = (lastSuccess: string | null) => ({ ...kept('CronJob', lastSuccess), suspended: true });
  test.each([
    ['a recent snapshot of K3s', backups([kept('ETCDSnapshotFile', stale), kept('ETCDSnapshotFile', recent)], [], []), 'pass'],
    ['a CronJob that succeeded recently', backups([], [kept('CronJob', recent)], []), 'pass'],
    ['etcd-druid', backups([], [], [kept('Etcd', recent)]), 'pass'],
    ['recent, the other kinds forbidden', backups(no, [kept('CronJob', recent)], no), 'pass'],
    ['to the minute seven days ago', backups([kept('ETCDSnapshotFile', '2026-11-16T12:00:00Z')], [], []), 'pass'],
    ['a minute more', backups([kept('ETCDSnapshotFile', '2026-11-16T11:59:00Z')], [], []), 'fail'],
    ['older ones only', backups([kept('ETCDSnapshotFile', stale)], [], []), 'fail'],
    ['older, and another kind forbidden: a newer one may be there', backups([kept('ETCDSnapshotFile', stale)], no, []), 'abort'],
    ['none', backups([], [], []), 'abort'],
    ['one of the future', backups([kept('ETCDSnapshotFile', future)], [], []), 'abort'],
    ['one of the future beside an old one', backups([kept('ETCDSnapshotFile', future), kept('ETCDSnapshotFile', stale)], [], []), 'abort'],
    ['a suspended job that succeeded recently', backups([], [suspended(recent)], []), 'pass'],
    ['a suspended job of long ago', backups([], [suspended(stale)], []), 'abort'],
    ['a suspended job that never succeeded', backups([], [suspended(null)], []), 'abort'],
    ['a suspended job of long ago beside another', backups([], [suspended(stale), kept('CronJob', stale)], []), 'fail'],
    ['a job that never succeeded', backups([], [kept('CronJob', null)], []), 'fail'],
    ['a new job that has not run yet', backups([], [kept('CronJob', null, recent)], []), 'abort'],
    ['a time that is none', backups([kept('ETCDSnapshotFile', 'yesterday')], [], []), 'abort'],
    ['all forbidden', backups(no, no, no), 'abort'],
  ])('%s', (_, facts, expected) => {
    expect(outcome('etcd-backup', facts)).toBe(expected);
  });

  test.each([
    ['one of the future', backups([kept('ETCDSnapshotFile', future)], [], []), `is dated ${future}, which is in the future`],
    ['a suspended job', backups([], [suspended(stale)], []), 'is suspended, and what has taken its place does not show: declare it'],
  ])('%s is called so', (_, facts, words) => {
    expect(settleOne(requirements, 'etcd-backup', facts).message).toContain(words);
  });

  test('without a visible backup the report says what to provide', () => {
    expect(settleOne(requirements, 'etcd-backup', backups([], [], [])).nextStep).toContain('statement');
  });
});

describe('the standard as a whole', () => {
  test('all rows of the catalogue, in its order', () => {
    expect(requirements.map((r) => `${r.id} ${r.level}`)).toEqual([
      'request-limits MUST',
      'request-limit-flags MUST',
      'limits-adapted SHOULD',
      'event-rate-limit MUST',
      'event-rate-limit-server SHOULD',
      'priority-and-fairness SHOULD',
      'etcd-compaction-mode MUST',
      'etcd-compaction-retention MUST',
      'etcd-backup MUST',
      'etcd-backup-schedule SHOULD',
      'etcd-backup-encrypted SHOULD',
      'certificate-rotation MUST',
      'ca-renewal SHOULD',
    ]);
  });

  test('no fact at all: nothing passes and nothing fails', () => {
    const rows = Object.values(settle(requirements, {}));
    expect(rows.filter((r) => r.outcome === 'missing').map((r) => r.id)).toEqual([
      's/limits-adapted',
      's/event-rate-limit-server',
      's/etcd-backup-schedule',
      's/etcd-backup-encrypted',
    ]);
    expect(rows.filter((r) => r.outcome !== 'missing').every((r) => r.outcome === 'abort')).toBe(true);
  });
});

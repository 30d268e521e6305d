import { describe, expect, test } from '@jest/globals';
import { etcdBackupJobs, etcdDruidBackups, etcdSnapshotFiles } from '../../src/facts/etcd-backups.js';
import { factPorts, ok, refused, type Answer } from '../helpers/fact-ports.js';

const snapshots = '/apis/k3s.cattle.io/v1/etcdsnapshotfiles';
const cronJobs = '/apis/batch/v1/cronjobs';
const etcds = '/apis/druid.gardener.cloud/v1alpha1/namespaces/kube-system/etcds';
const lease = (name: string): string => `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}`;
const list = (...items: unknown[]): Answer => ok({ metadata: {}, items });

/** As K3s 1.33 writes it. */
const snapshot = (status: unknown): unknown => ({
  apiVersion: 'k3s.cattle.io/v1',
  kind: 'ETCDSnapshotFile',
  metadata: { name: 'local-etcd-snapshot-server-0-1763900404-5bd2e6', creationTimestamp: '2026-11-23T12:00:05Z' },
  spec: {
    location: 'file:///var/lib/rancher/k3s/server/db/snapshots/x',
    nodeName: 'server-0',
    snapshotName: 'x',
    s3: { bucket: 'b', endpoint: 'e' },
  },
  status,
});

describe('snapshots of K3s and RKE2', () => {
  test('one that can be restored: no path and no bucket leaves the cluster', async () => {
    const value = await etcdSnapshotFiles.collect(
      factPorts({ [snapshots]: list(snapshot({ creationTime: '2026-11-23T12:00:04Z', readyToUse: true, size: '3Mi' })) }),
    );
    expect(value).toEqual([
      {
        name: 'local-etcd-snapshot-server-0-1763900404-5bd2e6',
        kind: 'ETCDSnapshotFile',
        lastSuccess: '2026-11-23T12:00:04Z',
        since: '2026-11-23T12:00:05Z',
      },
    ]);
  });

  test.each([
    ['failed', { creationTime: '2026-11-23T12:00:04Z', readyToUse: false, error: { message: 'no space' } }],
    ['is said to be ready with an error', { creationTime: '2026-11-23T12:00:04Z', readyToUse: true, error: { message: 'upload' } }],
    ['says nothing of being ready', { creationTime: '2026-11-23T12:00:04Z' }],
    ['has no status', undefined],
  ])('one that %s is no success', async (_, status) => {
    expect((await etcdSnapshotFiles.collect(factPorts({ [snapshots]: list(snapshot(status)) })))[0]?.lastSuccess).toBeNull();
  });

  test('a cluster without that API has none', async () => {
    expect(await etcdSnapshotFiles.collect(factPorts({}))).toEqual([]);
  });

  test.each([
    ['forbidden', refused(403, 'forbidden'), 'forbidden'],
    ['broken off (410)', refused(410, 'the continue parameter is too old'), 'not-found'],
    ['an error', refused(500, 'boom'), 'server-error'],
  ])('%s is no empty list', async (_, answer, reason) => {
    await expect(etcdSnapshotFiles.collect(factPorts({ [snapshots]: answer }))).rejects.toMatchObject({ reason });
  });
});

const cronJob = (name: string, namespace: string, pod: Readonly<Record<string, unknown>> = {}, lastSuccessfulTime?: string): unknown => ({
  metadata: { name, namespace, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    schedule: '0 3 * * *',
    jobTemplate: { spec: { template: { spec: { containers: [{ name: 'c', image: 'example.org/tool:1' }], ...pod } } } },
  },
  status: lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime },
});
const onHost = { hostNetwork: true };
const ofCluster = cronJob('etcd-backup-x', 'kube-system', onHost) as { readonly metadata: object };
const jobsOf = async (item: unknown) => etcdBackupJobs.collect(factPorts({ [cronJobs]: list(item) }));

describe('CronJobs that back up etcd', () => {
  test('one in kube-system: its name and its last success', async () => {
    expect(await jobsOf(cronJob('etcd-backup', 'kube-system', onHost, '2026-11-23T03:01:00Z'))).toEqual([
      { name: 'kube-system/etcd-backup', kind: 'CronJob', lastSuccess: '2026-11-23T03:01:00Z', since: '2026-01-01T00:00:00Z' },
    ]);
  });

  test('one that has not succeeded', async () => {
    expect((await jobsOf(cronJob('etcd-snapshot', 'kube-system', onHost)))[0]?.lastSuccess).toBeNull();
  });

  test('one that is suspended', async () => {
    const suspended = ofCluster as unknown as { readonly spec: object };
    expect((await jobsOf({ ...suspended, spec: { ...suspended.spec, suspend: true } }))[0]?.suspended).toBe(true);
  });

  test.each([
    ['etcd-backup', 1],
    ['etcd-backup-latest', 1],
    ['nightly-etcd-snapshot', 1],
    ...[
      ...[
        'clean-up',
        'cleanup',
        'prune',
        'purge',
        'rotate',
        'delete',
        'expire',
        'retention',
        'restore',
        'verify',
        'validate',
        'check',
        'test',
      ],
      ...['health', 'monitor', 'alert', 'alert-check', 'report', 'metrics', 'notify', 'export', 'sync', 'upload', 'copy', 'gc', 'status'],
      ...['defrag', 'compact'],
    ].flatMap((work) => [[`etcd-backup-${work}`, 0] as const, [`${work}-etcd-snapshot`, 0] as const]),
    ['clustermesh-etcd-backup', 0],
    ['calico-etcd-snapshot', 0],
  ] as const)('by its name: %s', async (name, expected) => {
    expect(await jobsOf(cronJob(name, 'kube-system', onHost))).toHaveLength(expected);
  });

  const affinity = (key: string) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'Exists' }] }] },
    },
  });
  const role = 'node-role.kubernetes.io/control-plane';
  test.each([
    ['says nothing of it', {}, 0],
    ['in the network of its host', onHost, 1],
    ['on the control plane', { nodeSelector: { [role]: '' } }, 1],
    ['on nodes of etcd', { nodeSelector: { 'node-role.kubernetes.io/etcd': 'true' } }, 1],
    ['on the control plane, by affinity', { affinity: affinity(role) }, 1],
    ['on other nodes', { nodeSelector: { disk: 'ssd' }, affinity: affinity('disk') }, 0],
    ['tolerated by the control plane', { tolerations: [{ key: role, effect: 'NoSchedule' }] }, 0],
    ['that tolerates everything', { tolerations: [{ operator: 'Exists' }] }, 0],
    ["with etcd's certificates", { volumes: [{ hostPath: { path: '/etc/kubernetes/pki/etcd' } }] }, 1],
    ["with etcd's data", { volumes: [{ hostPath: { path: '/var/lib/etcd' } }] }, 1],
    ['with the data of RKE2', { volumes: [{ hostPath: { path: '/var/lib/rancher/rke2/server/db' } }] }, 1],
    ['with other data of its host', { volumes: [{ hostPath: { path: '/srv/backup' } }] }, 0],
    ['with a volume that is no path of its host', { volumes: [{ emptyDir: {} }] }, 0],
  ])('one that can reach the etcd of the cluster: %s', async (_, spec, elsewhere) => {
    expect(await jobsOf(cronJob('etcd-backup', 'kube-system', spec))).toHaveLength(1);
    expect(await jobsOf(cronJob('etcd-backup', 'backup', spec))).toHaveLength(elsewhere);
  });

  test('what its labels say does not count', async () => {
    const job = cronJob('nightly', 'kube-system', onHost) as { readonly metadata: object };
    expect(await jobsOf({ ...job, metadata: { ...job.metadata, labels: { app: 'etcd-backup' } } })).toEqual([]);
  });

  test.each([
    ['by its image', cronJob('nightly', 'kube-system', { ...onHost, containers: [{ image: 'example.org/etcd-backup:1' }] }), 1],
    ["of a program's own etcd", cronJob('etcd-backup', 'milvus', { volumes: [{ hostPath: { path: '/srv/etc/kubernetes' } }] }), 0],
    [
      "of another cluster's etcd",
      { ...ofCluster, metadata: { ...ofCluster.metadata, ownerReferences: [{ kind: 'Cluster', name: 'x' }] } },
      0,
    ],
    ['of a database', cronJob('postgres-backup', 'kube-system', onHost), 0],
    ['that defragments', cronJob('etcd-defrag', 'kube-system', onHost), 0],
  ])('one %s', async (_, item, expected) => {
    expect(await jobsOf(item)).toHaveLength(expected);
  });

  test('no right is no empty list', async () => {
    await expect(etcdBackupJobs.collect(factPorts({ [cronJobs]: refused(403, 'forbidden') }))).rejects.toMatchObject({
      reason: 'forbidden',
    });
  });
});

describe('backups by etcd-druid', () => {
  const main = {
    metadata: { name: 'etcd-main', namespace: 'kube-system', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { backup: {} },
  };

  test('the lease of the last full snapshot', async () => {
    const ports = factPorts({
      [etcds]: list(main),
      [lease('etcd-main-full-snap')]: ok({ spec: { holderIdentity: '4711', renewTime: '2026-11-23T00:00:10.000000Z' } }),
    });
    expect(await etcdDruidBackups.collect(ports)).toEqual([
      { name: 'kube-system/etcd-main', kind: 'Etcd', lastSuccess: '2026-11-23T00:00:10.000000Z', since: '2026-01-01T00:00:00Z' },
    ]);
  });

  test.each([
    ['without a lease', {}],
    ['with a lease that was never renewed', { [lease('etcd-main-full-snap')]: ok({ spec: { renewTime: null } }) }],
  ])('an etcd %s', async (_, answers) => {
    expect((await etcdDruidBackups.collect(factPorts({ [etcds]: list(main), ...answers })))[0]?.lastSuccess).toBeNull();
  });

  test('leases that may not be read', async () => {
    const ports = factPorts({ [etcds]: list(main), [lease('etcd-main-full-snap')]: refused(403, 'forbidden') });
    await expect(etcdDruidBackups.collect(ports)).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('a cluster without that API asks for no lease', async () => {
    const ports = factPorts({});
    expect(await etcdDruidBackups.collect(ports)).toEqual([]);
    expect(ports.asked).toHaveLength(1);
  });
});

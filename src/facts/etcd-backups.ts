import type { V1CronJob, V1Lease } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import type { Api } from '../model/ports.js';
import { ask } from '../kubernetes/answers.js';
import { listAll } from '../kubernetes/list.js';
import { byName, listFact } from './support/list-fact.js';
import { controlPlaneRoles, etcdRole } from './support/node-roles.js';
import { partOr } from './support/parts.js';
import { bounded } from '../text/bounded.js';

const backup = z.object({
  /** With its namespace where it has one. */
  name: z.string(),
  kind: z.enum(['ETCDSnapshotFile', 'CronJob', 'Etcd']),
  /** When a backup was last made with success, ISO 8601; null where none is recorded. */
  lastSuccess: z.nullable(z.string()),
  /** Since when it is meant to be made, ISO 8601; `''` where that is not recorded. */
  since: z.string(),
  /** True for a CronJob that is suspended: something else may have replaced it. Absent for all others, and in older snapshots. */
  suspended: z.optional(z.boolean()),
});
const schema = z.readonly(z.array(backup));
export type EtcdBackup = z.infer<typeof backup>;

/** A list that does not exist, because its API does not (404), is an empty one; one that breaks off (410) is none. */
const ifServed = async <T>(list: Promise<T[]>): Promise<T[]> =>
  list.catch((error: unknown) => {
    if (error instanceof NotAvailable && error.reason === 'not-found' && error.message.includes(': 404')) return [];
    throw error;
  });

const metadata = z.object({
  name: z.string(),
  namespace: z.optional(z.string()),
  creationTimestamp: z.optional(z.string()),
  ownerReferences: z.optional(z.array(z.object({ kind: z.string() }))),
});

/** The longest form of a moment in ISO 8601. */
const longestMoment = 40;

const toBackup = (
  kind: EtcdBackup['kind'],
  name: string,
  lastSuccess: string | undefined,
  { creationTimestamp = '' }: z.infer<typeof metadata>,
): EtcdBackup => ({
  name: bounded(name, 510),
  kind,
  lastSuccess: lastSuccess === undefined ? null : bounded(lastSuccess, longestMoment),
  since: bounded(creationTimestamp, longestMoment),
});

const rawSnapshot = z.object({
  metadata,
  status: z.optional(
    z.object({
      readyToUse: z.optional(z.boolean()),
      creationTime: z.optional(z.string()),
      error: z.optional(z.object({ message: z.optional(z.string()) })),
    }),
  ),
});

/** Snapshots that K3s and RKE2 have taken (docs.k3s.io, `k3s etcd-snapshot`: the resource ETCDSnapshotFile). */
export const etcdSnapshotFiles = defineFact({
  name: 'etcd-snapshot-files',
  schema,
  permissions: [readRight('list', 'k3s.cattle.io', 'etcdsnapshotfiles', 'when K3s or RKE2 last made a backup of etcd')],
  collect: async ({ api }) => {
    const found = await ifServed(
      listAll(api, '/apis/k3s.cattle.io/v1/etcdsnapshotfiles', rawSnapshot, (raw) => {
        const ready = raw.status?.readyToUse === true && raw.status.error === undefined;
        return toBackup('ETCDSnapshotFile', raw.metadata.name, ready ? raw.status?.creationTime : undefined, raw.metadata);
      }),
    );
    return found.sort(byName);
  },
});

const nodeTerms = z.object({ matchExpressions: z.optional(z.array(z.object({ key: z.string() }))) });
const required = z.object({ nodeSelectorTerms: z.optional(z.array(nodeTerms)) });
const podSpec = z.object({
  hostNetwork: z.optional(z.boolean()),
  nodeSelector: z.optional(z.record(z.string(), z.string())),
  affinity: z.optional(
    z.object({ nodeAffinity: z.optional(z.object({ requiredDuringSchedulingIgnoredDuringExecution: z.optional(required) })) }),
  ),
  containers: z.array(z.object({ image: z.optional(z.string()) })),
  volumes: z.optional(z.array(z.object({ hostPath: z.optional(z.object({ path: z.string() })) }))),
});
const jobTemplate = z.object({ spec: z.object({ template: z.object({ spec: podSpec }) }) });
const rawCronJob = ofKind<V1CronJob>()(
  z.object({
    metadata,
    spec: z.object({ suspend: z.optional(z.boolean()), jobTemplate }),
    status: z.optional(z.object({ lastSuccessfulTime: z.optional(z.string()) })),
  }),
);
type RawCronJob = z.infer<typeof rawCronJob>;

/** What is done with etcd, or with backups that others have made: its success is no backup. */
const otherWork =
  /clean|prune|purge|rotat|delet|expir|retention|retain|restor|verif|validat|check|health|monitor|alert|report|metric|notif|export|sync|upload|copy|defrag|compact/i;
/** The same by words that stand in others, such as `latest`. */
const otherWords: readonly string[] = ['test', 'tests', 'gc', 'stat', 'stats', 'status'];
/** Programs with an etcd of their own, whose backups may run in kube-system. */
const otherEtcds = /cilium|clustermesh|calico|vcluster|karmada/i;

const saysEtcdBackup = ({ metadata: { name, ownerReferences = [] }, spec }: RawCronJob): boolean => {
  // An operator that runs other clusters keeps the backups of their etcds here, each owned by its cluster (Kubermatic).
  if (ownerReferences.some(({ kind }) => kind === 'Cluster')) return false;
  if (otherWork.test(name) || otherEtcds.test(name) || name.split(/[-_.]/).some((word) => otherWords.includes(word))) return false;
  // Labels do not count: what belongs to a backup, such as its check, has them too.
  const images = spec.jobTemplate.spec.template.spec.containers.map((c) => c.image ?? '');
  return [name, ...images].some((text) => /etcd/i.test(text) && /backup|snapshot/i.test(text));
};

const placesOfEtcd = /^\/(?:etc\/kubernetes|etc\/etcd|etc\/ssl\/etcd|var\/lib\/etcd|var\/lib\/rancher\/(?:k3s|rke2)\/server)(?:\/|$)/;

/**
 * Other programs run an etcd of their own and back it up too. The cluster's is out of reach for them: a backup of it runs in kube-system, in the
 * network of a host, on the nodes of the control plane or of etcd, or with their certificates or data mounted. In kube-system it may reach etcd
 * by a Secret or by an API of its maker, which does not show.
 */
const reachesClusterEtcd = ({ metadata: { namespace }, spec }: RawCronJob): boolean => {
  const { hostNetwork, nodeSelector = {}, affinity, volumes = [] } = spec.jobTemplate.spec.template.spec;
  const isRole = (key: string): boolean => key === etcdRole || controlPlaneRoles.some((role) => role === key);
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return (
    namespace === 'kube-system' ||
    hostNetwork === true ||
    Object.keys(nodeSelector).some(isRole) ||
    terms.some(({ matchExpressions = [] }) => matchExpressions.some(({ key }) => isRole(key))) ||
    volumes.some(({ hostPath }) => placesOfEtcd.test(hostPath?.path ?? ''))
  );
};

/** CronJobs whose name or image says that they back up etcd, and that can reach the cluster's own. */
export const etcdBackupJobs = listFact({
  name: 'etcd-backup-jobs',
  api: 'batch/v1',
  resource: 'cronjobs',
  why: 'CronJobs that back up etcd, and when they last succeeded',
  schema: backup,
  raw: rawCronJob,
  trim: (raw) =>
    saysEtcdBackup(raw) && reachesClusterEtcd(raw)
      ? {
          ...toBackup('CronJob', `${raw.metadata.namespace ?? ''}/${raw.metadata.name}`, raw.status?.lastSuccessfulTime, raw.metadata),
          suspended: raw.spec.suspend === true || undefined,
        }
      : undefined,
});

const rawEtcd = z.object({ metadata });
const rawLease = ofKind<V1Lease>()(z.object({ spec: z.optional(z.object({ renewTime: z.optional(z.string()) })) }));

/** An Etcd without a backup store has no such lease. */
const lastFullSnapshot = async (api: Api, etcd: string): Promise<string | undefined> => {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${encodeURIComponent(`${etcd}-full-snap`)}`;
  return (await partOr(ask(api, { path }, rawLease), undefined, 'not-found'))?.spec?.renewTime;
};

/**
 * Backups by etcd-druid of the cluster's own etcd: Etcd objects in kube-system (a self-hosted Gardener shoot); those of other
 * namespaces are etcds of other clusters. A full snapshot renews the lease `NAME-full-snap` (etcd-backup-restore 0.14).
 */
export const etcdDruidBackups = defineFact({
  name: 'etcd-druid-backups',
  schema,
  permissions: [
    readRight('list', 'druid.gardener.cloud', 'etcds', 'an etcd of the cluster that etcd-druid runs', { namespace: 'kube-system' }),
    readRight('get', 'coordination.k8s.io', 'leases', 'when etcd-druid last made a full backup', { namespace: 'kube-system' }),
  ],
  collect: async ({ api }) => {
    const path = '/apis/druid.gardener.cloud/v1alpha1/namespaces/kube-system/etcds';
    const etcds = await ifServed(listAll(api, path, rawEtcd, (raw) => raw.metadata));
    const found = await Promise.all(
      etcds
        .slice(0, 10)
        .map(async (etcd) => toBackup('Etcd', `kube-system/${etcd.name}`, await lastFullSnapshot(api, bounded(etcd.name)), etcd)),
    );
    return found.sort(byName);
  },
});

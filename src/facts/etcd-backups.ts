import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import type { Api } from '../model/ports.js';
import { ask } from '../kubernetes/answers.js';
import { listAll } from '../kubernetes/list.js';
import { controlPlaneRoles, etcdRole } from './support/node-roles.js';
import { bounded } from '../text/bounded.js';

const schema = z.readonly(
  z.array(
    z.object({
      /** With its namespace where it has one. */
      name: z.string(),
      kind: z.enum(['ETCDSnapshotFile', 'CronJob', 'Etcd']),
      /** When a backup was last made with success, ISO 8601; null where none is recorded. */
      lastSuccess: z.nullable(z.string()),
      /** Since when it is meant to be made, ISO 8601; `''` where that is not recorded. */
      since: z.string(),
      /** True for a CronJob that is suspended: something else may have replaced it. Absent for all others, and in older snapshots. */
      suspended: z.optional(z.boolean()),
    }),
  ),
);
export type EtcdBackup = z.infer<typeof schema>[number];

const compareNames = (a: EtcdBackup, b: EtcdBackup): number => (a.name < b.name ? -1 : 1);

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
  lastSuccess: string | null | undefined,
  { creationTimestamp = '' }: z.infer<typeof metadata>,
): EtcdBackup => ({
  name: bounded(name, 510),
  kind,
  lastSuccess: lastSuccess === null || lastSuccess === undefined ? null : bounded(lastSuccess, longestMoment),
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
  permissions: [
    {
      role: 'read',
      verb: 'list',
      group: 'k3s.cattle.io',
      resource: 'etcdsnapshotfiles',
      why: 'when K3s or RKE2 last made a backup of etcd',
    },
  ],
  collect: async ({ api }) => {
    const found = await ifServed(
      listAll(api, '/apis/k3s.cattle.io/v1/etcdsnapshotfiles', rawSnapshot, (raw) => {
        const ready = raw.status?.readyToUse === true && raw.status.error === undefined;
        return toBackup('ETCDSnapshotFile', raw.metadata.name, ready ? raw.status?.creationTime : undefined, raw.metadata);
      }),
    );
    return found.sort(compareNames);
  },
});

const nodeTerms = z.object({ matchExpressions: z.optional(z.array(z.object({ key: z.string() }))) });
const rawCronJob = z.object({
  metadata,
  spec: z.object({
    suspend: z.optional(z.boolean()),
    jobTemplate: z.object({
      spec: z.object({
        template: z.object({
          spec: z.object({
            hostNetwork: z.optional(z.boolean()),
            nodeSelector: z.optional(z.record(z.string(), z.string())),
            affinity: z.optional(
              z.object({
                nodeAffinity: z.optional(
                  z.object({
                    requiredDuringSchedulingIgnoredDuringExecution: z.optional(
                      z.object({ nodeSelectorTerms: z.optional(z.array(nodeTerms)) }),
                    ),
                  }),
                ),
              }),
            ),
            containers: z.array(z.object({ image: z.optional(z.string()) })),
            volumes: z.optional(z.array(z.object({ hostPath: z.optional(z.object({ path: z.string() })) }))),
          }),
        }),
      }),
    }),
  }),
  status: z.optional(z.object({ lastSuccessfulTime: z.optional(z.string()) })),
});
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
export const etcdBackupJobs = defineFact({
  name: 'etcd-backup-jobs',
  schema,
  permissions: [
    { role: 'read', verb: 'list', group: 'batch', resource: 'cronjobs', why: 'CronJobs that back up etcd, and when they last succeeded' },
  ],
  collect: async ({ api }) => {
    const found = await listAll(api, '/apis/batch/v1/cronjobs', rawCronJob, (raw) =>
      saysEtcdBackup(raw) && reachesClusterEtcd(raw)
        ? {
            ...toBackup('CronJob', `${raw.metadata.namespace ?? ''}/${raw.metadata.name}`, raw.status?.lastSuccessfulTime, raw.metadata),
            ...(raw.spec.suspend === true ? { suspended: true } : {}),
          }
        : undefined,
    );
    return found.filter((job) => job !== undefined).sort(compareNames);
  },
});

const rawEtcd = z.object({ metadata });
const rawLease = z.object({ spec: z.optional(z.object({ renewTime: z.optional(z.nullable(z.string())) })) });

const lastFullSnapshot = async (api: Api, etcd: string): Promise<string | null> => {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${encodeURIComponent(`${etcd}-full-snap`)}`;
  try {
    return (await ask(api, { path }, rawLease)).spec?.renewTime ?? null;
  } catch (error) {
    // An Etcd without a backup store has no such lease.
    if (error instanceof NotAvailable && error.reason === 'not-found') return null;
    throw error;
  }
};

/**
 * Backups by etcd-druid of the cluster's own etcd: Etcd objects in kube-system (a self-hosted Gardener shoot); those of other
 * namespaces are etcds of other clusters. A full snapshot renews the lease `NAME-full-snap` (etcd-backup-restore 0.14).
 */
export const etcdDruidBackups = defineFact({
  name: 'etcd-druid-backups',
  schema,
  permissions: [
    {
      role: 'read',
      verb: 'list',
      group: 'druid.gardener.cloud',
      resource: 'etcds',
      namespace: 'kube-system',
      why: 'an etcd of the cluster that etcd-druid runs',
    },
    {
      role: 'read',
      verb: 'get',
      group: 'coordination.k8s.io',
      resource: 'leases',
      namespace: 'kube-system',
      why: 'when etcd-druid last made a full backup',
    },
  ],
  collect: async ({ api }) => {
    const path = '/apis/druid.gardener.cloud/v1alpha1/namespaces/kube-system/etcds';
    const etcds = await ifServed(listAll(api, path, rawEtcd, (raw) => raw.metadata));
    const found = await Promise.all(
      etcds
        .slice(0, 10)
        .map(async (etcd) => toBackup('Etcd', `kube-system/${etcd.name}`, await lastFullSnapshot(api, bounded(etcd.name)), etcd)),
    );
    return found.sort(compareNames);
  },
});

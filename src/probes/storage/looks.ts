import type { CoreV1Event, V1Node, V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../../kubernetes/api-types.js';
import { rawStorageClass, toStorageClass, type StorageClass } from '../../facts/storage-classes.js';
import { listSchema } from '../../kubernetes/list-schema.js';
import { listAll } from '../../kubernetes/list.js';
import { bounded } from '../../text/bounded.js';
import type { DefaultVolume } from '../../facts/default-volume.js';
import { listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { readBack, readIfThere, type Patience } from '../../kubernetes/objects.js';
import { rawPod, toPodState, type PodState } from '../sandbox/pods.js';
import { affinityInWords, matchingHosts, rawTerms, type Labelled, type Terms } from './affinity.js';

const rawClass = ofKind<V1StorageClass>()(
  z.extend(rawStorageClass, {
    reclaimPolicy: z.optional(z.nullable(z.string())),
    volumeBindingMode: z.optional(z.nullable(z.string())),
  }),
);

/** A StorageClass, as far as a claim of ours meets it. */
export interface ClaimedClass extends StorageClass {
  readonly reclaimPolicy: string;
  readonly bindingMode: string;
}

const toClass = (raw: z.infer<typeof rawClass>): ClaimedClass => ({
  ...toStorageClass(raw),
  reclaimPolicy: bounded(raw.reclaimPolicy ?? 'Delete', 40),
  bindingMode: bounded(raw.volumeBindingMode ?? 'Immediate', 40),
});

export const listClasses = (api: Api): Promise<readonly ClaimedClass[]> =>
  listAll(api, '/apis/storage.k8s.io/v1/storageclasses', rawClass, toClass);

const rawLabels = ofKind<V1Node>()(
  z.object({ metadata: z.object({ name: z.string(), labels: z.optional(z.record(z.string(), z.string())) }) }),
);

/** All nodes with their labels. */
export const listLabels = (api: Api): Promise<readonly Labelled[]> =>
  listAll(api, '/api/v1/nodes', rawLabels, ({ metadata }) => ({ name: metadata.name, labels: metadata.labels ?? {} }));

const rawReady = ofKind<V1PersistentVolume>()(
  z.object({
    metadata: z.object({ name: z.string() }),
    spec: z.object({ storageClassName: z.optional(z.string()) }),
    status: z.optional(z.object({ phase: z.optional(z.string()) })),
  }),
);

/** Volumes of a class that somebody has made in advance: a claim would take one of them instead of a new one. */
export const volumesInWait = async (api: Api, storageClass: string): Promise<readonly string[]> => {
  const found = await listAll(api, '/api/v1/persistentvolumes', rawReady, ({ metadata, spec, status }) =>
    status?.phase === 'Available' && spec.storageClassName === storageClass ? [bounded(metadata.name)] : [],
  );
  return found.flat();
};

const rawClaim = ofKind<V1PersistentVolumeClaim>()(
  z.object({
    spec: z.object({ storageClassName: z.optional(z.nullable(z.string())), volumeName: z.optional(z.string()) }),
    status: z.optional(
      z.object({
        phase: z.optional(z.string()),
        capacity: z.optional(z.record(z.string(), z.string())),
        conditions: z.optional(z.nullable(z.array(z.object({ type: z.string(), status: z.string() })))),
        allocatedResourceStatuses: z.optional(z.record(z.string(), z.string())),
      }),
    ),
  }),
);
export type Claim = z.infer<typeof rawClaim>;

/** @returns undefined where it is gone */
export const readClaim = (api: Api, path: string, patience: Patience): Promise<Claim | undefined> =>
  readIfThere(api, path, rawClaim, patience);

const rawVolume = ofKind<V1PersistentVolume>()(
  z.object({
    metadata: z.object({ name: z.string() }),
    spec: z.looseObject({
      accessModes: z.optional(z.nullable(z.array(z.string()))),
      capacity: z.optional(z.record(z.string(), z.string())),
      persistentVolumeReclaimPolicy: z.optional(z.string()),
      nodeAffinity: z.optional(z.nullable(z.object({ required: z.optional(z.nullable(z.object({ nodeSelectorTerms: rawTerms }))) }))),
      csi: z.optional(z.object({ driver: z.string() })),
    }),
    status: z.optional(z.object({ phase: z.optional(z.string()) })),
  }),
);
export type Volume = z.infer<typeof rawVolume>;

/** @returns undefined where it is gone */
export const readVolume = (api: Api, name: string, patience: Patience): Promise<Volume | undefined> =>
  readIfThere(api, `/api/v1/persistentvolumes/${encodeURIComponent(name)}`, rawVolume, patience);

/** Fields of a PersistentVolume's `spec` that say what it lies on, those of releases long gone included. */
const sources = [
  ...['csi', 'hostPath', 'local', 'nfs', 'iscsi', 'fc', 'rbd', 'cephfs', 'cinder', 'awsElasticBlockStore', 'azureDisk', 'azureFile'],
  ...['gcePersistentDisk', 'vsphereVolume', 'glusterfs', 'portworxVolume', 'flexVolume', 'flocker', 'photonPersistentDisk', 'quobyte'],
  ...['scaleIO', 'storageos'],
];

export const termsOf = ({ spec }: Volume): Terms => spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];

/** Trims a volume to what is judged: nothing of what lies behind it, e.g. attributes and secrets of a driver. */
export const toSeenVolume = (volume: Volume, nodes: readonly Labelled[]): NonNullable<DefaultVolume['volume']> => {
  const { metadata, spec } = volume;
  const terms = termsOf(volume);
  return {
    name: bounded(metadata.name),
    accessModes: (spec.accessModes ?? []).slice(0, 10).map((mode) => bounded(mode, 60)),
    source: sources.find((field) => Object.hasOwn(spec, field)) ?? '',
    driver: bounded(spec.csi?.driver ?? ''),
    nodeAffinity: affinityInWords(terms),
    hosts: matchingHosts(terms, nodes),
    reclaimPolicy: bounded(spec.persistentVolumeReclaimPolicy ?? '', 40),
    capacity: bounded(spec.capacity?.['storage'] ?? '', 40),
  };
};

const rawPods = listSchema(rawPod);

/** How one pod of ours is. @returns undefined where it is not there */
export const readPod = async (api: Api, namespace: string, name: string, patience: Patience): Promise<PodState | undefined> => {
  const { items } = await readBack(api, `/api/v1/namespaces/${namespace}/pods`, rawPods, patience);
  return items.map(toPodState).find((pod) => pod.name === name);
};

const rawEvents = listSchema(
  ofKind<CoreV1Event>()(
    z.object({
      involvedObject: z.object({ name: z.optional(z.string()) }),
      type: z.optional(z.string()),
      reason: z.optional(z.nullable(z.string())),
      message: z.optional(z.nullable(z.string())),
    }),
  ),
);

/** What went wrong with an object of ours, by its events. @returns `''` where they say nothing or may not be read */
export const complaintsOf = async (api: Api, namespace: string, name: string, { signal }: Patience): Promise<string> => {
  const path = `/api/v1/namespaces/${namespace}/events?limit=100`;
  try {
    const { items } = await readBack(api, path, rawEvents, { signal, outageMs: 0 });
    const own = items.filter((e) => e.involvedObject.name === name && e.type !== 'Normal');
    return listed([...new Set(own.map((e) => bounded(`${e.reason ?? ''}: ${e.message ?? ''}`, 300)))].slice(-2));
  } catch {
    return '';
  }
};

import type { V1Namespace, V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../../kubernetes/api-types.js';
import { listAll } from '../../kubernetes/list.js';
import { bounded } from '../../text/bounded.js';
import { listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { deadlineAnnotation, ownerLabel, owner, ownSelector, runLabel, runOfNamespace } from './identity.js';
import { readIfThere, type Patience } from '../../kubernetes/objects.js';

const rawNamespace = ofKind<V1Namespace>()(
  z.object({
    metadata: z.object({
      name: z.string(),
      uid: z.string(),
      creationTimestamp: z.optional(z.nullable(z.string())),
      labels: z.optional(z.record(z.string(), z.string())),
      annotations: z.optional(z.record(z.string(), z.string())),
    }),
    status: z.optional(
      z.object({
        phase: z.optional(z.string()),
        conditions: z.optional(z.array(z.object({ type: z.string(), status: z.string(), message: z.optional(z.string()) }))),
      }),
    ),
  }),
);
type RawNamespace = z.infer<typeof rawNamespace>;

/** A namespace that a run of ours made. */
export interface Orphan {
  readonly name: string;
  readonly uid: string;
  readonly run: string;
  /** When it was made, by the cluster's clock. */
  readonly created: string | undefined;
  /** Until when its run answers for it; undefined where it does not say. */
  readonly deadline: string | undefined;
  /** What keeps it, where it is being removed and does not go. */
  readonly stuck: string | undefined;
}

const moment = (text: string | null | undefined): string | undefined => (text ? bounded(text, 40) : undefined);

const toOrphan = (raw: RawNamespace, run: string): Orphan => {
  const { name, uid, annotations, creationTimestamp } = raw.metadata;
  const kept = (raw.status?.conditions ?? []).filter((c) => c.status === 'True').map((c) => bounded(c.message ?? c.type, 300));
  return {
    name,
    uid,
    run,
    created: moment(creationTimestamp),
    deadline: moment(annotations?.[deadlineAnnotation]),
    stuck: raw.status?.phase === 'Terminating' ? listed(kept, 3) : undefined,
  };
};

/** The run that made a namespace. Name and labels have to say so: a label can be put on anyone's namespace, and a name can be anyone's. */
const makerOf = ({ metadata: { name, labels = {} } }: RawNamespace): string | undefined => {
  const run = runOfNamespace(name);
  return run !== undefined && labels[ownerLabel] === owner && labels[runLabel] === run ? run : undefined;
};

/** The namespaces that runs of ours have made and that are still there. @param run of that one alone */
export const listOrphans = async (api: Api, run?: string): Promise<readonly Orphan[]> => {
  const toOwn = (raw: RawNamespace): Orphan | undefined => {
    const maker = makerOf(raw);
    return maker === undefined ? undefined : toOrphan(raw, maker);
  };
  const found = await listAll(api, '/api/v1/namespaces', rawNamespace, toOwn, ownSelector(run));
  return found.filter((n) => n !== undefined);
};

/** Of these namespaces, those that are there, whatever their labels: only for names that this run has given itself. */
export const readNamespaces = async (api: Api, names: readonly string[], patience: Patience): Promise<readonly Orphan[]> => {
  const found = await Promise.all(names.map((name) => readIfThere(api, `/api/v1/namespaces/${name}`, rawNamespace, patience)));
  return found.filter((raw) => raw !== undefined).map((raw) => toOrphan(raw, runOfNamespace(raw.metadata.name) ?? ''));
};

/** Whether a namespace is nobody else's: made by a run of ours, or there no more. */
export const isOursOrGone = async (api: Api, name: string, patience: Patience): Promise<boolean> => {
  const raw = await readIfThere(api, `/api/v1/namespaces/${name}`, rawNamespace, patience);
  return raw === undefined || makerOf(raw) !== undefined;
};

/** A run without a deadline is dead so long after its namespace was made: far beyond the longest that its pods last. */
const quietMs = 30 * 60_000;

/** Until when the run of a namespace is taken to live, in milliseconds since the epoch; undefined where nothing tells. */
export const livesUntil = ({ deadline, created }: Pick<Orphan, 'deadline' | 'created'>): number | undefined => {
  const [until, since] = [Date.parse(deadline ?? ''), Date.parse(created ?? '') + quietMs];
  return [until, since].find((ms) => !Number.isNaN(ms));
};

/** Longer than an outage of the API server during which no run can renew its lease, and than `Date` headers are imprecise. */
export const graceMs = 60_000;

/**
 * Whether a run is dead, by all of its namespaces: nobody answers for them any more.
 * @param now by the cluster's own clock, as runs on several machines agree on no other; undefined where it is not known
 */
export const isDead = (all: readonly Orphan[], now: Date | undefined): boolean =>
  // What is being removed already takes no decision any more.
  all.every((n) => n.stuck !== undefined || (now !== undefined && (livesUntil(n) ?? Infinity) + graceMs < now.getTime()));

const rawVolume = ofKind<V1PersistentVolume>()(
  z.object({
    metadata: z.object({ name: z.string(), uid: z.string(), annotations: z.optional(z.record(z.string(), z.string())) }),
    spec: z.object({
      persistentVolumeReclaimPolicy: z.optional(z.string()),
      claimRef: z.optional(z.object({ namespace: z.optional(z.string()), uid: z.optional(z.string()) })),
    }),
  }),
);

/** A volume whose claim was in a namespace with a name as ours have it. */
export interface Volume {
  readonly name: string;
  readonly run: string;
  /** The namespace of its claim. */
  readonly namespace: string;
  readonly claim: string;
  readonly retained: boolean;
  /** Made for that claim: one that was there before it is someone else's. */
  readonly made: boolean;
}

/** As the API server has names of volumes: nothing else gets into a path. */
const volumeName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const provisionedBy = 'pv.kubernetes.io/provisioned-by';

/** Provisioners name a volume after the UID of its claim, some by its beginning alone. */
const isNamedAfter = (name: string, uid: string): boolean => {
  const start = uid.replaceAll('-', '').slice(0, 8);
  return start.length === 8 && name.replaceAll('-', '').includes(start);
};

const toVolume = ({ metadata, spec }: z.infer<typeof rawVolume>): Volume | undefined => {
  const { namespace = '', uid = '' } = spec.claimRef ?? {};
  const run = runOfNamespace(namespace);
  if (run === undefined || !volumeName.test(metadata.name)) return undefined;
  return {
    name: metadata.name,
    run,
    namespace,
    claim: uid,
    retained: spec.persistentVolumeReclaimPolicy === 'Retain',
    made: metadata.annotations?.[provisionedBy] !== undefined && isNamedAfter(metadata.name, uid),
  };
};

/** All volumes whose claim was in a namespace with a name as ours have it. Whether that was ours is to be asked: see `isOursOrGone`. */
export const listOwnVolumes = async (api: Api): Promise<readonly Volume[]> =>
  (await listAll(api, '/api/v1/persistentvolumes', rawVolume, toVolume)).filter((v) => v !== undefined);

const rawClaim = ofKind<V1PersistentVolumeClaim>()(
  z.object({
    metadata: z.object({ uid: z.string(), annotations: z.optional(z.record(z.string(), z.string())) }),
    spec: z.optional(z.object({ storageClassName: z.optional(z.string()) })),
    status: z.optional(z.object({ phase: z.optional(z.string()) })),
  }),
);
const provisioners = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner'];

/** A claim for which a provisioner is at work: a volume may come after the claim is gone. */
export interface ClaimUnderWay {
  readonly uid: string;
  /** The name of its class; `''` where it has none. */
  readonly storageClass: string;
}

export const listClaimsUnderWay = async (api: Api, namespace: string): Promise<readonly ClaimUnderWay[]> => {
  const found = await listAll(api, `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, rawClaim, ({ metadata, spec, status }) => {
    const provisioner = provisioners.map((key) => metadata.annotations?.[key]).find((name) => name !== undefined);
    const works = status?.phase === 'Pending' && provisioner !== undefined && provisioner !== 'kubernetes.io/no-provisioner';
    return works ? { uid: metadata.uid, storageClass: spec?.storageClassName ?? '' } : undefined;
  });
  return found.filter((claim) => claim !== undefined);
};

const rawClass = ofKind<V1StorageClass>()(z.object({ metadata: z.object({ name: z.string() }), reclaimPolicy: z.optional(z.string()) }));

/** The names of the classes whose volumes go by themselves once their claim is gone. */
export const listDeletingClasses = async (api: Api): Promise<ReadonlySet<string>> =>
  new Set(
    await listAll(api, '/apis/storage.k8s.io/v1/storageclasses', rawClass, ({ metadata, reclaimPolicy = 'Delete' }) =>
      reclaimPolicy === 'Delete' ? metadata.name : undefined,
    ).then((names) => names.filter((name) => name !== undefined)),
  );

/**
 * The namespaces of volumes that were made for runs of ours, and that are there no more.
 * @param known namespaces that are there
 * @param wanted which of the volumes count; all without
 */
export const listLostNamespaces = async (
  api: Api,
  known: readonly string[],
  patience: Patience,
  wanted: (volume: Volume) => boolean = () => true,
): Promise<readonly string[]> => {
  const made = (await listOwnVolumes(api)).filter((v) => v.made && wanted(v)).map((v) => v.namespace);
  const others = [...new Set(made)].filter((name) => !known.includes(name));
  const ours = await Promise.all(others.map((name) => isOursOrGone(api, name, patience)));
  return others.filter((_, i) => ours[i]);
};

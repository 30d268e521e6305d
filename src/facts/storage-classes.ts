import type { V1StorageClass } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { listFact } from './support/list-fact.js';
import { bounded } from '../text/bounded.js';

/** Parameters that decide where a volume lies; every other one stays in the cluster. */
const judgedParameters = ['dataLocality', 'numberOfReplicas'] as const;

const storageClassSchema = z.object({
  name: z.string(),
  provisioner: z.string(),
  /** By which annotation the class is a default one; `beta` is the old name, which Kubernetes still honours. */
  defaultBy: z.enum(['annotation', 'beta-annotation', 'none']),
  expandable: z.boolean(),
  /** ISO 8601; of several defaults the newest is given to a claim without a class (KEP-3333). */
  createdAt: z.string(),
  parameters: z.record(z.string(), z.string()),
});
export type StorageClass = z.infer<typeof storageClassSchema>;

/** A StorageClass of `storage.k8s.io/v1`, as far as its defaults and its provisioner go. */
export const rawStorageClass = ofKind<V1StorageClass>()(
  z.object({
    metadata: z.object({
      name: z.string(),
      creationTimestamp: z.optional(z.nullable(z.string())),
      annotations: z.optional(z.record(z.string(), z.string())),
    }),
    provisioner: z.string(),
    allowVolumeExpansion: z.optional(z.nullable(z.boolean())),
    parameters: z.optional(z.nullable(z.record(z.string(), z.string()))),
  }),
);

/** Trims one StorageClass of `storage.k8s.io/v1` to what is judged. */
export const toStorageClass = (raw: z.infer<typeof rawStorageClass>): StorageClass => {
  const annotations = raw.metadata.annotations ?? {};
  const marked = (key: string): boolean => annotations[key] === 'true';
  const parameters = raw.parameters ?? {};
  return {
    name: bounded(raw.metadata.name),
    provisioner: bounded(raw.provisioner),
    defaultBy: marked('storageclass.kubernetes.io/is-default-class')
      ? 'annotation'
      : marked('storageclass.beta.kubernetes.io/is-default-class')
        ? 'beta-annotation'
        : 'none',
    expandable: raw.allowVolumeExpansion ?? false,
    createdAt: bounded(raw.metadata.creationTimestamp ?? '', 40),
    parameters: Object.fromEntries(
      judgedParameters.flatMap((key) => (Object.hasOwn(parameters, key) ? [[key, bounded(parameters[key] ?? '', 40)]] : [])),
    ),
  };
};

/** The cluster's storage classes, sorted by name; an empty list means that there is none. */
export const storageClasses = listFact({
  name: 'storage-classes',
  api: 'storage.k8s.io/v1',
  resource: 'storageclasses',
  why: 'the default storage class and its provisioner',
  schema: storageClassSchema,
  raw: rawStorageClass,
  trim: toStorageClass,
});

import * as z from 'zod/mini';
import { defineFact, isUnavailable, type Unavailable } from '../model/fact.js';
import { enforceLabel } from './pod-security-admission.js';
import { listAll } from './support/list.js';
import { bounded } from './support/text.js';

const schema = z.object({
  name: z.string(),
  /** The value of `pod-security.kubernetes.io/enforce`; null without the label. */
  enforce: z.nullable(z.string()),
  /** Of `kube-system` alone, by whose UID a cluster is known; absent in older snapshots. */
  uid: z.optional(z.string()),
  /** Of `kube-system` alone: when the cluster was created (`metadata.creationTimestamp`, RFC 3339); absent in older snapshots. */
  created: z.optional(z.string()),
});
export type Namespace = z.infer<typeof schema>;

const raw = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.optional(z.string()),
    creationTimestamp: z.optional(z.nullable(z.string())),
    labels: z.optional(z.record(z.string(), z.string())),
  }),
});

/** The namespaces, sorted by name, with the level of the Pod Security Standards that their label asks for. Annotations have no effect and are not read. */
export const namespaces = defineFact({
  name: 'namespaces',
  schema: z.readonly(z.array(schema)),
  permissions: [
    { role: 'read', verb: 'list', group: '', resource: 'namespaces', why: 'labels that set a level of the Pod Security Standards' },
  ],
  collect: async ({ api }) => {
    const found = await listAll(api, '/api/v1/namespaces', raw, ({ metadata }): Namespace => ({
      name: bounded(metadata.name),
      enforce: metadata.labels?.[enforceLabel] === undefined ? null : bounded(metadata.labels[enforceLabel]),
      ...(metadata.name !== 'kube-system' || metadata.uid === undefined ? {} : { uid: bounded(metadata.uid, 100) }),
      ...(metadata.name !== 'kube-system' || typeof metadata.creationTimestamp !== 'string'
        ? {}
        : { created: bounded(metadata.creationTimestamp, 40) }),
    }));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});

/** By what a cluster is known: the UID of its `kube-system`. Undefined where that was not seen, or is of an older snapshot. */
export const clusterUid = (spaces: readonly Namespace[] | Unavailable): string | undefined =>
  isUnavailable(spaces) ? undefined : spaces.find(({ name }) => name === 'kube-system')?.uid;

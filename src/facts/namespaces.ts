import type { V1Namespace } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { isUnavailable, type Unavailable } from '../model/fact.js';
import { listFact } from './support/list-fact.js';
import { bounded } from '../text/bounded.js';

/** How a level of the Pod Security Standards acts: https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces */
export const podSecurityModes = ['enforce', 'warn', 'audit'] as const;
export type PodSecurityMode = (typeof podSecurityModes)[number];

/** The label by which a namespace asks for a level in one mode. */
export const modeLabel = (mode: PodSecurityMode): string => `pod-security.kubernetes.io/${mode}`;

const level = z.optional(z.nullable(z.string()));
const schema = z.object({
  name: z.string(),
  /** The value of `pod-security.kubernetes.io/enforce`; null without the label, absent where the labels are not shown. */
  enforce: level,
  /** The same for `warn` and `audit`; absent in older snapshots as well. */
  warn: level,
  audit: level,
  /** Of `kube-system` alone, by whose UID a cluster is known; absent in older snapshots. */
  uid: z.optional(z.string()),
  /** Of `kube-system` alone: when the cluster was created (`metadata.creationTimestamp`, RFC 3339); absent in older snapshots. */
  created: z.optional(z.string()),
});
export type Namespace = z.infer<typeof schema>;

const raw = ofKind<V1Namespace>()(
  z.object({
    metadata: z.object({
      name: z.string(),
      uid: z.optional(z.string()),
      creationTimestamp: z.optional(z.string()),
      labels: z.optional(z.record(z.string(), z.string())),
    }),
  }),
);

/**
 * The API server puts this label on every namespace, with its name, and keeps it there: where it is not shown, something in between has taken labels
 * away. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
 */
const nameLabel = 'kubernetes.io/metadata.name';

const levelsOf = (name: string, labels: Readonly<Record<string, string>>): Pick<Namespace, PodSecurityMode> => {
  const complete = Object.hasOwn(labels, nameLabel) && labels[nameLabel] === name;
  const levels: Partial<Record<PodSecurityMode, string | null>> = {};
  for (const mode of podSecurityModes) {
    const value = Object.hasOwn(labels, modeLabel(mode)) ? labels[modeLabel(mode)] : undefined;
    if (value !== undefined) levels[mode] = bounded(value);
    else if (complete) levels[mode] = null;
  }
  return levels;
};

/** The namespaces, sorted by name, with the levels of the Pod Security Standards that their labels ask for. Annotations have no effect and are not read. */
export const namespaces = listFact({
  name: 'namespaces',
  api: 'v1',
  resource: 'namespaces',
  why: 'labels that set a level of the Pod Security Standards',
  schema,
  raw,
  trim: ({ metadata: { name, labels = {}, uid, creationTimestamp: created } }) => ({
    name: bounded(name),
    ...levelsOf(name, labels),
    ...(name === 'kube-system' ? { uid: uid && bounded(uid, 100), created: created && bounded(created, 40) } : {}),
  }),
});

/** When the cluster was created, RFC 3339; undefined where that was not seen, or is of an older snapshot. */
export const clusterCreated = (spaces: readonly Namespace[] | Unavailable): string | undefined =>
  isUnavailable(spaces) ? undefined : spaces.find(({ name }) => name === 'kube-system')?.created;

/** By what a cluster is known: the UID of its `kube-system`. Undefined where that was not seen, or is of an older snapshot. */
export const clusterUid = (spaces: readonly Namespace[] | Unavailable): string | undefined =>
  isUnavailable(spaces) ? undefined : spaces.find(({ name }) => name === 'kube-system')?.uid;

import type { V1Pod } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../../kubernetes/api-types.js';
import { parseEtcdVariables, parseFlags, setsHiddenVariables } from './flags.js';
import { baseName, componentContainer, hasWord, imageName, type ComponentContainer } from './kube-system-pods.js';
import { bounded } from '../../text/bounded.js';

/** What is read of a pod that may be one of the control plane. */
export const rawPod = ofKind<V1Pod>()(
  z.object({
    metadata: z.object({
      name: z.string(),
      annotations: z.optional(z.record(z.string(), z.string())),
      ownerReferences: z.optional(z.array(z.object({ kind: z.string() }))),
    }),
    spec: z.object({
      nodeName: z.optional(z.string()),
      hostNetwork: z.optional(z.boolean()),
      restartPolicy: z.optional(z.string()),
      containers: z.array(componentContainer),
    }),
    status: z.optional(z.object({ phase: z.optional(z.string()) })),
  }),
);
export type RawPod = z.infer<typeof rawPod>;

/** A pod of the control plane, as its fact keeps it. */
export const podSchema = z.object({
  name: z.string(),
  node: z.string(),
  hostNetwork: z.boolean(),
  running: z.boolean(),
  /** Flags that are set, without their dashes; a bare flag is `true`. etcd's environment variables count as flags. */
  flags: z.record(z.string(), z.string()),
  /**
   * Of an API server: names of the nodes that role or taint call a control plane and that show no API server pod, the same in all pods of a
   * list. Absent where there is none, where nodes may not be listed, and in older snapshots.
   */
  unseenOn: z.optional(z.readonly(z.array(z.string()))),
});
export type ControlPlanePod = z.infer<typeof podSchema>;
/** The components whose flags are read. */
export type Component = 'kube-apiserver' | 'etcd';

/** Whether a container runs a component as its only program. */
export const isComponent = ({ command, image }: ComponentContainer, component: Component): boolean =>
  baseName(command?.[0] ?? '') === component || imageName(image) === component;

/** etcd-manager of kOps starts etcd itself, with flags that it makes up: none of them stands in the pod. */
const isEtcdManager = ({ image }: ComponentContainer): boolean => /^etcd-manager(?:-slim)?$/.test(imageName(image));

/** What is to end is no server: a backup runs in etcd's image, too. */
export const lasts = (raw: RawPod): boolean => (raw.spec.restartPolicy ?? 'Always') === 'Always';

/**
 * Whether a pod runs a component: one of its images, or a word of a command, is that program. A label does not tell: whoever may change the
 * labels of pods could make any pod an API server.
 */
export const runsComponent = (raw: RawPod, component: Component): boolean =>
  raw.spec.containers.some((container) => isComponent(container, component) || hasWord(container, component));

const flagsOf = (raw: RawPod, component: Component, wanted: readonly string[]): Record<string, string> => {
  // A sidecar's flags may have the same names: where the component's own container can be told, only that one speaks.
  const own = raw.spec.containers.filter((c) => c.name === component || isComponent(c, component));
  const containers = own.length > 0 ? own : raw.spec.containers;
  const flags = parseFlags(
    containers.flatMap((c) => [...(c.command ?? []), ...(c.args ?? [])]),
    wanted,
  );
  if (component === 'kube-apiserver') return flags;
  // What a ConfigMap, a Secret or etcd-manager sets is not seen, so that an absent flag is not known to be unset: nothing is better than half.
  if (containers.some((c) => isEtcdManager(c) || setsHiddenVariables(c, wanted, flags))) return {};
  // etcd reads variables too, and flags win over them (etcd documentation, "Configuration options").
  const variables = parseEtcdVariables(
    containers.flatMap((c) => c.env ?? []),
    wanted,
  );
  return { ...variables, ...flags };
};

/** Trims a pod to what is judged. @param wanted names of the flags that may leave the cluster */
export const trimPod = (raw: RawPod, component: Component, wanted: readonly string[]): ControlPlanePod => ({
  name: bounded(raw.metadata.name),
  node: bounded(raw.spec.nodeName ?? ''),
  hostNetwork: raw.spec.hostNetwork ?? false,
  running: raw.status?.phase === 'Running',
  flags: flagsOf(raw, component, wanted),
});

/**
 * Whether the kubelet runs a pod from a file of its node: the API shows a mirror of it.
 * https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
 */
const isStatic = ({ metadata }: RawPod): boolean =>
  Object.hasOwn(metadata.annotations ?? {}, 'kubernetes.io/config.mirror') ||
  (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Node');

/** Whether a container starts etcd. Its image alone does not tell: backups and tools run in it, too, by commands of their own. */
const startsEtcd = (c: ComponentContainer): boolean =>
  hasWord(c, 'etcd') || (imageName(c.image) === 'etcd' && (c.command ?? []).length === 0);

/**
 * Whether a pod without a label is a member of the cluster's etcd. Network plugins bring an etcd of their own to the same nodes (Cilium's
 * clustermesh-apiserver, Calico), as pods of a Deployment or a DaemonSet; the cluster's has to be there before any of these is. etcd-manager is
 * made for nothing else.
 */
export const isMember = (raw: RawPod): boolean =>
  raw.spec.hostNetwork === true && (raw.spec.containers.some(isEtcdManager) || (isStatic(raw) && raw.spec.containers.some(startsEtcd)));

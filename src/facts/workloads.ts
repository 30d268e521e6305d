import type { V1DaemonSet, V1Deployment, V1StatefulSet } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { defineFact, isUnavailable, type Permission } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import type { Api } from '../model/ports.js';
import { recogniseWorkloads } from './support/known-workloads.js';
import { listAll } from '../kubernetes/list.js';
import { allOf } from './support/all-of.js';
import { lackingRights, partOf, partText, unavailablePart } from './support/parts.js';
import { bounded, imageName } from '../text/bounded.js';

/** A pod of one workload has few containers; more would be somebody's joke. */
const maxImages = 20;

const workloadSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  kind: z.enum(['DaemonSet', 'Deployment', 'StatefulSet']),
  /** `repository:tag`, without digests and credentials. */
  images: z.readonly(z.array(z.string())),
  /** The label `app.kubernetes.io/name`, `''` where it is not set. */
  appName: z.string(),
  desired: z.number(),
  ready: z.number(),
});
export type Workload = z.infer<typeof workloadSchema>;

/** The workloads of one kind, where these could not be listed. */
const unlistedSchema = z.object({ kind: workloadSchema.shape.kind, ...unavailablePart });
export type UnlistedWorkloads = z.infer<typeof unlistedSchema>;

const schema = z.readonly(z.array(z.union([workloadSchema, unlistedSchema])));
export type Workloads = z.infer<typeof schema>;

const rawWorkload = ofKind<V1DaemonSet & V1Deployment & V1StatefulSet>()(
  z.object({
    metadata: z.object({ namespace: z.string(), name: z.string(), labels: z.optional(z.record(z.string(), z.string())) }),
    spec: z.object({
      replicas: z.optional(z.number()),
      template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.optional(z.string()) })) }) }),
    }),
    status: z.optional(
      z.object({
        readyReplicas: z.optional(z.number()),
        desiredNumberScheduled: z.optional(z.number()),
        numberReady: z.optional(z.number()),
      }),
    ),
  }),
);

/** Trims one DaemonSet, Deployment or StatefulSet of `apps/v1` to what is judged. */
const toWorkload = (kind: Workload['kind'], raw: z.infer<typeof rawWorkload>): Workload => ({
  namespace: bounded(raw.metadata.namespace),
  name: bounded(raw.metadata.name),
  kind,
  images: raw.spec.template.spec.containers.slice(0, maxImages).map((container) => imageName(container.image ?? '')),
  appName: bounded(raw.metadata.labels?.['app.kubernetes.io/name'] ?? ''),
  // Both kinds with replicas default to one; a DaemonSet wants as many as there are nodes for it.
  desired: kind === 'DaemonSet' ? (raw.status?.desiredNumberScheduled ?? 0) : (raw.spec.replicas ?? 1),
  ready: (kind === 'DaemonSet' ? raw.status?.numberReady : raw.status?.readyReplicas) ?? 0,
});

const kinds = [
  ['DaemonSet', 'daemonsets'],
  ['Deployment', 'deployments'],
  ['StatefulSet', 'statefulsets'],
] as const;

const permissions = kinds.map(([, resource]) =>
  readRight('list', 'apps', resource, 'the network plugin, ingress controllers and policy operators, and whether they run'),
);

const workloadPermission = ({ kind }: UnlistedWorkloads): Permission | undefined => permissions[kinds.findIndex(([one]) => one === kind)];

/** Why the workloads of some kind could not be listed, and the right that would help. */
export const unlistedText = (part: UnlistedWorkloads): string => partText(part, workloadPermission(part));

const listWorkloads = async (api: Api, kind: Workload['kind'], resource: string): Promise<readonly Workload[]> => {
  const found = await listAll(api, `/apis/apps/v1/${resource}`, rawWorkload, (raw) => {
    const workload = toWorkload(kind, raw);
    return recogniseWorkloads(workload).length > 0 ? workload : undefined;
  });
  return found.filter((workload) => workload !== undefined);
};

/**
 * Network plugins, ingress controllers and policy operators of the cluster, as far as they are known by name, label or image
 * (see `recognise`); every other workload stays in the cluster. Sorted by namespace and name. A kind that could not be listed stands as one
 * entry behind those that could.
 */
export const workloads = defineFact({
  name: 'workloads',
  schema,
  permissions,
  lacking: (value) => lackingRights(value, workloadPermission),
  collect: async ({ api }): Promise<Workloads> => {
    const running = kinds.map(([kind, resource]) => listWorkloads(api, kind, resource));
    const parts = await allOf(running.map((one) => partOf(one)));
    // Nothing at all: the first reason stands for the whole.
    if (parts.every((part) => isUnavailable(part))) await allOf(running);
    const key = (w: Workload): string => `${w.namespace}/${w.name}/${w.kind}`;
    const found = parts.flatMap((part) => (isUnavailable(part) ? [] : part)).sort((a, b) => (key(a) < key(b) ? -1 : 1));
    const unlisted = kinds.flatMap(([kind], i) => {
      const part = parts[i];
      return part !== undefined && isUnavailable(part) ? [{ kind, ...part }] : [];
    });
    return [...found, ...unlisted];
  },
});

import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { familiesOf, ipFamilies } from './support/ip-family.js';
import { listAll } from './support/list.js';
import { bounded } from './support/text.js';

/** The labels that any standard judges; no other label leaves the cluster. */
export const nodeLabels = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.openstack.org/host-id',
  'topology.scs.community/host-id',
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
  'node-role.kubernetes.io/etcd',
  'node-role.kubernetes.io/worker',
] as const;

const nodeSchema = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  ready: z.boolean(),
  kubeletVersion: z.string(),
  externalIPs: z.readonly(z.array(z.string())),
  internalIPs: z.readonly(z.array(z.string())),
  /** True for a node of a kind cluster, by its `spec.providerID`. Absent for all others, and in older snapshots. */
  kind: z.optional(z.boolean()),
  /** IP families of the node's pod CIDRs; empty where the network plugin hands out addresses by itself. Absent in older snapshots. */
  podFamilies: z.optional(z.readonly(z.array(z.enum(ipFamilies)))),
  /** When the Node object was created (`metadata.creationTimestamp`, RFC 3339); absent in older snapshots. */
  created: z.optional(z.string()),
});
export type Node = z.infer<typeof nodeSchema>;

/** All addresses of a node: without a cloud's controller the public one of a rented machine is its InternalIP. */
export const addressesOf = ({ internalIPs, externalIPs }: Node): readonly string[] => [...internalIPs, ...externalIPs];

const rawNode = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.optional(z.record(z.string(), z.string())),
    creationTimestamp: z.optional(z.nullable(z.string())),
  }),
  spec: z.optional(
    z.object({ providerID: z.optional(z.string()), podCIDR: z.optional(z.string()), podCIDRs: z.optional(z.array(z.string())) }),
  ),
  status: z.optional(
    z.object({
      addresses: z.optional(z.array(z.object({ type: z.string(), address: z.string() }))),
      conditions: z.optional(z.array(z.object({ type: z.string(), status: z.string() }))),
      nodeInfo: z.optional(z.object({ kubeletVersion: z.optional(z.string()) })),
    }),
  ),
});

/** Trims one Node object of `v1` to what is judged. */
export const toNode = (raw: z.infer<typeof rawNode>): Node => {
  const labels = raw.metadata.labels ?? {};
  const created = raw.metadata.creationTimestamp ?? undefined;
  const addresses = (type: string): string[] => (raw.status?.addresses ?? []).filter((a) => a.type === type).map((a) => bounded(a.address));
  return {
    name: bounded(raw.metadata.name),
    labels: Object.fromEntries(nodeLabels.flatMap((key) => (labels[key] === undefined ? [] : [[key, bounded(labels[key])]]))),
    ready: (raw.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True'),
    kubeletVersion: bounded(raw.status?.nodeInfo?.kubeletVersion ?? ''),
    externalIPs: addresses('ExternalIP'),
    internalIPs: addresses('InternalIP'),
    ...(raw.spec?.providerID?.startsWith('kind://') === true ? { kind: true } : {}),
    podFamilies: familiesOf(raw.spec?.podCIDRs ?? (raw.spec?.podCIDR === undefined ? [] : [raw.spec.podCIDR])),
    ...(created === undefined ? {} : { created: bounded(created, 40) }),
  };
};

/** The cluster's nodes, sorted by name. */
export const nodes = defineFact({
  name: 'nodes',
  first: true,
  schema: z.readonly(z.array(nodeSchema)),
  permissions: [{ role: 'read', verb: 'list', group: '', resource: 'nodes', why: 'labels, roles and addresses of the nodes' }],
  collect: async ({ api }) => {
    const found = await listAll(api, '/api/v1/nodes', rawNode, toNode);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});

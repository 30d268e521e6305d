import type { V1Node } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { familiesOf, ipFamilies } from './support/ip-family.js';
import { controlPlaneRoles, etcdRole, isPassingTaint, workerRoles } from './support/node-roles.js';
import { listFact } from './support/list-fact.js';
import { bounded } from '../text/bounded.js';

/** Zone labels that storage drivers put on nodes, where the cloud knows each node's zone by itself. */
export const driverZoneLabels = [
  'topology.block-storage.csi.stackit.cloud/zone',
  'topology.cinder.csi.openstack.org/zone',
  'topology.csi.cloudstack.apache.org/zone',
  'topology.csi.scaleway.com/zone',
  'topology.csi.vmware.com/k8s-zone',
  'topology.disk.csi.azure.com/zone',
  'topology.diskplugin.csi.alibabacloud.com/zone',
  'topology.ebs.csi.aws.com/zone',
  'topology.gke.io/zone',
] as const;

/** The same of regions. */
export const driverRegionLabels = ['topology.csi.vmware.com/k8s-region', 'topology.linode.com/region'] as const;

/** Hetzner's driver names a location: the region by its cloud controller manager, whose zones are data centres in it (`fsn1`, `fsn1-dc14`). */
export const hetznerLocation = 'csi.hetzner.cloud/location';

/** Every node of OpenShift carries it. */
export const openshiftLabel = 'node.openshift.io/os_id';

/** The labels that any standard judges; no other label leaves the cluster. */
export const nodeLabels = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.openstack.org/host-id',
  'topology.scs.community/host-id',
  ...driverZoneLabels,
  ...driverRegionLabels,
  hetznerLocation,
  ...controlPlaneRoles,
  ...workerRoles,
  etcdRole,
  openshiftLabel,
] as const;

/** Nodes that no machine with a kubelet stands behind. */
const standIns = ['virtual-kubelet', 'vcluster', 'kwok'] as const;
export type StandIn = (typeof standIns)[number];

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
  /** Keys of the taints that keep pods away (NoSchedule, NoExecute), lasting ones first, 20 at most. Absent in older snapshots. */
  taints: z.optional(z.readonly(z.array(z.string()))),
  /** The zone that stands in `spec.providerID`; absent where its form names none, and in older snapshots. */
  providerZone: z.optional(z.string()),
  /** The region that stands in `spec.providerID`; absent where its form names none, and in older snapshots. */
  providerRegion: z.optional(z.string()),
  /** What pretends to be a node; absent for a machine, and in older snapshots. */
  standIn: z.optional(z.enum(standIns)),
  /** When the Node object was created (`metadata.creationTimestamp`, RFC 3339); absent in older snapshots. */
  created: z.optional(z.string()),
});
export type Node = z.infer<typeof nodeSchema>;

/** All addresses of a node: without a cloud's controller the public one of a rented machine is its InternalIP. */
export const addressesOf = ({ internalIPs, externalIPs }: Node): readonly string[] => [...internalIPs, ...externalIPs];

const texts = z.optional(z.record(z.string(), z.string()));
const rawNode = ofKind<V1Node>()(
  z.object({
    metadata: z.object({ name: z.string(), labels: texts, annotations: texts, creationTimestamp: z.optional(z.nullable(z.string())) }),
    spec: z.optional(
      z.object({
        podCIDR: z.optional(z.string()),
        podCIDRs: z.optional(z.array(z.string())),
        providerID: z.optional(z.string()),
        taints: z.optional(z.array(z.object({ key: z.string(), effect: z.string() }))),
      }),
    ),
    status: z.optional(
      z.object({
        addresses: z.optional(z.array(z.object({ type: z.string(), address: z.string() }))),
        conditions: z.optional(z.array(z.object({ type: z.string(), status: z.string() }))),
        nodeInfo: z.optional(z.object({ kubeletVersion: z.optional(z.string()) })),
      }),
    ),
  }),
);
type RawNode = z.infer<typeof rawNode>;

const maxTaints = 20;

const taintsOf = ({ spec }: RawNode): readonly string[] => {
  const keys = (spec?.taints ?? [])
    .filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    .map(({ key }) => bounded(key));
  return [...new Set([...keys.filter((key) => !isPassingTaint(key)), ...keys])].slice(0, maxTaints);
};

/** By the marks that virtual-kubelet, its kin Liqo, vCluster and KWOK put on the nodes that they make up. */
const standInOf = ({ metadata, spec }: RawNode): StandIn | undefined => {
  const has = (name: string, value?: string): boolean =>
    [metadata.labels, metadata.annotations].some(
      (all) => all && Object.hasOwn(all, name) && (value === undefined ? all[name] !== 'false' : all[name] === value),
    );
  if (has('vcluster.loft.sh/fake-node')) return 'vcluster';
  if (has('kwok.x-k8s.io/node') || has('type', 'kwok')) return 'kwok';
  const provider = 'virtual-kubelet.io/provider';
  const tainted = (spec?.taints ?? []).some(({ key }) => key === provider);
  return tainted || has('type', 'virtual-kubelet') || has(provider) || has('liqo.io/type', 'virtual-node') ? 'virtual-kubelet' : undefined;
};

/** Clouds whose provider ids name a zone, in the same place: AWS without an account, GCE after the project, Scaleway after the product. */
const zoned: readonly string[] = ['aws:', 'gce:', 'scaleway:'];

/**
 * What `spec.providerID` says of the place, in the forms of the cloud controller managers: `aws:///eu-central-1a/i-0123`,
 * `gce://project/europe-west3-a/name`, `scaleway://instance/fr-par-1/UUID`, `openstack://RegionOne/UUID`. Azure and most others say nothing.
 */
const placeOfProviderId = (id: string): Pick<Node, 'providerZone' | 'providerRegion'> => {
  const [scheme = '', , third, fourth, fifth] = bounded(id, 600).split('/');
  if (zoned.includes(scheme) && fourth && fifth) return { providerZone: bounded(fourth) };
  return scheme === 'openstack:' && third && fourth && fifth === undefined ? { providerRegion: bounded(third) } : {};
};

/** Trims one Node object of `v1` to what is judged. */
export const toNode = (raw: RawNode): Node => {
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
    kind: raw.spec?.providerID?.startsWith('kind://') === true || undefined,
    podFamilies: familiesOf(raw.spec?.podCIDRs ?? (raw.spec?.podCIDR === undefined ? [] : [raw.spec.podCIDR])),
    taints: taintsOf(raw),
    ...placeOfProviderId(raw.spec?.providerID ?? ''),
    standIn: standInOf(raw),
    ...(created === undefined ? {} : { created: bounded(created, 40) }),
  };
};

/** The cluster's nodes, sorted by name. */
export const nodes = listFact({
  name: 'nodes',
  first: true,
  api: 'v1',
  resource: 'nodes',
  why: 'labels, roles and addresses of the nodes',
  schema: nodeSchema,
  raw: rawNode,
  trim: toNode,
});

import type { V1Node } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../../kubernetes/api-types.js';
import { listAll } from '../../kubernetes/list.js';
import { hasControlPlaneRole, hasWorkerRole, isMicrok8s } from '../../facts/support/node-roles.js';
import { bounded } from '../../text/bounded.js';
import type { Api } from '../../model/ports.js';

const rawNode = ofKind<V1Node>()(
  z.object({
    metadata: z.object({ name: z.string(), labels: z.optional(z.nullable(z.record(z.string(), z.string()))) }),
    spec: z.optional(
      z.object({
        unschedulable: z.optional(z.boolean()),
        taints: z.optional(z.nullable(z.array(z.object({ key: z.string(), effect: z.string() })))),
      }),
    ),
    status: z.optional(
      z.object({
        conditions: z.optional(z.nullable(z.array(z.object({ type: z.string(), status: z.string() })))),
        images: z.optional(z.nullable(z.array(z.object({ names: z.optional(z.nullable(z.array(z.string()))) })))),
        nodeInfo: z.optional(z.object({ architecture: z.optional(z.string()), operatingSystem: z.optional(z.string()) })),
      }),
    ),
  }),
);

/** A node that our pods may run on. */
export interface EligibleNode {
  readonly name: string;
  /** The label `topology.kubernetes.io/zone`, `''` without. */
  readonly zone: string;
  /** Whether the node says that it has the image of our pods; it names its largest fifty alone. */
  readonly hasImage: boolean;
}

/** The nodes, and what keeps the others out. Both sorted by name. */
export interface NodeChoice {
  readonly eligible: readonly EligibleNode[];
  readonly leftOut: readonly { readonly node: string; readonly why: string }[];
}

/** What the image is made for. */
const architectures = ['amd64', 'arm64', 'ppc64le', 's390x'];

interface Candidate extends EligibleNode {
  readonly controlPlane: boolean;
  readonly why: string | undefined;
}

const nodeObstacle = ({ spec, status }: z.infer<typeof rawNode>): string | undefined => {
  const { operatingSystem = 'linux', architecture = 'amd64' } = status?.nodeInfo ?? {};
  if (!(status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True')) return 'not ready';
  if (spec?.unschedulable === true) return 'cordoned';
  const taint = spec?.taints?.find(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
  if (taint !== undefined) return `tainted: ${bounded(taint.key, 100)}:${taint.effect}`;
  if (operatingSystem !== 'linux') return `its system is ${bounded(operatingSystem, 40)}`;
  return architectures.includes(architecture) ? undefined : `its architecture is ${bounded(architecture, 40)}`;
};

/** An image by its digest, where it has one, else by its tag: as nodes name what they have. */
const nameOnNode = (image: string): string => {
  const [name = '', digest] = image.split('@');
  return digest === undefined ? name : `${name.replace(/:[^:/]*$/, '')}@${digest}`;
};

const toCandidate = (raw: z.infer<typeof rawNode>, image: string): Candidate => {
  const labels = raw.metadata.labels ?? {};
  return {
    name: bounded(raw.metadata.name),
    zone: bounded(labels['topology.kubernetes.io/zone'] ?? ''),
    hasImage: (raw.status?.images ?? []).some(({ names }) => (names ?? []).includes(nameOnNode(image))),
    // One that is said to be a worker as well takes ordinary pods, and so does every node of MicroK8s.
    controlPlane: hasControlPlaneRole(labels) && !hasWorkerRole(labels) && !isMicrok8s(labels),
    why: nodeObstacle(raw),
  };
};

/** Which nodes our pods may run on: what takes ordinary pods by itself. Control planes are left alone, unless a cluster has no other node. */
const chooseNodes = (candidates: readonly Candidate[]): NodeChoice => {
  const open = candidates.filter((c) => c.why === undefined);
  const workers = open.filter((c) => !c.controlPlane);
  const chosen = workers.length > 0 ? workers : open;
  const leftOut = candidates
    .filter((c) => !chosen.includes(c))
    .map((c) => ({ node: c.name, why: c.why ?? 'a control plane, which is left alone' }));
  return { eligible: chosen.map(({ name, zone, hasImage }) => ({ name, zone, hasImage })), leftOut };
};

/**
 * The nodes of the cluster, as `chooseNodes` tells them apart.
 * @param image of our pods
 * @throws {NotAvailable} where they cannot be listed
 */
export const eligibleNodes = async (api: Api, image = ''): Promise<NodeChoice> => {
  const candidates = await listAll(api, '/api/v1/nodes', rawNode, (raw) => toCandidate(raw, image));
  return chooseNodes(candidates.sort((a, b) => (a.name < b.name ? -1 : 1)));
};

/**
 * A sample of nodes that holds every zone before it holds a second node of one; the same for the same nodes.
 * @param most how many
 */
export const sampleNodes = (nodes: readonly EligibleNode[], most: number): readonly EligibleNode[] => {
  const zones = [...new Set(nodes.map((n) => n.zone))].map((zone) => nodes.filter((n) => n.zone === zone));
  const deepest = Math.max(0, ...zones.map((z) => z.length));
  const inTurns = Array.from({ length: deepest }, (_, i) => zones.flatMap((zone) => zone.slice(i, i + 1))).flat();
  return inTurns.slice(0, most).sort((a, b) => (a.name < b.name ? -1 : 1));
};

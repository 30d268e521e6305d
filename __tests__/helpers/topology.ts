import { apiServerPods, type ControlPlanePod } from '../../src/facts/control-plane-pods.js';
import { nodes, type Node } from '../../src/facts/nodes.js';

const keys = {
  zone: 'topology.kubernetes.io/zone',
  region: 'topology.kubernetes.io/region',
  host: 'topology.scs.community/host-id',
  openstack: 'topology.openstack.org/host-id',
  role: 'node-role.kubernetes.io/control-plane',
} as const;
export type Labels = Partial<Record<keyof typeof keys, string>>;

/** What kubeadm taints its control plane with. */
export const kubeadmTaints = ['node-role.kubernetes.io/control-plane'] as const;

/** A node without taints; further fields and labels as given. */
export const node = (name: string, labels: Labels, more: Partial<Node> = {}): Node => ({
  name,
  ready: true,
  kubeletVersion: 'v1.36.3',
  externalIPs: [],
  internalIPs: [],
  taints: [],
  ...more,
  labels: {
    ...Object.fromEntries(Object.entries(labels).map(([key, value]) => [keys[key as keyof typeof keys], value])),
    ...more.labels,
  },
});
export const on = (name: string, running = true): ControlPlanePod => ({
  name: `kube-apiserver-${name}`,
  node: name,
  hostNetwork: true,
  running,
  flags: {},
});

export interface Seen {
  readonly nodes: readonly Node[] | object;
  readonly pods: readonly ControlPlanePod[] | object;
}
/** Control-plane nodes `c1`…, tainted and each with its API server, and workers `w1`…. */
export const cluster = (
  controlPlane: readonly Labels[],
  workers: readonly Labels[],
): Seen & { readonly nodes: readonly Node[]; readonly pods: readonly ControlPlanePod[] } => ({
  nodes: [
    ...controlPlane.map((labels, i) => node(`c${i + 1}`, { role: '', ...labels }, { taints: kubeadmTaints })),
    ...workers.map((labels, i) => node(`w${i + 1}`, labels)),
  ],
  pods: controlPlane.map((_, i) => on(`c${i + 1}`)),
});
export const at = (zone: string, region = 'r1'): Labels => ({ zone, region });

/** The facts of a cluster, by name. */
export const topologyFacts = (seen: Seen) => ({ [nodes.name]: seen.nodes, [apiServerPods.name]: seen.pods });

export const good = cluster(
  [{ ...at('z1'), host: 'h1' }],
  [
    { ...at('z2'), host: 'h2' },
    { ...at('z3'), host: 'h3' },
  ],
);
export const replicated = cluster(
  [
    { ...at('z1'), host: 'h1' },
    { ...at('z2'), host: 'h2' },
    { ...at('z3'), host: 'h3' },
  ],
  [{ ...at('z1'), host: 'h4' }],
);
/** One node for everything, which kind leaves untainted. */
export const plain: Seen = { nodes: [node('c1', { role: '' })], pods: [on('c1')] };
export const none: Seen = { nodes: [], pods: [] };
export const hiddenPlane: Seen = { nodes: [node('w1', at('z1')), node('w2', at('z2'))], pods: [] };
export const forbidden = { unavailable: 'forbidden', detail: 'GET /api/v1/nodes: 403' };
/** A second node that carries the role and runs no API server. */
export const pretending = {
  ...good,
  nodes: [good.nodes[0] as Node, node('w1', { ...at('z2'), host: 'h2', role: '' }), node('w2', at('z3'))],
};

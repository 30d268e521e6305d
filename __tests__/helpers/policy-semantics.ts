/** What NetworkPolicy means, written down a second time and by the book, to hold the matrix's expectations against. */

export interface ModelPod {
  readonly name: string;
  readonly space: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly namedPorts: Readonly<Record<string, number>>;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}
export interface ModelPolicy {
  readonly space: string;
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

export interface ModelWorld {
  readonly spaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly policies: readonly ModelPolicy[];
}

export interface Connection {
  readonly from: ModelPod;
  readonly to: ModelPod;
  readonly protocol: string;
  readonly port: number;
}

const matches = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => {
    const has = Object.hasOwn(labels, key);
    if (operator === 'In') return has && values.includes(labels[key]!);
    if (operator === 'NotIn') return !has || !values.includes(labels[key]!);
    throw new Error(`the model does not know ${operator}`);
  });

const inBlock = (cidr: string, ip: string): boolean => cidr === '0.0.0.0/0' || cidr === `${ip}/32`;

const isPeer = (world: ModelWorld, policy: ModelPolicy, peer: Peer, pod: ModelPod): boolean => {
  if (peer.ipBlock !== undefined)
    return inBlock(peer.ipBlock.cidr, pod.ip) && !(peer.ipBlock.except ?? []).some((cidr) => inBlock(cidr, pod.ip));
  const inSpace =
    peer.namespaceSelector === undefined ? pod.space === policy.space : matches(peer.namespaceSelector, world.spaces[pod.space] ?? {});
  return inSpace && (peer.podSelector === undefined || matches(peer.podSelector, pod.labels));
};

const isPort = ({ protocol = 'TCP', port, endPort }: Port, { to, protocol: used, port: number }: Connection): boolean => {
  if (protocol !== used) return false;
  if (port === undefined) return true;
  if (typeof port === 'string') return to.namedPorts[port] === number;
  return endPort === undefined ? port === number : port <= number && number <= endPort;
};

const allowedBy = (world: ModelWorld, direction: 'ingress' | 'egress', connection: Connection): boolean => {
  const [pod, other] = direction === 'ingress' ? [connection.to, connection.from] : [connection.from, connection.to];
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const selecting = world.policies.filter(
    (policy) => policy.space === pod.space && policy.spec.policyTypes.includes(type) && matches(policy.spec.podSelector, pod.labels),
  );
  return (
    selecting.length === 0 ||
    selecting.some((policy) =>
      (policy.spec[direction] ?? []).some((rule) => {
        const peers = direction === 'ingress' ? rule.from : rule.to;
        const peer = peers === undefined || peers.length === 0 || peers.some((p) => isPeer(world, policy, p, other));
        return peer && (rule.ports === undefined || rule.ports.some((port) => isPort(port, connection)));
      }),
    )
  );
};

/** Whether a new connection is let through: by its source's egress and by its destination's ingress. */
export const isAllowed = (world: ModelWorld, connection: Connection): boolean =>
  allowedBy(world, 'egress', connection) && allowedBy(world, 'ingress', connection);

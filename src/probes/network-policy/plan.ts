import type { V1Service } from '@kubernetes/client-node';
import type { Sent } from '../../kubernetes/api-types.js';
import type { PodPlan } from '../sandbox/pods.js';
import { cells, portName, ports, type CellSpec, type PeerKind, type SubjectKind } from './cells.js';
import { labels, type Addresses, type Space } from './policies.js';
import { probeScript, scratch } from './script.js';

export type Family = 'IPv4' | 'IPv6';
export type PodKind = PeerKind | SubjectKind;

const spaceOf: Readonly<Record<PodKind, Space>> = { a: 'x', b: 'x', c: 'y', d: 'y', closed: 'z', labels: 'x', spaces: 'x', ports: 'x' };
const kinds = Object.keys(spaceOf) as readonly PodKind[];
const roles: Readonly<Partial<Record<PodKind, string>>> = { a: 'a', b: 'b', c: 'a', d: 'b' };

/** Labels of our namespaces, beside those of the owner. */
export const spaceLabels: Readonly<Record<Space, Readonly<Record<string, string>>>> = {
  x: { [labels.team]: 'x' },
  y: { [labels.team]: 'y' },
  z: { [labels.team]: 'none' },
};

/** One pod of the matrix. */
export interface MatrixPod {
  readonly kind: PodKind;
  readonly space: Space;
  readonly name: string;
  /** Index of its node. */
  readonly node: number;
}

/** The pods of some nodes: one of each kind on each. */
export const podsOf = (nodes: number): readonly MatrixPod[] =>
  Array.from({ length: nodes }, (_, node) => kinds.map((kind) => ({ kind, space: spaceOf[kind], name: `${kind}-${node}`, node }))).flat();

/** Who tries the metadata service: no policy of ours selects these pods before the orders are given. */
const metadataClient: PodKind = 'a';

/** How one pod of the matrix is made. */
export const planOf = (pod: MatrixPod, namespace: string, node: string, dual: boolean): PodPlan => ({
  namespace,
  name: pod.name,
  node,
  labels: {
    [labels.pod]: pod.name,
    ...(roles[pod.kind] === undefined ? { [labels.subject]: pod.kind } : { [labels.role]: roles[pod.kind] ?? '' }),
  },
  script: probeScript(dual, pod.kind === metadataClient),
  env: Object.fromEntries([ports.low, ports.high, ports.named].map((port) => [`SERVE_PORT_${port}`, pod.name])),
  ports: [{ name: portName, containerPort: ports.named, protocol: 'TCP' }],
  volumes: [
    { name: 'scratch', emptyDir: { sizeLimit: '8Mi' } },
    {
      name: 'orders',
      downwardAPI: { items: [{ path: 'orders', fieldRef: { fieldPath: `metadata.annotations['${ordersAnnotation}']` } }] },
    },
  ],
  mounts: [
    { name: 'orders', mountPath: '/orders', readOnly: true },
    { name: 'scratch', mountPath: scratch },
  ],
  readinessPort: pod.kind === 'closed' ? ports.first : undefined,
});

/** Pods that are probed by the address of a Service. */
export const servedKinds: readonly PodKind[] = ['labels', 'a', 'b'];

/** The Service of one pod. */
export const serviceBody = (name: string, ownLabels: Readonly<Record<string, string>>): Sent<V1Service> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels: ownLabels },
  spec: { selector: { [labels.pod]: name }, ports: [{ port: ports.first, targetPort: ports.first, protocol: 'TCP' }] },
});

/** A pod's orders stand here; the kubelet writes them into a file of the pod. */
export const ordersAnnotation = 'scs-kaas/orders';

/** What is known of the pods once they run. */
export interface Found {
  /** Addresses by the pod's name. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Addresses of Services by the pod's name. */
  readonly services: ReadonlyMap<string, string>;
  readonly namespaces: Readonly<Record<Space, string>>;
  readonly sctp: boolean;
}

/** One cell at one pair of nodes: an order to one client, and what is expected of it. */
export interface CellAt {
  readonly spec: CellSpec;
  readonly family: Family;
  readonly path: 'same-node' | 'cross-node';
  /** Index of the node of the pod under test. */
  readonly node: number;
  readonly client: string;
  readonly server: string;
  /** The order's number with the client, from 1 on; 0 where the kubelet probes. */
  readonly order: number;
  /** Why it cannot be probed; `''` where it can. */
  readonly hindrance: string;
}

export interface Orders {
  readonly cells: readonly CellAt[];
  /** The text of each client's orders, by its name. */
  readonly orders: ReadonlyMap<string, string>;
}

const familyOf = (address: string): Family => (address.includes(':') ? 'IPv6' : 'IPv4');

const hasFamily = (addresses: readonly string[], family: Family): boolean => addresses.some((address) => familyOf(address) === family);

/** The families that any pod has: where one has less than the others, its cells cannot be probed, which is no reason not to probe theirs. */
export const familiesOf = (addresses: Found['addresses']): readonly Family[] =>
  (['IPv4', 'IPv6'] as const).filter((family) => [...addresses.values()].some((some) => hasFamily(some, family)));

/** The addresses of peers that policies by address block name. */
export const blockAddresses = (found: Found): Addresses => {
  const of = (kind: PeerKind): readonly string[] =>
    [...found.addresses].flatMap(([name, some]) => (name.startsWith(`${kind}-`) ? some : []));
  return { b: of('b'), c: of('c') };
};

class OrderBook {
  readonly #lines = new Map<string, string[]>();
  /** The number of an order with a client; the same order is given once. */
  number(client: string, order: string): number {
    const lines = this.#lines.get(client) ?? [];
    this.#lines.set(client, lines);
    const at = lines.indexOf(order);
    return at >= 0 ? at + 1 : lines.push(order);
  }
  texts(): ReadonlyMap<string, string> {
    // The first one is to itself: a round in which it fails tells of the prober, not of the network.
    return new Map(
      [...this.#lines].map(([client, lines]) => [
        client,
        [`http 127.0.0.1 ${ports.first}`, ...lines].map((line, i) => `${i} ${line}\n`).join(''),
      ]),
    );
  }
}

const protocolWord = { TCP: 'http', UDP: 'udp', SCTP: 'sctp' } as const;

const cellTarget = (spec: CellSpec, server: string, family: Family, found: Found): string | undefined => {
  if (spec.via === 'service') return found.services.get(server);
  if (spec.via === 'name') return found.services.has(server) ? `${server}.${found.namespaces[spaceOf[spec.peer]]}.svc` : undefined;
  return found.addresses.get(server)?.find((address) => familyOf(address) === family);
};

/** Where a cell is probed from: on its own node and from the next one; by a Service and by the node itself once is enough. */
const peersOf = (spec: CellSpec, node: number, nodes: number): readonly number[] => {
  const next = (node + 1) % nodes;
  if (spec.via === 'node') return [node];
  return spec.via === 'pod' && nodes > 1 ? [node, next] : [next];
};

/**
 * The whole matrix as orders to pods.
 * @param nodes how many take part: each as the node of every pod under test, with peers on itself and on the next one
 * @param found the pods that run; cells of the others cannot be probed, and say so
 */
export const ordersFor = (nodes: number, found: Found): Orders => {
  const book = new OrderBook();
  const families = familiesOf(found.addresses);
  const at = (spec: CellSpec, node: number, peerNode: number, family: Family): CellAt => {
    const subject = `${spec.subject}-${node}`;
    const peer = `${spec.peer}-${peerNode}`;
    const [client, server] = spec.direction === 'ingress' ? [peer, subject] : [subject, peer];
    const target = cellTarget(spec, server, family, found);
    const idle = [client, server].find((pod) => (found.addresses.get(pod) ?? []).length === 0);
    const without = spec.via === 'pod' ? [client, server].find((pod) => !hasFamily(found.addresses.get(pod) ?? [], family)) : undefined;
    const hindrance =
      spec.via === 'node'
        ? found.addresses.has(subject)
          ? ''
          : `the pod ${subject} does not run`
        : idle !== undefined
          ? `the pod ${idle} does not run`
          : without !== undefined
            ? `the pod ${without} has no address of the family ${family}`
            : target === undefined
              ? `the Service of the pod ${server} has no address`
              : '';
    const order =
      spec.via === 'node' || hindrance !== '' ? 0 : book.number(client, `${protocolWord[spec.protocol]} ${target ?? ''} ${spec.port}`);
    return { spec, family, path: node === peerNode ? 'same-node' : 'cross-node', node, client, server, order, hindrance };
  };
  const all = cells
    .filter((spec) => found.sctp || spec.protocol !== 'SCTP')
    .flatMap((spec) =>
      Array.from({ length: nodes }, (_, node) =>
        peersOf(spec, node, nodes).flatMap((peerNode) =>
          (spec.via === 'pod' ? families : families.slice(0, 1)).map((family) => at(spec, node, peerNode, family)),
        ),
      ).flat(),
    );
  return { cells: all, orders: book.texts() };
};

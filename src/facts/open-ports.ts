import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import type { Network } from '../model/ports.js';
import { addressesOf, nodes, type Node } from './nodes.js';
import { attachedNetwork, isPublic } from './support/addresses.js';
import { bounded } from '../text/bounded.js';

/**
 * Ports of the cluster's own parts: etcd's clients, peers and metrics; the kubelet's health, kube-proxy's metrics, the kubelet's API and
 * read-only port, kube-proxy's health, controller manager, scheduler. https://kubernetes.io/docs/reference/networking/ports-and-protocols/
 */
export const clusterPorts = [2379, 2380, 2381, 10248, 10249, 10250, 10255, 10256, 10257, 10259] as const;
/** More hosts than this are sampled. */
const maxHosts = 20;
const timeoutMs = 2_000;

/** Addresses for documentation (RFC 5737): nobody answers there. Several, because a machine may be attached to one of them. */
const nobody = ['198.51.100.1', '203.0.113.1', '192.0.2.1'];
/** Unassigned by IANA: a host that answers there answers everywhere. */
const unusedPort = 4;

const probe = z.object({
  host: z.string(),
  /** Whose address it is, e.g. `API endpoint` or `node worker-1`. */
  of: z.string(),
  port: z.number(),
  answer: z.enum(['open', 'refused', 'timeout', 'unreachable']),
});
export type Probe = z.infer<typeof probe>;

const schema = z.object({
  /**
   * `inside`: attached to a network of the cluster. `overlapping`: attached to a private network with the address of a node, which may be another network
   * of the same addresses. `internal`: the endpoint is at an address that the internet does not route. In all of these, and in `proxied`, nothing was tried.
   */
  vantage: z.enum(['outside', 'inside', 'overlapping', 'internal', 'proxied']),
  /** By what the place was told. */
  vantageBy: z.string(),
  /** Connects that nobody should answer. */
  controls: z.readonly(z.array(probe)),
  /** Connects to the API's own port: proof that direct connects work from here. */
  apiPort: z.readonly(z.array(probe)),
  /** Connects to the ports of the cluster's own parts; fewer ports of each host in older snapshots. */
  probes: z.readonly(z.array(probe)),
  /** How many hosts there are to try, and how many of them were tried. */
  hosts: z.object({ all: z.number(), tried: z.number() }),
  /** Nodes with an address that the internet routes: an ExternalIP, or the InternalIP of a machine that has no other. */
  nodesWithExternalIP: z.number(),
});
export type OpenPorts = z.infer<typeof schema>;

type Place = Pick<OpenPorts, 'vantage' | 'vantageBy'>;
interface Host {
  readonly host: string;
  readonly of: string;
}

/** This machine's own address in the network of an address; undefined where it is in none. */
type Own = ReturnType<typeof attachedNetwork>;

const untried = (place: Place): OpenPorts => ({
  ...place,
  controls: [],
  apiPort: [],
  probes: [],
  hosts: { all: 0, tried: 0 },
  nodesWithExternalIP: 0,
});

/** Where this machine stands by the endpoint alone; undefined where the nodes have to be asked. */
const placeByEndpoint = (endpoint: readonly string[], own: Own): Place | undefined => {
  const [near] = endpoint.flatMap((address) => ({ address, by: own(address) })).filter(({ by }) => by !== undefined);
  if (near !== undefined)
    return {
      vantage: 'inside',
      vantageBy: `the API endpoint ${near.address} is in the network of this machine's address ${near.by ?? ''}`,
    };
  return endpoint.some(isPublic)
    ? undefined
    : { vantage: 'internal', vantageBy: `the API endpoint is at ${endpoint.join(', ')}, which the internet does not route` };
};

/**
 * Where this machine stands by the nodes, with an endpoint that the internet routes. A public address is unique: whoever is attached to its network is there.
 * Private ones are not: every machine with Docker has a network 172.17.0.0/16.
 */
const placeByNodes = (all: readonly Node[], own: Own): Place => {
  const near = all.flatMap((node) =>
    addressesOf(node).flatMap((address) => {
      const by = own(address);
      return by === undefined ? [] : [{ node: `node ${node.name} (${bounded(address, 60)})`, address, by }];
    }),
  );
  const beside = near.find(({ address }) => isPublic(address));
  if (beside !== undefined)
    return { vantage: 'inside', vantageBy: `${beside.node} is in the network of this machine's address ${beside.by}` };
  const [like] = near;
  return like === undefined
    ? { vantage: 'outside', vantageBy: 'this machine is in no network of the endpoint or of a node' }
    : { vantage: 'overlapping', vantageBy: `${like.node} and this machine's address ${like.by}` };
};

/** The API endpoint's addresses first, then the nodes'; each address once. */
const probedHosts = (endpoint: readonly string[], all: readonly Node[]): readonly Host[] => {
  const hosts = [
    ...endpoint.map((host): Host => ({ host, of: 'API endpoint' })),
    ...all.flatMap((node) => addressesOf(node).map((host): Host => ({ host, of: `node ${node.name}` }))),
  ];
  const seen = new Set<string>();
  return hosts.filter(({ host }) => isPublic(host) && !seen.has(host) && seen.add(host));
};

/** At most `maxHosts`: the first one, which is the endpoint's, and the rest spread over the list; the same ones every time. */
const sampleHosts = (hosts: readonly Host[]): readonly Host[] =>
  hosts.length <= maxHosts
    ? hosts
    : Array.from({ length: maxHosts }, (_, i) => hosts[Math.floor((i * hosts.length) / maxHosts)]).filter((h) => h !== undefined);

const tryAll = (network: Network, targets: readonly Omit<Probe, 'answer'>[]): Promise<Probe[]> =>
  Promise.all(targets.map(async (target) => ({ ...target, answer: await network.connect(target.host, target.port, timeoutMs) })));

const tryHosts = async (network: Network, endpoint: readonly string[], hosts: readonly Host[], own: Own) => {
  const { port } = network.endpoint;
  const empty = nobody.find((address) => own(address) === undefined);
  const api = hosts.filter((h) => endpoint.includes(h.host)).map((h) => ({ ...h, port }));
  const targets = hosts.flatMap((h) =>
    clusterPorts.filter((p) => !(p === port && endpoint.includes(h.host))).map((p) => ({ ...h, port: p })),
  );
  const [controls, apiPort, probes] = await Promise.all([
    tryAll(network, [
      ...(empty === undefined ? [] : clusterPorts.map((p) => ({ host: empty, of: 'nobody', port: p }))),
      ...hosts.map((h) => ({ ...h, port: unusedPort })),
    ]),
    tryAll(network, api),
    tryAll(network, targets),
  ]);
  return { controls, apiPort, probes };
};

/**
 * Which ports of the cluster's own parts answer this machine, on the API endpoint's host and the nodes' public addresses: a TCP connect each, closed at once.
 * Nothing is tried from inside of the cluster's network, where these ports are rightly open, from where that is not known, nor through a proxy.
 * At most 20 hosts, all connects at once, 2 seconds each.
 * @throws {NotAvailable} where the endpoint's name has no address, or the nodes cannot be listed
 */
export const openPorts = defineFact({
  name: 'open-ports',
  schema,
  permissions: nodes.permissions,
  collect: async ({ network, fact }): Promise<OpenPorts> => {
    if (network.proxied) return untried({ vantage: 'proxied', vantageBy: 'the connection goes through a proxy' });
    const own = attachedNetwork(network.ownAddresses());
    const endpoint = await network.resolve(network.endpoint.host);
    if (endpoint.length === 0)
      throw new NotAvailable('unreachable', `the API endpoint's host ${bounded(network.endpoint.host)} has no address`);
    const near = placeByEndpoint(endpoint, own);
    if (near !== undefined) return untried(near);
    const all = await fact(nodes);
    const place = placeByNodes(all, own);
    if (place.vantage !== 'outside') return untried(place);
    const hosts = probedHosts(endpoint, all);
    const tried = sampleHosts(hosts);
    return {
      ...place,
      ...(await tryHosts(network, endpoint, tried, own)),
      hosts: { all: hosts.length, tried: tried.length },
      nodesWithExternalIP: all.filter((node) => addressesOf(node).some(isPublic)).length,
    };
  },
});

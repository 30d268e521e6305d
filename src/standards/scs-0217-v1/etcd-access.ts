import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { apiServerPods, etcdPods, type ControlPlanePod } from '../../facts/control-plane-pods.js';
import { addressesOf, nodes, type Node } from '../../facts/nodes.js';
import { flagList } from '../../facts/support/flags.js';
import { abort, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { isUnavailable } from '../../model/fact.js';
import { read, type Rung } from '../../model/requirement.js';
import { isLoopbackHost } from '../../text/loopback.js';
import { noControlPlanePod } from '../support/hidden-control-plane.js';
import { etcdsOf, flagsOfApiServers, flagsOfFlagz, hiddenOf, visibleServers, type Servers } from '../support/control-plane-flags.js';

/** One form for each address: IPv6 may be written in many. */
const canonical = (address: string): string =>
  address.includes(':') && URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

/** The host of an etcd endpoint, without brackets; `''` where the text is none, or a socket. */
const hostOf = (endpoint: string): string =>
  canonical(/^https?:\/\/(\[[0-9a-f:.]+\]|[^/:@\s]+)(?::\d+)?\/?$/i.exec(endpoint)?.[1]?.replace(/^\[|\]$/g, '') ?? '');

const isAddress = (host: string): boolean => host.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);

const ipv4 = (address: string): number | undefined =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;

/** True where an address may be one of the range; IPv6 is not computed, so that it may be in any range of its family. */
const mayBeIn = (address: string, range: string): boolean => {
  if (address.includes(':')) return range.includes(':');
  const [base = '', bits = ''] = range.split('/');
  const [a, b] = [ipv4(address), ipv4(base)];
  if (a === undefined || b === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(a / size) === Math.floor(b / size);
};

const namesByAddress = (nodes: readonly Node[]): ReadonlyMap<string, string> =>
  new Map(nodes.flatMap((n) => addressesOf(n).map((ip) => [canonical(ip), n.name] as const)));
const seenServers = (servers: Servers): readonly Evidence[] =>
  servers.map(({ source, flags }) => ({ source, observed: `etcd-servers=${flags['etcd-servers'] ?? '(absent)'}` }));

/** Where the API servers find etcd, and what is wrong with calling that isolated. */
const judgeEndpoints = (all: Servers, nodes: readonly Node[]): Answer => {
  const servers = visibleServers(all);
  const evidence = seenServers(servers);
  const endpoints = [...new Set(servers.flatMap(etcdsOf))];
  const hosts = endpoints.map(hostOf);
  const ofNodes = namesByAddress(nodes);
  const onNodes = hosts.filter((host) => ofNodes.has(host));
  if (onNodes.length > 0)
    return fail(
      `etcd answers at the address of a node of the cluster: ${listed(onNodes.map((h) => `${h} (${ofNodes.get(h) ?? ''})`))}`,
      evidence,
    );
  const beside = hosts.filter(isLoopbackHost);
  if (beside.length > 0) return fail(`etcd runs on the machine of the API server: ${listed(endpoints)}`, evidence);
  const ranges = servers.flatMap(({ flags }) => flagList(flags['service-cluster-ip-range']));
  // A name may stand for a node, an address of the Service range for a pod.
  const open = endpoints.filter((_, i) => !isAddress(hosts[i] ?? '') || ranges.some((range) => mayBeIn(hosts[i] ?? '', range)));
  if (endpoints.length === 0 || open.length > 0)
    return undecided(`where etcd runs cannot be told from ${listed(open) || 'the flags'}`, evidence);
  if (nodes.length === 0) return undecided('the cluster shows no node whose address etcd could have', evidence);
  return pass(`etcd is at ${listed(endpoints)}, which is no address of a node`, evidence);
};

/** What the addresses tell, beside pods that run an etcd in the network of pods: they may be the cluster's members or those of another program. */
const besidePods = (answer: Answer, pods: readonly ControlPlanePod[]): Answer =>
  answer.outcome === 'pass' && pods.length > 0
    ? undecided(`${answer.message}, but pods of the cluster run etcd, too: ${listed(pods.map((pod) => pod.name))}`, answer.evidence)
    : answer;

/**
 * etcd runs on machines of its own. Stacked is not isolated: etcd pods in the network of nodes of the cluster, or `etcd-servers` at loopback or
 * at a node's address.
 * @param named nodes for the reason where no pod can be seen
 */
const isolation = (
  etcd: readonly ControlPlanePod[],
  apiServers: readonly ControlPlanePod[],
  nodes: readonly Node[],
  named: readonly Node[] = nodes,
): Answer => {
  const stacked = etcd.filter((pod) => pod.hostNetwork);
  if (stacked.length > 0)
    return fail(
      `etcd runs on nodes of the cluster: ${listed(stacked.map((pod) => `${pod.name}${pod.node ? ` on ${pod.node}` : ''}`))}`,
      stacked.map((pod) => ({
        source: `pod kube-system/${pod.name}`,
        observed: `node ${pod.node || '(none)'}, hostNetwork ${pod.hostNetwork}`,
      })),
    );
  if (apiServers.length === 0) return undecided(noControlPlanePod(named));
  const servers = flagsOfApiServers(apiServers);
  const answer = besidePods(judgeEndpoints(servers, nodes), etcd);
  const hidden = hiddenOf(servers);
  return answer.outcome === 'pass' && hidden.length > 0 ? undecided(listed(hidden), answer.evidence) : answer;
};

/**
 * The same where the pods are hidden. Only a node's address answers: loopback is the hidden API server's machine, and whether that is a
 * machine of the cluster does not show.
 */
const isolationByFlagz = (servers: Servers, nodes: readonly Node[]): Answer => {
  const answer = judgeEndpoints(servers, nodes);
  const atNode = servers.flatMap(etcdsOf).some((endpoint) => namesByAddress(nodes).has(hostOf(endpoint)));
  return answer.outcome === 'fail' && atNode
    ? answer
    : undecided("/flagz does not tell whether etcd's address is one of the cluster's machines", seenServers(servers));
};

/** Where etcd runs: by the pods of the control plane, then by the flags in effect of a hidden API server. @param then makes the row's answer of it */
export const etcdIsolation = (then: (answer: Answer) => Answer = (answer) => answer): readonly Rung[] => [
  read({ etcdPods, apiServerPods, nodes }, (facts) => then(isolation(facts.etcdPods, facts.apiServerPods, facts.nodes))),
  // Without the right to list nodes, pods still show a stacked etcd.
  read(
    { etcdPods, apiServerPods },
    (facts, _, seen) => then(isolation(facts.etcdPods, facts.apiServerPods, [], isUnavailable(seen.nodes) ? [] : seen.nodes)),
    { nodes },
  ),
  read({ apiServerFlagz, nodes }, (facts) => then(isolationByFlagz([flagsOfFlagz(facts.apiServerFlagz)], facts.nodes))),
];

/** Who can reach an isolated etcd: nothing inside the cluster tells. One that is not isolated is not asked. */
export const etcdAccess = (answer: Answer): Answer => {
  if (answer.outcome === 'fail') return notApplicable(`Applies only if etcd is isolated: ${answer.message}`, answer.evidence);
  return answer.outcome === 'pass'
    ? abort('Who can reach the machines of etcd does not show from inside of the cluster: declare it.', answer.evidence)
    : answer;
};

import type { ControlPlanePod } from '../../facts/control-plane-pods.js';
import type { Node } from '../../facts/nodes.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';

export const zone = 'topology.kubernetes.io/zone';
export const region = 'topology.kubernetes.io/region';
/** Labels that name the physical host of a node, by those who set them. */
export const hostLabels = ['topology.scs.community/host-id', 'topology.openstack.org/host-id'] as const;

const hidden = 'control plane is hosted outside the cluster: no API server pod and node can be seen';

/** No control-plane node is known: none can be seen, or what can be seen is not at work. */
export const withoutControlPlane = (pods: readonly ControlPlanePod[]): Answer =>
  pods.length === 0
    ? abort(hidden)
    : abort(
        `no API server pod is reported as running on a node that can be seen: ${listed(pods.map((pod) => pod.name))}`,
        pods.map((pod) => ({
          source: `pod ${pod.name}`,
          observed: pod.running ? `runs on ${pod.node || 'no node'}` : 'is not reported as running',
        })),
      );
export const noNode = 'nothing to judge: the cluster shows no node';

/** The value of a label, or undefined where it is absent or says nothing. */
export const labelOf = (node: Node, label: string): string | undefined => {
  const value = (Object.hasOwn(node.labels, label) ? node.labels[label] : undefined)?.trim();
  return value === '' ? undefined : value;
};

/** The different values of a label, sorted. */
export const valuesOf = (some: readonly Node[], label: string): readonly string[] =>
  [...new Set(some.map((node) => labelOf(node, label)).filter((value) => value !== undefined))].sort();

/** What some labels say on each node. */
export const labelled = (some: readonly Node[], ...labels: readonly string[]): readonly Evidence[] =>
  some.map((node) => ({
    source: `node ${node.name}`,
    observed: labels.map((label) => `${label}=${node.labels[label] ?? '(absent)'}`).join(', '),
  }));

export const namesOf = (some: readonly Node[]): string => listed(some.map((node) => node.name));

const roleLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
const hasRole = (node: Node): boolean => roleLabels.some((label) => Object.hasOwn(node.labels, label));

/** The role label can be put on any node: a control-plane node is one that runs an API server. */
export const controlPlaneNodes = (all: readonly Node[], pods: readonly ControlPlanePod[]): readonly Node[] =>
  all.filter((node) => pods.some((pod) => pod.running && pod.node === node.name));

/**
 * A fail that rests on the number of control-plane nodes holds only where no further node claims to be one: a node with the role
 * and without a running API server pod either merely pretends, or has its API server down or hidden. Which, nothing here tells.
 */
export const unlessClaimed = (answer: Answer, all: readonly Node[], pods: readonly ControlPlanePod[]): Answer => {
  const running = controlPlaneNodes(all, pods);
  const claimed = all.filter((node) => hasRole(node) && !running.includes(node));
  return answer.outcome === 'fail' && claimed.length > 0
    ? abort(
        `${answer.because}, by the nodes that run an API server; ${namesOf(claimed)} ${claimed.length === 1 ? 'carries' : 'carry'} the control-plane role, and no API server can be seen there`,
        [
          ...answer.evidence,
          ...claimed.map((node) => ({
            source: `node ${node.name}`,
            observed: 'carries the control-plane role, runs no API server pod that can be seen',
          })),
        ],
      )
    : answer;
};

/**
 * The nodes that run workloads. Where no API server pod can be seen the role label is all there is; where every node is one
 * of the control plane, the workloads run there.
 */
export const workersOf = (all: readonly Node[], pods: readonly ControlPlanePod[]): readonly Node[] => {
  // One whose API server is down is no worker for that.
  const ofControlPlane = (node: Node): boolean => pods.some((pod) => pod.node === node.name) || (pods.length === 0 && hasRole(node));
  const workers = all.filter((node) => !ofControlPlane(node));
  return workers.length === 0 ? all : workers;
};

/** Every node carries a label, and it says something. */
export const everyNodeCarries = (all: readonly Node[], label: string): Answer => {
  if (all.length === 0) return abort(noNode);
  const without = all.filter((node) => labelOf(node, label) === undefined);
  return without.length === 0
    ? pass(`${all.length === 1 ? 'the only node carries' : `all ${all.length} nodes carry`} ${label}`, labelled(all, label))
    : fail(`${count(without.length, 'node')} of ${all.length} without ${label}: ${namesOf(without)}`, labelled(without, label));
};

/**
 * Some nodes are in more than one zone.
 * @param what the nodes, in the plural, e.g. `workers`
 */
export const severalZones = (some: readonly Node[], what: string): Answer => {
  if (some.length === 0) return abort(noNode);
  const evidence = labelled(some, zone, region);
  const zones = valuesOf(some, zone);
  if (zones.length > 1) return pass(`${what} are in ${count(zones.length, 'zone')}: ${listed(zones)}`, evidence);
  if (some.length === 1) return fail(`only one node: ${what} cannot be in several zones`, evidence);
  const without = some.filter((node) => labelOf(node, zone) === undefined);
  if (without.length > 0)
    return abort(`${count(without.length, 'node')} without ${zone} (${namesOf(without)}): the zones cannot be told`, evidence);
  // A zone lies in one region: zones of the same name in different regions are different ones.
  const regions = valuesOf(some, region);
  if (regions.length > 1)
    return pass(`${what} are in zone ${zones[0] ?? ''} of ${count(regions.length, 'region')}: ${listed(regions)}`, evidence);
  return fail(`${what} are all in zone ${zones[0] ?? ''}`, evidence);
};

/** A node for etcd alone, as Rancher makes them, by its label, which can be put on any node. */
const isForEtcd = ({ labels }: Node): boolean =>
  Object.hasOwn(labels, 'node-role.kubernetes.io/etcd') && !Object.hasOwn(labels, 'node-role.kubernetes.io/worker');

/** Workers are in more than one zone; what nodes that are said to be etcd's add to that is in doubt. */
export const workersInZones = (all: readonly Node[], pods: readonly ControlPlanePod[]): Answer => {
  const workers = workersOf(all, pods);
  const answer = severalZones(workers, 'workers');
  const etcd = workers.filter(isForEtcd);
  const others = workers.filter((node) => !isForEtcd(node));
  if (answer.outcome !== 'pass' || etcd.length === 0 || others.length === 0) return answer;
  const without = severalZones(others, 'workers');
  return without.outcome === 'pass'
    ? without
    : abort(
        `${without.because}, but for ${namesOf(etcd)} with the role etcd: whether workloads run there does not show`,
        labelled(workers, zone, region),
      );
};

const hostsOf = (some: readonly Node[]): Answer => {
  if (some.length === 1)
    return fail('one control-plane node only', [{ source: `node ${some[0]?.name ?? ''}`, observed: 'runs the only API server' }]);
  const evidence = labelled(some, ...hostLabels);
  const spread = hostLabels.find((label) => valuesOf(some, label).length > 1);
  if (spread !== undefined) {
    const hosts = valuesOf(some, spread);
    return pass(`${count(some.length, 'control-plane node')} on ${count(hosts.length, 'host')} by ${spread}`, evidence);
  }
  const same = hostLabels.find((label) => some.every((node) => labelOf(node, label) !== undefined));
  return same === undefined
    ? abort(
        `no API shows the physical hosts of the ${some.length} control-plane nodes; label them with ${hostLabels[0]} or declare it`,
        evidence,
      )
    : fail(`all ${some.length} control-plane nodes are on one host by ${same}`, evidence);
};

/** The control-plane nodes are on more than one physical host, as far as labels tell: no API shows hosts. */
export const judgeControlPlaneHosts = (all: readonly Node[], pods: readonly ControlPlanePod[]): Answer => {
  const some = controlPlaneNodes(all, pods);
  return some.length === 0 ? withoutControlPlane(pods) : unlessClaimed(hostsOf(some), all, pods);
};

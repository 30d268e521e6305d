import { apiServerPods, type ControlPlanePod } from '../../facts/control-plane-pods.js';
import { nodes, type Node, type StandIn } from '../../facts/nodes.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { read, type Requirement } from '../../model/requirement.js';
import { byControlPlane, byWorkers, listedNames, noNode, unlessPart } from './node-places.js';

export const zone = 'topology.kubernetes.io/zone';
export const region = 'topology.kubernetes.io/region';
/** Labels that name the physical host of a node, by those who set them. SCS asks for neither: they do not survive a live migration. */
export const hostLabels = ['topology.scs.community/host-id', 'topology.openstack.org/host-id'] as const;

/** The value of a label, or undefined where it is absent or says nothing. */
export const labelOf = (node: Node, label: string): string | undefined => {
  const value = (Object.hasOwn(node.labels, label) ? node.labels[label] : undefined)?.trim();
  return value === '' ? undefined : value;
};

/** The different values of a label, sorted. */
export const labelValues = (some: readonly Node[], label: string): readonly string[] =>
  [...new Set(some.map((node) => labelOf(node, label)).filter((value) => value !== undefined))].sort();

/** What some labels say on each node. */
export const labelled = (some: readonly Node[], ...labels: readonly string[]): readonly Evidence[] =>
  some.map((node) => ({
    source: `node ${node.name}`,
    observed: labels.map((label) => `${label}=${node.labels[label] ?? '(absent)'}`).join(', '),
  }));

const standInNames: Readonly<Record<StandIn, string>> = {
  'virtual-kubelet': 'a virtual kubelet',
  vcluster: 'a pseudo node of vCluster',
  kwok: 'a fake node of KWOK',
};
const withStandIn = ({ name, standIn }: Node): string => (standIn === undefined ? name : `${name} (${standInNames[standIn]})`);

/** Every node carries a label, and it says something. By the text every node: one that no machine stands behind is named as such. */
export const everyNodeCarries = (all: readonly Node[], label: string): Answer => {
  if (all.length === 0) return abort(noNode);
  const without = all.filter((node) => labelOf(node, label) === undefined);
  return without.length === 0
    ? pass(`${all.length === 1 ? 'The only node carries' : `All ${all.length} nodes carry`} ${label}.`, labelled(all, label))
    : fail(
        `${without.length} of ${count(all.length, 'node')} ${without.length === 1 ? 'lacks' : 'lack'} ${label}: ${listed(without.map(withStandIn))}.`,
        labelled(without, label),
      );
};

/**
 * Some nodes are in more than one zone.
 * @param what the nodes, in the plural, e.g. `workers`
 */
const severalZones = (some: readonly Node[], what: string): Answer => {
  const evidence = labelled(some, zone, region);
  const zones = labelValues(some, zone);
  if (zones.length > 1) return pass(`The ${what} are in ${count(zones.length, 'zone')}: ${listed(zones)}.`, evidence);
  if (some.length === 1) return fail(`There is only one node for the ${what}, ${listedNames(some)}, so they are in one zone.`, evidence);
  const without = some.filter((node) => labelOf(node, zone) === undefined);
  if (without.length > 0)
    return abort(
      `The zones of the ${what} are not known, as ${listedNames(without)} ${without.length === 1 ? 'lacks' : 'lack'} ${zone}.`,
      evidence,
    );
  // A zone lies in one region: zones of the same name in different regions are different ones.
  const regions = labelValues(some, region);
  if (regions.length > 1)
    return pass(`The ${what} are in zone ${zones[0] ?? ''} of ${count(regions.length, 'region')}: ${listed(regions)}.`, evidence);
  return fail(`The ${what} are all in zone ${zones[0] ?? ''}.`, evidence);
};

/** Workers are in more than one zone. */
export const judgeWorkerZones = (all: readonly Node[], pods: readonly ControlPlanePod[]): Answer =>
  unlessPart(
    byWorkers(all, pods, (workers) => severalZones(workers, 'workers')),
    all,
  );

/** The control-plane nodes are in more than one zone. */
export const judgeControlPlaneZones = (all: readonly Node[], pods: readonly ControlPlanePod[]): Answer =>
  byControlPlane(all, pods, (some) => severalZones(some, 'control-plane nodes'));

/** What the labels of hosts say of some nodes together, where they say that the hosts are not all one. */
export type HostSpread =
  /** By this label two of the nodes are on different hosts, and no other label denies it. */
  | { readonly apart: string }
  /** Wherever the first label names different hosts, another names one and the same. */
  | { readonly differs: string; readonly same: string };

/** Whether the labels put two of the nodes on different hosts. Undefined where no label names different ones. */
export const hostSpread = (some: readonly Node[]): HostSpread | undefined => {
  const values = some.map((node) => new Map(hostLabels.map((label) => [label, labelOf(node, label)])));
  type Values = (typeof values)[number];
  const compare = (label: (typeof hostLabels)[number], a: Values, b: Values): 'differ' | 'same' | undefined => {
    const [one, other] = [a.get(label), b.get(label)];
    if (one === undefined || other === undefined) return undefined;
    return one === other ? 'same' : 'differ';
  };
  const ofSomePair = (test: (a: Values, b: Values) => boolean): boolean =>
    values.some((a, i) => values.some((b, j) => j < i && test(a, b)));
  const apart = hostLabels.find((label) =>
    ofSomePair((a, b) => compare(label, a, b) === 'differ' && hostLabels.every((other) => compare(other, a, b) !== 'same')),
  );
  if (apart !== undefined) return { apart };
  return hostLabels
    .flatMap((differs) => hostLabels.map((same) => ({ differs, same })))
    .find(({ differs, same }) => ofSomePair((a, b) => compare(differs, a, b) === 'differ' && compare(same, a, b) === 'same'));
};

/** Says which labels contradict each other. */
export const hostContradiction = ({ differs, same }: { readonly differs: string; readonly same: string }): string =>
  `${differs} names different hosts where ${same} names the same one.`;

const judgeHosts = (some: readonly Node[]): Answer => {
  if (some.length === 1)
    return fail(`The cluster has only one control-plane node, ${listedNames(some)}.`, [
      { source: `node ${some[0]?.name ?? ''}`, observed: 'has the only API server pod' },
    ]);
  const evidence = labelled(some, ...hostLabels);
  const spread = hostSpread(some);
  if (spread !== undefined && 'apart' in spread) {
    const hosts = labelValues(some, spread.apart);
    return pass(`The ${some.length} control-plane nodes are on ${count(hosts.length, 'host')} by ${spread.apart}.`, evidence);
  }
  if (spread !== undefined)
    return abort(
      `The labels of the control-plane nodes (${listedNames(some)}) contradict each other: ${hostContradiction(spread)}`,
      evidence,
    );
  const same = hostLabels.find((label) => some.every((node) => labelOf(node, label) !== undefined));
  return same === undefined
    ? abort(`No API shows the physical hosts of the ${some.length} control-plane nodes (${listedNames(some)}): declare them.`, evidence)
    : fail(`All ${some.length} control-plane nodes are on one host by ${same}: ${labelValues(some, same)[0] ?? ''}.`, evidence);
};

/** The control-plane nodes are on more than one physical host, as far as labels tell: no API shows hosts. Both versions of the standard ask for it. */
export const controlPlaneHosts: Requirement = {
  id: 'control-plane-hosts',
  level: 'MUST',
  title: 'The control plane is spread over several physical hosts',
  clause: '#decision',
  remediation: 'Run at least three control-plane nodes with anti-affinity over physical hosts.',
  ladder: [read({ nodes, apiServerPods }, (facts) => byControlPlane(facts.nodes, facts.apiServerPods, judgeHosts))],
  settledBy: { statement: true, nextStep: 'Declare in a statement of the provider on which hosts the control plane runs.' },
  configuredBy: ['control-plane', 'controlPlane', 'replicas', 'nodes'],
};

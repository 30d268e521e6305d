import { apiServerPods } from '../facts/control-plane-pods.js';
import { nodes, type Node } from '../facts/nodes.js';
import { abort, count, fail, listed, pass, type Answer } from '../model/outcome.js';
import { defineStandard, read } from '../model/requirement.js';
import { byControlPlane, byWorkers, listedNames, unlessPart } from './support/node-places.js';
import {
  controlPlaneHosts,
  hostContradiction,
  hostLabels,
  hostSpread,
  labelled,
  labelOf,
  labelValues,
  region,
  zone,
} from './support/node-topology.js';

/** Version 1 asks for some label by which workloads can be spread; these are the usual ones, the widest first. */
const spreadLabels = [region, zone, ...hostLabels] as const;

const judgeWorkerLabels = (workers: readonly Node[]): Answer => {
  const without = workers.filter((node) => spreadLabels.every((label) => labelOf(node, label) === undefined));
  return without.length === 0
    ? pass(
        `${workers.length === 1 ? 'The only worker carries' : `All ${workers.length} workers carry`} a label of its region, zone or host.`,
        labelled(workers, ...spreadLabels),
      )
    : fail(
        `${without.length} of ${count(workers.length, 'worker')} ${without.length === 1 ? 'lacks' : 'lack'} a label of region, zone or host: ${listedNames(without)}.`,
        labelled(without, ...spreadLabels),
      );
};

const judgeWorkerSpread = (workers: readonly Node[]): Answer => {
  const evidence = labelled(workers, ...spreadLabels);
  if (workers.length === 1) return fail(`There is only one worker, ${listedNames(workers)}.`, evidence);
  const hosts = hostSpread(workers);
  const byHost = hosts !== undefined && 'apart' in hosts ? hosts.apart : undefined;
  const spread = [region, zone].find((label) => labelValues(workers, label).length > 1) ?? byHost;
  if (spread !== undefined)
    return pass(
      `The ${workers.length} workers have ${labelValues(workers, spread).length} values of ${spread}: ${listed(labelValues(workers, spread))}.`,
      evidence,
    );
  if (hosts !== undefined && 'differs' in hosts)
    return abort(`The labels of the workers contradict each other: ${hostContradiction(hosts)}`, evidence);
  const same = [...hostLabels, zone].find((label) => workers.every((node) => labelOf(node, label) !== undefined));
  return same === undefined
    ? abort('How the workers are spread is not known, as not all of them carry a label of their zone or host.', evidence)
    : fail(`All ${workers.length} workers have the same value of ${same}.`, evidence);
};

/**
 * Names the zone of a node. A zone lies in one region, so that zones of the same name in different regions are different ones: where the nodes
 * show such, the name is that of both, and a node without a region label is in a zone that is not known.
 */
const zonesOf = (all: readonly Node[]): ((node: Node) => string | undefined) => {
  const regions = new Map(
    labelValues(all, zone).map((name) => [
      name,
      labelValues(
        all.filter((node) => labelOf(node, zone) === name),
        region,
      ),
    ]),
  );
  return (node) => {
    const [name, of] = [labelOf(node, zone), labelOf(node, region)];
    if (name === undefined || (regions.get(name)?.length ?? 0) < 2) return name;
    return of === undefined ? undefined : `${name} of ${of}`;
  };
};

/** At least one control-plane node in each zone that has a node. @param some the nodes of the control plane */
const judgeControlPlaneZones = (all: readonly Node[], some: readonly Node[]): Answer => {
  const evidence = labelled(all, zone, region);
  const zoneOf = zonesOf(all);
  const unlabelled = some.filter((node) => zoneOf(node) === undefined);
  if (unlabelled.length > 0)
    return abort(
      `The zones of the control plane are not known, as these control-plane nodes lack ${zone} or ${region}: ${listedNames(unlabelled)}.`,
      evidence,
    );
  const zones = (nodes: readonly Node[]): readonly string[] => [...new Set(nodes.map(zoneOf).filter((name) => name !== undefined))].sort();
  const covered = zones(some);
  const bare = zones(all).filter((name) => !covered.includes(name));
  if (bare.length > 0) return fail(`No control-plane node is in ${count(bare.length, 'zone')}: ${listed(bare)}.`, evidence);
  const unknown = all.filter((node) => zoneOf(node) === undefined);
  return unknown.length > 0
    ? abort(`Not all zones are known, as these nodes lack ${zone} or ${region}: ${listedNames(unknown)}.`, evidence)
    : pass(`A control-plane node is in each of ${count(covered.length, 'zone')}: ${listed(covered)}.`, evidence);
};

/** https://docs.scs.community/standards/scs-0214-v1-k8s-node-distribution, replaced by version 2; providers could opt out of it. */
export const scs0214v1 = defineStandard({
  id: 'scs-0214-v1',
  title: 'Kubernetes node distribution and availability',
  category: 'informative',
  status: 'deprecated',
  url: 'https://docs.scs.community/standards/scs-0214-v1-k8s-node-distribution',
  requirements: [
    {
      id: 'worker-labels',
      level: 'MUST',
      title: 'Every worker names its region, zone or host',
      clause: '#decision',
      remediation: `Set one of the labels ${spreadLabels.join(', ')} on every worker.`,
      ladder: [read({ nodes, apiServerPods }, (facts) => byWorkers(facts.nodes, facts.apiServerPods, judgeWorkerLabels))],
      configuredBy: [zone, region, 'labels', 'nodes'],
    },
    controlPlaneHosts,
    {
      id: 'control-plane-zones',
      level: 'MUST',
      title: 'Each failure zone holds a control-plane node',
      clause: '#decision',
      remediation: `Place a control-plane node in each zone and label all nodes with ${zone}.`,
      ladder: [
        read({ nodes, apiServerPods }, ({ nodes: all, apiServerPods: pods }) =>
          byControlPlane(all, pods, (some) => judgeControlPlaneZones(all, some)),
        ),
      ],
      configuredBy: [zone, 'control-plane', 'controlPlane', 'nodes'],
    },
    {
      id: 'worker-spread',
      level: 'SHOULD',
      title: 'At least two workers, spread by region, zone or host',
      clause: '#decision',
      remediation: `Run at least two workers in different zones and label them with ${zone}.`,
      ladder: [
        read({ nodes, apiServerPods }, (facts) => unlessPart(byWorkers(facts.nodes, facts.apiServerPods, judgeWorkerSpread), facts.nodes)),
      ],
      configuredBy: [zone, 'worker', 'workers', 'nodes'],
    },
  ],
});

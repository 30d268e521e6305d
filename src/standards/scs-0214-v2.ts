import { apiServerPods, type ControlPlanePod } from '../facts/control-plane-pods.js';
import { nodes, type Node } from '../facts/nodes.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../model/outcome.js';
import { defineStandard, read, type Requirement } from '../model/requirement.js';

const zone = 'topology.kubernetes.io/zone';
const region = 'topology.kubernetes.io/region';
/** Labels that name the physical host of a node, by those who set them. */
const hostLabels = ['topology.scs.community/host-id', 'topology.openstack.org/host-id'] as const;

const hidden = 'control plane is hosted outside the cluster: no API server pod and node can be seen';
const roleLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
const hasRole = (node: Node): boolean => roleLabels.some((label) => label in node.labels);
const labelled = (all: readonly Node[], label: string): readonly Evidence[] =>
  all.map((node) => ({ source: `node ${node.name}`, observed: `${label}=${node.labels[label] ?? '(absent)'}` }));

const everyNodeCarries = (all: readonly Node[], label: string): Answer => {
  if (all.length === 0) return abort('nothing to judge: the cluster shows no node');
  const without = all.filter((node) => !node.labels[label]?.trim());
  if (without.length === 0) return pass(`all ${count(all.length, 'node')} carry ${label}`, labelled(all, label));
  return fail(`${count(without.length, 'node')} of ${all.length} without ${label}: ${listed(without.map((n) => n.name))}`, labelled(without, label));
};

/** The role label can be put on any node: a control-plane node is one that runs an API server. */
const controlPlaneNodes = (all: readonly Node[], pods: readonly ControlPlanePod[]): readonly Node[] =>
  all.filter((node) => pods.some((pod) => pod.node === node.name));

const severalZones = (some: readonly Node[], what: string): Answer => {
  const evidence = labelled(some, zone);
  const zones = [...new Set(some.map((node) => node.labels[zone]?.trim()).filter((z) => z !== undefined && z !== ''))].sort();
  if (zones.length > 1) return pass(`${what} are in ${count(zones.length, 'zone')}: ${listed(zones as string[])}`, evidence);
  const unlabelled = some.filter((node) => !node.labels[zone]?.trim());
  if (some.length > 1 && unlabelled.length > 0)
    return abort(`${count(unlabelled.length, 'node')} without ${zone} (${listed(unlabelled.map((n) => n.name))}): the zones cannot be told`, evidence);
  return fail(some.length === 1 ? `only one node: ${what} cannot be in several zones` : `${what} are all in zone ${zones[0] ?? ''}`, evidence);
};

const judgeControlPlaneHosts = (all: readonly Node[], pods: readonly ControlPlanePod[]): Answer => {
  const some = controlPlaneNodes(all, pods);
  if (some.length === 0) return abort(hidden);
  if (some.length === 1) return fail('one control-plane node only', [{ source: `node ${some[0]?.name ?? ''}`, observed: 'runs the only API server' }]);
  const label = hostLabels.find((l) => some.every((node) => node.labels[l]));
  if (label === undefined) return abort(`no API shows the physical hosts of the ${some.length} control-plane nodes; label them with ${hostLabels[0]} or declare it`);
  const hosts = [...new Set(some.map((node) => node.labels[label]))];
  return hosts.length > 1
    ? pass(`${count(some.length, 'control-plane node')} on ${count(hosts.length, 'host')} by ${label}`, labelled(some, label))
    : fail(`all ${some.length} control-plane nodes are on one host by ${label}`, labelled(some, label));
};

const workers = (all: readonly Node[], pods: readonly ControlPlanePod[]): readonly Node[] => {
  const runsControlPlane = controlPlaneNodes(all, pods);
  return all.filter((node) => !runsControlPlane.includes(node) && !(pods.length === 0 && hasRole(node)));
};

const nodeLabel = (id: string, label: string, noun: string): Requirement => ({
  id,
  level: 'MUST',
  title: `Every node names its ${noun}`,
  clause: '#decision',
  testcase: 'node-distribution-check',
  remediation: `Set the label ${label} on every node, through the cloud controller manager or the node registration of your cluster maker, and keep it up to date.`,
  ladder: [read({ nodes }, (facts) => everyNodeCarries(facts.nodes, label))],
  configuredBy: [label, 'labels', 'nodes'],
});

/** https://docs.scs.community/standards/scs-0214-v2-k8s-node-distribution */
export const scs0214v2 = defineStandard({
  id: 'scs-0214-v2',
  title: 'Kubernetes node distribution and availability',
  scope: 'main',
  status: 'stable',
  url: 'https://docs.scs.community/standards/scs-0214-v2-k8s-node-distribution',
  requirements: [
    nodeLabel('zone-label', zone, 'zone'),
    nodeLabel('region-label', region, 'region'),
    {
      id: 'control-plane-hosts',
      level: 'MUST',
      title: 'The control plane is spread over several physical hosts',
      clause: '#decision',
      testcase: 'node-distribution-check',
      remediation: `Run at least three control-plane nodes with anti-affinity over physical hosts, and label them with ${hostLabels[0]}.`,
      ladder: [read({ nodes, apiServerPods }, (facts) => judgeControlPlaneHosts(facts.nodes, facts.apiServerPods))],
      settledBy: { statement: true, how: 'Hand in a statement of the provider about the hosts of the control plane.' },
      configuredBy: ['control-plane', 'controlPlane', 'replicas', 'nodes'],
    },
    {
      id: 'control-plane-zones',
      level: 'SHOULD',
      title: 'The control plane is spread over several zones',
      clause: '#decision',
      testcase: 'node-distribution-check',
      remediation: `Place the control-plane nodes in at least two zones and label them with ${zone}.`,
      ladder: [
        read({ nodes, apiServerPods }, (facts) => {
          const some = controlPlaneNodes(facts.nodes, facts.apiServerPods);
          return some.length === 0 ? abort(hidden) : severalZones(some, 'control-plane nodes');
        }),
      ],
      configuredBy: [zone, 'control-plane', 'controlPlane', 'nodes'],
    },
    {
      id: 'worker-zones',
      level: 'SHOULD',
      title: 'The workers are spread over several zones',
      clause: '#decision',
      testcase: 'node-distribution-check',
      remediation: `Place the workers in at least two zones and label them with ${zone}.`,
      ladder: [
        read({ nodes, apiServerPods }, (facts) => {
          const some = workers(facts.nodes, facts.apiServerPods);
          // A cluster of control-plane nodes alone runs its workloads there.
          const judged = some.length === 0 ? facts.nodes : some;
          return judged.length === 0 ? abort('nothing to judge: the cluster shows no node') : severalZones(judged, 'workers');
        }),
      ],
      configuredBy: [zone, 'worker', 'workers', 'nodes'],
    },
  ],
});

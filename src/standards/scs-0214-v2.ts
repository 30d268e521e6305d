import { apiServerPods } from '../facts/control-plane-pods.js';
import { nodes } from '../facts/nodes.js';
import { defineStandard, read, type Requirement } from '../model/requirement.js';
import {
  controlPlaneNodes,
  everyNodeCarries,
  withoutControlPlane,
  hostLabels,
  judgeControlPlaneHosts,
  region,
  severalZones,
  unlessClaimed,
  workersInZones,
  zone,
} from './support/node-topology.js';

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
          return some.length === 0
            ? withoutControlPlane(facts.apiServerPods)
            : unlessClaimed(severalZones(some, 'control-plane nodes'), facts.nodes, facts.apiServerPods);
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
      ladder: [read({ nodes, apiServerPods }, (facts) => workersInZones(facts.nodes, facts.apiServerPods))],
      configuredBy: [zone, 'worker', 'workers', 'nodes'],
    },
  ],
});

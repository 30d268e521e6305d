import { apiServerPods } from '../facts/control-plane-pods.js';
import { nodes } from '../facts/nodes.js';
import { defineStandard, read, type Requirement } from '../model/requirement.js';
import { labelsCurrent } from './scs-0214-v2/labels-current.js';
import { controlPlaneHosts, everyNodeCarries, judgeControlPlaneZones, judgeWorkerZones, region, zone } from './support/node-topology.js';

const testcase = 'node-distribution-check';

const nodeLabel = (id: string, label: string, noun: string): Requirement => ({
  id,
  level: 'MUST',
  title: `Every node has a ${noun} label`,
  clause: '#decision',
  testcase,
  remediation: `Set the label ${label} on every node, through the cloud controller manager or the node registration of your distribution.`,
  ladder: [read({ nodes }, (facts) => everyNodeCarries(facts.nodes, label))],
  configuredBy: [label, 'labels', 'nodes'],
});

/** https://docs.scs.community/standards/scs-0214-v2-k8s-node-distribution */
export const scs0214v2 = defineStandard({
  id: 'scs-0214-v2',
  title: 'Kubernetes node distribution and availability',
  category: 'certificate',
  status: 'stable',
  url: 'https://docs.scs.community/standards/scs-0214-v2-k8s-node-distribution',
  requirements: [
    nodeLabel('zone-label', zone, 'zone'),
    nodeLabel('region-label', region, 'region'),
    {
      id: 'labels-current',
      level: 'MUST',
      title: 'The zone and region labels follow the deployment',
      clause: '#decision',
      testcase,
      remediation: `Let the cloud controller manager set ${zone} and ${region}, and replace a node that moves to another zone.`,
      ladder: [read({ nodes }, (facts) => labelsCurrent(facts.nodes))],
      settledBy: { statement: true, nextStep: 'Declare in a statement of the provider how the labels are kept up to date.' },
      configuredBy: [zone, region, 'labels', 'nodes'],
    },
    {
      id: 'best-practices',
      level: 'SHOULD',
      title: 'The cluster follows the Kubernetes best practices for several zones',
      clause: '#decision',
      testcase,
      remediation: 'Follow https://kubernetes.io/docs/setup/best-practices/multiple-zones/: nodes, control plane, storage and networking.',
      ladder: [],
      settledBy: { statement: true, nextStep: 'Declare it in a statement of the provider.' },
    },
    { ...controlPlaneHosts, testcase },
    {
      id: 'control-plane-zones',
      level: 'SHOULD',
      title: 'The control plane is spread over several zones',
      clause: '#decision',
      testcase,
      remediation: `Place the control-plane nodes in at least two zones and label them with ${zone}.`,
      ladder: [read({ nodes, apiServerPods }, (facts) => judgeControlPlaneZones(facts.nodes, facts.apiServerPods))],
      configuredBy: [zone, 'control-plane', 'controlPlane', 'nodes'],
    },
    {
      id: 'worker-zones',
      level: 'SHOULD',
      title: 'The workers are spread over several zones',
      clause: '#decision',
      testcase,
      remediation: `Place the workers in at least two zones and label them with ${zone}.`,
      ladder: [read({ nodes, apiServerPods }, (facts) => judgeWorkerZones(facts.nodes, facts.apiServerPods))],
      configuredBy: [zone, 'worker', 'workers', 'nodes'],
    },
  ],
});

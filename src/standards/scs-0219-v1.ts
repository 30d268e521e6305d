import { apiGroups } from '../facts/api-groups.js';
import { clusterNetworkPolicies } from '../facts/cluster-network-policies.js';
import { ingressClasses } from '../facts/ingress-classes.js';
import { workloads } from '../facts/workloads.js';
import { defineStandard, read } from '../model/requirement.js';
import {
  judgeAdminPolicy,
  judgeAdminPolicyApi,
  judgeDefaultRestrictions,
  judgeRestrictionsByDiscovery,
} from './support/cluster-policies.js';
import { networkPolicyLadder } from './support/network-policy.js';
import { judgeDefaultIngressClass, judgeManagedIngress } from './support/ingress.js';

const networkPlugin =
  'Choose a network plugin that implements all of networking.k8s.io/v1 NetworkPolicy, and let it enforce on every node.';

/** https://docs.scs.community/standards/scs-0219-v1-kaas-networking */
export const scs0219v1 = defineStandard({
  id: 'scs-0219-v1',
  title: 'KaaS networking',
  scope: 'main',
  status: 'stable',
  url: 'https://docs.scs.community/standards/scs-0219-v1-kaas-networking',
  requirements: [
    {
      id: 'network-policy',
      level: 'MUST',
      title: 'The network plugin fully implements NetworkPolicy',
      clause: '#decision',
      testcase: 'kaas-networking-check',
      remediation: networkPlugin,
      // Which plugin runs proves nothing.
      ladder: networkPolicyLadder,
      settledBy: {
        tier: 'heavy',
        how: 'only the tests of Kubernetes prove it: `tier: heavy` runs those with NetworkPolicy in their name with Sonobuoy, some minutes (`e2e-suites: network-policy`); or set `e2e-results` to the archive of an earlier run. The tier `active` finds what is not enforced.',
      },
      configuredBy: ['disableDefaultCNI', 'cni', 'networking'],
    },
    {
      id: 'admin-network-policy',
      level: 'SHOULD',
      title: 'Admin network policies are supported or worked on',
      clause: '#decision',
      remediation:
        'Choose a network plugin that implements policy.networking.k8s.io, install the custom resource definitions of that API, and switch the feature on.',
      ladder: [
        read({ apiGroups, workloads }, (facts) => judgeAdminPolicy(facts.apiGroups, facts.workloads)),
        read({ apiGroups }, (facts) => judgeAdminPolicyApi(facts.apiGroups)),
      ],
      configuredBy: ['disableDefaultCNI', 'cni', 'networking'],
    },
    {
      id: 'managed-ingress',
      level: 'SHOULD',
      title: 'A managed ingress controller is offered',
      clause: '#decision',
      remediation:
        'Offer an ingress controller with its IngressClass (networking.k8s.io/v1), and look at its pods where it does not run. Where it is an option of the offer, choose it for the cluster that is judged.',
      ladder: [read({ ingressClasses, workloads }, (facts) => judgeManagedIngress(facts.ingressClasses, facts.workloads))],
      settledBy: {
        statement: true,
        how: 'A controller that runs outside of the cluster cannot be seen here: hand in a statement of the provider.',
      },
      configuredBy: ['ingress', 'IngressClass', 'addons'],
    },
    {
      id: 'default-ingress-class',
      level: 'SHOULD',
      title: 'There is one default ingress class',
      clause: '#decision',
      remediation: 'Annotate exactly one IngressClass with ingressclass.kubernetes.io/is-default-class: "true".',
      ladder: [read({ ingressClasses }, (facts) => judgeDefaultIngressClass(facts.ingressClasses))],
      configuredBy: ['ingressclass.kubernetes.io/is-default-class', 'IngressClass', 'ingress'],
    },
    {
      id: 'default-restrictions',
      level: 'MAY',
      title: 'Networking is restricted by default',
      clause: '#decision',
      remediation: 'Set cluster-wide network policies, or let a policy operator put default network policies into new namespaces.',
      ladder: [
        read({ clusterNetworkPolicies, workloads }, (facts) => judgeDefaultRestrictions(facts.clusterNetworkPolicies, facts.workloads)),
        read({ apiGroups, workloads }, (facts) => judgeRestrictionsByDiscovery(facts.apiGroups, facts.workloads)),
      ],
      configuredBy: ['AdminNetworkPolicy', 'ClusterNetworkPolicy', 'GlobalNetworkPolicy', 'addons'],
    },
  ],
});

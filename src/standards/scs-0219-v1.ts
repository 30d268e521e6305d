import { apiGroups } from '../facts/api-groups.js';
import { clusterNetworkPolicies } from '../facts/cluster-network-policies.js';
import { e2eResults } from '../facts/e2e-results.js';
import { ingressClasses } from '../facts/ingress-classes.js';
import { networkPolicyMatrix } from '../facts/network-policy-matrix.js';
import { serverVersion } from '../facts/server-version.js';
import { networkPluginsOf } from '../facts/support/network-plugins.js';
import { workloads } from '../facts/workloads.js';
import { act, defineStandard, e2e, read } from '../model/requirement.js';
import {
  judgeAdminPolicy,
  judgeAdminPolicyApi,
  judgeDefaultRestrictions,
  judgeRestrictionsByDiscovery,
} from './support/cluster-policies.js';
import { judgeSuite, networkPolicyRule } from './support/e2e.js';
import { judgePolicyMatrix } from './support/policy-matrix.js';
import { judgeDefaultIngressClass, judgeManagedIngress } from './support/ingress.js';

const judgeNetworkPolicy = judgeSuite(networkPolicyRule);

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
      // Which plugin runs proves nothing: only the upstream tests count for the official testcase.
      ladder: [
        e2e(
          { e2eResults, serverVersion },
          (facts, now, beside) =>
            judgeNetworkPolicy(facts.e2eResults, facts.serverVersion, now, networkPluginsOf(beside.workloads, beside.apiGroups)),
          { apiGroups, workloads },
        ),
      ],
      settledBy: {
        tier: 'heavy',
        how: 'only the upstream tests settle it: `tier: heavy` runs those with NetworkPolicy in their name with Sonobuoy, some minutes (`e2e-suites: network-policy`); or hand in the archive of an earlier run (input `e2e-results`). What is known of the network plugin that was found stands in the description of the cluster.',
      },
      configuredBy: ['disableDefaultCNI', 'cni', 'networking'],
    },
    {
      id: 'network-policy-matrix',
      level: 'MUST',
      title: 'NetworkPolicy is enforced in every cell of the policy matrix, on every node (our own test)',
      clause: '#decision',
      remediation: networkPlugin,
      ladder: [
        act(
          { networkPolicyMatrix },
          (facts, _, beside) => judgePolicyMatrix(facts.networkPolicyMatrix, networkPluginsOf(beside.workloads, beside.apiGroups).text),
          { apiGroups, workloads },
        ),
      ],
      settledBy: {
        tier: 'active',
        how: 'the tier `active` probes it with short-lived pods in namespaces of its own. It never stands in for the upstream tests.',
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

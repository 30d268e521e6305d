import { apiGroups } from '../facts/api-groups.js';
import { clusterNetworkPolicies } from '../facts/cluster-network-policies.js';
import { e2eResults } from '../facts/e2e-results.js';
import { ingressClasses } from '../facts/ingress-classes.js';
import { networkPolicyMatrix } from '../facts/network-policy-matrix.js';
import { serverVersion } from '../facts/server-version.js';
import { upstreamExceptions } from '../facts/support/e2e-exceptions.js';
import { networkPluginsOf } from '../facts/support/network-plugins.js';
import { workloads } from '../facts/workloads.js';
import { isUnavailable } from '../model/fact.js';
import type { ByUpstream } from '../model/outcome.js';
import { act, defineStandard, e2e, read } from '../model/requirement.js';
import {
  judgeAdminPolicy,
  judgeAdminPolicyByPlugin,
  judgeAppeared,
  judgeDefaultRestrictions,
  judgeOperatorsAlone,
  judgePoliciesAlone,
} from './support/cluster-policies.js';
import { judgeDefaultIngressClass, judgeDefaultIngressClassAlone, judgeManagedIngress } from './support/ingress.js';
import { judgeSuite, networkPolicyRule } from './support/e2e.js';
import { toleranceOf } from './support/e2e-tests.js';
import { judgePolicyMatrix } from './support/policy-matrix.js';

const judgeNetworkPolicy = judgeSuite(networkPolicyRule);

const notRun: ByUpstream = { outcome: 'missing', message: 'the tests of Kubernetes were not run' };

/** Our own probe refutes; the official testcase goes by the tests of Kubernetes, whatever the probe has seen. */
const byMatrix = act(
  { networkPolicyMatrix },
  (facts, now, beside) => {
    const plugins = networkPluginsOf(beside.workloads, beside.apiGroups);
    const exceptions = isUnavailable(beside.e2eResults) ? upstreamExceptions : beside.e2eResults.exceptions;
    const answer = judgePolicyMatrix(facts.networkPolicyMatrix, plugins.text, toleranceOf(exceptions, now, plugins));
    if (answer.outcome !== 'fail') return answer;
    if (isUnavailable(beside.e2eResults) || isUnavailable(beside.serverVersion)) return { ...answer, official: notRun };
    const tests = judgeNetworkPolicy(beside.e2eResults, beside.serverVersion, now, plugins);
    if (tests.outcome === 'unrelated') return { ...answer, official: notRun };
    const { outcome, message, checkedAt } = tests;
    return {
      ...answer,
      evidence: [...answer.evidence, { source: 'tests of Kubernetes', observed: `${outcome}: ${message}` }],
      official: tests.official ?? { outcome, message, checkedAt },
    };
  },
  { apiGroups, workloads, e2eResults, serverVersion },
);

const byTests = e2e(
  { e2eResults, serverVersion },
  (facts, now, beside) =>
    judgeNetworkPolicy(facts.e2eResults, facts.serverVersion, now, networkPluginsOf(beside.workloads, beside.apiGroups)),
  { apiGroups, workloads },
);

const networkPlugin =
  'Choose a network plugin that implements all of networking.k8s.io/v1 NetworkPolicy, and let it enforce on every node.';

const settledByOffer = {
  statement: true,
  nextStep: 'An add-on of the offer and a controller outside of the cluster cannot be seen here: provide a statement of the provider.',
} as const;

/** https://docs.scs.community/standards/scs-0219-v1-kaas-networking */
export const scs0219v1 = defineStandard({
  id: 'scs-0219-v1',
  title: 'KaaS networking',
  category: 'certificate',
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
      // Which plugin runs proves nothing. What was observed in this run refutes results of an earlier one, so the probe is asked first; only the tests
      // of Kubernetes pass the requirement.
      ladder: [byMatrix, byTests],
      settledBy: {
        tier: 'heavy',
        nextStep:
          'only the tests of Kubernetes prove it: `tier: heavy` runs those with NetworkPolicy in their name with Sonobuoy, some minutes (`e2e.suites: network-policy`); or set `e2e-results` to the archive of an earlier run. The tier `active` finds what is not enforced.',
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
        read({ workloads }, (facts) => judgeAdminPolicyByPlugin(facts.workloads)),
      ],
      configuredBy: ['disableDefaultCNI', 'cni', 'networking'],
    },
    {
      id: 'managed-ingress',
      level: 'SHOULD',
      title: 'A managed ingress controller is offered',
      clause: '#decision',
      remediation:
        'Offer an ingress controller with its IngressClass (networking.k8s.io/v1). If it is an add-on of the offer, install it in the cluster that is checked, or declare it.',
      ladder: [read({ ingressClasses, workloads }, (facts) => judgeManagedIngress(facts.ingressClasses, facts.workloads))],
      settledBy: settledByOffer,
      configuredBy: ['ingress', 'IngressClass', 'addons'],
    },
    {
      id: 'default-ingress-class',
      level: 'SHOULD',
      title: 'There is a default ingress class',
      clause: '#decision',
      remediation:
        'Annotate one IngressClass, whose controller runs, with ingressclass.kubernetes.io/is-default-class: "true". If it is an add-on of the offer, install it in the cluster that is checked, or declare it.',
      ladder: [
        read({ ingressClasses, workloads }, (facts) => judgeDefaultIngressClass(facts.ingressClasses, facts.workloads)),
        read({ ingressClasses }, (facts) => judgeDefaultIngressClassAlone(facts.ingressClasses)),
      ],
      settledBy: settledByOffer,
      configuredBy: ['ingressclass.kubernetes.io/is-default-class', 'IngressClass', 'ingress'],
    },
    {
      id: 'default-restrictions',
      level: 'MAY',
      title: 'Networking is restricted by default',
      clause: '#decision',
      remediation:
        'To use this option, set cluster-wide network policies, or let a policy operator put default network policies into new namespaces.',
      ladder: [
        act({ networkPolicyMatrix }, (facts) => judgeAppeared(facts.networkPolicyMatrix)),
        read({ clusterNetworkPolicies, workloads }, (facts) => judgeDefaultRestrictions(facts.clusterNetworkPolicies, facts.workloads)),
        read({ clusterNetworkPolicies }, (facts) => judgePoliciesAlone(facts.clusterNetworkPolicies)),
        read({ workloads }, (facts) => judgeOperatorsAlone(facts.workloads)),
      ],
      configuredBy: ['AdminNetworkPolicy', 'ClusterNetworkPolicy', 'GlobalNetworkPolicy', 'addons'],
    },
  ],
});

const testNames = (context: string, tests: readonly string[]): readonly string[] =>
  tests.map((test) => `[It] [sig-network] ${context} should ${test} [Feature:NetworkPolicy]`);

const usual = (...tests: readonly string[]): readonly string[] => testNames('Netpol NetworkPolicy between server and client', tests);
const byUdp = (...tests: readonly string[]): readonly string[] =>
  testNames('Netpol [LinuxOnly] NetworkPolicy between server and client using UDP', tests);
const bySctp = (...tests: readonly string[]): readonly string[] =>
  testNames('Netpol [Feature:SCTPConnectivity] [LinuxOnly] NetworkPolicy between server and client using SCTP', tests);

const denyIngress = "support a 'default-deny-ingress' policy";
const denyAll = "support a 'default-deny-all' policy";
const denyEgress = 'deny egress from all pods in a namespace';
const independently = 'enforce policies to check ingress and egress policies can be controlled independently based on PodSelector';
const otherNamespace =
  'enforce policy to allow traffic only from a pod in a different namespace based on PodSelector and NamespaceSelector';
const stacked = 'enforce multiple, stacked policies with overlapping podSelectors';
const byPorts = 'enforce policy based on Ports';
const removed = 'stop enforcing policies after they are deleted';
const sctp = bySctp(denyIngress, byPorts, otherNamespace);

/**
 * The tests of Kubernetes that ask the same as cells of the policy matrix, by the beginning of the ids of these. What is not here no test asks: most of
 * them are about ingress, and none about port ranges, DNS, the node, or a label that is taken away. SCTP is a feature of its own there, whatever the direction.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/test/e2e/network/netpol/network_policy.go
 */
export const testsOfCells: Readonly<Record<string, readonly string[]>> = {
  'ingress/default-deny': [...usual(denyIngress, denyAll), ...byUdp(denyIngress)],
  'egress/default-deny': usual(denyAll, denyEgress, 'deny egress from pods based on PodSelector'),
  'ingress/one-direction': usual(denyIngress, denyEgress, independently),
  'egress/one-direction': usual(denyIngress, denyEgress, independently),
  'ingress/pod-label': usual(
    'enforce policy to allow traffic from pods within server namespace based on PodSelector',
    'enforce policy based on any PodSelectors',
  ),
  'ingress/namespace-label': usual(
    'enforce policy to allow traffic only from a different namespace, based on NamespaceSelector',
    'enforce policy to allow traffic based on NamespaceSelector with MatchLabels using default ns label',
  ),
  'egress/namespace-label': usual('enforce policy based on NamespaceSelector with MatchExpressions using default ns label'),
  'ingress/both-labels': usual(
    'enforce policy based on PodSelector and NamespaceSelector',
    'enforce policy based on Multiple PodSelectors and NamespaceSelectors',
    otherNamespace,
  ),
  'egress/both-labels': usual(
    'enforce egress policy allowing traffic to a server in a different namespace based on PodSelector and NamespaceSelector',
    'support denying of egress traffic on the client side (even if the server explicitly allows this traffic)',
  ),
  'ingress/several-peers': usual('enforce policy based on PodSelector or NamespaceSelector', 'enforce policy based on any PodSelectors'),
  'ingress/expressions': usual(
    'enforce policy based on PodSelector with MatchExpressions',
    'enforce policy based on Multiple PodSelectors and NamespaceSelectors',
  ),
  'ingress/several-policies': usual(stacked, 'enforce multiple ingress policies with ingress allow-all policy taking precedence'),
  'egress/several-policies': usual('enforce multiple egress policies with egress allow-all policy taking precedence'),
  'ingress/no-port': usual('support allow-all policy'),
  'ingress/port-number': usual(byPorts, stacked),
  'egress/port-number': usual('work with Ingress, Egress specified together'),
  'ingress/named-port': usual('allow ingress access on one named port', 'allow ingress access from namespace on one named port'),
  'egress/named-port': usual('allow egress access on one named port'),
  'ingress/protocol': [
    ...usual(
      'not allow access by TCP when a policy specifies only UDP',
      'enforce ingress policy allowing any port traffic to a server on a specific protocol',
    ),
    ...byUdp(byPorts),
  ],
  'ingress/sctp': sctp,
  'egress/sctp': sctp,
  'egress/block': usual('allow egress access to server in CIDR block'),
  'egress/block-except': usual(
    'enforce except clause while egress access to server in CIDR block',
    'ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed',
  ),
  'ingress/policy-updated': usual('enforce updated policy'),
  'ingress/policy-removed': usual(removed),
  'egress/policy-removed': usual(removed),
  'ingress/pod-relabelled/gains': usual('allow ingress access from updated pod'),
  'ingress/namespace-relabelled/gains': usual('allow ingress access from updated namespace'),
};

/** The tests of Kubernetes that ask the same as a cell of the policy matrix. @param id e.g. `ingress/named-port/port` */
export const testsOfCell = (id: string): readonly string[] => {
  const row = id.slice(0, id.lastIndexOf('/'));
  const key = [id, row].find((one) => Object.hasOwn(testsOfCells, one));
  return key === undefined ? [] : (testsOfCells[key] ?? []);
};

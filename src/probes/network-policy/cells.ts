/**
 * THE cells of the policy matrix: what is expected of `networking.k8s.io/v1` NetworkPolicy, one expectation each.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/ and the API reference of NetworkPolicySpec.
 * docs/policy-matrix.md is made from this file.
 */

/** Who stands on the other side: `a` and `b` in one namespace with the pods under test, `c` and `d` in another; `a` and `c` carry one label, `b` and `d` another. */
export type PeerKind = 'a' | 'b' | 'c' | 'd';
/** The pods under test: each is selected by policies of its own, one after the other. */
export type SubjectKind = 'closed' | 'labels' | 'spaces' | 'ports';
type Direction = 'ingress' | 'egress';
type Protocol = 'TCP' | 'UDP' | 'SCTP';
export type Via = 'pod' | 'service' | 'name' | 'node';

/** The rows of the matrix, in the order of every report. */
export const dimensions = {
  'default-deny': 'default deny',
  'one-direction': 'default deny of one direction alone',
  'pod-label': 'by pod label',
  'namespace-label': 'by namespace label',
  'both-labels': 'by namespace and pod label together',
  'several-peers': 'several peers in one rule',
  expressions: 'by expressions (In, NotIn)',
  'several-rules': 'several rules in one policy',
  'several-policies': 'several policies add up',
  'no-port': 'a rule without ports',
  'port-number': 'by port number',
  'port-range': 'by port range',
  'named-port': 'by named port',
  protocol: 'by protocol',
  sctp: 'by protocol: SCTP',
  block: 'by address block',
  'block-except': 'by address block with exceptions',
  service: 'through a Service',
  dns: 'DNS kept',
  node: 'from the node to its own pod',
  'policy-updated': 'a policy updated',
  'policy-removed': 'a policy removed',
  'pod-relabelled': 'a pod relabelled',
  'namespace-relabelled': 'a namespace relabelled',
} as const;
export type Dimension = keyof typeof dimensions;

/** After each of these changes everything is probed anew. */
export const phases = [
  'without any policy',
  'policies made',
  'policies updated, pods relabelled',
  'policies updated and added',
  'policies removed and updated, a namespace relabelled',
] as const;

/** One expectation. */
export interface CellSpec {
  readonly id: string;
  readonly dimension: Dimension;
  /** What is expected, in words that go with the cell alone. */
  readonly title: string;
  /** The change after which it holds: an index of `phases`. */
  readonly phase: number;
  readonly direction: Direction;
  readonly subject: SubjectKind;
  readonly peer: PeerKind;
  readonly via: Via;
  readonly protocol: Protocol;
  readonly port: number;
  readonly expected: 'allowed' | 'denied';
}

/** The ports that every pod serves. */
export const ports = { first: 8081, low: 8082, high: 8083, named: 8084 } as const;
/** The name of the last one in every pod. */
export const portName = 'named';

interface Short {
  readonly in?: 'ingress' | 'egress' | undefined;
  readonly via?: Via | undefined;
  readonly udp?: true | undefined;
  readonly sctp?: true | undefined;
  readonly port?: number | undefined;
}
type Row = readonly [dimension: Dimension, name: string, peer: PeerKind, expected: 'allowed' | 'denied', title: string, more?: Short];

const block = (phase: number, subject: SubjectKind, rows: readonly Row[]): readonly CellSpec[] =>
  rows.flatMap(([dimension, name, peer, expected, title, more = {}]) =>
    (['ingress', 'egress'] as const)
      .filter((direction) => more.in === undefined || more.in === direction)
      .map((direction) => ({
        id: `${direction}/${dimension}/${name}`,
        dimension,
        title,
        phase,
        direction,
        subject,
        peer,
        via: more.via ?? 'pod',
        protocol: more.udp === true ? 'UDP' : more.sctp === true ? 'SCTP' : 'TCP',
        port: more.port ?? ports.first,
        expected,
      })),
  );

/** In the order in which they are probed. */
export const cells: readonly CellSpec[] = [
  ...block(1, 'closed', [
    ['default-deny', 'tcp', 'a', 'denied', 'a policy without rules denies TCP'],
    ['default-deny', 'udp', 'a', 'denied', 'a policy without rules denies UDP', { udp: true }],
    ['default-deny', 'other-namespace', 'c', 'denied', 'a policy without rules denies other namespaces'],
  ]),
  ...block(1, 'labels', [
    ['pod-label', 'label', 'a', 'allowed', 'pods with the label are let through'],
    ['pod-label', 'other-label', 'b', 'denied', 'pods with another label are not'],
    ['pod-label', 'other-label-udp', 'b', 'denied', 'nor by UDP', { udp: true }],
    ['pod-label', 'other-namespace', 'c', 'denied', 'pods with the label in another namespace are not'],
    ['no-port', 'tcp', 'a', 'allowed', 'a rule without ports opens every port', { port: ports.low }],
    ['no-port', 'udp', 'a', 'allowed', 'a rule without ports opens every protocol', { udp: true }],
    ['service', 'label', 'a', 'allowed', 'pods with the label are let through by a Service address', { via: 'service' }],
    ['service', 'other-label', 'b', 'denied', 'pods with another label are not, by a Service address either', { via: 'service' }],
  ]),
  ...block(1, 'spaces', [
    ['namespace-label', 'label', 'c', 'allowed', 'pods of a namespace with the label are let through'],
    ['namespace-label', 'every-pod', 'd', 'allowed', 'every pod of that namespace is'],
    ['namespace-label', 'other-label', 'a', 'denied', 'pods of a namespace without the label are not, be it their own'],
  ]),
  ...block(1, 'ports', [
    ['port-number', 'port', 'a', 'allowed', 'the port that the rule names is open'],
    ['port-number', 'other-port', 'a', 'denied', 'a port that it does not name is closed', { port: ports.named }],
    ['port-range', 'first', 'c', 'allowed', 'the first port of a range is open', { port: ports.low }],
    ['port-range', 'last', 'c', 'allowed', 'the last port of a range is open', { port: ports.high }],
    ['port-range', 'beyond', 'c', 'denied', 'the port behind a range is closed', { port: ports.named }],
    ['named-port', 'port', 'b', 'allowed', 'the port of that name is open', { port: ports.named }],
    ['named-port', 'other-port', 'b', 'denied', 'a port without the name is closed', { port: ports.low }],
    ['protocol', 'udp', 'b', 'allowed', 'UDP is open where the rule names UDP', { udp: true }],
    ['protocol', 'tcp', 'b', 'denied', 'TCP on the same port is closed'],
    ['protocol', 'other-udp', 'a', 'denied', 'UDP is closed where the rule names TCP', { udp: true }],
    ['sctp', 'sctp', 'b', 'allowed', 'SCTP is open where the rule names SCTP', { sctp: true }],
    ['sctp', 'other-sctp', 'a', 'denied', 'SCTP is closed where the rule names TCP', { sctp: true }],
    ['several-rules', 'other-port', 'a', 'denied', 'the peer of one rule does not get the port of another', { port: ports.low }],
    ['several-rules', 'other-peer', 'c', 'denied', 'the port of one rule is not open to the peer of another'],
  ]),
  ...block(2, 'closed', [
    ['one-direction', 'ingress-alone-denied', 'a', 'denied', 'a policy of ingress alone denies ingress', { in: 'ingress' }],
    ['one-direction', 'ingress-alone-open', 'a', 'allowed', 'a policy of ingress alone leaves egress open', { in: 'egress' }],
    ['policy-updated', 'opens', 'a', 'allowed', 'an updated policy opens what it denied', { in: 'egress', udp: true }],
    [
      'node',
      'readiness',
      'a',
      'allowed',
      'the node reaches its own pod under a policy that denies everything',
      { in: 'ingress', via: 'node' },
    ],
  ]),
  ...block(2, 'labels', [
    ['pod-relabelled', 'gains', 'b', 'allowed', 'a pod that gets the label is let through'],
    ['pod-relabelled', 'loses', 'a', 'denied', 'a pod that loses the label is not any more'],
  ]),
  ...block(2, 'spaces', [
    ['both-labels', 'both', 'c', 'allowed', 'pods with the label in a namespace with the label are let through'],
    ['both-labels', 'namespace-alone', 'd', 'denied', 'pods with another label in that namespace are not'],
    ['both-labels', 'pod-alone', 'b', 'denied', 'pods with the label in another namespace are not'],
  ]),
  ...block(2, 'ports', [
    ['block-except', 'inside', 'a', 'allowed', 'an address of the block is let through'],
    ['block-except', 'other-namespace', 'c', 'allowed', 'an address of the block is, whatever its namespace'],
    ['block-except', 'exception', 'b', 'denied', 'an address that is excepted is not'],
  ]),
  ...block(3, 'closed', [
    ['one-direction', 'egress-alone-denied', 'a', 'denied', 'a policy of egress alone denies egress', { in: 'egress' }],
    ['one-direction', 'egress-alone-open', 'a', 'allowed', 'a policy of egress alone leaves ingress open', { in: 'ingress' }],
    ['policy-updated', 'opens', 'c', 'allowed', 'an updated policy opens what it denied', { in: 'ingress' }],
    ['policy-updated', 'closes', 'a', 'denied', 'an updated policy denies what it left open', { in: 'egress', udp: true }],
  ]),
  ...block(3, 'labels', [
    ['several-policies', 'first', 'b', 'allowed', 'what the first policy lets through is let through'],
    ['several-policies', 'second', 'c', 'allowed', 'what the second policy lets through is too'],
    ['several-policies', 'second-every-pod', 'd', 'allowed', 'every pod that the second policy selects is'],
    ['several-policies', 'neither', 'a', 'denied', 'what neither lets through is not'],
    [
      'dns',
      'name',
      'b',
      'allowed',
      'names are resolved where DNS is let through, and lead where a rule allows',
      { in: 'egress', via: 'name' },
    ],
  ]),
  ...block(3, 'spaces', [
    ['several-peers', 'first', 'b', 'allowed', 'the first peer of a rule is let through'],
    ['several-peers', 'second', 'd', 'allowed', 'the second peer of a rule is too'],
    ['expressions', 'not-in', 'a', 'denied', 'a pod whose label is not among the values (In) is not'],
    ['expressions', 'excluded', 'c', 'denied', 'a pod whose label is among the excluded values (NotIn) is not'],
  ]),
  ...block(3, 'ports', [
    ['block', 'inside', 'c', 'allowed', 'an address of the block is let through'],
    ['block', 'outside', 'd', 'denied', 'an address outside of the block is not'],
    ['block', 'outside-own', 'a', 'denied', 'an address outside of the block is not, be it of the own namespace'],
  ]),
  ...block(4, 'closed', [
    ['policy-removed', 'opens', 'a', 'allowed', 'without its policy everything is open again'],
    ['policy-removed', 'opens-udp', 'a', 'allowed', 'without its policy everything is open again, by UDP too', { udp: true }],
  ]),
  ...block(4, 'labels', [
    ['policy-removed', 'closes', 'c', 'denied', 'what the removed one of two policies let through is closed'],
    ['policy-removed', 'keeps', 'b', 'allowed', 'what the remaining one lets through stays open'],
  ]),
  ...block(4, 'spaces', [
    ['namespace-relabelled', 'loses', 'd', 'denied', 'pods of a namespace that lost the label are not let through any more'],
    ['namespace-relabelled', 'gains', 'c', 'allowed', 'pods of a namespace that got the label are let through'],
  ]),
  ...block(4, 'ports', [
    ['protocol', 'alone', 'a', 'allowed', 'a protocol without a port opens it on every port', { udp: true }],
    ['protocol', 'alone-other', 'a', 'denied', 'other protocols stay closed'],
  ]),
];

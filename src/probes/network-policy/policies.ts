import type {
  V1LabelSelector,
  V1NetworkPolicy,
  V1NetworkPolicyEgressRule,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1NetworkPolicySpec,
} from '@kubernetes/client-node';
import type { Sent } from '../../kubernetes/api-types.js';
import { ownLabels } from '../sandbox/identity.js';
import { portName, ports, type SubjectKind } from './cells.js';

/** Label keys and values of our pods and namespaces, beside those of the owner. */
export const labels = {
  /** What the policies under test ask peers for. */
  role: 'scs-kaas-role',
  /** Which policies select a pod under test. */
  subject: 'scs-kaas-subject',
  /** One pod, for its Service. */
  pod: 'scs-kaas-pod',
  /** What they ask namespaces for. */
  team: 'scs-kaas-team',
} as const;

/** The namespaces: `x` with the pods under test and two of their peers, `y` with the other peers, `z` with the pods that everything is denied to. */
export type Space = 'x' | 'y' | 'z';

/** Addresses that the policies by address block name. */
export interface Addresses {
  /** Of all peers of each kind, all families. */
  readonly b: readonly string[];
  readonly c: readonly string[];
}

/** A NetworkPolicy to be made, changed or removed. */
export interface PolicyChange {
  readonly space: Space;
  readonly name: string;
  /** Absent where it is removed. */
  readonly spec?: Sent<V1NetworkPolicySpec> | undefined;
  readonly how: 'create' | 'replace' | 'remove';
}

const roleSelector = (value: string): Sent<V1LabelSelector> => ({ matchLabels: { [labels.role]: value } });
const team = (value: string): Sent<V1LabelSelector> => ({ matchLabels: { [labels.team]: value } });
const expression = (operator: 'In' | 'NotIn', value: string): Sent<V1LabelSelector> => ({
  matchExpressions: [{ key: labels.role, operator, values: [value] }],
});

interface Rule {
  readonly peers?: readonly Sent<V1NetworkPolicyPeer>[] | undefined;
  readonly ports?: readonly Sent<V1NetworkPolicyPort>[] | undefined;
}

/** The same rules for both directions: `from` in one is `to` in the other. */
const both = (subject: SubjectKind, rules: readonly Rule[], egressAlone: readonly Rule[] = []): Sent<V1NetworkPolicySpec> => ({
  podSelector: { matchLabels: { [labels.subject]: subject } },
  policyTypes: ['Ingress', 'Egress'],
  ingress: rules.map((rule): Sent<V1NetworkPolicyIngressRule> => ({ from: rule.peers, ports: rule.ports })),
  egress: [...rules, ...egressAlone].map((rule): Sent<V1NetworkPolicyEgressRule> => ({ to: rule.peers, ports: rule.ports })),
});

const hostBlock = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;
const everything = (v6: boolean): string => (v6 ? '::/0' : '0.0.0.0/0');

const blocksExcept = (addresses: readonly string[]): readonly Sent<V1NetworkPolicyPeer>[] =>
  [false, true].flatMap((v6) => {
    const some = addresses.filter((address) => address.includes(':') === v6);
    return some.length === 0 ? [] : [{ ipBlock: { cidr: everything(v6), except: some.map(hostBlock) } }];
  });

const port = (protocol: 'TCP' | 'UDP' | 'SCTP', number?: number | string, endPort?: number): Sent<V1NetworkPolicyPort> => ({
  protocol,
  port: number,
  endPort,
});

/**
 * Where DNS may be answered, wherever the servers are: on pods, on the node, outside. A policy is about the port of the pod, and behind the port 53
 * of the Service that is 8053 with Gardener, 5353 with OpenShift and 1053 with vCluster. No cell is about one of these.
 */
const dnsPorts = [53, 1053, 5353, 8053];
const dns: Rule = { ports: dnsPorts.flatMap((number) => [port('UDP', number), port('TCP', number)]) };

const closed = (policyTypes: readonly ('Ingress' | 'Egress')[]): Sent<V1NetworkPolicySpec> => ({ podSelector: {}, policyTypes });

export const change = (how: PolicyChange['how'], space: Space, name: string, spec?: Sent<V1NetworkPolicySpec>): PolicyChange => ({
  how,
  space,
  name,
  spec,
});

/**
 * What is done to the policies at the beginning of each phase; see `phases`.
 * @param addresses of the peers, for address blocks
 * @param sctp whether SCTP is probed: some networks refuse a policy that names it
 */
export const policyChanges = (addresses: Addresses, sctp: boolean): readonly (readonly PolicyChange[])[] => [
  [],
  [
    change('create', 'z', 'closed', closed(['Ingress', 'Egress'])),
    change('create', 'x', 'labels', both('labels', [{ peers: [{ podSelector: roleSelector('a') }] }])),
    change('create', 'x', 'spaces', both('spaces', [{ peers: [{ namespaceSelector: team('y') }] }])),
    change(
      'create',
      'x',
      'ports',
      both('ports', [
        { peers: [{ podSelector: roleSelector('a') }], ports: [port('TCP', ports.first)] },
        { peers: [{ namespaceSelector: team('y') }], ports: [port('TCP', ports.low, ports.high)] },
        {
          peers: [{ podSelector: roleSelector('b') }],
          ports: [port('TCP', portName), port('UDP', ports.first), ...(sctp ? [port('SCTP', ports.first)] : [])],
        },
      ]),
    ),
  ],
  [
    change('replace', 'z', 'closed', closed(['Ingress'])),
    change('replace', 'x', 'spaces', both('spaces', [{ peers: [{ namespaceSelector: team('y'), podSelector: roleSelector('a') }] }])),
    change('replace', 'x', 'ports', both('ports', [{ peers: blocksExcept(addresses.b) }])),
  ],
  [
    change('replace', 'z', 'closed', closed(['Egress'])),
    change('create', 'x', 'labels-more', both('labels', [{ peers: [{ namespaceSelector: team('y') }] }], [dns])),
    change(
      'replace',
      'x',
      'spaces',
      both('spaces', [
        {
          peers: [
            { podSelector: expression('In', 'a') },
            { namespaceSelector: team('y'), podSelector: expression('NotIn', 'a') },
            { namespaceSelector: team('z'), podSelector: roleSelector('a') },
          ],
        },
      ]),
    ),
    change('replace', 'x', 'ports', both('ports', [{ peers: addresses.c.map((address) => ({ ipBlock: { cidr: hostBlock(address) } })) }])),
  ],
  [
    change('remove', 'z', 'closed'),
    change('remove', 'x', 'labels-more'),
    change('replace', 'x', 'ports', both('ports', [{ ports: [port('UDP')] }])),
  ],
];

/** Lets everything through to and from some pods: where somebody denies everything in every new namespace. */
export const openPolicy = (
  podSelector: Sent<V1LabelSelector>,
  directions: readonly ('Ingress' | 'Egress')[],
): Sent<V1NetworkPolicySpec> => ({
  podSelector,
  policyTypes: directions,
  ...(directions.includes('Ingress') ? { ingress: [{}] } : {}),
  ...(directions.includes('Egress') ? { egress: [{}] } : {}),
});

/** One NetworkPolicy of ours. */
export const policyBody = (run: string, name: string, spec: Sent<V1NetworkPolicySpec>): Sent<V1NetworkPolicy> => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, labels: ownLabels(run) },
  spec,
});

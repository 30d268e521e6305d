import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { nodes } from './nodes.js';
import { actRight } from '../model/permission.js';
import { acted, sandboxPermissions } from './support/acted.js';

const cell = z.object({
  /** e.g. `ingress/pod-label/other-label`: one expectation of the matrix. */
  id: z.string(),
  /** What the cell is about, in words, e.g. `pods of another label are kept out`. */
  title: z.string(),
  /** The row of the matrix, in words, e.g. `by pod label`. */
  dimension: z.string(),
  direction: z.enum(['ingress', 'egress', 'both']),
  /** `pod`: to a pod's own address; `service`: to a Service's; `name`: by a DNS name; `node`: from the node to its own pod. */
  via: z.enum(['pod', 'service', 'name', 'node']),
  /** Whether client and server are on one node. */
  path: z.enum(['same-node', 'cross-node']),
  /** The node whose enforcement is asked: that of the pod that the policy selects. */
  node: z.string(),
  /** Pod and node of the client and of the server, e.g. `a on worker-1`. */
  from: z.string(),
  to: z.string(),
  /** e.g. `TCP 8081`. */
  port: z.string(),
  family: z.enum(['IPv4', 'IPv6']),
  expected: z.enum(['allowed', 'denied']),
  observed: z.enum(['allowed', 'denied', 'unsteady', 'not-probed']),
  /** How long after the change the last contrary observation was, in milliseconds; 0 where there was none. */
  lateMs: z.number(),
  /** Why it could not be probed, or what was odd; `''` where nothing was. */
  note: z.string(),
});
export type MatrixCell = z.infer<typeof cell>;

const schema = z.object({
  image: z.string(),
  /** The nodes that took part, each as client and as server. */
  nodes: z.readonly(z.array(z.string())),
  /** How many nodes could have taken part; more than `nodes` where a sample was taken. */
  eligible: z.number(),
  /** Nodes that could not take part, each with the reason. */
  leftOut: z.readonly(z.array(z.object({ node: z.string(), why: z.string() }))),
  families: z.readonly(z.array(z.enum(['IPv4', 'IPv6']))),
  /** What could not be shown here, one sentence each, e.g. traffic across nodes on a cluster of one. */
  notShown: z.readonly(z.array(z.string())),
  /** Policies of others that act upon every namespace, so that an unexpected answer may be theirs. */
  foreignPolicies: z.readonly(z.array(z.string())),
  /** Nodes by whether 169.254.169.254 took a connection from a pod there before any policy of ours; absent in records of before. */
  metadataService: z.optional(z.object({ reached: z.readonly(z.array(z.string())), silent: z.readonly(z.array(z.string())) })),
  /** Why the whole matrix ended early; `''` where it did not. */
  ended: z.string(),
  /** How long it took until everything was observed, the removal of what was made not included, in milliseconds. */
  tookMs: z.number(),
  cells: z.readonly(z.array(cell)),
});
export type NetworkPolicyMatrix = z.infer<typeof schema>;

/**
 * Whether NetworkPolicy is enforced, cell by cell, by pods of our own under policies of our own (docs/policy-matrix.md).
 * Only what was observed: what should be stands beside it, the judgement does not.
 */
export const networkPolicyMatrix = defineFact({
  name: 'network-policy-matrix',
  tier: 'active',
  schema,
  permissions: [
    ...nodes.permissions,
    ...sandboxPermissions,
    actRight('get', '', 'pods/log', 'what these pods have observed'),
    actRight('patch', '', 'pods', 'telling them their targets, and changing their labels for the policy matrix'),
    actRight('create', '', 'services', 'probing through the address of a Service'),
    actRight('list', '', 'services', 'which addresses these got'),
    actRight('create', 'networking.k8s.io', 'networkpolicies', 'the policies under test, in namespaces of our own'),
    actRight('list', 'networking.k8s.io', 'networkpolicies', 'whether somebody puts policies into new namespaces'),
    actRight('patch', 'networking.k8s.io', 'networkpolicies', 'changing a policy under test'),
    actRight('delete', 'networking.k8s.io', 'networkpolicies', 'removing a policy under test'),
  ],
  collect: (ports) => acted(ports, 'network-policy-matrix', schema),
});

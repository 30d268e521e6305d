import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { apiServerPods, etcdPods } from '../../facts/control-plane-pods.js';
import { nodes } from '../../facts/nodes.js';
import { isUnavailable } from '../../model/fact.js';
import { undecided, type Answer } from '../../model/outcome.js';
import { read, type Requirement, type Rung } from '../../model/requirement.js';
import { flagsOfApiServers, flagsOfEtcd, flagsOfFlagz } from '../support/control-plane-flags.js';
import { etcdAccess, etcdIsolation, etcdIsolationByFlagz } from './etcd-access.js';
import { etcdAcl, etcdCnAuth, etcdCnAuthByClient, etcdOwnCa, etcdOwnCaByFlagz, etcdTls, etcdTlsByFlagz } from './etcd-tls.js';

const clause = '#standard';
const settledBy = { statement: true, how: 'Hand in a statement of the provider about etcd.' } as const;

/** Where etcd runs: by the pods of the control plane, then by the flags in effect of a hidden API server. */
const isolation = (then: (answer: Answer) => Answer): readonly Rung[] => [
  read({ etcdPods, apiServerPods, nodes }, (facts) => then(etcdIsolation(facts.etcdPods, facts.apiServerPods, facts.nodes))),
  // Without the right to list nodes, pods still show a stacked etcd.
  read(
    { etcdPods, apiServerPods },
    (facts, _, seen) => then(etcdIsolation(facts.etcdPods, facts.apiServerPods, [], isUnavailable(seen.nodes) ? [] : seen.nodes)),
    { nodes },
  ),
  read({ apiServerFlagz, nodes }, (facts) => then(etcdIsolationByFlagz(facts.apiServerFlagz, facts.nodes))),
];

/** Who etcd takes for a client: by etcd's own flags, then by what the API server does. */
const authentication = (then: (answer: Answer) => Answer): readonly Rung[] => [
  read({ etcdPods, apiServerPods }, (facts) => then(etcdCnAuth(facts.etcdPods, facts.apiServerPods))),
  read({ apiServerPods }, (facts) => then(etcdCnAuthByClient(flagsOfApiServers(facts.apiServerPods)))),
  read({ apiServerFlagz }, (facts) => then(etcdCnAuthByClient([flagsOfFlagz(facts.apiServerFlagz)]))),
];

/** Where the right to list pods is missing, the API server's half can still break a requirement on both. */
const memberUnseen = undecided("etcd's own flags cannot be seen");

const asItIs = (answer: Answer): Answer => answer;

/** The requirements on etcd of scs-0217-v1, in the catalogue's order. */
export const etcdRequirements: readonly Requirement[] = [
  {
    id: 'etcd-isolated',
    level: 'SHOULD',
    title: 'etcd runs on machines of its own',
    clause,
    remediation: 'Run etcd as an external cluster, on machines that are no nodes of this Kubernetes cluster.',
    ladder: isolation(asItIs),
    settledBy,
    configuredBy: ['external', 'etcd'],
  },
  {
    id: 'etcd-access',
    level: 'MUST',
    title: 'Only the API server and what needs it can reach an isolated etcd',
    clause,
    remediation: 'Open ports 2379 and 2380 of the etcd machines to the API servers and to each other only.',
    ladder: isolation(etcdAccess),
    settledBy,
    configuredBy: ['external', 'etcd'],
  },
  {
    id: 'etcd-tls',
    level: 'MUST',
    title: 'etcd speaks TLS to its clients and among its members',
    clause,
    remediation:
      'Give etcd --cert-file, --key-file, --peer-cert-file and --peer-key-file with https URLs, and kube-apiserver https URLs in --etcd-servers with --etcd-cafile.',
    ladder: [
      read({ apiServerPods, etcdPods }, (facts) => etcdTls(facts.apiServerPods, facts.etcdPods)),
      read({ apiServerFlagz, etcdPods, apiServerPods }, (facts) =>
        etcdTlsByFlagz(facts.apiServerFlagz, flagsOfEtcd(facts.etcdPods, facts.apiServerPods)),
      ),
      read({ apiServerFlagz }, (facts) => etcdTlsByFlagz(facts.apiServerFlagz, memberUnseen)),
    ],
    settledBy,
    configuredBy: ['etcd-servers', 'client-cert-auth', 'cert-file', 'endpoints', 'etcd'],
  },
  {
    id: 'etcd-own-ca',
    level: 'SHOULD',
    title: 'etcd has a certificate authority of its own',
    clause,
    remediation:
      'Issue the certificates of etcd by a CA that issues nothing else, and name it in --trusted-ca-file of etcd and --etcd-cafile of kube-apiserver.',
    ladder: [
      read({ apiServerPods, etcdPods }, (facts) => etcdOwnCa(facts.apiServerPods, facts.etcdPods)),
      read({ apiServerFlagz, etcdPods, apiServerPods }, (facts) =>
        etcdOwnCaByFlagz(facts.apiServerFlagz, flagsOfEtcd(facts.etcdPods, facts.apiServerPods)),
      ),
      read({ apiServerFlagz }, (facts) => etcdOwnCaByFlagz(facts.apiServerFlagz, memberUnseen)),
    ],
    settledBy,
    configuredBy: ['etcd-cafile', 'caFile', 'trusted-ca-file', 'etcd'],
  },
  {
    id: 'etcd-acl',
    level: 'MUST',
    title: 'etcd restricts who may access which keys',
    clause,
    remediation:
      'Create users and roles in etcd for each of its clients and enable authentication (etcdctl auth enable), with --client-cert-auth=true.',
    ladder: authentication(etcdAcl),
    settledBy: { statement: true, how: 'Hand in a statement of the provider about users and roles of etcd.' },
    configuredBy: ['client-cert-auth', 'etcd'],
  },
  {
    id: 'etcd-cn-auth',
    level: 'MUST',
    title: 'etcd authenticates its clients by the name in their certificate',
    clause,
    remediation: 'Set --client-cert-auth=true and --trusted-ca-file for every member of etcd.',
    ladder: authentication(asItIs),
    settledBy,
    configuredBy: ['client-cert-auth', 'trusted-ca-file', 'etcd'],
  },
];

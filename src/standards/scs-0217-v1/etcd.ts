import { openPorts } from '../../facts/open-ports.js';
import { factOf, isUnavailable } from '../../model/fact.js';
import { fail, listed, unrelated } from '../../model/outcome.js';
import type { Requirement, Rung } from '../../model/requirement.js';
import { frontFacts, frontIn } from '../support/front.js';
import { climb } from '../support/together.js';
import { etcdAccess, etcdIsolation } from './etcd-access.js';
import { etcdAcl, etcdAuthentication, etcdOwnCa, etcdTls } from './etcd-tls.js';
import { openFromOutside } from './ports.js';

const clause = '#standard';
const settledBy = { statement: true, nextStep: 'Provide a statement of the provider about etcd.' } as const;

const isolated = etcdIsolation();
/** Of etcd: for its clients, and for its peers. */
const etcdPorts: readonly number[] = [2379, 2380];

/**
 * A port of etcd that answers from outside breaks `etcd-access`, if etcd is isolated. Closed ports prove nothing: the machines of an isolated etcd
 * are no nodes, and nobody tried them.
 */
const byConnects: Rung = {
  rung: 'behave',
  facts: [...new Set([openPorts, ...Object.values(frontFacts), ...isolated.flatMap(({ facts }) => facts)])],
  answer: (facts, now) => {
    const seen = factOf(facts, openPorts);
    if (isUnavailable(seen) || climb(isolated, facts, now).judgement?.outcome !== 'pass')
      return unrelated('no port of an isolated etcd was seen');
    const open = openFromOutside(seen, frontIn(facts)).filter(({ port }) => etcdPorts.includes(port));
    if (open.length === 0) return unrelated('no port of etcd answers from outside');
    const where = open.map(({ of, host, port }) => `${of} (${host}) port ${port}`);
    return fail(
      `A port of etcd answers from outside: ${listed(where)}.`,
      where.map((source) => ({ source: `TCP connect to ${source}`, observed: 'open' })),
    );
  },
};

/** The requirements on etcd of scs-0217-v1, in the catalogue's order. */
export const etcdRequirements: readonly Requirement[] = [
  {
    id: 'etcd-isolated',
    level: 'SHOULD',
    title: 'etcd runs on machines of its own',
    clause,
    remediation: 'Run etcd as an external cluster, on machines that are no nodes of this Kubernetes cluster.',
    ladder: isolated,
    settledBy,
    configuredBy: ['external', 'etcd'],
  },
  {
    id: 'etcd-access',
    level: 'MUST',
    title: 'Only the API server and what needs it can reach an isolated etcd',
    clause,
    remediation: 'Open ports 2379 and 2380 of the etcd machines to the API servers and to each other only.',
    ladder: [byConnects, ...etcdIsolation(etcdAccess)],
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
    ladder: etcdTls,
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
    ladder: etcdOwnCa,
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
    ladder: etcdAuthentication(etcdAcl),
    settledBy: { statement: true, nextStep: 'Provide a statement of the provider about users and roles of etcd.' },
    configuredBy: ['client-cert-auth', 'etcd'],
  },
  {
    id: 'etcd-cn-auth',
    level: 'MUST',
    title: 'etcd authenticates its clients by the name in their certificate',
    clause,
    remediation: 'Set --client-cert-auth=true and --trusted-ca-file for every member of etcd.',
    ladder: etcdAuthentication(),
    settledBy,
    configuredBy: ['client-cert-auth', 'trusted-ca-file', 'etcd'],
  },
];

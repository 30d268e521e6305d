import { describe, expect, test } from '@jest/globals';
import type { ControlPlanePod } from '../../src/facts/control-plane-pods.js';
import { scs0215v1 } from '../../src/standards/scs-0215-v1.js';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { apiServer, etcdMember, nodeAt } from '../helpers/control-plane.js';
import { settle } from '../helpers/settle.js';

const good = {
  'max-requests-inflight': '800',
  'max-mutating-requests-inflight': '400',
  'min-request-timeout': '300',
  'enable-admission-plugins': 'NodeRestriction,EventRateLimit',
};
const compacted = { 'auto-compaction-mode': 'periodic', 'auto-compaction-retention': '8h' };
/** What breaks every row that flags of an API server, or of a member of etcd, can break. */
const bad = {
  'max-requests-inflight': '0',
  'max-mutating-requests-inflight': '0',
  'enable-priority-and-fairness': 'false',
  'enable-admission-plugins': '',
  'disable-admission-plugins': 'PodSecurity',
  'authorization-mode': 'AlwaysAllow',
  'etcd-servers': 'http://127.0.0.1:2379',
  'etcd-cafile': '/etc/kubernetes/pki/ca.crt',
};
const badMember = { 'client-cert-auth': 'false', 'trusted-ca-file': '/etc/kubernetes/pki/ca.crt', 'cert-file': undefined };

const names = ['cp-1', 'cp-2', 'cp-3'] as const;
const servers = names.map((name) => apiServer(good, name));
const members = names.map((name) => etcdMember(compacted, name));
const nodes = names.map((name, i) => nodeAt(name, `172.18.0.${i + 2}`));
/** What all rows come to by the pods of the control plane alone. */
const rows = (apiServers: readonly ControlPlanePod[], etcd: readonly ControlPlanePod[] = members) => ({
  ...settle(scs0215v1.requirements, { nodes, 'kube-apiserver-pods': apiServers, 'etcd-pods': etcd }),
  ...settle(scs0217v1.requirements, { nodes, 'kube-apiserver-pods': apiServers, 'etcd-pods': etcd }),
});
const idsWith = (outcome: string, all: ReturnType<typeof rows>): readonly string[] =>
  Object.keys(all).filter((id) => all[id]?.outcome === outcome);
const last = <T>(all: readonly T[], one: T): readonly T[] => [...all.slice(0, -1), one];

const complete = rows(servers);
const [byServers, byMembers] = [
  rows(last(servers, apiServer({ ...good, ...bad }, 'cp-3'))),
  rows(servers, last(members, etcdMember(badMember, 'cp-3'))),
];
const passing = idsWith('pass', complete);
const brokenByServer = passing.filter((id) => byServers[id]?.outcome === 'fail');
const brokenByMember = passing.filter((id) => byMembers[id]?.outcome === 'fail');

test('the rows that flags can pass and break', () => {
  expect(brokenByServer).toEqual(
    expect.arrayContaining(['request-limit-flags', 'event-rate-limit', 'authorization-methods', 'etcd-tls', 'etcd-own-ca']),
  );
  expect(brokenByMember).toEqual(expect.arrayContaining(['etcd-compaction-mode', 'etcd-cn-auth', 'etcd-own-ca', 'etcd-tls']));
});

describe.each([...new Set([...brokenByServer, ...brokenByMember])])('%s', (id) => {
  const of = (apiServers: readonly ControlPlanePod[], etcd = members as readonly ControlPlanePod[]) => rows(apiServers, etcd)[id];

  test('some API servers alone do not pass it: a node of the control plane shows none', () => {
    const two = servers.slice(0, 2).map((pod) => ({ ...pod, unseenOn: ['cp-3'] }));
    expect(of(two, members.slice(0, 2))).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('can be seen on the node cp-3'),
    });
  });

  test('nor do those of an API server whose flags are not in its command line', () => {
    const some = last(servers, { ...apiServer({}, 'cp-3'), flags: {} });
    expect(of(some)?.outcome).toBe(brokenByServer.includes(id) ? 'abort' : 'pass');
  });

  test('one that does not run keeps nothing from a pass, as an outage changes no flag', () => {
    expect(of(last(servers, { ...apiServer(good, 'cp-3'), running: false }))?.outcome).toBe('pass');
    expect(of(servers, last(members, { ...etcdMember(compacted, 'cp-3'), running: false }))?.outcome).toBe('pass');
  });

  test('of pods that do not run at all none passes it', () => {
    const [stopped, none] = [servers, members].map((all) => all.map((pod) => ({ ...pod, running: false })));
    expect(of(stopped ?? [], none ?? [])?.outcome).toBe('abort');
  });
});

test.each(brokenByServer)('%s: an API server breaks it by its flags, whether its pod runs or not, and whatever the others hide', (id) => {
  const broken = apiServer({ ...good, ...bad }, 'cp-3');
  const [first = broken, second = broken] = servers;
  expect(rows([first, second, { ...broken, running: false }])[id]?.outcome).toBe('fail');
  expect(rows([{ ...first, flags: {} }, second, broken])[id]?.outcome).toBe('fail');
  expect(rows([first, second, broken].map((pod) => ({ ...pod, unseenOn: ['cp-4'] })))[id]?.outcome).toBe('fail');
});

test.each(brokenByMember)('%s: a member of etcd breaks it by its flags, whether its pod runs or not', (id) => {
  expect(rows(servers, last(members, { ...etcdMember(badMember, 'cp-3'), running: false }))[id]?.outcome).toBe('fail');
});

describe('members of etcd that cannot be seen', () => {
  const compaction = (apiServers: readonly ControlPlanePod[], etcd: readonly ControlPlanePod[]) =>
    rows(apiServers, etcd)['etcd-compaction-retention'];
  test('an API server that finds etcd at loopback has one beside it', () => {
    expect(compaction(servers, members.slice(0, 1))).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('no etcd pod can be seen on the nodes cp-2, cp-3 of the control plane'),
    });
  });
  test('etcd on nodes of its own, which API servers reach by a proxy at loopback', () => {
    const own = ['e-1', 'e-2', 'e-3'].map((name) => etcdMember(compacted, name));
    expect(compaction(servers, own)?.outcome).toBe('pass');
  });
});

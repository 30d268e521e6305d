import { describe, expect, test } from '@jest/globals';
import { etcdRequirements } from '../../src/standards/scs-0217-v1/etcd.js';
import type { Facts } from '../../src/model/fact.js';
import { apiServer, etcdMember, flagz, nodeAt } from '../helpers/control-plane.js';
import { forbidden, settle, settleOne } from '../helpers/settle.js';

const outcomes = (facts: Facts, ...ids: string[]): string[] => {
  const rows = settle(etcdRequirements, facts);
  return ids.map((id) => rows[id]?.outcome ?? 'no row');
};
const message = (id: string, facts: Facts): string => settleOne(etcdRequirements, id, facts).message;

const nodes = [nodeAt('cp-1', '172.18.0.2'), nodeAt('w-1', '172.18.0.3')];
const facts = (apiServers: unknown, etcd: unknown, changes: Facts = {}): Facts => ({
  nodes,
  'kube-apiserver-pods': apiServers,
  'etcd-pods': etcd,
  'api-server-flagz': forbidden('/flagz'),
  ...changes,
});
const kubeadm = facts([apiServer()], [etcdMember()]);
const hidden = (flags: Readonly<Record<string, string | undefined>> = {}): Facts => facts([], [], { 'api-server-flagz': flagz(flags) });
const podsForbidden = (flags: Readonly<Record<string, string | undefined>> = {}): Facts =>
  facts(forbidden('pods'), forbidden('pods'), { 'api-server-flagz': flagz(flags) });
const nothing = {
  nodes: forbidden('nodes'),
  'kube-apiserver-pods': forbidden('pods'),
  'etcd-pods': forbidden('pods'),
  'api-server-flagz': forbidden('/flagz'),
};
const external = (servers: string, changes: Facts = {}): Facts => facts([apiServer({ 'etcd-servers': servers })], [], changes);

describe('etcd that is isolated, and who can reach it', () => {
  test.each([
    ['stacked, as kubeadm does it', kubeadm, 'fail', 'not-applicable'],
    ['no etcd pod, the endpoint is loopback', external('https://127.0.0.1:2379'), 'fail', 'not-applicable'],
    ['no etcd pod, the endpoint is IPv6 loopback', external('https://[::1]:2379'), 'fail', 'not-applicable'],
    ['no etcd pod, the endpoint is a node', external('https://172.18.0.3:2379'), 'fail', 'not-applicable'],
    [
      'one endpoint of three is a node',
      external('https://10.0.0.1:2379,https://172.18.0.3:2379,https://10.0.0.3:2379'),
      'fail',
      'not-applicable',
    ],
    ['on other machines', external('https://10.0.0.1:2379,https://10.0.0.2:2379'), 'pass', 'abort'],
    [
      'on other machines, and an etcd in the network of pods',
      facts([apiServer({ 'etcd-servers': 'https://10.0.0.1:2379' })], [{ ...etcdMember(), hostNetwork: false }]),
      'abort',
      'abort',
    ],
    [
      'the endpoint is loopback, and an etcd in the network of pods',
      facts([apiServer()], [{ ...etcdMember(), hostNetwork: false }]),
      'fail',
      'not-applicable',
    ],
    [
      'a node by another spelling of its address',
      external('https://[FD00:10:0:0::A]:2379', { nodes: [nodeAt('cp-1', 'fd00:10::a')] }),
      'fail',
      'not-applicable',
    ],
    ['no node by its IPv6 address', external('https://[fd00:10::b]:2379', { nodes: [nodeAt('cp-1', 'fd00:10::a')] }), 'pass', 'abort'],
    [
      'a further etcd on a node',
      facts([apiServer({ 'etcd-servers': 'https://10.0.0.1:2379', 'etcd-servers-overrides': '/events#https://172.18.0.3:2379' })], []),
      'fail',
      'not-applicable',
    ],
    ['an address of the Service range', external('https://10.96.3.7:2379'), 'abort', 'abort'],
    ['a name may stand for a node', external('https://etcd.example.org:2379'), 'abort', 'abort'],
    ['a socket', external('unix:///run/kine.sock'), 'abort', 'abort'],
    ['on other machines, nodes forbidden', external('https://10.0.0.1:2379', { nodes: forbidden('nodes') }), 'abort', 'abort'],
    ['stacked, nodes forbidden', facts([apiServer()], [etcdMember()], { nodes: forbidden('nodes') }), 'fail', 'not-applicable'],
    ['hidden, loopback in /flagz', hidden(), 'abort', 'abort'],
    ['hidden, another machine in /flagz', hidden({ 'etcd-servers': '[https://10.0.0.1:2379]' }), 'abort', 'abort'],
    ['hidden, a node of the cluster in /flagz', hidden({ 'etcd-servers': '[https://172.18.0.2:2379]' }), 'fail', 'not-applicable'],
    ['hidden, no /flagz', facts([], []), 'abort', 'abort'],
    ['nothing can be read', nothing, 'abort', 'abort'],
  ])('%s', (_, some, isolated, access) => {
    expect(outcomes(some, 'etcd-isolated', 'etcd-access')).toEqual([isolated, access]);
  });

  test('a hidden control plane is called so', () => {
    expect(message('etcd-isolated', hidden())).toContain(
      'No API server pod and no etcd pod can be seen: they are hosted elsewhere, or run as processes of a node',
    );
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'K3s and RKE2',
      { 'node-role.kubernetes.io/control-plane': 'true', 'node-role.kubernetes.io/etcd': 'true' },
      'or run as processes of the node s-1',
    ],
    ['a node for etcd alone', { 'node-role.kubernetes.io/etcd': 'true' }, 'or run as processes of the node s-1'],
    ['MicroK8s', { 'node.kubernetes.io/microk8s-controlplane': '' }, 'or run as processes of the node s-1'],
    [
      'OpenShift',
      { 'node-role.kubernetes.io/master': '', 'node.openshift.io/os_id': 'rhel' },
      'OpenShift runs them in the namespaces openshift-kube-apiserver and openshift-etcd, which this check does not list',
    ],
  ])('%s: the servers are nodes of this cluster, which is said once', (_, labels, sentence) => {
    const some = facts([], [], { nodes: [{ ...nodeAt('s-1', '10.0.0.2'), labels }, nodeAt('w-1', '10.0.0.3')] });
    expect(outcomes(some, 'etcd-isolated', 'etcd-access')).toEqual(['abort', 'abort']);
    expect(message('etcd-isolated', some)).toContain(sentence);
    expect(message('etcd-isolated', some).match(/can be seen/g)).toHaveLength(1);
    expect(message('etcd-isolated', some)).not.toContain('outside');
  });

  test('API server pods without etcd pods: that etcd is elsewhere is not said as a fact', () => {
    expect(message('etcd-cn-auth', facts([apiServer()], []))).toContain(
      'No etcd pod can be seen in kube-system: etcd is hosted elsewhere, runs as a process of a node, or runs in another namespace',
    );
  });

  test('kOps: etcd-manager runs on the nodes and shows no flag of etcd', () => {
    const some = facts(
      [apiServer({ 'etcd-servers': 'https://127.0.0.1:4001' })],
      [{ ...etcdMember(), name: 'etcd-manager-main-cp-1', flags: {} }],
    );
    expect(outcomes(some, 'etcd-isolated', 'etcd-tls', 'etcd-cn-auth', 'etcd-own-ca')).toEqual(['fail', 'abort', 'abort', 'abort']);
    expect(message('etcd-tls', some)).toContain("pod etcd-manager-main-cp-1: etcd's settings are not in its command line");
  });
});

/** An API server that stores events in an etcd of their own. */
const further = (urls: string) => apiServer({ 'etcd-servers': 'https://127.0.0.1:2379', 'etcd-servers-overrides': `/events#${urls}` });

test.each(['etcd-own-ca', 'etcd-cn-auth'])('%s: members of a further etcd are not seen', (id) => {
  const some = facts([further('https://10.0.0.9:2379')], [etcdMember()]);
  expect([outcomes(kubeadm, id), outcomes(some, id)]).toEqual([['pass'], ['abort']]);
  expect(message(id, some)).toContain('https://10.0.0.9:2379');
});

describe('TLS of etcd', () => {
  const selfSigned = { 'cert-file': undefined, 'key-file': undefined, 'peer-cert-file': undefined, 'peer-key-file': undefined };
  const member = (changes: Readonly<Record<string, string | undefined>>): Facts => facts([apiServer()], [etcdMember(changes)]);
  test.each([
    ['kubeadm', kubeadm, 'pass'],
    ['the API server calls in clear text', facts([apiServer({ 'etcd-servers': 'http://127.0.0.1:2379' })], [etcdMember()]), 'fail'],
    [
      'one endpoint of two in clear text',
      facts([apiServer({ 'etcd-servers': 'https://127.0.0.1:2379,http://10.0.0.2:2379' })], [etcdMember()]),
      'fail',
    ],
    ['a further etcd in clear text', facts([further('http://10.0.0.9:2379')], [etcdMember()]), 'fail'],
    [
      'a further etcd whose members are not seen',
      facts([further('https://10.0.0.9:2379;https://10.0.0.10:2379')], [etcdMember()]),
      'abort',
    ],
    ['the same etcd named again', facts([further('https://127.0.0.1:2379')], [etcdMember()]), 'pass'],
    ['etcd is checked by the CAs of the system', facts([apiServer({ 'etcd-cafile': undefined })], [etcdMember()]), 'pass'],
    ['no certificate to show: a matter of etcd-cn-auth', facts([apiServer({ 'etcd-certfile': '' })], [etcdMember()]), 'pass'],
    ['no certificate for clients', member({ 'cert-file': undefined }), 'fail'],
    ['no certificate for peers', member({ 'peer-cert-file': undefined }), 'fail'],
    ['certificates that etcd signs itself', member({ ...selfSigned, 'auto-tls': 'true', 'peer-auto-tls': 'true' }), 'pass'],
    ['one for clients that etcd signs itself', member({ 'cert-file': undefined, 'auto-tls': '1' }), 'pass'],
    ['one for clients alone that etcd signs itself', member({ ...selfSigned, 'auto-tls': 'true' }), 'fail'],
    ['auto-tls that is off', member({ ...selfSigned, 'auto-tls': 'false', 'peer-auto-tls': 'false' }), 'fail'],
    ['clients need no certificate', member({ 'client-cert-auth': undefined }), 'pass'],
    ['clients need no certificate, said so', member({ 'client-cert-auth': 'false' }), 'pass'],
    ['peers need no certificate', member({ 'peer-client-cert-auth': undefined }), 'pass'],
    ['a second listener in clear text', member({ 'listen-client-urls': 'https://10.0.0.1:2379,http://0.0.0.0:2379' }), 'fail'],
    ...(['listen-client-urls', 'listen-client-http-urls', 'listen-peer-urls'] as const).flatMap((name) => [
      [`${name}: a socket beside TLS`, member({ [name]: 'https://10.0.0.1:2379,unix:///run/etcd.sock' }), 'pass'] as const,
      [`${name}: clear text beside TLS`, member({ [name]: 'https://10.0.0.1:2379,HTTP://10.0.0.1:2382' }), 'fail'] as const,
      [`${name}: clear text on loopback`, member({ [name]: 'http://127.0.0.1:2382' }), 'fail'] as const,
      [`${name}: TLS`, member({ [name]: 'https://10.0.0.1:2382' }), 'pass'] as const,
    ]),
    ['peers in clear text', member({ 'listen-peer-urls': 'http://10.0.0.1:2380' }), 'fail'],
    ['no listener named: clear text by default', member({ 'listen-client-urls': undefined }), 'fail'],
    ['one member of two', facts([apiServer()], [etcdMember(), etcdMember({ 'cert-file': undefined }, 'cp-2')]), 'fail'],
    ['one API server of two', facts([apiServer(), apiServer({ 'etcd-servers': 'http://127.0.0.1:2379' }, 'cp-2')], [etcdMember()]), 'fail'],
    ['etcd elsewhere: peers cannot be seen', external('https://10.0.0.1:2379'), 'abort'],
    ['etcd elsewhere, in clear text', external('http://10.0.0.1:2379'), 'fail'],
    ['kine behind a socket', external('unix:///run/kine.sock'), 'abort'],
    ['hidden, TLS in /flagz: peers cannot be seen', hidden(), 'abort'],
    ['hidden, clear text in /flagz', hidden({ 'etcd-servers': '[http://127.0.0.1:2379]' }), 'fail'],
    ['hidden, no CA in /flagz: peers cannot be seen', hidden({ 'etcd-cafile': '' }), 'abort'],
    ['hidden, etcd pods to be seen', facts([], [etcdMember()], { 'api-server-flagz': flagz() }), 'pass'],
    ['pods forbidden, TLS in /flagz', podsForbidden(), 'abort'],
    ['pods forbidden, clear text in /flagz', podsForbidden({ 'etcd-servers': '[http://127.0.0.1:2379]' }), 'fail'],
    ['nothing can be read', nothing, 'abort'],
  ])('%s', (_, some, expected) => {
    expect(outcomes(some, 'etcd-tls')).toEqual([expected]);
  });
});

describe('a CA of its own', () => {
  const cluster = '/etc/kubernetes/pki/ca.crt';
  test.each([
    ['kubeadm', kubeadm, 'pass'],
    ['the API server checks etcd by the CA of the cluster', facts([apiServer({ 'etcd-cafile': cluster })], [etcdMember()]), 'fail'],
    ['etcd trusts the CA of the cluster', facts([apiServer()], [etcdMember({ 'trusted-ca-file': cluster })]), 'fail'],
    ['the same path in other words', facts([apiServer()], [etcdMember({ 'trusted-ca-file': '/etc/kubernetes//pki/./ca.crt' })]), 'fail'],
    ['one member of two', facts([apiServer()], [etcdMember(), etcdMember({ 'trusted-ca-file': cluster }, 'cp-2')]), 'fail'],
    ['no CA at all', facts([apiServer({ 'etcd-cafile': undefined })], [etcdMember({ 'trusted-ca-file': undefined })]), 'fail'],
    ['the cluster has no CA for clients', facts([apiServer({ 'client-ca-file': undefined })], [etcdMember()]), 'abort'],
    ['etcd elsewhere', external('https://10.0.0.1:2379'), 'abort'],
    ['hidden, two CAs in /flagz', hidden(), 'abort'],
    ['hidden, one CA in /flagz', hidden({ 'etcd-cafile': cluster }), 'fail'],
    ['pods forbidden, one CA in /flagz', podsForbidden({ 'etcd-cafile': cluster }), 'fail'],
    ['nothing can be read', nothing, 'abort'],
  ])('%s', (_, some, expected) => {
    expect(outcomes(some, 'etcd-own-ca')).toEqual([expected]);
  });

  test('a pass says that it goes by path', () => {
    expect(message('etcd-own-ca', kubeadm)).toMatch(/^by path/);
  });
});

describe('users of etcd: by certificate, and with what rights', () => {
  test.each([
    ['kubeadm', kubeadm, 'pass', 'abort'],
    ['no client certificates', facts([apiServer()], [etcdMember({ 'client-cert-auth': undefined })]), 'fail', 'fail'],
    ['no CA for clients', facts([apiServer()], [etcdMember({ 'trusted-ca-file': undefined })]), 'fail', 'fail'],
    [
      'a second listener in clear text',
      facts([apiServer()], [etcdMember({ 'listen-client-urls': 'https://a:1,http://b:2' })]),
      'fail',
      'fail',
    ],
    ...(
      [
        ['a socket beside TLS', { 'listen-client-urls': 'https://a:1,unix:///run/etcd.sock' }, 'pass', 'abort'],
        ['nothing but a socket', { 'listen-client-urls': 'unix:///run/etcd.sock' }, 'abort', 'abort'],
        ['HTTP alone, in clear text', { 'listen-client-http-urls': 'http://0.0.0.0:2382' }, 'fail', 'fail'],
        ['HTTP alone, by TLS', { 'listen-client-http-urls': 'https://127.0.0.1:2382' }, 'pass', 'abort'],
        ['peers in clear text: a matter of etcd-tls', { 'listen-peer-urls': 'http://10.0.0.1:2380' }, 'pass', 'abort'],
      ] as const
    ).map(([what, flags, ...expected]) => [what, facts([apiServer()], [etcdMember(flags)]), ...expected] as const),
    ['one member of two', facts([apiServer()], [etcdMember(), etcdMember({ 'client-cert-auth': '0' }, 'cp-2')]), 'fail', 'fail'],
    ['etcd elsewhere, called with a certificate', external('https://10.0.0.1:2379'), 'abort', 'abort'],
    ['etcd elsewhere, called in clear text', external('http://10.0.0.1:2379'), 'fail', 'fail'],
    ['kine behind a socket', external('unix:///run/kine.sock'), 'abort', 'abort'],
    ['hidden', hidden(), 'abort', 'abort'],
    ['hidden, called without a certificate', hidden({ 'etcd-certfile': '' }), 'fail', 'fail'],
    ['pods forbidden', podsForbidden(), 'abort', 'abort'],
    ['nothing can be read', nothing, 'abort', 'abort'],
  ])('%s', (_, some, authentication, acl) => {
    expect(outcomes(some, 'etcd-cn-auth', 'etcd-acl')).toEqual([authentication, acl]);
  });

  test('what is left to the provider says what to provide', () => {
    expect(settleOne(etcdRequirements, 'etcd-acl', kubeadm).nextStep).toContain('users and roles');
  });
});

test('all rows of the catalogue', () => {
  expect(etcdRequirements.map((r) => `${r.id} ${r.level}`).sort()).toEqual([
    'etcd-access MUST',
    'etcd-acl MUST',
    'etcd-cn-auth MUST',
    'etcd-isolated SHOULD',
    'etcd-own-ca SHOULD',
    'etcd-tls MUST',
  ]);
});

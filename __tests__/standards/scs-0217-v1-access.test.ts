import { describe, expect, test } from '@jest/globals';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { apiServer, flagz } from '../helpers/control-plane.js';
import { direct, doubtful, proxied } from '../helpers/front.js';
import { decided, hidden, kubeadm, metrics, noRelationship, rbacAllows } from '../helpers/hardening.js';
import { forbidden, settleOne } from '../helpers/settle.js';

type Facts = Readonly<Record<string, unknown>>;
type Cases = readonly (readonly [string, Facts, string, RegExp])[];
const no = forbidden('x');
const expectRow = (id: string, facts: Facts, outcome: string, message: RegExp): void => {
  const { outcome: seen, message: why } = settleOne(scs0217v1.requirements, id, facts);
  expect([seen, why]).toEqual([outcome, expect.stringMatching(message)]);
};

describe('authentication-methods', () => {
  const token = (accepted: boolean) => ({ accepted, by: 'token-review' });
  const login = (kind: string): Facts => ({ ...kubeadm, 'own-identity': { login: kind } });
  const nothing = { clientCa: false, requestHeaderCa: false };
  const byFlags = (changes: Readonly<Record<string, string | undefined>>): Facts => ({
    ...login('service-account'),
    'authentication-config': nothing,
    'kube-apiserver-pods': [apiServer({ 'client-ca-file': undefined, ...changes })],
  });
  const headersOnly = { clientCa: false, requestHeaderCa: true };
  /** `/flagz` with every flag of authentication, none of them set but these. */
  const allFlags = (changes: Readonly<Record<string, string>>) => ({
    flags: { ...kubeadm['api-server-flagz'].flags, 'client-ca-file': '', ...changes },
  });
  const published: Facts = { ...kubeadm, 'own-identity': no };
  const cases: Cases = [
    ['a certificate beside ServiceAccount tokens, with the caution', kubeadm, 'pass', /X\.509\)\. Client certificates cannot be revoked/],
    ['the same on a hidden control plane', hidden, 'pass', /X\.509/],
    [
      'a login by some other method, such as OpenID Connect',
      { ...login('other'), ...direct },
      'pass',
      /^The API server takes ServiceAccount tokens and the method by which this run itself logged in\.$/,
    ],
    [
      'a login by a ServiceAccount, a client CA published',
      login('service-account'),
      'pass',
      /tokens and client certificates \(X\.509\)\. Client certificates cannot be revoked/,
    ],
    ['tokens are not accepted', { ...kubeadm, 'service-account-token': token(false) }, 'fail', /does not accept them/],
    [
      'tokens are not accepted, and nothing else is known than flags',
      { ...kubeadm, 'service-account-token': token(false), 'own-identity': no, 'authentication-config': no },
      'fail',
      /does not accept them/,
    ],
    [
      'no token to be had, but logged in by one',
      { ...login('service-account'), ...direct, 'service-account-token': no },
      'pass',
      /this run logged in by one/,
    ],
    [
      'no token to be had, but logged in by one that the API server names, whatever is in front',
      { ...kubeadm, 'own-identity': { login: 'service-account', tokenId: true }, 'service-account-token': no },
      'pass',
      /this run logged in by one/,
    ],
    [
      'no token to be had, logged in by certificate',
      { ...kubeadm, 'service-account-token': no },
      'abort',
      /grant create serviceaccounts\/token \(default\) in namespace default/,
    ],
    [
      'a CA for request headers alone is no second method',
      { ...byFlags({ 'requestheader-client-ca-file': '/pki/front-proxy-ca.crt' }), 'authentication-config': headersOnly },
      'fail',
      /the only method of authentication/,
    ],
    [
      'a CA for request headers alone, no flag to be seen',
      { ...published, 'authentication-config': headersOnly, 'kube-apiserver-pods': [], 'api-server-flagz': no },
      'abort',
      /publishes no client CA/,
    ],
    [
      'tokens that a proxy refuses, and TokenReview accepts',
      { ...kubeadm, ...proxied(direct)['a path in the server URL'], 'service-account-token': token(true) },
      'pass',
      /X\.509/,
    ],
    ['nothing published, OpenID Connect by flag', byFlags({ 'oidc-issuer-url': 'https://id.example.org' }), 'pass', /second method/],
    ['nothing published, no flag', byFlags({}), 'fail', /the only method of authentication/],
    ['nothing published, bootstrap tokens off', byFlags({ 'enable-bootstrap-token-auth': 'false' }), 'fail', /the only method/],
    [
      'nothing published, bootstrap tokens on',
      { ...byFlags({ 'enable-bootstrap-token-auth': 'true' }), 'api-server-flagz': no },
      'abort',
      /enable-bootstrap-token-auth is true: bootstrap tokens may be a second method/,
    ],
    ...(['true', 'false'] as const).map(
      (on) =>
        [
          `nothing published, hidden, /flagz with bootstrap tokens ${on}`,
          { ...byFlags({}), 'kube-apiserver-pods': [], 'api-server-flagz': allFlags({ 'enable-bootstrap-token-auth': on }) },
          on === 'true' ? 'abort' : 'fail',
          on === 'true' ? /bootstrap tokens may be a second method/ : /the only method/,
        ] as const,
    ),
    [
      'a login by a bootstrap token at the API server itself',
      { ...login('bootstrap-token'), ...direct },
      'pass',
      /and bootstrap tokens\.$/,
    ],
    [
      'nothing published, a configuration file',
      { ...byFlags({ 'authentication-config': '/etc/a.yaml' }), 'api-server-flagz': no },
      'abort',
      /names a file that cannot be read/,
    ],
    [
      'nothing published, hidden, /flagz names a client CA',
      { ...byFlags({}), 'kube-apiserver-pods': [], 'api-server-flagz': kubeadm['api-server-flagz'] },
      'pass',
      /second method/,
    ],
    [
      'nothing published, hidden, /flagz shows too little',
      { ...byFlags({}), 'kube-apiserver-pods': [], 'api-server-flagz': flagz({ 'client-ca-file': '' }) },
      'abort',
      /not shown/,
    ],
    [
      'an anonymous login proves nothing',
      { ...login('anonymous'), 'authentication-config': no, 'kube-apiserver-pods': [], 'api-server-flagz': no },
      'abort',
      /anonymous, which proves no second method/,
    ],
  ];
  test.each(cases)('%s', (_, facts, outcome, message) => expectRow('authentication-methods', facts, outcome, message));

  const unseen = { 'authentication-config': no, 'kube-apiserver-pods': [], 'api-server-flagz': no };
  const fronts = Object.entries({ ...proxied(direct), ...doubtful(direct) });
  describe.each(['other', 'bootstrap-token'])('a login by %s', (kind) => {
    const world = { ...login(kind), ...unseen };
    test('at the API server itself proves a method', () => {
      expectRow('authentication-methods', { ...world, ...direct }, 'pass', /logged in|bootstrap tokens/);
    });
    test.each(fronts)('that a proxy may have let in proves none: %s', (_, front) => {
      expectRow('authentication-methods', { ...world, ...front }, 'abort', /proves no second method\. A proxy /);
    });
  });
  describe('the name of a ServiceAccount, and no token to be had', () => {
    const world = { ...login('service-account'), 'service-account-token': no };
    const named = (tokenId: boolean): Facts => ({ ...world, 'own-identity': { login: 'service-account', tokenId } });
    test.each(fronts)('a proxy may have impersonated it: %s', (_, front) => {
      for (const facts of [world, named(false)])
        expectRow('authentication-methods', { ...facts, ...front }, 'abort', /was not seen to accept a token\. A proxy /);
      expectRow('authentication-methods', { ...named(true), ...front }, 'pass', /this run logged in by one/);
    });
    test('the API server itself answers', () => {
      for (const facts of [world, named(false), named(true)])
        expectRow('authentication-methods', { ...facts, ...direct }, 'pass', /this run logged in by one/);
    });
  });
});

const weak = { node: decided(true), serviceAccount: decided(true, rbacAllows) };
const open = { node: decided(false, noRelationship, 'No policy matched.'), serviceAccount: decided(true) };
const rbacAlone = { node: decided(false), serviceAccount: decided(true, rbacAllows) };
const answers = (value: unknown, more: Facts = {}): Facts => ({ ...kubeadm, 'authorizer-answers': value, ...more });
const mode = (value: string | undefined, more: Readonly<Record<string, string>> = {}): Facts => ({
  'authorizer-answers': no,
  'api-server-metrics': no,
  'kube-apiserver-pods': [apiServer({ 'authorization-mode': value, ...more })],
});
const blind: Facts = { 'api-server-metrics': no, 'kube-apiserver-pods': [], 'api-server-flagz': no };

describe('authorization-methods', () => {
  const weakFlags = {
    'kube-apiserver-pods': [apiServer({ 'authorization-mode': 'RBAC,ABAC' })],
    'api-server-metrics': metrics({ authorizers: ['ABAC', 'RBAC'] }),
  };
  const cases: Cases = [
    ['Node and RBAC by their reasons', kubeadm, 'pass', /Node and RBAC decide/],
    ['the same, and nothing else can be seen', { ...hidden, ...blind }, 'pass', /Node and RBAC/],
    ['Node and ABAC by reasons joined in one answer', answers(open, blind), 'pass', /Node and ABAC/],
    ['a node is allowed what it may not: flags decide', answers(weak, weakFlags), 'fail', /RBAC,ABAC, which lacks Node/],
    ['a node is allowed what it may not: metrics decide', answers(weak, blind), 'abort', /RBAC alone/],
    ['a node is allowed, by a later authorizer, with Node among those that decided', answers(weak), 'pass', /Node and RBAC decide/],
    [
      'a webhook is the second',
      answers({ ...open, node: decided(false, noRelationship) }, { 'api-server-metrics': metrics({ authorizers: ['Node', 'Webhook'] }) }),
      'pass',
      /Node and Webhook/,
    ],
    ['all were asked about a node, and Node did not speak', answers(rbacAlone, blind), 'fail', /the Node authorizer is not among those/],
    [
      'a webhook did not answer',
      answers({ ...rbacAlone, node: { ...decided(false), evaluationError: 'webhook: context deadline exceeded' } }, blind),
      'abort',
      /not all authorizers answered the question about a node: webhook: context deadline exceeded/,
    ],
    [
      'a webhook did not answer, and Node and RBAC spoke',
      answers({ ...kubeadm['authorizer-answers'], node: { ...decided(false, noRelationship), evaluationError: 'webhook: x' } }, blind),
      'pass',
      /Node and RBAC/,
    ],
    [
      'a webhook cut the question short',
      answers({ ...rbacAlone, node: { ...decided(false, 'no'), denied: true } }, blind),
      'abort',
      /do not tell/,
    ],
    [
      'AlwaysAllow among those that decided',
      answers(no, { 'api-server-metrics': metrics({ authorizers: ['AlwaysAllow', 'Node', 'RBAC'] }) }),
      'fail',
      /AlwaysAllow/,
    ],
    ['by flag', { ...kubeadm, ...mode('Node,RBAC') }, 'pass', /authorization-mode names Node/],
    ['by flag, Node alone', { ...kubeadm, ...mode('Node') }, 'fail', /lacks RBAC, ABAC and Webhook/],
    ['by flag, Node and Webhook', { ...kubeadm, ...mode('Node,Webhook') }, 'pass', /names Node/],
    ['no flag: the default allows everything', { ...kubeadm, ...mode(undefined) }, 'fail', /AlwaysAllow/],
    ['by flag, AlwaysAllow beside the others', { ...kubeadm, ...mode('Node,RBAC,AlwaysAllow') }, 'fail', /AlwaysAllow/],
    [
      'a configuration file',
      { ...kubeadm, ...mode(undefined, { 'authorization-config': '/etc/a.yaml' }), 'api-server-flagz': no },
      'abort',
      /names a file that cannot be read/,
    ],
    ['by /flagz, lists in brackets', { ...hidden, 'authorizer-answers': no, 'api-server-metrics': no }, 'pass', /names Node/],
    [
      '/flagz that shows too little',
      { ...hidden, 'authorizer-answers': no, 'api-server-metrics': no, 'api-server-flagz': { flags: {} } },
      'abort',
      /not shown/,
    ],
    [
      'hidden, and everything forbidden',
      { ...hidden, ...blind, 'authorizer-answers': no },
      'abort',
      /grant create subjectaccessreviews\.authorization\.k8s\.io/,
    ],
  ];
  test.each([
    ['authorization-methods', { 'authorization-mode': 'AlwaysAllow' }, 'fail'],
    ['authorization-rbac', { 'authorization-mode': 'Node,ABAC' }, 'fail'],
    ['authorization-methods', {}, 'pass'],
    ['authorization-rbac', {}, 'pass'],
  ])('%s where another API server has %j', (id, flags, outcome) => {
    const facts = { ...kubeadm, 'kube-apiserver-pods': [apiServer(), apiServer(flags, 'cp-2')] };
    expectRow(id, facts, outcome, outcome === 'fail' ? /kube-apiserver-cp-2/ : /decide/);
  });
  test.each(cases)('%s', (_, facts, outcome, message) => expectRow('authorization-methods', facts, outcome, message));
});

describe('authorization-rbac', () => {
  const abac: Facts = {
    'api-server-metrics': metrics({ authorizers: ['ABAC', 'Node'] }),
    'kube-apiserver-pods': [apiServer({ 'authorization-mode': 'Node,ABAC' })],
  };
  const cases: Cases = [
    ['by its reason', kubeadm, 'pass', /RBAC decides/],
    ['by its reason, without Node', answers(weak), 'pass', /RBAC decides/],
    ['by the decisions that were counted', answers(open), 'pass', /RBAC has decided/],
    ['ABAC instead, by the flag', answers(open, abac), 'fail', /Node,ABAC, which lacks RBAC/],
    [
      'ABAC instead, on a hidden control plane',
      answers(open, { ...abac, 'kube-apiserver-pods': [], 'api-server-flagz': no }),
      'abort',
      /RBAC has decided no request/,
    ],
    ['by flag', { ...kubeadm, ...mode('Node,RBAC') }, 'pass', /names RBAC/],
    ['hidden, and everything forbidden', { ...hidden, ...blind, 'authorizer-answers': no }, 'abort', /grant get \/metrics/],
  ];
  test.each(cases)('%s', (_, facts, outcome, message) => expectRow('authorization-rbac', facts, outcome, message));
});

import { describe, expect, test } from '@jest/globals';
import { authenticationConfig } from '../../src/facts/authentication-config.js';
import { ownIdentity } from '../../src/facts/own-identity.js';
import { serviceAccountToken } from '../../src/facts/service-account-token.js';
import type { ApiRequest } from '../../src/model/ports.js';
import { asking, cannot, outcomeOf, refusal, type Said } from '../helpers/asked.js';

const token = 'eyJhbGciOiJSUzI1NiJ9.c2NzLWthYXM.dGVzdA';
const account = 'system:serviceaccount:default:default';
const self = (username: string, ids?: readonly string[]): Said => ({
  status: 201,
  body: {
    status: { userInfo: { username, ...(ids === undefined ? {} : { extra: { 'authentication.kubernetes.io/credential-id': ids } }) } },
  },
});
const tokenOf = (word: string): Said => ({ status: 201, body: { kind: 'TokenRequest', status: { token: word } } });
const issued: Said = { status: 201, body: { kind: 'TokenRequest', status: { token, expirationTimestamp: '2026-11-23T12:10:00Z' } } };
const reviewed = (authenticated: boolean, username = account): Said => ({
  status: 201,
  body: { kind: 'TokenReview', status: authenticated ? { authenticated, user: { username } } : { error: 'token is expired' } },
});
const unauthorized = refusal(401, 'Unauthorized', 'Unauthorized');

const answering = (request: Said, byToken: Said, review: Said = reviewed(true)) =>
  asking((req: ApiRequest) => (req.path.endsWith('/token') ? request : req.path.endsWith('/tokenreviews') ? review : byToken));

describe('a ServiceAccount token', () => {
  test.each([
    ['is accepted', self(account), reviewed(false), { accepted: true, by: 'self-subject-review' }],
    ['is kept out by a proxy, and the API server knows it', unauthorized, reviewed(true), { accepted: true, by: 'token-review' }],
    ['is answered with a login page', { status: 200, body: '<html>' }, reviewed(true), { accepted: true, by: 'token-review' }],
    ['is redirected to a login', { status: 302, body: '' }, reviewed(true), { accepted: true, by: 'token-review' }],
    ['is dropped by a proxy, which asks as itself', self('proxy'), reviewed(true), { accepted: true, by: 'token-review' }],
    ['is not accepted by the API server that issued it', unauthorized, reviewed(false), { accepted: false, by: 'token-review' }],
    ['is taken for someone else', unauthorized, reviewed(true, 'someone'), { accepted: false, by: 'token-review' }],
  ])('%s', async (_, byToken, review, expected) => {
    const { ports } = answering(issued, byToken, review);
    expect(await serviceAccountToken.collect(ports)).toEqual(expected);
  });

  test('what is no token hides no word of a report', async () => {
    const { ports, secrets } = answering(tokenOf('non-compliant'), self(account));
    await outcomeOf(serviceAccountToken, ports);
    expect(secrets).toEqual([]);
  });

  test('is registered as secret, stands in no fact, and lives ten minutes', async () => {
    const { ports, asked, secrets } = answering(issued, self(account));
    expect(JSON.stringify(await serviceAccountToken.collect(ports))).not.toContain(token);
    expect(secrets).toEqual([token]);
    expect(asked[0]?.body).toMatchObject({ spec: { expirationSeconds: 600 } });
    expect(asked[1]).toMatchObject({ bearerToken: token, path: '/apis/authentication.k8s.io/v1/selfsubjectreviews' });
  });

  test.each([
    ['the right to ask for one is missing', cannot('create', 'serviceaccounts/token'), self(account), reviewed(true), 'forbidden'],
    ['it is refused, and the right to review it is missing', issued, unauthorized, cannot('create', 'tokenreviews'), 'forbidden'],
    ['the API server is overloaded', issued, refusal(503, 'ServiceUnavailable', 'overloaded'), reviewed(true), 'server-error'],
    ['the answer holds no token', { status: 201, body: { kind: 'TokenRequest', status: {} } }, self(account), reviewed(true), 'malformed'],
    ...['"fail"', 'non-compliant', '', 'a\r\nx: y', `eyJ${'x'.repeat(30_000)}.a.b`].map(
      (word) =>
        [
          `the answer holds ${JSON.stringify(word).slice(0, 20)} for a token`,
          tokenOf(word),
          self(account),
          reviewed(true),
          'malformed',
        ] as const,
    ),
  ])('%s: not to be had', async (_, request, byToken, review, reason) => {
    const { ports } = answering(request, byToken, review);
    expect(await outcomeOf(serviceAccountToken, ports)).toMatchObject({ unavailable: reason });
  });
});

describe('our own login', () => {
  const scsKaas = 'system:serviceaccount:scs-kaas:scs-kaas';
  test.each([
    ['a client certificate', self('kubernetes-admin', ['X509SHA256=bddd13f3']), { login: 'certificate' }],
    ['a ServiceAccount token', self(scsKaas, ['JTI=1f80fd5a']), { login: 'service-account', tokenId: true }],
    ['the name of a ServiceAccount, no credential', self(scsKaas), { login: 'service-account', tokenId: false }],
    [
      'the name of a ServiceAccount, by a certificate',
      self(scsKaas, ['X509SHA256=bddd13f3']),
      { login: 'service-account', tokenId: false },
    ],
    ['OpenID Connect', self('oidc:jane@example.org'), { login: 'other' }],
    ['a server that does not tell the credential', self('kubernetes-admin'), { login: 'other' }],
    ['a bootstrap token', self('system:bootstrap:abcdef'), { login: 'bootstrap-token' }],
    ['nobody', self('system:anonymous'), { login: 'anonymous' }],
  ])('%s', async (_, said, expected) => {
    const { ports, asked } = asking(() => said);
    // The whole value: a person's name must not stand beside it.
    expect(await ownIdentity.collect(ports)).toEqual(expected);
    expect(asked).toMatchObject([{ withoutImpersonation: true }]);
  });
});

describe('what the API server publishes', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  test.each([
    ['both', { 'client-ca-file': pem, 'requestheader-client-ca-file': pem }, { clientCa: true, requestHeaderCa: true }],
    ['no client CA', { 'requestheader-client-ca-file': pem }, { clientCa: false, requestHeaderCa: true }],
    ['an empty client CA', { 'client-ca-file': '' }, { clientCa: false, requestHeaderCa: false }],
    ['nothing', undefined, { clientCa: false, requestHeaderCa: false }],
  ])('%s', async (_, data, expected) => {
    const { ports } = asking(() => ({ status: 200, body: { kind: 'ConfigMap', data } }));
    expect(await authenticationConfig.collect(ports)).toEqual(expected);
  });
});

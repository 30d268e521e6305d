import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { base64, startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';
import { shown } from '../../helpers/shown.js';

/** A login server of OpenID Connect, and the API server that believes its tokens: what both were sent is what is judged. */
let issuer: ApiServer;
let server: ApiServer;
let live: Live | undefined;
let issued: string[] = [];

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const idToken = (expires: number, more: object = {}): string => {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer.url, aud: 'kubernetes', sub: 'somebody', iat: now, exp: now + expires, nonce: issued.length, ...more };
  return `${encode({ alg: 'RS256' })}.${encode(claims)}.c2lnbmF0dXJl`;
};
const grant = (answer: object = {}) => {
  const token = idToken(3_600);
  issued.push(token);
  server.authorizations.push(`Bearer ${token}`);
  return { access_token: 'an-access-token-of-nobody', token_type: 'Bearer', expires_in: 3_600, id_token: token, ...answer };
};

beforeEach(async () => {
  issued = [];
  issuer = await startApiServer();
  server = await startApiServer({ authorizations: [], routes: { 'GET /x': {} } });
  issuer.route('GET /.well-known/openid-configuration', {
    issuer: issuer.url,
    token_endpoint: `${issuer.url}/token`,
    authorization_endpoint: `${issuer.url}/auth`,
    jwks_uri: `${issuer.url}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
  issuer.route('POST /token', () => ({ body: grant() }));
});
afterEach(async () => {
  await live?.opened.close();
  live = undefined;
  await server.close();
  await issuer.close();
});

const provider = (config: object = {}): object => ({
  'auth-provider': {
    name: 'oidc',
    config: {
      'id-token': idToken(-60),
      'refresh-token': 'refresh-token-of-the-kubeconfig',
      'idp-issuer-url': issuer.url,
      'client-id': 'kubernetes',
      'client-secret': 'client-secret-of-nobody',
      'idp-certificate-authority-data': base64(issuer.authority.certificate),
      ...config,
    },
  },
});
const renewals = () => issuer.requests.filter(({ path }) => path === '/token');

describe('auth-provider oidc', () => {
  test('an id-token that is good is sent as it is, and nobody is asked for another', async () => {
    const token = idToken(600);
    server.authorizations.push(`Bearer ${token}`);
    live = await openLive({ kubeconfig: server.kubeconfig(provider({ 'id-token': token })) });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(issuer.requests).toEqual([]);
  });
  test('one that has ended is renewed, once for all requests, as the client that the kubeconfig names', async () => {
    live = await openLive({ kubeconfig: server.kubeconfig(provider()) });
    const { api, context } = live;
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.request({ path: '/x' })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(renewals()).toHaveLength(1);
    const sent = new URLSearchParams(renewals()[0]?.body);
    expect(Object.fromEntries(sent)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-token-of-the-kubeconfig',
      client_id: 'kubernetes',
      client_secret: 'client-secret-of-nobody',
    });
    expect(server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${issued[0] ?? ''}`);
    expect(context.hidden).toEqual(
      expect.arrayContaining([issued[0], 'refresh-token-of-the-kubeconfig', 'client-secret-of-nobody', 'an-access-token-of-nobody']),
    );
  });
  test('without an id-token it is fetched', async () => {
    live = await openLive({ kubeconfig: server.kubeconfig(provider({ 'id-token': undefined })) });
    expect(renewals()).toHaveLength(1);
  });
  test('the public client of a login has no secret', async () => {
    live = await openLive({ kubeconfig: server.kubeconfig(provider({ 'client-secret': undefined })) });
    expect(new URLSearchParams(renewals()[0]?.body).has('client_secret')).toBe(false);
  });
  test('another refresh token is used from then on, and people learn that the kubeconfig holds an old one', async () => {
    issuer.route('POST /token', () => {
      const short = idToken(1);
      server.authorizations.push(`Bearer ${short}`);
      return { body: grant({ id_token: short, refresh_token: 'next-refresh-token' }) };
    });
    live = await openLive({ kubeconfig: server.kubeconfig(provider()) });
    expect(live.context.lines).toEqual([expect.stringMatching(/has issued another refresh token, which is not stored/)]);
    expect(live.context.hidden).toContain('next-refresh-token');
    await new Promise((done) => setTimeout(done, 1_500));
    await live.api.request({ path: '/x' });
    expect(renewals().map(({ body }) => new URLSearchParams(body).get('refresh_token'))).toEqual([
      'refresh-token-of-the-kubeconfig',
      'next-refresh-token',
    ]);
  });
});

describe('a login that cannot be renewed is one error, without any token', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'the login server refuses it',
      () => issuer.route('POST /token', () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'Session not active' } })),
      /ended, and 127\.0\.0\.1:\d+ did not renew it: invalid_grant: Session not active\. Log in again/,
    ],
    ['it issues no id-token', () => issuer.route('POST /token', () => ({ body: grant({ id_token: undefined }) })), /issued no id-token/],
    [
      'it answers with a page',
      () => issuer.fault('GET /.well-known/openid-configuration', { kind: 'html' }),
      /did not renew it: unexpected response content-type\. Log in again/,
    ],
    [
      'it sends elsewhere',
      () => issuer.fault('GET /.well-known/openid-configuration', { kind: 'redirect', location: 'https://elsewhere.example/' }),
      /did not renew it: /,
    ],
    [
      'it never answers',
      () => issuer.fault('POST /token', { kind: 'hang' }),
      /did not renew it: no complete answer of 127\.0\.0\.1:\d+ within 1 s/,
    ],
    [
      'its answer has no end',
      () => issuer.fault('POST /token', { kind: 'oversized', bytes: Infinity }),
      /did not renew it: the answer of 127\.0\.0\.1:\d+ is larger than what is read/,
    ],
    [
      'its token is for somebody else',
      () => issuer.route('POST /token', () => ({ body: grant({ id_token: idToken(600, { aud: 'other' }) }) })),
      /did not renew it: /,
    ],
  ])('%s', async (_title, break_, message) => {
    break_();
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(provider()), execTimeoutMs: 1_000 });
    expect(error.message).toMatch(message);
    for (const secret of ['refresh-token-of-the-kubeconfig', 'client-secret-of-nobody', 'an-access-token-of-nobody', ...issued])
      expect(shown(error)).not.toContain(secret);
  });
  test('a CA of the login server that is another', async () => {
    const other = { 'idp-certificate-authority-data': base64(server.authority.certificate) };
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(provider(other)) });
    expect(error.message).toMatch(/did not renew it: the server certificate of 127\.0\.0\.1:\d+ is not signed by the CA/);
    expect(issuer.requests).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { base64, startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { createAuthority } from '../../helpers/certificates.js';
import { openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';
import { shown } from '../../helpers/shown.js';

let server: ApiServer;
let live: Live | undefined;
/** Closed after each test, also after one that failed: an open server keeps the whole run from ending. */
const others: ApiServer[] = [];
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-users-'));
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  server = await startApiServer({ authorizations: ['Bearer good-token', `Basic ${base64('alice:pa:ss word')}`] });
});
afterEach(async () => {
  await live?.opened.close();
  live = undefined;
  await server.close();
  await Promise.all(others.splice(0).map((other) => other.close()));
});

describe('tokens', () => {
  test('a token with the newline of a careless copy', async () => {
    live = await openLive({ kubeconfig: server.kubeconfig({ token: 'good-token\n' }) });
    expect(live.context.hidden).toContain('good-token');
  });
  test('the id-token of auth-provider oidc, as kubectl sends it', async () => {
    const provider = { name: 'oidc', config: { 'id-token': 'good-token', 'client-secret': 'client-secret-of-nobody' } };
    live = await openLive({ kubeconfig: server.kubeconfig({ 'auth-provider': provider }) });
    expect(live.context.hidden).toEqual(expect.arrayContaining(['good-token', 'client-secret-of-nobody']));
  });
  test('a token of another cluster', async () => {
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig({ token: 'stale-token' }) });
    expect(error.message).toMatch(/\(401\): the token may have expired or be of another cluster; fetch a fresh kubeconfig\.$/);
    expect(shown(error)).not.toContain('stale-token');
  });
  test('a token that no header can carry', async () => {
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig({ token: 'two words' }) });
    expect(error.message).toMatch(/characters that no token has/);
    expect(shown(error)).not.toContain('two words');
  });
  test('a token file is read again when it was refused', async () => {
    const file = join(directory, 'token');
    await writeFile(file, 'good-token\n');
    live = await openLive({ kubeconfig: server.kubeconfig({ tokenFile: file, token: 'ignored-token' }) });
    server.route('GET /x', {});
    server.authorizations.splice(0, 1, 'Bearer next-token');
    await writeFile(file, 'next-token\n');
    expect((await live.api.request({ path: '/x' })).status).toBe(200);
    expect(live.context.hidden).toEqual(expect.arrayContaining(['good-token', 'next-token', 'ignored-token']));
  });
  test('a token file of an unknown field is not read, whatever it is: the request is anonymous', async () => {
    // client-node knows `token-file`, and would read what it names to its end. In this order: a file that is read fails the test before one that hangs.
    const [file, pipe] = [join(directory, 'unknown-field'), join(directory, 'pipe')];
    await writeFile(file, 'good-token');
    execFileSync('mkfifo', [pipe]);
    for (const path of [file, pipe, '/dev/zero']) {
      const error = await refusedToOpen({ kubeconfig: server.kubeconfig({ 'token-file': path }) });
      expect(error.message).toMatch(/holds no token, certificate or plugin for this context/);
      expect(server.requests.at(-1)?.headers.authorization).toBeUndefined();
    }
  });
  test('a token file that went away makes a fact unavailable', async () => {
    const file = join(directory, 'passing');
    await writeFile(file, 'good-token');
    live = await openLive({ kubeconfig: server.kubeconfig({ tokenFile: file }) });
    server.authorizations.splice(0);
    await rm(file);
    await expect(live.api.request({ path: '/x' })).rejects.toMatchObject({
      reason: 'unauthorized',
      message: expect.stringMatching(/cannot be read/),
    });
  });
});

describe('user name and password', () => {
  test('are sent as Basic, and hidden in that form too', async () => {
    live = await openLive({ kubeconfig: server.kubeconfig({ username: 'alice', password: 'pa:ss word' }) });
    expect(live.context.hidden).toEqual(expect.arrayContaining(['pa:ss word', base64('alice:pa:ss word')]));
    expect(live.context.hidden).not.toContain('alice');
  });
});

describe('impersonation', () => {
  test('user, groups, UID and extra fields', async () => {
    const user = {
      token: 'good-token',
      as: 'bob',
      'as-uid': '42',
      'as-groups': ['dev', 'ops'],
      'as-user-extra': { 'example.org/Team': ['a', 'b'] },
    };
    live = await openLive({ kubeconfig: server.kubeconfig(user) });
    const { rawHeaders = [] } = server.requests[0] ?? {};
    const sent = rawHeaders.flatMap((name, i) =>
      i % 2 === 0 && name.startsWith('impersonate') ? [`${name}: ${rawHeaders[i + 1] ?? ''}`] : [],
    );
    expect(sent).toEqual([
      'impersonate-user: bob',
      'impersonate-uid: 42',
      'impersonate-group: dev',
      'impersonate-group: ops',
      'impersonate-extra-example.org%2Fteam: a',
      'impersonate-extra-example.org%2Fteam: b',
    ]);
  });
  test('a request that impersonates goes as that alone', async () => {
    live = await openLive({ kubeconfig: server.kubeconfig({ token: 'good-token', as: 'bob', 'as-groups': ['dev'] }) });
    await live.api.request({ path: '/version', headers: { 'Impersonate-User': 'system:node:a' } });
    expect(server.requests.at(-1)?.headers).toMatchObject({ 'impersonate-user': 'system:node:a', authorization: 'Bearer good-token' });
    expect(server.requests.at(-1)?.headers['impersonate-group']).toBeUndefined();
  });
  test('a request about the login itself impersonates nobody', async () => {
    live = await openLive({ kubeconfig: server.kubeconfig({ token: 'good-token', as: 'bob', 'as-groups': ['dev'] }) });
    await live.api.request({ path: '/version', withoutImpersonation: true });
    const { headers } = server.requests.at(-1) ?? {};
    expect(headers).toMatchObject({ authorization: 'Bearer good-token' });
    expect(Object.keys(headers ?? {}).filter((name) => name.startsWith('impersonate'))).toEqual([]);
  });
  test('groups without a user', async () => {
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig({ token: 'good-token', 'as-groups': ['dev'] }) })).message).toMatch(
      /set "as" too/,
    );
  });
});

describe('a context without a user', () => {
  test('trusts the CA of the cluster all the same', async () => {
    const open = await startApiServer();
    others.push(open);
    const kubeconfig = JSON.parse(open.kubeconfig()) as { contexts: unknown[]; users: unknown[] };
    live = await openLive({
      kubeconfig: JSON.stringify({ ...kubeconfig, contexts: [{ name: 'test', context: { cluster: 'test' } }], users: [] }),
    });
    expect(open.requests[0]?.headers.authorization).toBeUndefined();
  });
  test('is told that the kubeconfig holds no credentials', async () => {
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(
      /holds no token, certificate or plugin for this context/,
    );
  });
});

describe('users that cannot work: all problems at once', () => {
  const pair = createAuthority().issue();
  const other = createAuthority().issue();
  test.each<[string, object, RegExp]>([
    ['auth-provider', { 'auth-provider': { name: 'gcp' } }, /auth-provider "gcp", which Kubernetes removed in 1\.26/],
    ['auth-provider of a name that nobody knows', { 'auth-provider': { name: 'x' } }, /auth-provider "x", which is not supported/],
    ['oidc without an id-token', { 'auth-provider': { name: 'oidc', config: {} } }, /holds no id-token that can be sent\. Log in again/],
    [
      'oidc with an id-token that has expired',
      { 'auth-provider': { name: 'oidc', config: { 'id-token': `e30.${Buffer.from('{"exp":1700000000}').toString('base64url')}.c2ln` } } },
      /The id-token of auth-provider "oidc" expired at 2023-11-14T22:13:20\.000Z\. Log in again/,
    ],
    [
      'a token beside a password',
      { token: 'good-token', username: 'alice', password: 'secret' },
      /a token and a user name with password; keep one/,
    ],
    ['a certificate without its key', { 'client-certificate-data': base64(pair.certificate) }, /without its key/],
    [
      'a certificate that is no PEM',
      { 'client-certificate-data': base64('nonsense'), 'client-key-data': base64(pair.key) },
      /client-certificate-data of the kubeconfig holds no PEM in base64/,
    ],
    [
      'a key that is not base64',
      { 'client-certificate-data': base64(pair.certificate), 'client-key-data': '%%%' },
      /client-key-data of the kubeconfig holds no PEM/,
    ],
    [
      'the key of another certificate',
      { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(other.key) },
      /does not belong to its client certificate/,
    ],
    [
      'a key behind a passphrase',
      {
        'client-certificate-data': base64(pair.certificate),
        'client-key-data': base64('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n'),
      },
      /protected by a passphrase/,
    ],
    [
      'a file that is missing',
      { 'client-certificate': '/nowhere/tls.crt', 'client-key': '/nowhere/tls.key' },
      /client-certificate names \/nowhere\/tls\.crt.*no such file[\s\S]*client-key names \/nowhere\/tls\.key/,
    ],
    [
      'a relative path in a text',
      { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' },
      /relative path tls\.crt, but the kubeconfig was given as text/,
    ],
    [
      'a token file that is missing',
      { tokenFile: '/nowhere/token' },
      /tokenFile names \/nowhere\/token, which cannot be read: no such file/,
    ],
  ])('%s', async (_title, user, message) => {
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(user) });
    expect(error.message).toMatch(message);
    expect(server.requests).toHaveLength(0);
  });
  test.each(['gcp', 'azure'])('the command of auth-provider %s is not run', async (name) => {
    const ran = join(directory, `ran-${name}`);
    const config = { 'cmd-path': 'touch', 'cmd-args': ran, 'token-key': '{.token}', 'expiry-key': '{.expiry}' };
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig({ 'auth-provider': { name, config } }) });
    expect(error.message).toContain(`auth-provider "${name}", which Kubernetes removed in 1.26`);
    await expect(access(ran)).rejects.toThrow('ENOENT');
  });
  test('five of them', async () => {
    const error = await refusedToOpen({
      kubeconfig: server.kubeconfig(
        { 'auth-provider': { name: 'gcp' }, tokenFile: '/nowhere/token', 'client-key-data': 'x' },
        { 'insecure-skip-tls-verify': true, 'proxy-url': 'socks4://u:hunter22@127.0.0.1:1' },
      ),
    });
    expect(error.message).toMatch(/^6 problems:/);
    expect(shown(error)).not.toContain('hunter22');
  });
});

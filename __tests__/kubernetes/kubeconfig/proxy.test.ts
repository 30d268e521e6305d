import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bypasses, proxyFor } from '../../../src/system/proxy.js';
import { parseEndpoint, type Endpoint } from '../../../src/text/endpoint.js';
import { createSecrets } from '../../../src/text/connection-secrets.js';
import { startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';
import { startProxy, type Proxy } from '../../helpers/proxy.js';
import { shown } from '../../helpers/shown.js';

const endpointOf = (server: string): Endpoint => {
  const endpoint = parseEndpoint(server, 'https');
  if (endpoint === undefined) throw new Error(server);
  return endpoint;
};
const secrets = createSecrets(() => undefined);

describe('NO_PROXY, as Go reads it', () => {
  test.each<[string, string, boolean]>([
    ['', 'https://a.example.org', false],
    ['*', 'https://a.example.org', true],
    ['example.org', 'https://example.org', true],
    ['example.org', 'https://a.example.org', true],
    ['example.org', 'https://badexample.org', false],
    ['.example.org', 'https://a.example.org', true],
    ['.example.org', 'https://example.org', false],
    ['*.example.org', 'https://a.example.org', true],
    ['example.org:6443', 'https://example.org:6443', true],
    ['example.org:443', 'https://example.org:6443', false],
    ['a.test, EXAMPLE.org', 'https://example.org', true],
    ['10.0.0.1', 'https://10.0.0.1:6443', true],
    ['0.0.1', 'https://10.0.0.1:6443', false],
    ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
    ['10.0.0.0/8', 'https://11.1.2.3:6443', false],
    ['10.0.0.0/99', 'https://10.1.2.3:6443', false],
    ['10.0.0.0/8', 'https://ten.example.org', false],
    ['fd00::/8', 'https://[fd00::1]:6443', true],
    ['fd00::1', 'https://[fd00::1]:6443', true],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443', true],
    ['[fd00::1]:443', 'https://[fd00::1]:6443', false],
  ])('%j bypasses for %s: %s', (noProxy, server, expected) => {
    expect(bypasses(noProxy, endpointOf(server))).toBe(expected);
  });
});

describe('which proxy', () => {
  const far = endpointOf('https://api.example.org:6443');
  test.each<[string, Endpoint, string | undefined, Record<string, string>, string | undefined]>([
    ['none', far, undefined, {}, undefined],
    ['HTTPS_PROXY', far, undefined, { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https_proxy', far, undefined, { https_proxy: 'p:3128' }, 'http://p:3128/'],
    ['HTTP_PROXY is not for https', far, undefined, { HTTP_PROXY: 'http://p:1' }, undefined],
    ['HTTP_PROXY is for http', endpointOf('http://api.example.org'), undefined, { HTTP_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['NO_PROXY', far, undefined, { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.org' }, undefined],
    ['no_proxy', far, undefined, { HTTPS_PROXY: 'http://p:1', no_proxy: '.example.org' }, undefined],
    ['this machine itself', endpointOf('https://127.0.0.1:6443'), undefined, { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['proxy-url goes before the environment', far, 'http://k:2', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, 'http://k:2/'],
    ['proxy-url for this machine itself', endpointOf('https://127.0.0.1:6443'), 'http://k:2', {}, 'http://k:2/'],
  ])('%s', (_title, endpoint, configured, env, expected) => {
    expect(proxyFor(endpoint, configured, env, secrets).proxy?.href).toBe(expected);
  });
  test.each([
    ['socks4://u:hunter22@p:1080', /scheme socks4:\/\/, which is not supported; use http:\/\/, https:\/\/ or socks5:\/\/\./],
    ['ftp://u:hunter22@p', /scheme ftp:\/\//],
    ['http://u:hunter22@p:99999', /is no URL; write it as http:\/\/host:port/],
    ['http://u:hunter22@word/x@p:1', /is no URL; write what is special in its user and password in percent encoding, e\.g\. \/ as %2F\.$/],
    ['http://u:hunter22#word@p:1', /is no URL/],
    ['http://u:hunter22?word@p:1', /is no URL/],
  ])('%s is refused, without its password', (url, message) => {
    const hidden: string[] = [];
    const { problem = '' } = proxyFor(
      far,
      url,
      {},
      createSecrets((value) => void hidden.push(value)),
    );
    expect(problem).toMatch(message);
    expect(problem).not.toContain('hunter22');
    expect(hidden.join()).toMatch(/^hunter22/);
  });
});

describe('through a proxy that is real', () => {
  let server: ApiServer;
  let proxy: Proxy;
  let live: Live | undefined;
  /** Closed after each test, also after one that failed: an open server keeps the whole run from ending. */
  const others: ApiServer[] = [];
  beforeEach(async () => {
    server = await startApiServer({ authorizations: ['Bearer good-token'], routes: { 'GET /x': {} } });
    proxy = await startProxy({ credentials: 'user:pass/word%' });
  });
  afterEach(async () => {
    await live?.opened.close();
    live = undefined;
    await proxy.close();
    await server.close();
    await Promise.all(others.splice(0).map((other) => other.close()));
  });
  const through = (url: string): string => server.kubeconfig({ token: 'good-token' }, { 'proxy-url': url });
  const withCredentials = (): string => proxy.url.replace('//', `//user:${encodeURIComponent('pass/word%')}@`);

  test('CONNECT with basic auth, TLS from end to end, tunnels kept open', async () => {
    const { api } = (live = await openLive({ kubeconfig: through(withCredentials()) }));
    for (let i = 0; i < 5; i++) expect((await api.request({ path: '/x' })).status).toBe(200);
    expect(proxy.tunnels).toEqual([`127.0.0.1:${server.port}`]);
    await Promise.all(Array.from({ length: 40 }, () => api.request({ path: '/x' })));
    expect(proxy.tunnels.length).toBeLessThanOrEqual(8);
    expect(live.opened.detail).toBe(`context test, ${server.url} through the proxy 127.0.0.1:${proxy.port}`);
    expect(live.context.hidden).toEqual(expect.arrayContaining(['pass/word%', 'pass%2Fword%25']));
    expect(live.network.proxied).toBe(true);
  });
  test('the certificate is seen through it; plain HTTP says nothing', async () => {
    live = await openLive({ kubeconfig: through(withCredentials()) });
    expect((await live.network.serverCertificate()).subject).toBe('CN=kube-apiserver');
    await expect(live.network.plainHttp()).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringMatching(/goes through a proxy/),
    });
  });
  test('without its credentials', async () => {
    const error = await refusedToOpen({ kubeconfig: through(proxy.url) });
    expect(error.message).toMatch(
      /the proxy 127\.0\.0\.1:\d+ did not accept its credentials \(407\); put user and password into the proxy URL/,
    );
    expect(server.connections.opened).toBe(0);
  });
  test('with a wrong password, which is not shown', async () => {
    const error = await refusedToOpen({ kubeconfig: through(proxy.url.replace('//', '//user:wrong-password@')) });
    expect(error.message).toMatch(/407/);
    expect(shown(error)).not.toContain('wrong-password');
    expect(shown(error)).not.toContain(Buffer.from('user:wrong-password').toString('base64'));
  });
  test('that is not there', async () => {
    const url = withCredentials();
    await proxy.close();
    expect((await refusedToOpen({ kubeconfig: through(url) })).message).toMatch(/nothing listens at the proxy 127\.0\.0\.1:\d+/);
  });
  test('that accepts and never answers: the deadline ends it, and its connection', async () => {
    await proxy.close();
    proxy = await startProxy({ silent: true });
    const begun = performance.now();
    expect((await refusedToOpen({ kubeconfig: through(proxy.url), requestTimeoutMs: 600 })).message).toMatch(
      /within 0\.6 s, not even a connection/,
    );
    expect(performance.now() - begun).toBeLessThan(2_500);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(proxy.open()).toBe(0);
  });
  test('that cannot reach the server', async () => {
    await server.close();
    expect((await refusedToOpen({ kubeconfig: through(withCredentials()) })).message).toMatch(/proxy|cut/);
  });
  test('a wrong CA is told of the server, not of the proxy', async () => {
    const stranger = await startApiServer();
    others.push(stranger);
    const kubeconfig = stranger.kubeconfig({}, { server: server.url, 'proxy-url': withCredentials() });
    expect((await refusedToOpen({ kubeconfig })).message).toMatch(
      new RegExp(`the server certificate of 127\\.0\\.0\\.1:${server.port} is not signed by the CA`),
    );
  });
  test('a plain HTTP server is asked through it too', async () => {
    const plain = await startApiServer({ plain: true });
    others.push(plain);
    // The double grants CONNECT alone and answers 405 to the rest: that is the proof that it was asked.
    expect((await refusedToOpen({ kubeconfig: plain.kubeconfig({}, { 'proxy-url': proxy.url }) })).message).toMatch(/405/);
    expect(plain.requests).toHaveLength(0);
  });
});

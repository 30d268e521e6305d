import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';
import { shown } from '../../helpers/shown.js';
import { startSocksProxy, type SocksOptions, type SocksProxy } from '../../helpers/socks-proxy.js';

let server: ApiServer;
let proxy: SocksProxy | undefined;
let live: Live | undefined;
beforeEach(async () => {
  server = await startApiServer({
    authorizations: ['Bearer good-token'],
    routes: { 'GET /x': {} },
    certificate: { altNames: ['127.0.0.1', 'elsewhere.example'] },
  });
});
afterEach(async () => {
  await live?.opened.close();
  live = undefined;
  await proxy?.close();
  await server.close();
});

const start = async (options: SocksOptions = {}): Promise<SocksProxy> => (proxy = await startSocksProxy(options));
const through = (url: string, cluster: object = {}): string => server.kubeconfig({ token: 'good-token' }, { 'proxy-url': url, ...cluster });

describe('proxy-url: socks5://', () => {
  test('TLS from end to end, tunnels kept open, the certificate is seen through it', async () => {
    const { port, targets } = await start();
    live = await openLive({ kubeconfig: through(`socks5://127.0.0.1:${port}`) });
    for (let i = 0; i < 3; i++) expect((await live.api.request({ path: '/x' })).status).toBe(200);
    expect(targets).toEqual([`127.0.0.1:${server.port}`]);
    expect(live.opened.detail).toBe(`context test, ${server.url} through the proxy 127.0.0.1:${port}`);
    expect((await live.network.serverCertificate()).subject).toBe('CN=kube-apiserver');
    expect(live.network.proxied).toBe(true);
  });
  test.each(['socks5', 'socks5h'])('%s: the name of the host is resolved by the proxy', async (scheme) => {
    const { port, targets } = await start();
    const cluster = { server: `https://elsewhere.example:${server.port}` };
    live = await openLive({ kubeconfig: through(`${scheme}://127.0.0.1:${port}`, cluster) });
    expect(targets).toEqual([`elsewhere.example:${server.port}`]);
    expect(server.requests[0]?.serverName).toBe('elsewhere.example');
  });
  test('a login in percent encoding', async () => {
    const { port } = await start({ credentials: 'user:pass/word%' });
    live = await openLive({ kubeconfig: through(`socks5://user:${encodeURIComponent('pass/word%')}@127.0.0.1:${port}`) });
    expect((await live.api.request({ path: '/x' })).status).toBe(200);
    expect(live.context.hidden).toEqual(expect.arrayContaining(['pass/word%', 'pass%2Fword%25']));
  });
  test('a server without TLS', async () => {
    const { port, targets } = await start();
    const plain = await startApiServer({ plain: true });
    try {
      live = await openLive({ kubeconfig: plain.kubeconfig({}, { 'proxy-url': `socks5://127.0.0.1:${port}` }) });
      expect(targets).toEqual([`127.0.0.1:${plain.port}`]);
    } finally {
      await plain.close();
    }
  });
});

describe('a SOCKS proxy that does not do it', () => {
  test('a wrong password, which is not shown', async () => {
    const { port } = await start({ credentials: 'user:right' });
    const error = await refusedToOpen({ kubeconfig: through(`socks5://user:wrong-password@127.0.0.1:${port}`) });
    expect(error.message).toMatch(/the proxy 127\.0\.0\.1:\d+ did not accept its credentials/);
    expect(shown(error)).not.toContain('wrong-password');
    expect(server.connections.opened).toBe(0);
  });
  test('a login that is missing', async () => {
    const { port } = await start({ credentials: 'user:right' });
    expect((await refusedToOpen({ kubeconfig: through(`socks5://127.0.0.1:${port}`) })).message).toMatch(/the proxy 127\.0\.0\.1:\d+/);
  });
  test('it refuses', async () => {
    const { port } = await start({ refuses: 2 });
    expect((await refusedToOpen({ kubeconfig: through(`socks5://127.0.0.1:${port}`) })).message).toMatch(
      /the proxy 127\.0\.0\.1:\d+ opened no tunnel to 127\.0\.0\.1:\d+ \(.*NotAllowed\)/,
    );
  });
  test('it is not there', async () => {
    const { port, close } = await start();
    await close();
    proxy = undefined;
    expect((await refusedToOpen({ kubeconfig: through(`socks5://127.0.0.1:${port}`) })).message).toMatch(
      /nothing listens at the proxy 127\.0\.0\.1:\d+/,
    );
  });
  test('it accepts and never answers: the deadline ends it, and its connection', async () => {
    const { port, open } = await start({ silent: true });
    const begun = performance.now();
    expect((await refusedToOpen({ kubeconfig: through(`socks5://127.0.0.1:${port}`), requestTimeoutMs: 600 })).message).toMatch(
      /within 0\.6 s, not even a connection/,
    );
    expect(performance.now() - begun).toBeLessThan(2_500);
    await new Promise((done) => setTimeout(done, 300));
    expect(open()).toBe(0);
  });
});

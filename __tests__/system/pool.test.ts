import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps, type Server } from 'node:https';
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { request } from 'undici';
import { openPool, openPoolTo, type OpenPool, type ProxyEnvironment } from '../../src/system/pool.js';
import { createAuthority } from '../helpers/certificates.js';
import { startProxy, type Proxy } from '../helpers/proxy.js';
import { startSocksProxy, type SocksOptions, type SocksProxy } from '../helpers/socks-proxy.js';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
const authority = createAuthority();
const tls = { ca: authority.certificate };
let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

/** Listens on loopback until the test ends. */
const listen = async (server: TcpServer | Server, host = '127.0.0.1'): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((done) => server.listen(0, host, done));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
};

let port: number;
beforeEach(async () => {
  const { certificate: cert, key } = authority.issue({ altNames: ['127.0.0.1'] });
  const server = createHttps({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (asked, answer) => {
    answer.end(`${asked.url ?? ''} ${asked.httpVersion} ${asked.headers['proxy-authorization'] ?? 'no credentials'}`);
  });
  port = await listen(server);
});

/** Asks the server, and gives all connections back. */
const ask = async ({ dispatcher, close }: OpenPool): Promise<string> => {
  try {
    const { body } = await request(`https://127.0.0.1:${port}/x`, { dispatcher, signal: AbortSignal.timeout(5_000) });
    return await body.text();
  } finally {
    await close();
  }
};
/** A pool to the server. */
const open = (proxy?: URL, connectMs?: number): OpenPool =>
  openPool({ endpoint: { scheme: 'https', host: '127.0.0.1', port }, proxy, connections: 8, tls, connectMs });
const answer = '/x 1.1 no credentials';

const socks = async (options?: SocksOptions): Promise<SocksProxy> => {
  const proxy = await startSocksProxy(options);
  closing.push(proxy.close);
  return proxy;
};
const via = async (options?: Parameters<typeof startProxy>[0]): Promise<Proxy> => {
  const proxy = await startProxy(options);
  closing.push(proxy.close);
  return proxy;
};

test('without a proxy: HTTP/1.1, although the server offers more', async () => {
  expect(await ask(open())).toBe(answer);
});

describe('an HTTP proxy', () => {
  test('with credentials in percent encoding, which the server does not see', async () => {
    const proxy = await via({ credentials: 'some one:p@ss/%zz' });
    const url = new URL(`http://some%20one:p%40ss%2F%25zz@127.0.0.1:${proxy.port}`);
    expect(await ask(open(url))).toBe(answer);
    expect(proxy.tunnels).toEqual([`127.0.0.1:${port}`]);
  });
  test('with credentials in broken percent encoding: as they are written', async () => {
    const proxy = await via({ credentials: 'someone:50%zz' });
    expect(await ask(open(new URL(`http://someone:50%zz@127.0.0.1:${proxy.port}`)))).toBe(answer);
  });
  test('that wants credentials: asked once, and the error names 407', async () => {
    const proxy = await via({ credentials: 'someone:else' });
    await expect(ask(open(new URL(proxy.url)))).rejects.toThrow('407');
    expect(proxy.refused.count).toBe(1);
  });
  test('gets its connections back', async () => {
    const proxy = await via();
    await ask(open(new URL(proxy.url)));
    await new Promise((done) => setTimeout(done, 50));
    expect(proxy.open()).toBe(0);
  });
  test('over TLS is not trusted by the CA of the server', async () => {
    const { certificate: cert, key } = authority.issue({ altNames: ['127.0.0.1'] });
    const proxy = await listen(createHttps({ cert, key }));
    await expect(ask(open(new URL(`https://127.0.0.1:${proxy}`)))).rejects.toThrow(/certificate/);
  });
});

describe('a SOCKS5 proxy', () => {
  const tunnel = (): string => `127.0.0.1:${port}`;
  test.each(['socks5', 'socks5h'])('%s://', async (scheme) => {
    const proxy = await socks();
    expect(await ask(open(new URL(`${scheme}://127.0.0.1:${proxy.port}`)))).toBe(answer);
    expect(proxy.targets).toEqual([tunnel()]);
  });
  test.each([
    ['in percent encoding', 'some one:p@ss/%zz', 'some%20one:p%40ss%2F%25zz'],
    ['in broken percent encoding: as they are written', 'someone:50%zz', 'someone:50%zz'],
  ])('with credentials %s', async (_, login, written) => {
    const proxy = await socks({ credentials: login });
    expect(await ask(open(new URL(`socks5://${written}@127.0.0.1:${proxy.port}`)))).toBe(answer);
    expect(proxy.targets).toEqual([tunnel()]);
  });
  test('with other credentials', async () => {
    const proxy = await socks({ credentials: 'someone:else' });
    const asked = ask(open(new URL(`socks5://someone:hunter22@127.0.0.1:${proxy.port}`)));
    await expect(asked).rejects.toThrow(/authentication failed/i);
  });
  (hasIpv6 ? test : test.skip)('at an IPv6 address', async () => {
    const proxy = await socks({ host: '::1' });
    expect(await ask(open(new URL(`socks5://[::1]:${proxy.port}`)))).toBe(answer);
  });
});

describe('a proxy that closes every connection is asked once', () => {
  test.each<[string, (socket: Socket) => unknown]>([
    ['at once', (socket) => socket.destroy()],
    ['after the request', (socket) => socket.once('data', () => socket.destroy())],
    ['after the tunnel', (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n'))],
  ])('%s', async (_, end) => {
    let asked = 0;
    const server = createServer((socket) => {
      asked++;
      end(socket);
    });
    for (const [scheme, connectTimeoutMs] of Object.entries({ http: 5_000, socks5: 100 })) {
      asked = 0;
      const url = new URL(`${scheme}://127.0.0.1:${server.listening ? (server.address() as AddressInfo).port : await listen(server)}`);
      await expect(ask(open(url, connectTimeoutMs))).rejects.toThrow(/closed|disconnected|invalid Socks5/);
      expect(asked).toBe(1);
    }
  });
});

describe('the environment', () => {
  const to = (url: string, proxies: ProxyEnvironment): OpenPool => openPoolTo(new URL(url), proxies);
  const named = 'http://files.example.invalid/kind';
  const forward = async (): Promise<{ url: string; asked: string[] }> => {
    const asked: string[] = [];
    const proxy = createHttp((request, response) => {
      asked.push(request.url ?? '');
      response.end('by the proxy');
    });
    return { url: `http://someone:hunter22@127.0.0.1:${await listen(proxy)}`, asked };
  };

  test('names the proxy, whose password is registered', async () => {
    const proxy = await forward();
    const secrets: string[] = [];
    const { dispatcher, close } = to(named, { env: { HTTP_PROXY: proxy.url }, secret: (value) => secrets.push(value) });
    const { body } = await request(named, { dispatcher });
    expect([await body.text(), proxy.asked, secrets]).toEqual(['by the proxy', [named], ['hunter22']]);
    await close();
  });
  test.each([{ NO_PROXY: '.example.invalid' }, { HTTP_PROXY: '' }])('with %j: none', async (more) => {
    const proxy = await forward();
    const { dispatcher, close } = to(named, { env: { HTTP_PROXY: proxy.url, ...more } });
    await expect(request(named, { dispatcher })).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    await close();
  });
  test('of this process is not read', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
    try {
      const { dispatcher, close } = to(named, {});
      await expect(request(named, { dispatcher })).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
      await close();
    } finally {
      delete process.env['HTTP_PROXY'];
    }
  });
  test('names something else: an error without the password', () => {
    const HTTP_PROXY = 'ftp://someone:hunter22@127.0.0.1:1';
    expect(() => to(named, { env: { HTTP_PROXY } })).toThrow(/^The proxy in HTTP_PROXY has the scheme ftp:\/\/, which is not supported/);
  });
});

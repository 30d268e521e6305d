import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { NotAvailable } from '../../../src/model/errors.js';
import type { Network } from '../../../src/model/ports.js';
import { altNamesOf, parseCertificates } from '../../../src/kubernetes/kubeconfig/certificate.js';
import { createNetwork } from '../../../src/kubernetes/kubeconfig/network.js';
import type { Target } from '../../../src/kubernetes/kubeconfig/target.js';
import { startApiServer, type ApiServer, type ApiServerOptions } from '../../helpers/api-server.js';
import { createAuthority } from '../../helpers/certificates.js';
import { openLive, type Live } from '../../helpers/kubeconfig.js';

const open: { server?: ApiServer; live?: Live; tcp?: Server; sockets: Set<Socket> } = { sockets: new Set() };
afterEach(async () => {
  await open.live?.opened.close();
  await open.server?.close();
  for (const socket of open.sockets) socket.destroy();
  open.tcp?.close();
  delete open.live;
  delete open.server;
  delete open.tcp;
});
const start = async (options: ApiServerOptions = {}, cluster: object = {}): Promise<{ server: ApiServer; network: Network }> => {
  const server = await startApiServer(options);
  open.server = server;
  open.live = await openLive({ kubeconfig: server.kubeconfig({}, cluster) });
  return { server, network: open.live.network };
};
/** The network of a port that is no API server, past the probe of `open`. */
const networkOf = async (answer: (socket: Socket) => void, timeoutMs = 500): Promise<Network> => {
  const tcp = createServer((socket) => {
    open.sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  open.tcp = tcp;
  const port = await new Promise<number>((resolve) => tcp.listen(0, '127.0.0.1', () => resolve((tcp.address() as AddressInfo).port)));
  const endpoint = { scheme: 'https', host: '127.0.0.1', port, basePath: '' } as const;
  return createNetwork({ endpoint, trust: { insecure: false } } as Target, new AbortController().signal, timeoutMs);
};
const day = 86_400_000;

describe('the certificate of the endpoint', () => {
  test('as a handshake shows it, to the second', async () => {
    const notBefore = new Date('2026-01-02T03:04:05Z');
    const notAfter = new Date(Date.now() - (Date.now() % 1000) + 365 * day);
    const { network } = await start({ certificate: { notBefore, notAfter, commonName: 'kube-apiserver', organizations: ['o'] } });
    expect(await network.serverCertificate()).toEqual({
      subject: 'O=o, CN=kube-apiserver',
      issuer: 'CN=test-ca',
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
      isCa: false,
      altNames: ['localhost'],
    });
  });
  test('its DNS names, whatever else stands between them', async () => {
    const altNames = ['kubernetes', '127.0.0.1', 'kubernetes.default.svc', 'localhost', 'a, DNS:planted', 'b"c'];
    const { network } = await start({ certificate: { altNames } });
    expect((await network.serverCertificate()).altNames).toEqual(['kubernetes', 'kubernetes.default.svc', 'localhost']);
  });
  test.each([
    ['none', undefined, []],
    ['a name in quotes holds no others', 'DNS:"x\\", DNS:kubernetes, ", DNS:a', ['a']],
    ['quotes that do not end', 'DNS:a, DNS:"b, DNS:kubernetes', ['a']],
    ['other kinds', 'URI:spiffe://kubernetes, email:kubernetes, IP Address:10.0.0.1', []],
  ])('names as Node writes them: %s', (_, text, names) => {
    expect(altNamesOf(text)).toEqual(names);
  });
  test('names without end take no time', () => {
    const began = performance.now();
    for (const text of ['DNS:"' + '\\"'.repeat(300_000), '"'.repeat(300_000), 'DNS:a, '.repeat(100_000)]) altNamesOf(text);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
  test.each([
    ['', false],
    ['/', false],
    ['/k8s/clusters/c-abc', true],
  ])('a server URL that ends in "%s" has a path: %s', async (path, hasPath) => {
    const server = await startApiServer({ routes: { 'GET /*': { gitVersion: 'v1.36.3' } } });
    open.server = server;
    open.live = await openLive({ kubeconfig: server.kubeconfig({}, { server: `${server.url}${path}` }) });
    expect(open.live.network.endpoint).toEqual({ scheme: 'https', host: '127.0.0.1', port: server.port, hasPath });
  });
  test('one that has expired is seen, not refused', async () => {
    const certificate = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
    const { network } = await start({ certificate }, { 'certificate-authority-data': null, 'insecure-skip-tls-verify': true });
    expect(new Date((await network.serverCertificate()).notAfter).getTime()).toBeLessThan(Date.now());
  });
  test('an endpoint without TLS has none', async () => {
    const { network } = await start({ plain: true });
    await expect(network.serverCertificate()).rejects.toMatchObject({ reason: 'not-found' });
  });
  test('a port that speaks something else', async () => {
    const network = await networkOf((socket) => socket.end('SSH-2.0\r\n'));
    await expect(network.serverCertificate()).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringMatching(/does not speak TLS|was cut/),
    });
  });
  test('a port that says nothing', async () => {
    const network = await networkOf(() => undefined);
    await expect(network.serverCertificate()).rejects.toMatchObject({ reason: 'timeout' });
  });
});

describe('certificates that are parsed', () => {
  test('the CA that the connection trusts', async () => {
    const { network } = await start();
    expect(network.trustedCas()).toEqual([expect.objectContaining({ subject: 'CN=test-ca', isCa: true })]);
  });
  test('none where those of the system are trusted', async () => {
    const { network } = await start({}, { 'certificate-authority-data': null, 'insecure-skip-tls-verify': true });
    expect(network.trustedCas()).toEqual([]);
  });
  test('a bundle with text between', () => {
    const a = createAuthority({ commonName: 'a' });
    const b = createAuthority({ commonName: 'b' });
    expect(parseCertificates(`# first\n${a.certificate}\nsecond:\n${b.certificate}${b.key}`).map((c) => c.subject)).toEqual([
      'CN=a',
      'CN=b',
    ]);
  });
  test('no certificate', () => {
    expect(parseCertificates('nothing here')).toEqual([]);
    expect(parseCertificates('-----BEGIN CERTIFICATE-----\ncut')).toEqual([]);
  });
  test('one that is broken makes the bundle malformed', () => {
    expect(() => parseCertificates(`${createAuthority().certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`)).toThrow(
      /certificate 2 of 2 cannot be read/,
    );
  });
  test('more than anyone has', () => {
    expect(() => parseCertificates('-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n'.repeat(501))).toThrow(NotAvailable);
    expect(() => parseCertificates('x'.repeat(5_000_000))).toThrow(/5000000 characters/);
  });
});

describe('plain HTTP to the endpoint', () => {
  test('the words of an API server', async () => {
    const words = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
    const network = await networkOf((socket) => socket.on('data', () => socket.end(words)));
    expect(await network.plainHttp()).toBe(words);
  });
  test('what is asked: the version, and no path of the server URL, which may hold a secret', async () => {
    let asked = '';
    const tcp = createServer((socket) => {
      open.sockets.add(socket);
      socket.on('data', (chunk: Buffer) => {
        asked += chunk.toString();
        socket.end();
      });
    });
    open.tcp = tcp;
    const port = await new Promise<number>((resolve) => tcp.listen(0, '127.0.0.1', () => resolve((tcp.address() as AddressInfo).port)));
    const target = { endpoint: { scheme: 'https', host: '127.0.0.1', port, basePath: '/secret' }, trust: { insecure: false } } as Target;
    await createNetwork(target, new AbortController().signal, 500).plainHttp();
    expect(asked.split('\r\n')[0]).toBe('GET /version HTTP/1.0');
    expect(asked).not.toContain('secret');
  });
  test('nothing, and the end', async () => {
    const network = await networkOf((socket) => socket.on('data', () => socket.end()));
    expect(await network.plainHttp()).toBe('');
  });
  test('a reset', async () => {
    const network = await networkOf((socket) => socket.on('data', () => socket.resetAndDestroy()));
    expect(await network.plainHttp()).toBe('');
  });
  test('an answer without end is cut', async () => {
    const network = await networkOf((socket) => void setInterval(() => socket.destroyed || socket.write('x'.repeat(10_000)), 1).unref());
    expect(await network.plainHttp()).toHaveLength(16_384);
  });
  test('silence is no answer', async () => {
    const network = await networkOf(() => undefined);
    await expect(network.plainHttp()).rejects.toMatchObject({ reason: 'timeout' });
  });
  test('nothing listens', async () => {
    const network = await networkOf(() => undefined);
    open.tcp?.close();
    await expect(network.plainHttp()).rejects.toMatchObject({ reason: 'unreachable' });
  });
});

describe('hosts and addresses', () => {
  test('a port that is open, and one that is closed', async () => {
    const { server, network } = await start();
    expect(await network.connect('127.0.0.1', server.port, 1_000)).toBe('open');
    await server.close();
    expect(await network.connect('127.0.0.1', server.port, 1_000)).toBe('refused');
  });
  test('a name that does not exist', async () => {
    const { network } = await start();
    expect(await network.connect('nowhere.invalid', 80, 2_000)).toMatch(/^(unreachable|timeout)$/);
    await expect(network.resolve('nowhere.invalid')).rejects.toBeInstanceOf(NotAvailable);
  });
  test('an address stands for itself, a name for its addresses', async () => {
    const { network } = await start();
    expect(await network.resolve('192.0.2.7')).toEqual(['192.0.2.7']);
    expect(await network.resolve('[fd00::7]')).toEqual(['fd00::7']);
    expect(await network.resolve('localhost')).toEqual(expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]));
  });
  test('the addresses of this machine carry their prefix', async () => {
    const { network } = await start();
    expect(network.ownAddresses()).toContain('127.0.0.1/8');
  });
  test('a run that ends ends what is under way', async () => {
    const { network } = await start();
    await open.live?.opened.close();
    await expect(network.serverCertificate()).rejects.toMatchObject({ reason: 'timeout', message: expect.stringMatching(/cancelled/) });
    await expect(network.connect('127.0.0.1', 1, 100)).rejects.toBeInstanceOf(NotAvailable);
  });
});

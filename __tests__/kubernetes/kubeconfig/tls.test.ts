import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { tlsOptions } from '../../../src/kubernetes/kubeconfig/connection.js';
import { base64, startApiServer, type ApiServer, type ApiServerOptions } from '../../helpers/api-server.js';
import { createAuthority } from '../../helpers/certificates.js';
import { openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';
import { program } from '../../helpers/program.js';

const open: { server?: ApiServer; live?: Live; tcp?: Server } = {};
afterEach(async () => {
  await open.live?.opened.close();
  await open.server?.close();
  open.tcp?.close();
  delete open.live;
  delete open.tcp;
});
const start = async (options: ApiServerOptions = {}): Promise<ApiServer> => (open.server = await startApiServer(options));
const day = 86_400_000;
const past = { notBefore: new Date(Date.now() - 20 * day), notAfter: new Date(Date.now() - 10 * day) };

describe('a server certificate that is not to be trusted', () => {
  test('of another CA', async () => {
    const server = await start();
    const other = base64(createAuthority().certificate);
    const error = await refusedToOpen({
      kubeconfig: server.kubeconfig({ token: 'a-token-that-leaks' }, { 'certificate-authority-data': other }),
    });
    expect(error.message).toMatch(/not signed by the CA in the kubeconfig; set certificate-authority-data to the CA of this cluster/);
    expect(server.requests).toHaveLength(0);
  });
  test('without a CA in the kubeconfig, those of the system do not know it either', async () => {
    const server = await start();
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig({}, { 'certificate-authority-data': null }) })).message).toMatch(
      /not signed by the CA/,
    );
  });
  test('that has expired', async () => {
    const server = await start({ certificate: past });
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(
      /the server certificate of 127\.0\.0\.1:\d+, or its CA, has expired; renew it/,
    );
  });
  test('that is not valid yet', async () => {
    const server = await start({ certificate: { notBefore: new Date(Date.now() + 10 * day) } });
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(/is not valid yet; check this machine's clock/);
  });
  test('for another host', async () => {
    const server = await start({ certificate: { altNames: ['kubernetes.default'] } });
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(
      /is for another host; use a host name that it lists, or set tls-server-name/,
    );
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED, which switches the check off where nothing is said about it', () => {
  test.each([undefined, 'kubernetes.default', '10.0.0.1'])('is overruled for the server name %s', (serverName) => {
    expect(tlsOptions({ serverName, insecure: false }).rejectUnauthorized).toBe(true);
    expect(tlsOptions({ serverName, insecure: true }).rejectUnauthorized).toBe(false);
  });
  test('the program asks nothing of a server that it must not trust', async () => {
    const server = await start();
    const KUBECONFIG = server.kubeconfig({ token: 'a-token' }, { 'certificate-authority-data': base64(createAuthority().certificate) });
    const { code, stderr } = await program(['check'], { env: { KUBECONFIG, NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect([code, stderr]).toEqual([3, expect.stringContaining('is not signed by the CA in the kubeconfig')]);
    expect(server.requests).toHaveLength(0);
  });
});

describe('ways to trust it', () => {
  test('tls-server-name that the certificate carries', async () => {
    const server = await start({ certificate: { altNames: ['kubernetes.default'] } });
    open.live = await openLive({ kubeconfig: server.kubeconfig({}, { 'tls-server-name': 'kubernetes.default' }) });
    expect(open.live.opened.caveats).toEqual([]);
  });
  test('tls-server-name that is an address', async () => {
    const server = await start({ certificate: { altNames: ['10.0.0.1'] } });
    open.live = await openLive({ kubeconfig: server.kubeconfig({}, { 'tls-server-name': '10.0.0.1' }) });
    expect((await open.live.api.request({ path: '/version' })).status).toBe(200);
  });
  test('tls-server-name that it does not carry', async () => {
    const server = await start();
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig({}, { 'tls-server-name': 'elsewhere' }) })).message).toMatch(
      /is for another host/,
    );
  });
  test('insecure-skip-tls-verify connects, and every report says so', async () => {
    const server = await start({ certificate: past });
    open.live = await openLive({
      kubeconfig: server.kubeconfig({}, { 'certificate-authority-data': null, 'insecure-skip-tls-verify': true }),
    });
    expect(open.live.opened.caveats).toEqual([expect.stringMatching(/was not checked \(insecure-skip-tls-verify\)/)]);
  });
  test('insecure-skip-tls-verify beside a CA is refused, as kubectl does', async () => {
    const server = await start();
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig({}, { 'insecure-skip-tls-verify': true }) })).message).toMatch(
      /remove the latter/,
    );
  });
});

describe('a file beside data', () => {
  test('of CA, client certificate and key the data are used, and the files not looked for', async () => {
    const server = await start({ requireClientCertificate: true });
    const pair = server.authority.issue({ commonName: 'of-the-data' });
    const other = server.authority.issue({ commonName: 'of-the-files' });
    const directory = await mkdtemp(join(tmpdir(), 'scs-kaas-tls-'));
    const files = { ca: join(directory, 'ca'), cert: join(directory, 'cert'), key: join(directory, 'key') };
    const named = () =>
      server.kubeconfig(
        {
          'client-certificate': files.cert,
          'client-certificate-data': base64(pair.certificate),
          'client-key': files.key,
          'client-key-data': base64(pair.key),
        },
        { 'certificate-authority': files.ca },
      );
    try {
      const missing = await openLive({ kubeconfig: named() });
      await missing.opened.close();
      await writeFile(files.ca, createAuthority().certificate);
      await writeFile(files.cert, other.certificate);
      await writeFile(files.key, other.key);
      open.live = await openLive({ kubeconfig: named() });
      expect(server.requests.map(({ certificateOf }) => certificateOf)).toEqual(['of-the-data', 'of-the-data']);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('client certificates', () => {
  const userOf = (server: ApiServer, options: object = {}): object => {
    const pair = server.authority.issue({ commonName: 'admin', organizations: ['system:masters'], ...options });
    return { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) };
  };
  test('the server demands one, and sees it', async () => {
    const server = await start({ requireClientCertificate: true });
    open.live = await openLive({ kubeconfig: server.kubeconfig(userOf(server)) });
    expect(server.requests[0]?.certificateOf).toBe('admin');
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });
  test('one is not shown to the server that a redirect names', async () => {
    const server = await start({ requireClientCertificate: true });
    const elsewhere = await startApiServer({ authority: server.authority });
    try {
      server.fault('GET /x', { kind: 'redirect', location: `${elsewhere.url}/x` });
      open.live = await openLive({ kubeconfig: server.kubeconfig({ ...userOf(server), token: 'a-token' }) });
      expect((await open.live.api.request({ path: '/x' })).status).toBe(302);
      expect(elsewhere.connections.opened).toBe(0);
    } finally {
      await elsewhere.close();
    }
  });
  test('the server demands one, and there is none', async () => {
    const server = await start({ requireClientCertificate: true });
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(/refused the client certificate|was cut/);
  });
  test('one that has expired: the day stands in the error', async () => {
    const server = await start({ authorizations: [] });
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(userOf(server, past)) });
    expect(error.message).toContain(
      `the client certificate expired on ${past.notAfter.toISOString().slice(0, 10)}; fetch a fresh kubeconfig`,
    );
  });
  test('one of another cluster', async () => {
    const server = await start({ authorizations: [] });
    const stranger = createAuthority().issue();
    const kubeconfig = server.kubeconfig({
      'client-certificate-data': base64(stranger.certificate),
      'client-key-data': base64(stranger.key),
    });
    expect((await refusedToOpen({ kubeconfig })).message).toMatch(/the client certificate is not signed by a CA that this cluster knows/);
  });
  test('a token of one request goes without the certificate, and on a connection of its own', async () => {
    const server = await start({ authorizations: ['Bearer issued-token'] });
    open.live = await openLive({ kubeconfig: server.kubeconfig({ ...userOf(server), as: 'someone' }) });
    server.route('GET /who', {});
    expect((await open.live.api.request({ path: '/who', bearerToken: 'issued-token' })).status).toBe(200);
    expect((await open.live.api.request({ path: '/who', bearerToken: 'another-token' })).status).toBe(401);
    const [issued] = server.requests.filter((r) => r.path === '/who');
    expect(issued).toMatchObject({ certificateOf: '', headers: { authorization: 'Bearer issued-token' } });
    expect(issued?.headers['impersonate-user']).toBeUndefined();
    expect(server.requests[0]).toMatchObject({ certificateOf: 'admin', headers: { 'impersonate-user': 'someone' } });
  });
});

describe('an endpoint of another kind', () => {
  test('plain HTTP on this machine, as kubectl proxy gives', async () => {
    const server = await start({ plain: true });
    open.live = await openLive({ kubeconfig: server.kubeconfig() });
    expect(open.live.opened.detail).toBe(`context test, http://127.0.0.1:${server.port}`);
    expect(open.live.opened.caveats).toEqual([]);
  });
  test('https to a port that speaks plain HTTP', async () => {
    const server = await start({ plain: true });
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig({}, { server: `https://127.0.0.1:${server.port}` }) })).message).toMatch(
      /does not speak TLS; check the scheme and the port/,
    );
  });
  test('http to a port that speaks TLS', async () => {
    const server = await start();
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig({}, { server: `http://127.0.0.1:${server.port}` }) })).message).toMatch(
      /was cut|no API server|not HTTP/,
    );
  });
  test('nothing listens', async () => {
    const server = await start();
    await server.close();
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(
      /nothing listens at 127\.0\.0\.1:\d+ \(connection refused\); check that the cluster runs/,
    );
  });
  test('a host that does not exist', async () => {
    const server = await start();
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig({}, { server: 'https://nowhere.invalid:6443' }) })).message).toMatch(
      /the host name of nowhere\.invalid:6443 cannot be resolved/,
    );
  });
  test('a port that accepts and says nothing', async () => {
    const tcp = createTcpServer(() => undefined);
    open.tcp = tcp;
    const port = await new Promise<number>((resolve) => tcp.listen(0, '127.0.0.1', () => resolve((tcp.address() as AddressInfo).port)));
    const server = await start();
    const begun = performance.now();
    const error = await refusedToOpen({
      kubeconfig: server.kubeconfig({}, { server: `https://127.0.0.1:${port}` }),
      requestTimeoutMs: 500,
    });
    expect(error.message).toMatch(/within 0\.5 s, not even a connection/);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
  test('a server under a path, as Rancher has it', async () => {
    const server = await start({
      routes: { 'GET /k8s/clusters/c-1/version': { gitVersion: 'v1.36.3' }, 'GET /k8s/clusters/c-1/api/v1/nodes': { items: [] } },
    });
    open.live = await openLive({ kubeconfig: server.kubeconfig({}, { server: `${server.url}/k8s/clusters/c-1/` }) });
    expect((await open.live.api.request({ path: '/api/v1/nodes?limit=1' })).status).toBe(200);
    expect(server.requests.at(-1)?.path).toBe('/k8s/clusters/c-1/api/v1/nodes?limit=1');
  });
});

import { describe, expect, test } from '@jest/globals';
import { apiEndpoint, parsePlainAnswer } from '../../src/facts/api-endpoint.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { CertificateInfo } from '../../src/model/ports.js';
import { asking, outcomeOf } from '../helpers/asked.js';

const certificate: CertificateInfo = {
  subject: 'CN=kube-apiserver',
  issuer: 'CN=kubernetes',
  notBefore: '2026-11-23T18:50:58Z',
  notAfter: '2027-11-23T18:55:58Z',
  isCa: false,
};
const shaken = (): Promise<CertificateInfo> => Promise.resolve(certificate);
const never = (): never => {
  throw new Error('not to be asked');
};
const nothing = () => ({ status: 500, body: {} });

describe('the first bytes of an answer to plain HTTP', () => {
  test.each([
    ["Go's refusal", 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n', 'http', 400],
    ['a redirect', 'HTTP/1.1 301 Moved Permanently\r\nLocation: https://x/\r\n\r\n', 'http', 301],
    ['an alert of TLS 1.2', '\x15\x03\x03\x00\x02\x02\x46', 'tls-alert', null],
    ['nothing', '', 'closed', null],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'other', null],
  ])('%s', (_, bytes, kind, status) => {
    expect(parsePlainAnswer(bytes)).toMatchObject({ kind, status });
  });

  test('hostile bytes stay one bounded line', () => {
    const { text } = parsePlainAnswer(`HTTP/1.1 200 OK\r\n::error::x\x1b[31m\n${'y'.repeat(10_000)}`);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text).not.toMatch(/[\r\n\x1b]/); // eslint-disable-line no-control-regex
  });
});

describe('whether an API answered, and where a redirect leads', () => {
  const http = (head: string, body = ''): string => `HTTP/1.1 ${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`;
  const moved = (to: string): string => http(`301 Moved Permanently\nLocation: ${to}`);
  test.each([
    ['a version', http('200 OK', '{\n  "major": "1",\n  "gitVersion": "v1.36.3"\n}'), { api: true }],
    ['a Status that is cut', http('403 Forbidden', '{"kind":"Status","apiVersion":"v1","meta'), { api: true }],
    ['a header of priority and fairness', http('404 Not Found\nX-Kubernetes-Pf-Flowschema-Uid: 1'), { api: true }],
    ['a page that talks of an audit', http('200 OK', 'audit-id: 7, kind: Status'), { api: false }],
    ['JSON of a gateway', http('401 Unauthorized', '{"type":"error","status":"401"}'), { api: false }],
    ['the same host by HTTPS', moved('https://api.example.org:6443/version'), { redirect: 'https' }],
    ['the same host in capitals', moved('HTTPS://API.EXAMPLE.ORG/'), { redirect: 'https' }],
    ['another host by HTTPS', moved('https://login.example.org/'), { redirect: 'https-elsewhere' }],
    ['a host of a longer name', moved('https://api.example.org.evil.example/'), { redirect: 'https-elsewhere' }],
    ['plain HTTP', moved('http://api.example.org/'), { redirect: 'http' }],
    ['a path', moved('/login'), { redirect: 'http' }],
    ['nothing', http('302 Found'), { redirect: 'http' }],
    ['a page with a Location is no redirect', http('200 OK\nLocation: https://api.example.org/'), { redirect: undefined }],
    ['a line in a body is no Location', http('302 Found', '\r\nLocation: https://api.example.org/'), { redirect: 'http' }],
  ])('%s', (_, bytes, expected) => {
    const { api, redirect } = parsePlainAnswer(bytes, 'api.example.org');
    expect({ api, redirect }).toMatchObject(expected);
  });

  test('an IPv6 address is a host', () => {
    expect(parsePlainAnswer(moved('https://[2001:db8::1]:6443/'), '2001:db8::1').redirect).toBe('https');
  });
});

test('TLS works, plain HTTP is refused', async () => {
  const { ports } = asking(nothing, {
    serverCertificate: shaken,
    plainHttp: () => Promise.resolve('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
  });
  expect(await apiEndpoint.collect(ports)).toEqual({
    scheme: 'https',
    tls: true,
    plain: { kind: 'http', status: 400, text: 'HTTP/1.0 400 Bad Request Client sent an HTTP request to an HTTPS server.', api: false },
  });
});

test('an endpoint by http is asked no more', async () => {
  const { ports } = asking(nothing, {
    endpoint: { scheme: 'http', host: 'h', port: 80, hasPath: false },
    serverCertificate: never,
    plainHttp: never,
  });
  expect(await apiEndpoint.collect(ports)).toMatchObject({ scheme: 'http', tls: false, plain: { kind: 'not-asked' } });
});

test.each([
  ['127.0.0.1', ['127.0.0.1'], true],
  ['127.8.9.10', ['127.8.9.10'], true],
  ['::1', ['::1'], true],
  ['::ffff:127.0.0.1', ['::ffff:127.0.0.1'], true],
  ['localhost', ['::1', '127.0.0.1'], true],
  ['api.example.org', ['127.0.0.1', '203.0.113.10'], false],
  ['api.example.org', ['10.0.0.1'], false],
  ['128.0.0.1', ['128.0.0.1'], false],
  ['api.example.org', [], false],
  ['api.example.org', undefined, false],
])('an endpoint by http at %s, which stands for %j, is on loopback: %s', async (host, addresses, loopback) => {
  const { ports } = asking(nothing, {
    endpoint: { scheme: 'http', host, port: 8001, hasPath: false },
    resolve: () => (addresses === undefined ? Promise.reject(new NotAvailable('unreachable', 'no address')) : Promise.resolve(addresses)),
  });
  expect(await apiEndpoint.collect(ports)).toMatchObject({ scheme: 'http', loopback, tls: false });
});

test('plain HTTP gets no answer in time', async () => {
  const { ports } = asking(nothing, {
    serverCertificate: shaken,
    plainHttp: () => Promise.reject(new NotAvailable('timeout', 'no answer')),
  });
  expect((await apiEndpoint.collect(ports)).plain.kind).toBe('silent');
});

test.each(['handshake', 'plain'])('the connection fails at the %s: not to be had', async (at) => {
  const gone = (): Promise<never> => Promise.reject(new NotAvailable('unreachable', 'connection refused'));
  const { ports } = asking(nothing, { serverCertificate: at === 'handshake' ? gone : shaken, plainHttp: gone });
  expect(await outcomeOf(apiEndpoint, ports)).toMatchObject({ unavailable: 'unreachable' });
});

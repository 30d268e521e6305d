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

test('TLS works, plain HTTP is refused', async () => {
  const { ports } = asking(nothing, {
    serverCertificate: shaken,
    plainHttp: () => Promise.resolve('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
  });
  expect(await apiEndpoint.collect(ports)).toEqual({
    scheme: 'https',
    tls: true,
    plain: { kind: 'http', status: 400, text: 'HTTP/1.0 400 Bad Request Client sent an HTTP request to an HTTPS server.' },
  });
});

test('an endpoint by http is asked no more', async () => {
  const { ports } = asking(nothing, { endpoint: { scheme: 'http', host: 'h', port: 80 }, serverCertificate: never, plainHttp: never });
  expect(await apiEndpoint.collect(ports)).toMatchObject({ scheme: 'http', tls: false, plain: { kind: 'not-asked' } });
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

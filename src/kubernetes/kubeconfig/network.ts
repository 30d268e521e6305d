import type { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { NotAvailable } from '../../model/errors.js';
import type { CertificateInfo, ConnectAnswer, Network } from '../../model/ports.js';
import { hostAndPort } from '../../text/endpoint.js';
import { ExchangeFailed } from '../http/exchange.js';
import { explainFailure } from '../http/failures.js';
import { codeOf } from '../../system/system-error.js';
import { altNamesOf, parseCertificates, toCertificateInfo } from './certificate.js';
import { openTunnel } from '../../system/tunnel.js';
import { tlsOptions } from './connection.js';
import { proxyName } from '../../system/proxy.js';
import type { Target } from './target.js';

/** A handshake or a plain answer that takes longer will not come. */
const defaultTimeoutMs = 5_000;
/** The words of a refused plain request are some 50 bytes; a front may send some kilobytes of headers before the answer of an API. */
const maxPlainBytes = 16_384;

type Settle<T> = { readonly done: (value: T) => void; readonly fail: (error: Error) => void };

/**
 * Runs something with sockets until it settles, the deadline passes or the run ends.
 * @param start begins it, and answers with what ends it
 */
const inTime = <T>(
  what: string,
  timeoutMs: number,
  signal: AbortSignal,
  start: (settle: Settle<T>) => { destroy: () => unknown },
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      reject(new NotAvailable('timeout', `${what}: the run was cancelled, or its deadline passed`));
      return;
    }
    let running: { destroy: () => unknown } | undefined = undefined;
    const end = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      running?.destroy();
      act();
    };
    const cancel = (): void => end(() => reject(new NotAvailable('timeout', `${what}: the run was cancelled, or its deadline passed`)));
    const timer = setTimeout(
      () => end(() => reject(new NotAvailable('timeout', `${what}: no answer within ${timeoutMs / 1_000} s`))),
      timeoutMs,
    );
    signal.addEventListener('abort', cancel, { once: true });
    running = start({ done: (value) => end(() => resolve(value)), fail: (error) => end(() => reject(error)) });
  });

const unreachable = (what: string, target: Target, cause: unknown): NotAvailable => {
  const route = { endpoint: target.endpoint, proxy: target.proxy && proxyName(target.proxy) };
  const explained = explainFailure(new ExchangeFailed('connection', 'connecting', { cause }), route, 0);
  return new NotAvailable('unreachable', `${what}: ${explained.what}`, { cause });
};

/** A connection of its own and without credentials, through the proxy where there is one; it ends with the handshake. */
const handshake = async (target: Target, timeoutMs: number, signal: AbortSignal): Promise<TLSSocket> => {
  const { host, port } = target.endpoint;
  const socket = target.proxy && (await openTunnel(target.proxy, target.endpoint, { timeoutMs, signal }));
  const { servername = isIP(host) === 0 ? host : '', ...checks } = tlsOptions({ ...target.trust, insecure: true });
  // Looked at, not trusted: a certificate that has expired is what this is here to see. A name is still sent, so that the right one is shown.
  // No CA takes part, so that Node does not read all that it knows.
  const tls = connectTls({ ...checks, ca: [], servername, ...(socket === undefined ? { host, port } : { socket }) });
  signal.addEventListener('abort', () => tls.destroy(), { once: true });
  return tls;
};

const serverCertificate = (target: Target, timeoutMs: number, signal: AbortSignal): Promise<CertificateInfo> => {
  const what = `TLS handshake with ${hostAndPort(target.endpoint)}`;
  if (target.endpoint.scheme !== 'https')
    return Promise.reject(new NotAvailable('not-found', `${what}: the endpoint is plain HTTP and shows no certificate`));
  return inTime(what, timeoutMs, signal, ({ done, fail }) => {
    const ended = new AbortController();
    // Asked once: Node 24 gives the certificate of a socket to the first caller alone.
    const look = (certificate: X509Certificate | undefined): void => {
      if (certificate === undefined) fail(new NotAvailable('malformed', `${what}: no certificate was shown`));
      else done({ ...toCertificateInfo(certificate), altNames: altNamesOf(certificate.subjectAltName) });
    };
    const failed = (cause: unknown): void => fail(unreachable(what, target, cause));
    handshake(target, timeoutMs, ended.signal).then((tls) => {
      tls.on('error', failed);
      tls.once('secureConnect', () => look(tls.getPeerX509Certificate()));
    }, failed);
    return { destroy: () => ended.abort() };
  });
};

const answerOf = (code: string): ConnectAnswer => (code === 'ECONNREFUSED' ? 'refused' : code === 'ETIMEDOUT' ? 'timeout' : 'unreachable');

const connect = (host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<ConnectAnswer> =>
  inTime<ConnectAnswer>(`connect to ${hostAndPort({ host, port })}`, timeoutMs, signal, ({ done }) => {
    const socket = connectTcp({ host, port, autoSelectFamilyAttemptTimeout: timeoutMs });
    socket.on('connect', () => done('open'));
    socket.on('error', (error) => done(answerOf(codeOf(error))));
    return socket;
  }).catch((error: unknown): ConnectAnswer => {
    if (error instanceof NotAvailable && !signal.aborted) return 'timeout';
    throw error;
  });

/**
 * Speaks HTTP to the port that should speak TLS: every API server answers `/version` with its version or a Status. The path of the
 * server URL is left out, because it may hold a secret. A connection that was accepted and then cut has answered with nothing.
 */
const plainHttp = (target: Target, timeoutMs: number, signal: AbortSignal): Promise<string> => {
  const { host, port } = target.endpoint;
  const what = `plain HTTP to ${hostAndPort(target.endpoint)}`;
  if (target.proxy !== undefined)
    return Promise.reject(
      new NotAvailable('unreachable', `${what}: the connection goes through a proxy, so what answers may be the proxy`),
    );
  return inTime<string>(what, timeoutMs, signal, ({ done, fail }) => {
    const socket: Socket = connectTcp({ host, port });
    let received = '';
    let connected = false;
    socket.on('connect', () => {
      connected = true;
      socket.write(`GET /version HTTP/1.0\r\nHost: ${hostAndPort(target.endpoint)}\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      received = (received + chunk.toString('latin1')).slice(0, maxPlainBytes);
      if (received.length >= maxPlainBytes) done(received);
    });
    socket.on('end', () => done(received));
    socket.on('close', () => done(received));
    socket.on('error', (cause) => (connected ? done(received) : fail(unreachable(what, target, cause))));
    return socket;
  });
};

const resolveHost = async (host: string, timeoutMs: number, signal: AbortSignal): Promise<readonly string[]> => {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return [bare];
  return inTime<readonly string[]>(`resolve ${bare.slice(0, 260)}`, timeoutMs, signal, ({ done, fail }) => {
    lookup(bare, { all: true }).then(
      (found) => done([...new Set(found.map(({ address }) => address))]),
      (cause: unknown) => fail(new NotAvailable('unreachable', `resolve ${bare.slice(0, 260)}: the name cannot be resolved`, { cause })),
    );
    // A look-up cannot be called off; its answer is dropped.
    return { destroy: () => undefined };
  });
};

const ownAddresses = (): readonly string[] =>
  [
    ...new Set(
      Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).flatMap(({ cidr }) => (cidr === null ? [] : [cidr]))),
    ),
  ].sort();

/** Several ask for it in one run; one that could not be had is asked for again. */
const askedOnce = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
};

/** What can be learnt about a target without its API. */
export const createNetwork = (target: Target, signal: AbortSignal, timeoutMs = defaultTimeoutMs): Network => ({
  endpoint: {
    scheme: target.endpoint.scheme,
    host: target.endpoint.host,
    port: target.endpoint.port,
    hasPath: target.endpoint.basePath !== '',
  },
  proxied: target.proxy !== undefined,
  serverCertificate: askedOnce(() => serverCertificate(target, timeoutMs, signal)),
  trustedCas: () => (target.trust.ca === undefined ? [] : parseCertificates(target.trust.ca)),
  parseCertificates,
  plainHttp: () => plainHttp(target, timeoutMs, signal),
  connect: (host, port, ms) => connect(host, port, ms, signal),
  ownAddresses,
  resolve: (host) => resolveHost(host, timeoutMs, signal),
});

import { request as requestPlain, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ApiResponse } from '../../model/ports.js';
import { codeOf } from '../system-error.js';
import type { Endpoint } from './endpoint.js';

/** One request on the wire. */
export interface Exchange {
  readonly endpoint: Endpoint;
  readonly agent: Agent;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** Milliseconds until the last byte of the answer. */
  readonly timeoutMs: number;
  /** The largest body, in bytes, before and after unpacking. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

/** How far a request got before it failed. */
export type Phase = 'connecting' | 'asked' | 'answering';

/** No complete answer came. */
export class ExchangeFailed extends Error {
  override readonly name = 'ExchangeFailed';
  readonly kind: 'timeout' | 'cancelled' | 'too-large' | 'undecodable' | 'connection';
  readonly phase: Phase;
  constructor(kind: ExchangeFailed['kind'], phase: Phase, options?: ErrorOptions) {
    super(`${kind} while ${phase}`, options);
    this.kind = kind;
    this.phase = phase;
  }
}

const unzip = promisify(gunzip);

/** @throws {ExchangeFailed} where the body is packed in another way than it was asked for, or too large */
const decode = async (body: Buffer, encoding: string | undefined, mostBytes: number): Promise<string> => {
  if (encoding === undefined || encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip') throw new ExchangeFailed('undecodable', 'answering');
  try {
    return (await unzip(body, { maxOutputLength: mostBytes })).toString('utf8');
  } catch (cause) {
    const tooLarge = codeOf(cause) === 'ERR_BUFFER_TOO_LARGE';
    throw new ExchangeFailed(tooLarge ? 'too-large' : 'undecodable', 'answering', { cause });
  }
};

const headersOf = (response: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** Reads the whole body; `fail` is told where it is cut or too large. */
const readBody = (
  response: IncomingMessage,
  mostBytes: number,
  done: (body: Buffer) => void,
  fail: (kind: ExchangeFailed['kind'], cause?: unknown) => void,
): void => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(response.headers['content-length']) > mostBytes) {
    fail('too-large');
    return;
  }
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) fail('too-large');
    else chunks.push(chunk);
  });
  response.on('error', (cause) => fail('connection', cause));
  response.on('close', () => fail('connection', new Error('the answer was cut off')));
  response.on('end', () => {
    if (response.complete) done(Buffer.concat(chunks));
  });
};

/** Tells when a connection stands, TLS included. Listens only where it does not yet: a socket of the pool serves many requests. */
const watchConnection = (request: ClientRequest, connected: () => void): void => {
  request.on('socket', (socket) => {
    const tls = socket instanceof TLSSocket;
    // Out of a tunnel a socket comes with its handshake done.
    const stands = request.reusedSocket || (tls ? 'secureConnecting' in socket && socket.secureConnecting === false : !socket.connecting);
    if (stands) connected();
    else socket.once(tls ? 'secureConnect' : 'connect', connected);
  });
};

/**
 * Sends one request and reads its answer, whatever its status. Follows no redirect: no API server sends one.
 * Settles by the deadline in any case, also where the connection never comes to be.
 * @throws {ExchangeFailed}
 */
export const exchange = (e: Exchange): Promise<ApiResponse> =>
  new Promise((resolve, reject) => {
    if (e.signal.aborted) {
      reject(new ExchangeFailed('cancelled', 'connecting'));
      return;
    }
    const send = e.endpoint.scheme === 'https' ? requestTls : requestPlain;
    const request = send({
      host: e.endpoint.host,
      port: e.endpoint.port,
      method: e.method,
      path: `${e.endpoint.basePath}${e.path}`,
      headers: e.headers,
      agent: e.agent,
      // Ends a tunnel through a proxy that never comes to be, which `destroy` alone would leave open.
      timeout: e.timeoutMs,
    });
    let phase: Phase = 'connecting';
    let settled = false;
    const settle = (act: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      e.signal.removeEventListener('abort', cancel);
      act();
    };
    const fail = (kind: ExchangeFailed['kind'], cause?: unknown): void =>
      settle(() => {
        request.destroy();
        reject(new ExchangeFailed(kind, phase, { cause }));
      });
    const cancel = (): void => fail('cancelled');
    const timer = setTimeout(() => fail('timeout'), e.timeoutMs);
    e.signal.addEventListener('abort', cancel, { once: true });
    watchConnection(request, () => {
      if (phase === 'connecting') phase = 'asked';
    });
    request.on('error', (cause) => fail('connection', cause));
    request.on('response', (response) => {
      phase = 'answering';
      const done = (body: Buffer): void => {
        const decoded = decode(body, response.headers['content-encoding'], e.mostBytes);
        settle(() => resolve(decoded.then((text) => ({ status: response.statusCode ?? 0, headers: headersOf(response), text }))));
      };
      readBody(response, e.mostBytes, done, fail);
    });
    request.end(e.body);
  });

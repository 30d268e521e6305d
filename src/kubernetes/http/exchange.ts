import { request as requestPlain, type Agent, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ApiResponse } from '../../model/ports.js';
import { codeOf } from '../../system/system-error.js';
import type { Endpoint } from '../../text/endpoint.js';
import { createLimiter } from './limiter.js';
import type { TunnelOptions } from './tunnel.js';

/** One request on the wire. */
export interface Exchange {
  readonly endpoint: Endpoint;
  readonly agent: Agent;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | undefined;
  /** Milliseconds until the last byte of the answer. */
  readonly timeoutMs: number;
  /** The largest body, in bytes, before and after unpacking. */
  readonly maxBytes: number;
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
/** Most answers are smaller. */
const firstBytes = 16 * 1024;

/** What of a body may be in memory beside the bodies of all other requests; a larger one waits for its turn to be read on. */
const freeBytes = 2 * 1024 * 1024;
/** Large bodies of the whole process are read one after the other, and packed ones unpacked so: together they would not fit into memory. */
const inTurnToRead = createLimiter(1);
const inTurnToUnpack = createLimiter(1);

/** @throws {ExchangeFailed} where the body is packed in another way than it was asked for, or too large */
const decode = async (body: Buffer, encoding: string | undefined, maxBytes: number): Promise<string> => {
  if (encoding === undefined || encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip') throw new ExchangeFailed('undecodable', 'answering');
  try {
    return await inTurnToUnpack(async () => (await unzip(body, { maxOutputLength: maxBytes })).toString('utf8'));
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

/**
 * Reads the whole body; `fail` is told where it is cut or too large. One that is large is read on when no other large one is.
 * @param settled resolves when the exchange has ended in any way
 */
const readBody = (
  response: IncomingMessage,
  maxBytes: number,
  settled: Promise<void>,
  done: (body: Buffer) => void,
  fail: (kind: ExchangeFailed['kind'], cause?: unknown) => void,
): void => {
  if (Number(response.headers['content-length']) > maxBytes) {
    fail('too-large');
    return;
  }
  // One buffer that grows, and no list of pieces: of a body that comes byte by byte each piece is a hundred times its own size.
  let body = Buffer.allocUnsafe(firstBytes);
  let bytes = 0;
  let waits = false;
  response.on('data', (chunk: Buffer) => {
    const size = bytes + chunk.length;
    if (size > maxBytes) {
      fail('too-large');
      return;
    }
    if (size > body.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * body.length));
      body.copy(larger, 0, 0, bytes);
      body = larger;
    }
    chunk.copy(body, bytes);
    bytes = size;
    if (waits || bytes <= freeBytes) return;
    waits = true;
    response.pause();
    void inTurnToRead(() => {
      response.resume();
      return settled;
    });
  });
  response.on('error', (cause) => fail('connection', cause));
  response.on('close', () => fail('connection', new Error('the answer was cut off')));
  response.on('end', () => {
    if (response.complete) done(body.subarray(0, bytes));
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

const requestOf = (e: Exchange, until: AbortSignal): ClientRequest => {
  const send = e.endpoint.scheme === 'https' ? requestTls : requestPlain;
  const options: RequestOptions & TunnelOptions = {
    host: e.endpoint.host,
    port: e.endpoint.port,
    method: e.method,
    path: `${e.endpoint.basePath}${e.path}`,
    headers: e.headers,
    agent: e.agent,
    until,
  };
  return send(options);
};

const send = (e: Exchange, resolve: (answer: Promise<ApiResponse>) => void, reject: (failed: ExchangeFailed) => void): void => {
  const broken = new AbortController();
  const request = requestOf(e, broken.signal);
  let phase: Phase = 'connecting';
  let settled = false;
  let release = (): void => undefined;
  const end = new Promise<void>((ended) => (release = ended));
  const settle = (act: () => void): void => {
    if (settled) return;
    settled = true;
    release();
    clearTimeout(timer);
    e.signal.removeEventListener('abort', cancel);
    act();
  };
  const fail = (kind: ExchangeFailed['kind'], cause?: unknown): void =>
    settle(() => {
      request.destroy();
      // What `destroy` leaves open: a tunnel through a proxy that is not there yet.
      broken.abort();
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
      const decoded = decode(body, response.headers['content-encoding'], e.maxBytes);
      settle(() => resolve(decoded.then((text) => ({ status: response.statusCode ?? 0, headers: headersOf(response), text }))));
    };
    readBody(response, e.maxBytes, end, done, fail);
  });
  request.end(e.body);
};

/**
 * Sends one request and reads its answer, whatever its status. Follows no redirect: no API server sends one.
 * Settles by the deadline in any case, also where the connection never comes to be.
 * @throws {ExchangeFailed}
 */
export const exchange = (e: Exchange): Promise<ApiResponse> =>
  new Promise((resolve, reject) => {
    if (e.signal.aborted) reject(new ExchangeFailed('cancelled', 'connecting'));
    else send(e, resolve, reject);
  });

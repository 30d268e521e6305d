import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import pLimit from 'p-limit';
import type { Dispatcher } from 'undici';
import type { ApiResponse } from '../../model/ports.js';
import { orAborted } from '../../system/deadline.js';
import { nextTurn } from '../../system/poll.js';
import { codeOf } from '../../system/system-error.js';
import { hostAndPort, type Endpoint } from '../../text/endpoint.js';

/** One request on the wire. */
export interface Exchange {
  readonly endpoint: Endpoint;
  /** Of `openPool`. */
  readonly dispatcher: Dispatcher;
  readonly method: Dispatcher.HttpMethod;
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
const inTurnToRead = pLimit(1);
const inTurnToUnpack = pLimit(1);

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

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

const headersOf = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** A body on its way into memory. */
class Reading {
  // One buffer that grows, and no list of pieces: of a body that comes byte by byte each piece is a hundred times its own size.
  #body = Buffer.allocUnsafe(firstBytes);
  #bytes = 0;
  constructor(private readonly maxBytes: number) {}

  /** @throws {ExchangeFailed} where it is too large */
  add(piece: Buffer): void {
    const size = this.#bytes + piece.length;
    if (size > this.maxBytes) throw new ExchangeFailed('too-large', 'answering');
    if (size > this.#body.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#body.length));
      this.#body.copy(larger, 0, 0, this.#bytes);
      this.#body = larger;
    }
    piece.copy(this.#body, this.#bytes);
    this.#bytes = size;
  }

  get body(): Buffer {
    return this.#body.subarray(0, this.#bytes);
  }
  get bytes(): number {
    return this.#bytes;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Takes in one answer as it comes, called by undici: the streams that undici makes of an answer take longer than all else. */
class Answering implements Dispatcher.DispatchHandler {
  readonly #reading: Reading;
  readonly #answer = Promise.withResolvers<Answer>();
  readonly #ended = Promise.withResolvers<undefined>();
  #head: Omit<Answer, 'body'> = { status: 0, headers: {} };
  #waits = false;
  #live = true;

  /**
   * @param maxBytes the largest body
   * @param signal ends it
   * @param reached is told how far it has got
   */
  constructor(
    private readonly maxBytes: number,
    private readonly signal: AbortSignal,
    private readonly reached: (phase: Phase) => void,
  ) {
    this.#reading = new Reading(maxBytes);
  }

  get answer(): Promise<Answer> {
    return this.#answer.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const end = (): void => {
      this.#settle();
      controller.abort(this.signal.reason as Error);
    };
    if (this.signal.aborted) end();
    else this.signal.addEventListener('abort', end, { once: true });
    this.reached('asked');
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 1xx: the answer is still to come (RFC 9110, section 15.2).
    if (status < 200) return;
    this.reached('answering');
    this.#head = { status, headers };
    if (Number(headers['content-length']) > this.maxBytes) throw new ExchangeFailed('too-large', 'answering');
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#reading.add(piece);
    if (this.#waits || this.#reading.bytes <= freeBytes) return;
    this.#waits = true;
    controller.pause();
    void inTurnToRead(() => {
      if (this.#live) controller.resume();
      return this.#ended.promise;
    });
  }

  onResponseEnd(): void {
    this.#settle();
    this.#answer.resolve({ ...this.#head, body: this.#reading.body });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#settle();
    this.#answer.reject(error);
  }

  /** Nobody waits for the turn of an answer that has ended. */
  #settle(): void {
    this.#live = false;
    this.#ended.resolve(undefined);
  }
}

/**
 * Sends one request and reads its answer, whatever its status. Follows no redirect: no API server sends one.
 * Settles by the deadline in any case, also where the connection never comes to be.
 * @throws {ExchangeFailed}, or what undici throws of a request that cannot be sent as it is
 */
export const exchange = async (e: Exchange): Promise<ApiResponse> => {
  if (e.signal.aborted) throw new ExchangeFailed('cancelled', 'connecting');
  const ending = new AbortController();
  let phase = 'connecting' as Phase;
  const end = (kind: 'timeout' | 'cancelled') => (): void => ending.abort(new ExchangeFailed(kind, phase));
  const cancel = end('cancelled');
  const timer = setTimeout(end('timeout'), e.timeoutMs);
  e.signal.addEventListener('abort', cancel, { once: true });
  const reached = (next: Phase): void => {
    phase = next;
  };
  const answer = async (): Promise<ApiResponse> => {
    const answering = new Answering(e.maxBytes, ending.signal, reached);
    e.dispatcher.dispatch(
      {
        origin: `${e.endpoint.scheme}://${hostAndPort(e.endpoint)}`,
        method: e.method,
        path: `${e.endpoint.basePath}${e.path}`,
        headers: e.headers,
        body: e.body ?? null,
      },
      answering,
    );
    const { status, headers, body } = await answering.answer;
    // undici lends the connection again one turn later: requests one after the other would open two.
    await nextTurn();
    return { status, headers: headersOf(headers), text: await decode(body, headers['content-encoding']?.toString(), e.maxBytes) };
  };
  try {
    return await orAborted(answer(), ending.signal);
  } catch (cause) {
    if (cause instanceof ExchangeFailed || codeOf(cause) === 'UND_ERR_INVALID_ARG') throw cause;
    throw new ExchangeFailed('connection', phase, { cause });
  } finally {
    clearTimeout(timer);
    e.signal.removeEventListener('abort', cancel);
  }
};

import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What can go wrong with one answer. `ms` are milliseconds. */
export type Fault =
  /** An answer with this status; `retryAfter` in seconds or as a date. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly message?: string }
  /** The connection is reset before anything was answered. */
  | { readonly kind: 'reset' }
  /** The connection is reset in the middle of the body. */
  | { readonly kind: 'cut' }
  /** A complete answer whose JSON stops in the middle. */
  | { readonly kind: 'truncated-json' }
  /** Nothing for a while, then the right answer. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Never an answer. */
  | { readonly kind: 'hang' }
  /** The body comes a few bytes at a time, for ever. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** The login page of a proxy, as 200. */
  | { readonly kind: 'html' }
  /** A body of this many bytes. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  /** A small gzip body that unpacks to this many bytes. */
  | { readonly kind: 'gzip-bomb'; readonly bytes: number }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Bytes that are no HTTP. */
  | { readonly kind: 'garbage' };

/** `metav1.Status`, as the API server words a refusal. */
export const statusBody = (code: number, message: string, reason = ''): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code,
});

const json = { 'content-type': 'application/json' };
const loginPage = '<!DOCTYPE html><html><body><form>Sign in</form></body></html>';

const fillBody = (response: ServerResponse, bytes: number): void => {
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end('{}');
  };
  more();
};

const drip = (response: ServerResponse, ms: number): void => {
  response.writeHead(200, json);
  response.write('{"items":[');
  const timer = setInterval(() => response.write(' '), ms);
  response.on('close', () => clearInterval(timer));
};

/**
 * Answers one request wrongly.
 * @param proceed the right answer, for what is only late
 */
export const commit = (fault: Fault, request: IncomingMessage, response: ServerResponse, proceed: () => void): void => {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { ...json, ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }) });
      response.end(JSON.stringify(statusBody(fault.status, fault.message ?? `fault ${fault.status}`)));
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'cut':
      response.writeHead(200, { ...json, 'content-length': '100000' });
      response.write('{"metadata":{},"items":[', () => request.socket.destroy());
      return;
    case 'truncated-json':
      response.writeHead(200, json).end('{"metadata":{},"items":[{"metadata":{"na');
      return;
    case 'slow': {
      const timer = setTimeout(proceed, fault.ms);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    case 'hang':
      return;
    case 'drip':
      drip(response, fault.ms);
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(loginPage);
      return;
    case 'oversized':
      response.writeHead(200, json);
      fillBody(response, fault.bytes);
      return;
    case 'gzip-bomb':
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(fault.bytes, 0x20)));
      return;
    case 'redirect':
      response.writeHead(302, { location: fault.location }).end();
      return;
    case 'garbage':
      request.socket.end('SSH-2.0-OpenSSH_9.6\r\n');
      return;
  }
};

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseEndpoint } from '../../../src/text/endpoint.js';
import { openPool, type OpenPool } from '../../../src/system/pool.js';
import { exchange } from '../../../src/kubernetes/http/exchange.js';
import { startApiServer, type ApiServer } from '../../helpers/api-server.js';

let server: ApiServer;
let pool: OpenPool;
beforeEach(async () => {
  server = await startApiServer();
  const endpoint = { scheme: 'https', host: '127.0.0.1', port: server.port } as const;
  pool = openPool({ endpoint, connections: 8, tls: { ca: server.authority.certificate } });
});
afterEach(async () => {
  await pool.close();
  await server.close();
});

test('a socket that serves many requests, and the signal of a run, gather no listeners', async () => {
  const { signal } = new AbortController();
  let listening = 0;
  const counted = Object.assign(signal, {
    addEventListener: (...args: Parameters<AbortSignal['addEventListener']>) => {
      listening++;
      AbortSignal.prototype.addEventListener.apply(signal, args);
    },
    removeEventListener: (...args: Parameters<AbortSignal['removeEventListener']>) => {
      listening--;
      AbortSignal.prototype.removeEventListener.apply(signal, args);
    },
  });
  const endpoint = parseEndpoint(server.url, 'https');
  if (endpoint === undefined) throw new Error(server.url);
  const ask = (): Promise<unknown> =>
    exchange({
      endpoint,
      dispatcher: pool.dispatcher,
      method: 'GET',
      path: '/version',
      headers: {},
      timeoutMs: 5_000,
      maxBytes: 1_000,
      signal: counted,
    });
  const sockets: EventEmitter[] = [];
  const connected = (message: unknown): void => void sockets.push((message as { socket: EventEmitter }).socket);
  subscribe('undici:client:connected', connected);
  const listeners = (): number[] => sockets.map((socket) => socket.eventNames().reduce((sum, name) => sum + socket.listenerCount(name), 0));
  await ask();
  await ask();
  const [before] = listeners();
  for (let i = 0; i < 15; i++) await ask();
  expect(server.connections.opened).toBe(1);
  expect(before).toBeGreaterThan(0);
  expect(listeners()).toEqual([before]);
  expect(listening).toBe(0);
  unsubscribe('undici:client:connected', connected);
});

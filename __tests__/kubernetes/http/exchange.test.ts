import { Agent } from 'node:https';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseEndpoint } from '../../../src/text/endpoint.js';
import { exchange } from '../../../src/kubernetes/http/exchange.js';
import { startApiServer, type ApiServer } from '../../helpers/api-server.js';

let server: ApiServer;
let agent: Agent;
beforeEach(async () => {
  server = await startApiServer();
  agent = new Agent({ keepAlive: true, ca: server.authority.certificate });
});
afterEach(async () => {
  agent.destroy();
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
    exchange({ endpoint, agent, method: 'GET', path: '/version', headers: {}, timeoutMs: 5_000, maxBytes: 1_000, signal: counted });
  const listeners = (): number[] =>
    Object.values(agent.freeSockets).flatMap((sockets) =>
      (sockets ?? []).map((socket) => socket.eventNames().reduce((sum, name) => sum + socket.listenerCount(name), 0)),
    );
  await ask();
  await ask();
  const [before] = listeners();
  for (let i = 0; i < 15; i++) await ask();
  expect(server.connections.opened).toBe(1);
  expect(listeners()).toEqual([before]);
  expect(listening).toBe(0);
});

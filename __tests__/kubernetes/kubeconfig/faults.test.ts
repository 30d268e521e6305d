import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/model/errors.js';
import type { Fault } from '../../helpers/api-faults.js';
import { startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { noAnswer, openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';

/** Every fault while facts are read, over a real TLS connection. What is no answer is `NotAvailable`; nothing hangs. */
const path = '/api/v1/nodes';
const key = `GET ${path}`;
let server: ApiServer;
let live: Live;

beforeEach(async () => {
  server = await startApiServer({ routes: { [key]: { items: [] }, 'POST /x': { ok: true } } });
  live = await openLive({ kubeconfig: server.kubeconfig(), requestTimeoutMs: 3_000 });
});
afterEach(async () => {
  await live.opened.close();
  await server.close();
});
const asked = (): number => server.requests.filter((r) => r.path.split('?')[0] === path).length;

describe('a fault that passes', () => {
  test.each<[string, Fault]>([
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: '1' }],
    ['429 without', { kind: 'status', status: 429 }],
    ['500', { kind: 'status', status: 500 }],
    ['502', { kind: 'status', status: 502 }],
    ['503', { kind: 'status', status: 503 }],
    ['504', { kind: 'status', status: 504 }],
    ['a reset before the answer', { kind: 'reset' }],
    ['a stream cut in the middle', { kind: 'cut' }],
  ])('%s: the second try is the answer', async (_title, fault) => {
    server.fault(key, fault, 1);
    expect(await live.api.request({ path })).toMatchObject({ status: 200, text: '{"items":[]}' });
    expect(asked()).toBe(2);
  });
  test('Retry-After is waited for', async () => {
    server.fault(key, { kind: 'status', status: 429, retryAfter: '1' }, 1);
    const begun = performance.now();
    await live.api.request({ path });
    expect(performance.now() - begun).toBeGreaterThan(990);
  });
  test('a slow answer within the deadline', async () => {
    server.fault(key, { kind: 'slow', ms: 300 });
    expect((await live.api.request({ path })).status).toBe(200);
    expect(asked()).toBe(1);
  });
});

describe('a fault that stays', () => {
  test.each([429, 500, 503])('%i is handed on after three tries', async (status) => {
    server.fault(key, { kind: 'status', status });
    expect((await live.api.request({ path })).status).toBe(status);
    expect(asked()).toBe(3);
  });
  test.each([400, 401, 403, 404, 406, 409, 422])('%i is an answer, and not asked again', async (status) => {
    server.fault(key, { kind: 'status', status });
    expect((await live.api.request({ path })).status).toBe(status);
    expect(asked()).toBe(1);
  });
  test('Retry-After beyond the deadline is not waited for', async () => {
    server.fault(key, { kind: 'status', status: 429, retryAfter: '3600' });
    const begun = performance.now();
    expect((await live.api.request({ path })).status).toBe(429);
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
  test.each<[string, Fault, RegExp]>([
    ['resets', { kind: 'reset' }, /^GET \/api\/v1\/nodes: the connection to 127\.0\.0\.1:\d+ was cut/],
    ['streams cut in the middle', { kind: 'cut' }, /was cut off in the middle/],
    ['bytes that are no HTTP', { kind: 'garbage' }, /answers with something that is not HTTP/],
  ])('%s', async (_title, fault, message) => {
    server.fault(key, fault);
    const error = await noAnswer(live.api, { path });
    expect(error.reason).toBe('unreachable');
    expect(error.message).toMatch(message);
  });
  test.each<[string, Fault]>([
    ['no answer at all', { kind: 'hang' }],
    ['an answer that comes too late', { kind: 'slow', ms: 30_000 }],
    ['a body that comes a byte at a time', { kind: 'drip', ms: 20 }],
  ])('%s ends at the deadline', async (_title, fault) => {
    server.fault(key, fault);
    const begun = performance.now();
    const error = await noAnswer(live.api, { path, timeoutMs: 400 });
    expect(error.reason).toBe('timeout');
    expect(error.message).toMatch(/no complete answer of 127\.0\.0\.1:\d+ within 0\.4 s/);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
  test('the deadline covers all tries together', async () => {
    server.fault(key, { kind: 'slow', ms: 350 });
    server.route(key, () => ({ status: 503, body: {} }));
    const begun = performance.now();
    await noAnswer(live.api, { path, timeoutMs: 700 });
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
  test('HTML and JSON that stops in the middle are answers, handed on as they are', async () => {
    server.fault(key, { kind: 'html' });
    expect((await live.api.request({ path })).headers['content-type']).toMatch(/text\/html/);
    server.fault(key, { kind: 'truncated-json' });
    expect((await live.api.request({ path })).text).toMatch(/"na$/);
  });
  test('a redirect is not followed', async () => {
    server.fault(key, { kind: 'redirect', location: `${server.url}/version` });
    expect((await live.api.request({ path })).status).toBe(302);
  });
});

describe('sizes', () => {
  const mebi = 1024 * 1024;
  test('a body above 64 MiB', async () => {
    server.fault(key, { kind: 'oversized', bytes: 70 * mebi });
    expect((await noAnswer(live.api, { path, timeoutMs: 30_000 })).reason).toBe('too-large');
  }, 40_000);
  test('a body without end, long before its deadline', async () => {
    server.fault(key, { kind: 'oversized', bytes: Number.POSITIVE_INFINITY });
    expect((await noAnswer(live.api, { path, timeoutMs: 30_000 })).reason).toBe('too-large');
  }, 40_000);
  test('a gzip bomb is not unpacked', async () => {
    server.fault(key, { kind: 'gzip-bomb', bytes: 80 * mebi });
    expect((await noAnswer(live.api, { path, timeoutMs: 30_000 })).reason).toBe('too-large');
  }, 40_000);
  test('gzip within the bound is unpacked, though nobody asked for it', async () => {
    server.fault(key, { kind: 'gzip-bomb', bytes: 1_000 });
    expect((await live.api.request({ path })).text).toBe(' '.repeat(1_000));
  });
  test('a packing that nobody asked for and nobody can read', async () => {
    server.route(key, () => ({ headers: { 'content-encoding': 'br' }, body: 'x' }));
    expect((await noAnswer(live.api, { path })).reason).toBe('malformed');
  });
  test('gzip that is none', async () => {
    server.route(key, () => ({ headers: { 'content-encoding': 'gzip' }, body: 'plain' }));
    expect((await noAnswer(live.api, { path })).reason).toBe('malformed');
  });
});

describe('what may have had an effect is not sent again', () => {
  const posted = (): number => server.requests.filter((r) => r.method === 'POST').length;
  test.each<[string, Fault, number]>([
    ['503', { kind: 'status', status: 503, retryAfter: '1' }, 1],
    ['429 without Retry-After', { kind: 'status', status: 429 }, 1],
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: '0' }, 2],
  ])('POST after %s', async (_title, fault, times) => {
    server.fault('POST /x', fault, 1);
    await live.api.request({ method: 'POST', path: '/x', body: {} });
    expect(posted()).toBe(times);
  });
  test('POST after a reset', async () => {
    server.fault('POST /x', { kind: 'reset' });
    expect((await noAnswer(live.api, { method: 'POST', path: '/x', body: {} })).reason).toBe('unreachable');
    expect(posted()).toBe(1);
  });
});

describe('a kubelet behind the API server', () => {
  test('503 is asked again once, and at once', async () => {
    const kubelet = '/api/v1/nodes/a/proxy/configz';
    server.fault(`GET ${kubelet}`, { kind: 'status', status: 503, retryAfter: '2', message: 'remote error: tls: internal error' });
    const begun = performance.now();
    expect((await live.api.request({ path: kubelet })).status).toBe(503);
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(server.requests.filter((r) => r.path === kubelet)).toHaveLength(2);
  });
});

describe('the end of a run', () => {
  test('cancelling ends a request that waits', async () => {
    server.fault(key, { kind: 'hang' });
    const waiting = noAnswer(live.api, { path });
    setTimeout(live.context.cancel, 100);
    expect((await waiting).message).toMatch(/the run was cancelled/);
  });
  test('cancelling ends the pause before another try', async () => {
    server.fault(key, { kind: 'status', status: 429, retryAfter: '2' });
    const begun = performance.now();
    const waiting = noAnswer(live.api, { path });
    setTimeout(live.context.cancel, 100);
    expect((await waiting).reason).toBe('timeout');
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
  test('closing lets go of every connection', async () => {
    await Promise.all(Array.from({ length: 20 }, () => live.api.request({ path })));
    await live.opened.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.connections.open).toBe(0);
  });
  test('a server that is gone', async () => {
    await server.close();
    const error = await noAnswer(live.api, { path });
    expect(error.message).toMatch(/nothing listens at 127\.0\.0\.1:\d+ \(connection refused\)/);
  });
});

describe('the pool', () => {
  test('a hundred requests at once take at most eight connections, and one by one a single one', async () => {
    for (let i = 0; i < 5; i++) await live.api.request({ path });
    expect(server.connections.opened).toBe(1);
    await Promise.all(Array.from({ length: 100 }, () => live.api.request({ path })));
    expect(server.connections.opened).toBeLessThanOrEqual(8);
  });
});

describe('waiting for a turn', () => {
  test('slow requests before it do not use up the deadline of one', async () => {
    server.route('GET /slow', {});
    server.fault('GET /slow', { kind: 'slow', ms: 500 });
    const slow = Array.from({ length: 16 }, () => live.api.request({ path: '/slow' }));
    expect((await live.api.request({ path, timeoutMs: 400 })).status).toBe(200);
    await Promise.all(slow);
  });
  test('cancelling ends those too that have not had theirs', async () => {
    server.fault(key, { kind: 'hang' });
    const waiting = Promise.all(Array.from({ length: 30 }, () => noAnswer(live.api, { path })));
    setTimeout(live.context.cancel, 100);
    expect(new Set((await waiting).map((e) => e.reason))).toEqual(new Set(['timeout']));
  });
});

describe('opening', () => {
  const version = 'GET /version';
  test.each<[string, Fault, RegExp]>([
    [
      'a server that rejects the credentials',
      { kind: 'status', status: 401 },
      /credentials were not accepted \(401\).*fetch a fresh kubeconfig\.$/,
    ],
    ['a server that limits requests', { kind: 'status', status: 429 }, /limits requests \(429\).*try again later\.$/],
    [
      'a server that is broken',
      { kind: 'status', status: 500, message: 'etcd is down' },
      /answers with 500 \(etcd is down\) after several tries/,
    ],
    ['a login page', { kind: 'html' }, /answers to \/version with 200 and HTML, so it is no API server/],
    ['JSON that stops in the middle', { kind: 'truncated-json' }, /200 and something that is not JSON/],
    [
      'a redirect',
      { kind: 'redirect', location: 'https://login.example/?secret=1' },
      /answers with a redirect to login\.example, which no API server does/,
    ],
    ['resets', { kind: 'reset' }, /the connection to 127\.0\.0\.1:\d+ was cut/],
    ['a stream cut in the middle', { kind: 'cut' }, /was cut off in the middle/],
    ['bytes that are no HTTP', { kind: 'garbage' }, /something that is not HTTP/],
    ['no answer at all', { kind: 'hang' }, /no complete answer of 127\.0\.0\.1:\d+ within 1 s; check network, VPN and firewall/],
  ])('%s', async (_title, fault, message) => {
    server.fault(version, fault);
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(), requestTimeoutMs: 1_000 });
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/^Cannot use the cluster of context "test" at https:\/\/127\.0\.0\.1:\d+: /);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\n/);
  });
  test('403 of Kubernetes is a working connection', async () => {
    server.fault(version, { kind: 'status', status: 403 });
    const { opened } = await openLive({ kubeconfig: server.kubeconfig() });
    expect(opened.name).toBe('test');
    await opened.close();
  });
  test('404 of another program', async () => {
    server.route(version, () => ({ status: 404, body: 'not here' }));
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(
      /404 and something that is not JSON, so it is no API server/,
    );
  });
  test('JSON of another program', async () => {
    server.route(version, { app: 'grafana' });
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig() })).message).toMatch(/200 and other JSON, so it is no API server/);
  });
});

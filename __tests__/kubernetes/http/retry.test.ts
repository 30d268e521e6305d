import { describe, expect, test } from '@jest/globals';
import type { ApiResponse } from '../../../src/model/ports.js';
import { parseEndpoint } from '../../../src/text/endpoint.js';
import { ExchangeFailed, type Phase } from '../../../src/kubernetes/http/exchange.js';
import { pauseBeforeRetry, retryAfterMs } from '../../../src/kubernetes/http/retry.js';

const now = Date.parse('2026-11-23T12:00:00Z');

describe('Retry-After', () => {
  test.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['0', 0],
    [' 3 ', 3_000],
    ['Mon, 23 Nov 2026 12:00:07 GMT', 7_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', 0],
    ['99999999999', undefined],
  ])('%j is %j ms', (value, expected) => {
    // '-1' is no number of seconds; the date parser of JavaScript takes it for a year long ago.
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});

describe('the pause before another try', () => {
  const answer = (status: number, headers: Record<string, string> = {}): { response: ApiResponse } => ({
    response: { status, headers, text: '' },
  });
  const failure = (code: string, phase: Phase): { failure: ExchangeFailed } => ({
    failure: new ExchangeFailed('connection', phase, { cause: Object.assign(new Error(code), { code }) }),
  });
  const get = { path: '/api/v1/nodes' };
  const post = { method: 'POST', path: '/api/v1/namespaces?dryRun=All' } as const;
  test.each<[string, Parameters<typeof pauseBeforeRetry>[0], number, Parameters<typeof pauseBeforeRetry>[2], number | undefined]>([
    ['the first 503', get, 1, answer(503), 188],
    ['the second is longer', get, 2, answer(503), 375],
    ['the third stands', get, 3, answer(503), undefined],
    ['the server asks for more', get, 1, answer(503, { 'retry-after': '2' }), 2_000],
    ['the server asks for less', get, 1, answer(429, { 'retry-after': '0' }), 188],
    ['200', get, 1, answer(200), undefined],
    ['501', get, 1, answer(501), undefined],
    ['a reset of a GET', get, 1, failure('ECONNRESET', 'asked'), 188],
    ['a GET that was cut', get, 1, failure('ECONNRESET', 'answering'), 188],
    ['a POST that never left', post, 1, failure('ECONNREFUSED', 'connecting'), 188],
    ['a POST that may have arrived', post, 1, failure('ECONNRESET', 'asked'), undefined],
    ['a name that does not exist', get, 1, failure('ENOTFOUND', 'connecting'), undefined],
    ['a wrong CA', get, 1, failure('SELF_SIGNED_CERT_IN_CHAIN', 'connecting'), undefined],
    ['a time-out', get, 1, { failure: new ExchangeFailed('timeout', 'asked') }, undefined],
    ['503 through a kubelet', { path: '/api/v1/nodes/a/proxy/configz?x=1' }, 1, answer(503, { 'retry-after': '9' }), 200],
    ['503 through a kubelet again', { path: '/api/v1/nodes/a/proxy/configz' }, 2, answer(503), undefined],
    ['429 on the way to a kubelet', { path: '/api/v1/nodes/a/proxy/configz' }, 1, answer(429, { 'retry-after': '1' }), 1_000],
  ])('%s', (_title, request, tries, tried, expected) => {
    expect(pauseBeforeRetry(request, tries, tried, now, 0.5)).toBe(expected);
  });
});

describe('the server of a kubeconfig', () => {
  test.each<[string, 'http' | 'https', object | undefined]>([
    ['https://h:6443', 'http', { scheme: 'https', host: 'h', port: 6443, basePath: '' }],
    ['https://h', 'http', { scheme: 'https', host: 'h', port: 443, basePath: '' }],
    ['http://h/', 'https', { scheme: 'http', host: 'h', port: 80, basePath: '' }],
    ['h:8443', 'https', { scheme: 'https', host: 'h', port: 8443, basePath: '' }],
    ['10.0.0.1:8080', 'http', { scheme: 'http', host: '10.0.0.1', port: 8080, basePath: '' }],
    ['https://[fd00::1]:6443/k8s/c//', 'https', { scheme: 'https', host: 'fd00::1', port: 6443, basePath: '/k8s/c' }],
    ['https://', 'https', undefined],
    ['unix:///var/run/x', 'https', undefined],
    ['https://h:0x1', 'https', undefined],
  ])('%s', (server, scheme, expected) => {
    expect(parseEndpoint(server, scheme)).toEqual(expected);
  });
});

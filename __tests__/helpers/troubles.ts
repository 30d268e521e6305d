import type { Trouble } from './recorded-cluster.js';

const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Trouble => ({
  kind: 'answer',
  answer: { status, body, headers },
});
const json = { 'content-type': 'application/json' };

/** What can go wrong with the answer of one endpoint, and is over at once. */
export const quickTroubles: Readonly<Record<string, Trouble>> = {
  '401': { kind: 'status', status: 401, message: 'Unauthorized' },
  '403': { kind: 'status', status: 403, message: 'forbidden: User "nobody" cannot get path "/": a refusal of the authorizer' },
  '404': { kind: 'status', status: 404, message: 'the server could not find the requested resource' },
  '429 without Retry-After': { kind: 'status', status: 429 },
  '429 with a Retry-After beyond the deadline': { kind: 'status', status: 429, retryAfter: '3600' },
  '500': { kind: 'status', status: 500 },
  '503': { kind: 'status', status: 503 },
  'a reset': { kind: 'reset' },
  'a body cut in the middle': { kind: 'cut' },
  'JSON that stops in the middle': { kind: 'truncated-json' },
  'HTML with 200': { kind: 'html' },
  'an empty body with 200': answer(200, '', json),
  'an empty object with 200': answer(200, {}),
  'null with 200': answer(200, 'null', json),
  'another object with 201': answer(201, { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'x' }, spec: { containers: [] } }),
  'a body announced too large': answer(200, '{}', { ...json, 'content-length': String(70 * 1024 * 1024) }),
};

/** Those that end with a deadline alone. */
export const slowTroubles: Readonly<Record<string, Trouble>> = {
  'no answer': { kind: 'hang' },
  'a body that drips': { kind: 'drip', ms: 50 },
};

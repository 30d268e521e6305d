import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { create, readIfThere, remove } from '../../src/kubernetes/objects.js';
import { statusBody } from '../helpers/api-faults.js';
import type { ApiAnswer, ApiServer } from '../helpers/api-server.js';
import { openLive, serveLive } from '../helpers/live-server.js';

let server: ApiServer;
let answers: ApiAnswer[] = [];
let asked = 0;
beforeEach(async () => {
  asked = 0;
  server = await serveLive({ answer: () => answers[asked++] ?? { status: 201, body: {} }, away: () => false });
});
afterEach(() => server.close());

const make = async (outageMs?: number): Promise<void> => {
  const { api } = await openLive(server);
  const signal = new AbortController().signal;
  await create(api, '/api/v1/namespaces/a/pods', {}, { signal, ...(outageMs === undefined ? {} : { outageMs }) });
};
const conflict = { status: 409, body: statusBody(409, 'Operation cannot be fulfilled on resourcequotas "q"', 'Conflict') };

test('an object that is there already was made by an earlier try', async () => {
  answers = [{ status: 409, body: statusBody(409, 'pods "p" already exists', 'AlreadyExists') }];
  await make();
  expect(asked).toBe(1);
});

test('one that a quota has refused for being counted by another one just then is made by another try', async () => {
  answers = [conflict, conflict];
  await make();
  expect(asked).toBe(3);
});

test('a quota that nobody can count is told, in its own words', async () => {
  answers = Array.from({ length: 10 }, () => conflict);
  await expect(make(1_500)).rejects.toThrow('POST /api/v1/namespaces/a/pods: 409 Operation cannot be fulfilled on resourcequotas "q"');
});

const look = async (outageMs: number): Promise<unknown> => {
  const { api } = await openLive(server);
  return readIfThere(api, '/api/v1/namespaces/a', z.unknown(), { signal: new AbortController().signal, outageMs });
};
const absent = { status: 404, body: statusBody(404, 'namespaces "a" not found', 'NotFound') };
const lost = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'default backend - 404' };

test('what the API server says is not there is not there', async () => {
  answers = [absent];
  expect(await look(10_000)).toBeUndefined();
  expect(asked).toBe(1);
});

test.each<[string, ApiAnswer]>([
  ['a load balancer', lost],
  ['a proxy that answers JSON', { status: 404, body: { message: 'no route' } }],
])('a 404 of %s is no answer, and another try is made', async (_, answer) => {
  answers = [answer, answer, { body: { metadata: {} } }];
  expect(await look(10_000)).toEqual({ metadata: {} });
  expect(asked).toBe(3);
});

test('a 404 of a load balancer that lasts is an API server that cannot be reached', async () => {
  answers = Array.from({ length: 10 }, () => lost);
  await expect(look(1_500)).rejects.toMatchObject({ reason: 'unreachable', message: expect.stringContaining('not the API server') });
});

test('what is to be removed is not gone by the word of a load balancer', async () => {
  answers = [lost, absent];
  const { api } = await openLive(server);
  await remove(api, '/api/v1/namespaces/a', { signal: new AbortController().signal });
  expect(asked).toBe(2);
});

import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { create } from '../../../src/probes/guest/objects.js';
import { statusBody } from '../../helpers/api-faults.js';
import type { ApiAnswer, ApiServer } from '../../helpers/api-server.js';
import { openLive, serveLive } from '../../helpers/live-server.js';

jest.setTimeout(30_000);
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

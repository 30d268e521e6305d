import { describe, expect, test } from '@jest/globals';
import { clocks } from '../../src/facts/clocks.js';
import { timeDoubt } from '../../src/facts/support/time-doubt.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { ApiResponse } from '../../src/model/ports.js';
import { factPorts } from '../helpers/fact-ports.js';
import { cvesFact, releasesFact } from '../helpers/release-facts.js';

const here = '2026-11-23T12:00:00.000Z';
const portsOf = (answer: Partial<ApiResponse> | Error) => ({
  ...factPorts({}),
  clock: () => new Date(here),
  api: {
    request: (): Promise<ApiResponse> =>
      answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ status: 200, headers: {}, text: '', ...answer }),
  },
});

describe('the clocks', () => {
  test.each([
    ['an answer', { headers: { date: 'Mon, 23 Nov 2026 11:59:58 GMT' } }],
    ['a refusal', { status: 401, headers: { date: 'Mon, 23 Nov 2026 11:59:58 GMT' } }],
  ])('are read from %s', async (_, answer) => {
    expect(await clocks.collect(portsOf(answer))).toEqual({ here, server: '2026-11-23T11:59:58.000Z' });
  });
  test.each([
    ['no Date header', {}],
    ['an empty one', { headers: { date: '' } }],
    ['one that is none', { headers: { date: 'yesterday' } }],
    ['one of 100 kB', { headers: { date: `Mon, 23 Nov 2026 11:59:58 GMT${' '.repeat(100_000)}` } }],
    ['no answer', new NotAvailable('timeout', 'x')],
  ])('are not known with %s', async (_, answer) => {
    await expect(clocks.collect(portsOf(answer))).rejects.toThrow(NotAvailable);
  });
});

describe('the time is in doubt', () => {
  const facts = (server: string, more: object = {}) => ({ clocks: { here, server }, ...more });
  test.each([
    ['at the same moment', here, false],
    ['a day behind', '2026-11-22T12:00:00Z', false],
    ['more than a day behind', '2026-11-22T11:59:59Z', true],
    ['more than a day ahead', '2026-11-24T12:00:01Z', true],
    ['80 days ahead, as this machine is behind', '2027-02-11T12:00:00Z', true],
    ['at no moment', 'x', true],
  ])('with an API server %s: %s', (_, server, doubt) => {
    expect(timeDoubt(facts(server), here) !== undefined).toBe(doubt);
  });
  test('where the API server tells no time', () => {
    expect(timeDoubt({ clocks: { unavailable: 'malformed', detail: 'no Date header' } }, here)).toContain('no Date header');
  });
  test('not in a recording that was made before clocks were compared', () => {
    expect(timeDoubt({}, here)).toBeUndefined();
    expect(timeDoubt({ 'kubernetes-releases': releasesFact(), 'kubernetes-cves': cvesFact() }, here)).toBeUndefined();
  });
  test.each([
    ['release data', { 'kubernetes-releases': releasesFact({ asOf: '2026-11-24T12:00:01Z' }) }, 'The release data'],
    ['a release', { 'kubernetes-releases': releasesFact({ patches: [['1.38.0', '2026-12-16']] }) }, 'The release 1.38.0'],
    ['CVE data', { 'kubernetes-cves': cvesFact([], { asOf: '2026-11-25' }) }, 'The CVE data'],
    ['dates that are none', { 'kubernetes-cves': cvesFact([], { asOf: 'soon' }) }, 'The CVE data'],
  ])('with %s of a later day, live and recorded', (_, more, what) => {
    expect(timeDoubt(facts(here, more), here)).toContain(what);
    expect(timeDoubt(more, here)).toContain(what);
  });
  test('not with a branch that is planned', () => {
    const windows = [['1.38', '2026-12-16', null]] as const;
    expect(timeDoubt(facts(here, { 'kubernetes-releases': releasesFact({ windows }) }), here)).toBeUndefined();
  });
  test('by the clock of the machine that looked, whatever moment is judged by', () => {
    expect(timeDoubt(facts(here, { 'kubernetes-releases': releasesFact() }), '2020-01-01T00:00:00Z')).toBeUndefined();
  });
});

import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { collect } from '../src/collect.js';
import { NotAvailable } from '../src/model/errors.js';
import { defineFact, type Fact } from '../src/model/fact.js';
import type { Ports } from '../src/model/ports.js';

const ports = {} as unknown as Omit<Ports, 'fact'>;
const never = new AbortController().signal;
const fact = (name: string, run: (p: Ports) => Promise<string>): Fact<string> =>
  defineFact({ name, schema: z.string(), permissions: [], collect: run });

test('a fact on which others build is collected once', async () => {
  let times = 0;
  const base = fact('base', () => Promise.resolve(`b${++times}`));
  const above = fact('above', async (p) => `on ${await p.fact(base)}`);
  const beside = fact('beside', async (p) => `by ${await p.fact(base)}`);
  expect(await collect([base, above, beside], ports, never)).toEqual({ base: 'b1', above: 'on b1', beside: 'by b1' });
});

test('a fact that cannot be had takes those with it that build on it, and no other', async () => {
  const base = fact('base', () => Promise.reject(new NotAvailable('forbidden', 'GET /x: 403')));
  const above = fact('above', async (p) => `on ${await p.fact(base)}`);
  const other = fact('other', () => Promise.resolve('fine'));
  const absent = { unavailable: 'forbidden', detail: 'GET /x: 403' };
  expect(await collect([above, base, other], ports, never)).toEqual({ base: absent, above: absent, other: 'fine' });
});

test('a bug in a fact is no pass and no crash', async () => {
  const broken = fact('broken', () => Promise.reject(new TypeError('x is undefined')));
  expect(await collect([broken], ports, never)).toEqual({
    broken: { unavailable: 'malformed', detail: 'unexpected: x is undefined; please report this' },
  });
});

test('the deadline passes: what is there stays, the rest is a time-out', async () => {
  const stop = new AbortController();
  const slow = fact('slow', () => new Promise(() => undefined));
  const fast = fact('fast', () => Promise.resolve('there'));
  setTimeout(() => stop.abort(), 30);
  const facts = await collect([slow, fast], ports, stop.signal);
  expect(facts).toMatchObject({ fast: 'there', slow: { unavailable: 'timeout' } });
});

test('a run that starts after its deadline collects nothing and does not hang', async () => {
  const slow = fact('slow', () => new Promise(() => undefined));
  expect(await collect([slow], ports, AbortSignal.abort())).toMatchObject({ slow: { unavailable: 'timeout' } });
});

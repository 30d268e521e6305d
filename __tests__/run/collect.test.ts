import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { collect } from '../../src/run/collect.js';
import { NotAvailable } from '../../src/model/errors.js';
import { defineFact, type Fact, type Ports } from '../../src/model/fact.js';

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

describe('facts that act', () => {
  const acting = (name: string, run: (p: Ports) => Promise<string>): Fact<string> => ({ ...fact(name, run), tier: 'active' });
  const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  test('come after all that look, in whatever order they are asked for', async () => {
    const order: string[] = [];
    const step = (name: string, ms: number) => async (): Promise<string> => {
      await after(ms);
      order.push(name);
      return name;
    };
    const facts = [acting('acted', step('acted', 0)), fact('slow', step('slow', 30)), fact('fast', step('fast', 0))];
    expect(await collect(facts, ports, never)).toEqual({ acted: 'acted', slow: 'slow', fast: 'fast' });
    expect(order).toEqual(['fast', 'slow', 'acted']);
  });

  test('one that fails takes no other with it, and those that look have been had by then', async () => {
    const refused = acting('refused', () => Promise.reject(new NotAvailable('refused', 'a quota allows no pods')));
    const beside = acting('beside', () => Promise.resolve('fine'));
    expect(await collect([refused, beside, fact('seen', () => Promise.resolve('seen'))], ports, never)).toEqual({
      seen: 'seen',
      refused: { unavailable: 'refused', detail: 'a quota allows no pods' },
      beside: 'fine',
    });
  });

  test('the deadline passes: what looks is cut, what acts ends by itself with what it has seen, after it gave back what it made', async () => {
    const stop = new AbortController();
    let givenBack = false;
    const acted = acting('acted', async () => {
      await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
      await after(40);
      givenBack = true;
      return 'half of it';
    });
    setTimeout(() => stop.abort(), 20);
    const facts = await collect([fact('fast', () => Promise.resolve('there')), acted], ports, stop.signal);
    expect([facts, givenBack]).toEqual([{ fast: 'there', acted: 'half of it' }, true]);
  });

  test('a run whose deadline cuts what looks still asks what acts, which is where it ends', async () => {
    const acted = acting('acted', () => Promise.reject(new NotAvailable('timeout', 'the run ended before anything was made')));
    const facts = await collect([fact('slow', () => new Promise(() => undefined)), acted], ports, AbortSignal.abort());
    expect(facts).toMatchObject({ slow: { unavailable: 'timeout' }, acted: { detail: 'the run ended before anything was made' } });
  });

  test('every fact is counted once for those who wait, whether it looks or acts', async () => {
    const told: string[] = [];
    const some = [acting('acted', () => Promise.resolve('')), fact('seen', () => Promise.resolve(''))];
    await collect(some, ports, never, (done, all, name) => told.push(`${done}/${all} ${name}`));
    expect(told).toEqual(['1/2 seen', '2/2 acted']);
  });
});

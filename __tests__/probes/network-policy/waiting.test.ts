import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { viewCell, type SeenRound } from '../../../src/probes/network-policy/observe.js';
import { atTheEnd, waitedEnough, type Waiting } from '../../../src/probes/network-policy/waiting.js';

const patienceMs = 20_000;

/** Rounds that begin one after the other from the change on, at moment 0. */
const roundsOf = (count: number, everyMs: number, mark: 'answered' | 'silent' = 'answered'): readonly SeenRound[] =>
  Array.from({ length: count }, (_, i) => ({ at: everyMs * (i + 1), result: () => ({ mark, server: mark === 'answered' ? 's' : '' }) }));

const waiting = (expected: 'allowed' | 'denied', rounds: readonly SeenRound[], watchedMs: number): Waiting => ({
  expected,
  rounds,
  watchedMs,
  patienceMs,
});

/** For how long a cell that never comes out as expected is waited for, in seconds; looked at once a second. */
const waitedFor = (expected: 'allowed' | 'denied', everyMs: number, stopsAfterMs = Infinity): number => {
  for (let at = 1_000; at <= 600_000; at += 1_000) {
    const rounds = roundsOf(Math.floor(Math.min(at, stopsAfterMs) / everyMs), everyMs);
    if (waitedEnough(waiting(expected, rounds, at), patienceMs, at)) return at / 1_000;
  }
  return Infinity;
};

describe('how long a cell is waited for', () => {
  test.each<[title: string, expected: 'allowed' | 'denied', everyMs: number, seconds: number]>([
    ['a denial on a machine with time: the patience', 'denied', 1_300, 20],
    ['what should come through gets as long again', 'allowed', 1_300, 40],
    ['rounds twice as slow are slow enough', 'denied', 2_000, 20],
    ['a busy machine gets the time of as many rounds', 'denied', 5_000, 50],
    ['for what should come through too', 'allowed', 5_000, 100],
  ])('%s', (_, expected, everyMs, seconds) => expect(waitedFor(expected, everyMs)).toBe(seconds));
  test('a pod that stopped is not waited for', () => {
    expect(waitedFor('denied', 1_000, 4_000)).toBe(20);
    expect(waitedFor('denied', 8_000, 16_000)).toBe(33);
    expect(waitedFor('denied', 8_000, 7_000)).toBe(31);
  });
});

describe('what a cell comes to in the end', () => {
  const view = (rounds: readonly SeenRound[], expected: 'allowed' | 'denied', now: number) => viewCell(rounds, 1, expected, 's', 0, now);
  test('wrong in as many rounds as a machine with time makes of the patience: broken', () => {
    const rounds = roundsOf(10, 2_000);
    expect(atTheEnd(view(rounds, 'denied', 20_500), waiting('denied', rounds, 20_500), patienceMs)).toMatchObject({ observed: 'allowed' });
  });
  test('wrong in fewer: open, with the reason', () => {
    const rounds = roundsOf(9, 2_000);
    expect(atTheEnd(view(rounds, 'denied', 20_500), waiting('denied', rounds, 20_500), patienceMs)).toEqual({
      observed: 'not-probed',
      settled: false,
      lateMs: 18_000,
      note: 'the nodes are so busy that only 9 rounds of the probe were seen in 21 s',
    });
  });
  test('as expected in two rounds is enough, however slow they are', () => {
    const rounds = roundsOf(2, 15_000, 'silent');
    const seen = view(rounds, 'denied', 30_500);
    expect(atTheEnd(seen, waiting('denied', rounds, 30_500), patienceMs)).toBe(seen);
  });
  test('no cell is broken before it was waited for, and none is as expected that was not seen so', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('allowed' as const, 'denied' as const),
        fc.array(fc.record({ gap: fc.integer({ min: 100, max: 20_000 }), up: fc.boolean() }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 30_000 }),
        (expected, steps, rest) => {
          let at = 0;
          const rounds = steps.map(({ gap, up }): SeenRound => {
            at += gap;
            return { at, result: () => ({ mark: up ? 'answered' : 'silent', server: up ? 's' : '' }) };
          });
          const now = at + rest;
          const before = view(rounds, expected, now);
          const after = atTheEnd(before, waiting(expected, rounds, now), patienceMs);
          if (after.settled) expect(after).toBe(before);
          else if (after.observed !== 'not-probed') {
            expect(after.observed).toBe(before.observed);
            expect(rounds.length).toBeGreaterThanOrEqual(expected === 'allowed' ? 20 : 10);
          }
        },
      ),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { again, poll, type Clock } from '../../src/system/poll.js';

/** A clock that goes on as soon as somebody waits. */
const clockOf = (waits: number[]): Clock => {
  let now = 0;
  return {
    now: () => now,
    pause: (ms) => {
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
};
const signal = new AbortController().signal;

describe('a wait', () => {
  test('ends with the first look that tells something, also nothing', async () => {
    const waits: number[] = [];
    let looks = 0;
    const told = await poll<number, string | undefined>({
      look: () => Promise.resolve(++looks),
      everyMs: 500,
      signal,
      clock: clockOf(waits),
      until: (n) => (n < 3 ? again : undefined),
    });
    expect([told, looks, waits]).toEqual([undefined, 3, [500, 500]]);
  });
  test('counts what was seen apart from what was not, and an outage anew after each answer', async () => {
    const answers = [true, false, false, true, false, true];
    const seen: (readonly number[])[] = [];
    const note = (waited: { readonly totalMs: number; readonly seenMs: number; readonly awayMs: number }): typeof again | 'done' => {
      seen.push([waited.totalMs, waited.seenMs, waited.awayMs]);
      return seen.length === answers.length ? 'done' : again;
    };
    await poll({
      look: () => (answers[seen.length] === true ? Promise.resolve() : Promise.reject(new Error('away'))),
      everyMs: ({ awayMs }) => (awayMs === 0 ? 100 : 1_000),
      signal,
      clock: clockOf([]),
      until: (_, waited) => note(waited),
      outage: (_, waited) => note(waited),
    });
    expect(seen).toEqual([
      [0, 0, 0],
      [100, 0, 100],
      [1_100, 0, 1_100],
      [2_100, 1_000, 0],
      [2_200, 1_000, 100],
      [3_200, 2_000, 0],
    ]);
  });
  test('bears no outage where nothing says how long', async () => {
    const away = poll({ look: () => Promise.reject(new Error('away')), everyMs: 1, signal, until: () => again });
    await expect(away).rejects.toThrow('away');
  });
  test('that is ended looks once more, and no further', async () => {
    const stop = new AbortController();
    let looks = 0;
    const ended = poll({
      look: () => Promise.resolve(++looks),
      everyMs: 60_000,
      signal: stop.signal,
      until: () => again,
    });
    setTimeout(() => stop.abort(new Error('the run was ended')), 20);
    await expect(ended).rejects.toThrow('the run was ended');
    expect(looks).toBe(2);
  });
});

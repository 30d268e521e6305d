import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { besideServer, ClientLog, viewCell, type SeenRound } from '../../../src/probes/network-policy/observe.js';

/** A log of rounds that take one second each, with one order beside that to itself. */
const logOf = (marks: readonly string[], self: readonly string[] = []): string =>
  ['sctp no', ...marks.flatMap((mark, i) => [`${i + 1} @ ${100 + i}.00`, `${i + 1} 0 ${self[i] ?? '+ a-0'}`, `${i + 1} 1 ${mark}`])].join(
    '\n',
  );

const roundsOf = (text: string, now = 200_000): ClientLog => {
  const log = new ClientLog(1);
  log.read(text, now);
  return log;
};

describe('a log of a client', () => {
  test('rounds are placed on the clock of the one who reads', () => {
    const log = new ClientLog(1);
    log.read(logOf(['+ labels-0']), 5_000);
    // The second reading is quicker: the round was less long ago.
    log.read(logOf(['+ labels-0', '-']), 5_700);
    expect(log.since(0).map(({ at }) => at)).toEqual([4_700, 5_700]);
    expect(log.sctp).toBe(false);
    expect(log.metadata).toBeUndefined();
    log.read('metadata yes\n', 0);
    expect(log.metadata).toBe(true);
  });
  test('a round that is not complete is not there yet', () => {
    const log = roundsOf('1 @ 100.00\n1 0 + a-0');
    expect(log.since(0)).toEqual([]);
    log.read('1 1 -', 200_500);
    expect(log.since(0)).toHaveLength(1);
  });
  test('a round in which the prober did not reach itself says nothing', () => {
    expect(roundsOf(logOf(['-', '-', '-'], ['-', '+ a-0', 'x'])).since(0)).toHaveLength(1);
  });
  test('what was begun before the change does not count', () => {
    const log = roundsOf(logOf(['+ s', '+ s', '-']));
    const last = log.since(0).at(-1)!.at;
    expect(log.since(last - 1)).toHaveLength(1);
    expect(log.since(last)).toHaveLength(0);
  });
  test('whatever a pod writes, reading it ends and invents nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('1 @ 1.0', '1 0 + x', '1 1 + y', '1 1 + ::error::', '99999999 @ 1', '1 @ -1'))),
        (lines) => {
          const log = new ClientLog(1);
          log.read(lines.join('\n'), 1_000);
          for (const round of log.since(Number.NEGATIVE_INFINITY))
            expect(['answered', 'refused', 'silent']).toContain(round.result(1)?.mark);
        },
      ),
    );
  });
});

const rounds = (marks: string): readonly SeenRound[] =>
  Array.from(marks, (mark, i) => ({
    at: 1_000 * (i + 1),
    result: () => ({
      mark: mark === '+' ? ('answered' as const) : mark === 'x' ? ('refused' as const) : ('silent' as const),
      server: mark === '+' ? 's' : '',
    }),
  }));

describe('a cell after a change', () => {
  test.each<[title: string, marks: string, expected: 'allowed' | 'denied', observed: string, settled: boolean, lateMs: number]>([
    ['denied at once', '--', 'denied', 'denied', true, 0],
    ['denied by a refusal', 'xx', 'denied', 'denied', true, 0],
    ['denied late', '+++--', 'denied', 'denied', true, 3_000],
    ['denied in one round alone is not steady', '+-', 'denied', 'allowed', false, 1_000],
    ['denied never', '+++++', 'denied', 'allowed', false, 5_000],
    ['let through now and then is not denied', '+-+-+', 'denied', 'allowed', false, 5_000],
    ['let through in the last but one round', '-+-', 'denied', 'allowed', false, 2_000],
    ['allowed', '++', 'allowed', 'allowed', true, 0],
    ['allowed again after a lost probe', '-++', 'allowed', 'allowed', true, 1_000],
    ['allowed now and then may be a loaded machine', '+-+-', 'allowed', 'unsteady', false, 4_000],
    ['never let through', '----', 'allowed', 'denied', false, 4_000],
    ['seen once is not seen', '-', 'denied', 'not-probed', false, 0],
    ['not seen', '', 'allowed', 'not-probed', false, 0],
  ])('%s', (_, marks, expected, observed, settled, lateMs) => {
    expect(viewCell(rounds(marks), 1, expected, 's', 0, 1_000 * (marks.length + 1))).toMatchObject({ observed, settled, lateMs });
  });
  test('a client that stopped after contrary rounds proves nothing', () => {
    expect(viewCell(rounds('+++'), 1, 'denied', 's', 0, 20_000)).toMatchObject({ observed: 'not-probed', settled: false });
    expect(viewCell(rounds('--'), 1, 'allowed', 's', 0, 20_000)).toMatchObject({ observed: 'not-probed', settled: false });
  });
  test('silence is a denial only where the pod that should answer is there', () => {
    const [never, denied] = [viewCell(rounds('----'), 1, 'allowed', 's', 0, 5_000), viewCell(rounds('--'), 1, 'denied', 's', 0, 3_000)];
    const gone = { observed: 'not-probed', settled: false, note: expect.stringContaining('should answer') as unknown };
    expect(besideServer(never, rounds('++++'), 5_000)).toEqual(never);
    expect(besideServer(denied, rounds('+'), 3_000)).toEqual(denied);
    expect(besideServer(never, rounds('+'), 8_000)).toMatchObject(gone);
    expect(besideServer(never, [], 5_000)).toMatchObject(gone);
    expect(besideServer(denied, [], 3_000)).toMatchObject(gone);
  });
  test('what is let through needs no second witness', () => {
    const open = viewCell(rounds('++'), 1, 'denied', 's', 0, 3_000);
    expect(besideServer(open, [], 3_000)).toEqual(open);
  });
  test('an answer of somebody else tells nothing', () => {
    expect(viewCell(rounds('++'), 1, 'allowed', 'other', 0, 3_000)).toMatchObject({
      observed: 'not-probed',
      settled: false,
      note: 's answered in place of other',
    });
  });
});

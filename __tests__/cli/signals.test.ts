import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { onInterrupt, type Interrupts } from '../../src/cli/signals.js';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let said: string[] = [];
let before: ReadonlyMap<string, readonly unknown[]>;
let exit: jest.SpiedFunction<typeof process.exit>;
let interrupts: Interrupts;

beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  before = new Map(names.map((name) => [name, process.listeners(name)]));
  exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  interrupts = onInterrupt((line) => said.push(line));
});
afterEach(() => {
  for (const name of names)
    for (const listener of process.listeners(name))
      if (before.get(name)?.includes(listener) !== true) process.removeListener(name, listener);
  exit.mockRestore();
  jest.useRealTimers();
});

const leftBehind = 'interrupted: something does not end, and is left behind';
const interrupt = (): void => {
  process.emit('SIGTERM');
  expect(interrupts.signal.aborted).toBe(true);
};

describe('a run that was interrupted', () => {
  test('has nothing to give back and does not end: it is ended after eight seconds', () => {
    interrupt();
    jest.advanceTimersByTime(7_900);
    expect(exit).not.toHaveBeenCalled();
    jest.advanceTimersByTime(200);
    expect(exit).toHaveBeenCalledWith(130);
    expect(said).toEqual(['interrupted: giving everything back', leftBehind]);
  });

  // However long giving back takes, the report is written after it.
  test.each([500, 7_900, 8_050, 8_950, 9_100, 60_000, 179_999])(
    'gives back in %d ms: the report has eight seconds from then on',
    (tookMs) => {
      interrupts.onResource('sandbox', 'abcdefghij');
      interrupts.onResource('e2e-run', 'sonobuoy');
      interrupt();
      jest.advanceTimersByTime(tookMs / 2);
      interrupts.onResource('e2e-run', undefined);
      jest.advanceTimersByTime(tookMs / 2);
      interrupts.onResource('sandbox', undefined);
      jest.advanceTimersByTime(7_900);
      expect(exit).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1_200);
      expect(exit).toHaveBeenCalledWith(130);
      expect(said.at(-1)).toBe(leftBehind);
    },
  );
});

import { describe, expect, test } from '@jest/globals';
import { isRealDay } from '../../src/text/day.js';

describe('a day of the calendar', () => {
  test.each(['2026-11-22', '2028-02-29', '2026-02-28T23:59:59Z', '2026-12-31T10:00:00+02:00'])('%s', (text) => {
    expect(isRealDay(text)).toBe(true);
  });
  test.each(['2026-02-29', '2026-02-30', '2026-04-31T10:00:00Z', '2026-13-01', '2026-00-10', '2026-11-00', '26-11-22', 'yesterday', ''])(
    '%j is none',
    (text) => {
      expect(isRealDay(text)).toBe(false);
    },
  );
});

import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { expiryOf, remaining } from '../../src/model/lifetime.js';
import { lifetimes } from '../../src/model/official.js';
import { parseStatus, remindersOf } from '../../src/compliance-monitor/status.js';
import { anyCharacter } from '../helpers/any-character.js';

const status = (results: unknown, more: object = {}): string =>
  JSON.stringify({ cloud: { scope: { name: 'SCS-compatible KaaS', result: -1, passed: ['v1'], passed_str: 'v1', results, ...more } } });
const one = (result: unknown, checked_at = '2026-11-20T10:00:00', report = 'R1'): object => ({ t: { result, checked_at, report } });
const verdictOf = (result: unknown): string | undefined => parseStatus(status(one(result)), 'cloud', 'scope')?.testcases.get('t')?.verdict;

test('the verdict follows from the number alone', () => {
  expect([1, 0, -1, null, 2, -2].map(verdictOf)).toEqual(['PASS', 'ABORT', 'FAIL', 'MISSING', 'PASS', 'FAIL']);
  expect(parseStatus(status({}), 'cloud', 'scope')?.verdict).toBe('FAIL');
});

test('an unknown subject or scope has nothing, and inherits nothing', () => {
  for (const text of ['{}', status({}), '{"cloud":{}}']) {
    expect(parseStatus(text, 'constructor', 'scope')?.testcases.size).toBe(0);
    expect(parseStatus(text, 'cloud', 'toString')?.testcases.size).toBe(0);
  }
});

test.each([
  '',
  'null',
  '[]',
  '"x"',
  '<html>',
  '{"cloud":1}',
  '{"cloud":{"scope":null}}',
  status(one('PASS')),
  status({ t: { result: 1 } }),
  status(1),
])('%s is no status', (text) => {
  expect(parseStatus(text, 'cloud', 'scope')).toBeUndefined();
});

test('whatever a server says, nothing is thrown, and texts are short lines', () => {
  fc.assert(
    fc.property(fc.json(), fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (text, moment, report) => {
      expect(() => parseStatus(text, 'cloud', 'scope')).not.toThrow();
      const found = parseStatus(status(one(1, moment, report)), 'cloud', 'scope')?.testcases.get('t');
      expect(`${found?.checkedAt ?? ''}${found?.report ?? ''}`).not.toMatch(/\p{Cc}/u);
      expect(found?.report.length).toBeLessThanOrEqual(60);
    }),
  );
});

test('the lifetime is the monitor’s; a week where it does not say', () => {
  const withLifetimes = status(one(1, '2026-10-05T00:00:00'), { testcases: { t: { lifetime: 'month' } } });
  expect(remindersOf(parseStatus(withLifetimes, 'cloud', 'scope')!, '2026-11-20')).toEqual([]);
  expect(remindersOf(parseStatus(withLifetimes, 'cloud', 'scope')!, '2026-11-21')).toEqual([
    't: its PASS of 2026-10-05 stops to count on 2026-12-01, in 10 days',
  ]);
  expect(remindersOf(parseStatus(status(one(1, '2026-11-16T00:00:00')), 'cloud', 'scope')!, '2026-11-29')).toEqual([
    't: its PASS of 2026-11-16 stops to count on 2026-11-30, in one day',
  ]);
  expect(remindersOf(parseStatus(status(one(-1, '2026-11-16T00:00:00')), 'cloud', 'scope')!, '2026-11-29')).toEqual([]);
  expect(remindersOf(parseStatus(status(one(1, 'yesterday')), 'cloud', 'scope')!, '2026-11-29')).toEqual([]);
});

test('no result that was got today stops to count soon, whatever the day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(...lifetimes), (days, lifetime) => {
      const today = new Date(Date.UTC(2020, 0, 1 + days));
      const day = today.toISOString().slice(0, 10);
      expect(remaining(expiryOf(today, lifetime), lifetime, day)).toBeUndefined();
      expect(remaining(expiryOf(today, lifetime), lifetime, expiryOf(today, lifetime))).toContain('stopped to count');
    }),
  );
});

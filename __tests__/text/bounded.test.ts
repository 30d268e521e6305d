import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bounded, shortened } from '../../src/text/bounded.js';
import { anyCharacter } from '../helpers/any-character.js';

test.each([
  ['a name', 'worker-1.example.org', 'worker-1.example.org'],
  ['lines and tabs', ' a\r\n\tb\u2028c ', 'a b c'],
  ['controls', 'a\u0000b\u001b[31mc\u0085d\u009be', 'a b [31mc d e'],
  ['what turns the direction, or shows nothing', 'a\u202eb\u2066c\u200bd\ufeffe', 'abcde'],
  ['half of a pair', 'a\ud800', 'a\ufffd'],
  ['longer than a name may be', 'x'.repeat(300), 'x'.repeat(253)],
])('%s', (_title, text, expected) => {
  expect(bounded(text)).toBe(expected);
});

test('whatever it is: one line, bounded, printable, and the same when it is done again', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, most) => {
      const once = bounded(text, most);
      expect(once.length).toBeLessThanOrEqual(most);
      expect(once).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(once.isWellFormed()).toBe(true);
    }),
  );
});

test.each([
  ['short enough', 'a b c', 5, 'a b c'],
  ['cut at a word', 'the first words of many', 12, 'the first …'],
  ['one long word', 'x'.repeat(20), 10, `${'x'.repeat(10)} …`],
  ['half of a pair at the cut', `${'x'.repeat(9)}\u{1f600}`, 10, `${'x'.repeat(9)}\ufffd …`],
])('shortened: %s', (_title, text, most, expected) => {
  expect(shortened(text, most)).toBe(expected);
});

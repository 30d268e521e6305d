import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lineSplitter, plainLine } from '../../src/text/program-output.js';
import { anyCharacter } from '../helpers/any-character.js';

describe('a line of a program in a log', () => {
  test.each([
    ['a workflow command', '::error file=x::boom', ': :error file=x::boom'],
    ['one behind spaces', '  ::set-output name=a::b', ': :set-output name=a::b'],
    ['one behind a colour', '\u001b[31m::error::x\u001b[0m', ': :error::x'],
    ['one behind an invisible character', '\u200b::error::x', ': :error::x'],
    ['an older command', 'a ##[error]x', 'a # #[error]x'],
    ['one with a bell inside', '#\u0007#[error]x', '# #[error]x'],
    ['a progress line', ' \u001b[32m✓\u001b[0m Preparing nodes 📦 \t', '✓ Preparing nodes 📦'],
    ['brackets after a tab', 'a\t[0m', 'a [0m'],
  ])('%s', (_, raw, plain) => {
    expect(plainLine(raw)).toBe(plain);
  });
  test('any text gives one bounded line without a command', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom('::', '##[', '\n', '\r', '\u001b[31m', '\u0000', ' ', ':', '#', '[', '\u009b', '\u2028'),
        fc.string({ unit: anyCharacter }),
      ),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const line = plainLine(parts.join(''));
        return line.length <= 300 && !/^\s*::/.test(line) && !line.includes('##[') && !/[\p{Cc}\u2028\u2029]/u.test(line);
      }),
      { numRuns: 200 },
    );
  });
});

test('lines cut anywhere come out the same', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/)), fc.integer({ min: 1, max: 5 }), (lines, size) => {
      const [text, seen]: [string, string[]] = [lines.join('\r\n'), []];
      const splitter = lineSplitter((line) => seen.push(line));
      for (let i = 0; i < text.length; i += size) splitter.write(text.slice(i, i + size));
      splitter.end();
      expect(seen).toEqual(lines);
    }),
  );
});

test('a stream without a line end does not grow', () => {
  const seen: number[] = [];
  const splitter = lineSplitter((line) => seen.push(line.length));
  for (let i = 0; i < 100; i++) splitter.write('x'.repeat(1_000));
  expect(Math.max(...seen)).toBe(8_192);
  expect(seen.length).toBeGreaterThan(10);
});

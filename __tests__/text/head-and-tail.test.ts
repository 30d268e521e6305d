import { expect, test } from '@jest/globals';
import { headAndTail } from '../../src/text/head-and-tail.js';

const kept = (max: number, ...parts: readonly string[]): string => {
  const { add, text } = headAndTail(max);
  parts.forEach(add);
  return text();
};

test('a text that fits stays whole, whatever parts it comes in', () => {
  expect(kept(10)).toBe('');
  expect(kept(10, 'one two')).toBe('one two');
  expect(kept(10, 'one two th', 'ree four f', '')).toBe('one two three four f');
});
test('of a longer one the beginning and the end stay, without half words', () => {
  expect(kept(10, 'the cause is here', ' and much in between ', 'at the end')).toBe('the cause\n…\n the end');
  expect(kept(10, 'first line\nsecond line\nlast')).toBe('first\n…\n line\nlast');
});
test('one word is longer than all that is kept: nothing of it stays', () => {
  expect(kept(10, 'x'.repeat(50))).toBe('\n…\n');
});

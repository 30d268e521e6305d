import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeUnits, fit, utf8Bytes, fitVariants, type Block } from '../../src/reporters/fit.js';
import { anyCharacter } from '../helpers/any-character.js';

const block = (text: string, priority: number, name = text.slice(0, 8)): Block => ({ text, priority, name });

describe('blocks within a limit', () => {
  test('all fit: nothing is left out and nothing is said', () => {
    expect(fit([block('verdict', 0), block('table', 1)], 100, codeUnits)).toBe('verdict\n\ntable');
  });

  test('the least important goes first, the order stays, and the text says what is missing and where it stands', () => {
    const blocks = [
      block('verdict', 0),
      block('e'.repeat(500), 9, 'the evidence'),
      block('table', 1),
      block('p'.repeat(300), 8, 'what passed'),
    ];
    expect(fit(blocks, 450, codeUnits, 'The JSON report holds everything.')).toBe(
      `verdict\n\ntable\n\n${'p'.repeat(300)}\n\n_Left out for want of space: the evidence. The JSON report holds everything._`,
    );
  });

  test('of equals the last goes first, and a name is said once', () => {
    const blocks = [block('a'.repeat(100), 0), block('b'.repeat(100), 3, 'more'), block('c'.repeat(100), 3, 'more')];
    expect(fit(blocks, 290, codeUnits)).toBe(`${'a'.repeat(100)}\n\n${'b'.repeat(100)}\n\n_Left out for want of space: more._`);
    expect(fit(blocks, 160, codeUnits)).toBe(`${'a'.repeat(100)}\n\n_Left out for want of space: more._`);
  });

  test('what is never left out is cut at the end of a line where even it is too long', () => {
    expect(fit([block('line one\nline two\nline three', 0)], 20, codeUnits)).toBe('line one\nline two');
    expect(fit([block('x'.repeat(40), 0)], 20, codeUnits)).toBe(`${'x'.repeat(19)}…`);
  });

  test('never larger than the limit, always well-formed, in bytes and in code units', () => {
    const blocks = fc.array(
      fc.record({ text: fc.string({ unit: anyCharacter, maxLength: 60 }), priority: fc.nat(5), name: fc.string({ maxLength: 10 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(blocks, fc.integer({ min: 10, max: 300 }), fc.constantFrom(codeUnits, utf8Bytes), (some, limit, size) => {
        const text = fit(some, limit, size);
        expect(size(text)).toBeLessThanOrEqual(limit);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('sizes', () => {
  test('half of a pair counts three bytes', () => expect(utf8Bytes('a\udc00')).toBe(4));
  test('a pair counts two code units and four bytes', () => expect([codeUnits('🧨'), utf8Bytes('🧨')]).toEqual([2, 4]));
});

describe('the first items within a limit', () => {
  test.each([
    [['aaaa', 'bbbb', 'cccc'], 15, ['aaaa', 'bbbb', 'cccc']],
    [['aaaa', 'bbbb', 'cccc'], 14, ['aaaa', 'bbbb']],
    [['aaaa'], 3, []],
    [[], 3, []],
  ])('%j within %d', (texts, limit, kept) => expect(fitVariants(texts, limit)).toEqual(kept));
});

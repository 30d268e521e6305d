import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Samples } from '../../src/text/samples.js';

const length = 7;
const stretches = (text: string): readonly string[] =>
  Array.from({ length: Math.max(0, text.length - length + 1) }, (_, i) => text.slice(i, i + length));
const words = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: fc.constantFrom('a', 'b', '+'), maxLength: 40 }));

describe('samples of texts', () => {
  test('as a set of all stretches', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), words, (texts, other) => {
        const samples = new Samples(length);
        const known = new Set(texts.flatMap(stretches));
        for (const text of texts) samples.addAll(text);
        expect(samples.size).toBe(known.size);
        for (const text of [...texts, other])
          expect(stretches(text).map((_, i) => samples.has(text, i))).toEqual(stretches(text).map((one) => known.has(one)));
      }),
    );
  });
  test('a hundred thousand of them are found again, and no others', () => {
    const samples = new Samples(length);
    const texts = Array.from({ length: 100 }, (_, n) =>
      Array.from({ length: 1_000 }, (__, i) => String.fromCharCode(33 + ((i * (n + 7) * 31 + ((i * i) >> 3)) % 90))).join(''),
    );
    for (const text of texts) samples.addAll(text);
    expect(samples.size).toBe(new Set(texts.flatMap(stretches)).size);
    expect(texts.every((text) => stretches(text).every((_, i) => samples.has(text, i)))).toBe(true);
    const others = texts.map((text) => text.replace(/[\s\S]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 1_000)));
    expect(others.some((text) => stretches(text).some((_, i) => samples.has(text, i)))).toBe(false);
  });
});

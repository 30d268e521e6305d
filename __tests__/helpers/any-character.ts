import fc from 'fast-check';

const surrogates = { from: 0xd800, count: 0x800 };

/** Any code point but half a pair: what fast-check's unit `binary` draws, which first builds a map of all 1,112,064 of them (1.2 s and 110 MB a test file). */
export const anyCharacter = fc.nat({ max: 0x10ffff - surrogates.count }).map(
  (index) => String.fromCodePoint(index < surrogates.from ? index : index + surrogates.count),
  (text) => {
    const [character, more] = typeof text === 'string' ? Array.from(text) : [];
    const point = more === undefined ? character?.codePointAt(0) : undefined;
    if (point === undefined || /\p{Surrogate}/u.test(String.fromCodePoint(point))) throw new Error('not one character');
    return point < surrogates.from ? point : point - surrogates.count;
  },
);

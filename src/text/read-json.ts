/** What a text of JSON may cost: `{},` takes three bytes of a text and sixty of memory, and whoever walks through data takes stack for each level. */
export const jsonLimits = { values: 500_000, depth: 200 } as const;

export interface JsonLimits {
  readonly values: number;
  readonly depth: number;
}

/** The text may be JSON, and its data are more than is read. */
export class TooMuchJson extends Error {
  override readonly name = 'TooMuchJson';
}

const code = { quote: 0x22, comma: 0x2c, backslash: 0x5c, openList: 0x5b, closeList: 0x5d, open: 0x7b, close: 0x7d } as const;

/** Where a text in quotes ends, or the whole does. Most of JSON is texts, and `indexOf` is many times faster than a loop. @param start of its first quote */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === code.backslash) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
};

/** Counts values and levels in linear time. @throws {TooMuchJson} beyond the limits */
const assertBounded = (text: string, { values, depth }: JsonLimits): void => {
  let [seen, level] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case code.quote:
        i = endOfString(text, i);
        break;
      case code.open:
      case code.openList:
        if (++level > depth) throw new TooMuchJson(`it is nested deeper than ${depth} levels`);
        seen++;
        break;
      case code.close:
      case code.closeList:
        level--;
        break;
      case code.comma:
        seen++;
    }
    if (seen > values) throw new TooMuchJson(`it holds more than ${values} values`);
  }
};

/**
 * Parses JSON of other people, whose data are bounded before they are made. The only reader of JSON in this program.
 * @throws {TooMuchJson} beyond the limits
 * @throws {SyntaxError} where it is none
 */
export const readJson = (text: string, limits: JsonLimits = jsonLimits): unknown => {
  assertBounded(text, limits);
  return JSON.parse(text) as unknown;
};

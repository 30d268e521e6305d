import { createHash } from 'node:crypto';

/** One line of a standard that has a keyword: where it stands, which keywords it has, and which line it is. */
interface KeywordLine {
  /** The heading above it. */
  readonly section: string;
  readonly words: readonly string[];
  /** Of the line's words, so that a changed line is found; the line itself is not kept. */
  readonly print: string;
}

export interface StandardText {
  /** As the front matter writes it, e.g. `Stable`; `''` where it has none. */
  readonly status: string;
  readonly lines: readonly KeywordLine[];
}

/** Keywords of RFC 2119, as RFC 8174 has them count: in capitals alone. The verbs are used by these texts beside the adjectives. */
const capitals = /\b(?:(?:MUST|SHALL|SHOULD|MAY|CAN)(?: NOT)?|(?:NOT )?RECOMMEND(?:ED|S)?|REQUIRE[DS]?|OPTIONAL(?:LY)?)\b/g;

/** Texts that were written without capitals: their decisions say it in small letters. */
const small = /\b(?:must|should|may)(?: not)?\b/gi;

const printOf = (line: string): string => createHash('sha256').update(line.trim().replace(/\s+/g, ' ')).digest('hex').slice(0, 12);

/**
 * Reads the lines of a standard that ask for something.
 * @param markdown with its front matter
 * @param inSmallLetters true where the text uses no capitals: then its section "Decision" counts, in any case of letters
 */
export const readStandardText = (markdown: string, inSmallLetters: boolean): StandardText => {
  const [, front = '', body = markdown] = /^---\n([^]*?)\n---\n([^]*)$/.exec(markdown) ?? [];
  const status = /^status: *(\S+)/m.exec(front)?.[1] ?? '';
  const lines: KeywordLine[] = [];
  let [section, chapter, code] = ['', '', false];
  for (const line of body.split('\n')) {
    if (line.startsWith('```')) code = !code;
    const [, marks = '', title = ''] = /^(#{1,6}) (.*)$/.exec(line) ?? [];
    if (marks !== '' && !code) {
      section = title.trim();
      if (marks.length <= 2) chapter = section;
    } else if (!code && (!inSmallLetters || chapter === 'Decision')) {
      const words = (line.match(inSmallLetters ? small : capitals) ?? []).map((word) => word.toUpperCase());
      if (words.length > 0) lines.push({ section, words, print: printOf(line) });
    }
  }
  return { status, lines };
};

/** The level that a keyword asks for. */
export const levelOfKeyword = (word: string): 'MUST' | 'SHOULD' | 'MAY' => {
  if (/^(?:MUST|SHALL|REQUIRE)/.test(word)) return 'MUST';
  return /^(?:SHOULD|(?:NOT )?RECOMMEND)/.test(word) ? 'SHOULD' : 'MAY';
};

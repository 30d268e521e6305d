import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { inertForRunner, terminalText } from '../text/escape.js';

/** Colours of a terminal, by their meaning; plain text without colour. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** The caller decides about colour: with `validateStream: false` `styleText` asks neither a stream nor the environment. */
export const paintOf = (colour: boolean): Paint => {
  const style =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      colour && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return { good: style('green'), bad: style('red'), warn: style('yellow'), dim: style('dim'), bold: style('bold') };
};

/** What most texts of a report consist of, each a column wide. The tables of Unicode take longer to load than a report to write. */
const narrow = /^[\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027✓✗]*$/;

/** Columns that a text takes on most terminals (https://www.unicode.org/reports/tr11/), without colours in it. */
export const columnsOf = (text: string): number => (narrow.test(text) ? text.length : stringWidth(text));

/** Fills up to a number of columns. */
export const padded = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - columnsOf(text)));

let segmenter: Intl.Segmenter | undefined;
/** Characters as a reader sees them: an accent stays with its letter, a flag is one character. The language plays no part in this. */
const graphemesOf = (word: string): Intl.Segments => (segmenter ??= new Intl.Segmenter('en')).segment(word);

/** Parts of a word that stay together. Marks may take columns of their own: a character that is wider than a line is broken too. */
function* unbroken(word: string, columns: number): Iterable<string> {
  if (narrow.test(word)) yield* word;
  else
    for (const { segment } of graphemesOf(word))
      if (columnsOf(segment) > columns) yield* segment;
      else yield segment;
}

/** The first part of a text that fits, at least one character. */
const head = (word: string, columns: number): string => {
  let used = 0;
  let part = '';
  for (const piece of unbroken(word, columns)) {
    used += columnsOf(piece);
    if (part !== '' && used > columns) break;
    part += piece;
  }
  // Side by side they may take a column more than one by one, e.g. a sign and the selector that makes it a picture.
  const points = Array.from(part);
  while (points.length > 1 && columnsOf(points.join('')) > columns) points.pop();
  return points.join('');
};

/** The same for a line: a word that fits as a whole, else its beginning, preferably up to one of the marks of an address. */
const syllable = (word: string, columns: number): string => {
  const part = head(word, columns);
  if (part === word) return word;
  const mark = /^.*[/&?=,;]/su.exec(part)?.[0] ?? '';
  return mark.length > part.length / 2 ? mark : part;
};

/**
 * Breaks a hostile text into lines.
 * @param columns that a line may take; longer words are broken
 * @returns at least one line, without control characters
 */
export const wrapped = (text: string, columns: number): readonly string[] => {
  const room = Math.max(10, columns);
  const lines: string[] = [];
  let [line, used] = ['', 0];
  for (let word of terminalText(text).split(' ')) {
    const wide = columnsOf(word);
    if (line !== '' && used + 1 + wide <= room) {
      line += ` ${word}`;
      used += 1 + wide;
      continue;
    }
    if (line !== '') lines.push(line);
    for (let part = syllable(word, room); part !== word; part = syllable(word, room)) {
      lines.push(part);
      word = word.slice(part.length);
    }
    line = word;
    used = columnsOf(line);
  }
  return [...lines, line];
};

/** Cuts to a number of columns, with an ellipsis. */
export const shortened = (text: string, columns: number): string => {
  const clean = terminalText(text);
  return columnsOf(clean) <= columns ? clean : `${head(clean, Math.max(1, columns - 1)).trimEnd()}…`;
};

/** Lines behind a first text, the others under its end. */
export const hanging = (first: string, text: string, width: number, paint: (line: string) => string = (line) => line): string => {
  const indent = columnsOf(first);
  return wrapped(text, width - indent)
    .map((line, i) => (i === 0 ? first : ' '.repeat(indent)) + paint(line))
    .join('\n');
};

/** A whole text for a terminal or a log: no line is a command of the workflow runner. */
export const toScreen = (lines: readonly string[]): string => inertForRunner(`${lines.join('\n')}\n`);

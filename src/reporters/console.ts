import { inertForRunner, terminalText } from '../text/escape.js';

/** Colours of a terminal, by their meaning; plain text without colour. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** Select Graphic Rendition (ECMA-48, 8.3.117), made by hand: a reporter knows no terminal. */
export const paintOf = (colour: boolean): Paint => {
  const sgr =
    (on: number, off: number) =>
    (text: string): string =>
      colour && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { good: sgr(32, 39), bad: sgr(31, 39), warn: sgr(33, 39), dim: sgr(2, 22), bold: sgr(1, 22) };
};

/** Scripts and symbols that take two columns: https://www.unicode.org/reports/tr11/ */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const none = /[\p{M}\p{Cf}]/u;

/** Columns that a text takes, without colours in it. */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const c of text) columns += none.test(c) ? 0 : wide.test(c) ? 2 : 1;
  return columns;
};

/** Fills up to a number of columns. */
export const padded = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - columnsOf(text)));

/** The first part of a text that fits, at least one character. */
const head = (word: string, columns: number): string => {
  let used = 0;
  let part = '';
  for (const c of word) {
    used += columnsOf(c);
    if (part !== '' && used > columns) break;
    part += c;
  }
  return part;
};

/** The same of a word that is broken, rather behind one of the marks of an address. */
const syllable = (word: string, columns: number): string => {
  const part = head(word, columns);
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
  let line = '';
  for (let word of terminalText(text).split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (columnsOf(word) > room) {
      const part = syllable(word, room);
      lines.push(part);
      word = word.slice(part.length);
    }
    line = word;
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

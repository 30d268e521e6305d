import { clip } from '../text/escape.js';

/** One part of a text that has a limit. */
export interface Block {
  readonly text: string;
  /** 0 is never left out; the highest goes first. */
  readonly priority: number;
  /** What is missing where it is left out, e.g. `the evidence of what passed`. */
  readonly name: string;
}

export const block = (text: string, priority: number, name: string): Block => ({ text, priority, name });

/** How much a text takes of a limit. */
export type Size = (text: string) => number;

const encoder = new TextEncoder();
/** UTF-8 bytes; a lone surrogate becomes U+FFFD, three bytes. */
export const utf8Bytes: Size = (text) => encoder.encode(text).length;

/** UTF-16 code units, by which GitHub limits a comment. */
export const codeUnits: Size = (text) => text.length;

const separator = '\n\n';

/** Cuts at the end of a line where there is one, so that no markup is left half. */
const cut = (text: string, limit: number, size: Size): string => {
  if (size(text) <= limit) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (size(clip(text, middle)) <= limit) low = middle;
    else high = middle - 1;
  }
  const line = text.lastIndexOf('\n', clip(text, low).length - 1);
  return line > 0 ? text.slice(0, line) : clip(text, low);
};

const leftOut = (names: readonly string[], where: string): string =>
  names.length === 0 ? '' : `_Left out for want of space: ${[...new Set(names)].join('; ')}.${where ? ` ${where}` : ''}_`;

/**
 * Joins blocks in their order within a limit: the least important are left out first, among equals the last, and the text says what is missing.
 * @param limit in the unit of `size`
 * @param where a sentence that says where the whole stands
 * @returns never larger than the limit; blocks of priority 0 are cut where even they do not fit
 */
export const fit = (blocks: readonly Block[], limit: number, size: Size, where = ''): string => {
  const kept = blocks.filter((b) => b.text !== '').map((block) => ({ block, size: size(block.text) + size(separator) }));
  const dropped: Block[] = [];
  let total = kept.reduce((sum, k) => sum + k.size, 0);
  const note = (): string => leftOut(dropped.map((b) => b.name).reverse(), where);
  while (total + size(note()) > limit) {
    const highest = Math.max(0, ...kept.map((k) => k.block.priority));
    const worst = kept.findLastIndex((k) => k.block.priority === highest);
    const [gone] = highest === 0 ? [] : kept.splice(worst, 1);
    if (gone === undefined) break;
    total -= gone.size;
    dropped.push(gone.block);
  }
  return cut([...kept.map((k) => k.block.text), ...(dropped.length > 0 ? [note()] : [])].join(separator), limit, size);
};

/**
 * The first items whose texts stay within a limit together.
 * @param limit in code units
 */
export const fitVariants = (texts: readonly string[], limit: number): readonly string[] => {
  let total = 0;
  const end = texts.findIndex((text) => (total += text.length + 1) > limit);
  return end < 0 ? texts : texts.slice(0, end);
};

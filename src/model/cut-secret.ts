import { coreOf, entityNames } from './secret-forms.js';

/** So much of the beginning of a secret is no accident. */
const headLength = 12;

/** Characters by the names of their entities. */
const entities: ReadonlyMap<string, string> = new Map(Object.entries(entityNames).map(([char, name]) => [name, char]));

/** One character as a sink may have written it, or what is put between characters and is nothing of it. */
const written =
  /(?<percent>(?:%[0-9a-f]{2})+)|&(?:(?<name>[a-z]{2,6})|#(?<decimal>\d{1,7})|#x(?<hex>[0-9a-f]{1,6}));|\\(?<escaped>[^a-z0-9\s])|(?<unseen>[\u200b\u2060])|(?<plain>[^])/giu;

/** An escape that the end has cut off; it may be the secret's own text as well. */
const halfEscape = /(?:%[0-9a-f]?|\\|&[#a-z0-9]{0,7})$/i;

/** Base64 and Base64url are one: they differ in two digits. */
const sameDigits = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

const ofPercent = (bytes: string): string => {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return '';
  }
};
const ofCode = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** The characters that stand behind one match of `written`. */
const saidBy = ({ plain, escaped, percent, name, decimal, hex }: NonNullable<RegExpMatchArray['groups']>): string => {
  if (percent !== undefined) return ofPercent(percent);
  if (name !== undefined) return entities.get(name) ?? '';
  if (decimal !== undefined) return ofCode(Number(decimal));
  if (hex !== undefined) return ofCode(Number.parseInt(hex, 16));
  return plain ?? escaped ?? '';
};

/** A text without its escapes, and for each of its characters where that begins in the text. */
const plainOf = (text: string): { readonly plain: string; readonly starts: readonly number[] } => {
  let plain = '';
  const starts: number[] = [];
  for (const match of text.matchAll(written)) {
    const groups = match.groups ?? {};
    // Of several percent-encoded characters in a row each begins three further per byte; where exactly does not matter within UTF-8.
    let at = match.index;
    for (const char of saidBy(groups)) {
      for (let unit = 0; unit < char.length; unit++) starts.push(at);
      plain += char;
      if (groups['percent'] !== undefined) at += 3 * new TextEncoder().encode(char).length;
    }
  }
  return { plain: sameDigits(plain), starts };
};

/** What tells the beginning of a secret at the end of a text, where a bound has cut it off. */
export interface CutSecret {
  /** A part of the beginning that no way of writing it changes: a text without it needs no closer look. */
  readonly core: string;
  /** @returns the text without what it ends with, or has before an ellipsis, of the secret's beginning */
  readonly without: (text: string, redacted: string) => string;
}

/**
 * Knows a secret by its first twelve characters where the rest has been cut off, however a sink has escaped them.
 * @returns undefined for a secret that is shorter: it is not told from an accident
 */
export const cutSecret = (secret: string): CutSecret | undefined => {
  if (secret.length <= headLength) return undefined;
  const form = sameDigits(secret);
  const head = form.slice(0, headLength);
  const core = coreOf(secret.slice(0, headLength));
  // A character takes twelve at most: four bytes, percent-encoded.
  const reach = form.length * 12;
  const beginsIn = (part: string): number | undefined => {
    const { plain, starts } = plainOf(part);
    const at = plain.lastIndexOf(head);
    return at >= 0 && form.startsWith(plain.slice(at)) ? starts[at] : undefined;
  };
  const withoutAtEnd = (text: string, redacted: string): string => {
    const from = Math.max(0, text.length - reach);
    const part = text.slice(from);
    if (!part.includes(core)) return text;
    const at = beginsIn(part) ?? beginsIn(part.replace(halfEscape, ''));
    return at === undefined ? text : `${text.slice(0, from + at)}${redacted}`;
  };
  return {
    core,
    without: (text, redacted) =>
      text.includes(core)
        ? text
            .split('…')
            .map((part) => withoutAtEnd(part, redacted))
            .join('…')
        : text,
  };
};

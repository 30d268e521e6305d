import { cutSecret, type CutSecret } from './cut-secret.js';
import { coreOf, entityNames, isFrame, secretLines } from './secret-forms.js';

/** What stands in the place of a secret. */
export const redacted = '***';

/** Values shorter than this are common words and numbers: hiding them would wreck every text and protect nothing. */
const shortest = 6;
/** What the escapers of `escape.ts` put between characters so that nothing is linked. */
const unseen = '[\\u200b\\u2060]*';

/** Base64 digits of the bytes that do not depend on what stands before or after them, for the three ways in which they can be aligned. */
const base64Forms = (secret: string): readonly string[] => {
  // Mostly lines of a key: these are their own bytes.
  const plain = /^[ -~]*$/.test(secret);
  const bytes = plain ? secret : Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join('');
  return [0, 1, 2].map((offset) =>
    btoa('\0'.repeat(offset) + bytes).slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)),
  );
};

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const hexDigits = (byte: number): string =>
  Array.from(byte.toString(16).padStart(2, '0'), (d) => (/\d/.test(d) ? d : `[${d}${d.toUpperCase()}]`)).join('');
const percent = (char: string): string => [...new TextEncoder().encode(char)].map((byte) => `%${hexDigits(byte)}`).join('');

/**
 * One character as any sink may have written it: itself, behind a backslash (Markdown, JSON, shells), as an HTML entity, percent-encoded.
 * Letters and digits are escaped by none of them; white space may have been folded.
 */
const loose = (char: string, index: number): string => {
  if (/^[A-Za-z0-9]$/.test(char)) return char;
  if (char === ' ') return '(?:\\s|\\\\[nrt]|%20|%0[aAdD9]|\\+)+';
  const code = char.codePointAt(0) ?? 0;
  const entity = [entityNames[char], `#0*${code}`, `#[xX]0*${hexDigits(code).replace(/^0+/, '')}`].filter((e) => e !== undefined).join('|');
  // A backslash before the first character belongs to the text unless the character needs one: taking it would break the JSON around it.
  const backslash = index === 0 && char !== '"' && char !== '\\' ? '' : '\\\\?';
  const base64Url = { '+': '|-', '/': '|_' }[char] ?? '';
  return `${index === 0 ? '' : unseen}(?:${backslash}${escapeRegExp(char)}${base64Url}|&(?:${entity});|${percent(char)})${unseen}`;
};

interface Pattern {
  readonly form: string;
  /** A part that every way of writing the secret has in common; a text without it is left alone without a search. */
  readonly core: string;
  /** Made when it is needed: most secrets are never met. */
  regexp?: RegExp;
  /** Its beginning, by which one is recognised that a bound has cut off; none of a short one. */
  readonly cut: CutSecret | undefined;
}

const toPattern = (form: string): Pattern => ({
  form,
  cut: cutSecret(form),
  core: coreOf(form),
});

const toRegExp = (form: string): RegExp => new RegExp(Array.from(form.replace(/\s+/g, ' '), loose).join(''), 'gu');

/** The whole of a secret and each of its lines. */
const partsOf = (secret: string): readonly string[] =>
  [...new Set([secret.trim(), ...secretLines(secret)])].filter((part) => part.length >= shortest && !isFrame(part));

/**
 * Takes secrets out of texts before they leave: reports, logs, comments. It knows a secret as it is, each line of it, its Base64 and Base64url
 * forms (also inside of something longer), percent-encoded, and as Markdown, HTML and JSON escape it. Of data it knows one that a bound has cut
 * off, too: at the end of a text, or before an ellipsis.
 */
export class Redactor {
  readonly #seen = new Set<string>();
  /** Longest first: a secret that holds another one goes as a whole. */
  #patterns: readonly Pattern[] = [];
  /** Registered since the patterns were made. */
  #fresh: string[] = [];

  /** Registers a value; values shorter than six characters are ignored. */
  readonly add = (secret: string): void => {
    for (const part of partsOf(secret.toWellFormed())) {
      if (this.#seen.has(part)) continue;
      this.#seen.add(part);
      this.#fresh.push(part);
    }
  };

  /** @returns the text with `***` in the place of every known secret */
  readonly redact = (text: string): string =>
    this.#known().reduce((rest, pattern) => {
      if (!rest.includes(pattern.core)) return rest;
      pattern.regexp ??= toRegExp(pattern.form);
      return rest.replace(pattern.regexp, redacted);
    }, text);

  /** @returns a copy of plain data in which every string is redacted; names of properties stay. Data without any secret is returned as it is. */
  readonly redactAll = <T>(value: T): T => {
    // One look over the whole: no escape of JSON touches the letters and digits of a core.
    const whole = JSON.stringify(value);
    if (!this.#known().some(({ core, cut }) => whole.includes(core) || (cut !== undefined && whole.includes(cut.core)))) return value;
    const copy = (part: unknown): unknown => {
      if (typeof part === 'string') return this.#known().reduce((text, { cut }) => cut?.without(text, redacted) ?? text, this.redact(part));
      if (Array.isArray(part)) return part.map(copy);
      if (typeof part !== 'object' || part === null) return part;
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
    };
    return copy(value) as T;
  };

  #known(): readonly Pattern[] {
    if (this.#fresh.length > 0) {
      const forms = this.#fresh.flatMap((part) => [part, ...base64Forms(part).filter((form) => form.length >= shortest)]);
      this.#patterns = [...this.#patterns, ...forms.map(toPattern)].sort((a, b) => b.form.length - a.form.length);
      this.#fresh = [];
    }
    return this.#patterns;
  }
}

import { trimEndOf } from './trim.js';

/** The encoding of a text: by its byte order mark, or by the zero bytes of the four ASCII characters that every text we read begins with. */
const encodingOf = (bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' => {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  return a === 0 && b !== 0 && c === 0 && d !== 0 ? 'utf-16be' : 'utf-8';
};

/**
 * Bytes as text: UTF-8, or UTF-16 as PowerShell writes it. A byte order mark is left out.
 * @returns undefined for bytes that are neither: replacing what cannot be read would change a password without a word
 */
export const decodeText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** A text without its percent-encoding; as it is where that is broken. */
export const percentDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The bytes behind base64 or base64url, with or without padding; undefined for a text that is neither. @param digits without blanks */
const base64Bytes = (digits: string): Uint8Array | undefined => {
  if (!/^[A-Za-z0-9+/_-]+={0,3}$/.test(digits)) return undefined;
  const bare = trimEndOf(digits, '=').replaceAll('-', '+').replaceAll('_', '/');
  // One digit alone is less than a byte: a character is missing.
  if (bare.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(bare), (char) => char.charCodeAt(0));
};

/** The text behind base64; undefined where it is bytes and no text. @param digits without blanks */
export const base64Text = (digits: string): string | undefined => {
  const bytes = base64Bytes(digits);
  const text = bytes === undefined ? undefined : decodeText(bytes);
  // eslint-disable-next-line no-control-regex -- these are what tells bytes from text
  return text === undefined || /[\u0001-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text;
};

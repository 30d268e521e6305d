import { looksLikePath, recognise, secretsOfUnknown } from '../text/path-or-text.js';
import { readTextFile } from './text-file.js';

/** A kind of text that is given by itself or by its path. */
export interface TextKind {
  /** As the error names it: "a kubeconfig". */
  readonly what: string;
  readonly isText: (text: string) => boolean;
  readonly maxBytes: number;
}

/** Takes what must not be shown; each is one line. */
type Secret = (value: string) => void;

/**
 * Takes a text out of what it was wrapped in.
 * @param secret is told of every encoded form
 * @returns undefined where it holds no text of this kind
 */
export const unwrap = (value: string, kind: TextKind, secret: Secret): string | undefined => {
  const found = recognise(value, kind.isText);
  found?.encoded.forEach(secret);
  return found?.text;
};

/** Hides a value that no text was found in, unless it looks like a path. */
export const hideUnknown = (value: string, secret: Secret): void => {
  if (!looksLikePath(value)) secretsOfUnknown(value).forEach(secret);
};

/**
 * Reads a value that is a text, or the path of a file that holds it.
 * @param secret is told of everything that must not be shown, before anything is read
 * @returns the text and where it stood, of a file also if it is not of this kind; or why there is none: the rest of a sentence, that holds nothing of the value
 */
export const readPathOrText = async (
  value: string,
  kind: TextKind,
  secret: Secret,
): Promise<{ readonly text: string; readonly from: 'value' | 'file' } | { readonly problem: string }> => {
  const text = unwrap(value, kind, secret);
  if (text !== undefined) return { text, from: 'value' };
  hideUnknown(value, secret);
  const read = await readTextFile(value.trim(), kind);
  if ('text' in read) return { text: unwrap(read.text, kind, secret) ?? read.text, from: 'file' };
  return {
    problem: `holds neither ${kind.what} nor the path of a file with one (${read.problem}); the value may be a secret and is not repeated`,
  };
};

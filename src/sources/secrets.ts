import { Redactor } from '../model/redact.js';
import { secretLines } from '../model/secret-forms.js';

/** Shorter ones are no protection to anyone, and hiding them would blank words of every report. */
const leastCharacters = 6;

/** The values of one cluster's connection that nobody may see. */
export interface Secrets {
  /** Hides a value, each of its lines, and what it stands for where it is base64. */
  readonly add: (value: string | undefined) => void;
  /** The text without any of the values, however a server has escaped them. */
  readonly blank: (text: string) => string;
}

/** The text behind base64, or undefined where it stands for no text. */
export const fromBase64 = (value: string): string | undefined => {
  const compact = value.replace(/\s+/g, '');
  if (compact.length === 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const text = Buffer.from(compact, 'base64').toString('utf8');
  // eslint-disable-next-line no-control-regex -- these are what tells bytes from text
  return /[\u0000-\u0008\u000e-\u001f\u007f\ufffd]/.test(text) ? undefined : text;
};

/**
 * Keeps the secrets of one connection.
 * @param register told of every value at once, before anything could print it
 */
export const createSecrets = (register: (value: string) => void): Secrets => {
  const known = new Set<string>();
  const redactor = new Redactor();
  const hide = (value: string): void => {
    if (value.length < leastCharacters || known.has(value)) return;
    known.add(value);
    redactor.add(value);
    register(value);
  };
  return {
    add: (value) => {
      if (value === undefined) return;
      const decoded = fromBase64(value);
      for (const text of decoded === undefined ? [value] : [value, decoded]) {
        hide(text);
        hide(text.trim());
        secretLines(text).forEach(hide);
      }
    },
    blank: redactor.redact,
  };
};

import { base64Text } from './decode-text.js';
import { holdsToken, secretParts } from './likely-secrets.js';
import { Redactor } from './redact.js';

/** The values of one cluster's connection that nobody may see. */
export interface Secrets {
  /**
   * Hides one secret value: each of its lines, and what it stands for where it is a key or a token in base64. Of PEM the lines between the frames:
   * whoever reads the log sees frames and headers everywhere.
   */
  readonly add: (value: string | undefined) => void;
  /** The text without any of the values, however a server has escaped them. */
  readonly blank: (text: string) => string;
}

/** The text behind base64 in one or several lines, or undefined where it stands for no text. */
export const fromBase64 = (value: string): string | undefined => base64Text(value.replace(/\s+/g, ''));

/** The lines by which a value is recognised: its own, folded into one as in a message, and those of a key or a token that it stands for. */
const secretLines = (value: string): readonly string[] => {
  const decoded = fromBase64(value) ?? '';
  const meant = decoded.includes('-----BEGIN ') || (holdsToken(decoded) && !/\s/.test(decoded)) ? decoded : '';
  const folded = value.includes('-----BEGIN ') ? '' : value.trim().replace(/\s+/g, ' ');
  return [value, folded, meant].flatMap(secretParts);
};

/**
 * Keeps the secrets of one connection.
 * @param register told of every value at once, a line each, before anything could print it
 */
export const createSecrets = (register: (value: string) => void): Secrets => {
  const known = new Set<string>();
  const redactor = new Redactor();
  return {
    add: (value) => {
      if (value === undefined) return;
      for (const line of secretLines(value)) {
        if (known.has(line)) continue;
        known.add(line);
        redactor.add(line);
        register(line);
      }
    },
    blank: redactor.redact,
  };
};

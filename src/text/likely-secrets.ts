import { base64Text } from './decode-text.js';
import { trimEndOf } from './trim.js';

/** Shorter values are no protection to anyone, and hiding them would blank words of every report. */
const leastCharacters = 6;

const maxCharacters = 1_048_576;

const classOf = (char: string): 'lower' | 'upper' | 'digit' => (/[a-z]/.test(char) ? 'lower' : /[A-Z]/.test(char) ? 'upper' : 'digit');

/** Letters and digits in a row that no person has made up: they change between small, capital and digit more often than words do. */
const isRandom = (word: string): boolean => {
  if (word.length >= 32) return true;
  if (word.length < 12) return false;
  let changes = 0;
  for (let i = 1; i < word.length; i++) if (classOf(word.charAt(i)) !== classOf(word.charAt(i - 1))) changes++;
  return changes >= Math.max(3, word.length / 4);
};

/** Characters of base64, base64url, JWTs and the tokens of the usual makers. */
const tokenRun = /[A-Za-z0-9+/_=.~-]{12,}/g;
const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** Whether something in a text looks like a token, a key, or base64. UUIDs do not: they name things. */
export const holdsToken = (text: string): boolean =>
  /\beyJ[A-Za-z0-9_-]{6}/.test(text) || (text.replace(uuid, ' ').match(/[A-Za-z0-9]{12,}/g) ?? []).some(isRandom);

/** Values that stand for something absent, or for a choice: masking them would blank ordinary words of a log. */
const ordinary = /^(?:true|false|null|none|auto|default|enabled|disabled|keyring|omitted|redacted|DATA\+OMITTED|\*+|[|>][-+]?|[{}[\],]+)$/i;

/** Whether hiding a value would hide an ordinary word. */
const isOrdinary = (value: string): boolean => value.length < leastCharacters || ordinary.test(value);

/** The base64 lines between the frames of PEM: not the frames, not the headers, and not what stands around them (`openssl x509 -text`). */
export const pemLines = (text: string): readonly string[] =>
  [...text.matchAll(/-----BEGIN [A-Z0-9 ]{1,60}-----([^]*?)(?:-----END |$)/g)].flatMap(([, body = '']) =>
    body.split(/\s+|\\[nr]/).filter((line) => line.length >= leastCharacters && /^[A-Za-z0-9+/]+={0,2}$/.test(line)),
  );

/** Names of fields whose value is a secret, in kubeconfigs, Docker configurations, plugins' settings and logins. */
const secretField =
  '(?:[\\w.-]{0,60}(?:token|secret|passw(?:or)?d|credential|apikey|api-key)|auth|client-key-data|client-certificate-data|key)';
const namedValue = new RegExp(
  `(?<![\\w.-])["']?${secretField}["']?[ \\t]*[:=][ \\t]*(?:[|>][-+]?[ \\t]*\\n[ \\t]*)?(?=([^\\n]{1,1000}))`,
  'gi',
);

/** A value as it stands behind its name: without quotes, what follows in flow style, and a comment. */
const valueOf = (rest: string): string => {
  const quoted = /^(["'])(.*?)\1/.exec(rest)?.[2];
  const end = rest.search(/[,}\]]|\s#/);
  return (quoted ?? (end < 0 ? rest : rest.slice(0, end))).trim();
};

/** Addresses without a login name hosts, which are not secret. */
const addresses = /\bhttps?:\/\/[^\s"'@,}]+(?=$|[\s"',}])/g;

const secretsOf = (text: string): readonly string[] => [
  ...pemLines(text),
  ...[...text.matchAll(namedValue)].flatMap(([, rest = '']) => [valueOf(rest), trimEndOf(rest.trim().replace(/^["']/, ''), '"\',}]')]),
  ...(text.replace(addresses, ' ').match(tokenRun) ?? []).filter(holdsToken),
];

/** What digits of base64 say; behind one that is wrong or missing the bytes may begin at any of four. */
export const textsInBase64 = (digits: string): readonly string[] =>
  [0, 1, 2, 3].flatMap((from) => base64Text(digits.slice(from, digits.length - ((digits.length - from) % 4))) ?? []);

/** Patterns of longer secrets are more than an engine of regular expressions takes. */
const longestPattern = 4_096;

/** A secret as the lines by which it is recognised, of one that is very long as pieces; of PEM the lines between the frames. */
export const secretParts = (value: string): readonly string[] => {
  const lines = value.includes('-----BEGIN ') ? pemLines(value) : value.split(/\r\n|\n|\r/).map((line) => line.trim());
  return lines
    .flatMap((line) => (line.length <= longestPattern ? [line] : (line.match(new RegExp(`[^]{1,${longestPattern}}`, 'g')) ?? [])))
    .filter((line) => !isOrdinary(line));
};

/**
 * What takes the secrets of a run: each is handed on line by line. The runner masks every line of what it is told in the whole rest of the job: a
 * frame of PEM or a common word would blank what others print.
 * @param hide is told of every line that is secret
 */
export const secretTaker =
  (...hide: readonly ((line: string) => void)[]) =>
  (value: string): void => {
    for (const part of secretParts(value)) for (const take of hide) take(part);
  };

/**
 * What is probably secret in a text that nobody could parse: lines of keys, values behind the name of a secret, and words that look like tokens,
 * also behind base64. Lines of structure, hosts and names are not among them, so that a log stays readable.
 * @param whole of any form; of a longer text than people write the beginning is looked at: nothing of it is shown in any case
 * @returns values of one line each, every one once
 */
export const likelySecrets = (whole: string): readonly string[] => {
  const text = whole.slice(0, maxCharacters);
  // Unwrapped too: a token may go on in the next line of base64.
  const runs = [text, text.replace(/\s+/g, '')].flatMap((some) => some.match(/[A-Za-z0-9+/_-]{40,}/g) ?? []);
  const inner = [...new Set(runs)].flatMap(textsInBase64);
  return [...new Set([text, ...inner].flatMap(secretsOf))].filter((value) => !isOrdinary(value));
};

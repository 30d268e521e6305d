import * as z from 'zod/mini';
import { base64Text, percentDecoded } from './decode-text.js';
import { trimOf } from './trim.js';
import { holdsToken, likelySecrets, textsInBase64 } from './likely-secrets.js';
import { jsonOf } from './shape.js';

/** The text that a value holds, and the encoded forms that it came in: whoever decodes one of them has all of it. */
export interface Recognised {
  readonly text: string;
  readonly encoded: readonly string[];
}

/** `NAME=`, quotes, base64 twice and what is between: nobody packs a text more often. */
const maxLayers = 8;

/** Byte order marks, and characters of no width; at the beginning also what became of a mark of UTF-16 that was taken for UTF-8. */
const unseen = '\ufeff\u200b\u2060';
const withoutUnseen = (text: string): string => trimOf(trimOf(text, unseen).replace(/^\ufffd+/, ''), unseen);

/** Without what gets into a text on the way through files and variables: zero bytes, other line ends, byte order marks around it. */
const cleaned = (text: string): string =>
  withoutUnseen(
    text
      // Zero bytes of UTF-16 that was taken for something else.
      .replaceAll('\u0000', '')
      .replace(/\r+\n?/g, '\n'),
  );

/** A text without blanks around it; one that was encoded may end with a blank that belongs to a password, and is tried with it first. */
const withTrimmed = ({ text, encoded }: Recognised): readonly string[] => {
  const clean = cleaned(text);
  const bare = withoutUnseen(clean.trim());
  return encoded.length === 0 ? [bare] : [...new Set([trimOf(clean, '\n'), bare])];
};

const quotesAround = /^["'`\u2018-\u201f]|["'`\u2018-\u201f]$/g;

/** What a JSON text says, where it is one text. */
const jsonText = (text: string): string | undefined => (/^"[^]*"$/.test(text) ? jsonOf(text, z.string()) : undefined);

/** `NAME=`, `export NAME=`, `NAME: `. */
const nameBefore = /^(?:(?:export|set|declare|-e|-)[ \t]+|\$env:)?(["']?)[A-Za-z_][\w.-]{0,100}\1[ \t]*(?:=|:(?!\/\/))\s*/i;

/** The text between the marks of a heredoc, as Terraform prints one: `<<EOT` … `EOT`, also behind a name. */
const heredoc = (text: string): string | undefined => {
  const word = /^(?:[A-Za-z_][\w.-]{0,100}(?:[ \t]*[=:])?[ \t]*)?<<[-~]?[ \t]*["']?([\w-]{1,80})["']?[ \t]*\n/.exec(text);
  if (word === null) return undefined;
  const body = text.slice(word[0].length);
  const last = body.lastIndexOf('\n');
  return body.slice(last + 1).trim() === word[1] ? body.slice(0, Math.max(last, 0)) : body;
};

/** The text of a `data:` URL; base64 in it stays what it is. */
const dataUrl = (text: string): string | undefined => {
  const [, type = '', rest] = /^data:([\w.+/-]{0,100}(?:;[\w.+=/-]{0,100}){0,5}),([^]*)$/i.exec(text) ?? [];
  if (rest === undefined) return undefined;
  return /;base64$/i.test(type) ? rest.replace(/%3d/gi, '=') : percentDecoded(rest);
};

/** Line breaks as two characters, as a shell or a form left them; compact JSON has them in its texts. */
const unescaped = (text: string): string | undefined =>
  text.includes('\n') || !text.includes('\\n') || /^[{[](?!\\[nr])/.test(text)
    ? undefined
    : text.replace(/(?:\\r)?\\n/g, '\n').replaceAll('\\"', '"');

/** `certutil -encode` of Windows takes every file for a certificate. */
const certutil = (text: string): string | undefined => {
  const digits = /^-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----$/.exec(text)?.[1];
  return digits === undefined || base64Text(digits.replace(/\s+/g, '')) === undefined ? undefined : digits;
};

/** Ways out of a layer that belongs to no text: what they lead to goes before what they begin with, in which a text would be recognised too. */
const marks: readonly ((text: string) => string | undefined)[] = [
  heredoc,
  dataUrl,
  jsonText,
  certutil,
  (text) => /^```\w*\n([^]*?)\n?```$/.exec(text)?.[1],
  unescaped,
];

/** Ways out of a layer that may belong to the text. */
const frames: readonly ((text: string) => string | undefined)[] = [
  (text) => text.replace(quotesAround, ''),
  (text) => text.replace(nameBefore, ''),
  (text) => text.replace(/^[|>][-+\d]{0,2}[ \t]*\n/, ''),
  (text) => text.replace(/^Basic\s+/i, ''),
  (text) => (/^[^%\s]*%[0-9a-f]{2}/i.test(text) ? percentDecoded(text) : undefined),
];

const unpacked = ({ text, encoded }: Recognised): readonly Recognised[] => {
  const lines = text.split(/\s+|\\[nr]/).filter((line) => line !== '');
  const digits = lines.join('');
  const inner = base64Text(digits);
  return inner === undefined ? [] : [{ text: inner, encoded: [...encoded, digits, ...(lines.length > 1 ? lines : [])] }];
};

/** A candidate without marks, and before that the candidate as it is. */
const withoutMarks = (candidate: Recognised): readonly Recognised[] => {
  const all = [candidate];
  for (let inner: string | undefined = candidate.text; inner !== undefined && all.length <= maxLayers;) {
    const text: string = inner;
    const opened = marks.map((open) => open(text)).find((some) => some !== undefined);
    inner = opened === undefined ? undefined : cleaned(opened).trim();
    if (inner !== undefined) all.unshift({ text: inner, encoded: candidate.encoded });
  }
  return all;
};

/**
 * Recognises the text in a value that is "a path or the text itself", however it was wrapped on its way: byte order mark, line ends, quotes,
 * `NAME=`, heredoc marks, data URL, base64 and base64url of UTF-8 and UTF-16, also several times.
 * @param isText whether a text is of the kind that is looked for; called with texts of any kind
 * @returns undefined where no way of reading the value gives such a text
 */
export const recognise = (value: string, isText: (text: string) => boolean): Recognised | undefined => {
  const seen = new Set<string>();
  let layer: readonly Recognised[] = [{ text: value, encoded: [] }];
  for (let depth = 0; depth <= maxLayers && layer.length > 0; depth++) {
    const fresh: Recognised[] = [];
    for (const candidate of layer.flatMap((one) => withTrimmed(one).flatMap((text) => withoutMarks({ ...one, text })))) {
      if (candidate.text === '' || seen.has(candidate.text)) continue;
      seen.add(candidate.text);
      if (isText(candidate.text)) return candidate;
      fresh.push(candidate);
    }
    layer = fresh.flatMap((one) => [
      ...frames.flatMap((open) => {
        const text = open(one.text);
        return text === undefined || text === one.text ? [] : [{ text, encoded: one.encoded }];
      }),
      ...unpacked(one),
    ]);
  }
  return undefined;
};

/** The longest name of a file, and of a path, that systems take. */
const [longestName, longestPath] = [255, 4_096];
/** A name without a folder or an ending, such as `kubeconfig`: longer ones and those with digits may be passwords. */
const bareName = /^[A-Za-z_-]{1,24}$/;
const withEnding = /^.{1,100}\.[A-Za-z]{2,12}$/;
/** How a path begins that starts somewhere; others hold no characters that are rather of a password. */
const rooted = /^(?:[/\\]|\.{1,2}[/\\]|~[/\\]|\$|%|[A-Za-z]:?$)/;

const isPathPiece = (piece: string): boolean => {
  if (!rooted.test(piece) && /[+~!#^%*?$]/.test(piece)) return false;
  if (/[/\\]/.test(piece)) return piece.split(/[/\\]/).every((name) => name.length <= longestName);
  return !/token|secret|passw|bearer|credential/i.test(piece) && (bareName.test(piece) || withEnding.test(piece));
};

/**
 * Whether a value may be shown as a path: it has the form of one, and nothing in it looks like a secret. That costs a path with an unusual name no
 * more than that an error does not repeat it.
 */
export const looksLikePath = (value: string): boolean => {
  if (value === '' || value.length > longestPath || !value.isWellFormed()) return false;
  // Also what text, settings and URLs have and paths do not.
  if (/[\p{C}\p{Zl}\p{Zp}="'`<>|&{}[\]]|:\s|:\/\/|,\s|^(?:bearer|basic)\s|-----/iu.test(value) || holdsToken(value)) return false;
  // Base64 that its slashes cut into short words.
  if (value.length >= 24 && textsInBase64(value.replace(/[/:;\\]/g, '')).length > 0) return false;
  const pieces = value.split(/[:;]/).filter((piece) => piece !== '');
  if (pieces.length > 1 && !pieces.every((piece) => /[/\\.]/.test(piece) || /^[A-Za-z]$/.test(piece))) return false;
  return pieces.every(isPathPiece);
};

/** What stands in a message in the place of a value that may be a secret. */
export const notShown = '(not shown: it does not look like a path)';

/** A path for a message, or that it is not shown. */
export const printablePath = (path: string): string => (looksLikePath(path) ? path : notShown);

/** What has to be hidden of a value that is neither a known text nor looks like a path. Lines of structure are not masked. */
export const secretsOfUnknown = (value: string): readonly string[] => {
  const word = cleaned(value).trim();
  // A piece of a secret is hidden too: what holds other words than the secret is not hidden as a whole.
  const whole = word.length >= 6 && !/[\s%]/.test(word) ? [word] : [];
  return [...new Set([...whole, ...likelySecrets(value), ...(/%[0-9a-f]{2}/i.test(value) ? likelySecrets(percentDecoded(value)) : [])])];
};

/**
 * A message without what looks like a secret of the values that it repeats: one that was given to another input than it belongs to, or words of a
 * text that a shell took apart.
 */
export const withoutSecretValues = (message: string, values: readonly string[]): string =>
  values
    .flatMap((value) => [value.trim(), ...value.split(/[,\n]/).map((line) => line.trim()), ...value.split(/[\s,]+/)])
    // Text in several lines, a line of YAML, what is longer than any word, and what looks like a token.
    .filter((part) => /\n|.:\s./.test(part) || part.length > 200 || (part.length >= 12 && holdsToken(part)))
    .sort((a, b) => b.length - a.length)
    .reduce((text, part) => text.replaceAll(part, '(not shown: it may be a secret)'), message);

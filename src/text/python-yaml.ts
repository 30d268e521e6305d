/**
 * YAML as upstream's own tools write it (PyYAML's `safe_dump` in block style): a list stands under its key without indentation, and what a
 * reader of YAML 1.1 or 1.2 would take for something else than text is quoted. Lines are not folded.
 */

/** A point in time or a day: written as it is, so that it is read as one. */
export interface Timestamp {
  readonly timestamp: string;
}
export type Yaml = string | number | null | Timestamp | readonly Yaml[] | { readonly [key: string]: Yaml };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Words, paths and options that no reader takes for a number, a date or an indicator. */
const plain = /^(?:[A-Za-z]|[$] ?|\.{0,2}\/|-{1,2}[A-Za-z])[A-Za-z0-9 ._/=+;()-]*$/;
/** What YAML 1.1 takes for a truth or for nothing, and exponents without a number, which some of its readers take for one. */
const reserved = /^(?:y|n|yes|no|true|false|on|off|null|nan|inf|-?e[-+]?[0-9]+)$/i;
const address = /^https:\/\/[A-Za-z0-9._/-]+$/;

const escaped = (text: string): string =>
  `"${Array.from(text.toWellFormed(), (c) => {
    const code = c.codePointAt(0) ?? 0;
    if (c === '"' || c === '\\') return `\\${c}`;
    if (code >= 0x20 && code < 0x7f) return c;
    const hex = code.toString(16).toUpperCase();
    if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  }).join('')}"`;

const quoteText = (text: string): string => {
  if (uuid.test(text) || address.test(text)) return text;
  if (plain.test(text) && !text.endsWith(' ') && !reserved.test(text)) return text;
  return /^[\x20-\x7e]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : escaped(text);
};

const isTimestamp = (value: object): value is Timestamp => 'timestamp' in value && typeof value.timestamp === 'string';
const isList = (value: object): value is readonly Yaml[] => Array.isArray(value);

/** The value in its line, or undefined where it takes lines of its own. */
const inline = (value: Yaml): string | undefined => {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoteText(value);
  if (isTimestamp(value)) return value.timestamp;
  if (isList(value)) return value.length === 0 ? '[]' : undefined;
  return Object.keys(value).length === 0 ? '{}' : undefined;
};

const toLines = (value: Yaml): readonly string[] => {
  const line = inline(value);
  if (line !== undefined || value === null || typeof value !== 'object') return [line ?? ''];
  if (isList(value)) return value.flatMap((item) => toLines(item).map((text, i) => `${i === 0 ? '-' : ' '} ${text}`));
  return Object.entries(value).flatMap(([key, inner]) => {
    const beside = inline(inner as Yaml);
    if (beside !== undefined) return [`${quoteText(key)}: ${beside}`];
    const below = toLines(inner as Yaml);
    return [`${quoteText(key)}:`, ...(Array.isArray(inner) ? below : below.map((text) => `  ${text}`))];
  });
};

/** One document, with its beginning; never a bare one at the end, which upstream's monitor does not bear. */
export const pythonYaml = (document: Yaml): string => `---\n${toLines(document).join('\n')}\n`;

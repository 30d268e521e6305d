import { isCollection, isMap, isScalar, Lexer, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';

/**
 * What a text of YAML may cost. The package that reads it takes quadratic time for anchors, aliases and keys, so these are counted before.
 * A kubeconfig of 1,000 clusters takes half of it.
 */
export const yamlLimits = {
  characters: 4 * 1024 * 1024,
  tokens: 150_000,
  depth: 100,
  anchors: 1_000,
  aliases: 100,
  documents: 1_000,
} as const;

export interface YamlOptions {
  /** `<<` takes in the keys of another mapping; each copies all of its keys, so `aliases` should be few. */
  readonly merge?: boolean | undefined;
  /** Every scalar stays text; without it numbers, truths and nothing are read by the core schema. Dates are texts in both. */
  readonly allText?: boolean | undefined;
  /** How many aliases may be used; 100 without. */
  readonly aliases?: number | undefined;
  /** Warnings, such as unknown tags, are problems too. */
  readonly strict?: boolean | undefined;
}

/** Plain data, one value for each document, or what is wrong: phrases without anything of the text, such as "it is no valid YAML, line 3: bad indent". */
export type YamlRead = { readonly documents: readonly unknown[] } | { readonly problems: readonly string[] };

const maxProblems = 10;

/** An escape of a double-quoted text, or a backslash that begins none: the package makes an error of some 600 bytes for each. */
const escapes = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0abefnrtvNLP_ "/\\\t\r\n])?/g;
const hasBadEscape = (token: string): boolean => {
  for (const [, escape] of token.matchAll(escapes)) if (escape === undefined) return true;
  return false;
};

const tooManyAliases = (most: number): string =>
  most === 0 ? 'it uses YAML aliases, which it may not' : `it uses YAML aliases that are undefined or more than ${most}`;

/** Whether a text may be read at all; looks at tokens only, in linear time. @returns a problem, or undefined */
const tooCostly = (text: string, aliases: number): string | undefined => {
  if (text.length > yamlLimits.characters) return `it is larger than ${yamlLimits.characters} characters`;
  const seen = { tokens: 0, depth: 0, inLine: 0, anchors: 0, aliases: 0, documents: 0 };
  // The lexer puts a mark before each unquoted scalar, which else looks like a sign.
  let marked = false;
  for (const token of new Lexer().lex(text)) {
    const first = marked ? '' : token[0];
    marked = token === '\u001f';
    if (first === '[' || first === '{') seen.depth++;
    else if (first === ']' || first === '}') seen.depth--;
    else if (first === '-' || first === '?') seen.inLine++;
    else if (first === '\n' || first === '\r') seen.inLine = 0;
    else if (first === '&') seen.anchors++;
    else if (first === '*') seen.aliases++;
    else if (first === '"' && hasBadEscape(token)) return 'it is no valid YAML: bad dq escape';
    if (token === '---' || token === '...') seen.documents++;
    if (++seen.tokens > yamlLimits.tokens) return `it has more than ${yamlLimits.tokens} words and signs of YAML`;
    if (Math.max(seen.depth, seen.inLine) > yamlLimits.depth) return `it is nested deeper than ${yamlLimits.depth} levels`;
    if (seen.anchors > yamlLimits.anchors) return `it has more than ${yamlLimits.anchors} YAML anchors`;
    if (seen.aliases > aliases) return tooManyAliases(aliases);
    if (seen.documents > yamlLimits.documents) return `it has more than ${yamlLimits.documents} YAML documents`;
  }
  return undefined;
};

interface Composed {
  readonly documents: readonly Document[];
  readonly lines: LineCounter;
}

const compose = (text: string, { merge = false, allText = false, aliases = yamlLimits.aliases }: YamlOptions): Composed | string => {
  const costly = tooCostly(text, aliases);
  if (costly !== undefined) return costly;
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    merge,
    version: '1.2',
    schema: allText ? 'failsafe' : 'core',
    // Pretty errors quote the line, and a line may hold a token.
    prettyErrors: false,
    logLevel: 'silent',
    // Compares each key with each: `flaws` does it in linear time.
    uniqueKeys: false,
  });
  return { documents: Array.isArray(documents) ? documents : [], lines };
};

/** Keys that stand twice in one mapping or are none of plain data, and nesting that is too deep. */
const flaws = ({ documents, lines }: Composed): readonly string[] => {
  const found: string[] = [];
  for (const document of documents)
    visit(document, {
      Node: (_, node, path) => {
        // A mapping and its pair are two steps.
        if (path.length > 2 * yamlLimits.depth + 1) {
          found.push(`it is nested deeper than ${yamlLimits.depth} levels`);
          return visit.BREAK;
        }
        if (!isMap(node)) return undefined;
        const keys = new Set<unknown>();
        for (const { key } of node.items) {
          // The package would write it down as YAML again, level by level.
          if (isCollection(key)) found.push(invalid(lines, key.range?.[0] ?? 0, 'a list or a mapping is no key'));
          if (!isScalar(key)) continue;
          if (keys.has(key.value)) found.push(invalid(lines, key.range?.[0] ?? 0, 'duplicate key'));
          keys.add(key.value);
        }
        return found.length < maxProblems ? undefined : visit.BREAK;
      },
    });
  return found;
};

const invalid = (lines: LineCounter, at: number, what: string): string => `it is no valid YAML, line ${lines.linePos(at).line}: ${what}`;

/**
 * Reads YAML as plain data, bounded in time and memory whatever the text is. The only reader of YAML in this program.
 * @param text with a length that fits into memory
 * @returns every document, or at most ten problems; never throws, and never repeats anything of the text
 */
export const readYaml = (text: string, options: YamlOptions = {}): YamlRead => {
  const aliases = options.aliases ?? yamlLimits.aliases;
  const composed = compose(text, options);
  if (typeof composed === 'string') return { problems: [composed] };
  const { documents, lines } = composed;
  const wrong = documents.flatMap(({ errors, warnings }) => [...errors, ...(options.strict === true ? warnings : [])]);
  const problems = wrong.slice(0, maxProblems).map(({ pos, code }) => invalid(lines, pos[0], code.toLowerCase().replaceAll('_', ' ')));
  const all = problems.length > 0 ? problems : flaws(composed).slice(0, maxProblems);
  if (all.length > 0) return { problems: all };
  try {
    return { documents: documents.map((document) => document.toJS({ maxAliasCount: aliases }) as unknown) };
  } catch {
    return { problems: [tooManyAliases(aliases)] };
  }
};

/** One scalar of a text, with its line. */
export interface YamlWord {
  readonly text: string;
  readonly line: number;
}

/** Every text in keys and values, in order, also of YAML with mistakes; none of what costs too much. */
export const yamlWords = (text: string): readonly YamlWord[] => {
  const composed = compose(text, {});
  if (typeof composed === 'string') return [];
  const found: YamlWord[] = [];
  for (const document of composed.documents)
    visit(document, {
      Scalar: (_, { value, range }) => {
        if (typeof value === 'string' && range) found.push({ text: value, line: composed.lines.linePos(range[0]).line });
      },
    });
  return found;
};

import { controlSequences } from './escape.js';

/** A stretch that was replaced: where it was, and where what stands for it is now. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly end: number;
}

/** A text after a rewrite that remembers where everything came from. */
export interface View {
  readonly text: string;
  /** @returns the stretch of the original that stands behind a stretch of this view; what was replaced is taken as a whole */
  readonly origin: (start: number, end: number) => readonly [number, number];
}

/** The last change that begins at a position or before it. */
const lastBefore = (changes: readonly Change[], position: number, key: 'from' | 'at'): Change | undefined => {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((changes[middle]?.[key] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1];
};

const startIn = (changes: readonly Change[], position: number): number => {
  const change = lastBefore(changes, position, 'at');
  if (change === undefined) return position;
  return position < change.end ? change.from : change.to + position - change.end;
};
const endIn = (changes: readonly Change[], position: number): number => {
  const change = lastBefore(changes, position - 1, 'at');
  return change !== undefined && position - 1 < change.end ? change.to : startIn(changes, position - 1) + 1;
};

/** Moves the ends of a stretch outwards, so that it splits nothing that was replaced. */
const snap = (changes: readonly Change[], [start, end]: readonly [number, number]): readonly [number, number] => {
  const first = lastBefore(changes, start, 'from');
  const last = lastBefore(changes, end - 1, 'from');
  return [first !== undefined && start < first.to ? first.from : start, last !== undefined && end < last.to ? last.to : end];
};

/** @param replacement what stands for a match; undefined leaves it */
const rewrite = (
  text: string,
  pattern: RegExp,
  replacement: (found: RegExpExecArray) => string | undefined,
): { readonly text: string; readonly changes: readonly Change[] } => {
  const changes: Change[] = [];
  let rewritten = '';
  let copied = 0;
  for (const found of text.matchAll(pattern)) {
    const by = replacement(found);
    if (by === undefined) continue;
    rewritten += text.slice(copied, found.index);
    copied = found.index + found[0].length;
    changes.push({ from: found.index, to: copied, at: rewritten.length, end: rewritten.length + by.length });
    rewritten += by;
  }
  return { text: copied === 0 ? text : rewritten + text.slice(copied), changes };
};

/** ASCII characters by the names that HTML has for them: https://html.spec.whatwg.org/multipage/named-characters.html */
const named: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\t': 'Tab',
    '\n': 'NewLine',
    '!': 'excl',
    '"': 'quot QUOT',
    '#': 'num',
    $: 'dollar',
    '%': 'percnt',
    '&': 'amp AMP',
    "'": 'apos',
    '(': 'lpar',
    ')': 'rpar',
    '*': 'ast midast',
    '+': 'plus',
    ',': 'comma',
    '.': 'period',
    '/': 'sol',
    ':': 'colon',
    ';': 'semi',
    '<': 'lt LT',
    '=': 'equals',
    '>': 'gt GT',
    '?': 'quest',
    '@': 'commat',
    '[': 'lsqb lbrack',
    '\\': 'bsol',
    ']': 'rsqb rbrack',
    '^': 'Hat',
    _: 'lowbar UnderBar',
    '`': 'grave DiacriticalGrave',
    '{': 'lcub lbrace',
    '|': 'verbar vert VerticalLine',
    '}': 'rcub rbrace',
    ' ': 'nbsp',
  }).flatMap(([char, names]) => names.split(' ').map((name): [string, string] => [name, char])),
);
/** What a letter behind a backslash means in JSON, JavaScript, Go, Python and shells. */
const lettered: ReadonlyMap<string, string> = new Map(Object.entries({ n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', b: '\b' }));

/** One character as a sink may have written it. Each alternative is bounded, so a search takes one pass. A backslash before another escape is one by itself. */
const escaped =
  /(?<percent>%(?:[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[0-7](?:%[89ab][\da-f]){3}))|&(?:#(?<decimal>\d{1,24});|#x(?<hex>[\da-f]{1,24});|(?<name>[a-z]{2,16});)|\\(?:u(?<unit>[\da-f]{4})|u\{(?<code>[\da-f]{1,8})\}|x(?<byte>[\da-f]{2})|(?<octal>[0-3][0-7]{2})|(?<letter>[bfnrtv])|(?<other>(?!&#?[a-z\d]{1,24};|%[\da-f]{2})[^a-z\d\s]))/giu;

const ofCode = (digits: string, base: number): string | undefined => {
  const code = Number.parseInt(digits, base);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
};
const ofPercent = (bytes: string): string | undefined => {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return undefined;
  }
};

/** The character behind one match of `escaped`; undefined where it stands for none. */
const decoded = ({ groups = {} }: RegExpExecArray): string | undefined => {
  const { percent, decimal, hex, name, unit, code, byte, octal, letter, other } = groups;
  if (percent !== undefined) return ofPercent(percent);
  if (decimal !== undefined) return ofCode(decimal, 10);
  if (name !== undefined) return named.get(name);
  if (octal !== undefined) return ofCode(octal, 8);
  if (letter !== undefined) return lettered.get(letter.toLowerCase());
  if (other !== undefined) return other;
  return ofCode(hex ?? unit ?? code ?? byte ?? '', 16);
};

const blank = /[^\S ]|\u0085/gu;
/** Invisible characters, which sinks take out so that what stands around them moves together. */
// eslint-disable-next-line no-control-regex -- controls are what it is about
const invisible = /[\p{Cf}\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]+/gu;
/** The same, and white space, which sinks fold. */
const untidy = new RegExp(`${invisible.source}| {2,}`, 'gu');
/** Whole sequences as well, with what they hold. */
// eslint-disable-next-line house/constant-regexp -- of constants, each of which is linted where it stands
const untidySequences = new RegExp(`${controlSequences.source}|${untidy.source}`, 'gu');
const tidy = (text: string, pattern: RegExp): ReturnType<typeof rewrite> =>
  rewrite(text.replace(blank, ' '), pattern, ([found]) => (found.startsWith(' ') ? ' ' : ''));

const chain = (raw: string, pattern: RegExp, rounds: number): readonly View[] => {
  const clean = tidy(raw, pattern);
  let undone = rewrite(clean.text, escaped, decoded);
  const [outer, whole] = [clean.changes, undone.changes];
  let origin: View['origin'] = (start, end) => [startIn(outer, start), endIn(outer, end)];
  const first = origin;
  // A stretch never ends within an escape: what is around it has to stay valid.
  const views: View[] = [{ text: clean.text, origin: (start, end) => first(...snap(whole, [start, end])) }];
  for (let round = 0; round < rounds && undone.changes.length > 0; round++) {
    const folded = tidy(undone.text, pattern);
    const [below, undoing, tidying] = [origin, undone.changes, folded.changes];
    origin = (start, end) => below(startIn(undoing, startIn(tidying, start)), endIn(undoing, endIn(tidying, end)));
    views.push({ text: folded.text, origin });
    undone = rewrite(folded.text, escaped, decoded);
  }
  return views;
};

/**
 * Texts as they read without what sinks put into them or write otherwise: first without invisible characters and with white space folded,
 * then with escapes undone once, twice and so on, as long as there are any.
 * Understood are percent-encoding, references of HTML, and backslashes of JSON, Markdown, Go, Python and shells. Takes time linear in the text.
 * @param rounds how often escapes are undone at most
 * @param folds whether white space is folded: it is no matter to who looks for nothing with a space, and an indented text is full of it
 */
export const readings = (raw: string, rounds: number, folds: boolean): readonly View[] => [
  ...chain(raw, folds ? untidy : invisible, rounds),
  // A terminal joins what stands around a sequence, a log shows what is in it.
  // eslint-disable-next-line no-control-regex -- what begins a sequence
  ...(/[\u001b\u009b\u009d]/.test(raw) ? chain(raw, untidySequences, rounds) : []),
];

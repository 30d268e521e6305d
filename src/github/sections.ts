import { createHash } from 'node:crypto';
import { percentDecoded } from '../text/decode-text.js';
import { clip } from '../text/escape.js';
import { foldEnd, foldStart } from '../model/delivery.js';
import { limits } from '../model/limits.js';

/** Stands at the start of our comment: the one by which it is found again. */
export const commentMarker = '<!-- scs-kaas-action -->';
const closing = '<!-- /scs-kaas:section -->';
const opening = /^<!-- scs-kaas:section key="([^"]{1,900})" fingerprint="([^"]{0,200})" -->$/;
const droppedNote = '_Details are left out for want of space: see the job summary._';

/** Fewer characters than these for each section, and a comment says nothing any more. */
const leastHeadline = 60;
const usualHeadline = 600;

/** The part of the comment that one job owns. */
export interface Section {
  readonly key: string;
  /** What counts as a change. */
  readonly fingerprint: string;
  readonly text: string;
}

/** The part that this job wants to have in it. */
export interface OwnSection extends Omit<Section, 'text'> {
  /** In falling size. */
  readonly variants: readonly string[];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A key without surprises: one line, at most a hundred characters, two long ones never the same. */
export const sectionKey = (key: string): string => {
  const line = key.toWellFormed().replace(/\s+/g, ' ').trim();
  if (line === '') return 'default';
  return line.length <= 100 ? line : `${clip(line, 80)}${sha256(line).slice(0, 12)}`;
};

/** A fingerprint that fits into the marker; texts are hashed. */
export const toFingerprint = (text: string): string => (/^(?!.*--)[\w.:-]{1,80}$/.test(text) && !text.endsWith('-') ? text : sha256(text));

/** Neither quotes nor `--`, which ends an HTML comment. */
const encodeKey = (key: string): string => encodeURIComponent(key).replace(/-(?=-|$)/g, '%2D');

const splitLines = (text: string): readonly string[] => text.toWellFormed().split(/\r\n|\n|\r/);

/** Makes every marker of ours within a section's text inert; fold marks on lines of their own stay. */
const neutralise = (text: string): string =>
  splitLines(text)
    .map((line) => (line === foldStart || line === foldEnd ? line : line.replace(/<!--(?=\s*(?:\/\s*)?scs-kaas)/gi, '&lt;!--')))
    .join('\n')
    .replace(/^\n+/, '')
    .trimEnd();

/** True where a comment begins as ours do; whoever wrote it. */
export const isMarked = (body: string): boolean => body.trimStart().startsWith(commentMarker);

/**
 * Reads the sections out of a comment's body. People may have edited it: a section that is not closed ends where the next one
 * begins, what stands outside of sections is dropped, of two sections with one key the last counts.
 */
export const parseSections = (body: string): ReadonlyMap<string, Section> => {
  const found = new Map<string, Section>();
  let open: { key: string; fingerprint: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open !== undefined) found.set(open.key, { key: open.key, fingerprint: open.fingerprint, text: neutralise(open.lines.join('\n')) });
    open = undefined;
  };
  for (const line of isMarked(body) ? splitLines(body) : []) {
    const [, key, fingerprint = ''] = opening.exec(line.trimEnd()) ?? [];
    if (key !== undefined) {
      close();
      open = { key: percentDecoded(key), fingerprint, lines: [] };
    } else if (line.trimEnd() === closing) close();
    else open?.lines.push(line);
  }
  close();
  return found;
};

const byKey = (a: Section, b: Section): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const render = (sections: readonly Section[]): string =>
  [
    commentMarker,
    ...[...sections]
      .sort(byKey)
      .map(
        (s) => `<!-- scs-kaas:section key="${encodeKey(s.key)}" fingerprint="${s.fingerprint}" -->\n\n${neutralise(s.text)}\n\n${closing}`,
      ),
  ].join('\n\n');

/** Drops the parts between fold marks; an open mark without its end drops nothing. */
const withoutFolds = (section: Section): Section => {
  const lines = splitLines(section.text);
  const kept: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const end = lines[i] === foldStart ? lines.indexOf(foldEnd, i) : -1;
    if (end < 0) kept.push(lines[i] ?? '');
    else i = end;
  }
  if (kept.length === lines.length) return section;
  const text = kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
  return { ...section, text: text.includes(droppedNote) ? text : `${text}\n\n${droppedNote}` };
};

/** The first lines of a section: up to what is folded, tabulated or fenced, whole lines where they fit. */
const headline =
  (most: number) =>
  (section: Section): Section => {
    if (section.text.length <= most) return section;
    const lines = splitLines(section.text);
    const end = lines.findIndex((line, i) => i > 0 && (line === foldStart || /^\s*(\||<details|```|~~~)/.test(line)));
    let text = '';
    for (const line of lines.slice(0, end < 0 ? undefined : end)) {
      if (text.length + line.length + 1 > most) break;
      text += `${line}\n`;
    }
    return { ...section, text: text.trim() === '' ? clip(lines.find((line) => line.trim() !== '') ?? '', most) : text.trimEnd() };
  };

/** The ways to make space, the kindest first: folds of the others are dropped one after the other, the largest first. */
function* reductions(others: readonly Section[]): Generator<readonly Section[]> {
  const folded = others.map((section) => ({ section, without: withoutFolds(section) }));
  const saving = (f: { section: Section; without: Section }): number => f.section.text.length - f.without.text.length;
  const foldable = folded.filter((f) => saving(f) > 0).sort((a, b) => saving(b) - saving(a));
  for (let n = 1; n <= foldable.length; n++) {
    const gone = new Set(foldable.slice(0, n).map((f) => f.section));
    yield folded.map((f) => (gone.has(f.section) ? f.without : f.section));
  }
}

/** An equal share for everyone, where not even the usual headlines fit. */
const shares = (sections: readonly Section[], limit: number): string | undefined => {
  const room = limit - render(sections.map((s) => ({ ...s, text: '' }))).length;
  const share = Math.floor(room / sections.length);
  return share < leastHeadline ? undefined : render(sections.map(headline(share)));
};

/**
 * Puts our section beside those of other jobs, within a limit. The largest variant that fits beside the others is taken; else folded
 * parts of the others are dropped, the largest first; else everyone keeps a headline.
 * @param others sections of other keys, as parsed; their fingerprints stay, so that their jobs still know them
 * @param limit in UTF-16 code units
 * @returns the comment's body, or undefined where not even headlines fit
 */
export const composeComment = (
  others: readonly Section[],
  own: OwnSection,
  limit: number = limits.commentCharacters,
): string | undefined => {
  const { key, fingerprint } = own;
  const variants = own.variants.map((text) => ({ key, fingerprint, text: neutralise(text) }));
  const smallest = variants.at(-1) ?? { key, fingerprint, text: '' };
  const fitting = (some: readonly Section[], mine: Section): string | undefined => {
    const body = render([...some, mine]);
    return body.length <= limit ? body : undefined;
  };
  for (const mine of variants) {
    const body = fitting(others, mine);
    if (body !== undefined) return body;
  }
  for (const mine of variants)
    for (const some of reductions(others)) {
      const body = fitting(some, mine);
      if (body !== undefined) return body;
    }
  return fitting(others.map(headline(usualHeadline)), smallest) ?? shares([...others, smallest], limit);
};

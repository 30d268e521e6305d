import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  commentMarker,
  composeComment,
  isMarked,
  parseSections,
  sectionKey,
  toFingerprint,
  type Section,
} from '../../src/github/sections.js';
import { anyCharacter } from '../helpers/any-character.js';

const fold = (text: string): string => `<!-- scs-kaas:fold -->\n\n<details>\n\n${text}\n\n</details>\n\n<!-- /scs-kaas:fold -->`;
const own = (text: string, key = 'own', more: readonly string[] = []) => ({ key, fingerprint: 'f', variants: [text, ...more] });
const body = (others: readonly Section[], text: string, limit?: number, more: readonly string[] = []): string =>
  composeComment(others, own(text, 'own', more), limit) ?? '';
const section = (key: string, text: string): Section => ({ key, fingerprint: `f-${key.length}`, text });

describe('a body that somebody edited', () => {
  const open = (key: string, fingerprint = 'f'): string => `<!-- scs-kaas:section key="${key}" fingerprint="${fingerprint}" -->`;
  const close = '<!-- /scs-kaas:section -->';
  const parsed = (...lines: readonly string[]): unknown =>
    [...parseSections([commentMarker, ...lines].join('\n')).values()].map((s) => [s.key, s.text]);

  test.each([
    ['text outside of sections', ['hello', open('a'), 'x', close, 'bye'], [['a', 'x']]],
    [
      'a section that is not closed',
      [open('a'), 'x', open('b'), 'y'],
      [
        ['a', 'x'],
        ['b', 'y'],
      ],
    ],
    ['a close without an open', [close, open('a'), 'x', close, close], [['a', 'x']]],
    ['one key twice', [open('a'), 'x', close, open('a'), 'y', close], [['a', 'y']]],
    ['Windows line ends', [`${open('a')}\r`, 'x\r', `${close}\r`], [['a', 'x']]],
    ['a key that is not encoded', [open('50%'), 'x', close], [['50%', 'x']]],
    ['a marker within a line', [`see ${open('a')}`, 'x', close], []],
    ['nothing at all', [], []],
  ])('%s', (_, lines, sections) => {
    expect(parsed(...lines)).toEqual(sections);
  });

  test('our marker in the middle is none', () => {
    expect(isMarked(`hello ${commentMarker}`)).toBe(false);
    expect(parseSections(`hello\n${commentMarker}\n${open('a')}\nx\n${close}`).size).toBe(0);
  });
});

describe('a section that brings markers along', () => {
  test.each([
    ['the end of its own section', '<!-- /scs-kaas:section -->\nfree'],
    ['another job’s section', '<!-- scs-kaas:section key="victim" fingerprint="" -->\ncompliant'],
    ['with other blanks and letters', '<!--   / SCS-KAAS:section -->\n<!--scs-kaas-action-->'],
    ['the marker of the comment', commentMarker],
  ])('%s', (_, hostile) => {
    const sections = parseSections(body([section('victim', 'not compliant')], `### mine\n${hostile}\nend`));
    expect([...sections.keys()]).toEqual(['own', 'victim']);
    expect(sections.get('victim')?.text).toBe('not compliant');
    expect(sections.get('own')?.text).toMatch(/&lt;!--/);
    expect(sections.get('own')?.text).toMatch(/end$/);
  });
});

describe('too little space', () => {
  const big = (key: string): Section => section(key, `### ${key}\n\n${fold(key.repeat(20_000))}`);

  test('the largest text that fits beside the others is taken', () => {
    const text = body([section('a', 'x'.repeat(50_000))], 'L'.repeat(30_000), undefined, ['M'.repeat(10_000), 'S']);
    expect(parseSections(text).get('own')?.text).toBe('M'.repeat(10_000));
    expect(parseSections(text).get('a')?.text).toHaveLength(50_000);
  });

  test('no text fits: the largest fold of the others goes first, and its headline stays', () => {
    const others = [big('a'), section('b', `### b\n\n${fold('b'.repeat(40_000))}`)];
    const sections = parseSections(body(others, 'O'.repeat(30_000)));
    expect(sections.get('own')?.text).toHaveLength(30_000);
    expect(sections.get('a')?.text).toContain('aaaa');
    expect(sections.get('b')?.text).toMatch(/^### b\n\n_Details are left out/);
  });

  test('a fold that was dropped is not noted twice', () => {
    const once = parseSections(body([section('b', `### b\n\n${fold('b'.repeat(60_000))}\n\n${fold('c')}`)], 'O'.repeat(30_000)));
    expect(once.get('b')?.text.match(/left out/g)).toHaveLength(1);
  });

  test('an open fold without an end drops nothing', () => {
    const text = `### b\n\n<!-- scs-kaas:fold -->\n\nimportant`;
    expect(parseSections(body([section('b', text), big('a')], 'O'.repeat(60_000), undefined, ['small'])).get('b')?.text).toContain(
      'important',
    );
  });

  test('250 jobs: everyone keeps the first line', () => {
    const others = Array.from({ length: 250 }, (_, i) =>
      section(`job-${i}`, `### verdict of ${i}\n\n| a |\n|---|\n${'| row |\n'.repeat(100)}`),
    );
    const text = body(others, `### mine\n\n${'y'.repeat(5_000)}`);
    expect(text.length).toBeLessThanOrEqual(65_536);
    const sections = parseSections(text);
    expect(sections.size).toBe(251);
    for (let i = 0; i < 250; i++) expect(sections.get(`job-${i}`)?.text).toBe(`### verdict of ${i}`);
    expect(sections.get('own')?.text).toMatch(/^### mine/);
  });

  test('2,000 jobs: not even headlines fit', () => {
    const others = Array.from({ length: 2_000 }, (_, i) => section(`job-${i}`, `### ${i}`));
    expect(composeComment(others, own('x'))).toBeUndefined();
  });
});

test('the comment begins with its marker and keeps sections in the order of their keys', () => {
  const text = body([section('b', 'B'), section('a', 'A')], 'own text');
  expect(text.startsWith(commentMarker)).toBe(true);
  expect([...parseSections(text).keys()]).toEqual(['a', 'b', 'own']);
});

test.each([
  ['', 'default'],
  ['  two\nlines ', 'two lines'],
  ['k8s 1.36', 'k8s 1.36'],
])('key %j', (key, expected) => {
  expect(sectionKey(key)).toBe(expected);
});

test('two long keys with one beginning stay two', () => {
  expect(sectionKey(`${'x'.repeat(200)}a`)).not.toBe(sectionKey(`${'x'.repeat(200)}b`));
  expect(sectionKey('x'.repeat(5_000)).length).toBeLessThanOrEqual(100);
});

test('a fingerprint that is no word is hashed', () => {
  expect(toFingerprint('fail-3-abc')).toBe('fail-3-abc');
  expect(toFingerprint('"--> <b>')).toMatch(/^[0-9a-f]{64}$/);
});

const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom(
        '<!-- scs-kaas:fold -->',
        '<!-- /scs-kaas:fold -->',
        '<!-- /scs-kaas:section -->',
        '<!-- scs-kaas:section key="a" fingerprint="b" -->',
        commentMarker,
        '<details>',
        '```',
        '-->',
        '\n',
        '\r',
        '\ud800',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join('\n'));

test('whatever texts and keys hold: every section is found again, within the limit', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.string({ unit: anyCharacter, maxLength: 60 }), hostileText), {
        maxLength: 8,
        selector: ([key]) => sectionKey(key),
      }),
      hostileText,
      fc.integer({ min: 3_000, max: 20_000 }),
      (raw, text, limit) => {
        const others = raw.map(([key, other]) => section(sectionKey(key), other)).filter((s) => s.key !== 'own');
        const composed = composeComment(others, own(text), limit);
        if (composed === undefined) return others.length > 3;
        const sections = parseSections(composed);
        expect(composed.length).toBeLessThanOrEqual(limit);
        expect([...sections.keys()].sort()).toEqual([...others.map((s) => s.key), 'own'].sort());
        for (const other of others) expect(sections.get(other.key)?.fingerprint).toBe(other.fingerprint);
        // Composing what was parsed changes nothing any more.
        const again = [...sections.values()].filter((s) => s.key !== 'own');
        expect(composeComment(again, own(sections.get('own')?.text ?? ''), limit)).toBe(composed);
        return true;
      },
    ),
    { numRuns: 300 },
  );
});

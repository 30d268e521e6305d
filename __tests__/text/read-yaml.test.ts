import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readYaml, yamlLimits, yamlWords } from '../../src/text/read-yaml.js';

const dataOf = (text: string, options?: Parameters<typeof readYaml>[1]): unknown => {
  const read = readYaml(text, options);
  return 'problems' in read ? read : read.documents;
};

test.each<[string, string, readonly unknown[], Parameters<typeof readYaml>[1]?]>([
  ['nothing', '', []],
  ['a mapping', 'a: 1\nb: [x, true, null]\n', [{ a: 1, b: ['x', true, null] }]],
  ['dates stay texts', 'a: 2027-01-31\n', [{ a: '2027-01-31' }]],
  ['everything stays text', 'a: 1.30\n', [{ a: '1.30' }], { allText: true }],
  ['several documents', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
  ['an alias', 'a: &x [1]\nb: *x\n', [{ a: [1], b: [1] }]],
  ['a merge key', 'a: &x {k: 1}\nb: {<<: *x, l: 2}\n', [{ a: { k: 1 }, b: { k: 1, l: 2 } }], { merge: true }],
  ['signs inside of texts count for nothing', `a: x${'[{&*'.repeat(500)}\nb: "${'[&*'.repeat(500)}"\n`, [expect.anything()]],
  ['every escape', String.raw`"\0\a\b\e\f\n\r\t\v\N\_\L\P\ \"\/\\\x41\u0041\U00000041"`, [expect.stringMatching(/AAA$/)]],
  ['nesting within bounds', `${'['.repeat(yamlLimits.depth)}${']'.repeat(yamlLimits.depth)}`, [expect.anything()]],
])('%s', (_, text, expected, options = {}) => {
  expect(dataOf(text, options)).toEqual(expected);
});

test.each<[string, string, RegExp, Parameters<typeof readYaml>[1]?]>([
  ['a mistake', 'a: 1\nb: [s3cret-word\n', /^it is no valid YAML, line 3: /],
  ['a key twice', 'a: 1\nb: {s3cret-word: 1, c: 2, s3cret-word: 3}\n', /^it is no valid YAML, line 2: duplicate key$/],
  ['a key twice, deep inside of a list', '- - x: 1\n    x: 2\n', /line 2: duplicate key/],
  ['a list as a key', '? [s3cret-word]\n: 1\n', /line 1: a list or a mapping is no key/],
  ['an undefined alias', 'a: *s3cret-word\n', /aliases that are undefined/],
  ['an alias where none may be', 'a: &x 1\nb: *x\n', /aliases, which it may not/, { aliases: 0 }],
  ['a tag, strictly read', 'a: !s3cret-word x\n', /no valid YAML/, { strict: true }],
  ['an escape that is none', String.raw`a: "s3cret-word \q"`, /bad dq escape/],
  ['half an escape', String.raw`a: "s3cret-word \u00"`, /bad dq escape/],
])('%s: one phrase without anything of the text', (_, text, expected, options = {}) => {
  const read = readYaml(text, options);
  expect(read).toMatchObject({ problems: [expect.stringMatching(expected)] });
  expect(JSON.stringify(read)).not.toContain('s3cret-word');
});

const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('\n');
const full = yamlLimits.characters - 100;

/** Texts that cost a naive reader quadratic or exponential time, or memory without end: some are refused, some are read, all of them soon. */
const costly: Readonly<Record<string, () => string>> = {
  'anchors without end': () => lines(100_000, (i) => `- &a${i} x`),
  'an alias for each of many anchors': () => lines(100_000, (i) => `- &a${i} x\n- *a${i}`),
  'many aliases of one anchor': () => `- &a x\n${'- *a\n'.repeat(100_000)}`,
  'as many anchors and aliases as may be': () =>
    `${lines(990, (i) => `- &a${i} x`)}\n${lines(99, (i) => `- *a${i * 10}`)}\n${'- x\n'.repeat(40_000)}`,
  'a billion laughs': () => `a0: &a0 [x]\n${lines(9, (i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]`)}`,
  'merge keys of a large mapping': () => `a: &a\n${lines(15_000, (i) => `  k${i}: x`)}\n${lines(20, (i) => `b${i}:\n  <<: *a`)}`,
  'an anchor within itself': () => '&a [*a]',
  'keys without end': () => lines(100_000, (i) => `k${i}: x`),
  'as many keys as may be': () => lines(21_000, (i) => `k${i}: x`),
  'keys that are lists': () => lines(15_000, (i) => `? [k${i}]\n: x`),
  'the same key again and again': () => 'a: x\n'.repeat(20_000),
  'a flow mapping without end': () => `{${lines(100_000, (i) => `k${i}: x,`)}}`,
  'flow sequences that are nested, and closed': () => '['.repeat(100_000) + ']'.repeat(100_000),
  'flow sequences that are nested, and left open': () => '['.repeat(100_000),
  'flow mappings that are keys of each other': () => `${'{'.repeat(95)}a${'}: x'.repeat(95)}`,
  'block sequences in one line': () => '- '.repeat(100_000),
  'block sequences in many lines': () => `${'- '.repeat(90)}x\n`.repeat(800),
  'block mappings that are nested': () => lines(2_000, (i) => `${' '.repeat(i)}a:`),
  'keys of keys': () => `${'? '.repeat(90)}x\n`.repeat(800),
  'documents without end': () => '---\nx\n'.repeat(100_000),
  'document ends without end': () => '...\n'.repeat(100_000),
  directives: () => `${'%TAG !a! x\n'.repeat(50_000)}---\nx`,
  'unknown directives': () => `${'%x\n'.repeat(50_000)}---\nx`,
  tags: () => lines(30_000, (i) => `- !t${i} x`),
  comments: () => `a:\n${'  # c\n'.repeat(40_000)}  b: 1`,
  mistakes: () => '- }\n'.repeat(37_000),
  'open brackets that are closed by others': () => '[ }\n'.repeat(37_000),
  'bad escapes': () => `"${String.raw`\q`.repeat(full / 2)}"`,
  'bad hexadecimal escapes': () => `"${String.raw`\uzz`.repeat(full / 4)}"`,
  escapes: () => `"${String.raw`\n`.repeat(full / 2)}"`,
  'an open quote': () => `"${'x\n'.repeat(full / 2)}`,
  'line ends in quotes': () => `"x${'\n'.repeat(full)}"`,
  'carriage returns in quotes': () => `"x${'\r'.repeat(full)}"`,
  'quotes in quotes': () => `'${"''".repeat(full / 2)}'`,
  'a long word': () => `a: ${'x'.repeat(full)}`,
  'a long number': () => `a: ${'1'.repeat(full)}`,
  'a long fraction': () => `a: 0.${'0'.repeat(full)}`,
  'a long hexadecimal number': () => `a: 0x${'f'.repeat(full)}`,
  'a number that is none at its end': () => `a: ${'1'.repeat(full / 2)}e${'1'.repeat(full / 2 - 10)}x`,
  'a long key': () => `${'x'.repeat(full)}: 1`,
  'words in many lines': () => `a: x\n${'  x\n'.repeat(full / 4)}`,
  'words in one line': () => `a: ${'x '.repeat(full / 2)}`,
  'a block of text': () => `a: |\n${'  x\n'.repeat(full / 4)}`,
  'a folded block of text': () => `a: >\n${'  x\n'.repeat(full / 4)}`,
  'blank lines': () => `a: x\n${'\n'.repeat(full)}b: x`,
  blanks: () => `a: ${' '.repeat(full)}x`,
  'lines of blanks': () => `a: "${`${' '.repeat(1000)}\n`.repeat(4_000)}"`,
  tabs: () => `a: ${'\t'.repeat(full)}x`,
  'a long anchor': () => `&${'a'.repeat(full)} x`,
  'a long tag': () => `!!${'%41'.repeat(full / 4)} x`,
  stars: () => '*'.repeat(full),
  'zero bytes': () => '\0'.repeat(full),
  'byte order marks': () => '\ufeff'.repeat(full),
  'more than is read': () => `a: ${'x'.repeat(2 * full)}`,
};

describe('no text takes long, or much memory', () => {
  test.each(Object.keys(costly))('%s', (name) => {
    const text = (costly[name] ?? String)();
    const begun = process.cpuUsage();
    readYaml(text, { merge: true, aliases: 20 });
    const { user, system } = process.cpuUsage(begun);
    // Time of the processor, for other processes run as well; beside them it is up to three times what it is alone. What was mended took 34 s.
    expect((user + system) / 1_000_000).toBeLessThan(5);
  });

  test('all of them together, in a process with 256 MB', () => {
    const program = `
      import { readYaml } from ${JSON.stringify(join(import.meta.dirname, '../../src/text/read-yaml.ts'))};
      for (const text of [${['bad escapes', 'mistakes', 'as many keys as may be', 'unknown directives']
        .map((name) => `(${String(costly[name]).replaceAll('full', String(full)).replaceAll('lines(', 'line(')})()`)
        .join(',')}]) readYaml(text);
      function line(count, of) { return Array.from({ length: count }, (_, i) => of(i)).join('\\n'); }`;
    const node = ['--no-warnings', '--max-old-space-size=256', '--experimental-transform-types', '--input-type=module'];
    expect(() => execFileSync(process.execPath, [...node, '--eval', program], { stdio: 'pipe' })).not.toThrow();
  }, 60_000);
});

test('words of a text with mistakes are found all the same', () => {
  expect(yamlWords('a: one\nb: [two\n')).toEqual([
    { text: 'a', line: 1 },
    { text: 'one', line: 1 },
    { text: 'b', line: 2 },
    { text: 'two', line: 2 },
  ]);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { columnsOf, hanging, padded, shortened, wrapped } from '../../src/reporters/console.js';
import { terminalReport } from '../../src/reporters/terminal.js';
import { terminalText } from '../../src/text/escape.js';
import {
  compliantReport,
  demoOptions,
  emptyReport,
  hostileCases,
  hostileReport,
  hugeReport,
  incompleteReport,
  realisticReport,
  wideReport,
  withStrings,
} from '../helpers/report.js';

const escape = String.fromCharCode(0x1b);
const colours = new RegExp(`${escape}\\[\\d+m`, 'g');
const at = (width: number, more: Partial<typeof demoOptions> = {}): typeof demoOptions => ({ ...demoOptions, width, ...more });

const reports = [
  ['realistic', realisticReport()],
  ['compliant', compliantReport()],
  ['incomplete', incompleteReport()],
  ['empty', emptyReport()],
  ['hostile', hostileReport()],
  ['huge', hugeReport(5_000, 20)],
  ['wide', wideReport()],
] as const;

describe.each(reports)('the %s report', (_, report) => {
  test.each([60, 80, 100, 120])('fits into %d columns, folded and verbose', (width) => {
    for (const verbose of [false, true])
      for (const line of terminalReport(report, at(width, { verbose })).split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width);
  });

  test('says the same without colours', () => {
    expect(terminalReport(report, at(100, { colour: true })).replace(colours, '')).toBe(terminalReport(report, at(100)));
  });
});

test('the verdict is the first line and the last', () => {
  const lines = terminalReport(realisticReport(), at(120)).trimEnd().split('\n');
  expect(lines[0]).toBe('✗ non-compliant: 3 of 7 MUSTs of the certificate scope failed; looked at 13 of 16 requirements');
  expect(lines.at(-1)).toBe(lines[0]);
  expect(lines[2]).toBe('! A kind cluster certifies nothing about a provider.');
});

test('what was not looked at is one line per standard, and a row each where all is asked for', () => {
  const folded = terminalReport(realisticReport(), at(120));
  expect(folded).toContain('  · 1 not looked at: control-plane-hosts\n');
  expect(folded).not.toContain('· missing');
  const verbose = terminalReport(realisticReport(), at(120, { verbose: true }));
  expect(verbose).toMatch(/· missing {2}MUST {4}control-plane-hosts {2}\S/);
  expect(verbose).toContain('      node worker-2: topology.kubernetes.io/zone=(absent)\n');
});

describe('much evidence', () => {
  test('the picture stands under what did not pass, what passed shows it where all is asked for', () => {
    expect(terminalReport(realisticReport(), at(80))).toMatch(/^ {6}by port range {21}✗ {8}✗$/m);
    expect(terminalReport(realisticReport(), at(80))).toContain(
      '✓ as it should be, ✗ not as it should be, ! could not be told, · not asked',
    );
    expect(terminalReport(compliantReport(), at(80))).not.toContain('by port range');
    expect(terminalReport(compliantReport(), at(80, { verbose: true }))).toMatch(/^ {6}by port range {21}✓ {8}✓$/m);
  });

  test('its marks are coloured by what they say', () => {
    const red = `${escape}[31m✗${escape}[39m`;
    expect(terminalReport(realisticReport(), at(80, { colour: true }))).toContain(
      `by port range                     ${red}        ${red}\n`,
    );
  });

  test('more columns than the screen has are numbered, and the numbers explained', () => {
    const text = terminalReport(wideReport(12, 1), at(80));
    expect(text).toMatch(/^ {40}1 {2}2 {2}3 {2}4 {2}5 {2}6 {2}7 {2}8 {2}9 {2}10$/m);
    expect(text).toMatch(/^ {40}11 {2}12$/m);
    expect(text).toContain('1 ingress, worker-1 · 2 ingress, worker-2');
  });

  test('every observation is shown where all is asked for: a line each where it fits, else the first cell and the others under it', () => {
    const all = (width: number): string => terminalReport(realisticReport(), at(width, { verbose: true }));
    expect(terminalReport(realisticReport(), at(140))).not.toContain('egress/DNS-kept');
    expect(all(140)).toMatch(/^ {6}egress\/DNS-kept +egress +probe on worker-2 +other on worker-1 +TCP 8081 +allowed +allowed$/m);
    expect(all(100)).toMatch(/^ {6}egress\/DNS-kept\n {8}direction egress · from probe on worker-2 · to other on worker-1 · /m);
  });

  test('more than two hundred are cut, and the text says where the rest stands', () => {
    const text = terminalReport(wideReport(2, 3_000), at(140, { verbose: true }));
    expect(text).toMatch(/^ {6}cell-200 /m);
    expect(text).not.toContain('cell-201');
    expect(text).toContain('… and 2800 more rows: the JSON report holds them (--format json)');
  });
});

test('missing permissions say what they would settle', () => {
  expect(terminalReport(realisticReport(), at(120))).toContain(
    '  ! get /metrics (role read): request limits as the API server counts them\n    would settle demo-0217-v1/node-restriction, demo-0217-v1/request-limits\n',
  );
});

test('the command that prints the roles names the tier where a right to act is missing', () => {
  expect(terminalReport(realisticReport(), at(120))).toContain('Missing permissions (scs-kaas permissions --tier active prints the roles');
  const light = realisticReport({}, { 'demo-volume': 'fine' });
  expect(terminalReport(light, at(120))).toContain('Missing permissions (scs-kaas permissions prints the roles');
});

test('more than ten steps are cut, and the text says by which option they are shown', () => {
  expect(terminalReport(hugeReport(5, 12), at(120))).toContain('      and 14 more; --verbose shows them\n');
  expect(terminalReport(hugeReport(5, 12), at(120, { verbose: true }))).toContain('  24. demo-0215-v1/zone-label-12 (MUST)');
});

describe('a hostile cluster', () => {
  test.each(hostileCases)('%s moves no cursor and gives the runner no command', (_, fragment) => {
    const report = withStrings(realisticReport(), (text) => `${fragment}${text} ${fragment}x ${'y'.repeat(70)}${fragment}`);
    for (const verbose of [false, true]) {
      const text = terminalReport(report, at(80, { colour: true, verbose })).replace(colours, '');
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
      expect(text.replaceAll('\u200b', '')).not.toMatch(/\p{Cf}/u);
      expect(text).not.toMatch(/##\[|^\s*::/m);
    }
  });
});

describe('layout', () => {
  test('wrapped lines hold every character and never more columns than there are', () => {
    const text = fc
      .array(fc.constantFrom('word', 'x'.repeat(30), '漢字漢字漢字', '🧨', 'é', 'e\u0301', ' '))
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, fc.integer({ min: 10, max: 40 }), (some, columns) => {
        const lines = wrapped(some, columns);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(some.replaceAll(' ', ''));
      }),
    );
  });
  test('of any text every line fits and no character is lost', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        '🇩🇪',
        '👍🏽',
        '⚠\ufe0f',
        '1\ufe0f\u20e3',
        'กำ',
        'நி',
        'क्षि',
        'ｶﾞ',
        '각',
        '\u0d4e',
        '\u0903'.repeat(30),
        '🏽'.repeat(20),
        ' ',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 40 }).map((parts) => parts.join('')),
        fc.integer({ min: 10, max: 40 }),
        (some, columns) => {
          const lines = wrapped(some, columns);
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
          expect(lines.join('').replaceAll(' ', '')).toBe(terminalText(some).replaceAll(' ', ''));
        },
      ),
    );
  });
  test('a character is not broken, whatever it is made of, unless no line holds it', () => {
    expect(wrapped('e\u0301'.repeat(12), 10)).toEqual(['e\u0301'.repeat(10), 'e\u0301e\u0301']);
    expect(wrapped('🇩🇪'.repeat(6), 11)).toEqual(['🇩🇪'.repeat(5), '🇩🇪']);
    expect(shortened('नि'.repeat(5), 6)).toBe('निनि…');
    expect(wrapped(`क${'\u0903'.repeat(14)}`, 10)).toEqual([`क${'\u0903'.repeat(9)}`, '\u0903'.repeat(5)]);
    expect(wrapped(`⚠\ufe0f${'🏽'.repeat(6)}`, 11)).toEqual([`⚠\ufe0f${'🏽'.repeat(4)}`, '🏽🏽']);
  });
  test('an address is preferably broken behind its marks', () =>
    expect(wrapped('see https://docs.example.com/standards/scs-0214-v2?tab=read#clause', 30)).toEqual([
      'see',
      'https://docs.example.com/',
      'standards/scs-0214-v2?tab=',
      'read#clause',
    ]));
  test.each([
    ['漢字', 4],
    ['e\u0301', 1],
    ['🧨', 2],
    ['🇩🇪', 2],
    ['👍🏽', 2],
    ['⚠\ufe0f', 2],
    ['⚠', 1],
    ['1\ufe0f\u20e3', 2],
    ['กำ', 2],
    ['नि', 2],
    ['ｶﾞ', 2],
    ['각', 2],
    ['\u{17000}', 2],
    ['㉈', 1],
    ['✓ ok', 4],
    ['a\u200bb', 2],
  ])('%j takes %d columns', (text, columns) => expect(columnsOf(text)).toBe(columns));
  test('of the characters that are not looked up, and of what follows one: as string-width has it', () => {
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));
    const quick = [...range(0x20, 0x7e), ...range(0xa1, 0xac), ...range(0xae, 0xff), ...range(0x2010, 0x2027), '✓', '✗'];
    const after = ['', '\ufe0e', '\ufe0f', '\ufe0f\u20e3', '\u0301', '\u200d', '\u200d🔥', '\u0e33', '\u00ad', '\u001b[1m'];
    const all = quick.flatMap((one) => after.map((next) => one + next));
    expect(all.filter((text) => columnsOf(text) !== stringWidth(text))).toEqual([]);
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...quick) }), (text) => columnsOf(text) === stringWidth(text)));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...quick, ...after) }), (text) => columnsOf(text) === stringWidth(text)));
  });
  test('what follows hangs under its beginning', () => expect(hanging('- ', 'one two three four', 12)).toBe('- one two\n  three four'));
  test('wide characters count twice where a column is filled', () =>
    expect([padded('漢', 4), shortened('漢字漢字', 5)]).toEqual(['漢  ', '漢字…']));
});

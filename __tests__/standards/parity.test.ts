import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { selectStandards } from '../../src/standards/select.js';
import { standards } from '../../src/standards/index.js';
import { notCovered } from '../../src/standards/not-covered.js';
import { levelOfKeyword, readStandardText } from '../helpers/standard-texts.js';

/**
 * What the texts of the standards ask for, and which row of ours answers it. The texts are not part of this repository: their extract is
 * (`__tests__/fixtures/standards.json`), with a fingerprint of each line that has a keyword. Where the texts lie beside the repository,
 * the extract is compared with them, so that a text that changes is found.
 */
interface Keyword {
  readonly word: string;
  /** Rows of this standard, or of another one with its id before: `scs-0214-v2/best-practices`. */
  readonly rows?: readonly string[];
  /** Why the level of the rows is another one than that of the keyword. */
  readonly why?: string;
  /** Why it is no matter of a cluster; in place of rows. */
  readonly no?: string;
}
interface Document {
  readonly file: string;
  readonly id: string;
  readonly status: string;
  /** The text uses no capitals: its decision is read in any case of letters. */
  readonly inSmallLetters?: boolean;
  readonly lines: readonly { readonly section: string; readonly print: string; readonly keywords: readonly Keyword[] }[];
  /** Rows without a line of their own, by id, each with the reason. */
  readonly own?: Readonly<Record<string, string>>;
}
interface Extract {
  readonly documents: readonly Document[];
  /** Documents that regulate no cluster, with the fingerprints of their lines. */
  readonly others: readonly { readonly file: string; readonly why: string; readonly prints: readonly string[] }[];
}

const root = resolve(import.meta.dirname, '..', '..');
const { documents, others } = JSON.parse(readFileSync(join(root, '__tests__', 'fixtures', 'standards.json'), 'utf8')) as Extract;

const levels: ReadonlyMap<string, string> = new Map(
  standards.flatMap((s) => s.requirements.map((r) => [`${s.id}/${r.id}`, r.level] as const)),
);
const inFull = (document: Document, row: string): string => (row.includes('/') ? row : `${document.id}/${row}`);
const named = documents.flatMap((document) =>
  document.lines.flatMap(({ section, keywords }) =>
    keywords.map((keyword) => ({ document, section, keyword, rows: (keyword.rows ?? []).map((row) => inFull(document, row)) })),
  ),
);

describe('the extract and the catalogue', () => {
  test('each standard of the catalogue is a document, with the status of its front matter', () => {
    expect(documents.map(({ id, status }) => [id, status.toLowerCase()]).sort()).toEqual(standards.map((s) => [s.id, s.status]).sort());
  });

  test('what is in force or a draft is judged by default, and what is deprecated is not', () => {
    expect(
      selectStandards(standards, [])
        .map((s) => s.id)
        .sort(),
    ).toEqual(
      documents
        .filter(({ status }) => status !== 'Deprecated')
        .map(({ id }) => id)
        .sort(),
    );
  });

  test.each(documents.map((document) => [document.id, document] as const))(
    '%s: each keyword is named by a row, or is no matter of a cluster',
    (_, document) => {
      const wrong = named
        .filter((one) => one.document === document)
        .filter(({ keyword, rows }) => rows.length > 0 === (keyword.no ?? '').length > 20 || rows.some((row) => !levels.has(row)));
      expect(wrong.map(({ section, keyword }) => `${section}: ${keyword.word} ${(keyword.rows ?? []).join(', ')}`)).toEqual([]);
    },
  );

  test.each(documents.map((document) => [document.id, document] as const))(
    '%s: each row has the level of its keyword, or it is argued why not',
    (_, document) => {
      const other = named.filter(
        ({ document: its, keyword, rows }) =>
          its === document &&
          rows.some((row) => levels.has(row) && levels.get(row) !== levelOfKeyword(keyword.word)) !== (keyword.why !== undefined),
      );
      expect(other.map(({ section, keyword }) => `${section}: ${keyword.word} ${(keyword.rows ?? []).join(', ')}`)).toEqual([]);
      for (const { keyword } of named) expect((keyword.why ?? 'x'.repeat(21)).length).toBeGreaterThan(20);
    },
  );

  test('each row of the catalogue is named by a line, or states why it stands by itself', () => {
    const argued = documents.flatMap((document) =>
      Object.entries(document.own ?? {}).map(([row, why]) => [inFull(document, row), why] as const),
    );
    const known = new Set([...named.flatMap(({ rows }) => rows), ...argued.map(([row]) => row)]);
    expect([...levels.keys()].filter((row) => !known.has(row))).toEqual([]);
    for (const [row, why] of argued) expect([row, levels.has(row), why.length > 20]).toEqual([row, true, true]);
    // A row that a line names needs no word of its own.
    expect(argued.filter(([row]) => named.some(({ rows }) => rows.includes(row)))).toEqual([]);
  });

  test('what is not covered is listed where people read what is', () => {
    expect(notCovered.map(({ id }) => id)).toEqual(['scs-0200-v1', 'scs-0212-v1', 'scs-0213-v1', 'scs-0216-v1', 'scs-0218-v1']);
    expect(notCovered.filter(({ id }) => documents.some((document) => document.id === id))).toEqual([]);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const { id, why } of notCovered) expect(readme).toMatch(new RegExp(`^\\| ${id} \\|.*\\| ${why} \\|$`, 'm'));
  });
});

const texts = resolve(root, '..', 'shared', 'reference', 'standards');
const withTexts = existsSync(texts) ? describe : describe.skip;

withTexts('the extract and the texts', () => {
  const read = (file: string): string => readFileSync(join(texts, file), 'utf8');

  test('every document is in the extract', () => {
    expect(readdirSync(texts).sort()).toEqual([...documents, ...others].map(({ file }) => file).sort());
  });

  test.each(documents.map((document) => [document.file, document] as const))('%s says what the extract says', (file, document) => {
    const { status, lines } = readStandardText(read(file), document.inSmallLetters === true);
    expect(status).toBe(document.status);
    expect(lines).toEqual(
      document.lines.map(({ section, print, keywords }) => ({ section, words: keywords.map(({ word }) => word), print })),
    );
  });

  test.each(others.map((other) => [other.file, other] as const))(
    '%s regulates no cluster, and has not changed',
    (file, { why, prints }) => {
      expect(why.length).toBeGreaterThan(20);
      expect(readStandardText(read(file), false).lines.map(({ print }) => print)).toEqual(prints);
    },
  );
});

describe('the reader of the texts', () => {
  const text = [
    '---',
    'title: x',
    'status: Stable',
    '---',
    '## Motivation',
    'Users MAY like this.',
    'It must not count, as it is in small letters.',
    '```yaml',
    'limit: 1 # MUST not count in an example',
    '```',
    '## Decision',
    'It MUST be on, and RECOMMENDED is twice; OPTIONALLY three times. We REQUIRE it.',
    '### Part',
    '- It SHOULD NOT be off,   and MUSTER is no keyword.',
    '- must be small',
  ].join('\n');

  test('keywords in capitals, by section, apart from examples', () => {
    const { status, lines } = readStandardText(text, false);
    expect(status).toBe('Stable');
    expect(lines.map(({ section, words }) => [section, words])).toEqual([
      ['Motivation', ['MAY']],
      ['Decision', ['MUST', 'RECOMMENDED', 'OPTIONALLY', 'REQUIRE']],
      ['Part', ['SHOULD NOT']],
    ]);
  });

  test('small letters, in the decision alone', () => {
    const { lines } = readStandardText(text, true);
    expect(lines.map(({ section, words }) => [section, words])).toEqual([
      ['Decision', ['MUST']],
      ['Part', ['SHOULD NOT']],
      ['Part', ['MUST']],
    ]);
  });

  test('a line that changes has another fingerprint, one that is broken otherwise has not', () => {
    const print = (line: string) => readStandardText(line, false).lines[0]?.print;
    expect(print('It MUST be on.')).not.toBe(print('It MUST be off.'));
    expect(print('It MUST  be on. ')).toBe(print('  It MUST be on.'));
  });

  test.each([
    ['MUST NOT', 'MUST'],
    ['REQUIRES', 'MUST'],
    ['SHALL', 'MUST'],
    ['SHOULD', 'SHOULD'],
    ['RECOMMEND', 'SHOULD'],
    ['NOT RECOMMENDED', 'SHOULD'],
    ['CAN', 'MAY'],
    ['OPTIONALLY', 'MAY'],
  ])('%s asks at the level %s', (word, level) => {
    expect(levelOfKeyword(word)).toBe(level);
  });
});

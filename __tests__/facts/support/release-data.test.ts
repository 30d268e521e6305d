import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { bundledReleaseData, parseReleaseData, releaseDataSchema } from '../../../src/facts/support/release-data.js';
import { UserError } from '../../../src/model/errors.js';

const good = {
  schemaVersion: '1',
  releases: {
    asOf: '2026-11-22',
    source: 'a test',
    minors: [{ minor: '1.36', released: '2026-04-22', endOfLife: null }],
    patches: [{ version: '1.36.0', released: '2026-04-22T10:00:00Z' }],
    incomplete: ['1.36'],
  },
  cves: {
    asOf: '2026-11-22',
    source: 'a test',
    reviewed: ['CVE-2026-1000'],
    critical: [{ id: 'CVE-2026-1000', score: null, ranges: [{ introduced: '1.36.0', fixed: '1.36.1' }] }],
  },
};
const problemsOf = (text: string): readonly string[] => {
  try {
    parseReleaseData(text, 'data.json');
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};
/** The good data with one place changed. */
const changed = (path: string, value: unknown): string => {
  const copy = structuredClone(good) as Record<string, unknown>;
  const keys = path.split('.');
  const parent = keys.slice(0, -1).reduce<Record<string, unknown>>((o, key) => o[key] as Record<string, unknown>, copy);
  parent[keys.at(-1)!] = value;
  return JSON.stringify(copy);
};

test('a file in the format', () => {
  expect(parseReleaseData(JSON.stringify(good), 'data.json')).toEqual(good);
});

test.each([
  ['schemaVersion', '2', 'schemaVersion'],
  ['releases.asOf', 'yesterday', 'releases.asOf'],
  ['releases.asOf', '2026-13-40', 'releases.asOf'],
  ['releases.asOf', '2026-02-30', 'releases.asOf'],
  ['releases.patches.0.released', '2026-04-31T10:00:00Z', 'releases.patches[0].released'],
  ['releases.minors.0.endOfLife', '2027-02-29', 'releases.minors[0].endOfLife'],
  ['cves.asOf', '2026-11-31', 'cves.asOf'],
  ['releases.asOf', '2026-11-22T10:00:00+02:00', 'releases.asOf'],
  ['releases.patches.0.version', 'v1.36.0', 'releases.patches[0].version'],
  ['releases.patches.0.version', '1.36', 'releases.patches[0].version'],
  ['releases.patches.0.released', 20261122, 'releases.patches[0].released'],
  ['releases.minors.0.minor', '1.36.0', 'releases.minors[0].minor'],
  ['releases.minors.0.endOfLife', 'soon', 'releases.minors[0].endOfLife'],
  ['releases.incomplete', undefined, 'releases.incomplete'],
  ['releases.patchs', [], 'releases'],
  ['cves.critical.0.id', 'GHSA-1', 'cves.critical[0].id'],
  ['cves.critical.0.score', 11, 'cves.critical[0].score'],
  ['cves.critical.0.score', '9.8', 'cves.critical[0].score'],
  ['cves.critical.0.ranges.0.introduced', '0', 'cves.critical[0].ranges[0].introduced'],
  ['cves', undefined, 'cves'],
])('%s as %j: the error names the place', (path, value, place) => {
  const problems = problemsOf(changed(path, value));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('"data.json"');
  expect(problems[0]).toContain(` ${place}: `);
});

test('all problems at once', () => {
  expect(problemsOf(JSON.stringify({ ...good, releases: { ...good.releases, asOf: 1, source: 2, minors: 3 } }))).toHaveLength(3);
});

test.each(['', '{', '<html></html>', '[]', 'null', '"text"'])('%j is no release data', (text) => {
  expect(problemsOf(text).length).toBeGreaterThan(0);
});

test('thousands of problems are counted, not listed', () => {
  const problems = problemsOf(
    changed(
      'releases.patches',
      Array.from({ length: 5_000 }, () => ({})),
    ),
  );
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)).toMatch(/\d+ more/);
});

describe('the bundled file, however often it was refreshed', () => {
  const { releases, cves } = bundledReleaseData();
  test('is in the format, which no run checks again', () => {
    expect(releaseDataSchema.parse(bundledReleaseData())).toEqual(bundledReleaseData());
  });
  test('is dated by what it knows, and not later than today', () => {
    const tomorrow = Date.now() + 86_400_000;
    const day = 86_400_000;
    const newest = Math.max(...releases.patches.map((p) => Date.parse(p.released)));
    for (const moment of [releases.asOf, cves.asOf, ...releases.patches.map((p) => p.released)])
      expect([moment, Date.parse(moment) <= tomorrow]).toEqual([moment, true]);
    // Patches come every month (twice as long in December): a section that knows none for longer is not complete up to its date.
    expect(Date.parse(releases.asOf) - newest).toBeLessThan(75 * day);
    // CVEs bear the year in which they were reserved, at the latest that in which they were announced.
    const years = cves.reviewed.map((id) => Number(id.slice(4, 8)));
    expect(Number(cves.asOf.slice(0, 4)) - Math.max(...years)).toBeLessThanOrEqual(1);
  });
  test('knows supported branches with their ends, and the first release of each', () => {
    const supported = releases.minors.filter((m) => m.endOfLife === null || Date.parse(m.endOfLife) > Date.parse(releases.asOf));
    expect(supported.length).toBeGreaterThanOrEqual(3);
    expect(supported.filter((m) => !releases.patches.some((p) => p.version === `${m.minor}.0`))).toEqual([]);
    expect(releases.minors.filter((m) => m.endOfLife === null).length).toBeLessThanOrEqual(2);
  });
  test('has the corrected ranges of CVEs whose records have one line for each branch', () => {
    const rangesOf = (id: string): unknown => cves.critical.find((c) => c.id === id)?.ranges;
    expect(rangesOf('CVE-2021-25741')).toEqual([
      { introduced: '0.0.0', fixed: '1.19.15' },
      { introduced: '1.20.0', fixed: '1.20.11' },
      { introduced: '1.21.0', fixed: '1.21.5' },
      { introduced: '1.22.0', fixed: '1.22.2' },
    ]);
    expect(rangesOf('CVE-2024-10220')).toContainEqual({ introduced: '1.30.0', fixed: '1.30.3' });
  });
  test('lists the old CVEs of the feed that no program can read, or every live run would abort', () => {
    expect(cves.reviewed).toEqual(expect.arrayContaining(['CVE-2017-1000056', 'CVE-2021-3121']));
  });
  test('holds critical CVEs alone, of those that were reviewed', () => {
    expect(cves.critical.find((c) => c.id === 'CVE-2023-3676')?.score).toBe(8.8);
    expect(cves.critical.filter((c) => c.score !== null && c.score < 8)).toEqual([]);
    expect(cves.critical.filter((c) => !cves.reviewed.includes(c.id))).toEqual([]);
    // 7.2 by its original record, 8.8 elsewhere.
    expect(cves.reviewed).toContain('CVE-2023-5528');
    expect(cves.critical.map((c) => c.id)).not.toContain('CVE-2023-5528');
  });
  test('names only branches as incomplete that it lists', () => {
    const listed = new Set(releases.patches.map((p) => p.version.split('.').slice(0, 2).join('.')));
    expect(releases.incomplete.filter((m) => !listed.has(m))).toEqual([]);
  });
});

test('the published schema is the one that is checked: UPDATE_GENERATED=1 npm test -- release-data writes it', () => {
  const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'schemas', 'release-data-1.json');
  const schema = {
    $id: 'release-data-1.json',
    title: 'Kubernetes releases and CVEs, as scs-kaas reads them',
    ...z.toJSONSchema(releaseDataSchema),
  };
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

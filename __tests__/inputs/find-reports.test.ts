import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findReports } from '../../src/inputs/find-reports.js';

let root = '';
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'scs-kaas-find-')));
});
afterEach(() => rm(root, { recursive: true }));

const write = async (...paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), '{}');
  }
};
const found = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await findReports(words, root)).paths.map((path) => relative(root, path));
const missed = async (...words: readonly string[]): Promise<readonly string[]> => (await findReports(words, root)).missed;

const artifacts = [
  'reports/a/scs-kaas-report.json',
  'reports/a/scs-kaas-snapshot.json',
  'reports/a/scs-kaas-summary.md',
  'reports/b/deep/er/report-b.json',
  'reports/b/scs-kaas-snapshot.json',
];
const both = ['reports/a/scs-kaas-report.json', 'reports/b/deep/er/report-b.json'];

describe('what is found', () => {
  beforeEach(() => write(...artifacts));

  test.each<[string, readonly string[], readonly string[]]>([
    ['a file', ['reports/a/scs-kaas-report.json'], both.slice(0, 1)],
    ['a folder, with all folders in it, without snapshots', ['reports'], both],
    ['a folder with a slash', ['./reports/'], both],
    ['a pattern of one level', ['reports/*/*.json'], both.slice(0, 1)],
    ['a pattern of any level', ['reports/**/*.json'], both],
    ['braces', ['reports/{a,b}/**/*report*.json'], both],
    ['several, each file once', ['reports', 'reports/**/*.json', both[1]!, `./${both[0]!}`], both],
    ['in the order of the words', ['reports/b', 'reports/a'], [...both].reverse()],
    ['a snapshot by its own name: whoever names it is told that it is no report', [artifacts[1]!], [artifacts[1]!]],
    ['a path that is not there: it counts as a report that cannot be used', ['reports/c.json'], ['reports/c.json']],
  ])('%s', async (_, words, paths) => {
    expect(await found(...words)).toEqual(paths);
  });

  test('an absolute path, and one out of the root', async () => {
    expect(await found(join(root, 'reports', 'a'))).toEqual(both.slice(0, 1));
    expect((await findReports(['../*/reports/a/scs-kaas-report.json'], join(root, 'reports'))).paths).toEqual([]);
    expect((await findReports(['../reports/a'], join(root, 'reports'))).paths).toEqual([join(root, both[0]!)]);
  });

  test('a file whose name has the signs of a pattern', async () => {
    await write('odd[1]*.json');
    expect(await found('odd[1]*.json')).toEqual(['odd[1]*.json']);
  });
});

describe('what is not', () => {
  test('an empty folder and a pattern without a match are named', async () => {
    await mkdir(join(root, 'empty'));
    expect(await missed('empty', 'nothing/*.json')).toEqual(['empty', 'nothing/*.json']);
    expect(await found('empty', 'nothing/*.json')).toEqual([]);
  });

  test('a word that may be a secret is not repeated', async () => {
    expect((await missed('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln*')).join()).not.toContain('eyJ');
  });

  test('links in a folder and links that a pattern finds', async () => {
    await write('elsewhere/x.json', 'reports/own.json');
    await symlink(join(root, 'elsewhere', 'x.json'), join(root, 'reports', 'link.json'));
    await symlink(join(root, 'elsewhere'), join(root, 'reports', 'folder'));
    await symlink(join(root, 'reports'), join(root, 'reports', 'circle'));
    for (const word of ['reports', 'reports/*.json', 'reports/**/*.json', 'reports/*/*.json', 'reports/**'])
      expect([word, await found(word)]).toEqual([word, word === 'reports/*/*.json' ? [] : ['reports/own.json']]);
  });

  test('a link that is named itself is the file that it leads to', async () => {
    await write('elsewhere/x.json');
    await symlink(join(root, 'elsewhere', 'x.json'), join(root, 'link.json'));
    await symlink(join(root, 'elsewhere'), join(root, 'folder'));
    expect(await found('link.json')).toEqual(['link.json']);
    expect(await found('folder')).toEqual(['folder/x.json']);
  });

  test('pipes', async () => {
    await write('reports/own.json');
    execFileSync('mkfifo', [join(root, 'reports', 'pipe.json')]);
    expect(await found('reports', 'reports/*.json')).toEqual(['reports/own.json']);
  });

  test('more than can be meant', async () => {
    await mkdir(join(root, 'many'));
    await Promise.all(Array.from({ length: 1_001 }, (_, i) => writeFile(join(root, 'many', `${i}.json`), '')));
    for (const word of ['many', 'many/*.json'])
      await expect(findReports([word], root)).rejects.toThrow(
        `Input "reports-from" holds ${word}, which finds more than 1000 files. Name a folder or pattern with fewer.`,
      );
  });
});

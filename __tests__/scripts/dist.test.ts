import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

/** What is shipped, as it is in the repository; `npm run check-dist` insists that it is what the sources build. */
const root = resolve(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };

/** A bundle that grew by a library is to be noticed: every run of the action loads it. */
test.each([
  ['index.js', 2_500_000],
  ['cli/main.js', 2_400_000],
  ['post/index.js', 1_300_000],
  ['merge/index.js', 1_900_000],
  ['upload/index.js', 1_800_000],
])('%s takes at most %d bytes', (file, most) => {
  expect(statSync(join(dist, file)).size).toBeLessThanOrEqual(most);
});

test('nothing else is there', () => {
  const names = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1));
  const each = ['licenses.txt', 'package.json'];
  const folders = { '.': ['index.js'], cli: ['index.js', 'main.js'], post: ['index.js'], merge: ['index.js'], upload: ['index.js'] };
  expect(names.sort()).toEqual(
    Object.entries(folders)
      .flatMap(([folder, own]) => [...own, ...each].map((name) => join(folder, name)))
      .sort(),
  );
});

interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}
/** Each begins with a name and a version in a line of their own, after a blank line. */
const licencesOf = (folder: string): readonly Licence[] => {
  const lines = readFileSync(join(dist, folder, 'licenses.txt'), 'utf8').split('\n');
  const heads = lines.flatMap((line, i) =>
    (i === 0 || lines[i - 1] === '') && /^(?:@[\w-]+\/)?[\w.-]+ \d+\.\d+\.\d+(?:-\S+)?$/.test(line) ? [i] : [],
  );
  return heads.map((at, i) => {
    const [name = '', version = ''] = (lines[at] ?? '').split(' ');
    return {
      name,
      version,
      licence: lines[at + 1] ?? '',
      text: lines
        .slice(at + 2, heads[i + 1])
        .join('\n')
        .trim(),
    };
  });
};
const folders = ['.', 'cli', 'post', 'merge', 'upload'];

test('every dependency is named with its version and licence', () => {
  const named = new Map(folders.flatMap(licencesOf).map(({ name, version }) => [name, version]));
  expect(Object.entries(dependencies).filter(([name, version]) => named.get(name) !== version)).toEqual([]);
});
test.each(folders)('%s has one undici: pools of two would not be shared', (folder) => {
  expect(licencesOf(folder).filter(({ name }) => name === 'undici')).toHaveLength(1);
});
test.each(folders)('the licences in %s: each is known by name, and has a text', (folder) => {
  const all = licencesOf(folder);
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter(({ licence, text }) => !/^[\w.() -]+$/.test(licence) || text.length < 200)).toEqual([]);
});

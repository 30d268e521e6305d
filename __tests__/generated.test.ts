import { expect, test } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync, readdirSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { generatedFiles } from '../scripts/generate.js';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const files = generatedFiles(read);

test.each(Object.entries(files))('%s is what its sources say: run `npm run generate`', (path, text) => {
  const file = join(root, path);
  if (process.env['UPDATE_GENERATED'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? read(path) : '').toBe(text);
});

test('no page is left of a standard that is gone', () => {
  const pages = readdirSync(join(root, 'docs/standards')).map((f) => `docs/standards/${f}`);
  expect(pages.filter((page) => files[page] === undefined)).toEqual([]);
});

import { expect } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'golden');

/**
 * Compares a text with its golden file byte for byte; `UPDATE_GOLDEN=1 npm test` writes the files anew, for the reviewer of the change.
 * @param name below `__tests__/golden/`
 */
export const expectGolden = (name: string, text: string): void => {
  const path = join(folder, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(path)) throw new Error(`There is no golden file ${name}: run the test with UPDATE_GOLDEN=1 and look at what it wrote.`);
  expect(text).toBe(readFileSync(path, 'utf8'));
};

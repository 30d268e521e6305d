import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

/** The start of the built command line: where it keeps compiled code. */
const entry = resolve(import.meta.dirname, '..', '..', 'dist/cli/index.js');
let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'scs-kaas-start-'));
});
afterEach(() => rmSync(home, { recursive: true }));
const folder = (base = '.cache'): string => join(home, base, 'scs-kaas', 'compiled');
const files = (path: string): number => readdirSync(path, { recursive: true }).length;

/** Starts it, and insists that it works. */
const start = (env: Readonly<Record<string, string>>): void => {
  const { status, stdout } = spawnSync(process.execPath, [entry, '--version'], { env, encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/\d+\.\d+\.\d+/)]);
};

test('in a folder of the user, that nobody else can look into', () => {
  start({ HOME: home });
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
  expect(files(folder())).toBeGreaterThan(0);
  start({ HOME: home });
});
test('XDG_CACHE_HOME names another one; a relative path is none', () => {
  start({ HOME: home, XDG_CACHE_HOME: join(home, 'xdg') });
  expect(files(folder('xdg'))).toBeGreaterThan(0);
  start({ HOME: home, XDG_CACHE_HOME: 'relative' });
  expect(files(folder())).toBeGreaterThan(0);
});
test.each([0o777, 0o770, 0o755])('not in one with the mode %i, whoever made it', (mode) => {
  mkdirSync(folder(), { recursive: true });
  chmodSync(folder(), mode);
  start({ HOME: home });
  expect(files(folder())).toBe(0);
});
test('not in CI', () => {
  start({ HOME: home, CI: 'true' });
  expect(readdirSync(home)).toEqual([]);
});
test('without a home, or where it is a file or missing, the program starts all the same', () => {
  const file = join(home, 'file');
  writeFileSync(file, '');
  const none = join(home, 'none');
  writeFileSync(join(home, '.cache'), '');
  for (const env of [{}, { HOME: '' }, { HOME: 'relative' }, { HOME: file }, { HOME: home }]) start(env);
  expect(readdirSync(home).sort()).toEqual(['.cache', 'file']);
  start({ HOME: none });
  expect(existsSync(join(none, '.cache'))).toBe(true);
});

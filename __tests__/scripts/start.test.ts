import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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
const start = (env: Readonly<Record<string, string>>, words: readonly string[] = ['--version']): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...words], { env, encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, expect.stringMatching(words[0] === 'list' ? /scs-0219-v1/ : /\d+\.\d+\.\d+/), '']);
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
test('the code of earlier runs is used, and added to by the first of them', () => {
  const kept = (): Buffer => readFileSync(join(folder(), readdirSync(folder())[0]!));
  const runs: [number, number][] = [];
  for (let i = 0; i < 6; i++) {
    start({ HOME: home }, i === 1 ? ['list'] : ['--version']);
    runs.push([kept().readUInt32LE(4), kept().length]);
  }
  expect(readdirSync(folder())).toHaveLength(1);
  expect(runs.map(([nth]) => nth)).toEqual([1, 2, 3, 4, 4, 4]);
  const sizes = runs.map(([, size]) => size);
  expect(sizes[1]).toBeGreaterThan(sizes[0]! * 1.1);
  // Some bytes more or less are chance.
  expect(Math.min(...sizes.slice(2))).toBeGreaterThanOrEqual(sizes[1]!);
  expect(Math.max(...sizes.slice(2))).toBeLessThan(sizes[1]! * 1.01);
});
test.each<[title: string, damage: (code: Buffer) => Buffer]>([
  ['empty', () => Buffer.alloc(0)],
  ['cut', (code) => code.subarray(0, code.length / 2)],
  ['of other bytes', (code) => Buffer.from(code.map((byte, i) => (i > 1_000 ? byte ^ 1 : byte)))],
  ['of zeros', (code) => Buffer.alloc(code.length)],
])('code that is damaged (%s) is made anew', (_, damage) => {
  start({ HOME: home });
  const file = join(folder(), readdirSync(folder())[0]!);
  const whole = readFileSync(file);
  writeFileSync(file, damage(whole));
  start({ HOME: home });
  expect(readFileSync(file).readUInt32LE(4)).toBe(1);
  expect(readFileSync(file).length).toBeGreaterThan(whole.length / 2);
});
test('what nobody has used for a month goes', () => {
  start({ HOME: home });
  const [old, young] = ['v1-old', 'v1-young'].map((name) => join(folder(), name));
  for (const file of [old!, young!]) writeFileSync(file, '');
  utimesSync(old!, 0, 0);
  start({ HOME: home });
  expect([existsSync(old!), existsSync(young!)]).toEqual([false, true]);
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

import { beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pure } from '../.dependency-cruiser.mjs';

const root = resolve(import.meta.dirname, '..');

interface Message {
  readonly line: number;
  readonly ruleId: string | null;
}
interface Text {
  readonly file: string;
  readonly text: string;
}

/** Lints all texts in one process: what takes long is to read the types of the project. */
const script = `
import { ESLint } from 'eslint';
const texts = JSON.parse(process.argv[1]);
const eslint = new ESLint({ cwd: process.argv[2] });
const found = [];
for (const { file, text } of texts) found.push((await eslint.lintText(text, { filePath: file }))[0]?.messages ?? []);
process.stdout.write(JSON.stringify(found));
`;

/** What the project's own linter says of texts, as if each stood in a file of src/. */
const lint = (texts: readonly Text[]): readonly (readonly Message[])[] => {
  const args = ['--input-type=module', '--eval', script, JSON.stringify(texts), root];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1_048_576 })) as Message[][];
};

const exponential = [
  '/^(a+)+$/',
  '/^(?:a|aa)+$/',
  '/^(?:a|b|ab)+$/',
  '/^(?:.|a)*b$/',
  '/^(?:\\w|\\d)+$/',
  '/^(?:a?b?)*c$/',
  '/^(?:\\d+\\.?\\d*|\\.\\d+)+$/',
  '/^(\\w+\\s?)*$/',
  "new RegExp('^(a*)*b$')",
  'RegExp(`^(x+x+)+y$`)',
];
const polynomial = ['/^a*a*b/', '/^\\s*,?\\s*x/', '/\\s+$/', '/x+y/', 'new RegExp(`[\\\\w.]+@x`)'];
const dynamic = ['new RegExp(text)', 'RegExp(`^${text}$`)', "new RegExp(['a', text].join('|'))", "new RegExp(text, 'u')"];
const harmless = ['/^[a-z]+$/', '/a{1,3}b/', "new RegExp('^[a-z]+$')", 'new RegExp(`^${constant}:$`)', '/(?<!x)x+y/'];

const all = [...exponential, ...polynomial, ...dynamic, ...harmless];
const lines = (some: readonly string[]): string => some.map((one) => `  ${one},\n`).join('');
const patterns = {
  file: join('src', 'text', 'trim.ts'),
  text: `const constant = 'a{1,3}';\nexport const patterns = (text: string): readonly RegExp[] => [\n${lines(all)}];\n`,
};

const selectors = ["'/api/v1/pods?labelSelector=a'", '`/api/v1/pods?fieldSelector=${a}`', "'/api/v1/pods?dryRun=All'", '`${a}?dryRun=All`'];
const paths = ['facts/nodes', 'text/trim'].map((file) => ({
  file: join('src', `${file}.ts`),
  text: `export const paths = (a: string): readonly string[] => [\n${lines(selectors)}  a,\n];\n`,
}));

const worldly = [
  'Date.now()',
  'new Date()',
  'Math.random()',
  'process.env',
  "fetch('https://a.example')",
  "console.log('a')",
  'setTimeout(() => undefined, 1)',
  'performance.now()',
];
/** A file of each pure room, as the linter knows the types of files that are there. */
const inRooms = {
  model: 'outcome',
  text: 'trim',
  standards: 'select',
  evaluation: 'evaluate',
  fleet: 'notes',
  reporters: 'fit',
  'certificate-scope': 'scope',
} as const;
const impure = Object.entries(inRooms).map(([room, file]) => ({
  file: join('src', room, `${file}.ts`),
  text: `export const world = (): readonly unknown[] => [\n${lines(worldly)}];\n`,
}));

const waits = {
  file: join('src', 'run', 'origin.ts'),
  text: [
    "import { setTimeout as sleep } from 'node:timers/promises';",
    "import { setTimeout as pause } from 'timers/promises';",
    'export const waits = (): readonly unknown[] => [sleep(1), pause(1),',
    '  AbortSignal.timeout(1),',
    '];\n',
  ].join('\n'),
};

/** Where other things may be imported that nobody else may. */
const programs = ['run/origin', 'system/poll', 'github/client', 'compliance-monitor/sign'].map((file) => ({
  file: join('src', `${file}.ts`),
  text: [
    "import { spawn } from 'node:child_process';",
    "import { execFile } from 'child_process';",
    "import { execa } from 'execa';",
    'export const runs = [spawn, execFile, execa];\n',
  ].join('\n'),
}));

describe('the linter', () => {
  let found: readonly (readonly Message[])[];
  beforeAll(() => {
    found = lint([patterns, ...paths, ...impure, ...programs, waits]);
  }, 120_000);
  const linesOf = (messages: readonly Message[] | undefined, rule: RegExp): readonly number[] =>
    [...new Set((messages ?? []).filter(({ ruleId }) => rule.test(ruleId ?? '')).map(({ line }) => line))].sort((a, b) => a - b);

  test('refuses expressions that backtrack without bound, that begin anew everywhere, and that nobody can check', () => {
    const refused = linesOf(found[0], /^(?:regexp|house)\//).map((line) => all[line - 3]);
    expect(refused).toEqual([...exponential, ...polynomial, ...dynamic]);
  });
  test('refuses selectors and dry runs that are written down where nothing compares or proves them', () => {
    for (const i of paths.keys()) expect(linesOf(found[1 + i], /^no-restricted-syntax$/)).toEqual(selectors.map((_, n) => n + 2));
  });
  test('refuses the world in every pure room: clock, randomness, process, network, console, timers', () => {
    expect(Object.keys(inRooms).sort()).toEqual([...pure].sort());
    for (const i of impure.keys())
      expect([impure[i]?.file, linesOf(found[1 + paths.length + i], /^no-(?:restricted|console)/)]).toEqual([
        impure[i]?.file,
        worldly.map((_, n) => n + 2),
      ]);
  });
  test('refuses programs that are started by anything but the one that bounds them', () => {
    const first = 1 + paths.length + impure.length;
    for (const i of programs.keys()) expect(linesOf(found[first + i], /^no-restricted-imports$/)).toEqual([1, 2, 3]);
  });
  test('refuses waits and deadlines that are made by hand', () => {
    expect(linesOf(found.at(-1), /^no-restricted/)).toEqual([1, 2, 4]);
  });
});

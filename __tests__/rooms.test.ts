import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pure, rooms } from '../.dependency-cruiser.mjs';

const root = resolve(import.meta.dirname, '..');
const names = Object.keys(rooms);

test('every folder of src/ is a room, and beside the rooms stand the three entries', () => {
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true });
  expect(
    entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...names].sort());
  expect(
    entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['cli.ts', 'index.ts', 'post.ts']);
});

/** Forms in which a file can depend on another one. */
const forms: Readonly<Record<string, (path: string) => string>> = {
  import: (path) => `import { it } from '${path}';\nexport const mine = it;\n`,
  'import of a type': (path) => `import type { It } from '${path}';\nexport type Mine = It;\n`,
  'type in place': (path) => `export type Mine = import('${path}').It;\n`,
  export: (path) => `export { it } from '${path}';\n`,
  'export of everything': (path) => `export * from '${path}';\n`,
  'import for its effects': (path) => `import '${path}';\n`,
  'dynamic import': (path) => `export const mine = () => import('${path}');\n`,
  'dynamic import with a comment': (path) => `export const mine = () => import(/* webpackMode: "eager" */ '${path}');\n`,
};

interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
}
const target = 'export interface It { readonly a: string }\nexport const it = 1;\n';
const foreign = (room: string): readonly string[] => names.filter((other) => other !== room && !rooms[room]?.includes(other));

/** Each rule with each form, in a file of its own. */
const planted: readonly Planted[] = [
  ...names.flatMap((room) =>
    foreign(room).flatMap((other, i) => {
      const all = Object.entries(forms);
      // Every pair of rooms, and for each room every form.
      const some = i === 0 ? all : [all[i % all.length]!];
      return some.map(([form, write]) => ({
        rule: `room-${room}`,
        file: `src/${room}/planted/${`${other}-${form}`.replaceAll(' ', '-')}.ts`,
        text: write(`../../${other}/target.js`),
      }));
    }),
  ),
  ...pure.flatMap((room) => [
    {
      rule: 'pure',
      file: `src/${room}/planted/fs.ts`,
      text: "import { readFileSync } from 'node:fs';\nexport const mine = readFileSync;\n",
    },
    { rule: 'pure', file: `src/${room}/planted/fs-type.ts`, text: "import type { Stats } from 'fs';\nexport type Mine = Stats;\n" },
    { rule: 'pure', file: `src/${room}/planted/fs-dynamic.ts`, text: "export const mine = () => import('node:fs');\n" },
    {
      rule: 'pure-actions',
      file: `src/${room}/planted/actions.ts`,
      text: "import * as core from '@actions/core';\nexport const mine = core;\n",
    },
  ]),
  { rule: 'entry', file: 'src/post.ts', text: forms['import']!('./facts/target.js') },
  { rule: 'no-other-room', file: 'src/cli/planted/loose.ts', text: forms['import']!('../../loose.js') },
  { rule: 'no-cycle', file: 'src/text/planted/cycle-a.ts', text: forms['import of a type']!('./cycle-b.js').replace('Mine', 'It') },
  ...names
    .filter((room) => !['action', 'cli', 'run'].includes(room))
    .map((room) => ({ rule: 'dynamic', file: `src/${room}/planted/late.ts`, text: forms['dynamic import']!('../target.js') })),
];

describe('a planted violation of each rule is found', () => {
  let at = '';
  let found: ReadonlySet<string>;
  beforeAll(() => {
    at = mkdtempSync(join(tmpdir(), 'scs-kaas-rooms-'));
    for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) cpSync(join(root, file), join(at, file));
    symlinkSync(join(root, 'node_modules'), join(at, 'node_modules'));
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(at, file)), { recursive: true });
      writeFileSync(join(at, file), text);
    };
    for (const room of names) write(`src/${room}/target.ts`, target);
    write('src/loose.ts', target);
    for (const { file, text } of planted) write(file, text);
    // A cycle is told once, by the first of its files.
    write('src/text/planted/cycle-b.ts', forms['import of a type']!('./cycle-a.js').replace('Mine', 'It'));
    const words = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
    let output: string;
    try {
      output = execFileSync(
        process.execPath,
        [join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'), ...words],
        {
          cwd: at,
          encoding: 'utf8',
          maxBuffer: 64 * 1_048_576,
        },
      );
    } catch (error) {
      output = String((error as { stdout: unknown }).stdout);
    }
    const { summary } = JSON.parse(output) as { summary: { violations: readonly { from: string; rule: { name: string } }[] } };
    found = new Set(summary.violations.map(({ from, rule }) => `${rule.name} ${from}`));
  }, 60_000);
  afterAll(() => rmSync(at, { recursive: true, force: true }));

  test.each([...new Set(planted.map(({ rule }) => rule))])('%s', (name) => {
    const expected = planted.filter(({ rule }) => rule === name).map(({ rule, file }) => `${rule} ${file}`);
    expect(expected.filter((one) => !found.has(one))).toEqual([]);
  });
});

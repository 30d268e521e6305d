import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { reporterFile, reporterPath, withReporter } from './helpers/invented-reporter.js';
import { factFiles, standardFiles, withExtract, withInvented } from './helpers/invented-standard.js';

const root = resolve(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const index = 'src/standards/index.ts';
const extract = '__tests__/fixtures/standards.json';
const folders = ['src', 'scripts', 'docs', 'actions', '__tests__'];
const files = [
  'README.md',
  'CONTRIBUTING.md',
  'action.yml',
  'package.json',
  'package-lock.json',
  'jest.config.js',
  'tsconfig.json',
  '.dependency-cruiser.mjs',
];

let copy = '';
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'contributing-'));
  for (const part of [...folders, ...files]) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

const write = (texts: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(copy, path), text);
};

/** Every file of the copy that the repository does not have, or has with another text. */
const changedFiles = (): readonly string[] =>
  [
    ...files,
    ...folders.flatMap((folder) =>
      readdirSync(join(copy, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(copy, join(entry.parentPath, entry.name))),
    ),
  ]
    .filter((path) => {
      const before = join(root, path);
      return statSync(before, { throwIfNoEntry: false }) === undefined || !readFileSync(before).equals(readFileSync(join(copy, path)));
    })
    .sort();

/** Runs a program of `node_modules` in the copy. @returns how it ended, and what it printed */
const run = (
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly text: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, text: stdout + stderr };
};

const jest = (patterns: readonly string[], env: Readonly<Record<string, string>> = {}): void => {
  const { status, text } = run(['--no-warnings', 'node_modules/jest/bin/jest.js', '--runInBand', ...patterns], env);
  expect(status === 0 ? '' : text).toBe('');
};

const written = [...Object.keys(factFiles), ...Object.keys(standardFiles), extract, index].sort();

test('a fact is two files, and a standard that takes it three files and one line; each comes with its test', () => {
  expect(guide).toContain('## A standard in three files and one line');
  expect(guide).toContain('## A fact in two files');
  const [list, fixture] = [readFileSync(join(root, index), 'utf8'), readFileSync(join(root, extract), 'utf8')];
  write({ ...factFiles, ...standardFiles, [extract]: withExtract(fixture), [index]: withInvented(list) });
  expect(changedFiles()).toEqual(written);
  // The line of the list, and the import that it needs.
  expect(withInvented(list).split('\n')).toHaveLength(list.split('\n').length + 2);
  jest(Object.keys({ ...factFiles, ...standardFiles }).filter((path) => path.endsWith('.test.ts')));
});

test('what else changes, `npm run generate` writes', () => {
  jest(['__tests__/generated'], { UPDATE_GENERATED: '1' });
  const others = changedFiles().filter((path) => !written.includes(path));
  expect(others).toEqual(['README.md', 'docs/rbac/read.yaml', 'docs/standards/scs-0299-v1.md']);
  const places = [
    ['README.md', 'docs/standards/scs-0299-v1.md'],
    ['docs/rbac/read.yaml', 'priorityclasses'],
  ] as const;
  for (const [path, word] of places) expect(readFileSync(join(copy, path), 'utf8')).toContain(word);
});

test('no test of other standards and no golden file has to change', () => {
  jest(['__tests__/standards/parity', '__tests__/standards/permissions', '__tests__/reporters/golden', '__tests__/reporters/catalogue']);
});

const reporterIndex = 'src/reporters/index.ts';
const golden = (file: string): boolean => /^__tests__\/golden\/reporters\/[a-z]+\/scs-kaas-requirements\.csv$/.test(file);

test('a reporter is one file, its golden files and one line', () => {
  expect(guide).toContain('## A reporter in one file, one golden file and one line');
  const before = changedFiles();
  const list = readFileSync(join(root, reporterIndex), 'utf8');
  write({ [reporterPath]: reporterFile, [reporterIndex]: withReporter(list) });
  // The name in the list, and the import that it needs.
  const changed = withReporter(list)
    .split('\n')
    .filter((line) => !list.split('\n').includes(line));
  expect(changed).toHaveLength(2);
  jest(['__tests__/reporters/golden'], { UPDATE_GOLDEN: '1' });
  const added = changedFiles().filter((path) => !before.includes(path));
  expect(added.filter((path) => !golden(path))).toEqual([reporterPath, reporterIndex].sort());
  expect(added.filter(golden)).toHaveLength(7);
  const rows = readFileSync(join(copy, '__tests__/golden/reporters/realistic/scs-kaas-requirements.csv'), 'utf8');
  expect(rows).toContain('demo-0214-v2/zone-label,MUST,fail\n');
});

test('its row in the README follows, and no test of other reporters has to change', () => {
  const before = readFileSync(join(copy, 'README.md'), 'utf8');
  jest(['__tests__/generated'], { UPDATE_GENERATED: '1' });
  const row = readFileSync(join(copy, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => !before.split('\n').includes(line));
  expect(row).toEqual(['| `csv` | One row for each requirement, as comma-separated values | `check` | `scs-kaas-requirements.csv` |  |']);
  jest(['__tests__/reporters/golden', '__tests__/reporters/index', '__tests__/reporters/select', '__tests__/reporters/deliveries']);
});

const inputList = 'src/inputs/list.ts';
const inventedInput = "  setting('Other', 'invented-input', 'yes', 'Invented setting: `yes` or `no`.', { values: ['yes', 'no'] }),";

test('an input is one line; action.yml, documents, schema and command line follow', () => {
  expect(guide).toContain('## An input in one line');
  const before = changedFiles();
  const list = readFileSync(join(root, inputList), 'utf8');
  const changed = list.replace('\n] as const;', `\n${inventedInput}\n] as const;`);
  expect(changed.split('\n')).toHaveLength(list.split('\n').length + 1);
  write({ [inputList]: changed });
  jest(['__tests__/generated'], { UPDATE_GENERATED: '1' });
  expect(changedFiles().filter((path) => !before.includes(path))).toEqual(['action.yml', 'docs/schemas/config-1.json', inputList]);
  const line = 'Invented setting: `yes` or `no`. Default: `yes`.';
  for (const path of ['action.yml', 'README.md', 'docs/schemas/config-1.json'])
    expect(readFileSync(join(copy, path), 'utf8')).toContain(line);
  jest(['__tests__/inputs', '__tests__/cli/commands', '__tests__/cli/completion']);
});

test('types and imports are in order', () => {
  const base = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as object;
  write({
    'tsconfig.invented.json': JSON.stringify({
      ...base,
      include: undefined,
      files: [...written, reporterPath, reporterIndex, inputList].filter((path) => path.endsWith('.ts')),
    }),
  });
  expect(run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.invented.json'])).toEqual({ status: 0, text: '' });
  const { status, text } = run(['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', 'src']);
  expect(status === 0 ? '' : text).toBe('');
});

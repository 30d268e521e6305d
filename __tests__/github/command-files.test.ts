import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { commandFiles } from '../../src/github/command-files.js';
import { unusable } from '../helpers/unusable-files.js';

let directory = '';
let file = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'command-files-'));
  file = join(directory, 'output');
  writeFileSync(file, '');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** As the runner reads the file: `name<<delimiter`, lines, delimiter (actions/runner, `FileCommandManager`). */
const readByRunner = (text: string): readonly (readonly [string, string])[] => {
  const lines = text.split('\n');
  const found: [string, string][] = [];
  for (let at = 0; at < lines.length - 1;) {
    const [name = '', delimiter = ''] = (lines[at] ?? '').split(/<<(.*)/s);
    const end = lines.indexOf(delimiter, at + 1);
    if (delimiter === '' || end < 0) throw new Error(`the runner fails the step: no delimiter at line ${at + 1}`);
    found.push([name, lines.slice(at + 1, end).join('\n')]);
    at = end + 1;
  }
  return found;
};

test('every value reaches the runner as it is, after what is there', () => {
  const values = fc.array(
    fc.string({ unit: 'grapheme' }).map((v) => v.replaceAll('\r', '')),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(values, (given) => {
      writeFileSync(file, '');
      const { setOutput } = commandFiles({ GITHUB_OUTPUT: file }, () => undefined);
      expect(given.map((value, i) => setOutput(`name-${i}`, value))).toEqual(given.map(() => true));
      expect(readByRunner(readFileSync(file, 'utf8'))).toEqual(given.map((value, i) => [`name-${i}`, value]));
    }),
  );
  const hostile = 'x\nghadelimiter_1\nname<<EOF\nEOF\n::set-output name=a::b';
  commandFiles({ GITHUB_STATE: file }, () => undefined).saveState('run', hostile);
  expect(readByRunner(readFileSync(file, 'utf8')).at(-1)).toEqual(['run', hostile]);
});

describe.each(unusable)('$name', ({ make, why }) => {
  test.each([
    ['GITHUB_OUTPUT', 'setOutput', /^The outputs of this step cannot be written, so later steps do not see them: GITHUB_OUTPUT is /],
    ['GITHUB_STATE', 'saveState', /^The state of this step cannot be saved, so the post step removes nothing/],
  ] as const)('%s: one warning for all values, and no error', (variable, write, begins) => {
    const warnings: string[] = [];
    const { path, release } = make(directory);
    try {
      const files = commandFiles(path === undefined ? {} : { [variable]: path }, (message) => warnings.push(message));
      expect([files[write]('a', 'secret-value'), files[write]('b', 'c')]).toEqual([false, false]);
    } finally {
      release();
    }
    expect(warnings).toEqual([expect.stringMatching(begins)]);
    expect(warnings[0]).toMatch(why);
    expect(warnings[0]).toMatch(/\. (?:Let the user of this step write that file|Free some space there|Use a runner that sets it)/);
    expect(warnings[0]).not.toContain('secret-value');
  });
});

test('a disk that is full in the middle of an entry: no half entry is left, at which the runner would fail the step', () => {
  const before = 'verdict<<x\ncompliant\nx\n';
  writeFileSync(file, before);
  const root = join(import.meta.dirname, '..', '..');
  const script = `import { commandFiles } from ${JSON.stringify(join(root, '.cache/program/src/github/command-files.js'))};
    const files = commandFiles(process.env, (message) => console.log(message));
    console.log(files.setOutput('big', 'x'.repeat(3000)), files.setOutput('small', 'y'));`;
  // A limit of 1,024 bytes for files of this process does to them what a full disk does.
  const ended = spawnSync('bash', ['-c', 'ulimit -f 1; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], GITHUB_OUTPUT: file },
  });
  expect(ended.stdout).toMatch(/GITHUB_OUTPUT is .*EFBIG.*Free some space there\.\nfalse true\n$/);
  expect(readByRunner(readFileSync(file, 'utf8'))).toEqual([
    ['verdict', 'compliant'],
    ['small', 'y'],
  ]);
  expect(statSync(file).size).toBeLessThan(1_024);
});

import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

interface Message {
  readonly line: number;
  readonly ruleId: string | null;
}
/** What the project's own linter says of a text, as if it stood in a file of src/. */
const lint = (text: string): readonly Message[] => {
  const args = ['--stdin', '--stdin-filename', join('src', 'model', 'trim.ts'), '--format', 'json'];
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', 'eslint', 'bin', 'eslint.js'), ...args], {
      cwd: root,
      input: text,
      stdio: 'pipe',
    });
    return [];
  } catch (error) {
    const [result] = JSON.parse(String((error as { stdout: unknown }).stdout)) as readonly { readonly messages: readonly Message[] }[];
    return result?.messages ?? [];
  }
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

test('the linter refuses expressions that backtrack without bound, that begin anew everywhere, and that nobody can check', () => {
  const all = [...exponential, ...polynomial, ...dynamic, ...harmless];
  const text = `const constant = 'a{1,3}';\nexport const patterns = (text: string): readonly RegExp[] => [\n${all.map((e) => `  ${e},\n`).join('')}];\n`;
  const found = lint(text).filter(({ ruleId }) => /^(?:regexp|house)\//.test(ruleId ?? ''));
  const refused = all.filter((_, i) => found.some(({ line }) => line === i + 3));
  expect(refused).toEqual([...exponential, ...polynomial, ...dynamic]);
}, 120_000);

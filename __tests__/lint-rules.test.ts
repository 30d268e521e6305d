import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

interface Message {
  readonly line: number;
  readonly ruleId: string | null;
}
/** What the project's own linter says of a text, as if it stood in a file of src/. */
const lint = (text: string, file = join('src', 'model', 'trim.ts')): readonly Message[] => {
  const args = ['--stdin', '--stdin-filename', file, '--format', 'json'];
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

test('the linter refuses selectors and dry runs that are written down where nothing compares or proves them', () => {
  const forms = ["'/api/v1/pods?labelSelector=a'", '`/api/v1/pods?fieldSelector=${a}`', "'/api/v1/pods?dryRun=All'", '`${a}?dryRun=All`'];
  const text = `export const paths = (a: string): readonly string[] => [\n${forms.map((form) => `  ${form},\n`).join('')}  a,\n];\n`;
  for (const room of ['facts', 'model']) {
    const file = room === 'facts' ? 'nodes.ts' : 'trim.ts';
    const found = lint(text, join('src', room, file)).filter(({ ruleId }) => ruleId === 'no-restricted-syntax');
    expect([room, found.map(({ line }) => line)]).toEqual([room, forms.map((_, i) => i + 2)]);
  }
}, 120_000);

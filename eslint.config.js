import js from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import { pure } from './.dependency-cruiser.mjs';
import { constantRegExp, noExponentialRegExp } from './eslint-regexps.js';

const namedExports = { selector: 'ExportDefaultDeclaration', message: 'named exports' };
const ownSelectors = 'lists are selected by selector.ts, which compares what comes back';
const waiting = ['', 'node:'].map((scheme) => ({ name: `${scheme}timers/promises`, message: 'system/poll.ts waits' }));
const running = ['child_process', 'node:child_process', 'execa'].map((name) => ({ name, message: 'system/run-program.ts runs programs' }));
const deadlines = { object: 'AbortSignal', property: 'timeout', message: 'system/deadline.ts makes deadlines' };
/** Forms that are refused in every file. */
const everywhere = [
  namedExports,
  { selector: 'Literal[value=/(label|field)Selector/]', message: ownSelectors },
  { selector: 'TemplateElement[value.raw=/(label|field)Selector/]', message: ownSelectors },
  {
    selector: 'TemplateElement[value.raw=/dryRun=/]',
    message: 'dry runs are sent by dry-runs.ts, which proves first that they are honoured',
  },
  { selector: 'Literal[value=/dryRun=/]', message: 'dry runs are sent by dry-runs.ts, which proves first that they are honoured' },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.cache/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', 50],
      'no-console': 'error',
      'no-restricted-imports': ['error', ...waiting, ...running],
      'no-restricted-properties': ['error', deadlines],
    },
  },
  { files: ['src/system/poll.ts'], rules: { 'no-restricted-imports': ['error', ...running] } },
  { files: ['src/system/run-program.ts'], rules: { 'no-restricted-imports': ['error', ...waiting] } },
  // Its room knows no other one but the words.
  { files: ['src/github/client.ts'], rules: { 'no-restricted-imports': ['error', ...running], 'no-restricted-properties': 'off' } },
  {
    files: pure.map((room) => `src/${room}/**`),
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'console', 'setTimeout', 'setInterval', 'performance', 'Buffer'],
      'no-restricted-properties': [
        'error',
        deadlines,
        { object: 'Date', property: 'now', message: 'the moment is an argument' },
        { object: 'Math', property: 'random', message: 'pure' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'the moment is an argument' },
        ...everywhere,
      ],
    },
  },
  { files: ['src/kubernetes/selector.ts', 'src/kubernetes/dry-runs.ts'], rules: { 'no-restricted-syntax': ['error', namedExports] } },
  // No expression takes ages on some text: neither by backtracking, nor by beginning anew at every character.
  {
    files: ['src/**', 'scripts/**', 'bench/**', '__tests__/**'],
    plugins: { regexp, house: { rules: { 'constant-regexp': constantRegExp, 'no-exponential-regexp': noExponentialRegExp } } },
    rules: { 'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }] },
  },
  {
    files: ['src/**', 'scripts/**'],
    rules: {
      'regexp/no-super-linear-move': ['error', { ignorePartial: false, ignoreSticky: true }],
      'house/constant-regexp': 'error',
      'house/no-exponential-regexp': 'error',
    },
  },
  {
    files: ['__tests__/**', 'bench/**', 'scripts/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off', 'no-restricted-syntax': ['error', namedExports] },
  },
  {
    files: ['*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { process: 'readonly', require: 'readonly', __dirname: 'readonly', Buffer: 'readonly' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);

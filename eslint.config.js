import js from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import { constantRegExp, noExponentialRegExp } from './eslint-regexps.js';

/** The rooms of src/ and what each may import of the others: docs/architecture.md. */
const rooms = ['facts', 'standards', 'programs', 'sources', 'probes', 'conformance', 'scope', 'reporters', 'github', 'monitor'];
const mayImport = {
  model: [],
  facts: ['facts'],
  standards: ['standards', 'facts'],
  programs: ['programs'],
  sources: ['sources', 'facts', 'programs'],
  probes: ['probes', 'facts'],
  conformance: ['conformance', 'facts', 'probes', 'programs'],
  scope: ['scope'],
  reporters: ['reporters'],
  github: ['github'],
  monitor: ['monitor', 'programs'],
};
const entries = ['index', 'post', 'cli'];
const tops = [
  'main',
  'action',
  'action-hand-in',
  'judge',
  'open',
  'world',
  'tool',
  'output-specs',
  'post-state',
  'inputs',
  'input-specs',
  'input-specs-testing',
  'evaluate',
  'settle',
  'collect',
  'clean-up-runs',
  'interrupt',
  'post-acting',
  'raw-inputs',
  'describe',
  'rbac',
  'exit',
  'select',
  'look',
  'e2e',
  'e2e-inputs',
  'post-e2e',
  'locate',
  'statements',
  'input-files',
  'input-reader',
  'merge',
  'read-report',
  'fleet',
  'fleet-notes',
  'fleet-together',
  'input-spec',
  'input-specs-monitor',
  'inputs-monitor',
  'upload',
  'cli-check',
  ...entries,
];

/** Pure rooms: a function of its arguments, so that the same snapshot at the same moment gives the same bytes. */
const pure = [
  'src/model/**',
  'src/standards/**',
  'src/reporters/**',
  'src/scope/**',
  'src/evaluate.ts',
  'src/settle.ts',
  'src/exit.ts',
  'src/rbac.ts',
  'src/describe.ts',
  'src/statements.ts',
  'src/fleet.ts',
  'src/fleet-notes.ts',
  'src/fleet-together.ts',
  'src/read-report.ts',
];

const noImport = (regex, message) => ({ regex, message });
const worldly = [noImport('^node:', 'pure rooms do not touch the world'), noImport('^@actions/', 'pure rooms do not touch the world')];
const roomRule = (room, isPure) => {
  const closed = rooms.filter((other) => !mayImport[room].includes(other));
  return [
    'error',
    {
      patterns: [
        noImport(`^(\\.\\./)+(${closed.join('|')})/`, `${room}/ may import ${['model', ...mayImport[room]].join(', ')} alone`),
        noImport(`^(\\.\\./)+(${tops.join('|')})\\.js$`, `${room}/ sees nothing of the top`),
        ...(isPure ? worldly : []),
      ],
    },
  ];
};

const namedExports = { selector: 'ExportDefaultDeclaration', message: 'named exports' };
const ownSelectors = 'lists are selected by selector.ts, which compares what comes back';
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
  { files: ['src/**'], rules: { 'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }], 'no-console': 'error' } },
  {
    files: pure,
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'console', 'setTimeout', 'setInterval', 'performance', 'Buffer'],
      'no-restricted-properties': [
        'error',
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
  { files: ['src/facts/support/selector.ts', 'src/facts/support/dry-runs.ts'], rules: { 'no-restricted-syntax': ['error', namedExports] } },
  ...Object.keys(mayImport).map((room) => ({
    files: [`src/${room}/**`],
    rules: { 'no-restricted-imports': roomRule(room, ['model', 'standards', 'reporters', 'scope'].includes(room)) },
  })),
  {
    files: ['src/evaluate.ts', 'src/settle.ts', 'src/exit.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [noImport(`^\\./(?!model/|settle)`, 'evaluate sees the model alone'), ...worldly] }],
    },
  },
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
    files: ['src/**'],
    ignores: [...entries, 'action', 'cli-check'].map((e) => `src/${e}.ts`),
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [noImport('^(\\./|(\\.\\./)+)main\\.js$', 'only the entries import main')] },
      ],
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
);

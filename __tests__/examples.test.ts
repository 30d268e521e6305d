import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '../src/inputs/config.js';
import { parseInputs } from '../src/inputs/parse.js';
import { UserError } from '../src/model/errors.js';
import { known } from './helpers/settings.js';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`)].filter(
  (file) => file.endsWith('.md'),
);

/** Examples in YAML by their document and line. */
const examples = documents.flatMap((file) => {
  const text = read(file);
  return [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((match) => ({
    at: `${file}:${text.slice(0, match.index).split('\n').length + 1}`,
    text: match[1] ?? '',
  }));
});
const workflows = readdirSync(join(root, '.github', 'workflows')).map((file) => ({
  at: file,
  text: read(join('.github', 'workflows', file)),
}));

test.each(examples)('$at is YAML', ({ text }) => {
  expect(parseAllDocuments(text).flatMap((document) => ('errors' in document ? document.errors : []))).toEqual([]);
});

interface Step {
  readonly id?: string;
  readonly uses: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Every step that uses an action, wherever it is in an example. */
const stepsIn = (value: unknown): readonly Step[] => {
  if (Array.isArray(value)) return value.flatMap(stepsIn);
  if (!isObject(value)) return [];
  return typeof value['uses'] === 'string' ? [value as unknown as Step] : Object.values(value).flatMap(stepsIn);
};

/** Where an action of this repository is defined, by what follows `uses:`; undefined for all others. */
const definitionOf = (uses: string): string | undefined => {
  const [, folder = ''] = /^(?:\.\/?|scs-kaas\/scs-kaas\/?)([\w/]*)(?:@v[\d.]+)?$/.exec(uses) ?? [undefined, undefined];
  return /^(?:\.\/|scs-kaas\/scs-kaas[/@])/.test(uses) ? join(folder, 'action.yml') : undefined;
};

const actionAt = (path: string): Action => parse(read(path)) as Action;
const keysOf = (value: unknown): readonly string[] => (isObject(value) ? Object.keys(value) : []);

/** Inputs and outputs of ours that an example or a workflow names and that do not exist. */
const unknownNames = (text: string): readonly string[] => {
  const steps = stepsIn(parse(text)).flatMap((step) => {
    const path = definitionOf(step.uses);
    return path === undefined ? [] : [{ step, path }];
  });
  const inputs = steps.flatMap(({ step, path }) => {
    const known = keysOf(actionAt(path).inputs);
    return keysOf(step.with).flatMap((name) => (known.includes(name) ? [] : [`${path}: input ${name}`]));
  });
  const outputs = [...text.matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)].flatMap(([, id, name = '']) => {
    const used = steps.find(({ step }) => step.id === id);
    if (used === undefined) return [];
    return keysOf(actionAt(used.path).outputs).includes(name) ? [] : [`${used.path}: output ${name}`];
  });
  return [...inputs, ...outputs];
};

describe('examples and workflows name what exists', () => {
  test.each([...examples, ...workflows].filter(({ text }) => /uses: (?:scs-kaas\/|\.\/)/.test(text)))('$at', ({ text }) => {
    expect(unknownNames(text)).toEqual([]);
  });
  test.each([
    ['scs-kaas/scs-kaas@v0.1.0', 'action.yml'],
    ['scs-kaas/scs-kaas/actions/merge@v0.1.0', 'actions/merge/action.yml'],
    ['./', 'action.yml'],
    ['./actions/upload', 'actions/upload/action.yml'],
    ['actions/checkout@v7', undefined],
  ])('%s is defined in %s', (uses, path) => {
    expect(definitionOf(uses)).toBe(path);
  });
  test('a planted name is found', () => {
    const text =
      '- { id: a, uses: scs-kaas/scs-kaas@v0.1.0, with: { cluster: kind, clutser: kind } }\n- run: ${{ steps.a.outputs.verdict }} ${{ steps.a.outputs.verdcit }}';
    expect(unknownNames(text)).toEqual(['action.yml: input clutser', 'action.yml: output verdcit']);
  });
});

/** What is wrong with the values of a config file. */
const problemsOf = (config: ReturnType<typeof parseConfig>): readonly string[] => {
  if ('problems' in config) return config.problems;
  try {
    parseInputs({}, known, 'action', { config: { values: config.values, name: 'the example' } });
    return [];
  } catch (error) {
    return error instanceof UserError ? error.problems : [String(error)];
  }
};

describe('examples of the config file follow its schema, and the parser takes them', () => {
  const schema = join('docs', 'schemas', 'config-1.json');
  const configs = [
    ...examples.filter(({ text }) => /^(?:probe|kind|e2e|data):$/m.test(text)),
    ...examples.flatMap(({ at, text }) =>
      stepsIn(parseAllDocuments(text).map((document) => ('toJS' in document ? (document.toJS() as unknown) : null))).flatMap(
        ({ with: inputs }) => (typeof inputs?.['config'] === 'string' ? [{ at, text: inputs['config'] }] : []),
      ),
    ),
  ];
  test('there are some', () => {
    expect(configs.length).toBeGreaterThanOrEqual(7);
  });
  test.each(configs)('$at', ({ text }) => {
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read(schema)) as AnySchema);
    expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
    expect(problemsOf(parseConfig(text))).toEqual([]);
  });
});

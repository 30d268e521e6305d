import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { commandOptions } from '../../src/cli/command-options.js';
import { commands } from '../../src/cli/commands.js';
import { commandHelp } from '../../src/cli/help.js';
import { configSettings } from '../../src/inputs/config.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { mergeSpecs, uploadSpecs } from '../../src/inputs/list-actions.js';
import { configSpecs } from '../../src/inputs/list-config.js';
import { mergeOutputSpecs, outputSpecs, uploadOutputSpecs, type OutputSpec } from '../../src/inputs/outputs.js';
import { describe as described, groups, type Setting } from '../../src/inputs/spec.js';
import { outputFormats } from '../../src/reporters/index.js';

const root = resolve(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly required: boolean; readonly default?: unknown }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

interface Surface {
  readonly file: string;
  readonly inputs: readonly Setting[];
  readonly outputs: readonly OutputSpec[];
  /** The document with its tables. */
  readonly document: string;
  readonly list: string;
}

const surfaces: readonly Surface[] = [
  { file: 'action.yml', inputs: inputSpecs, outputs: outputSpecs, document: 'README.md', list: 'src/inputs/list.ts' },
  {
    file: 'actions/merge/action.yml',
    inputs: mergeSpecs,
    outputs: mergeOutputSpecs,
    document: 'docs/several-clusters.md',
    list: 'src/inputs/list-actions.ts',
  },
  {
    file: 'actions/upload/action.yml',
    inputs: uploadSpecs,
    outputs: uploadOutputSpecs,
    document: 'docs/upload.md',
    list: 'src/inputs/list-actions.ts',
  },
];

/** What is in one place and not in the other, each with the line to add. */
const missing = (wanted: readonly string[], there: readonly string[], line: (name: string) => string): readonly string[] =>
  wanted.filter((name) => !there.includes(name)).map(line);

describe.each(surfaces)('$file', ({ file, inputs, outputs, document, list }) => {
  const action = parse(read(file)) as Action;
  const names = inputs.map(({ name }) => name);
  const ofOutputs = outputs.map(({ name }) => name);

  test('holds every input and output of its list, and no other', () => {
    const add = (what: string, where: string) => (name: string) => `add ${what} "${name}" to ${where}`;
    const generate = `${file}: run \`npm run generate\``;
    expect([
      ...missing(names, Object.keys(action.inputs), add('the input', generate)),
      ...missing(Object.keys(action.inputs), names, add('setting(…) for the input', list)),
      ...missing(ofOutputs, Object.keys(action.outputs), add('the output', generate)),
      ...missing(Object.keys(action.outputs), ofOutputs, add('{ name, description } for the output', 'src/inputs/outputs.ts')),
    ]).toEqual([]);
  });

  test('says what the list says', () => {
    for (const spec of inputs)
      expect(action.inputs[spec.name]).toEqual({
        description: described(spec),
        required: spec.required === true,
        ...(spec.default.startsWith('${{') ? { default: spec.default } : {}),
      });
    for (const { name, description } of outputs) expect(action.outputs[name]).toEqual({ description });
  });

  test('no default but that of the token: the runner would put it before what the config file says', () => {
    const withDefault = Object.entries(action.inputs).filter(([, input]) => 'default' in input);
    expect(withDefault.map(([name]) => name)).toEqual(names.includes('github-token') ? ['github-token'] : []);
  });

  test('is within the limits of the Marketplace and of the interface', () => {
    const texts = [action, ...Object.values(action.inputs), ...Object.values(action.outputs)].map(({ description }) => description);
    expect(texts.filter((text) => text.length > 125)).toEqual([]);
    expect(texts.filter((text) => !/^[A-Z`].*\.$/s.test(text))).toEqual([]);
    expect(names.length).toBeLessThanOrEqual(24);
    expect(ofOutputs.length).toBeLessThanOrEqual(16);
    expect(new Set(names).size).toBe(names.length);
  });

  test('its groups are comments, in their order', () => {
    const inFile = [...read(file).matchAll(/^ {2}# (.+)$/gm)].map(([, group]) => group);
    expect(inFile).toEqual(groups.filter((group) => inputs.some((spec) => spec.group === group)));
  });

  test(`${document} has a row for each`, () => {
    const rows = read(document).split('\n');
    const row = (name: string, description: string): string => `| \`${name}\` | ${description.replaceAll('|', '\\|')} |`;
    const wanted = [
      ...inputs.map((spec) => row(spec.name, described(spec))),
      ...outputs.map(({ name, description }) => row(name, description)),
    ];
    expect(missing(wanted, rows, (line) => `${document}: run \`npm run generate\`, which adds: ${line}`)).toEqual([]);
  });

  test('its entry is one of the sources', () => {
    const target = join(file, '..', action.runs.main);
    const name = /^dist\/(?:(\w+)\/)?index\.js$/.exec(target)?.[1] ?? '';
    const entries: Readonly<Record<string, string>> = {
      '': 'src/index.ts',
      merge: 'src/action/merge-entry.ts',
      upload: 'src/action/upload-entry.ts',
    };
    expect(existsSync(join(root, entries[name] ?? 'nowhere'))).toBe(true);
    expect(action.runs.using).toBe('node24');
  });
});

describe('the config file', () => {
  const schema = JSON.parse(read('docs/schemas/config-1.json')) as unknown;
  const property = (path: string): unknown =>
    path.split('.').reduce<unknown>((at, part) => (at as { properties?: Record<string, unknown> } | undefined)?.properties?.[part], schema);
  test.each(configSettings.map((spec) => [spec.name, spec] as const))('%s is in the schema, with its description', (name, spec) => {
    expect(property(name)).toMatchObject({ description: described(spec) });
  });
  test('docs/configuration.md has a row for each key', () => {
    const text = read('docs/configuration.md');
    expect(
      missing(
        configSpecs.map((spec) => `| \`${spec.name}\` | ${described(spec)} |`),
        text.split('\n'),
        (line) => `docs/configuration.md: run \`npm run generate\`, which adds: ${line}`,
      ),
    ).toEqual([]);
  });
  test('descriptions are as short as those of inputs', () => {
    expect(configSpecs.map((spec) => described(spec)).filter((text) => text.length > 125)).toEqual([]);
  });
});

describe('the command line', () => {
  const options = commandOptions(outputFormats);
  const names = (command: keyof typeof options): readonly string[] => options[command].map(({ name }) => name);
  test('check has every input that a terminal has, merge and upload too', () => {
    const wanted = (specs: readonly Setting[]): readonly string[] => specs.filter(({ only }) => only === undefined).map(({ name }) => name);
    const line = (command: string) => (name: string) =>
      `add "${name}" to the options of ${command} in src/cli/command-options.ts, or only: 'action' to its setting`;
    expect([
      ...missing(wanted(inputSpecs), names('check'), line('check')),
      ...missing(
        wanted(mergeSpecs).filter((name) => name !== 'github-token'),
        names('merge'),
        line('merge'),
      ),
      ...missing(wanted(uploadSpecs), names('upload'), line('upload')),
    ]).toEqual([]);
  });
  test('every option stands in the help of its command', () => {
    for (const command of commands) {
      const help = commandHelp('scs-kaas', command, 80, (name) => name);
      expect(
        missing(
          command.options.map(({ name }) => `--${name}`),
          help.match(/--[\w-]+/g) ?? [],
          (name) => `${command.name}: ${name} is not in its help`,
        ),
      ).toEqual([]);
    }
  });
});

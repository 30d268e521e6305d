import { describe, expect, test } from '@jest/globals';
import { parseWords } from '../../src/cli/arguments.js';
import type { CommandSpec, OptionSpec } from '../../src/cli/command-spec.js';
import { commands } from '../../src/cli/commands.js';
import { helpOf, runCommand } from '../../src/cli/dispatch.js';
import { inputsOf } from '../../src/cli/inputs.js';
import { configSettings } from '../../src/inputs/config.js';
import { outputFormats } from '../../src/reporters/index.js';
import { parsed, problemsOf } from '../helpers/command-line.js';

const names = commands.map(({ name }) => name);
const anOption = new Map(commands.flatMap(({ options }) => options.map((one): [string, OptionSpec] => [one.name, one])));
/** A value that an option takes, whatever it means. */
const valueOf = ({ values }: OptionSpec): string => (values?.[0] ?? 'x').replace(/[:=]$/, (mark) => `${mark}x`);
/** A command with all arguments that it needs. */
const start = ({ name, arguments: wanted }: CommandSpec): readonly string[] => [
  name,
  ...wanted.filter(({ required }) => required).map(() => 'x'),
];
const each = test.each(commands.map((command) => [command.name, command] as const));

/** A word with two letters in the wrong order. */
const mistyped = (word: string): string => word.replace(/^(-*..)(.)(.)/, '$1$3$2');

describe('the table', () => {
  test('names are words, each once', () => {
    expect(new Set([...names, 'help', 'version']).size).toBe(names.length + 2);
    for (const { name, options } of commands) {
      expect(name).toMatch(/^[a-z]+$/);
      expect(new Set(options.map((one) => one.name)).size).toBe(options.length);
      for (const option of options) expect(option.name).toMatch(/^[a-z][a-z0-9]*(-[a-z]+)*$/);
    }
  });

  test('an option means the same wherever it is', () => {
    for (const { options } of commands)
      for (const { name, takes, short, secret } of options)
        expect([name, takes, short, secret]).toEqual([
          name,
          anOption.get(name)?.takes,
          anOption.get(name)?.short,
          anOption.get(name)?.secret,
        ]);
  });

  test('descriptions are short, and in words of a terminal', () => {
    for (const { options, summary, examples } of commands) {
      expect(summary).toMatch(/^[A-Z].{1,70}[^.]$/);
      for (const { description } of options) {
        expect(description.length).toBeLessThanOrEqual(140);
        expect(description).toMatch(/^[^`]+\.$/);
        expect(description).not.toMatch(/\binputs?\b|\bthe text \(a secret\)|\bits text\b/);
      }
      for (const { what } of examples) expect(what).toMatch(/^.{1,60}[^.]$/);
    }
  });

  each('%s: loads what runs it', async (_, { load }) => {
    expect(typeof (await load())).toBe('function');
  });
});

describe('options', () => {
  each('%s: each of its own is taken, in each form', (_, command) => {
    for (const option of command.options) {
      const value = valueOf(option);
      const forms =
        option.takes === 'flag'
          ? [[`--${option.name}`], [`--no-${option.name}`], [`--${option.name}=false`]]
          : [[`--${option.name}`, value], [`--${option.name}=${value}`]];
      for (const form of forms) expect([form, parsed([...start(command), ...form]).problems]).toEqual([form, []]);
    }
  });

  each('%s: each of the others is an error, which names the commands that have it', (name, command) => {
    for (const option of anOption.values()) {
      if (command.options.some((one) => one.name === option.name)) continue;
      const { problems } = parsed([...start(command), `--${option.name}`, ...(option.takes === 'flag' ? [] : [valueOf(option)])]);
      const others = commands.filter(({ options }) => options.some((one) => one.name === option.name)).map((one) => one.name);
      expect(problems).toEqual([
        `The command "${name}" has no option "--${option.name}"; ${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} it.`,
      ]);
    }
  });

  each('%s: a typo leads to the option', (_, command) => {
    for (const { name } of command.options) {
      const typo = mistyped(name);
      // Some words have the same letter twice.
      if (typo === name) continue;
      expect(parsed([...start(command), `--${typo}`]).problems.join()).toContain(`Did you mean "--${name}"?`);
    }
  });

  each('%s: each that takes a value needs one', (_, command) => {
    for (const { name, takes } of command.options) {
      if (takes === 'flag') continue;
      const wanted = [`Option "--${name}" needs a value.`];
      expect(parsed([...start(command), `--${name}`]).problems).toEqual(wanted);
      for (const other of command.options) expect(parsed([...start(command), `--${name}`, `--${other.name}`]).problems).toEqual(wanted);
    }
  });
});

describe('arguments', () => {
  each('%s: one less than it needs, and one more than it takes', (name, command) => {
    const { arguments: wanted } = command;
    const variadic = wanted.at(-1)?.variadic === true;
    const all = wanted.map(() => 'x');
    expect(parsed([name, ...all]).problems).toEqual([]);
    expect(parsed([name, '--', ...all]).problems).toEqual([]);
    expect(parsed([name, ...all, 'more']).problems).toEqual(variadic ? [] : [`The command "${name}" does not take "more".`]);
    const needed = wanted.filter(({ required }) => required).map((one) => one.name);
    expect(parsed([name]).problems).toEqual(needed.length === 0 ? [] : [`The command "${name}" needs ${needed.join(' ')}.`]);
  });
});

describe('help', () => {
  const widths = [80, 60, 110, 1, 10_000];

  each('%s: names each option, fits the terminal, and has examples', (name, command) => {
    for (const width of widths) {
      const text = helpOf(name, width);
      const columns = Math.min(Math.max(width, 60), 110);
      // A command that is to be copied stays one line, and so does an address.
      const lines = text.split('\n').filter((line) => !/^ {2}scs-kaas |^ +https:\S+$/.test(line));
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(text.split('\n').filter((line) => line.length > Math.max(columns, 80))).toEqual([]);
      for (const { name: option, short } of command.options) {
        const wanted = `${short === undefined ? '' : `-${short}, `}--${option}`;
        expect(text).toMatch(new RegExp(`^  ${wanted}(?: |$)`, 'm'));
      }
      expect(text).toMatch(new RegExp(`^Usage: scs-kaas ${name}`));
      expect(text).not.toMatch(/undefined|\[object|[ \t]$/m);
    }
    expect(command.examples.length).toBeGreaterThan(0);
  });

  test('of the program: one screen, with every command', () => {
    for (const width of widths) {
      const text = helpOf(undefined, width);
      const lines = text.split('\n');
      if (width >= 80) expect(lines.length).toBeLessThanOrEqual(40);
      expect(lines.filter((line) => line.length > Math.min(Math.max(width, 60), 110))).toEqual([]);
      for (const name of [...names, 'help', 'version']) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
      for (const code of [0, 1, 2, 3, 70, 130]) expect(text).toMatch(new RegExp(`^  ${code} `, 'm'));
    }
    expect(helpOf('help', 80)).toBe(helpOf(undefined, 80));
  });

  test.each(commands.flatMap(({ examples }) => examples.map(({ command }) => command)))('the example "%s" is valid', (example) => {
    // What the shell does with the rest is its own.
    const words = (/^[^|>]*/.exec(example)?.[0] ?? '').trim().split(' ');
    const { problems, options } = parsed(words);
    expect(problems).toEqual([]);
    for (const [option, value] of Object.entries(options)) {
      const spec = commands.find(({ name }) => name === words[0])?.options.find(({ name }) => name === option);
      if (spec?.takes === 'value' && spec.values !== undefined) expect(spec.values).toContain(value);
    }
  });
});

describe('values', () => {
  test('a format that a command has, and no other', () => {
    for (const [name, formats] of [
      ['check', outputFormats.check],
      ['merge', outputFormats.merge],
    ] as const) {
      for (const format of formats) {
        const typo = `${format}x`;
        const [problem = ''] = parsed([name, 'x', '-o', typo]).problems.slice(name === 'merge' ? 0 : 1);
        expect(problem).toContain(`Option "--format" is "${typo}"; it takes ${formats.join(', ')}. Did you mean "${format}"?`);
      }
    }
    expect(outputFormats.merge).not.toContain('snapshot');
    expect(parsed(['merge', 'x', '-o', 'snapshot']).problems).toHaveLength(1);
  });

  test.each([
    [['check', '--report', 'jsn=a.json'], 'Option "--report" holds "jsn"; it takes .*, junit, .* Did you mean "json"\\?'],
    [['check', '--report', 'json='], 'Option "--report" holds "json=" without the name of a file'],
    [['check', '--report', 'json=reports/'], 'Option "--report" holds "json=reports/", which names a folder'],
    [['check', '--report=json=a', '--report=json=b'], 'Option "--report" holds "json" 2 times'],
    [['check', '--report=json=a', '--report=junit=./a'], 'Option "--report" names the file "a" for json and junit|names the file "\\./a"'],
    [['check', '--report=none', '--report=json'], 'Option "--report" holds "none" beside other reports'],
    [['check', '--report', 'comment'], 'Option "--report" holds "comment"; it takes'],
    [['check', '--report', 'scs-report'], 'The report is "scs-report", which needs "subject"'],
    [['check', '-o', 'scs-report'], 'The report is "scs-report", which needs "subject"'],
    [['check', '--tier', 'hevy'], 'Option "--tier" is "hevy"; it takes light, active, heavy. Did you mean "heavy"\\?'],
    [['check', '--cluster', 'knd'], 'Option "--cluster" is "knd"; .* Did you mean "kind"\\?'],
    [['check', '--fail-on', 'fail:mist'], 'Option "--fail-on" holds "fail:mist"; .* Did you mean "fail:must"\\?'],
    [
      ['check', '--standards', 'scs-0214-v3'],
      'Option "--standards" holds "scs-0214-v3", which is not one of .* Did you mean "scs-0214-v2"\\?',
    ],
    [['check', '--exec-plugins', 'alow'], 'Option "--exec-plugins" is "alow"; it takes allow, deny. Did you mean "allow"\\?'],
    [['check', '--keep-cluster=ture'], 'Option "--keep-cluster" is "ture"; .* Did you mean "true"\\?'],
    [['merge', 'a.json', '--report', 'snapshot'], 'Option "--report" holds "snapshot"; it takes'],
    [['init', '--cluster', 'kinf'], 'Option "--cluster" is "kinf"; it takes kubeconfig, kind. Did you mean "kind"\\?'],
    [['completion', 'fihs'], 'There is no completion for "fihs"; there is bash, zsh, fish. Did you mean "fish"\\?'],
    [['explain', 'zone-lable'], 'There is no standard or requirement "zone-lable". Did you mean "scs-0214-v2/zone-label"\\?'],
    [['list', 'scs-0214'], 'There is no standard "scs-0214". Did you mean "scs-0214-v2"\\?'],
    [['chekc'], 'There is no command "chekc"; .* Did you mean "check"\\?'],
    [['--tier', 'active'], 'The command is missing; write it first, e.g. "scs-kaas check"'],
  ])('%j', async ([name = '', ...words], wanted) => {
    const problems = await problemsOf(() => runCommand(name, words));
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^(?:${wanted})`))]);
  });

  test.each(names.map((name) => [mistyped(name), name]))('the command "%s" is no command; "%s" is', async (typo, name) => {
    expect(await problemsOf(() => runCommand(typo, []))).toEqual([expect.stringContaining(`Did you mean "${name}"?`)]);
    expect(() => helpOf(typo, 80)).toThrow(`Did you mean "${name}"?`);
  });

  test('a typo in any key of the config file leads to the key', async () => {
    for (const { name } of configSettings) {
      const typo = mistyped(name);
      if (typo === name) continue;
      expect(await problemsOf(() => inputsOf(parsed(['check', '--set', `${typo}=x`])))).toEqual([
        `Option "--set": There is no key "${typo}". Did you mean "${name}"?`,
      ]);
    }
  });
});

test('no table of commands is special', () => {
  const other: CommandSpec = {
    name: 'other',
    summary: 'x',
    arguments: [],
    options: [{ name: 'own', takes: 'value', values: ['a'], description: 'x' }],
    examples: [],
  };
  expect(parseWords(other, ['--own', 'b', '--tier', 'x'], [...commands, other]).problems).toEqual([
    'The command "other" has no option "--tier"; check, record, permissions have it.',
    'Option "--own" is "b"; it takes a. Did you mean "a"?',
  ]);
});

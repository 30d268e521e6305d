import { Command, Option } from 'commander';
import { assertNone } from '../inputs/problems.js';
import { flagProblem, parseFlag } from '../inputs/reader.js';
import type { RawInputs } from '../inputs/layers.js';
import { didYouMean, nearest } from '../text/did-you-mean.js';
import type { CommandSpec, OptionSpec } from './command-spec.js';

/** A command line, taken apart. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** By the names of options; of a flag `true` or `false`. */
  readonly options: RawInputs;
  /** Options that may be repeated, by their names. */
  readonly repeated: Readonly<Record<string, readonly string[]>>;
  /** What is wrong with the words so far, so that everything is reported at once. */
  readonly problems: readonly string[];
}

/** @throws {UserError} with every problem once, without values that may be secrets */
export const assertNoProblem = (
  problems: readonly string[],
  { options, repeated = {} }: Pick<Arguments, 'options'> & Partial<Arguments>,
): void => {
  const values = Object.values(options).flatMap((one) => one ?? []);
  const parts = Object.values(repeated).flatMap((some) => some.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]));
  assertNone(problems, [...values, ...parts]);
};

/** The problems of a command that reads no inputs. @throws {UserError} with all of them */
export const assertWords = (args: Arguments): void => {
  assertNoProblem(args.problems, args);
};

/** Whether a flag is on. */
export const isOn = ({ options }: Arguments, name: string): boolean => options[name] === 'true';

/** A word for a message, unless it may be a secret that got into a place of its own making: such are long, and of mixed letters and digits. */
export const clipWord = (word: string): string =>
  /^(?:-?[a-z][a-z./_ -]{0,39}|-?[0-9.]{1,8}|scs-\d{4}-v\d(?:\/[a-z-]{1,40})?)$/i.test(word) &&
  !/^[^A-Z]*[A-Z][^a-z]*[a-z][^A-Z]*[A-Z]/.test(word)
    ? `"${word}"`
    : '(a word that is not repeated: it may be a secret)';

/** Commander reports the first problem and ends the process: here it collects, and what is wrong is worded below. */
class Words extends Command {
  readonly missing: string[] = [];
  optionMissingArgument(option: Option): void {
    this.missing.push(option.name());
  }
}

const flagsOf = ({ name, short, takes }: OptionSpec): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${takes === 'value' ? ' <value>' : ''}`;

interface Sorted {
  readonly given: Record<string, string>;
  readonly repeated: Record<string, string[]>;
  readonly twice: Set<string>;
}

const listen = (words: Words, spec: OptionSpec, { given, repeated, twice }: Sorted): void => {
  const take = (value: string): void => {
    if (Object.hasOwn(given, spec.name)) twice.add(spec.name);
    if (spec.repeatable === true) (repeated[spec.name] ??= []).push(value);
    else given[spec.name] = value;
  };
  words.addOption(new Option(flagsOf(spec)));
  words.on(`option:${spec.name}`, (value?: string) => {
    if (spec.takes === 'flag') take('true');
    else if (value !== undefined) take(value);
  });
  if (spec.takes === 'value') return;
  words.addOption(new Option(`--no-${spec.name}`));
  words.on(`option:no-${spec.name}`, () => {
    take('false');
  });
};

/** A word behind one dash is a letter each; more than these are no options. */
const maxLetters = 100;

/** A word in the form that Commander knows: `--no-flag` for `--flag=false`, `--format=json` for `-o=json`. */
const toKnownForm = (word: string, specs: readonly OptionSpec[], problems: string[]): string => {
  const [, letter, rest = ''] = /^-([a-z])=([^]*)$/.exec(word) ?? [];
  const short = letter === undefined ? undefined : specs.find((spec) => spec.short === letter);
  if (short !== undefined) return `--${short.name}=${rest}`;
  const [, name, value] = /^--([a-z-]+)=([^]*)$/.exec(word) ?? [];
  if (name !== undefined && value !== undefined && specs.find((spec) => spec.name === name)?.takes === 'flag') {
    const flag = parseFlag(value);
    if (flag === undefined) problems.push(flagProblem(`Option "--${name}"`, value));
    return flag === false ? `--no-${name}` : `--${name}`;
  }
  return /^-[^-]/.test(word) ? word.slice(0, maxLetters) : word;
};

/** The words before `--`, behind which everything is an argument. */
const optionWords = (words: readonly string[]): readonly string[] => (words.includes('--') ? words.slice(0, words.indexOf('--')) : words);

/** An option for a message. @param meant the option that is near */
const written = (word: string, meant?: string): string => {
  const name = word.split('=')[0] ?? '';
  return meant !== undefined || /^--?[a-z][a-z-]{0,39}$/i.test(name.replace('e2e', 'eee'))
    ? `"${name}"`
    : '(not repeated: it may be a secret)';
};

/** An option of the command in a form that it does not have. */
const wrongForm = (word: string, { name, takes }: OptionSpec): string => {
  if (!word.startsWith('--')) return `There is no option ${written(word)}; write "--${name}".`;
  return takes === 'flag'
    ? `Option "--no-${name}" takes no value.`
    : `Option "--${name}" takes a value; there is no option "--no-${name}".`;
};

const unknownOption = (word: string, command: CommandSpec, all: readonly CommandSpec[]): string => {
  const name = (word.split('=')[0] ?? '').replace(/^--?(no-)?/, '');
  const own = command.options.find((one) => one.name === name);
  if (own !== undefined) return wrongForm(word, own);
  const others = all.filter(({ options }) => options.some((one) => one.name === name)).map((one) => one.name);
  if (others.length > 0)
    return `The command "${command.name}" has no option "--${name}"; ${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} it.`;
  const meant = nearest(
    name,
    command.options.map((one) => one.name),
  );
  return `The command "${command.name}" has no option ${written(word, meant)}.${meant === undefined ? '' : ` Did you mean "--${meant}"?`}`;
};

const positionalProblems = (command: CommandSpec, operands: readonly string[], unknown: readonly string[]): readonly string[] => {
  const { name, arguments: wanted } = command;
  const needed = wanted.filter(({ required }) => required);
  // What follows an unknown option may be its value.
  if (operands.length < needed.length)
    return unknown.length > 0 ? [] : [`The command "${name}" needs ${needed.map((one) => one.name).join(' ')}.`];
  if (operands.length <= wanted.length || wanted.at(-1)?.variadic === true) return [];
  return [`The command "${name}" does not take ${operands.slice(wanted.length).map(clipWord).join(', ')}.`];
};

/** Options that took the option behind them for their value. */
const swallowing = (command: CommandSpec, { given, repeated }: Sorted): readonly string[] => {
  const names = command.options.map((one) => one.name);
  const isOption = (value: string): boolean =>
    value.startsWith('--') && names.includes(value.slice(2).split('=')[0]?.replace(/^no-/, '') ?? '');
  return command.options
    .filter(({ takes }) => takes === 'value')
    .map(({ name }) => name)
    .filter((name) => isOption(given[name] ?? '') || (repeated[name] ?? []).some(isOption));
};

const valueProblems = (command: CommandSpec, { given, twice }: Sorted, missing: readonly string[]): readonly string[] => {
  return [
    ...[...new Set(missing)].map((name) => `Option "--${name}" needs a value.`),
    ...command.options
      .filter(({ name, secret }) => secret === true && twice.has(name))
      .map(({ name }) => `Option "--${name}" is given twice; give it once.`),
    ...command.options
      // Inputs are read with their defaults and the config file.
      .filter(({ name, values, group }) => values !== undefined && given[name] !== undefined && (group === undefined || group === 'Output'))
      .flatMap(({ name, values = [] }) => {
        const value = given[name] ?? '';
        return values.includes(value)
          ? []
          : [`Option "--${name}" is ${clipWord(value)}; it takes ${values.join(', ')}.${didYouMean(value, values)}`];
      }),
  ];
};

/**
 * Takes the words of a command apart.
 * @param words after the name of the command
 * @param all commands, to say which one has an option
 */
export const parseWords = (command: CommandSpec, words: readonly string[], all: readonly CommandSpec[]): Arguments => {
  const problems: string[] = [];
  const sorted: Sorted = { given: {}, repeated: {}, twice: new Set() };
  const parser = new Words(command.name);
  for (const spec of command.options) listen(parser, spec, sorted);
  const before = optionWords(words);
  const known = before.map((word) => toKnownForm(word, command.options, problems));
  const { operands, unknown } = parser.parseOptions([...known, ...words.slice(before.length)]);
  const strange = optionWords(unknown).filter((word) => word.length > 1 && word.startsWith('-'));
  const swallowed = swallowing(command, sorted);
  // Nothing is read from the place that such a value names.
  const kept = <T>(some: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(some).filter(([name]) => !swallowed.includes(name)));
  return {
    positionals: operands,
    options: kept(sorted.given),
    repeated: kept(sorted.repeated),
    problems: [
      ...[...new Set(strange.map((word) => unknownOption(word, command, all)))],
      ...positionalProblems(command, operands, strange),
      ...valueProblems(command, { ...sorted, given: kept(sorted.given) }, [...parser.missing, ...swallowed]),
      ...problems,
    ],
  };
};

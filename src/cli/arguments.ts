import { parseArgs } from 'node:util';
import { flagProblem, parseFlag } from '../inputs/reader.js';
import { inputSpecs, type InputSpec } from '../inputs/list.js';
import type { RawInputs } from '../inputs/parse.js';
import { UserError } from '../model/errors.js';
import { permissionRoles, type PermissionRole } from '../model/fact.js';
import { didYouMean } from '../text/did-you-mean.js';
import { outputFormats } from '../reporters/index.js';
import { withoutSecretValues } from '../text/path-or-text.js';

const commands = ['check', 'record', 'upload', 'merge', 'cleanup', 'list', 'explain', 'permissions', 'help', 'version'] as const;
export type Command = (typeof commands)[number];

/** Options of the terminal alone; an input of the action is an option as well, but for those of `only: 'action'`. */
export const terminalOptions = [
  {
    name: 'format',
    takes: 'value',
    description: '`table`, `json`, `markdown` or `scs-report` (upstream’s, with `--subject`); nothing else goes to standard output.',
  },
  { name: 'role', takes: 'value', description: 'With `permissions`: only the role `read`, `ask`, `act` or `run`.' },
  {
    name: 'all',
    takes: 'flag',
    description: 'With `cleanup`: also what a run has made that may still be at work, and without watching it first.',
  },
  {
    name: 'expect',
    takes: 'value',
    description: 'With `merge`: how many clusters there have to be; with fewer the whole is incomplete.',
  },
  { name: 'verbose', takes: 'flag', description: 'Shows what was not looked at and all evidence.' },
  { name: 'color', takes: 'flag', description: 'Colours; `--no-color` for none. By itself: on a terminal, unless NO_COLOR is set.' },
  { name: 'help', takes: 'flag', description: 'How to use the command.' },
  { name: 'version', takes: 'flag', description: 'Which version this is.' },
] as const;

/** A command line, understood but for the inputs' values. */
export interface Arguments {
  readonly command: Command;
  readonly positionals: readonly string[];
  readonly raw: RawInputs;
  readonly format: string;
  readonly role?: PermissionRole | undefined;
  readonly verbose: boolean;
  /** Of the command `cleanup`. */
  readonly all: boolean;
  /** Of the command `merge`. */
  readonly expected?: number | undefined;
  readonly color?: boolean | undefined;
}

const positionalsOf: Record<Command, readonly string[]> = {
  check: [],
  record: ['FILE'],
  upload: ['FILE'],
  merge: ['REPORT.json …'],
  cleanup: [],
  list: [],
  explain: ['REQUIREMENT'],
  permissions: [],
  help: [],
  version: [],
};

/** The commands that report, in a form of the user's choice. */
const reporting: readonly Command[] = ['check', 'merge'];

type Given = Map<string, string>;

/** Inputs that mean something on a terminal. */
export const terminalInputs: readonly InputSpec[] = inputSpecs.filter((s) => s.only !== 'action');

/** The inputs that hold a secret: no argument does. */
export const secretInputs: readonly InputSpec[] = terminalInputs.filter((s) => s.secret === true);

/** The variable of the environment that a secret input is read from where its option is not given. */
export const variableOf = (input: string): string => `SCS_KAAS_${input.toUpperCase().replaceAll('-', '_')}`;

const everyOption = [...inputSpecs, ...terminalOptions];
const takesValue = (name: string): boolean => everyOption.find((o) => o.name === name)?.takes === 'value';
const known: readonly string[] = [...terminalInputs, ...terminalOptions].map((o) => o.name);

const unknownOption = (name: string, written: string): string =>
  inputSpecs.some((s) => s.name === name)
    ? `Option "${written}" is for workflows alone: a terminal gets the report on standard output.`
    : `There is no option ${/^--?[a-z][a-z-]{0,39}$/i.test(written) ? `"${written}"` : '(not repeated: it may be a secret)'}.${didYouMean(name, known)}`;

/** A word for a message, unless it may be a secret that got into a place of its own making: such are long, and of mixed letters and digits. */
const clipWord = (word: string): string =>
  /^-?(?:[a-z][a-z./_ -]{0,39}|[0-9.]{1,8})$/i.test(word) && !/^[^A-Z]*[A-Z][^a-z]*[a-z][^A-Z]*[A-Z]/.test(word)
    ? `"${word}"`
    : '(a word that is not repeated: it may be a secret)';

/** Of a word behind one dash: each letter is an option to `parseArgs`, which takes time that grows with the square of them. */
const maxLetters = 4_096;

/** Sorts the words of a command line into options and positionals, and collects what is wrong with them. */
const sort = (words: readonly string[], problems: string[]): { given: Given; positionals: string[] } => {
  const options = Object.fromEntries(
    everyOption.map(({ name }) => [name, { type: takesValue(name) ? ('string' as const) : ('boolean' as const) }]),
  );
  const { tokens } = parseArgs({
    args: words.map((word) => (/^-[^-]/.test(word) ? word.slice(0, maxLetters) : word)),
    options: { ...options, h: { type: 'boolean', short: 'h' }, V: { type: 'boolean', short: 'V' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
    allowNegative: true,
  });
  const given: Given = new Map();
  const positionals: string[] = [];
  const unknown = new Set<number>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'h') given.set('help', 'true');
    else if (token.name === 'V') given.set('version', 'true');
    else if (!known.includes(token.name)) {
      // Of letters behind one dash the first is told: together they may be a password.
      if (!unknown.has(token.index)) problems.push(unknownOption(token.name, token.rawName));
      unknown.add(token.index);
    } else {
      // The one that does not count is on the command line all the same.
      if (given.has(token.name) && secretInputs.some((s) => s.name === token.name))
        problems.push(`Option "--${token.name}" is given twice; give it once.`);
      if (takesValue(token.name) && token.value === undefined) problems.push(`Option "--${token.name}" needs a value.`);
      given.set(token.name, token.value ?? (token.rawName.startsWith('--no-') ? 'false' : 'true'));
    }
  }
  return { given, positionals };
};

const choice = <T extends string>(given: Given, name: string, valid: readonly T[], problems: string[]): T | undefined => {
  const text = given.get(name);
  if (text === undefined) return undefined;
  const found = valid.find((v) => v === text);
  if (found === undefined)
    problems.push(`Option "--${name}" is ${clipWord(text)}; it takes ${valid.join(', ')}.${didYouMean(text, valid)}`);
  return found;
};

/** The options of a command line, whatever is wrong with them. */
export const optionsOf = (words: readonly string[]): ReadonlyMap<string, string> => sort(words, []).given;

/** An option that is on or off, read as the inputs are. */
const flag = (given: Given, name: string, problems: string[]): boolean | undefined => {
  const text = given.get(name);
  if (text === undefined) return undefined;
  const value = parseFlag(text);
  if (value === undefined) problems.push(flagProblem(`Option "--${name}"`, text));
  return value;
};

/** The command where no word names one. */
const wordOf = (given: Given, words: readonly string[]): Command =>
  given.has('version') ? 'version' : given.has('help') || words.length === 0 ? 'help' : 'check';

/**
 * Reads a command line.
 * @param words after the program's name
 * @param problemsOf what is wrong with the values of inputs, so that all is told at once
 * @throws {UserError} with every problem
 */
export const parseArguments = (
  words: readonly string[],
  problemsOf: (raw: RawInputs, command: Command | undefined) => readonly string[] = () => [],
): Arguments => {
  const problems: string[] = [];
  const { given, positionals } = sort(words, problems);
  const word = positionals[0] ?? wordOf(given, words);
  const command = commands.find((c) => c === word);
  if (command === undefined)
    problems.push(`There is no command ${clipWord(word)}; there are ${commands.join(', ')}.${didYouMean(word, commands)}`);
  const rest = positionals.slice(1);
  const wanted = positionalsOf[command ?? 'help'];
  const [asksHelp, verbose, all, color] = (['help', 'verbose', 'all', 'color'] as const).map((name) => flag(given, name, problems));
  if (command !== undefined && command !== 'help' && asksHelp !== true) {
    if (rest.length < wanted.length) problems.push(`The command "${command}" needs ${wanted.join(' ')}.`);
    if (rest.length > wanted.length && command !== 'merge')
      problems.push(`The command "${command}" does not take ${rest.slice(wanted.length).map(clipWord).join(', ')}.`);
  }
  if (given.has('all') && command !== undefined && command !== 'cleanup' && asksHelp !== true)
    problems.push(`Option "--all" is for the command "cleanup" alone; "${command}" does not take it.`);
  const monitors = [...given.keys()].filter((name) => name.startsWith('monitor-'));
  if (monitors.length > 0 && command !== undefined && command !== 'upload' && asksHelp !== true)
    problems.push(
      `Option "--${monitors[0] ?? ''}" is for the command "upload" alone: write the report with "--format scs-report" into a file, and hand that in.`,
    );
  if (given.has('format') && command !== undefined && !reporting.includes(command) && asksHelp !== true)
    problems.push(`Option "--format" is for the commands ${reporting.join(' and ')}; "${command}" does not take it.`);
  const expect = given.get('expect');
  if (expect !== undefined && (command !== 'merge' || !/^[1-9]\d{0,2}$/.test(expect)) && asksHelp !== true)
    problems.push(`Option "--expect" is ${clipWord(expect)}; it is for the command "merge" alone, and takes a number from 1 to 999.`);
  const format = choice(given, 'format', outputFormats, problems);
  if (format === 'scs-report' && !given.get('subject'))
    problems.push('Option "--format scs-report" needs "--subject": whose report it is.');
  const role = choice(given, 'role', permissionRoles, problems);
  const raw = Object.fromEntries(terminalInputs.flatMap((s) => (given.has(s.name) ? [[s.name, given.get(s.name)]] : [])));
  const wrong = [...problems, ...problemsOf(raw, asksHelp === true ? 'help' : command)];
  if (wrong.length > 0) throw new UserError(wrong.map((problem) => withoutSecretValues(problem, words)));
  return {
    command: asksHelp === true ? 'help' : (command ?? 'help'),
    positionals: rest,
    raw,
    format: format ?? 'table',
    role,
    verbose: verbose === true,
    all: all === true,
    expected: expect === undefined ? undefined : Number(expect),
    color,
  };
};

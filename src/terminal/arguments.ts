import { parseArgs } from 'node:util';
import { inputSpecs } from '../input-specs.js';
import type { RawInputs } from '../inputs.js';
import { UserError } from '../model/errors.js';
import { didYouMean } from '../model/nearest.js';

export const commands = ['check', 'record', 'list', 'explain', 'permissions', 'help', 'version'] as const;
export type Command = (typeof commands)[number];

export const formats = ['table', 'json', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** Options of the terminal alone; every input of the action is an option as well. */
export const terminalOptions = [
  { name: 'format', takes: 'value', description: '`table`, `json` or `markdown`; nothing else goes to standard output.' },
  { name: 'role', takes: 'value', description: 'With `permissions`: only the role `read` or `ask`.' },
  { name: 'verbose', takes: 'flag', description: 'Shows what was not looked at and all evidence.' },
  { name: 'color', takes: 'flag', description: 'Colours; `--no-color` for none. By itself: on a terminal, unless NO_COLOR is set.' },
  { name: 'help', takes: 'flag', description: 'How to use the command.' },
] as const;

/** A command line, understood but for the inputs' values. */
export interface Arguments {
  readonly command: Command;
  readonly positionals: readonly string[];
  readonly raw: RawInputs;
  readonly format: Format;
  readonly role?: 'read' | 'ask';
  readonly verbose: boolean;
  readonly color?: boolean;
}

const positionalsOf: Record<Command, readonly string[]> = {
  check: [],
  record: ['FILE'],
  list: [],
  explain: ['REQUIREMENT'],
  permissions: [],
  help: [],
  version: [],
};

type Given = Map<string, string>;

const takesValue = (name: string): boolean => [...inputSpecs, ...terminalOptions].find((o) => o.name === name)?.takes === 'value';
const known = (): readonly string[] => [...inputSpecs, ...terminalOptions].map((o) => o.name);

/** Sorts the words of a command line into options and positionals, and collects what is wrong with them. */
const sort = (words: readonly string[], problems: string[]): { given: Given; positionals: string[] } => {
  const options = Object.fromEntries(
    known().map((name) => [name, { type: takesValue(name) ? ('string' as const) : ('boolean' as const) }]),
  );
  const { tokens } = parseArgs({
    args: [...words],
    options: { ...options, h: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
    allowNegative: true,
  });
  const given: Given = new Map();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'h') given.set('help', 'true');
    else if (!known().includes(token.name)) problems.push(`There is no option "${token.rawName}".${didYouMean(token.name, known())}`);
    else {
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
  if (found === undefined) problems.push(`Option "--${name}" is "${text}"; it takes ${valid.join(', ')}.${didYouMean(text, valid)}`);
  return found;
};

/**
 * Reads a command line.
 * @param words after the program's name
 * @throws {UserError} with every problem of the words at once; values of inputs are checked by `parseInputs`
 */
export const parseArguments = (words: readonly string[]): Arguments => {
  const problems: string[] = [];
  const { given, positionals } = sort(words, problems);
  const word = positionals[0] ?? (given.has('help') || words.length === 0 ? 'help' : 'check');
  const command = commands.find((c) => c === word);
  if (command === undefined) problems.push(`There is no command "${word}"; there are ${commands.join(', ')}.${didYouMean(word, commands)}`);
  const rest = positionals.slice(1);
  const wanted = positionalsOf[command ?? 'help'];
  const asksHelp = given.get('help') === 'true';
  if (command !== undefined && !asksHelp) {
    if (rest.length < wanted.length) problems.push(`The command "${command}" needs ${wanted.join(' ')}.`);
    if (rest.length > wanted.length) problems.push(`The command "${command}" does not take "${rest.slice(wanted.length).join(' ')}".`);
  }
  const format = choice(given, 'format', formats, problems);
  const role = choice(given, 'role', ['read', 'ask'] as const, problems);
  if (problems.length > 0) throw new UserError(problems);
  const color = given.get('color');
  return {
    command: asksHelp ? 'help' : (command ?? 'help'),
    positionals: rest,
    raw: Object.fromEntries(inputSpecs.flatMap((s) => (given.has(s.name) ? [[s.name, given.get(s.name)]] : []))),
    format: format ?? 'table',
    ...(role === undefined ? {} : { role }),
    verbose: given.get('verbose') === 'true',
    ...(color === undefined ? {} : { color: color === 'true' }),
  };
};

import { Command, Help, Option } from 'commander';
import { exitCodes } from '../evaluation/exit-code.js';
import type { CommandSpec, OptionSpec } from './command-spec.js';

/** The help of a command line, by Commander, in the words of the Kubernetes documentation: `--tier VALUE`. */
const helperOf = (width: number): Help => {
  const helper = new Help();
  helper.helpWidth = Math.min(Math.max(width, 60), 110);
  // Without it, narrow terminals get lines that are not wrapped at all.
  helper.minWidthToWrap = 20;
  helper.optionTerm = ({ flags }) => flags.replaceAll(/[<>]/g, '');
  return helper;
};

const optionOf = ({ name, short, takes, placeholder = 'VALUE', description, group }: OptionSpec): Option => {
  const flags = `${short === undefined ? '' : `-${short}, `}--${name}${takes === 'value' ? ` <${placeholder}>` : ''}`;
  const option = new Option(flags, description);
  return group === undefined ? option : option.helpGroup(`${group}:`);
};

const examplesOf = (program: string, { examples }: CommandSpec): string =>
  examples.length === 0 ? '' : `Examples:\n${examples.map(({ command, what }) => `  # ${what}\n  ${program} ${command}`).join('\n')}\n`;

const usageOf = ({ arguments: positionals, options }: CommandSpec): string =>
  [...positionals.map(({ name, required }) => (required ? name : `[${name}]`)), ...(options.length === 0 ? [] : ['[OPTIONS]'])].join(' ');

/** How secrets are given, for commands that take one. */
const secretsOf = ({ options }: CommandSpec, variableOf: (input: string) => string): string => {
  const secrets = options.filter(({ secret }) => secret === true).map(({ name }) => name);
  return secrets.length === 0
    ? ''
    : `Secrets come from files, from standard input (-), or from the ${secrets.length === 1 ? 'variable' : 'variables'} ${secrets.map(variableOf).join(' and ')}.`;
};

/**
 * The help of one command.
 * @param width of the terminal, in columns
 * @param variableOf the variable of the environment that holds a secret
 */
export const commandHelp = (program: string, command: CommandSpec, width: number, variableOf: (input: string) => string): string => {
  const shown = new Command(`${program} ${command.name}`)
    .summary(command.summary)
    .description(`${command.summary}.`)
    .usage(usageOf(command));
  shown.helpOption(false);
  for (const option of command.options) shown.addOption(optionOf(option));
  const helper = helperOf(width);
  const secrets = secretsOf(command, variableOf);
  const parts = [
    helper.formatHelp(shown, helper),
    secrets === '' ? '' : `${helper.boxWrap(secrets, helper.helpWidth ?? width)}\n`,
    examplesOf(program, command),
  ];
  return parts.filter((part) => part !== '').join('\n');
};

const exits: readonly (readonly [number, string])[] = [
  [exitCodes.fine, 'nothing that --fail-on names'],
  [exitCodes.failed, 'a result that --fail-on names'],
  [exitCodes.badInput, 'an invalid option or input'],
  [exitCodes.notJudged, 'the check could not run; something is left (cleanup); not everything was stored (upload)'],
  [exitCodes.internal, 'a fault of the program'],
  [exitCodes.interrupted, 'interrupted'],
];

/**
 * The help of the program: its commands, on one screen.
 * @param width of the terminal, in columns
 */
export const programHelp = (program: string, commands: readonly CommandSpec[], width: number): string => {
  const shown = new Command(program)
    .description('Checks Kubernetes clusters against the KaaS standards of the Sovereign Cloud Stack (SCS).')
    .usage('COMMAND [OPTIONS]');
  shown.helpOption(false).helpCommand(false);
  for (const { name, summary } of commands) shown.addCommand(new Command(name).summary(summary).helpOption(false));
  for (const [name, summary] of [
    ['help', 'Prints the help of a command'],
    ['version', 'Prints the version'],
  ] as const)
    shown.addCommand(new Command(name).summary(summary).helpOption(false));
  const helper = helperOf(width);
  const codes = exits.map(([code, what]) => helper.formatItem(String(code), 3, what, helper)).join('\n');
  return `${helper.formatHelp(shown, helper)}\nExit codes:\n${codes}\n\n${helper.boxWrap(`${program} COMMAND --help prints the options and examples of a command.`, helper.helpWidth ?? width)}\n`;
};

import type { ArgumentSpec, CommandSpec, OptionSpec } from './command-spec.js';
import { commentName, functionName, menuText, writtenAs } from './completion-words.js';

/** One word of fish, whatever is in it: inside of single quotes, only these two are special. */
const fishWord = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** Words that fish takes apart and expands once more. */
const wordList = (words: readonly string[]): string => fishWord(words.map(fishWord).join(' '));

/** Paths of fish's own, or known words and no paths. */
const completing = (values: readonly string[] | 'file' | undefined): string =>
  values === undefined || values === 'file' ? '--force-files' : `--no-files --arguments ${wordList(values)}`;

const helpers = (name: string): readonly string[] => [
  '# True before the command.',
  `function ${name}_no_command`,
  '    test (count (commandline -opc)) -eq 1',
  'end',
  '',
  '# True behind the command of that name.',
  `function ${name}_command`,
  '    set -l words (commandline -opc)',
  '    test (count $words) -ge 2; and test "$words[2]" = "$argv[1]"',
  'end',
  '',
  '# True at the arguments from one place to another. Further words: the options that take a value.',
  `function ${name}_argument`,
  `    ${name}_command $argv[1]; or return 1`,
  '    set -l words (commandline -opc)',
  '    set -e words[1..2]',
  '    set -l taking $argv',
  '    set -e taking[1..3]',
  '    set -l place 0',
  '    set -l value 0',
  '    set -l ended 0',
  '    for word in $words',
  '        if test $value -eq 1',
  '            set value 0',
  '        else if test $ended -eq 0; and test "$word" = --',
  '            set ended 1',
  '        else if test $ended -eq 0; and string match -q -- "-?*" "$word"',
  '            contains -- "$word" $taking; and set value 1',
  '        else',
  '            set place (math $place + 1)',
  '        end',
  '    end',
  '    test $value -eq 0; and test $place -ge $argv[2]; and test $place -le $argv[3]',
  'end',
];

/** Arguments of a variadic one have no last place; nobody writes as many. */
const lastPlace = 9_999;

const optionLine = (program: string, condition: string, option: OptionSpec): string =>
  [
    `complete -c ${fishWord(program)} -n ${fishWord(condition)} -l ${fishWord(option.name)}`,
    ...(option.short === undefined ? [] : [`-s ${fishWord(option.short)}`]),
    ...(option.takes === 'flag' ? [] : ['--require-parameter', completing(option.values)]),
    `-d ${fishWord(menuText(option.description))}`,
  ].join(' ');

const argumentLine = (program: string, command: CommandSpec, { values, variadic, name }: ArgumentSpec, i: number): string => {
  const takers = command.options.filter((o) => o.takes === 'value').flatMap(writtenAs);
  const condition = [
    `_${functionName(program)}_argument`,
    ...[command.name, `${i}`, `${variadic === true ? lastPlace : i}`, ...takers].map(fishWord),
  ].join(' ');
  return `complete -c ${fishWord(program)} -n ${fishWord(condition)} ${completing(values)} -d ${fishWord(name)}`;
};

const commandLines = (program: string, command: CommandSpec): readonly string[] => {
  const name = `_${functionName(program)}`;
  const inside = `${name}_command ${fishWord(command.name)}`;
  return [
    '',
    `complete -c ${fishWord(program)} -n ${fishWord(`${name}_no_command`)} --arguments ${wordList([command.name])} -d ${fishWord(menuText(command.summary))}`,
    ...command.options.map((o) => optionLine(program, inside, o)),
    ...command.arguments.map((argument, i) => argumentLine(program, command, argument, i)),
  ];
};

/** The completion script of fish. */
export const fishCompletion = (program: string, commands: readonly CommandSpec[]): string =>
  [
    `# Completion of ${commentName(program)} for fish. Load it with: ${commentName(program)} completion fish | source`,
    '',
    ...helpers(`_${functionName(program)}`),
    '',
    '# Paths are offered only where a path is expected.',
    `complete -c ${fishWord(program)} --no-files`,
    ...commands.flatMap((command) => commandLines(program, command)),
    '',
  ].join('\n');

import type { ArgumentSpec, CommandSpec, OptionSpec } from './command-spec.js';
import { commentName, functionName, menuText, shellWord, writtenAs } from './completion-words.js';

/** In a specification of `_arguments`: a colon ends a part of it, brackets hold the description. */
const part = (text: string): string => text.replace(/[\\:[\]]/g, '\\$&');

/** A word of a list in parentheses, which zsh evaluates once more; a colon would also end the list. */
const listed = (word: string): string => word.replace(/[^\w./,@%+-]/g, '\\$&');

/** What completes a value: known words, otherwise paths. */
const action = (values: readonly string[] | 'file' | undefined): string =>
  values === undefined || values === 'file' ? '_files' : `(${values.map(listed).join(' ')})`;

/** One specification for each way to write the option; each one takes the other away, unless the option may be given again. */
const optionSpecs = (option: OptionSpec): readonly string[] => {
  const ways = writtenAs(option);
  const before = option.repeatable === true ? '*' : ways.length > 1 ? `(${ways.map(part).join(' ')})` : '';
  return ways.map((way) => {
    const joint = option.takes === 'flag' ? '' : way.startsWith('--') ? '=' : '+';
    const value = option.takes === 'flag' ? '' : `:${part(option.placeholder ?? option.name)}:${action(option.values)}`;
    return shellWord(`${before}${part(way)}${joint}[${part(menuText(option.description))}]${value}`);
  });
};

const argumentSpec = ({ name, required, variadic, values }: ArgumentSpec, i: number): string =>
  shellWord(`${variadic === true ? '*' : i + 1}${required || variadic === true ? '' : ':'}:${part(name)}:${action(values)}`);

const branch = (command: CommandSpec): readonly string[] => {
  const specs = [...command.options.flatMap(optionSpecs), ...command.arguments.map(argumentSpec)];
  return [`    ${shellWord(command.name)})`, ['      _arguments -s -S', ...specs].join(' \\\n        '), '      ;;'];
};

/** The completion script of zsh: a file of `fpath`, or evaluated in a file such as `.zshrc`. */
export const zshCompletion = (program: string, commands: readonly CommandSpec[]): string => {
  const name = functionName(program);
  return [
    `#compdef ${commentName(program)}`,
    `# Completion of ${commentName(program)} for zsh. Load it after compinit with: source <(${commentName(program)} completion zsh)`,
    '',
    `${name}() {`,
    '  local -a commands',
    '  commands=(',
    ...commands.map((c) => `    ${shellWord(`${c.name.replace(/[\\:]/g, '\\$&')}:${menuText(c.summary)}`)}`),
    '  )',
    '  if (( CURRENT == 2 )); then',
    "    _describe -t commands 'command' commands",
    '    return',
    '  fi',
    '  # To _arguments, the command is the program.',
    '  shift words',
    '  (( CURRENT-- ))',
    '  case "${words[1]}" in',
    ...commands.flatMap(branch),
    '  esac',
    '}',
    '',
    '# As a file of fpath, this text is the body of the function.',
    `if [[ "\${funcstack[1]}" == ${shellWord(`_${program}`)} ]]; then`,
    `  ${name} "$@"`,
    'else',
    `  compdef ${name} ${shellWord(program)}`,
    'fi',
    '',
  ].join('\n');
};

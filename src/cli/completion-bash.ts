import type { CommandSpec } from './command-spec.js';
import { commentName, functionName, shellWord, writtenAs } from './completion-words.js';

/** The parts that are the same for every table; variables of the main function are seen in the functions that it calls. */
const helpers = (name: string): readonly string[] => [
  '# Offers the words that begin as the current one does, without those that "used" holds.',
  `${name}_offer() {`,
  '  local word',
  '  for word in "$@"; do',
  '    # A path follows, e.g. snapshot:FILE.',
  '    if [[ "$word" == *[:=] && "$current" == "$front$word"* ]]; then',
  '      front="$front$word"',
  `      ${name}_files`,
  '      return',
  '    fi',
  '    [[ "$front$word" == "$current"* && "$used" != *" $word "* ]] || continue',
  '    word="$front$word"',
  '    printf -v word "%q" "${word#"$stem"}"',
  '    COMPREPLY+=("$word")',
  '  done',
  '  if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[:=] ]]; then compopt -o nospace 2>/dev/null; fi',
  '}',
  '',
  '# Offers paths. The way of bash itself knows quotes and "~". Bash 3 has no compopt: there the names are offered as they are.',
  `${name}_files() {`,
  '  local word',
  '  if [[ "$stem" == "$front" ]] && compopt -o default 2>/dev/null; then return; fi',
  '  compopt -o filenames 2>/dev/null',
  '  while IFS= read -r word; do',
  '    word="$front$word"',
  '    COMPREPLY+=("${word#"$stem"}")',
  '  done < <(compgen -f -- "${current#"$front"}")',
  '}',
];

/** Takes the line apart: the words before the cursor, and what readline replaces. */
const splitting: readonly string[] = [
  '  COMPREPLY=()',
  '  local rest="${COMP_LINE:0:COMP_POINT}" i part blanks mark current front="" stem="" used=" "',
  '  local -a words',
  '  words=()',
  '  # Bash also splits at "=" and ":". Here, a word ends at a blank.',
  '  for ((i = 0; i <= COMP_CWORD; i++)); do',
  '    part="${COMP_WORDS[i]}"',
  '    blanks="${rest%%[![:blank:]]*}"',
  '    rest="${rest#"$blanks"}"',
  '    if ((i == COMP_CWORD)); then part="$rest"; fi',
  '    rest="${rest#"$part"}"',
  '    if [[ $i -eq 0 || -n "$blanks" ]]; then words+=("$part"); else words[${#words[@]} - 1]+="$part"; fi',
  '  done',
  '  local last=$((${#words[@]} - 1))',
  '  current="${words[last]}"',
  '  # Readline replaces only what is behind the last of its marks.',
  '  for mark in "=" ":"; do',
  '    if [[ "$COMP_WORDBREAKS" == *"$mark"* && "$current" == *"$mark"* ]]; then',
  '      part="${current%"${current##*"$mark"}"}"',
  '      if [[ ${#part} -gt ${#stem} ]]; then stem="$part"; fi',
  '    fi',
  '  done',
];

/** Finds what the cursor is at: the value of an option, an option, or an argument by its place. */
const place: readonly string[] = [
  '  local option="" place=0 ended=""',
  '  for ((i = 2; i < last; i++)); do',
  '    part="${words[i]}"',
  '    if [[ -n "$option" ]]; then',
  '      option=""',
  '    elif [[ -z "$ended" && "$part" == "--" ]]; then',
  '      ended=1',
  '    elif [[ -z "$ended" && "$part" == -?* ]]; then',
  '      used="$used${part%%=*} "',
  '      if [[ "$taking" == *" $part "* ]]; then option="$part"; fi',
  '    else',
  '      place=$((place + 1))',
  '    fi',
  '  done',
  '  local target="argument $place"',
  '  if [[ -n "$option" ]]; then',
  '    target="$option"',
  '  elif [[ -z "$ended" && "$current" == --*=* ]]; then',
  '    target="${current%%=*}"',
  '    front="$target="',
  '    if [[ "$taking" != *" $target "* ]]; then return; fi',
  '  elif [[ -z "$ended" && "$current" == -* ]]; then',
  '    target="options"',
  '  fi',
];

/** What follows for one target of one command. */
const branch = (name: string, command: string, targets: readonly string[], values: readonly string[] | 'file'): string => {
  const pattern = targets.map((target) => shellWord(`${command} ${target}`)).join(' | ');
  return `    ${pattern}) ${values === 'file' ? `${name}_files` : [`${name}_offer`, ...values.map(shellWord)].join(' ')} ;;`;
};

/** An option that may be given again is offered again. */
const optionsBranch = (name: string, command: CommandSpec): readonly string[] => {
  const offer = (again: boolean): string =>
    [`${name}_offer`, ...command.options.filter((o) => (o.repeatable === true) === again).map((o) => shellWord(`--${o.name}`))].join(' ');
  return [`    ${shellWord(`${command.name} options`)})`, `      ${offer(false)}`, '      used=" "', `      ${offer(true)}`, '      ;;'];
};

const argumentBranches = (name: string, command: CommandSpec): readonly string[] =>
  command.arguments.map(({ values = 'file', variadic }, i) => {
    if (variadic !== true) return branch(name, command.name, [`argument ${i}`], values);
    const what = values === 'file' ? `${name}_files` : [`${name}_offer`, ...values.map(shellWord)].join(' ');
    return `    ${shellWord(`${command.name} argument `)}*) ${what} ;;`;
  });

const branches = (name: string, command: CommandSpec): readonly string[] => [
  ...optionsBranch(name, command),
  ...command.options.filter((o) => o.takes === 'value').map((o) => branch(name, command.name, writtenAs(o), o.values ?? 'file')),
  ...argumentBranches(name, command),
];

/** ` --format -o `: the options of a command that take a value. */
const taking = (command: CommandSpec): string =>
  ` ${command.options
    .filter((o) => o.takes === 'value')
    .flatMap(writtenAs)
    .join(' ')} `;

/** The completion script of bash. */
export const bashCompletion = (program: string, commands: readonly CommandSpec[]): string => {
  const name = functionName(program);
  return [
    `# Completion of ${commentName(program)} for bash. Load it with: source <(${commentName(program)} completion bash)`,
    '',
    ...helpers(name),
    '',
    `${name}() {`,
    ...splitting,
    `  if ((last < 2)); then`,
    `    ${[`${name}_offer`, ...commands.map((c) => shellWord(c.name))].join(' ')}`,
    '    return',
    '  fi',
    '  local taking',
    '  case "${words[1]}" in',
    ...commands.map((c) => `    ${shellWord(c.name)}) taking=${shellWord(taking(c))} ;;`),
    '    *) return ;;',
    '  esac',
    ...place,
    '  case "${words[1]} $target" in',
    ...commands.flatMap((c) => branches(name, c)),
    '  esac',
    '}',
    '',
    `complete -F ${name} -- ${shellWord(program)}`,
    '',
  ].join('\n');
};

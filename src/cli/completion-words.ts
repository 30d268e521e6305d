import type { OptionSpec } from './command-spec.js';

/** One word of bash or zsh, whatever is in it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A name of functions of ours: letters, digits and underscores only. */
export const functionName = (program: string): string => `_${program.replace(/\W/g, '_')}`;

/** The name of the program in a comment, which ends with its line. */
export const commentName = (program: string): string => program.replace(/[^\w.-]/g, '_');

/** How an option is written: the long form first. */
export const writtenAs = (option: OptionSpec): readonly string[] => [
  `--${option.name}`,
  ...(option.short === undefined ? [] : [`-${option.short}`]),
];

/** A description in the few words that a menu has room for: its first sentence, without marks of Markdown. */
export const menuText = (description: string): string => {
  const line = description.replaceAll('`', '').replace(/\s+/g, ' ').trim();
  const end = line.search(/(?<!\be\.g|\bi\.e)\.(?: |$)/);
  return end < 0 ? line : line.slice(0, end);
};

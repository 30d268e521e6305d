import type { CommandSpec } from './command-spec.js';
import { bashCompletion } from './completion-bash.js';
import { fishCompletion } from './completion-fish.js';
import { zshCompletion } from './completion-zsh.js';

/** The shells that there is a completion script for. */
export const completionShells = ['bash', 'zsh', 'fish'] as const;
export type CompletionShell = (typeof completionShells)[number];

const scripts: Readonly<Record<CompletionShell, (program: string, commands: readonly CommandSpec[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/**
 * The completion script of a shell. It holds everything that it needs: it neither runs the program nor takes the package bash-completion.
 * @param program its name on the command line
 * @param commands with their options and arguments
 */
export const completionScript = (shell: CompletionShell, program: string, commands: readonly CommandSpec[]): string =>
  scripts[shell](program, commands);

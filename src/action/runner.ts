import type { CommandFiles } from '../github/command-files.js';
import type { Core } from '../github/deliver.js';

/** The runner, as the action uses it: of `@actions/core` what prints, and the files of the runner. */
export interface Runner extends Core, CommandFiles {
  readonly setSecret: (secret: string) => void;
}

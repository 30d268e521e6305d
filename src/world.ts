import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, UserError } from './model/errors.js';
import type { Redactor } from './model/redact.js';
import type { OpenContext } from './open.js';

/** What a run takes of the world beside its inputs. */
export interface World extends OpenContext {
  readonly now: () => Date;
  /** Knows every secret of the run. */
  readonly redactor: Redactor;
  /** A step of the work, for people who wait. */
  readonly step: (text: string, how?: string) => void;
  /** Told the name of a run before it makes the first object in a cluster, and undefined when all is given back: a later process may have to. */
  readonly onActing?: (run: string | undefined) => void;
  /** Told the name of an end-to-end run before it is made, and undefined when it is gone or is to stay. */
  readonly onE2eRun?: (name: string | undefined) => void;
  /** Where the archive of an end-to-end run is kept; beside the reports in the directory of the run without. */
  readonly archiveDirectory?: string;
  /** Release data are kept here between runs. */
  readonly cacheDirectory: string;
}

type Given = Omit<World, 'now' | 'directory' | 'cacheDirectory'>;

/** Where downloads and release data stay between runs. */
const cacheOf = (env: Given['env']): string => {
  const base = env['XDG_CACHE_HOME'] || (env['HOME'] ? join(env['HOME'], '.cache') : join(homedir(), '.cache'));
  return join(base, 'scs-kaas');
};

const makeTemporary = (parent: string): Promise<string> => mkdtemp(join(parent, 'scs-kaas-'));

/** In a job container the directory of the runner may belong to another user: any other place is as good for this job. */
const workDirectory = async ({ env, log }: Pick<Given, 'env' | 'log'>): Promise<string> => {
  const given = env['RUNNER_TEMP'];
  const problems: string[] = [];
  for (const parent of [...(given ? [given] : []), env['TMPDIR'] || tmpdir()]) {
    try {
      const made = await makeTemporary(parent);
      if (problems.length > 0) log(`${problems.join(' ')} ${parent} is used instead.`);
      return made;
    } catch (cause) {
      problems.push(`Cannot make a directory for temporary files in ${parent}: ${reasonOf(cause)}.`);
    }
  }
  throw new UserError([`${problems.join(' ')} Set TMPDIR (in a workflow RUNNER_TEMP) to a directory that can be written.`]);
};

/**
 * The real world: this machine's clock and file system.
 * @returns the world with a directory of its own (mode 0700), and what removes that directory
 * @throws {UserError} where no directory can be made
 */
export const temporaryWorld = async (given: Given): Promise<{ world: World; remove: () => Promise<void> }> => {
  const directory = await workDirectory(given);
  return {
    world: { ...given, now: () => new Date(), directory, cacheDirectory: cacheOf(given.env) },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
};

import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, UserError } from '../model/errors.js';
import type { Redactor } from '../text/redact.js';
import type { SourceContext } from '../sources/source.js';

/** Something that a run makes, and that a later process may have to give back in its place. */
export type ResourceKind = 'sandbox' | 'kind-cluster' | 'e2e-run';

/** What a run uses beside its inputs: clock, environment, log, signal, secrets and directories. */
export interface Runtime extends SourceContext {
  readonly now: () => Date;
  /** Knows every secret of the run. */
  readonly redactor: Redactor;
  /** A step of the work, for people who wait. */
  readonly step: (text: string, how?: string) => void;
  /**
   * Called with the id of a resource before it is made, and with undefined once it is gone or is to stay: a later process may have to give it back.
   * @param state what that process needs for it, beside the id
   * @returns false if no later process will know of it
   */
  readonly onResource: (kind: ResourceKind, id: string | undefined, state?: string) => boolean;
  /** Called with the folder of kind's logs if its cluster did not come up. */
  readonly onKindLogs?: ((folder: string) => void) | undefined;
  /** True if a later process gives a kind cluster back, so that closing leaves it. */
  readonly leaveCluster: boolean;
  /** Where the archive of an end-to-end run is kept; beside the reports in the directory of the run without. */
  readonly archiveDirectory?: string | undefined;
  /** Release data are kept here between runs. */
  readonly cacheDirectory: string;
}

type Given = Omit<Runtime, 'now' | 'directory' | 'cacheDirectory'>;

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
 * The runtime of this machine: its clock and its file system.
 * @returns the runtime with a directory of its own (mode 0700), and what removes that directory
 * @throws {UserError} if no directory can be made
 */
export const createRuntime = async (given: Given): Promise<{ runtime: Runtime; remove: () => Promise<void> }> => {
  const directory = await workDirectory(given);
  return {
    runtime: { ...given, now: () => new Date(), directory, cacheDirectory: cacheOf(given.env) },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
};

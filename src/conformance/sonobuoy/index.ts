import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotAvailable, reasonOf, UserError } from '../../model/errors.js';
import type { Permission } from '../../model/fact.js';
import type { Api } from '../../model/ports.js';
import { assertAllowed } from '../../facts/access-reviews.js';
import { runInstalled, type Tool } from '../../tools/install.js';
import type { Ended } from '../../system/run-program.js';
import { findOwn, findRuns, type OwnRun } from './find.js';
import { followRun, type Following } from './follow.js';
import { byHand, settingsInWords, type RunSettings } from './identity.js';
import { generateArguments, registryList, testVersion, parseManifest, type RunImages } from './manifest.js';
import { obtainSonobuoy, type Installation } from './program.js';
import { removeRun } from './remove.js';
import { retrieveArchive } from './retrieve.js';
import { startObjection, startRun } from './start.js';
import { inMinutes, outageCaveats } from './status.js';
import { withoutValues } from '../../text/without-values.js';

/** What a run of the tests takes of its surroundings. */
export interface RunContext {
  /** Ends with the process. */
  readonly api: Api;
  /** Outlasts the end: for giving back. */
  readonly lasting: Api;
  readonly kubeconfig: () => Promise<string>;
  readonly env: Installation['env'];
  readonly secret?: Installation['secret'];
  readonly signal: AbortSignal;
  /** A directory of this process, mode 0700. */
  readonly directory: string;
  /** Where the archive is kept. */
  readonly archives: string;
  /** Who starts it: another one's run is never taken over. */
  readonly owner: string;
  /** Which no other run has. */
  readonly name: string;
  readonly settings: RunSettings;
  readonly images: RunImages;
  readonly program: Pick<Installation, 'version' | 'sha256' | 'downloads'>;
  /** How long this process waits for it, in milliseconds. */
  readonly waitMs: number;
  /** What becomes of it where this process is ended. */
  readonly onCancel: 'delete' | 'keep';
  /** Rights that starting takes. */
  readonly permissions: readonly Permission[];
  readonly log: (line: string) => void;
  readonly step: (text: string) => void;
  /** Told the name of a run before it is made, and undefined when it is gone or is to stay: a later process may have to remove it. */
  readonly onRun: (name: string | undefined) => void;
  /** Shorter times, for tests. */
  readonly times?: (Following['times'] & { readonly pauseMs?: number | undefined }) | undefined;
}

/** What came of it. */
export type RunOutcome = { readonly warnings: readonly string[] } & (
  | {
      readonly state: 'finished';
      readonly archive: string;
      /** What everyone must know who reads the results. */
      readonly caveats: readonly string[];
    }
  /** It goes on in the cluster. */
  | { readonly state: 'running'; readonly why: string }
  /** There are no results, and there will be none. */
  | { readonly state: 'none'; readonly why: string }
);

const resume = 'the same step again, in a later job or on the next day, waits on and collects the results';

const none = (why: string, warnings: readonly string[] = []): RunOutcome => ({ state: 'none', why, warnings });

/** Runs `sonobuoy gen`, with a directory of its own that holds what it reads. */
const printManifest = async (sonobuoy: Tool, context: RunContext, version: string): Promise<Ended> => {
  const { settings, images, env, directory, signal } = context;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const home = await mkdtemp(join(directory, 'generate-'));
  try {
    const list = join(home, 'registries.yaml');
    if (images.registry !== undefined) await writeFile(list, registryList(images.registry), { flag: 'wx' });
    const args = generateArguments(settings, images, version, sonobuoy.version, images.registry === undefined ? undefined : list);
    return await runInstalled(sonobuoy, { ...env, HOME: home }, { args, timeoutMs: 60_000, stop: signal });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

/** @throws {UserError} where Sonobuoy does not say what is to be made */
const generate = async (sonobuoy: Tool, context: RunContext, gitVersion: string) => {
  const version = testVersion(gitVersion);
  if (version === undefined)
    throw new UserError([`The version of the cluster (${gitVersion.slice(0, 60)}) names no version of the end-to-end tests.`]);
  const ended = await printManifest(sonobuoy, context, version);
  if (ended.how !== 'exit' || ended.code !== 0)
    throw new UserError([`"sonobuoy gen" failed: ${withoutValues(ended.tail.at(-1) ?? ended.how)}. Take another version of Sonobuoy.`]);
  return parseManifest(ended.stdout);
};

/** Runs of the end-to-end tests in one cluster. */
export class E2eRuns {
  constructor(
    private readonly context: RunContext,
    /** A run of ours that is there, to be followed before anything else is done in the cluster. */
    readonly pending: OwnRun | undefined,
    private readonly refusal: string | undefined,
  ) {}

  /** Resumes the one that is there or starts one, follows it, fetches its archive and removes it. */
  async toEnd(gitVersion: string): Promise<RunOutcome> {
    const { context } = this;
    if (this.refusal !== undefined) return none(this.refusal);
    let [own, made] = [this.pending, false];
    try {
      const { env, secret, signal, log, directory, program } = context;
      const sonobuoy = await obtainSonobuoy({ env, secret, signal, log, directory, ...program });
      if (own === undefined) {
        own = await this.#start(sonobuoy, gitVersion, () => (made = true));
        log(`started the end-to-end tests: ${settingsInWords(context.settings)}`);
      } else {
        context.onRun(own.name);
        log(`resuming the end-to-end run of ${own.created}: ${settingsInWords(context.settings)}`);
      }
      return await this.#follow(sonobuoy, own);
    } catch (error) {
      if (!(error instanceof NotAvailable || error instanceof UserError)) throw error;
      if (own === undefined && !made) return none(reasonOf(error));
      return this.#unfinished(own, reasonOf(error), made);
    }
  }

  async #start(sonobuoy: Tool, gitVersion: string, onMade: () => void): Promise<OwnRun> {
    const { api, lasting, permissions, name, owner, settings, signal, onRun } = this.context;
    await assertAllowed(api, permissions, 'no run was started');
    const objects = await generate(sonobuoy, this.context, gitVersion);
    return startRun(lasting, objects, { name, owner, settings, signal }, () => {
      onMade();
      onRun(name);
    });
  }

  async #follow(sonobuoy: Tool, own: OwnRun): Promise<RunOutcome> {
    const { api, signal, waitMs, log, step, times, onCancel } = this.context;
    const followed = await followRun(api, own, { signal, waitMs, log, step, times });
    switch (followed.end) {
      case 'broken':
        return none(`the end-to-end run cannot come to its end: ${followed.why}`, await this.#remove(own));
      case 'refused':
        return this.#stays(
          `how far the end-to-end run is can no longer be seen (${followed.why}); it is left as it is: when that is mended, ${resume}`,
        );
      case 'stopped':
        if (onCancel === 'delete') return none('this run was ended before the tests had ended', await this.#remove(own));
        return this.#stays(`still running: ${followed.progress}; ${resume}`);
      case 'time':
        return this.#stays(`still running after ${inMinutes(waitMs)}: ${followed.progress}; ${resume}`);
      case 'complete': {
        const { env, kubeconfig, directory, archives } = this.context;
        const retrieval = { sonobuoy, env, kubeconfig, directory, into: archives, signal, log, pauseMs: times?.pauseMs };
        const got = await retrieveArchive(retrieval, followed.status.archive);
        if ('path' in got)
          return { state: 'finished', archive: got.path, caveats: outageCaveats(followed.awayMs), warnings: await this.#remove(own) };
        if (signal.aborted && onCancel === 'delete')
          return none('this run was ended before the results were fetched', await this.#remove(own));
        // What took hours stays where it is until somebody has it.
        return this.#stays(`the tests have ended, and their archive could not be fetched: ${got.why}; ${resume}`);
      }
    }
  }

  #stays(why: string): RunOutcome {
    this.context.onRun(undefined);
    return { state: 'running', why, warnings: [] };
  }

  /** A start that broke in the middle: what is there of it goes again. */
  async #unfinished(own: OwnRun | undefined, why: string, made: boolean): Promise<RunOutcome> {
    if (!made) return this.#stays(`${why}; the run is left as it is, and ${resume}`);
    const { lasting, name } = this.context;
    const found = own ?? (await findOwn(lasting, { signal: new AbortController().signal }).catch(() => undefined));
    if (found === undefined) return none(why, [`Something of the end-to-end run may be there. Remove it with: ${byHand}`]);
    // Under another name it is another run.
    return none(why, found.name === name ? await this.#remove(found) : []);
  }

  async #remove(own: OwnRun): Promise<readonly string[]> {
    const { lasting, step, log, onRun } = this.context;
    log('removing the end-to-end run from the cluster');
    const { removed, warnings } = await removeRun(lasting, own, { signal: new AbortController().signal, step });
    if (warnings.length === 0) onRun(undefined);
    log(`removed ${removed.length === 0 ? 'nothing' : removed.join(', ')}`);
    return warnings;
  }
}

/**
 * Looks for runs of the end-to-end tests that are in a cluster, before anything is done there.
 * @returns what to do with them; a cluster that does not show them starts none
 */
export const e2eRuns = async (context: RunContext): Promise<E2eRuns> => {
  try {
    const found = await findRuns(context.api, { signal: context.signal });
    const refusal = startObjection(found, context.owner, context.settings);
    return new E2eRuns(context, refusal === undefined ? found.own : undefined, refusal);
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    return new E2eRuns(context, undefined, `whether an end-to-end run is in the cluster could not be seen: ${reasonOf(error)}`);
  }
};

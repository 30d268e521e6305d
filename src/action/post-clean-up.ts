import { parseInputs } from '../inputs/parse.js';
import { NotAvailable, reasonOf, UserError } from '../model/errors.js';
import type { Api } from '../model/ports.js';
import { cleanUpRuns } from '../probes/sandbox/clean-up.js';
import { isRunId, removalCommand } from '../probes/sandbox/identity.js';
import { listOrphans } from '../probes/sandbox/orphans.js';
import { nothingLeft } from './state.js';
import { rawInputsOf } from '../inputs/from-env.js';
import type { RawInputs } from '../inputs/layers.js';
import { inputSpecs } from '../inputs/list.js';
import { kubeconfigDefaults, kubeconfigSource } from '../sources/kubeconfig.js';
import type { SourceContext } from '../sources/source.js';
import { deadlineAfter } from '../system/deadline.js';

/** The whole of it; a job that was cancelled waits for nothing else. */
const maxMs = 60_000;
/** What a request may still make that was sent before the main step was killed: an admission webhook takes 30 s at most. */
export const unsureMs = 35_000;

/** Shorter times, for tests. */
export interface Times {
  readonly maxMs?: number | undefined;
  readonly unsureMs?: number | undefined;
}

/** What opening the cluster again takes. */
export interface PostContext extends Omit<SourceContext, 'signal'> {
  /** As `parseConnection` gives it. */
  readonly connection?: RawInputs | undefined;
}

/**
 * Opens the cluster that the inputs of the main step lead to, for giving back what it made there.
 * @param most how long all of it may take, in milliseconds
 * @param otherwise what is told where it cannot be had, with the reason
 * @returns warnings; never throws for what a cluster does
 */
export const inSameCluster = async (
  context: PostContext,
  most: number,
  use: (api: Api, name: string, signal: AbortSignal) => Promise<readonly string[]>,
  otherwise: (why: string) => string,
): Promise<readonly string[]> => {
  const { signal, clear } = deadlineAfter(most);
  try {
    const { kubeconfig: given } = rawInputsOf(context.env, inputSpecs).raw;
    const others = { config: { values: context.connection ?? {}, name: 'the saved state' } };
    const { cluster } = parseInputs({ kubeconfig: given }, { standards: [], reports: () => [] }, 'action', others);
    if (cluster.from !== 'kubeconfig') return [];
    const { kubeconfig, context: name, connection } = cluster;
    const options = { ...kubeconfigDefaults, ...connection, kubeconfig, context: name, firstAnswer: 'later' } as const;
    const opened = await kubeconfigSource.open(options, { ...context, signal });
    try {
      return opened.cluster.live ? await use(opened.cluster.api, opened.name, signal) : [];
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof NotAvailable || error instanceof UserError)) throw error;
    return [otherwise(reasonOf(error))];
  } finally {
    clear();
  }
};

/**
 * Removes what a main step has made that was killed before it could do so itself, in the cluster that the same inputs lead to.
 * @param saved as the main step saved it
 * @returns warnings, with the command that removes what is left; never throws for what a cluster does
 */
export const cleanUpActing = async (saved: string, context: PostContext, times: Times = {}): Promise<readonly string[]> => {
  if (saved === '' || saved === nothingLeft) return [];
  if (!isRunId(saved)) return ['The saved state names no run of this action; nothing was removed.'];
  const most = times.maxMs ?? maxMs;
  const giveBack = async (api: Api, name: string, signal: AbortSignal): Promise<readonly string[]> => {
    context.log(`removing what run ${saved} has made in ${name}`);
    const found = await listOrphans(api, saved).catch(() => undefined);
    const { removed, warnings } = await cleanUpRuns(api, [saved], {
      signal,
      volumes: true,
      maxMs: most,
      unsureMs: found?.length === 0 ? (times.unsureMs ?? unsureMs) : 0,
    });
    context.log(removed.length === 0 ? 'nothing of it was there' : `removed ${removed.join(', ')}`);
    return warnings;
  };
  return inSameCluster(
    context,
    most,
    giveBack,
    (why) => `What run ${saved} has made may still be there: ${why} Remove it with: ${removalCommand(saved)}`,
  );
};

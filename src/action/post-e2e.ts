import { byHand } from '../conformance/sonobuoy/identity.js';
import { findOwnRun, removeRun } from '../conformance/sonobuoy/remove.js';
import type { Api } from '../model/ports.js';
import { inSameCluster, unsureMs, type PostContext, type Times } from './post-clean-up.js';
import { nothingLeft } from './state.js';
import { again, poll } from '../system/poll.js';

/** The platform ends a cancelled job after five minutes, whatever it does. */
const maxMs = 240_000;

/**
 * Removes the end-to-end run of a main step that was cancelled before it could do so itself. A run that is to stay was not saved.
 * @param saved the name of the run, as the main step saved it
 * @returns warnings, with the command that removes what is left; never throws for what a cluster does
 */
export const cleanUpE2e = async (saved: string, context: PostContext, times: Times = {}): Promise<readonly string[]> => {
  if (saved === '' || saved === nothingLeft) return [];
  const most = times.maxMs ?? maxMs;
  const giveBack = async (api: Api, name: string, signal: AbortSignal): Promise<readonly string[]> => {
    const run = await poll({
      look: () => findOwnRun(api, saved, signal),
      everyMs: 2_000,
      signal,
      until: (found, { totalMs }) => (found !== undefined || totalMs >= (times.unsureMs ?? unsureMs) ? found : again),
    });
    if (run === undefined) return [];
    context.log(`removing the end-to-end run from ${name}`);
    const { removed, warnings } = await removeRun(api, run, { signal, step: () => undefined, maxMs: most });
    context.log(removed.length === 0 ? 'nothing of it was there' : `removed ${removed.join(', ')}`);
    return warnings;
  };
  return inSameCluster(context, most, giveBack, (why) => `The end-to-end run may still be there: ${why} Remove it with: ${byHand}`);
};

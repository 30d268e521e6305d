import { rmSync } from 'node:fs';
import { byHand } from './conformance/sonobuoy/identity.js';
import { exitCodes } from './exit.js';
import { removalCommand } from './probes/guest/identity.js';
import type { World } from './world.js';

/** A launcher (npx) hands a signal on that the terminal has sent to both: a second one of a person comes later. */
const twiceMs = 1_000;
/** Without anything to give back a run reports what it has seen, and ends; what hangs all the same is left behind. */
const lastMs = 8_000;
/** Giving back takes what it takes, within bounds of its own. */
const againMs = 1_000;

export interface Interrupts {
  readonly signal: AbortSignal;
  /** What is to be given back, for the words of an early end. */
  readonly noted: Required<Pick<World, 'onActing' | 'onCreatingCluster' | 'onE2eRun'>>;
  /** Told the directory of the run, which nothing may outlive. */
  readonly ownDirectory: (path: string) => void;
}

/**
 * Ends a run early by a signal: the first one gives everything back, a second SIGINT ends at once and says what is left.
 * @param say a line for people
 */
export const onInterrupt = (say: (line: string) => void): Interrupts => {
  const stop = new AbortController();
  const left = new Map<'run' | 'kind' | 'e2e' | 'directory', string>();
  let since = 0;
  /** Since when nothing is to be given back any more: the report is written after that. */
  let freeSince = Number.NEGATIVE_INFINITY;
  const done = (what: 'run' | 'e2e'): void => {
    if (left.delete(what)) freeSince = performance.now();
  };
  const endNow = (): never => {
    const directory = left.get('directory');
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    process.exit(exitCodes.interrupted);
  };
  const endAtLast = (): void => {
    const restMs = freeSince + lastMs - performance.now();
    if (restMs > 0 || left.has('run') || left.has('kind') || left.has('e2e')) {
      setTimeout(endAtLast, Math.max(againMs, restMs)).unref();
      return;
    }
    say('interrupted: something does not end, and is left behind');
    endNow();
  };
  const interrupt = (name: NodeJS.Signals): void => {
    if (!stop.signal.aborted) {
      since = performance.now();
      say('interrupted: giving everything back');
      stop.abort();
      setTimeout(endAtLast, lastMs).unref();
      return;
    }
    // A runner that cancels a job sends another signal soon, and counts on the time between that and the end.
    if (name !== 'SIGINT' || performance.now() - since < twiceMs) return;
    const [run, kind] = [left.get('run'), left.get('kind')];
    say('interrupted again: ending at once');
    if (run !== undefined) say(`What run ${run} made in the cluster may still be there. Remove it with: ${removalCommand(run)}`);
    if (kind !== undefined) say(`The kind cluster ${kind} may still be there. Delete it with: kind delete cluster --name ${kind}`);
    if (left.has('e2e')) say(`The end-to-end run may still be there. Resume it with the same command, or remove it with: ${byHand}`);
    endNow();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  return {
    signal: stop.signal,
    noted: {
      onActing: (run) => {
        if (run === undefined) done('run');
        else left.set('run', run);
      },
      onCreatingCluster: ({ name }) => void left.set('kind', name),
      onE2eRun: (name) => {
        if (name === undefined) done('e2e');
        else left.set('e2e', name);
      },
    },
    ownDirectory: (path) => void left.set('directory', path),
  };
};

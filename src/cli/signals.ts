import { rmSync } from 'node:fs';
import { byHand } from '../conformance/sonobuoy/identity.js';
import { exitCodes } from '../evaluation/exit-code.js';
import { removalCommand } from '../probes/sandbox/identity.js';
import type { ResourceKind, Runtime } from '../run/runtime.js';

/** A launcher (npx) hands a signal on that the terminal has sent to both: a second one of a person comes later. */
const twiceMs = 1_000;
/** Without anything to give back a run reports what it has seen, and ends; what hangs all the same is left behind. */
const lastMs = 8_000;
/** Giving back takes what it takes, within bounds of its own. */
const againMs = 1_000;

export interface Interrupts {
  readonly signal: AbortSignal;
  /** Remembers what is to be given back, for the words of an early end. */
  readonly onResource: Runtime['onResource'];
  /** Told the directory of the run, which nothing may outlive. */
  readonly ownDirectory: (path: string) => void;
}

/** What is to be removed by hand if a run ends at once. */
const leftBehind = (left: ReadonlyMap<ResourceKind, string>): readonly string[] => {
  const [run, cluster] = [left.get('sandbox'), left.get('kind-cluster')];
  return [
    ...(run === undefined ? [] : [`What run ${run} made in the cluster may still be there. Remove it with: ${removalCommand(run)}`]),
    ...(cluster === undefined
      ? []
      : [`The kind cluster ${cluster} may still be there. Delete it with: kind delete cluster --name ${cluster}`]),
    ...(left.has('e2e-run')
      ? [`The end-to-end run may still be there. Resume it with the same command, or remove it with: ${byHand}`]
      : []),
  ];
};

/**
 * Ends a run early by a signal: the first one gives everything back, a second SIGINT ends at once and says what is left.
 * @param say a line for people
 */
export const onInterrupt = (say: (line: string) => void): Interrupts => {
  const stop = new AbortController();
  const left = new Map<ResourceKind, string>();
  let directory: string | undefined;
  let since = 0;
  /** Since when nothing is to be given back any more: the report is written after that. */
  let freeSince = Number.NEGATIVE_INFINITY;
  const endNow = (): never => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    process.exit(exitCodes.interrupted);
  };
  const endAtLast = (): void => {
    const restMs = freeSince + lastMs - performance.now();
    if (restMs > 0 || left.size > 0) {
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
    say('interrupted again: ending at once');
    leftBehind(left).forEach(say);
    endNow();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const onResource: Runtime['onResource'] = (kind, id) => {
    if (id !== undefined) left.set(kind, id);
    else if (left.delete(kind)) freeSince = performance.now();
    return true;
  };
  return { signal: stop.signal, onResource, ownDirectory: (path) => (directory = path) };
};

import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { onInterrupt } from './signals.js';
import { UserError } from '../model/errors.js';
import { createRuntime, type Runtime } from '../run/runtime.js';
import { progressView } from './progress.js';
import { oneLine, printable, redactor, secret } from './screen.js';

/** What a job on a cluster works with. */
export interface Job {
  readonly runtime: Runtime;
  /** A line on standard error that stays. */
  readonly say: (line: string) => void;
  /** Ends the display of progress: a report follows. */
  readonly settle: () => void;
}

/** Runs one job with a runtime of its own, which an interruption ends early. */
export const withRuntime = async (job: (job: Job) => Promise<ExitCode>): Promise<ExitCode> => {
  const view = progressView(process.stderr, process.env['CI'] !== undefined || process.env['TERM'] === 'dumb', oneLine);
  const say = (line: string): void => view.line(printable(line));
  const { signal, onResource, ownDirectory } = onInterrupt(say);
  const { runtime, remove } = await createRuntime({
    env: process.env,
    signal,
    redactor,
    secret,
    log: say,
    step: view.step,
    leaveCluster: false,
    archiveDirectory: process.cwd(),
    onResource,
  });
  ownDirectory(runtime.directory);
  try {
    const code = await job({ runtime, say, settle: view.stop });
    return signal.aborted ? exitCodes.interrupted : code;
  } catch (error) {
    if (!signal.aborted || !(error instanceof UserError)) throw error;
    say(error.message);
    return exitCodes.interrupted;
  } finally {
    view.stop();
    await remove();
  }
};

import { exitCodes, type ExitCode } from '../exit.js';
import { onInterrupt } from '../interrupt.js';
import { UserError } from '../model/errors.js';
import { temporaryWorld, type World } from '../world.js';
import { progressView } from './progress.js';
import { oneLine, printable, redactor, secret } from './screen.js';

/** What a job on a cluster works with. */
export interface Workplace {
  readonly world: World;
  /** A line on standard error that stays. */
  readonly say: (line: string) => void;
  /** Ends the display of progress: a report follows. */
  readonly settle: () => void;
}

/** Runs one job in a world of its own, which an interruption ends early. */
export const inWorld = async (job: (workplace: Workplace) => Promise<ExitCode>): Promise<ExitCode> => {
  const view = progressView(process.stderr, process.env['CI'] !== undefined);
  const say = (line: string): void => view.line(printable(line));
  const { signal, noted, ownDirectory } = onInterrupt(say);
  const { world, remove } = await temporaryWorld({
    env: process.env,
    signal,
    redactor,
    secret,
    log: say,
    step: (text, how) => view.step(oneLine(text), how === undefined ? how : oneLine(how)),
    leaveCluster: false,
    archiveDirectory: process.cwd(),
    ...noted,
  });
  ownDirectory(world.directory);
  try {
    const code = await job({ world, say, settle: view.stop });
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

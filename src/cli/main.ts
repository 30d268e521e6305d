import { exitCodes, exitOfError, type ExitCode } from '../evaluation/exit-code.js';
import { reasonOf, UserError } from '../model/errors.js';
import { tool } from '../model/tool.js';
import { endSoon } from '../system/deadline.js';
import { guardOutput } from './output.js';
import { width, write, writeError } from './screen.js';

const { env, stderr, stdout } = process;

const done = (text: string): ExitCode => {
  write(text);
  return exitCodes.fine;
};

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

const run = async (words: readonly string[]): Promise<ExitCode> => {
  const [first, ...rest] = words;
  // Words about the program itself need nothing else of it.
  if (first === 'version' || first === '--version' || first === '-V') return done(`${tool.name} ${tool.version}\n`);
  const { runCommand, helpOf } = await import(/* webpackMode: "eager" */ './dispatch.js');
  if (first === undefined || isHelp(first) || first === 'help')
    return done(helpOf(first === 'help' ? rest.find((word) => !isHelp(word)) : undefined, width));
  const end = rest.indexOf('--');
  if (rest.slice(0, end < 0 ? undefined : end).some(isHelp)) return done(helpOf(first, width));
  return runCommand(first, rest);
};

/** The oldest Node that has all that is used, e.g. proxies of the built-in agents. */
const oldestNode = 24;

const answer = async (): Promise<void> => {
  try {
    if (Number(process.versions.node.split('.')[0]) < oldestNode)
      throw new UserError([
        `scs-kaas needs Node ${oldestNode} or later, and this is ${process.version}. Get a newer one at https://nodejs.org/en/download.`,
      ]);
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    const known = error instanceof UserError;
    writeError(known ? `${error.message}\n` : `scs-kaas failed: ${reasonOf(error)}\nPlease report this; SCS_KAAS_DEBUG=1 shows more.\n`);
    if (!known && env['SCS_KAAS_DEBUG'] === '1') writeError(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    process.exitCode = exitOfError(error);
  }
};

/** Last of all: what the job ends with counts nothing where nobody could get its report. */
const unwritten = (error: Error): void => {
  stderr.write(`Cannot write to standard output: ${error.message}.\n`);
  process.on('exit', () => {
    process.exitCode = exitCodes.internal;
  });
};

/** Runs the command line in this process, and ends it. */
export const main = async (): Promise<void> => {
  guardOutput(stdout, unwritten);
  guardOutput(stderr, () => undefined);
  await answer().finally(() => endSoon());
};

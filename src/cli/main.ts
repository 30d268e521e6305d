import { exitCodes, exitOfError, type ExitCode } from '../evaluation/exit-code.js';
import { reasonOf, UserError } from '../model/errors.js';
import { endSoon } from '../system/deadline.js';
import { optionsOf, parseArguments, type Arguments } from './arguments.js';
import { helpText } from './help.js';
import { guardOutput } from './output.js';
import { writeError, width, write } from './screen.js';
import { tool } from '../model/tool.js';

const { env, stderr, stdout } = process;

/** Words about the program itself, which need nothing else of it. */
const isAboutProgram = ({ command }: Arguments): boolean => command === 'help' || command === 'version';

const argumentsOf = async (words: readonly string[]): Promise<Arguments> => {
  if (words.length < 2) {
    const args = parseArguments(words);
    if (isAboutProgram(args)) return args;
  }
  const { prepareSecrets, inputProblems } = await import(/* webpackMode: "eager" */ './inputs.js');
  await prepareSecrets(optionsOf(words));
  return parseArguments(words, inputProblems);
};

/** Runs a command. Each loads what it takes and no more: loading everything takes longer than most commands. */
const runCommand = async (args: Arguments): Promise<ExitCode> => {
  switch (args.command) {
    case 'check':
      return (await import(/* webpackMode: "eager" */ './check.js')).runCheck(args);
    case 'record':
      return (await import(/* webpackMode: "eager" */ './check.js')).runRecord(args);
    case 'upload':
      return (await import(/* webpackMode: "eager" */ './upload.js')).runUpload(args);
    case 'merge':
      return (await import(/* webpackMode: "eager" */ './merge.js')).runMerge(args);
    case 'cleanup':
      return (await import(/* webpackMode: "eager" */ './cleanup.js')).runCleanUp(args);
    case 'list':
      return (await import(/* webpackMode: "eager" */ './catalogue.js')).runList(args);
    case 'explain':
      return (await import(/* webpackMode: "eager" */ './catalogue.js')).runExplain(args);
    case 'permissions':
      return (await import(/* webpackMode: "eager" */ './permissions.js')).permissions(args);
    case 'help':
      write(helpText(width));
      return exitCodes.fine;
    case 'version':
      write(`${tool.name} ${tool.version}\n`);
      return exitCodes.fine;
  }
};

/** The oldest Node that has all that is used, e.g. proxies of the built-in agents. */
const oldestNode = 24;

const answer = async (): Promise<void> => {
  try {
    if (Number(process.versions.node.split('.')[0]) < oldestNode)
      throw new UserError([
        `scs-kaas needs Node ${oldestNode} or newer, and this is ${process.version}. Install Node ${oldestNode}: https://nodejs.org/en/download`,
      ]);
    process.exitCode = await runCommand(await argumentsOf(process.argv.slice(2)));
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

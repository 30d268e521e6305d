import { exitCodes, exitOfError, type ExitCode } from '../evaluation/exit-code.js';
import { reasonOf, UserError } from '../model/errors.js';
import { endSoon } from '../system/deadline.js';
import { optionsOf, parseArguments, type Arguments, type Command } from './arguments.js';
import { helpText } from './help.js';
import { guardOutput } from './output.js';
import { writeError, width, write } from './screen.js';
import { tool } from '../model/tool.js';

const { env, stderr, stdout } = process;

const argumentsOf = async (words: readonly string[]): Promise<Arguments> => {
  if (words.length < 2) {
    const args = parseArguments(words);
    // Words about the program itself need nothing else of it.
    if (args.command === 'help' || args.command === 'version') return args;
  }
  const { prepareSecrets, inputProblems } = await import(/* webpackMode: "eager" */ './inputs.js');
  await prepareSecrets(optionsOf(words));
  return parseArguments(words, inputProblems);
};

const done = (text: string): ExitCode => {
  write(text);
  return exitCodes.fine;
};

/** Each loads what it takes and no more: loading everything takes longer than most commands. */
const commands: Readonly<Record<Command, (args: Arguments) => ExitCode | Promise<ExitCode>>> = {
  check: async (args) => (await import(/* webpackMode: "eager" */ './check.js')).runCheck(args),
  record: async (args) => (await import(/* webpackMode: "eager" */ './check.js')).runRecord(args),
  upload: async (args) => (await import(/* webpackMode: "eager" */ './upload.js')).runUpload(args),
  merge: async (args) => (await import(/* webpackMode: "eager" */ './merge.js')).runMerge(args),
  cleanup: async (args) => (await import(/* webpackMode: "eager" */ './cleanup.js')).runCleanUp(args),
  list: async (args) => (await import(/* webpackMode: "eager" */ './catalogue.js')).runList(args),
  explain: async (args) => (await import(/* webpackMode: "eager" */ './catalogue.js')).runExplain(args),
  permissions: async (args) => (await import(/* webpackMode: "eager" */ './permissions.js')).permissions(args),
  help: () => done(helpText(width)),
  version: () => done(`${tool.name} ${tool.version}\n`),
};

/** The oldest Node that has all that is used, e.g. proxies of the built-in agents. */
const oldestNode = 24;

const answer = async (): Promise<void> => {
  try {
    if (Number(process.versions.node.split('.')[0]) < oldestNode)
      throw new UserError([
        `scs-kaas needs Node ${oldestNode} or newer, and this is ${process.version}. Install Node ${oldestNode}: https://nodejs.org/en/download`,
      ]);
    const args = await argumentsOf(process.argv.slice(2));
    process.exitCode = await commands[args.command](args);
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

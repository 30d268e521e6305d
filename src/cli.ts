import { exitCodes, exitOfError, type ExitCode } from './exit.js';
import { reasonOf, UserError } from './model/errors.js';
import { endSoon } from './programs/end-soon.js';
import { optionsOf, parseArguments, type Arguments } from './terminal/arguments.js';
import { helpText } from './terminal/help.js';
import { guardOutput } from './terminal/output.js';
import { tell, width, write } from './terminal/screen.js';
import { tool } from './tool.js';

const { env, stderr, stdout } = process;

/** Words about the program itself, which need nothing else of it. */
const isPlain = ({ command }: Arguments): boolean => command === 'help' || command === 'version';

const argumentsOf = async (words: readonly string[]): Promise<Arguments> => {
  if (words.length < 2) {
    const args = parseArguments(words);
    if (isPlain(args)) return args;
  }
  const { prepareSecrets, problemsOf } = await import(/* webpackMode: "eager" */ './terminal/inputs.js');
  await prepareSecrets(optionsOf(words));
  return parseArguments(words, problemsOf);
};

/** Runs a command. Each loads what it takes and no more: loading everything takes longer than most commands. */
const run = async (args: Arguments): Promise<ExitCode> => {
  switch (args.command) {
    case 'check':
      return (await import(/* webpackMode: "eager" */ './cli-check.js')).runCheck(args);
    case 'record':
      return (await import(/* webpackMode: "eager" */ './cli-check.js')).runRecord(args);
    case 'upload':
      return (await import(/* webpackMode: "eager" */ './terminal/upload.js')).runUpload(args);
    case 'merge':
      return (await import(/* webpackMode: "eager" */ './terminal/merge.js')).runMerge(args);
    case 'cleanup':
      return (await import(/* webpackMode: "eager" */ './terminal/cleanup.js')).runCleanUp(args);
    case 'list':
      return (await import(/* webpackMode: "eager" */ './terminal/catalogue.js')).list(args);
    case 'explain':
      return (await import(/* webpackMode: "eager" */ './terminal/catalogue.js')).explain(args);
    case 'permissions':
      return (await import(/* webpackMode: "eager" */ './terminal/permissions.js')).permissions(args);
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

const main = async (): Promise<void> => {
  try {
    if (Number(process.versions.node.split('.')[0]) < oldestNode)
      throw new UserError([
        `scs-kaas needs Node ${oldestNode} or newer, and this is ${process.version}. Install Node ${oldestNode}: https://nodejs.org/en/download`,
      ]);
    process.exitCode = await run(await argumentsOf(process.argv.slice(2)));
  } catch (error) {
    const known = error instanceof UserError;
    tell(known ? `${error.message}\n` : `scs-kaas failed: ${reasonOf(error)}\nPlease report this; SCS_KAAS_DEBUG=1 shows more.\n`);
    if (!known && env['SCS_KAAS_DEBUG'] === '1') tell(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
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

guardOutput(stdout, unwritten);
guardOutput(stderr, () => undefined);
void main().finally(() => endSoon());

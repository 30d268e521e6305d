import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { readText } from './input-files.js';
import { handInLines } from './monitor/words.js';
import { prepareHandIn, upload } from './upload.js';
import { cleanUpCluster } from './clean-up-runs.js';
import { exitCodes, exitOf, type ExitCode } from './exit.js';
import { parseInputs, type Inputs, type RawInputs } from './inputs.js';
import { onInterrupt } from './interrupt.js';
import { check, type Checked } from './main.js';
import { ClusterError, reasonOf, UserError } from './model/errors.js';
import { didYouMean } from './model/nearest.js';
import { Redactor } from './model/redact.js';
import { workflowLog } from './github/log.js';
import { factsToCollect } from './judge.js';
import { permissionsOf, toManifest } from './rbac.js';
import { explainRequirement, listStandards } from './reporters/catalogue.js';
import { json, markdownFile, scsReport, terminal } from './reporters/index.js';
import { selectStandards } from './select.js';
import { standards } from './standards/index.js';
import { parseArguments, type Arguments } from './terminal/arguments.js';
import { helpText } from './terminal/help.js';
import { guardOutput } from './terminal/output.js';
import { progressView } from './terminal/progress.js';
import { tool } from './tool.js';
import { temporaryWorld, type World } from './world.js';

const { env, stderr, stdout } = process;
const width = stdout.columns || 100;
const redactor = new Redactor();

const write = (text: string): void => {
  stdout.write(redactor.redact(text));
};

/** For standard error: without secrets, and without a line on which the runner of a workflow would act. */
const printable = (text: string): string => workflowLog(redactor.redact(text));

const coloured = (args: Arguments): boolean => args.color ?? (stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb');

/** The report in the form that was asked for: nothing else goes to standard output. */
const reportText = (args: Arguments, { report, checkedAt }: Checked, subject: string | undefined): string => {
  const reporter = { json, markdown: markdownFile, table: terminal, 'scs-report': scsReport }[args.format];
  const deliveries = reporter.report(report, {
    commentKey: '',
    colour: coloured(args),
    width,
    verbose: args.verbose,
    ...(subject === undefined ? {} : { handIn: { subject, runId: randomUUID(), checkedAt } }),
  });
  return deliveries.map((d) => (d.kind === 'terminal' || d.kind === 'file' ? d.text : '')).join('');
};

const inputsOf = (raw: RawInputs): Inputs =>
  parseInputs(
    raw,
    standards.map((s) => s.id),
    'terminal',
  );

const problemsOf = (raw: RawInputs): readonly string[] => {
  try {
    inputsOf(raw);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};

/** What a job on a cluster works with. */
interface Workplace {
  readonly world: World;
  /** A line on standard error that stays. */
  readonly say: (line: string) => void;
  /** Ends the display of progress: a report follows. */
  readonly settle: () => void;
}

/** Runs one job in a world of its own, which an interruption ends early. */
const inWorld = async (job: (workplace: Workplace) => Promise<ExitCode>): Promise<ExitCode> => {
  const view = progressView(stderr, env['CI'] !== undefined);
  const say = (line: string): void => view.line(printable(line));
  const { signal, noted, ownDirectory } = onInterrupt(say);
  const { world, remove } = await temporaryWorld({
    env,
    signal,
    redactor,
    secret: redactor.add,
    log: say,
    step: (text, how) => view.step(printable(text), how),
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

/** Judges a cluster and gives everything back, also where it is interrupted. */
const onCluster = (inputs: Inputs, use: (checked: Checked) => Promise<ExitCode>): Promise<ExitCode> =>
  inWorld(async ({ world, say, settle }) => {
    const checked = await check(inputs, world);
    settle();
    const code = await use(checked);
    for (const warning of await checked.close()) say(`warning: ${warning}`);
    return code;
  });

/** Nothing goes to standard output but what was found and what became of it. */
const runCleanUp = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args.raw);
  const line = (text: string): void => write(`${printable(text)}\n`);
  return inWorld(async ({ world, settle }) => {
    const { lines, left } = await cleanUpCluster(inputs, world, { all: args.all, say: line });
    settle();
    lines.forEach(line);
    return left ? exitCodes.notJudged : exitCodes.fine;
  });
};

const runCheck = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args.raw);
  return onCluster(inputs, (checked) => {
    write(reportText(args, checked, inputs.subject));
    const { code, because } = exitOf(checked.report, inputs.failOn);
    if (because !== '') stderr.write(printable(`exit code ${code}: ${because}\n`));
    return Promise.resolve(code);
  });
};

const runRecord = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args.raw);
  const file = args.positionals[0] ?? '';
  return onCluster(inputs, async (checked) => {
    try {
      await writeFile(file, redactor.redact(checked.snapshot), { mode: 0o644 });
    } catch (cause) {
      throw new UserError([`Cannot write the snapshot to "${file}": ${reasonOf(cause)}.`], { cause });
    }
    stderr.write(`recorded to ${file}; replay it with --cluster snapshot:${file}\n`);
    return exitCodes.fine;
  });
};

/** Hands in a report that was written before; a copy that is there already is no failure. */
const runUpload = async (args: Arguments): Promise<ExitCode> => {
  const { monitor, subject } = inputsOf(args.raw);
  if (monitor === undefined) throw new UserError(['The command "upload" needs "--monitor-url", "--monitor-token" and "--monitor-key".']);
  const text = await readText('FILE', args.positionals[0] ?? '');
  const prepared = await prepareHandIn(monitor, subject, redactor.add);
  return inWorld(async ({ world, say, settle }) => {
    prepared.notes.forEach(say);
    world.step('handing in');
    const handed = await upload(text, prepared, world);
    settle();
    for (const line of handInLines(handed)) write(`${printable(line)}\n`);
    return ['counted', 'stored', 'dry-run'].includes(handed.status) ? exitCodes.fine : exitCodes.notJudged;
  });
};

const explain = (args: Arguments): ExitCode => {
  const id = args.positionals[0] ?? '';
  const text = explainRequirement(standards, id, { colour: coloured(args), width });
  if (text !== undefined) {
    write(text);
    return exitCodes.fine;
  }
  const known = standards.flatMap((s) => s.requirements.map((r) => `${s.id}/${r.id}`));
  throw new UserError([`There is no requirement "${id}".${didYouMean(id, known)} "scs-kaas list" shows all.`]);
};

const permissions = (args: Arguments): ExitCode => {
  const inputs = inputsOf(args.raw);
  const all = permissionsOf(factsToCollect(selectStandards(standards, inputs.standards), inputs.tier));
  write(toManifest(args.role === undefined ? all : all.filter((p) => p.role === args.role)));
  return exitCodes.fine;
};

const run = (args: Arguments): ExitCode | Promise<ExitCode> => {
  switch (args.command) {
    case 'check':
      return runCheck(args);
    case 'record':
      return runRecord(args);
    case 'upload':
      return runUpload(args);
    case 'cleanup':
      return runCleanUp(args);
    case 'list':
      write(listStandards(standards, { colour: coloured(args), width }));
      return exitCodes.fine;
    case 'explain':
      return explain(args);
    case 'permissions':
      return permissions(args);
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
        `scs-kaas needs Node ${oldestNode} or newer, and this is ${process.version}. \`npx -p node@${oldestNode} -p scs-kaas scs-kaas\` brings one.`,
      ]);
    process.exitCode = await run(parseArguments(process.argv.slice(2), problemsOf));
  } catch (error) {
    const known = error instanceof UserError;
    stderr.write(
      printable(known ? `${error.message}\n` : `scs-kaas failed: ${reasonOf(error)}\nPlease report this; SCS_KAAS_DEBUG=1 shows more.\n`),
    );
    if (!known && env['SCS_KAAS_DEBUG'] === '1') stderr.write(printable(`${error instanceof Error ? (error.stack ?? '') : ''}\n`));
    process.exitCode = known ? (error instanceof ClusterError ? exitCodes.notJudged : exitCodes.badInput) : exitCodes.internal;
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
void main();

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { handInReport, tellHandIn } from './action-hand-in.js';
import { exitCodes, exitOf, exitOfError } from './exit.js';
import { deliverComment } from './github/comment.js';
import { deliver, type Core, type Delivered, type Sinks } from './github/deliver.js';
import { readEvent, type RunEvent } from './github/event.js';
import type { CommandFiles } from './github/command-files.js';
import { appendSummary } from './github/files.js';
import { plainLog } from './github/log.js';
import { parseFlag } from './input-reader.js';
import { parseInputs, type Inputs } from './inputs.js';
import { check, type Checked } from './main.js';
import type { Delivery } from './model/delivery.js';
import { clip, markdownText, terminalText } from './model/escape.js';
import { outcomes } from './model/outcome.js';
import { Redactor } from './model/redact.js';
import { secretTaker } from './model/secret-taker.js';
import { reasonOf, UserError } from './model/errors.js';
import { annotations, jobSummary, json, markdownFile, pullRequestComment, scsReport } from './reporters/index.js';
import { readTextFile } from './programs/text-file.js';
import { actingStateName, e2eStateName, kindStateName, nothingActs } from './post-state.js';
import { rawInputsOf } from './raw-inputs.js';
import { standards } from './standards/index.js';
import { prepareHandIn } from './upload.js';
import { temporaryWorld } from './world.js';

/** The runner, as the action uses it: of `@actions/core` what prints, and the files of the runner. */
export interface Runner extends Core, CommandFiles {
  readonly setSecret: (secret: string) => void;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Events are some ten kilobytes; the platform cuts them at 25 MB. @throws with the reason, without the path */
const readEventFile = async (path: string): Promise<string> => {
  const read = await readTextFile(path, { maxBytes: 32 * 1_048_576 });
  if ('text' in read) return read.text;
  throw new Error(read.problem);
};

/** What keeps the report for the monitor from being written. A dry run sends nothing, and may try it with any cluster. */
const unwrittenBecause = ({ monitor }: Inputs, { notForMonitor }: Checked['report']): string | undefined =>
  monitor?.dryRun === true ? undefined : notForMonitor;

const deliveriesOf = (
  inputs: Inputs,
  { report, snapshot, checkedAt }: Checked,
  event: RunEvent,
  key: string,
  at: string,
): readonly Delivery[] => {
  const run = {
    at,
    ...(event.runUrl === undefined ? {} : { url: event.runUrl }),
    ...(event.commit === undefined ? {} : { commit: event.commit }),
  };
  const options = { commentKey: key, run, colour: false, width: 100, verbose: false };
  const { subject } = inputs;
  const handIn =
    subject === undefined || unwrittenBecause(inputs, report) !== undefined ? {} : { handIn: { subject, runId: randomUUID(), checkedAt } };
  const wanted = [
    ...(inputs.annotations ? [annotations] : []),
    ...(inputs.summary ? [jobSummary] : []),
    json,
    markdownFile,
    scsReport,
    ...(inputs.comment ? [pullRequestComment] : []),
  ];
  const facts: Delivery = { kind: 'file', name: 'scs-kaas-snapshot.json', text: snapshot, output: 'snapshot-file' };
  return [facts, ...wanted.flatMap((reporter) => reporter.report(report, { ...options, ...handIn }))];
};

const setOutputs = (runner: Runner, checked: Checked, delivered: Delivered, code: number, kubeconfig: string | undefined): void => {
  const { report } = checked;
  const outputs: Record<string, string | undefined> = {
    verdict: report.verdict,
    'official-verdict': report.official?.verdict,
    headline: terminalText(report.headline),
    ...Object.fromEntries(outcomes.map((outcome) => [outcome, String(report.counts[outcome])])),
    'exit-code': String(code),
    'comment-url': delivered.comment?.url,
    kubeconfig,
    'e2e-state': checked.e2e?.state,
    'e2e-archive-file': checked.e2e?.archive,
    'cluster-name': terminalText(report.cluster.name),
    ...delivered.files,
  };
  for (const [name, value] of Object.entries(outputs)) if (value !== undefined) runner.setOutput(name, value);
};

/** Adds to the job summary what came about after the report; what breaks is a warning. */
const addToSummary = async (runner: Runner, markdown: string, sinks: Sinks): Promise<void> => {
  const told = await deliver([{ kind: 'job-summary', markdown }], sinks);
  for (const failure of told.failures) runner.warning(failure);
};

/** Says what became of the comment: a skipped one is told, in the summary too where there is a pull request, and fails nothing. */
const tellComment = async (runner: Runner, { comment }: Delivered, event: RunEvent, sinks: Sinks, summary: boolean): Promise<void> => {
  if (comment === undefined) return;
  const text = `pull request comment ${comment.status}${comment.reason === undefined ? '' : `: ${comment.reason}`}`;
  // One that failed is among the failures of the delivery.
  if (comment.status !== 'failed') runner.info(plainLog(text));
  if (!summary || event.pullRequest === undefined || !['skipped', 'failed'].includes(comment.status)) return;
  await addToSummary(runner, `ℹ️ ${markdownText(text)}\n`, sinks);
};

/**
 * The action's main step.
 * @param runner `@actions/core`
 * @param env of the process
 * @param stop ends the work early: a partial report is delivered
 * @returns a sentence where the step fails
 * @throws {UserError} where an input is invalid or the cluster cannot be had
 */
export const runAction = async (runner: Runner, env: Env, stop: AbortSignal): Promise<string | undefined> => {
  const { raw, notes } = rawInputsOf(env);
  notes.forEach((note) => runner.info(plainLog(note)));
  const inputs = parseInputs(
    raw,
    standards.map((s) => s.id),
    'action',
  );
  const redactor = new Redactor();
  const secret = secretTaker(runner.setSecret, redactor.add);
  if (inputs.token !== undefined) secret(inputs.token);
  const say = (text: string): void => runner.info(plainLog(redactor.redact(text)));
  let lastStep = '';
  const forLaterSteps = { cluster: true };
  const { world } = await temporaryWorld({
    env,
    signal: stop,
    redactor,
    secret,
    log: say,
    step: (text) => {
      // How far a step has come changes often, and a log keeps everything.
      if (text !== lastStep) say(text);
      lastStep = text;
    },
    leaveCluster: true,
    // A cluster that no post step knows of is deleted at the end of this step.
    onCreatingCluster: (state) => (forLaterSteps.cluster = inputs.kind.keep || runner.saveState(kindStateName, JSON.stringify(state))),
    onActing: (run) => {
      // A kind cluster goes as a whole.
      if (inputs.cluster.from === 'kubeconfig') runner.saveState(actingStateName, run ?? nothingActs);
    },
    onE2eRun: (name) => {
      if (inputs.cluster.from === 'kubeconfig' && inputs.e2e.onCancel === 'delete') runner.saveState(e2eStateName, name ?? nothingActs);
    },
    ...(inputs.outputDirectory === undefined ? {} : { archiveDirectory: inputs.outputDirectory }),
    onKindLogs: (folder) => runner.setOutput('kind-logs', folder),
  });
  const prepared = inputs.monitor === undefined ? undefined : await prepareHandIn(inputs.monitor, inputs.subject, secret);
  prepared?.notes.forEach(say);
  const report = async (checked: Checked): Promise<string | undefined> => {
    const event = await readEvent(env, readEventFile);
    const directory = inputs.outputDirectory ?? join(world.directory, 'reports');
    const key = inputs.commentKey ?? event.job ?? 'scs-kaas';
    const { token } = inputs;
    const sinks: Sinks = {
      core: runner,
      env,
      directory,
      redactor,
      print: say,
      ...(inputs.comment
        ? {
            comment: (content) =>
              deliverComment(content, { event, key, signal: stop, hide: redactor.redact, ...(token === undefined ? {} : { token }) }),
          }
        : {}),
    };
    const { code, because } = exitOf(checked.report, inputs.failOn);
    say(checked.report.headline);
    const deliveries = deliveriesOf(inputs, checked, event, key, world.now().toISOString());
    const delivered = await deliver(deliveries, sinks);
    setOutputs(
      runner,
      checked,
      delivered,
      checked.interrupted ? exitCodes.interrupted : code,
      forLaterSteps.cluster ? checked.kubeconfig : undefined,
    );
    const unwritten = unwrittenBecause(inputs, checked.report);
    if (inputs.subject !== undefined && unwritten !== undefined)
      runner.warning(plainLog(redactor.redact(`No report for the compliance monitor is written: this run is about ${unwritten}.`)));
    // Behind the annotations: the platform shows the first ten of a kind alone.
    for (const warning of event.warnings) runner.warning(plainLog(warning));
    // One that failed once is told once.
    const summary = inputs.summary && !delivered.failures.some((failure) => failure.startsWith('job summary failed'));
    await tellComment(runner, delivered, event, sinks, summary);
    if (delivered.failures.length > 0) runner.warning(delivered.message);
    for (const warning of await checked.close()) runner.warning(plainLog(redactor.redact(warning)));
    // Last of all: what is at a monitor's mercy keeps nothing else waiting.
    if (prepared !== undefined) {
      say('handing in upstream’s report');
      await tellHandIn(runner, await handInReport(prepared, deliveries, checked, world), sinks, (markdown) =>
        summary ? addToSummary(runner, markdown, sinks) : Promise.resolve(),
      );
    }
    return checked.interrupted ? 'cancelled: the report holds what was looked at by then' : because === '' ? undefined : because;
  };
  const checked = await check(inputs, world);
  try {
    return await report(checked);
  } catch (error) {
    // Nobody else gives it back, and the first error is the one that counts.
    await checked.close().catch(() => []);
    throw error;
  }
};

/** The longest error that a summary shows. */
const mostErrorCharacters = 4_000;

/**
 * What the step leaves where there is no report: its exit code as an output, and the reason in the job summary.
 * @returns the sentence by which the step fails
 */
export const tellError = (runner: Runner, env: Env, error: unknown): string => {
  const text = error instanceof UserError ? error.message : `scs-kaas failed: ${reasonOf(error)}. Please report this.`;
  runner.setOutput('exit-code', String(exitOfError(error)));
  if (parseFlag(rawInputsOf(env).raw['summary'] ?? '') === false) return text;
  const lines = clip(text, mostErrorCharacters).split('\n');
  try {
    appendSummary(env, `## Nothing was judged\n\n${lines.map((line) => markdownText(line)).join('<br>\n')}\n`);
  } catch (cause) {
    runner.warning(plainLog(`job summary failed: ${reasonOf(cause)}`));
  }
  return text;
};

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { exitCodes, exitOf } from '../evaluation/exit-code.js';
import { deliverComment } from '../github/comment.js';
import { deliver, warn, type Delivered, type Sinks } from '../github/deliver.js';
import { readEvent, type RunEvent } from '../github/event.js';
import type { Inputs } from '../inputs/parse.js';
import type { ReportInputs } from '../inputs/reports.js';
import type { Delivery } from '../model/delivery.js';
import { clusterReporters, toDeliveries, type Selected } from '../reporters/index.js';
import type { Checked } from '../run/check.js';
import type { Runtime } from '../run/runtime.js';
import type { Prepared } from '../run/upload.js';
import { readTextFile } from '../system/text-file.js';
import { markdownText } from '../text/escape.js';
import { setOutputs } from './outputs.js';
import type { Runner } from './runner.js';
import { uploadDelivered, logUpload } from './upload.js';

/** What delivering takes of the inputs. */
export type DeliveryInputs = Pick<Inputs, 'reports' | 'monitor' | 'token'>;

/** Events are some ten kilobytes; the platform cuts them at 25 MB. @throws with the reason, without the path */
const readEventFile = async (path: string): Promise<string> => {
  const read = await readTextFile(path, { maxBytes: 32 * 1_048_576 });
  if ('text' in read) return read.text;
  throw new Error(read.problem);
};

/** What keeps the report for the monitor from being written. A dry run sends nothing, and may try it with any cluster. */
const unwrittenBecause = ({ monitor }: Pick<Inputs, 'monitor'>, { notForMonitor }: Checked['report']): string | undefined =>
  monitor?.dryRun === true ? undefined : notForMonitor;

/** What the inputs ask for. */
const selectedBy = ({ annotations, summary, comment, subject }: ReportInputs): readonly Selected[] => {
  const wanted: Readonly<Record<string, boolean>> = {
    log: true,
    annotations,
    summary,
    comment,
    json: true,
    markdown: true,
    snapshot: true,
    'scs-report': subject !== undefined,
  };
  return clusterReporters.filter(({ name }) => wanted[name] === true).map((reporter) => ({ reporter }));
};

const deliveriesOf = (
  { reports: inputs, monitor }: DeliveryInputs,
  { report, snapshot, checkedAt }: Checked,
  event: RunEvent,
  key: string,
  at: string,
): readonly Delivery[] => {
  const { subject } = inputs;
  const unwritten = subject === undefined || unwrittenBecause({ monitor }, report) !== undefined;
  const upload = unwritten ? undefined : { subject, runId: randomUUID(), checkedAt };
  const run = { at, url: event.runUrl, commit: event.commit };
  const options = { commentKey: key, run, colour: false, width: 100, verbose: false, upload, snapshot };
  return toDeliveries(selectedBy(inputs), report, options);
};

/** Adds to the job summary what came about after the report; what breaks is a warning. */
const addToSummary = async (markdown: string, sinks: Sinks): Promise<void> => {
  const { failures } = await deliver([{ kind: 'summary', markdown }], sinks);
  for (const failure of failures) sinks.core.warning(failure);
};

/** Says what became of the comment: a skipped one is told, in the summary too where there is a pull request, and fails nothing. */
const logComment = async ({ comment }: Delivered, event: RunEvent, sinks: Sinks, summary: boolean): Promise<void> => {
  if (comment === undefined) return;
  const text = `pull request comment ${comment.status}${comment.reason === undefined ? '' : `: ${comment.reason}`}`;
  // One that failed is among the failures of the delivery.
  if (comment.status !== 'failed') sinks.print(text);
  if (!summary || event.pullRequest === undefined || !['skipped', 'failed'].includes(comment.status)) return;
  await addToSummary(`ℹ️ ${markdownText(text)}\n`, sinks);
};

/** Where this job's deliveries go. */
const sinksOf = ({ reports, token }: DeliveryInputs, event: RunEvent, key: string, runner: Runner, runtime: Runtime): Sinks => {
  const { env, redactor, signal, log, secret } = runtime;
  const directory = reports.outputDirectory ?? join(runtime.directory, 'reports');
  const comment: Sinks['comment'] = (content) => deliverComment(content, { event, key, signal, hide: redactor.redact, token, env, secret });
  return { core: runner, env, directory, redactor, print: log, comment: reports.comment ? comment : undefined };
};

/** Says what the report leaves out, and what the event says of the run. */
const warnAboutRun = ({ reports, monitor }: DeliveryInputs, { report }: Checked, event: RunEvent, sinks: Sinks): void => {
  const unwritten = unwrittenBecause({ monitor }, report);
  if (reports.subject !== undefined && unwritten !== undefined)
    warn(sinks, `No report for the compliance monitor is written: this run is about ${unwritten}.`);
  // Behind the annotations: the platform shows the first ten of a kind alone.
  for (const warning of event.warnings) warn(sinks, warning);
};

/** Whether the job summary is written: one that failed once is told once. */
const hasSummary = ({ summary }: ReportInputs, { failures }: Delivered): boolean =>
  summary && !failures.some((failure) => failure.startsWith('job summary failed'));

/**
 * Brings a report to every place that the inputs name, closes the cluster, and hands upstream's report in.
 * @param clusterStays whether a later step finds the cluster
 * @returns a sentence if the step fails
 */
export const deliverReport = async (
  checked: Checked,
  inputs: DeliveryInputs,
  {
    runner,
    runtime,
    clusterStays,
    prepared,
  }: {
    readonly runner: Runner;
    readonly runtime: Runtime;
    readonly clusterStays: boolean;
    readonly prepared: Prepared | undefined;
  },
): Promise<string | undefined> => {
  const { report, interrupted } = checked;
  const event = await readEvent(runtime.env, readEventFile);
  const key = inputs.reports.commentKey ?? event.job ?? 'scs-kaas';
  const sinks = sinksOf(inputs, event, key, runner, runtime);
  const { code, message } = exitOf(report, inputs.reports.failOn);
  runtime.log(report.headline);
  const deliveries = deliveriesOf(inputs, checked, event, key, runtime.now().toISOString());
  const delivered = await deliver(deliveries, sinks);
  setOutputs(runner, checked, delivered, interrupted ? exitCodes.interrupted : code, clusterStays ? checked.kubeconfig : undefined);
  warnAboutRun(inputs, checked, event, sinks);
  const summary = hasSummary(inputs.reports, delivered);
  await logComment(delivered, event, sinks, summary);
  if (delivered.failures.length > 0) runner.warning(delivered.message);
  for (const [format, path] of Object.entries(delivered.files)) runtime.log(`${format}: ${path}`);
  for (const warning of await checked.close()) warn(sinks, warning);
  // Last of all: what is at a monitor's mercy keeps nothing else waiting.
  if (prepared !== undefined) {
    runtime.log('handing in upstream’s report');
    await logUpload(runner, await uploadDelivered(prepared, deliveries, checked, runtime), sinks, (markdown) =>
      summary ? addToSummary(markdown, sinks) : Promise.resolve(),
    );
  }
  return interrupted ? 'cancelled: the report holds what was looked at by then' : message === '' ? undefined : message;
};

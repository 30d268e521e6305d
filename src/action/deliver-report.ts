import { randomUUID } from 'node:crypto';
import { exitCodes, exitOf } from '../evaluation/exit-code.js';
import { deliver, warn, type Sinks } from '../github/deliver.js';
import type { RunEvent } from '../github/event.js';
import type { Inputs } from '../inputs/parse.js';
import type { ReportInputs } from '../inputs/reports.js';
import type { Delivery } from '../model/delivery.js';
import { clusterReporters, selectReports, toDeliveries } from '../reporters/index.js';
import type { Checked } from '../run/check.js';
import type { Runtime } from '../run/runtime.js';
import { setOutputs } from './outputs.js';
import type { Runner } from './runner.js';
import { logComment, sinksOf } from './sinks.js';

/** What delivering takes of the inputs. */
export type DeliveryInputs = Pick<Inputs, 'reports' | 'token'>;

const deliveriesOf = (
  { reports, subject }: ReportInputs,
  { report, snapshot, checkedAt }: Checked,
  event: RunEvent,
  key: string,
  at: string,
): readonly Delivery[] => {
  const upload =
    subject === undefined || report.notForMonitor !== undefined ? undefined : { subject: subject.value, runId: randomUUID(), checkedAt };
  const run = { at, url: event.runUrl, commit: event.commit };
  const options = { commentKey: key, run, colour: false, width: 100, verbose: false, upload, snapshot };
  return toDeliveries(selectReports(reports, clusterReporters, { subject: upload !== undefined }), report, options);
};

/** Reports what is not written, and what the event says of the run. */
const warnAboutRun = ({ reports }: DeliveryInputs, { report }: Checked, event: RunEvent, sinks: Sinks): void => {
  if (reports.subject !== undefined && report.notForMonitor !== undefined)
    warn(sinks, `No report for the compliance monitor is written: this run is about ${report.notForMonitor}.`);
  // Behind the annotations: the platform shows only the first ten of a kind.
  for (const warning of event.warnings) warn(sinks, warning);
};

/** What delivering takes beside the inputs. */
interface Delivering {
  readonly runner: Runner;
  readonly runtime: Runtime;
  readonly event: RunEvent;
  /** Whether a later step finds the cluster. */
  readonly clusterStays: boolean;
}

/**
 * Brings a report to every place that the inputs name, and closes the cluster.
 * @returns a sentence if the step fails
 */
export const deliverReport = async (
  checked: Checked,
  inputs: DeliveryInputs,
  { runner, runtime, event, clusterStays }: Delivering,
): Promise<string | undefined> => {
  const { report, interrupted } = checked;
  const key = inputs.reports.key ?? event.job ?? 'scs-kaas';
  const { token, reports } = inputs;
  const sinks = sinksOf({ key, token, outputDirectory: reports.outputDirectory }, event, runner, runtime);
  const { code, message } = exitOf(report, reports.failOn);
  runtime.log(report.headline);
  const deliveries = deliveriesOf(reports, checked, event, key, runtime.now().toISOString());
  const delivered = await deliver(deliveries, sinks);
  setOutputs(runner, checked, delivered, interrupted ? exitCodes.interrupted : code, clusterStays ? checked.kubeconfig : undefined);
  warnAboutRun(inputs, checked, event, sinks);
  await logComment(delivered, deliveries, event, sinks);
  if (delivered.failures.length > 0) runner.warning(delivered.message);
  for (const [format, path] of Object.entries(delivered.files)) runtime.log(`${format}: ${path}`);
  for (const warning of await checked.close()) warn(sinks, warning);
  return interrupted ? 'cancelled: the report holds what was checked by then' : message === '' ? undefined : message;
};

import { deliver, warn } from '../github/deliver.js';
import { readEvent, type RunEvent } from '../github/event.js';
import { plainLog } from '../github/log.js';
import { findReports } from '../inputs/find-reports.js';
import { rawInputsOf } from '../inputs/from-env.js';
import { mergeSpecs } from '../inputs/list-actions.js';
import { parseMergeInputs, type MergeInputs } from '../inputs/parse-merge.js';
import { splitWords } from '../inputs/reader.js';
import type { Delivery } from '../model/delivery.js';
import { defaultFleetReports, fleetReporters, reportProblems, selectReports, toFleetDeliveries } from '../reporters/index.js';
import { mergeReports, type Merged } from '../run/merge.js';
import type { Runtime } from '../run/runtime.js';
import { errorReporter } from './failure.js';
import { filesRuntime, openStep } from './opening.js';
import { setMergeOutputs } from './outputs.js';
import type { Runner } from './runner.js';
import { logComment, readEventFile, sinksOf } from './sinks.js';
import type { Step } from './start.js';

const deliveriesOf = ({ reports, subject }: MergeInputs, merged: Merged, event: RunEvent, key: string, at: string): readonly Delivery[] => {
  const run = { at, url: event.runUrl, commit: event.commit };
  const options = { commentKey: key, run, colour: false, width: 100, verbose: false };
  return toFleetDeliveries(selectReports(reports, fleetReporters, { subject: subject !== undefined }), merged, options);
};

/** Brings what the reports say together to every place that the inputs name. */
const deliverFleet = async (merged: Merged, inputs: MergeInputs, runner: Runner, runtime: Runtime): Promise<void> => {
  const event = await readEvent(runtime.env, readEventFile);
  const key = inputs.key ?? event.job ?? 'scs-kaas';
  const sinks = sinksOf({ key, token: inputs.token, outputDirectory: inputs.outputDirectory }, event, runner, runtime);
  runtime.log(merged.fleet.headline);
  const deliveries = deliveriesOf(inputs, merged, event, key, runtime.now().toISOString());
  const delivered = await deliver(deliveries, sinks);
  setMergeOutputs(runner, merged, delivered);
  for (const warning of event.warnings) warn(sinks, warning);
  await logComment(delivered, deliveries, event, sinks);
  if (delivered.failures.length > 0) runner.warning(delivered.message);
  for (const [format, path] of Object.entries(delivered.files)) runtime.log(`${format}: ${path}`);
};

const run: Step['run'] = async (runner, env, stop) => {
  const opening = openStep(runner, env, mergeSpecs);
  const { raw, redactor } = opening;
  const inputs = parseMergeInputs(raw, reportProblems('fleet'), 'action');
  const runtime = await filesRuntime(opening, stop);
  const { paths, missed } = await findReports(inputs.reportsFrom, env['GITHUB_WORKSPACE'] || process.cwd());
  for (const word of missed) runner.warning(plainLog(redactor.redact(`No report was found in ${word}.`)));
  const { failOn, expected, subject, now = runtime.now() } = inputs;
  const merged = await mergeReports({ paths, now, failOn, expected, subject });
  await deliverFleet(merged, inputs, runner, runtime);
  return merged.message === '' ? undefined : merged.message;
};

const hasSummary: Parameters<typeof errorReporter>[1] = (env) => {
  const words = splitWords(rawInputsOf(env, mergeSpecs).raw['reports'] ?? '');
  return (words.length === 0 ? defaultFleetReports : words).includes('summary');
};

/** The action `merge`. */
export const mergeStep: Step = { run, reportError: errorReporter('The reports could not be merged', hasSummary) };

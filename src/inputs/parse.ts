import { UserError } from '../model/errors.js';
import { didYouMean } from '../text/did-you-mean.js';
import { withoutSecretValues } from '../text/path-or-text.js';
import { readCheckInputs, type CheckInputs } from './checks.js';
import { readClusterInputs, type ClusterInputs } from './cluster.js';
import { readE2eInputs, type E2eInputs } from './e2e.js';
import { readFileInputs, type FileInputs } from './file-inputs.js';
import { inputSpecs } from './list.js';
import { readMonitor, type MonitorInputs } from './monitor.js';
import { readProbeInputs, type ProbeInputs } from './probes.js';
import { Reader, type RawInputs } from './reader.js';
import { readReportInputs, type ReportInputs } from './reports.js';

export { parseDuration, type RawInputs } from './reader.js';

/** How far the run may go beyond the cluster. */
interface DocumentInputs {
  /** True where nothing but the cluster is asked. */
  readonly offline: boolean;
}

/** How long the run may take. */
interface Limits {
  /** All of it but for the end-to-end tests, in milliseconds. */
  readonly timeoutMs: number;
}

/** What a user asked for, valid as a whole, in the slices that are used together. */
export interface Inputs {
  readonly cluster: ClusterInputs;
  readonly checks: CheckInputs;
  readonly probes: ProbeInputs;
  readonly e2e: E2eInputs;
  readonly files: FileInputs;
  readonly documents: DocumentInputs;
  readonly reports: ReportInputs;
  /** Where upstream's report is handed in; nowhere without. */
  readonly monitor?: MonitorInputs | undefined;
  /** For the comment and for release data. */
  readonly token?: string | undefined;
  readonly limits: Limits;
}

/**
 * Reads what a user asked for.
 * @param raw texts by input name, from the action's environment or the command line's options
 * @param known ids of all standards
 * @param defaults whose defaults hold: a terminal annotates and comments nothing by itself
 * @throws {UserError} with every problem at once, each with the nearest valid word
 */
export const parseInputs = (raw: RawInputs, known: readonly string[], defaults: 'action' | 'terminal'): Inputs => {
  const reader = new Reader(raw, defaults);
  const names: readonly string[] = inputSpecs.map((s) => s.name);
  for (const name of Object.keys(raw))
    if (!names.includes(name)) {
      const foreign =
        defaults === 'action' ? ` If INPUT_${name.toUpperCase()} is not for this step, set it to '' in the "env" of the step.` : '';
      reader.problems.push(`There is no input "${name}".${didYouMean(name, names)}${foreign}`);
    }
  const cluster = readClusterInputs(reader);
  const inputs: Inputs = {
    cluster,
    checks: readCheckInputs(reader, known),
    probes: readProbeInputs(reader),
    files: readFileInputs(reader),
    reports: readReportInputs(reader, cluster.from),
    monitor: readMonitor(reader, { from: cluster.from, on: defaults }),
    e2e: readE2eInputs(reader),
    documents: { offline: reader.flag('offline') },
    token: reader.optional('token'),
    limits: { timeoutMs: reader.duration('timeout') },
  };
  const given = Object.values(raw).flatMap((value) => value ?? []);
  const problems = [...new Set(reader.problems)];
  if (problems.length > 0) throw new UserError(problems.map((problem) => withoutSecretValues(problem, given)));
  return inputs;
};

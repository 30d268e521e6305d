import { readEvent, type RunEvent } from '../github/event.js';
import { readTrustedFile, trustedRef } from '../github/trusted-file.js';
import { readConfig } from '../inputs/config-file.js';
import { rawInputsOf } from '../inputs/from-env.js';
import type { ConfigValues, RawInputs } from '../inputs/layers.js';
import { inputSpecs } from '../inputs/list.js';
import { parseInputs, type Inputs } from '../inputs/parse.js';
import { splitWords } from '../inputs/reader.js';
import { UserError } from '../model/errors.js';
import { defaultReports, reportProblems } from '../reporters/index.js';
import { check, type Checked } from '../run/check.js';
import { createRuntime, type Runtime } from '../run/runtime.js';
import { standards } from '../standards/index.js';
import { deliverReport } from './deliver-report.js';
import { errorReporter } from './failure.js';
import { openStep } from './opening.js';
import type { Runner } from './runner.js';
import { readEventFile } from './sinks.js';
import type { Step } from './start.js';
import { nothingLeft, saveConnection, stateNames } from './state.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Saves for the post step what it may have to give back. A kind cluster goes as a whole, and what is to stay is not saved. */
const resourceSaver =
  (runner: Runner, { cluster, e2e }: Pick<Inputs, 'cluster' | 'e2e'>): Runtime['onResource'] =>
  (kind, id, state = id) => {
    const saved = kind === 'kind-cluster' || (cluster.from === 'kubeconfig' && (kind !== 'e2e-run' || e2e.onCancel === 'delete'));
    return saved && runner.saveState(stateNames[kind], state ?? nothingLeft);
  };

/** A line for every step; how far it has come changes often, and a log keeps everything. */
const stepLog = (log: (text: string) => void): ((text: string) => void) => {
  let last = '';
  return (text) => {
    if (text !== last) log(text);
    last = text;
  };
};

/** What the reading of inputs takes. */
interface Reading {
  readonly env: Env;
  readonly event: RunEvent;
  readonly secret: (value: string) => void;
  readonly signal: AbortSignal;
  readonly hide: (text: string) => string;
}

/** The config file of the work tree, or of the base if the work tree may be that of a fork. */
const configOf = async (raw: RawInputs, { env, event, secret, signal, hide }: Reading): Promise<ConfigValues | undefined> => {
  const ref = trustedRef(event, env);
  const token = raw['github-token']?.trim() || undefined;
  return readConfig(raw['config']?.trim() || undefined, {
    root: env['GITHUB_WORKSPACE'] || process.cwd(),
    trusted: ref === undefined ? undefined : (path) => readTrustedFile(path, { event, ref, token, env, secret, signal, hide }),
  });
};

/** The inputs of the step. @throws {UserError} with every problem of inputs and config file */
const inputsOf = async (raw: RawInputs, reading: Reading): Promise<Inputs> => {
  const known = { standards: standards.map((s) => s.id), reports: reportProblems('report') };
  const problems: string[] = [];
  let config: ConfigValues | undefined;
  try {
    config = await configOf(raw, reading);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
  }
  try {
    const inputs = parseInputs(raw, known, 'action', { config });
    if (problems.length === 0) return inputs;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
  }
  throw new UserError(problems);
};

/**
 * The main step of the check.
 * @param stop ends the work early: a partial report is delivered
 * @returns a sentence if the step fails
 * @throws {UserError} if an input is invalid or the cluster cannot be had
 */
const run: Step['run'] = async (runner, env, stop) => {
  const { raw, redactor, secret, log } = openStep(runner, env, inputSpecs);
  const event = await readEvent(env, readEventFile);
  const inputs = await inputsOf(raw, { env, event, secret, signal: stop, hide: redactor.redact });
  saveConnection(runner, inputs.cluster);
  const save = resourceSaver(runner, inputs);
  const kept = inputs.cluster.from === 'kind' && inputs.cluster.kind.keep;
  let clusterStays = true;
  const { runtime } = await createRuntime({
    env,
    signal: stop,
    redactor,
    secret,
    log,
    step: stepLog(log),
    leaveCluster: true,
    // A cluster that no post step knows of is deleted at the end of this step.
    onResource: (kind, id, state) => (kind === 'kind-cluster' ? (clusterStays = kept || save(kind, id, state)) : save(kind, id, state)),
    archiveDirectory: inputs.reports.outputDirectory,
    onKindLogs: (folder) => runner.setOutput('kind-logs', folder),
  });
  const checked: Checked = await check(inputs, runtime);
  try {
    return await deliverReport(checked, inputs, { runner, runtime, event, clusterStays });
  } catch (error) {
    // Nobody else gives it back, and the first error is the one that counts.
    await checked.close().catch(() => []);
    throw error;
  }
};

const hasSummary = (env: Env): boolean => {
  const words = splitWords(rawInputsOf(env, inputSpecs).raw['reports'] ?? '');
  return (words.length === 0 ? defaultReports : words).includes('summary');
};

/** The action `scs-kaas/scs-kaas`. */
export const checkStep: Step = { run, reportError: errorReporter('The check could not run', hasSummary) };

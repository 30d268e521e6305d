import { exitOfError } from '../evaluation/exit-code.js';
import { appendSummary } from '../github/files.js';
import { plainLog } from '../github/log.js';
import { rawInputsOf } from '../inputs/from-env.js';
import { parseInputs, type Inputs } from '../inputs/parse.js';
import { parseFlag } from '../inputs/reader.js';
import { reasonOf, UserError } from '../model/errors.js';
import { check, type Checked } from '../run/check.js';
import { createRuntime, type Runtime } from '../run/runtime.js';
import { prepareUpload } from '../run/upload.js';
import { standards } from '../standards/index.js';
import { clip, markdownText } from '../text/escape.js';
import { Redactor } from '../text/redact.js';
import { secretTaker } from '../text/likely-secrets.js';
import { deliverReport } from './deliver-report.js';
import type { Runner } from './runner.js';
import { nothingLeft, stateNames } from './state.js';

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

/**
 * The action's main step.
 * @param runner `@actions/core`
 * @param env of the process
 * @param stop ends the work early: a partial report is delivered
 * @returns a sentence if the step fails
 * @throws {UserError} if an input is invalid or the cluster cannot be had
 */
export const runAction = async (runner: Runner, env: Env, stop: AbortSignal): Promise<string | undefined> => {
  const { raw, notes } = rawInputsOf(env);
  const redactor = new Redactor();
  const log = (text: string): void => runner.info(plainLog(redactor.redact(text)));
  notes.forEach(log);
  const known = standards.map((s) => s.id);
  const inputs = parseInputs(raw, known, 'action');
  const secret = secretTaker(runner.setSecret, redactor.add);
  if (inputs.token !== undefined) secret(inputs.token);
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
  const prepared = inputs.monitor === undefined ? undefined : await prepareUpload(inputs.monitor, inputs.reports.subject, secret);
  prepared?.notes.forEach(log);
  const checked: Checked = await check(inputs, runtime);
  try {
    return await deliverReport(checked, inputs, { runner, runtime, clusterStays, prepared });
  } catch (error) {
    // Nobody else gives it back, and the first error is the one that counts.
    await checked.close().catch(() => []);
    throw error;
  }
};

/** The longest error that a summary shows. */
const maxErrorCharacters = 4_000;

/**
 * What the step leaves where there is no report: its exit code as an output, and the reason in the job summary.
 * @returns the sentence by which the step fails
 */
export const reportError = (runner: Runner, env: Env, error: unknown): string => {
  const text = error instanceof UserError ? error.message : `scs-kaas failed: ${reasonOf(error)}. Please report this.`;
  runner.setOutput('exit-code', String(exitOfError(error)));
  if (parseFlag(rawInputsOf(env).raw['summary'] ?? '') === false) return text;
  const lines = clip(text, maxErrorCharacters).split('\n');
  try {
    appendSummary(env, `## Nothing was judged\n\n${lines.map((line) => markdownText(line)).join('<br>\n')}\n`);
  } catch (cause) {
    runner.warning(plainLog(`job summary failed: ${reasonOf(cause)}`));
  }
  return text;
};

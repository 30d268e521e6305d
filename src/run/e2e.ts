import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { importResults } from '../conformance/import.js';
import { e2eRuns, type E2eRuns, type RunOutcome } from '../conformance/sonobuoy/index.js';
import { e2eResults, type ImportedResults } from '../facts/e2e-results.js';
import { serverVersion } from '../facts/server-version.js';
import { parseExceptions, upstreamExceptions } from '../facts/support/e2e-exceptions.js';
import { readInputFile } from '../inputs/files.js';
import type { E2eInputs } from '../inputs/e2e.js';
import { NotAvailable } from '../model/errors.js';
import type { Ports } from '../model/fact.js';
import type { LiveCluster } from '../sources/source.js';
import type { Runtime } from './runtime.js';

/** Results of earlier end-to-end runs, with the tests that may fail. @throws {UserError} where they cannot be read */
export const readGivenResults = async ({ results, exceptions }: Pick<E2eInputs, 'results' | 'exceptions'>): Promise<ImportedResults> => {
  const list = exceptions === undefined ? upstreamExceptions : parseExceptions(await readInputFile(exceptions), exceptions.value);
  return { runs: results.length === 0 ? [] : await importResults(results), exceptions: list };
};

/** Who a run is started by: what holds for a later job of the same repository as well. */
const ownerOf = (env: Runtime['env']): string => {
  const repository = env['GITHUB_REPOSITORY'];
  if (repository) return `${env['GITHUB_SERVER_URL'] ?? ''}/${repository}`.replace(/^(https?:\/\/|\/)/, '');
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user id without a name, as in some containers.
    return `somebody@${hostname()}`;
  }
};

/** A run of the tests as a part of a check: what came of it, and where its results come from. */
export interface E2eCheck {
  /** A run of an earlier step goes on in the cluster: it is followed before anything else is done there. */
  readonly pending: boolean;
  /** Waits for the end of the run that goes on, as long as there is time. */
  readonly settle: () => Promise<RunOutcome>;
  /** Where the fact takes its results from; runs the tests when it is asked. */
  readonly port: NonNullable<Ports['e2e']>;
  /** Undefined until there is one. */
  readonly outcome: () => RunOutcome | undefined;
}

/**
 * Prepares a run of the end-to-end tests.
 * @param given results of earlier runs: they are judged beside those of this one
 */
export const prepareE2e = async (
  inputs: E2eInputs,
  runtime: Runtime,
  cluster: LiveCluster,
  given: ImportedResults,
  signal: AbortSignal,
): Promise<E2eCheck> => {
  const { suites, focus, skip, processes, flakeAttempts, waitMs, onCancel, images, program } = inputs;
  const runs: E2eRuns = await e2eRuns({
    api: cluster.api,
    lasting: cluster.lasting,
    kubeconfig: cluster.kubeconfig,
    env: runtime.env,
    secret: runtime.secret,
    signal,
    directory: runtime.directory,
    archives: inputs.archives ?? runtime.archiveDirectory ?? join(runtime.directory, 'reports'),
    owner: inputs.owner ?? ownerOf(runtime.env),
    name: randomUUID(),
    settings: { suites, focus, skip, processes, flakeAttempts },
    images,
    program,
    waitMs,
    onCancel,
    permissions: e2eResults.permissions.filter(({ role }) => role === 'run'),
    log: runtime.log,
    step: (text) => runtime.step('running the end-to-end tests', text),
    onRun: (name) => void runtime.onResource('e2e-run', name),
  });
  let outcome: RunOutcome | undefined;
  const end = async (gitVersion: string): Promise<RunOutcome> => {
    if (outcome !== undefined) return outcome;
    outcome = await runs.toEnd(gitVersion);
    if (outcome.state !== 'finished') runtime.log(`end-to-end tests: ${outcome.why}`);
    return outcome;
  };
  return {
    pending: runs.pending !== undefined,
    settle: () => end(''),
    outcome: () => outcome,
    port: async (fact) => {
      const ended = await end((await fact(serverVersion)).gitVersion);
      if (ended.state === 'finished') return { ...given, runs: [...given.runs, ...(await importResults([ended.archive]))] };
      if (given.runs.length > 0) return given;
      throw new NotAvailable(ended.state === 'running' ? 'timeout' : 'not-started', `e2e-results: ${ended.why}`);
    },
  };
};

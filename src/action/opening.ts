import { plainLog } from '../github/log.js';
import { rawInputsOf } from '../inputs/from-env.js';
import type { RawInputs } from '../inputs/layers.js';
import type { Setting } from '../inputs/spec.js';
import { createRuntime, type Runtime } from '../run/runtime.js';
import { secretTaker } from '../text/likely-secrets.js';
import { Redactor } from '../text/redact.js';
import type { Runner } from './runner.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What every action has before it reads its inputs. */
export interface Opening {
  readonly raw: RawInputs;
  readonly env: Env;
  readonly redactor: Redactor;
  /** Takes what nobody may see. */
  readonly secret: (value: string) => void;
  /** A line of the log, without secrets. */
  readonly log: (text: string) => void;
}

/**
 * Begins an action: its raw inputs, a log without secrets, and the token among the secrets.
 * @param specs the inputs of the action
 */
export const openStep = (runner: Runner, env: Env, specs: readonly Setting[]): Opening => {
  const { raw, notes } = rawInputsOf(env, specs);
  const redactor = new Redactor();
  const log = (text: string): void => runner.info(plainLog(redactor.redact(text)));
  notes.forEach(log);
  const secret = secretTaker(runner.setSecret, redactor.add);
  const token = raw['github-token']?.trim();
  if (token) secret(token);
  return { raw, env, redactor, secret, log };
};

/** The runtime of an action that creates nothing but files: no later process has to give anything back. */
export const filesRuntime = async ({ env, redactor, secret, log }: Opening, signal: AbortSignal): Promise<Runtime> => {
  const given = { env, signal, redactor, secret, log, step: log, leaveCluster: true, onResource: () => true };
  return (await createRuntime(given)).runtime;
};

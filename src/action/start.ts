import * as core from '@actions/core';
import { commandFiles } from '../github/command-files.js';
import { plainLog } from '../github/log.js';
import { reasonOf } from '../model/errors.js';
import { endSoon } from '../system/deadline.js';
import { tool } from '../model/tool.js';
import type { Runner } from './runner.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What an action does. */
export interface Step {
  /**
   * @param stop ends the work early
   * @returns a sentence if the step fails
   */
  readonly run: (runner: Runner, env: Env, stop: AbortSignal) => Promise<string | undefined>;
  /** What the step leaves if there is no result. @returns the sentence by which it fails */
  readonly reportError: (runner: Runner, env: Env, error: unknown) => string;
}

/**
 * What @actions/github reads when it is loaded: it waits without end for an event file that is a pipe, and throws for an address or a proxy that
 * it cannot read. Our own readers take these from a copy of the environment.
 */
const readOnLoad = ['GITHUB_EVENT_PATH', 'GITHUB_API_URL', 'HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

const stop = new AbortController();
/** The runner kills the step 10 s after its first signal; others wait. What is not given back by then, the post step gives back. */
const lastMs = 9_000;
const end = (): void => {
  if (stop.signal.aborted) return;
  stop.abort();
  setTimeout(() => {
    core.setFailed('cancelled: something did not end in time, and the step ends without its report');
    process.exit();
  }, lastMs).unref();
};

const runStep = async (load: () => Promise<Step>): Promise<void> => {
  try {
    core.info(`${tool.name} ${tool.version}`);
    const env = { ...process.env };
    for (const name of readOnLoad) Reflect.deleteProperty(process.env, name);
    const step = await load();
    const runner = { ...core, ...commandFiles(env, (message) => core.warning(plainLog(message))) };
    const failed = await step.run(runner, env, stop.signal).catch((error: unknown) => step.reportError(runner, env, error));
    if (failed !== undefined) core.setFailed(plainLog(failed));
  } catch (error) {
    core.setFailed(plainLog(`scs-kaas failed: ${reasonOf(error)}. Please report this.`));
  }
};

/**
 * Runs an action's step in this process, and ends it.
 * @param load loads the step, after what its libraries read on load was put aside: who waits sees that the step has begun
 */
export const start = async (load: () => Promise<Step>): Promise<void> => {
  process.on('SIGINT', end).on('SIGTERM', end);
  await runStep(load).finally(() => endSoon());
};

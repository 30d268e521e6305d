import * as core from '@actions/core';
import { commandFiles } from '../github/command-files.js';
import { plainLog } from '../github/log.js';
import { reasonOf } from '../model/errors.js';
import { endSoon } from '../system/deadline.js';
import { tool } from '../model/tool.js';

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
const runMainStep = async (): Promise<void> => {
  try {
    core.info(`${tool.name} ${tool.version}`);
    const env = { ...process.env };
    for (const name of readOnLoad) Reflect.deleteProperty(process.env, name);
    // In the same file, and run only now: who waits sees that the step has begun.
    const { runAction, reportError } = await import(/* webpackMode: "eager" */ './main.js');
    const runner = { ...core, ...commandFiles(env, (message) => core.warning(plainLog(message))) };
    const failed = await runAction(runner, env, stop.signal).catch((error: unknown) => reportError(runner, env, error));
    if (failed !== undefined) core.setFailed(plainLog(failed));
  } catch (error) {
    core.setFailed(plainLog(`scs-kaas failed: ${reasonOf(error)}. Please report this.`));
  }
};

/** Runs the action's main step in this process, and ends it. */
export const start = async (): Promise<void> => {
  process.on('SIGINT', end).on('SIGTERM', end);
  await runMainStep().finally(() => endSoon());
};

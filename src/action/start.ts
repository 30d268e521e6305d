import * as core from '@actions/core';
import { commandFiles } from '../github/command-files.js';
import { plainLog } from '../github/log.js';
import { reasonOf } from '../model/errors.js';
import { endSoon } from '../system/deadline.js';
import { tool } from '../model/tool.js';

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
    // @actions/github reads the event's file when it is loaded, and waits for a pipe without end; it is read by our own reader.
    const env = { ...process.env };
    delete process.env['GITHUB_EVENT_PATH'];
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

import * as core from '@actions/core';
import { plainLog } from './github/log.js';
import { reasonOf, UserError } from './model/errors.js';
import { tool } from './tool.js';

const stop = new AbortController();
const end = (): void => stop.abort();
process.on('SIGINT', end).on('SIGTERM', end);

const main = async (): Promise<void> => {
  try {
    core.info(`${tool.name} ${tool.version}`);
    // In the same file, and run only now: who waits sees that the step has begun.
    const { runAction } = await import(/* webpackMode: "eager" */ './action.js');
    const failed = await runAction(core, process.env, stop.signal);
    if (failed !== undefined) core.setFailed(plainLog(failed));
  } catch (error) {
    core.setFailed(plainLog(error instanceof UserError ? error.message : `scs-kaas failed: ${reasonOf(error)}. Please report this.`));
  }
};

void main();

import * as core from '@actions/core';
import { runAction } from './action.js';
import { plainLog } from './github/log.js';
import { reasonOf, UserError } from './model/errors.js';

const stop = new AbortController();
const end = (): void => stop.abort();
process.on('SIGINT', end).on('SIGTERM', end);

const main = async (): Promise<void> => {
  try {
    const failed = await runAction(core, process.env, stop.signal);
    if (failed !== undefined) core.setFailed(plainLog(failed));
  } catch (error) {
    core.setFailed(plainLog(error instanceof UserError ? error.message : `scs-kaas failed: ${reasonOf(error)}. Please report this.`));
  }
};

void main();

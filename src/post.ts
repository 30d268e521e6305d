import * as core from '@actions/core';
import { plainLog } from './github/log.js';
import { reasonOf } from './model/errors.js';
import { kindStateName } from './post-state.js';
import { cleanUpKind, parseKindState } from './sources/kind/clean-up.js';

/** Deletes what the main step made, also after a cancel. A clean-up that fails is a warning: the job's result stands. */
const main = async (): Promise<void> => {
  try {
    const saved = core.getState(kindStateName);
    if (saved === '') return;
    const state = parseKindState(saved);
    const warnings =
      state === undefined
        ? ['The saved state of the kind cluster cannot be read; nothing was deleted.']
        : await cleanUpKind(state, (line) => core.info(plainLog(line)));
    for (const warning of warnings) core.warning(plainLog(warning));
  } catch (error) {
    core.warning(plainLog(`The clean-up failed: ${reasonOf(error)}`));
  }
};

void main();

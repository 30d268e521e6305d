import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { plainLog } from '../github/log.js';
import { reasonOf } from '../model/errors.js';
import { Redactor } from '../text/redact.js';
import { secretTaker } from '../text/likely-secrets.js';
import { cleanUpActing } from './post-clean-up.js';
import { cleanUpE2e } from './post-e2e.js';
import { connectionState, parseConnection, stateNames } from './state.js';
import { endSoon } from '../system/deadline.js';
import { cleanUpKind, parseKindState } from '../sources/kind/clean-up.js';

const redactor = new Redactor();
const formatLine = (text: string): string => plainLog(redactor.redact(text));
const log = (line: string): void => core.info(formatLine(line));

const secret = secretTaker(core.setSecret, redactor.add);

const cleanUpKindCluster = async (): Promise<readonly string[]> => {
  const saved = core.getState(stateNames['kind-cluster']);
  if (saved === '') return [];
  const state = parseKindState(saved);
  return state === undefined ? ['The saved state of the kind cluster cannot be read; nothing was deleted.'] : cleanUpKind(state, log);
};

const context = {
  env: process.env,
  log,
  secret,
  directory: process.env['RUNNER_TEMP'] || tmpdir(),
  connection: parseConnection(core.getState(connectionState)),
};
const cleanUpSandbox = (): Promise<readonly string[]> => cleanUpActing(core.getState(stateNames.sandbox), context);
const endTests = (): Promise<readonly string[]> => cleanUpE2e(core.getState(stateNames['e2e-run']), context);

/** Gives back what the main step made, also after a cancel. A clean-up that fails is a warning: the job's result stands. */
const cleanUp = async (): Promise<void> => {
  for (const work of [cleanUpKindCluster, cleanUpSandbox, endTests])
    try {
      for (const warning of await work()) core.warning(formatLine(warning));
    } catch (error) {
      core.warning(formatLine(`The clean-up failed: ${reasonOf(error)}`));
    }
};

/** Runs the action's post step in this process, and ends it. */
export const post = (): Promise<void> => cleanUp().finally(() => endSoon());

import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { plainLog } from './github/log.js';
import { reasonOf } from './model/errors.js';
import { Redactor } from './model/redact.js';
import { secretTaker } from './model/secret-taker.js';
import { cleanUpActing } from './post-acting.js';
import { cleanUpE2e } from './post-e2e.js';
import { actingStateName, e2eStateName, kindStateName } from './post-state.js';
import { endSoon } from './programs/end-soon.js';
import { cleanUpKind, parseKindState } from './sources/kind/clean-up.js';

const redactor = new Redactor();
const shown = (text: string): string => plainLog(redactor.redact(text));
const log = (line: string): void => core.info(shown(line));

const secret = secretTaker(core.setSecret, redactor.add);

const deleteKind = async (): Promise<readonly string[]> => {
  const saved = core.getState(kindStateName);
  if (saved === '') return [];
  const state = parseKindState(saved);
  return state === undefined ? ['The saved state of the kind cluster cannot be read; nothing was deleted.'] : cleanUpKind(state, log);
};

const context = { env: process.env, log, secret, directory: process.env['RUNNER_TEMP'] || tmpdir() };
const giveBack = (): Promise<readonly string[]> => cleanUpActing(core.getState(actingStateName), context);
const endTests = (): Promise<readonly string[]> => cleanUpE2e(core.getState(e2eStateName), context);

/** Gives back what the main step made, also after a cancel. A clean-up that fails is a warning: the job's result stands. */
const main = async (): Promise<void> => {
  for (const work of [deleteKind, giveBack, endTests])
    try {
      for (const warning of await work()) core.warning(shown(warning));
    } catch (error) {
      core.warning(shown(`The clean-up failed: ${reasonOf(error)}`));
    }
};

void main().finally(() => endSoon());

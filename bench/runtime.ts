import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseInputs, type Inputs, type RawInputs } from '../src/inputs/parse.js';
import { check, type Checked } from '../src/run/check.js';
import { Redactor } from '../src/text/redact.js';
import { standards } from '../src/standards/index.js';
import type { Runtime } from '../src/run/runtime.js';

/** A runtime that says nothing, with a directory of its own. */
export const quietRuntime = (): Runtime => {
  const directory = mkdtempSync(join(tmpdir(), 'scs-kaas-bench-'));
  const redactor = new Redactor();
  return {
    env: process.env,
    signal: new AbortController().signal,
    log: () => undefined,
    step: () => undefined,
    secret: redactor.add,
    redactor,
    directory,
    cacheDirectory: join(directory, 'cache'),
    onResource: () => true,
    leaveCluster: false,
    now: () => new Date(),
  };
};

export const inputsFor = (raw: RawInputs): Inputs =>
  parseInputs({ offline: 'true', ...raw }, { standards: standards.map((s) => s.id), reports: () => [] }, 'terminal');

/** The whole light suite on the cluster of a kubeconfig: opened, looked at, judged, closed. */
export const lightSuite = async (kubeconfig: string): Promise<Checked> => {
  const checked = await check(inputsFor({ kubeconfig }), quietRuntime());
  await checked.close();
  return checked;
};

import data from './data/scs-compatible-kaas.json' with { type: 'json' };
import { loadScope } from './load.js';
import type { Scope } from './scope.js';

/** What the report calls the facts that come with the program, with the day on which upstream's file was looked at. */
export const bundledSource = 'bundled, as of 2026-08-21';

/** The scope "SCS-compatible KaaS" as upstream has it: ids, dates and testcases, for where no file is given. */
export const bundledScope = (): Scope => loadScope(data, bundledSource);

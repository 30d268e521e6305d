import { start } from './start.js';

/** The step of the action `merge`. */
void start(async () => (await import(/* webpackMode: "eager" */ './merge.js')).mergeStep);

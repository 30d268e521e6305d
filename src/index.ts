import { start } from './action/start.js';

/** The main step of the check. */
void start(async () => (await import(/* webpackMode: "eager" */ './action/check.js')).checkStep);

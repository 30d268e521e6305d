import { start } from './start.js';

/** The step of the action `upload`. */
void start(async () => (await import(/* webpackMode: "eager" */ './upload.js')).uploadStep);

import { start } from './action/start.js';

/** The action's main step. */
void start();

import { main } from './cli/main.js';

/** The command line. */
void main();

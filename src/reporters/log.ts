import { fleetTerminal } from './fleet-terminal.js';
import type { Reporter } from './reporter.js';
import { terminalReport } from './terminal.js';

/** The table for people, in the log of the job. */
export const log: Reporter = {
  name: 'log',
  description: 'Table for people in the log of the job',
  medium: 'log',
  report: terminalReport,
  fleet: ({ fleet }, options) => fleetTerminal(fleet, options),
};

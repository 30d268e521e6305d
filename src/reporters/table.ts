import { fleetTerminal } from './fleet-terminal.js';
import type { Reporter } from './reporter.js';
import { terminalReport } from './terminal.js';

/** The table for people, as a text. */
export const table: Reporter = {
  name: 'table',
  description: 'Table for people as plain text: what a terminal shows',
  medium: 'file',
  file: 'scs-kaas-report.txt',
  report: terminalReport,
  fleet: ({ fleet }, options) => fleetTerminal(fleet, options),
};

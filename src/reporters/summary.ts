import { fleetMarkdown } from './fleet-markdown.js';
import { summaryMarkdown } from './job-summary.js';
import type { Reporter } from './reporter.js';

/** The job summary of the workflow step. */
export const summary: Reporter = {
  name: 'summary',
  description: 'Job summary of the workflow run: the whole report as a page',
  medium: 'summary',
  report: (report) => summaryMarkdown(report),
  fleet: ({ fleet }) => fleetMarkdown(fleet),
};

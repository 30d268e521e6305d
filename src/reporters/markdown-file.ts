import { fleetMarkdown } from './fleet-markdown.js';
import { summaryMarkdown } from './job-summary.js';
import type { Reporter } from './reporter.js';

/** The same as the job summary, for an artifact or a page. */
export const markdown: Reporter = {
  name: 'markdown',
  description: 'Job summary as a Markdown file, for an artifact or a page',
  medium: 'file',
  file: 'scs-kaas-summary.md',
  output: 'summary-file',
  report: (report) => summaryMarkdown(report),
  fleet: ({ fleet }) => fleetMarkdown(fleet),
};

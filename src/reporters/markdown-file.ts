import { summaryMarkdown } from './job-summary.js';
import { defineReporter } from './reporter.js';

/** The job summary as a file, for an artifact or a page. */
export const markdownFile = defineReporter({
  name: 'markdown',
  report: (report) => [{ kind: 'file', name: 'scs-kaas-summary.md', text: summaryMarkdown(report), output: 'summary-file' }],
});

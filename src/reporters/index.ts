import { annotations } from './annotations.js';
import { jobSummary, markdownFile } from './job-summary.js';
import { json } from './json.js';
import { pullRequestComment } from './pull-request-comment.js';
import { scsReport } from './scs-report.js';
import { terminal } from './terminal.js';

/** All reporters: the allowed values, the error texts and the tables of the documentation follow from this list. */
export const reporters = [annotations, jobSummary, pullRequestComment, markdownFile, json, scsReport, terminal] as const;

export { annotations, jobSummary, json, markdownFile, pullRequestComment, scsReport, terminal };
export type { ReporterOptions } from './reporter.js';

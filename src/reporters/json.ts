import { reportSchema, type Report } from '../model/report.js';
import { defineReporter } from './reporter.js';

/**
 * The report as JSON: keys in the schema's order, two spaces, a newline at the end. Printed in a workflow it holds no
 * command for the runner: `##[` is written `##\u005b`, which is the same string in JSON.
 */
export const reportJson = (report: Report): string =>
  `${JSON.stringify(reportSchema.parse(report), null, 2).replaceAll('##[', '##\\u005b')}\n`;

/** The JSON report as a file. */
export const json = defineReporter({
  name: 'json',
  report: (report) => [{ kind: 'file', name: 'scs-kaas-report.json', text: reportJson(report), output: 'report-file' }],
});

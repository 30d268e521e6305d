import { annotations } from './annotations.js';
import { comment } from './comment.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { log } from './log.js';
import { markdown } from './markdown-file.js';
import type { FileReporter, Reporter } from './reporter.js';
import { scsReport } from './scs-report.js';
import { snapshot } from './snapshot.js';
import { summary } from './summary.js';
import { table } from './table.js';

/** All reporters: what `reports`, `--report` and `-o` take, the help, the error texts and the tables of the documentation follow from this list. */
export const reporters: readonly Reporter[] = [annotations, log, summary, comment, table, json, markdown, snapshot, junit, scsReport];

/** The reporters that `check` offers. */
export const clusterReporters: readonly Reporter[] = reporters.filter(({ report }) => report !== undefined);
/** The reporters that `merge` offers. */
export const fleetReporters: readonly Reporter[] = reporters.filter(({ fleet }) => fleet !== undefined);

/** What a workflow reports if nobody says otherwise. */
export const defaultReports: readonly string[] = ['annotations', 'log', 'summary', 'comment', 'json', 'markdown', 'snapshot'];

/** The reporters whose text can go to standard output. */
export const outputReporters: readonly FileReporter[] = reporters.filter((reporter) => reporter.medium === 'file');
/** Their names: what `-o` takes. */
export const outputFormats: readonly string[] = outputReporters.map(({ name }) => name);

export { toDeliveries, toFleetDeliveries } from './deliveries.js';
export { parseReports, type Selected } from './select.js';
export type { FileReporter, Reporter, ReporterOptions } from './reporter.js';

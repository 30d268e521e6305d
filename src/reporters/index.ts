import { annotations } from './annotations.js';
import { comment } from './comment.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { log } from './log.js';
import { markdown } from './markdown-file.js';
import type { FileReporter, Reporter } from './reporter.js';
import { scsReport } from './scs-report.js';
import { missingFor, parseReports } from './select.js';
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

/** What the action `merge` reports if nobody says otherwise. */
export const defaultFleetReports: readonly string[] = ['log', 'summary', 'comment', 'json', 'markdown'];

/**
 * What is wrong with the words of a setting that names reports.
 * @param of whether they are about one cluster, or about a fleet
 */
export const reportProblems =
  (of: 'report' | 'fleet') =>
  (words: readonly string[], setting: string, known: Parameters<typeof missingFor>[1]): readonly string[] => {
    const { selected, problems } = parseReports(words, of === 'report' ? clusterReporters : fleetReporters, setting);
    return [...problems, ...missingFor(selected, known).map((what) => `${setting} holds ${what}.`)];
  };

/** The reporters whose text can go to standard output. */
export const outputReporters: readonly FileReporter[] = reporters.filter((reporter) => reporter.medium === 'file');
const namesOf = (some: readonly Reporter[]): readonly string[] =>
  outputReporters.filter((reporter) => some.includes(reporter)).map(({ name }) => name);
/** What `-o` takes, by command. */
export const outputFormats = { check: namesOf(clusterReporters), merge: namesOf(fleetReporters) } as const;

export { toDeliveries, toFleetDeliveries } from './deliveries.js';
export { missingFor, noReports, parseReports, selectReports, type Selected } from './select.js';
export type { FileReporter, Reporter, ReporterOptions } from './reporter.js';

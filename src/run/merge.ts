import { createHash } from 'node:crypto';
import { exitCodes, exitOf, type ExitCode } from '../evaluation/exit-code.js';
import type { Rule } from '../model/fail-on.js';
import { parseVersion } from '../facts/support/version.js';
import { toFleet, type FleetFile } from '../fleet/aggregate.js';
import type { Member } from '../fleet/notes.js';
import { UserError } from '../model/errors.js';
import type { Fleet } from '../model/fleet.js';
import { foreignBecause, firstSourceOf } from '../model/origin.js';
import { listed } from '../model/outcome.js';
import type { Report } from '../model/report.js';
import { readTextFile } from '../system/text-file.js';
import { parseReport } from '../fleet/read-report.js';
import { fleetJson } from '../reporters/fleet-json.js';
import { fleetMarkdown } from '../reporters/fleet-markdown.js';
import type { Format } from '../reporters/formats.js';
import { fleetTerminal } from '../reporters/fleet-terminal.js';
import { scsReport } from '../reporters/index.js';
import { selectStandards } from '../standards/select.js';
import { standards } from '../standards/index.js';
import { tool } from '../model/tool.js';

/** What to merge, and how to tell it. */
export interface MergeRequest {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly now: Date;
  readonly failOn: readonly Rule[];
  /** How many clusters there have to be. */
  readonly expected?: number | undefined;
  /** The provider at upstream's monitor. */
  readonly subject?: string | undefined;
  readonly colour: boolean;
  readonly width: number;
}

export interface Merged {
  readonly text: string;
  readonly code: ExitCode;
  /** Why the code is not 0, for people. */
  readonly message: string;
}

/** A report of a large cluster has some hundred kilobytes. */
const bounds = { files: 500, bytes: 32 * 1024 * 1024, allBytes: 256 * 1024 * 1024 } as const;

/** Of each path what tells it from the others: without the folders before and the name behind that all have. */
export const labelsOf = (paths: readonly string[]): readonly string[] => {
  const parts = paths.map((path) => path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.'));
  const shortest = Math.min(...parts.map((some) => some.length));
  const same = (at: (some: readonly string[], i: number) => string | undefined): number => {
    let n = 0;
    while (n < shortest && new Set(parts.map((some) => at(some, n))).size === 1) n++;
    return n;
  };
  const before = same((some, i) => some[i]);
  const behind = same((some, i) => some.at(-1 - i));
  return parts.map((some) => some.slice(before, some.length - behind).join('/') || (some.at(-1) ?? ''));
};

interface ReadFile extends FleetFile {
  /** Of its text. */
  readonly sha256: string;
}

/** One after the other: each may be large. */
const readAll = async (paths: readonly string[]): Promise<readonly ReadFile[]> => {
  const labels = labelsOf(paths);
  const files: ReadFile[] = [];
  let left: number = bounds.allBytes;
  for (const [i, path] of paths.entries()) {
    const read = await readTextFile(path, { maxBytes: Math.min(bounds.bytes, left) });
    const label = labels[i] ?? path;
    if ('problem' in read) files.push({ label, read: { problems: [read.problem] }, sha256: '' });
    else {
      left -= Buffer.byteLength(read.text);
      files.push({ label, read: parseReport(read.text), sha256: createHash('sha256').update(read.text).digest('hex') });
    }
  }
  return files;
};

/** Upstream takes each branch of a provider for a test subject of its own, and calls it so: `noris-1.34`. */
const branchSubject = (provider: string, { cluster }: Report): string | undefined => {
  const minor = parseVersion(cluster.version)?.minor;
  return minor === undefined ? undefined : `${provider}-${minor}`;
};

/** The same for every try to upload the same report for the same subject, so that a copy is known as one. */
const runIdOf = (subject: string, sha256: string): string => {
  const hex = createHash('sha256').update(`${subject}\n${sha256}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
};

/** What keeps a report from being uploaded. */
const uploadProblem = ({ report, cluster }: Member, subject: string | undefined): string | undefined => {
  if (report.official === undefined) return `${cluster.report} does not hold the official verdict`;
  const foreign = foreignBecause(firstSourceOf({ source: cluster.source, detail: report.cluster.sourceDetail })) ?? report.notForMonitor;
  if (foreign !== undefined) return `${cluster.report} is about ${foreign}; leave it out, and merge reports on clusters of the offer`;
  return subject === undefined ? `${cluster.report} does not tell which branch of Kubernetes its cluster has` : undefined;
};

/** A document for each cluster and moment of looking. @throws {UserError} with everything that keeps it from being written */
const scsReportOf = (fleet: Fleet, members: readonly Member[], provider: string, shaOf: (report: Report) => string): string => {
  const named = members.map((member) => ({ member, subject: branchSubject(provider, member.report) }));
  const subjects = [...new Set(named.flatMap(({ subject }) => (subject === undefined ? [] : [subject])))];
  const problems = [
    ...fleet.unusable.map(({ report, problems: some }) => `${report}: ${some.join('; ')}.`),
    ...(members.length === 0 ? ['there is no report of a cluster.'] : []),
    ...named.flatMap(({ member, subject }) => {
      const problem = uploadProblem(member, subject);
      return problem === undefined ? [] : [`${problem}.`];
    }),
    ...subjects.flatMap((subject) => {
      const some = named.filter((one) => one.subject === subject).map(({ member }) => member.cluster.report);
      // At the monitor the later one counts alone: a failure would hide behind a pass.
      return some.length === 1 ? [] : [`${some.length} reports are of the subject ${subject}: ${listed(some)}; merge one of each branch.`];
    }),
  ];
  if (problems.length > 0) throw new UserError(problems.map((problem) => `Cannot write upstream's report: ${problem}`));
  return named
    .flatMap(({ member: { report, cluster }, subject = '' }) => {
      const checkedAt = new Date(Math.min(Date.parse(fleet.now), Date.parse(cluster.checkedAt))).toISOString();
      const upload = { subject, runId: runIdOf(subject, shaOf(report)), checkedAt };
      try {
        return scsReport.report(report, { commentKey: '', colour: false, width: 100, verbose: false, upload });
      } catch (cause) {
        throw new UserError([`Cannot write upstream's report: ${cluster.report} holds something that upstream's monitor does not take.`], {
          cause,
        });
      }
    })
    .map((delivery) => (delivery.kind === 'file' ? delivery.text : ''))
    .join('');
};

/** A line of a log is no table. */
const maxTold = 10;

const codeOfFleet = (fleet: Fleet, members: readonly Member[], { failOn }: MergeRequest): Omit<Merged, 'text'> => {
  const exits = members.map(({ judged, cluster }) => ({ cluster, ...exitOf(judged, failOn) }));
  const ended = (code: ExitCode, some: readonly string[]): Omit<Merged, 'text'> => ({
    code,
    message: `${some.slice(0, maxTold).join('; ')}${some.length > maxTold ? `; and ${some.length - maxTold} more` : ''}`,
  });
  const told = (code: ExitCode): readonly string[] =>
    exits.flatMap((exit) => (exit.code === code ? [`${exit.cluster.report}: ${exit.message}`] : []));
  const failed = told(exitCodes.failed);
  if (failed.length > 0) return ended(exitCodes.failed, failed);
  const unusable = fleet.unusable.map(({ report, problems }) => `${report}: ${problems.join('; ')}`);
  if (unusable.length > 0) return ended(exitCodes.badInput, unusable);
  if (failOn.length === 0) return ended(exitCodes.fine, []);
  const open = [
    ...told(exitCodes.notJudged),
    ...fleet.clusters.flatMap(({ report, reasons }) => (reasons.length > 0 ? [`${report}: ${reasons.join('; ')}`] : [])),
    ...(fleet.count.clusters < fleet.count.expected ? [fleet.headline] : []),
  ];
  return ended(open.length === 0 ? exitCodes.fine : exitCodes.notJudged, open);
};

const formatFleet = (fleet: Fleet, request: MergeRequest): string => {
  switch (request.format) {
    case 'table':
      return fleetTerminal(fleet, request);
    case 'markdown':
      return fleetMarkdown(fleet);
    case 'json':
    case 'scs-report':
      return fleetJson(fleet);
  }
};

/**
 * Puts the JSON reports of several clusters together.
 * @returns the text for standard output, and how the program ends: the worst of all by `fail-on`, never fine where a file is of no use
 * @throws {UserError} where there are too many files, or upstream's report cannot be written
 */
export const mergeReports = async (request: MergeRequest): Promise<Merged> => {
  if (request.paths.length > bounds.files)
    throw new UserError([`The command "merge" was given ${request.paths.length} files; it takes ${bounds.files}.`]);
  const files = await readAll(request.paths);
  const musts = selectStandards(standards, [])
    .filter(({ category }) => category === 'certificate')
    .flatMap((standard) => standard.requirements.flatMap(({ id, level }) => (level === 'MUST' ? [`${standard.id}/${id}`] : [])));
  const { expected, now } = request;
  const { fleet, members } = toFleet(files, { tool, now, musts, expected });
  const shaOf = (report: Report): string => files.find(({ read }) => 'report' in read && read.report === report)?.sha256 ?? '';
  const text = request.format === 'scs-report' ? scsReportOf(fleet, members, request.subject ?? '', shaOf) : formatFleet(fleet, request);
  return { text, ...codeOfFleet(fleet, members, request) };
};

import { createHash } from 'node:crypto';
import { exitCodes, exitOf, type ExitCode } from '../evaluation/exit-code.js';
import type { Rule } from '../model/fail-on.js';
import { parseVersion } from '../facts/support/version.js';
import { toFleet, type FleetFile } from '../fleet/aggregate.js';
import { UserError } from '../model/errors.js';
import type { Fleet, FleetMember, MergedFleet, Submission } from '../model/fleet.js';
import type { Report } from '../model/report.js';
import { readTextFile } from '../system/text-file.js';
import { parseReport } from '../fleet/read-report.js';
import { selectStandards } from '../standards/select.js';
import { standards } from '../standards/index.js';
import { tool } from '../model/tool.js';

/** What to merge, and by what to judge it. */
export interface MergeRequest {
  readonly paths: readonly string[];
  readonly now: Date;
  readonly failOn: readonly Rule[];
  /** How many clusters there have to be. */
  readonly expected?: number | undefined;
  /** The provider at upstream's monitor. */
  readonly subject?: string | undefined;
}

/** What the reports say together, and how the program ends. */
export interface Merged extends MergedFleet {
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

/** What the monitor knows a member's report by. */
const submissionOf = ({ report }: FleetMember, provider: string | undefined, sha256: string): Submission | undefined => {
  const subject = provider === undefined ? undefined : branchSubject(provider, report);
  return subject === undefined ? undefined : { subject, runId: runIdOf(subject, sha256) };
};

/** A line of a log is no table. */
const maxTold = 10;

type Ending = Pick<Merged, 'code' | 'message'>;

const codeOfFleet = (fleet: Fleet, members: readonly FleetMember[], { failOn }: MergeRequest): Ending => {
  const exits = members.map(({ judged, cluster }) => ({ cluster, ...exitOf(judged, failOn) }));
  const ended = (code: ExitCode, some: readonly string[]): Ending => ({
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

/**
 * Puts the JSON reports of several clusters together.
 * @returns what they say together, and how the program ends: the worst of all by `fail-on`, never fine if a file cannot be used
 * @throws {UserError} if there are too many files
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
  const named = members.map((member) => ({ ...member, submission: submissionOf(member, request.subject, shaOf(member.report)) }));
  return { fleet, members: named, provider: request.subject, ...codeOfFleet(fleet, members, request) };
};

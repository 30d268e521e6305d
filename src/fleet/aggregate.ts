import {
  fleetSchemaId,
  fleetSchemaVersion,
  type Fleet,
  type FleetCell,
  type FleetCluster,
  type FleetMember,
  type FleetRequirement,
} from '../model/fleet.js';
import { firstSourceOf, foreignBecause } from '../model/origin.js';
import { count, countOutcomes, levels, listed, texts, type Verdict } from '../model/outcome.js';
import { notesOf } from './notes.js';
import type { Report, RequirementReport } from '../model/report.js';
import { verdictOutcome } from '../model/statement.js';
import { mustsOf, verdictOf } from '../model/verdict.js';
import { settleTogether } from './settle-across.js';
import type { ReadReport } from './read-report.js';

/** A file that was named, and what it holds. */
export interface FleetFile {
  /** As much of its path as tells it from the others. */
  readonly label: string;
  readonly read: ReadReport;
}

/** What the reports are held against. */
export interface FleetContext {
  readonly tool: Fleet['tool'];
  readonly now: Date;
  /** Ids of the MUSTs of the certificate scope that are in force: a report without one of them proves less than it says. */
  readonly musts: readonly string[];
  /** How many clusters there have to be; any number from one on without. */
  readonly expected?: number | undefined;
}

const hour = 3_600_000;
const day = 24 * hour;
/** Older than this a report tells nothing of today: releases, vulnerabilities and results have their months. */
const oldestDays = 31;

const mainOf = (report: Report): readonly RequirementReport[] => report.requirements.filter(({ category }) => category === 'certificate');
const checkedAtOf = ({ checkedAt, now }: Report): string => checkedAt ?? now;

const dayOf = (moment: string): string => moment.slice(0, 10);

/** Why a report says nothing of a provider's cluster of today, whatever its age. */
const standingObjection = (report: Report): string | undefined => {
  const { cluster, now, notForMonitor } = report;
  const foreign = foreignBecause(firstSourceOf({ source: cluster.source, detail: cluster.sourceDetail })) ?? notForMonitor;
  if (foreign !== undefined) return `it is about ${foreign}`;
  // Reports of earlier versions do not say so themselves.
  return Math.abs(Date.parse(now) - Date.parse(checkedAtOf(report))) > day
    ? `it is about a cluster of ${dayOf(checkedAtOf(report))} judged as of ${dayOf(now)}`
    : undefined;
};

/** What keeps a report's own verdict from counting today. */
const reportObjections = (report: Report, { now, musts }: FleetContext): readonly string[] => {
  const ageMs = now.getTime() - Date.parse(checkedAtOf(report));
  const own = mustsOf(report.requirements);
  const lacking = musts.filter((id) => !own.some((r) => r.id === id));
  const today = now.toISOString().slice(0, 10);
  const isExpired = (r: RequirementReport): boolean =>
    r.outcome === 'declared' && r.statement !== undefined && r.statement.expires <= today;
  const expired = own.filter(isExpired).map(({ id }) => id);
  return texts(
    standingObjection(report),
    ageMs > oldestDays * day && `it was looked at more than ${oldestDays} days ago`,
    ageMs < -day && `it says that it was looked at on ${dayOf(checkedAtOf(report))}, which is yet to come`,
    expired.length > 0 && `statements have expired that it rests on: ${listed(expired, 5)}`,
    lacking.length > 0 &&
      `${count(lacking.length, 'MUST')} of the certificate scope ${lacking.length === 1 ? 'is' : 'are'} not in its report: ${listed(lacking, 5)}`,
  );
};

/** Upstream takes no notice of a result whose time is over. */
const officialOf = ({ official }: Report, { now }: FleetContext): FleetCluster['official'] => {
  if (official === undefined) return undefined;
  const today = now.toISOString().slice(0, 10);
  const over = official.testcases.filter((t) => t.counts && t.verdict === 'PASS' && t.expires !== undefined && t.expires <= today);
  return official.verdict === 'PASS' && over.length > 0
    ? {
        verdict: 'MISSING',
        message: `no result counts any more of ${listed(over.map(({ id, expires }) => `${id} (until ${expires ?? ''})`))}`,
      }
    : { verdict: official.verdict, message: official.message };
};

/** The verdict with what all reports together tell; never better than the report's own but by that. */
const verdictWith = (report: Report, requirements: Report['requirements'], reasons: readonly string[]): Verdict => {
  const before = verdictOf(mustsOf(report.requirements), []);
  const verdict = before === report.verdict ? verdictOf(mustsOf(requirements), []) : report.verdict;
  return verdict === 'compliant' && reasons.length > 0 ? 'incomplete' : verdict;
};

const toMember = (label: string, report: Report, requirements: Report['requirements'], context: FleetContext): FleetMember => {
  const judged = { ...report, requirements };
  const reasons = reportObjections(report, context);
  const verdict = verdictWith(report, requirements, reasons);
  const official = officialOf(report, context);
  const { name, source, version, uid } = report.cluster;
  return {
    report,
    judged,
    cluster: {
      report: label,
      name,
      source,
      version,
      uid,
      verdict,
      instead: verdict === report.verdict ? undefined : report.verdict,
      reasons,
      official,
      musts: countOutcomes(mustsOf(requirements).map(verdictOutcome)),
      checkedAt: checkedAtOf(report),
      ageHours: Math.floor((context.now.getTime() - Date.parse(checkedAtOf(report))) / hour),
      tier: report.tier,
      tool: `${report.tool.name} ${report.tool.version}`,
      data: report.data,
    },
  };
};

/** Compares by the first of the keys that differs. */
const byKeys =
  <T>(...keys: readonly ((one: T) => number | string)[]) =>
  (a: T, b: T): number => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };

const verdictOrder: readonly Verdict[] = ['non-compliant', 'incomplete', 'compliant'];

const worstFirst = byKeys<FleetMember>(
  ({ cluster }) => verdictOrder.indexOf(cluster.verdict),
  ({ cluster }) => -cluster.musts.fail,
  ({ judged }) => -mainOf(judged).filter((r) => verdictOutcome(r) === 'fail').length,
  ({ cluster }) => -cluster.musts.abort,
  ({ cluster }) => cluster.name,
  ({ cluster }) => cluster.report,
);

const cellOrder: readonly FleetCell[] = ['fail', 'abort', 'absent', 'missing', 'waived', 'declared', 'pass', 'not-applicable'];
const worstCell = (r: FleetRequirement): number => Math.min(cellOrder.length, ...r.outcomes.map((cell) => cellOrder.indexOf(cell)));

/** The requirements of the certificate scope of all reports, worst first; among equals in the order of the catalogue. */
const requirementsOf = (members: readonly FleetMember[]): readonly FleetRequirement[] => {
  const maps = members.map(({ judged }) => new Map(mainOf(judged).map((r) => [r.id, r])));
  const ids = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  const rows = ids.flatMap((id): readonly FleetRequirement[] => {
    const own = maps.flatMap((map) => map.get(id) ?? []);
    const [first] = own;
    if (first === undefined) return [];
    const { title, category, clause } = first;
    const level = levels.find((one) => own.some((r) => r.level === one)) ?? first.level;
    return [{ id, title, level, category, clause, outcomes: maps.map((map) => map.get(id)?.outcome ?? 'absent') }];
  });
  return rows.toSorted(
    byKeys<FleetRequirement>(
      (r) => worstCell(r),
      (r) => levels.indexOf(r.level),
      (r) => -r.outcomes.filter((cell) => cellOrder.indexOf(cell) === worstCell(r)).length,
    ),
  );
};

const verdictOfAll = (members: readonly FleetMember[], unusable: number, clusters: number, expected: number): Verdict => {
  if (members.some(({ cluster }) => cluster.verdict === 'non-compliant')) return 'non-compliant';
  const whole = unusable === 0 && members.length > 0 && clusters >= expected;
  return whole && members.every(({ cluster }) => cluster.verdict === 'compliant') ? 'compliant' : 'incomplete';
};

const headlineOf = (verdict: Verdict, members: readonly FleetMember[], unusable: number, clusters: number, expected: number): string => {
  const n = (one: Verdict): number => members.filter(({ cluster }) => cluster.verdict === one).length;
  const parts = texts(
    members.length === 0 && 'there is no report of a cluster',
    verdict === 'compliant' && `all of ${count(members.length, 'cluster report')}`,
    n('non-compliant') > 0 && `${n('non-compliant')} of ${count(members.length, 'cluster report')} not compliant`,
    n('incomplete') > 0 && `${n('incomplete')} of ${members.length} incomplete`,
    unusable > 0 && `${count(unusable, 'file')} of no use`,
    clusters < expected && `${count(clusters, 'cluster')} where there have to be ${expected}`,
  );
  const declared = members.reduce((sum, { cluster }) => sum + cluster.musts.declared, 0);
  const musts = members.reduce((sum, { judged }) => sum + mustsOf(judged.requirements).length, 0);
  const byStatement = verdict === 'compliant' && declared > 0 ? `, ${declared} of ${musts} by the provider's own statement` : '';
  return `${verdict}${byStatement}: ${parts.join('; ')}`;
};

/**
 * Puts the reports of several clusters together. Compliant only where there is at least one, and every one is: what is absent, too old, of no
 * use or there twice never makes it better.
 * @param files in the order in which they were named, at least one
 * @returns what is to be reported, and the clusters in its order with their reports
 */
export const toFleet = (
  files: readonly FleetFile[],
  context: FleetContext,
): { readonly fleet: Fleet; readonly members: readonly FleetMember[] } => {
  const read = files.flatMap(({ label, read: one }) => ('report' in one ? [{ label, report: one.report }] : []));
  const counting = read.map(({ report }) => report).filter((report) => reportObjections(report, context).length === 0);
  const together = settleTogether(
    counting,
    read.map(({ report }) => report),
  );
  const members = read
    .map(({ label, report }) => toMember(label, report, counting.includes(report) ? together.settle(report) : report.requirements, context))
    .toSorted(worstFirst);
  const unusable = files.flatMap(({ label, read: one }) => ('report' in one ? [] : [{ report: label, problems: one.problems }]));
  const clusters = new Set(members.map(({ cluster }) => cluster.uid ?? `report ${cluster.report}`)).size;
  const { expected = 1 } = context;
  const verdict = verdictOfAll(members, unusable.length, clusters, expected);
  return {
    members,
    fleet: {
      $schema: fleetSchemaId,
      schemaVersion: fleetSchemaVersion,
      tool: context.tool,
      now: context.now.toISOString(),
      verdict,
      headline: headlineOf(verdict, members, unusable.length, clusters, expected),
      notes: [...notesOf(members), ...together.notes],
      count: { clusters, expected },
      clusters: members.map(({ cluster }) => cluster),
      unusable,
      requirements: requirementsOf(members),
    },
  };
};

import { UserError } from '../model/errors.js';
import type { MergedFleet } from '../model/fleet.js';
import { firstSourceOf, foreignBecause } from '../model/origin.js';
import { listed } from '../model/outcome.js';
import { scsReportText } from './scs-report-text.js';

type Member = MergedFleet['members'][number];

/** What keeps the report of one cluster from being uploaded. */
const memberProblem = ({ report, cluster, submission }: Member): string | undefined => {
  if (report.official === undefined) return `${cluster.report} does not hold the official verdict`;
  const foreign = foreignBecause(firstSourceOf({ source: cluster.source, detail: report.cluster.sourceDetail })) ?? report.notForMonitor;
  if (foreign !== undefined) return `${cluster.report} is about ${foreign}; leave it out, and merge reports on clusters of the offer`;
  return submission === undefined ? `${cluster.report} does not tell which branch of Kubernetes its cluster has` : undefined;
};

/** Everything that keeps the reports from being uploaded. */
const problemsOf = ({ fleet, members }: MergedFleet): readonly string[] => {
  const subjects = [...new Set(members.flatMap(({ submission }) => submission?.subject ?? []))];
  return [
    ...fleet.unusable.map(({ report, problems }) => `${report}: ${problems.join('; ')}.`),
    ...(members.length === 0 ? ['there is no report of a cluster.'] : []),
    ...members.flatMap((member) => {
      const problem = memberProblem(member);
      return problem === undefined ? [] : [`${problem}.`];
    }),
    ...subjects.flatMap((subject) => {
      const some = members.filter(({ submission }) => submission?.subject === subject).map(({ cluster }) => cluster.report);
      // The monitor counts only the later one: a failure would hide behind a pass.
      return some.length === 1 ? [] : [`${some.length} reports are of the subject ${subject}: ${listed(some)}; merge one of each branch.`];
    }),
  ];
};

const memberText = ({ report, cluster, submission }: Member, now: string): string => {
  if (submission === undefined || report.official === undefined) return '';
  const checkedAt = new Date(Math.min(Date.parse(now), Date.parse(cluster.checkedAt))).toISOString();
  try {
    return scsReportText(report, report.official, { ...submission, checkedAt });
  } catch (cause) {
    throw new UserError([`Cannot write upstream's report: ${cluster.report} holds something that upstream's monitor does not take.`], {
      cause,
    });
  }
};

/**
 * The reports of several clusters for the SCS compliance monitor: a document for each cluster and moment of looking.
 * @returns nothing if the provider is not named
 * @throws {UserError} with everything that keeps it from being written
 */
export const fleetScsReport = (merged: MergedFleet): string | undefined => {
  if (merged.provider === undefined) return undefined;
  const problems = problemsOf(merged);
  if (problems.length > 0) throw new UserError(problems.map((problem) => `Cannot write upstream's report: ${problem}`));
  return merged.members.map((member) => memberText(member, merged.fleet.now)).join('');
};

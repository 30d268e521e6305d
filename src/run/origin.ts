import type { Origin } from '../evaluation/build-report.js';
import type { Opened } from '../sources/source.js';

const noteOf = ({ source, cluster }: Opened, asOf: Date | undefined): string | undefined => {
  if (cluster.live) return asOf === undefined ? undefined : `judged as of ${asOf.toISOString()}`;
  const day = cluster.recordedAt.slice(0, 10);
  return source === 'embedded' ? `a recorded example of ${day}, no cluster of yours` : `recorded on ${day}`;
};

/** Where the facts of a cluster come from. @param asOf the moment that the user set */
export const originOf = (opened: Opened, asOf: Date | undefined): Origin => {
  const { name, source, detail, caveats, cluster } = opened;
  const moment = asOf === undefined ? 'now' : 'set';
  return { name, source, detail, caveats, note: noteOf(opened, asOf), moment: cluster.live ? moment : undefined };
};

/** A recording of tomorrow is one of a clock that is wrong: at upstream's monitor its results would hide all that follow until then. */
const notAfter = (recordedAt: string, now: Date): string => new Date(Math.min(now.getTime(), Date.parse(recordedAt))).toISOString();

/** When a run looked at its cluster, and by which moment it judges. */
export interface Moments {
  readonly now: Date;
  /** When the cluster was looked at, ISO 8601, whatever moment is judged by. */
  readonly checkedAt: string;
  /** As it stands in the snapshot. */
  readonly recordedAt: string;
}

/**
 * @param begun the moment to judge by, as it was known before anything was collected
 * @param ended what the clock said once all was collected
 * @param asOf the moment that the user set
 */
export const momentsOf = ({ cluster }: Opened, begun: Date, ended: Date, tier: string, asOf: Date | undefined): Moments => {
  if (!cluster.live) return { now: begun, checkedAt: notAfter(cluster.recordedAt, ended), recordedAt: cluster.recordedAt };
  // Tests take hours, and their results are not of the future.
  const now = tier === 'heavy' && asOf === undefined ? ended : begun;
  // A live cluster is looked at now, whatever moment is judged by.
  return { now, checkedAt: asOf === undefined ? notAfter(now.toISOString(), ended) : ended.toISOString(), recordedAt: now.toISOString() };
};

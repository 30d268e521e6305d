import { factOf, isUnavailable, type Facts } from '../../model/fact.js';
import { firstSourceOf, foreignBecause } from '../../model/origin.js';
import { clocks } from '../clocks.js';
import { nodes } from '../nodes.js';

const dayMs = 86_400_000;

/** What a report can stand for. */
export interface Standing {
  /** What everyone must know who reads it. */
  readonly caveats: readonly string[];
  /** Why it is no report for the compliance monitor, in words that go on after "is about"; absent where it may be one. */
  readonly notForMonitor?: string | undefined;
}

/**
 * Whether a node is one of a kind cluster, through whatever the cluster was reached (https://kind.sigs.k8s.io, `providerID` of its nodes).
 * Undefined where the nodes are not known: such a cluster may be one, so that less knowledge must not let its report through.
 */
const hasKindNode = (facts: Facts): boolean | undefined => {
  const seen = factOf(facts, nodes);
  return isUnavailable(seen) ? undefined : seen.some(({ kind }) => kind === true);
};

/** What decides about a report's standing, beside the facts. */
export interface StandingOrigin {
  readonly source: string;
  readonly detail: string;
  /** How the moment to judge by came about on a live cluster; absent for a recording, whose clock tells. */
  readonly moment?: 'now' | 'set' | undefined;
}

/** A moment other than that of looking was judged by: where the user set it, or a recording's clock says so. */
const judgedAsOf = (facts: Facts, now: Date, moment: StandingOrigin['moment']): string | undefined => {
  // However near it is, and whether or not the cluster tells the time: a patch may become overdue within the hour.
  if (moment === 'set') return `a cluster judged as of ${now.toISOString()}, which "effective-time" sets`;
  if (moment === 'now') return undefined;
  const seen = factOf(facts, clocks);
  return isUnavailable(seen) || Math.abs(Date.parse(seen.here) - now.getTime()) <= dayMs
    ? undefined
    : `a cluster of ${seen.here.slice(0, 10)} judged as of ${now.toISOString().slice(0, 10)}`;
};

/**
 * What a report on these facts can stand for: a kind cluster says nothing of a provider, another moment than that of looking nothing of today, and a
 * wrong clock would date the report.
 * @param origin where the facts come from; one that is known as kind's has its caveat already
 * @param timeDoubt why the time of the run is in doubt; the report says it elsewhere
 */
export const standingOf = (
  facts: Facts,
  now: Date,
  { source, detail, moment }: StandingOrigin,
  timeDoubt: string | undefined,
): Standing => {
  const first = firstSourceOf({ source, detail });
  const foreign = foreignBecause(first);
  if (foreign !== undefined) return { caveats: [], notForMonitor: foreign };
  const kind = hasKindNode(facts);
  if (kind === undefined)
    return {
      caveats: [
        'Whether this is a kind cluster is not known: its nodes cannot be listed. No report for the compliance monitor is written.',
      ],
      notForMonitor: 'a cluster that may be a kind cluster, as its nodes cannot be listed',
    };
  if (kind)
    return {
      caveats: [
        'This is a kind cluster, by the providerID of its nodes: its result certifies nothing about any provider. No report for the compliance monitor is written.',
      ],
      notForMonitor: foreignBecause('kind') ?? '',
    };
  const other = judgedAsOf(facts, now, moment) ?? (timeDoubt === undefined ? undefined : 'a cluster that was checked at an unknown time');
  return other === undefined
    ? { caveats: [] }
    : { caveats: [`This report is about ${other}. No report for the compliance monitor is written.`], notForMonitor: other };
};

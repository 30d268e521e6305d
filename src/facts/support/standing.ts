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
  readonly notForMonitor?: string;
}

/**
 * Whether a node is one of a kind cluster, through whatever the cluster was reached (https://kind.sigs.k8s.io, `providerID` of its nodes).
 * Undefined where the nodes are not known: such a cluster may be one, so that less knowledge must not let its report through.
 */
const hasKindNode = (facts: Facts): boolean | undefined => {
  const seen = factOf(facts, nodes);
  return isUnavailable(seen) ? undefined : seen.some(({ kind }) => kind === true);
};

/** A moment other than that of looking was judged by, where the moment of looking is known. */
const judgedAsOf = (facts: Facts, now: Date): string | undefined => {
  const seen = factOf(facts, clocks);
  return isUnavailable(seen) || Math.abs(Date.parse(seen.here) - now.getTime()) <= dayMs
    ? undefined
    : `a cluster of ${seen.here.slice(0, 10)} judged as of ${now.toISOString().slice(0, 10)}`;
};

/**
 * What a report on these facts can stand for: a kind cluster says nothing of a provider, and another moment than that of looking nothing of today.
 * @param origin where the facts come from; one that is known as kind's has its caveat already
 */
export const standingOf = (facts: Facts, now: Date, { source, detail }: { readonly source: string; readonly detail: string }): Standing => {
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
  const asOf = judgedAsOf(facts, now);
  return asOf === undefined
    ? { caveats: [] }
    : { caveats: [`This report is about ${asOf}. No report for the compliance monitor is written.`], notForMonitor: asOf };
};

/** Where a cluster came from, as a report or a recording says it. */
interface Told {
  readonly source: string;
  /** e.g. the context, or from what a snapshot was recorded. */
  readonly detail: string;
}

/** Sources whose clusters are none of a provider's, in words that go on after "is about". */
const foreign: Readonly<Record<string, string>> = {
  kind: 'a kind cluster, which says nothing about a provider',
  embedded: 'the recorded example, and no cluster of yours',
};

/**
 * The source of a cluster. A recording of no provider's cluster has the source of that cluster; where an earlier version wrote it, only the
 * detail says so.
 */
export const firstSourceOf = ({ source, detail }: Told): string => {
  const [, from = ''] = source === 'snapshot' ? (/ from ([a-z]+)$/.exec(detail) ?? []) : [];
  return Object.hasOwn(foreign, from) ? from : source;
};

/** Why a report on a cluster of that source is not uploaded at upstream's monitor; undefined where it may be. */
export const foreignBecause = (source: string): string | undefined => (Object.hasOwn(foreign, source) ? foreign[source] : undefined);

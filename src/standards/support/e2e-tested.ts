import type { E2eResults, E2eRun } from '../../facts/e2e-results.js';
import type { namespaces } from '../../facts/namespaces.js';
import type { nodes, Node } from '../../facts/nodes.js';
import { parseVersion, sameRelease, formatVersion } from '../../facts/support/version.js';
import { isUnavailable } from '../../model/fact.js';
import { pass, unrelated, type Answer, type Evidence, type Unrelated } from '../../model/outcome.js';
import type { BesideOf } from '../../model/requirement.js';
import { conformanceRule, judgeBy } from './e2e-run.js';

/** What shows since when the cluster has its version. */
type SinceFacts = BesideOf<{ readonly nodes: typeof nodes; readonly namespaces: typeof namespaces }>;

/** A moment, and the object that shows it. */
interface Moment {
  readonly at: number;
  readonly source: string;
}

const creationMoment = (created: string | undefined, source: string): Moment | undefined => {
  const at = Date.parse(created ?? '');
  return Number.isNaN(at) ? undefined : { at, source };
};

const isoOf = (at: number): string => new Date(at).toISOString();

/** Before the cluster was there no version was in use on it. */
const clusterSince = ({ namespaces }: SinceFacts): Moment | undefined =>
  isUnavailable(namespaces)
    ? undefined
    : creationMoment(namespaces.find(({ name }) => name === 'kube-system')?.created, 'namespace kube-system');

/**
 * The oldest node that has this version, or of which the version is not known: the version came with it or later. Undefined where no node has it, or
 * one of them does not show its age: that one may be the first.
 */
const firstNode = ({ nodes }: SinceFacts, server: string): Moment | undefined => {
  if (isUnavailable(nodes)) return undefined;
  const full = ({ kubeletVersion }: Node): string | null | undefined => parseVersion(kubeletVersion)?.full;
  const having = nodes.filter((node) => typeof full(node) !== 'string' || sameRelease(node.kubeletVersion, server));
  const moments = having.map(({ name, created }) => creationMoment(created, `node ${name}`));
  if (!having.some((node) => sameRelease(node.kubeletVersion, server)) || moments.includes(undefined)) return undefined;
  return moments.filter((moment) => moment !== undefined).toSorted((a, b) => a.at - b.at)[0];
};

/** What is known of the moment at which the version came to this cluster. */
interface Since {
  /** It came not before this. */
  readonly cluster: Moment | undefined;
  /** It came perhaps before this: the first node that has it now was created, or tests of it began here. Nodes that were replaced since are not seen. */
  readonly use: Moment | undefined;
  /** It was in use then: tests of it ran on this cluster. A node may be older than its version, where nodes are upgraded in place. */
  readonly tests: Moment | undefined;
}

const sinceOf = (facts: SinceFacts, runs: readonly E2eRun[], server: string): Since => {
  const node = firstNode(facts, server);
  // Tests of this version that ran on this cluster show that it was in use then.
  const [tests] = runs
    .filter(({ cluster, kubernetes }) => cluster.answer === 'same' && sameRelease(kubernetes, server))
    .flatMap(({ startedAt }) => creationMoment(startedAt, 'tests on this cluster') ?? [])
    .toSorted((a, b) => a.at - b.at);
  const use = node !== undefined && tests !== undefined && tests.at < node.at ? tests : node;
  return { cluster: clusterSince(facts), use, tests };
};

/** What came of the tests, where it is not good: the time is not all that is wrong then. */
const failedText = ({ suites: { conformance } }: E2eRun): string =>
  conformance.failed === 0
    ? ''
    : `; ${conformance.failed} of ${conformance.passed + conformance.failed + conformance.unfinished} conformance tests failed`;

const after = 'tested, but after it was in use';
const unknown = 'whether it was tested before it was in use cannot be told';

/** Why a run does not show that the version was tested before it came to this cluster; undefined where it does. */
const tooLate = (run: E2eRun, { cluster, use, tests }: Since): string | undefined => {
  const ended = Date.parse(run.finishedAt);
  if (run.cluster.answer === 'same')
    return `${after}: the tests ran on this very cluster, and ended at ${run.finishedAt}${failedText(run)}`;
  if (cluster !== undefined && ended < cluster.at) return undefined;
  if (cluster === undefined && use === undefined)
    return `${unknown}: neither the creation of the namespace kube-system nor that of a node with this version is known`;
  // By its nodes alone a cluster seems to be another one as soon as all of them were replaced.
  if (!(run.cluster.answer === 'other' && run.cluster.by === 'uid'))
    return `${unknown}: the tests ended at ${run.finishedAt}, ${
      cluster === undefined ? 'the creation of this cluster is not known' : `after this cluster was created (${isoOf(cluster.at)})`
    }, and which cluster they ran on is not certain (${run.cluster.why})`;
  if (use === undefined)
    return `${unknown}: the tests ended at ${run.finishedAt}, after this cluster was created${
      cluster === undefined ? '' : ` (${isoOf(cluster.at)})`
    }, and no node shows since when the version is here`;
  if (ended < use.at) return undefined;
  return tests !== undefined && ended >= tests.at
    ? `${after}: the tests ended at ${run.finishedAt}, and ${tests.source} began at ${isoOf(tests.at)}`
    : `${unknown}: the tests ended at ${run.finishedAt}, after ${use.source} was created (${isoOf(use.at)}), and when this node got the version is not known: a node that is upgraded in place is older than its version`;
};

const sinceEvidence = ({ cluster, use, tests }: Since): readonly Evidence[] => {
  const evidence = (moment: Moment | undefined, observed: (at: string) => string): readonly Evidence[] =>
    moment === undefined ? [] : [{ source: moment.source, observed: observed(isoOf(moment.at)) }];
  const later = 'Nodes that were replaced or removed since are not seen: they may have had it earlier.';
  return [
    ...evidence(cluster, (at) => `created at ${at}: the version came to this cluster then or later`),
    ...evidence(use, (at) =>
      use === tests
        ? `the version was in use at ${at}. ${later}`
        : `created at ${at}: the version came to this node then or later. ${later}`,
    ),
  ];
};

/** Since when the version is here, for a run that was before. */
const hereText = ({ cluster, use }: Since, ended: string): string =>
  cluster !== undefined && Date.parse(ended) < cluster.at
    ? `this cluster was created at ${isoOf(cluster.at)}`
    : `${use?.source ?? ''}, the oldest with this version that is here now, was created at ${isoOf(use?.at ?? 0)}`;

/**
 * Whether this very version was tested before it came to this cluster, however long ago: a version does not change. Counted are runs that ended
 * before the cluster was created, wherever they ran, and runs of another cluster that ended before the first node with this version was created.
 * Everything else leaves it to the provider's statement.
 * @param facts what shows since when the version is here; nothing passes without
 */
export const judgeTestedVersion = (
  results: E2eResults,
  server: { readonly gitVersion: string },
  now: Date,
  facts: SinceFacts,
): Answer | Unrelated => {
  const version = server.gitVersion;
  const ofVersion = results.runs.filter(({ kubernetes, unusable }) => unusable.length > 0 || sameRelease(kubernetes, version));
  if (ofVersion.length === 0) return unrelated(`the results that were given are not of Kubernetes ${formatVersion(version)}`);
  const since = sinceOf(facts, ofVersion, version);
  const { suite, tests, least, byMinor } = conformanceRule;
  const rule = {
    suite,
    tests,
    least,
    byMinor,
    anyCluster: true,
    against: (run: E2eRun) => tooLate(run, since),
  } as const;
  const answer = judgeBy(rule, 'own')({ ...results, runs: ofVersion }, server, now);
  if (answer.outcome === 'unrelated') return answer;
  const { message, evidence, checkedAt = '' } = answer;
  const all = [...evidence, ...sinceEvidence(since)];
  // What failed and was tolerated is told where it matters: with conformance itself.
  return answer.outcome === 'pass'
    ? {
        ...pass(`tested before it was in use here: ${message}; the tests ended at ${checkedAt}, and ${hereText(since, checkedAt)}`, all),
        checkedAt,
      }
    : { outcome: 'undecided', message, evidence: all };
};

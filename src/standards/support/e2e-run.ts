import type { E2eResults, E2eRun } from '../../facts/e2e-results.js';
import type { NetworkPlugins } from '../../facts/support/network-plugins.js';
import { parseVersion, sameRelease, formatVersion } from '../../facts/support/version.js';
import { abort, count, fail, listed, pass, unrelated, type Judgement, type Unrelated } from '../../model/outcome.js';
import { expiryOf } from '../../model/lifetime.js';
import { leastOfAnyMinor } from './conformance-tests.js';
import { runObjection, shortfall, type RulesOf } from './e2e-objections.js';
import { pluginEvidence } from './e2e-plugins.js';
import {
  testEvidence,
  toFindings,
  runName,
  shortName,
  sortTests,
  summaryOf,
  toleranceOf,
  type Sorted,
  type SuiteRule,
} from './e2e-tests.js';

/** All tests tagged [Conformance], as many as the minor has. */
export const conformanceRule: SuiteRule = {
  suite: 'conformance',
  tests: 'conformance tests',
  least: leastOfAnyMinor,
  byMinor: true,
  lifetime: 'year',
};
/** The focus NetworkPolicy: 50 tests in Kubernetes 1.36, five of them about SCTP, which a kernel need not have. */
export const networkPolicyRule: SuiteRule = {
  suite: 'network-policy',
  tests: 'NetworkPolicy tests',
  least: 40,
  lifetime: 'month',
  optional: /SCTP/,
};

const day = 86_400_000;

/** How long before its end a result is said to expire. */
const reminder: Readonly<Record<NonNullable<SuiteRule['lifetime']>, number>> = { month: 7 * day, year: 30 * day };

const expiresSoonOf = (run: E2eRun, { lifetime }: SuiteRule, now: Date): string | undefined => {
  if (lifetime === undefined) return undefined;
  const expiry = expiryOf(new Date(run.finishedAt), lifetime);
  return Date.parse(expiry) - now.getTime() > reminder[lifetime]
    ? undefined
    : `the result counts until ${expiry}; run the tests again before`;
};

/** What a run is judged by, beside itself. */
interface Bench {
  readonly rule: SuiteRule;
  readonly exceptions: E2eResults['exceptions'];
  readonly server: string;
  readonly now: Date;
  readonly rules: RulesOf;
  /** Told beside the answer, where the suite is about them. */
  readonly plugins?: NetworkPlugins | undefined;
  /** How often a test may have been tried; as often as the run had it without. */
  readonly attempts?: number | undefined;
}

/** Why a pass is none of upstream's. A failure is one all the same: what failed at every attempt failed at the first ones as well. */
const tooOften = ({ flakeAttempts }: E2eRun, { attempts }: Bench): string | undefined =>
  attempts === undefined || flakeAttempts <= attempts
    ? undefined
    : `each test had up to ${flakeAttempts} attempts, and upstream gives it ${attempts}; run the tests again with no more ("e2e.flakeAttempts")`;

/** How many failed tests were tolerated, and by which exceptions that were made for something else. */
const toleratedText = ({ tolerated }: Sorted): string => {
  const strange = tolerated.filter(({ madeFor }) => madeFor !== undefined).length;
  const which =
    strange === 0 ? '' : `, ${strange} of them by an exception made for another network plugin or for one that is not seen here`;
  return tolerated.length === 0 ? '' : `; ${count(tolerated.length, 'failed one')} tolerated${which}`;
};

/** How many passed at a later attempt: only the log has it. */
const retriedText = ({ retried, flakeAttempts, withoutLog }: E2eRun): string => {
  if (retried.length > 0) return `; ${retried.length} of all on retry`;
  return withoutLog === true && flakeAttempts > 1
    ? `; each had up to ${flakeAttempts} attempts, and which passed on retry is not known without e2e.log`
    : '';
};

/** What a pass rests on beside the tests: a version that is not the cluster's, and files of which only their owner says whose they are. */
const originText = ({ kubernetes, cluster }: E2eRun, { rule, server }: Bench): string =>
  [
    sameRelease(kubernetes, server) ? '' : `; they are of Kubernetes ${formatVersion(kubernetes)}, which SCS counts over patch updates`,
    rule.anyCluster !== true && cluster.answer === 'stated'
      ? '; that they are of this cluster is known only from serverversion.json, which was put beside them'
      : '',
  ].join('');

const judgeRun = (run: E2eRun, bench: Bench): Judgement | Unrelated => {
  const { rule, exceptions, server, now, plugins, rules } = bench;
  const results = run.suites[rule.suite];
  const ran = results.passed + results.failed + results.unfinished;
  if (run.unusable.length === 0 && run.executed > 0 && ran === 0) return unrelated(`${runName(run)} holds no result of the ${rule.tests}`);
  const tolerance = toleranceOf(exceptions, now, plugins);
  const sorted = sortTests(run, rule, tolerance);
  const summary = summaryOf(run, rule);
  const beside = plugins === undefined ? [] : pluginEvidence(plugins, exceptions);
  const evidence = [summary, ...beside, ...testEvidence(run, rule, sorted, exceptions, tolerance)];
  const against = runObjection(run, rule, server, now, rules);
  if (against !== undefined) return abort(`${runName(run)}: ${against}`, [summary]);
  const failed = sorted.failed.length + sorted.omitted;
  // An official result is as old as its tests are.
  const looked = { checkedAt: run.finishedAt };
  const findings = toFindings(run, rule, sorted, tolerance);
  const names = listed(
    sorted.failed.map(({ name }) => shortName(name)),
    3,
  );
  if (failed > 0) return { ...fail(`${failed} of ${ran} ${rule.tests} failed: ${names}`, evidence), ...looked, findings };
  const lacking = shortfall(run, rule, sorted, parseVersion(server)?.minor ?? '') ?? tooOften(run, bench);
  if (lacking !== undefined) return { ...abort(`${runName(run)}: ${lacking}`, evidence), findings };
  return {
    ...pass(
      `${results.passed} of ${ran} ${rule.tests} that ran passed${toleratedText(sorted)}${retriedText(run)}${originText(run, bench)}`,
      evidence,
    ),
    expiresSoon: expiresSoonOf(run, rule, now),
    ...looked,
    findings,
  };
};

/** The judge of a suite, by the results, the version of the API server under test, the moment, and the network plugins where the suite is about them. */
export type JudgeSuite = (
  results: E2eResults,
  server: { readonly gitVersion: string },
  now: Date,
  plugins?: NetworkPlugins,
) => Judgement | Unrelated;

/**
 * Judges a suite by one rule. Of several runs the newest that tells counts; the others are named.
 * @param rules whose rules on versions and ages hold
 * @param attempts how often a test may have been tried; as often as the run had it without
 */
export const judgeBy =
  (rule: SuiteRule, rules: RulesOf, attempts?: number): JudgeSuite =>
  ({ runs, exceptions }, { gitVersion }, now, plugins) => {
    const newestFirst = runs.toSorted((a, b) => Number(b.finishedAt > a.finishedAt) - Number(a.finishedAt > b.finishedAt));
    const answers = newestFirst.map((run) => judgeRun(run, { rule, rules, exceptions, server: gitVersion, now, plugins, attempts }));
    const related = answers.filter((answer) => answer.outcome !== 'unrelated');
    const newest = related.find(({ outcome }) => outcome !== 'abort');
    // Of two that ended at one moment none is the newer: the one that failed counts.
    const chosen =
      related.find((answer) => answer.outcome === 'fail' && answer.checkedAt === newest?.checkedAt && newest?.outcome === 'pass') ?? newest;
    if (related.length === 0) return unrelated(`the results that were given hold nothing of the ${rule.tests}`);
    if (chosen === undefined)
      return abort(
        listed(
          related.map(({ message }) => message),
          3,
        ),
        related.flatMap(({ evidence }) => evidence),
      );
    const others = related.filter((answer) => answer !== chosen);
    return {
      ...chosen,
      evidence: [
        ...chosen.evidence,
        ...others.map(({ outcome, message }) => ({ source: 'other results', observed: `${outcome}: ${message}` })),
      ],
    };
  };

import type { E2eResults, E2eRun } from '../../facts/e2e-results.js';
import { isUpstreamList, upstreamAttempts, upstreamExceptions } from '../../facts/support/e2e-exceptions.js';
import type { NetworkPlugins } from '../../facts/support/network-plugins.js';
import { parseVersion, shownVersion } from '../../facts/support/version.js';
import {
  abort,
  count,
  fail,
  listed,
  pass,
  unrelated,
  type Answer,
  type ByUpstream,
  type Judgement,
  type Unrelated,
} from '../../model/outcome.js';
import { expiryOf } from '../../model/lifetime.js';
import { pluginEvidence } from './e2e-plugins.js';
import { evidenceOf, findingsOf, nameOf, shortName, sortTests, summaryOf, toleranceOf, type Sorted, type SuiteRule } from './e2e-tests.js';

/** All tests tagged [Conformance]: 446 in Kubernetes 1.36, and more than 300 in every version since 1.20. */
export const conformanceRule: SuiteRule = { suite: 'conformance', tests: 'conformance tests', least: 300, lifetime: 'year' };
/** The focus NetworkPolicy: 50 tests in Kubernetes 1.36, five of them about SCTP, which a kernel need not have. */
export const networkPolicyRule: SuiteRule = {
  suite: 'network-policy',
  tests: 'NetworkPolicy tests',
  least: 40,
  lifetime: 'month',
  optional: /SCTP/,
};

const day = 86_400_000;

/** Two texts that name the same release, whatever a vendor appended. */
const sameRelease = (a: string, b: string): boolean => {
  const [one, other] = [parseVersion(a)?.full, parseVersion(b)?.full];
  return one !== undefined && one !== null && one === other;
};

/** Why a run says nothing of this cluster today; undefined where it does. */
const objection = (run: E2eRun, rule: SuiteRule, server: string, now: Date): string | undefined => {
  if (run.unusable.length > 0) return run.unusable.join('; ');
  if (run.dryRun) return 'it was a dry run: no test was executed';
  if (run.executed === 0) return 'no test was executed';
  if (run.kubernetes === '')
    return 'it does not tell the Kubernetes version of its cluster; put the answer of `kubectl get --raw /version` beside it as serverversion.json';
  if (!sameRelease(run.kubernetes, server))
    return `it is of Kubernetes ${shownVersion(run.kubernetes)}, and this cluster has ${shownVersion(server)}`;
  if (run.tests !== '' && parseVersion(run.tests)?.minor !== parseVersion(server)?.minor)
    return `its tests are those of Kubernetes ${shownVersion(run.tests)}, and this cluster has ${shownVersion(server)}`;
  if (rule.anyCluster !== true && run.cluster.answer === 'other') return `it is of another cluster: ${run.cluster.why}`;
  if (rule.anyCluster !== true && run.cluster.answer === 'not-compared')
    return `whether it is of this cluster cannot be told: ${run.cluster.why}`;
  const finished = Date.parse(run.finishedAt);
  if (Number.isNaN(finished)) return 'it does not tell when it took place';
  if (finished > now.getTime() + day)
    return `it ended at ${run.finishedAt}, which is later than the moment that is judged by, ${now.toISOString()}`;
  const expiry = rule.lifetime === undefined ? undefined : expiryOf(new Date(finished), rule.lifetime);
  if (expiry !== undefined && now >= new Date(expiry)) return `it is too old: it ended at ${run.finishedAt}, and counted until ${expiry}`;
  return undefined;
};

/** What keeps a run without a failed test of the suite from being the proof. */
const shortfall = (run: E2eRun, rule: SuiteRule, sorted: Sorted): string | undefined => {
  const { passed, named } = run.suites[rule.suite];
  if (run.cut !== '') return `the suite was cut: ${run.cut}`;
  if (sorted.unfinished.length > 0) return `${count(sorted.unfinished.length, 'test')} did not end`;
  if (run.brokenNodes.length > 0) return `what the suite does around its tests failed: ${listed(run.brokenNodes, 3)}`;
  if (sorted.foreign.length > 0) return `${count(sorted.foreign.length, 'test')} of no suite that is asked for failed; run the suite alone`;
  if (passed < rule.least) return `too few: ${passed} of ${named} ${rule.tests} passed, and the suite has at least ${rule.least}`;
  if (sorted.left.length + sorted.leftOmitted > 0)
    return `${sorted.left.length + sorted.leftOmitted} of ${named} ${rule.tests} did not run: ${listed(sorted.left.map(shortName), 3)}`;
  return undefined;
};

/** How long before its end a result is said to expire. */
const reminder: Readonly<Record<NonNullable<SuiteRule['lifetime']>, number>> = { month: 7 * day, year: 30 * day };

const expiresSoonOf = (run: E2eRun, { lifetime }: SuiteRule, now: Date): Pick<Judgement, 'expiresSoon'> => {
  if (lifetime === undefined) return {};
  const expiry = expiryOf(new Date(run.finishedAt), lifetime);
  return Date.parse(expiry) - now.getTime() > reminder[lifetime]
    ? {}
    : { expiresSoon: `the result counts until ${expiry}; run the tests again before` };
};

/** What a run is judged by, beside itself. */
interface Bench {
  readonly rule: SuiteRule;
  readonly exceptions: E2eResults['exceptions'];
  readonly server: string;
  readonly now: Date;
  /** Told beside the answer, where the suite is about them. */
  readonly plugins?: NetworkPlugins | undefined;
  /** How often a test may have been tried; as often as the run had it without. */
  readonly attempts?: number | undefined;
}

/** Why a pass is none of upstream's. A failure is one all the same: what failed at every attempt failed at the first ones as well. */
const tooOften = ({ flakeAttempts }: E2eRun, { attempts }: Bench): string | undefined =>
  attempts === undefined || flakeAttempts <= attempts
    ? undefined
    : `each test had up to ${flakeAttempts} attempts, and upstream gives it ${attempts}; run the tests again with no more (e2e-flake-attempts)`;

/** How many failed tests were tolerated, and by which exceptions that were made for something else. */
const toleratedText = ({ tolerated }: Sorted): string => {
  const strange = tolerated.filter(({ madeFor }) => madeFor !== undefined).length;
  const which =
    strange === 0 ? '' : `, ${strange} of them by an exception made for another network plugin or for one that is not seen here`;
  return tolerated.length === 0 ? '' : `; ${count(tolerated.length, 'failed one')} tolerated${which}`;
};

const judgeRun = (run: E2eRun, bench: Bench): Judgement | Unrelated => {
  const { rule, exceptions, server, now, plugins } = bench;
  const results = run.suites[rule.suite];
  const ran = results.passed + results.failed + results.unfinished;
  if (run.unusable.length === 0 && run.executed > 0 && ran === 0) return unrelated(`${nameOf(run)} holds no result of the ${rule.tests}`);
  const tolerance = toleranceOf(exceptions, now, plugins);
  const sorted = sortTests(run, rule, tolerance);
  const [summary, ...rest] = evidenceOf(run, rule, sorted, exceptions, tolerance);
  const beside = plugins === undefined ? [] : pluginEvidence(plugins, exceptions);
  const evidence = [...(summary === undefined ? [] : [summary]), ...beside, ...rest];
  const against = objection(run, rule, server, now);
  if (against !== undefined) return abort(`${nameOf(run)}: ${against}`, [summaryOf(run, rule)]);
  const failed = sorted.failed.length + sorted.omitted;
  // An official result is as old as its tests are.
  const looked = { checkedAt: run.finishedAt };
  const findings = findingsOf(run, rule, sorted, tolerance);
  const names = listed(
    sorted.failed.map(({ name }) => shortName(name)),
    3,
  );
  if (failed > 0) return { ...fail(`${failed} of ${ran} ${rule.tests} failed: ${names}`, evidence), ...looked, findings };
  const lacking = shortfall(run, rule, sorted) ?? tooOften(run, bench);
  if (lacking !== undefined) return { ...abort(`${nameOf(run)}: ${lacking}`, evidence), findings };
  const retried = run.retried.length === 0 ? '' : `; ${run.retried.length} of all on retry`;
  return {
    ...pass(`${results.passed} of ${ran} ${rule.tests} that ran passed${toleratedText(sorted)}${retried}`, evidence),
    ...expiresSoonOf(run, rule, now),
    ...looked,
    findings,
  };
};

type JudgeSuite = (
  results: E2eResults,
  server: { readonly gitVersion: string },
  now: Date,
  plugins?: NetworkPlugins,
) => Judgement | Unrelated;

const judgeBy =
  (rule: SuiteRule, attempts?: number): JudgeSuite =>
  ({ runs, exceptions }, { gitVersion }, now, plugins) => {
    const newestFirst = runs.toSorted((a, b) => Number(b.finishedAt > a.finishedAt) - Number(a.finishedAt > b.finishedAt));
    const answers = newestFirst.map((run) => judgeRun(run, { rule, exceptions, server: gitVersion, now, plugins, attempts }));
    const related = answers.filter((answer) => answer.outcome !== 'unrelated');
    const chosen = related.find(({ outcome }) => outcome !== 'abort');
    if (related.length === 0) return unrelated(`the results that were given hold nothing of the ${rule.tests}`);
    if (chosen === undefined)
      return abort(
        listed(
          related.map(({ because }) => because),
          3,
        ),
        related.flatMap(({ evidence }) => evidence),
      );
    const others = related.filter((answer) => answer !== chosen);
    return {
      ...chosen,
      evidence: [
        ...chosen.evidence,
        ...others.map(({ outcome, because }) => ({ source: 'other results', observed: `${outcome}: ${because}` })),
      ],
    };
  };

/** What upstream's own list and attempts make of the same results; undefined where that is what ours make of them. */
const byUpstream = (
  rule: SuiteRule,
  own: Judgement,
  ...[results, server, now, plugins]: Parameters<JudgeSuite>
): ByUpstream | undefined => {
  const sameList = isUpstreamList(results.exceptions);
  if (sameList && results.runs.every(({ flakeAttempts }) => flakeAttempts <= upstreamAttempts)) return undefined;
  const answer = judgeBy(rule, upstreamAttempts)({ ...results, exceptions: upstreamExceptions }, server, now, plugins);
  if (answer.outcome === 'unrelated') return { outcome: 'missing', because: answer.because };
  const { outcome, because, checkedAt } = answer;
  if (sameList && outcome === own.outcome && checkedAt === own.checkedAt) return undefined;
  return {
    outcome,
    because: sameList ? because : `by ${upstreamExceptions.source}, and not by the one of this run (e2e-exceptions): ${because}`,
    ...(checkedAt === undefined ? {} : { checkedAt }),
  };
};

/**
 * Judges a suite by imported results. Of several runs the newest that tells counts; the others are named.
 * @param given the results, the version of the API server under test, the moment, and the network plugins of the cluster, where the suite is about
 * them: told, and never judged by
 * @returns `unrelated` where no run holds anything of the suite: then nothing was looked at
 */
export const judgeSuite =
  (rule: SuiteRule): JudgeSuite =>
  (...given) => {
    const own = judgeBy(rule)(...given);
    const official = own.outcome === 'unrelated' ? undefined : byUpstream(rule, own, ...given);
    return official === undefined ? own : { ...own, official };
  };

const judgeConformance = judgeBy({ suite: 'conformance', tests: conformanceRule.tests, least: conformanceRule.least, anyCluster: true });

/**
 * Whether this very version was tested, on whatever cluster and however long ago: a version does not change. Results that do not show it
 * leave it to the provider's statement.
 */
export const judgeTestedVersion = (results: E2eResults, server: { readonly gitVersion: string }, now: Date): Answer | Unrelated => {
  const ofVersion = results.runs.filter(({ kubernetes, unusable }) => unusable.length > 0 || sameRelease(kubernetes, server.gitVersion));
  if (ofVersion.length === 0) return unrelated(`the results that were given are not of Kubernetes ${shownVersion(server.gitVersion)}`);
  const answer = judgeConformance({ ...results, runs: ofVersion }, server, now);
  if (answer.outcome === 'unrelated') return answer;
  if (answer.outcome === 'pass') {
    // What failed and was tolerated is told where it matters: with conformance itself.
    const { because, evidence, checkedAt } = answer;
    return { ...pass(`tested: ${because}`, evidence), ...(checkedAt === undefined ? {} : { checkedAt }) };
  }
  return { outcome: 'undecided', because: answer.because, evidence: answer.evidence };
};

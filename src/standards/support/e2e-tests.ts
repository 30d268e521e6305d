import type { E2eResults, E2eRun, FailedTest, SuiteName } from '../../facts/e2e-results.js';
import { patternOf } from '../../facts/support/e2e-exceptions.js';
import type { NetworkPlugins } from '../../facts/support/network-plugins.js';
import { parseVersion } from '../../facts/support/version.js';
import { clipMiddle } from '../../text/escape.js';
import { strangerOf } from './e2e-plugins.js';
import { count, listed, type Evidence, type Finding, type Findings } from '../../model/outcome.js';

/** What a standard asks of a suite. */
export interface SuiteRule {
  readonly suite: SuiteName;
  /** In words, e.g. `conformance tests`. */
  readonly tests: string;
  /** Fewer tests that passed than this are not the suite, whatever the file says. */
  readonly least: number;
  /** True where as many have to run as the conformance list of the cluster's minor has. */
  readonly byMinor?: true | undefined;
  /** How long results count; always without. */
  readonly lifetime?: 'month' | 'year' | undefined;
  /** Tests that need not run, because what they test is optional. */
  readonly optional?: RegExp | undefined;
  /** True where results of another cluster are evidence as well. */
  readonly anyCluster?: true | undefined;
  /** What else may stand against a run, as the end of a sentence that names it; undefined for nothing. */
  readonly against?: (run: E2eRun) => string | undefined;
}

const day = 86_400_000;

/** The name of a test without what its tags and brackets add: short, and the same in every run. */
export const shortName = (name: string): string => {
  const short = name
    .replace(/\[[^\]]{0,200}\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const words = short === '' ? name : short;
  // Tests with parameters differ at their end.
  return clipMiddle(words, 140);
};

/** Why a test may fail. `madeFor`: the network plugin that its exception was made for, where that is not known to run here. */
interface Tolerated {
  readonly reason: string;
  readonly madeFor?: string | undefined;
}
export type Tolerance = (name: string) => Tolerated | { readonly expired: string } | undefined;

/**
 * Which tests may fail, and why; an exception tolerates until the end of its last day (UTC).
 * @param plugins of the cluster: an exception that was made for another one tolerates all the same, as upstream's list does
 */
export const toleranceOf = ({ list }: E2eResults['exceptions'], now: Date, plugins?: NetworkPlugins): Tolerance => {
  const patterns = list.flatMap((exception) => {
    const pattern = patternOf(exception.regex);
    const end = exception.expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(exception.expires) + day;
    const madeFor = plugins === undefined ? undefined : strangerOf(exception, plugins);
    // What is no date ends at once: a doubt never tolerates.
    return pattern === undefined ? [] : [{ ...exception, pattern, madeFor, ended: !(now.getTime() < end) }];
  });
  const sort: Tolerance = (name) => {
    const matching = patterns.filter(({ pattern }) => pattern.test(name));
    const valid = matching.filter(({ ended }) => !ended);
    const best = valid.find(({ madeFor }) => madeFor === undefined) ?? valid[0];
    if (best !== undefined) return { reason: best.reason, madeFor: best.madeFor };
    const [expired] = matching;
    return expired === undefined ? undefined : { expired: expired.expires ?? '' };
  };
  // A name is asked for at every place where it is shown.
  const known = new Map<string, ReturnType<Tolerance>>();
  return (name) => {
    if (!known.has(name)) known.set(name, sort(name));
    return known.get(name);
  };
};

/** The failed and missing tests of a suite, by what they mean for it. */
export interface Sorted {
  readonly failed: readonly FailedTest[];
  readonly unfinished: readonly FailedTest[];
  /** Failed ones that belong to no suite that is known. */
  readonly foreign: readonly FailedTest[];
  readonly tolerated: readonly (FailedTest & Tolerated)[];
  /** Of the suite, that failed and are not listed. */
  readonly omitted: number;
  /** Of the suite, that did not run and had to. */
  readonly left: readonly string[];
  readonly leftOmitted: number;
}

/** Sorts what did not pass. */
export const sortTests = (run: E2eRun, rule: SuiteRule, tolerance: Tolerance): Sorted => {
  const results = run.suites[rule.suite];
  const own = run.failed.filter(({ suites }) => suites.includes(rule.suite));
  const reasonFor = (name: string): Tolerated | undefined => {
    const found = tolerance(name);
    return found !== undefined && 'reason' in found ? found : undefined;
  };
  const open = (some: readonly FailedTest[]): readonly FailedTest[] => some.filter(({ name }) => reasonFor(name) === undefined);
  return {
    failed: open(own.filter(({ state }) => state === 'failed')),
    unfinished: open(own.filter(({ state }) => state === 'unfinished')),
    foreign: open(run.failed.filter(({ suites }) => suites.length === 0)),
    tolerated: own.flatMap((test) => {
      const reason = reasonFor(test.name);
      return reason === undefined ? [] : [{ ...test, ...reason }];
    }),
    omitted: Math.max(0, results.failed + results.unfinished - own.length),
    left: results.left.filter((name) => reasonFor(name) === undefined && rule.optional?.test(name) !== true),
    leftOmitted: Math.max(0, results.skipped + results.notRun - results.left.length),
  };
};

/** The files of a run, for a sentence. */
export const runName = (run: E2eRun): string => {
  const names = run.files.map(({ name }) => name);
  return names.length === 0 ? 'results without a name' : listed(names, 3);
};

/** A run in one line. */
export const summaryOf = (run: E2eRun, rule: SuiteRule): Evidence => {
  const { named, passed, failed, unfinished, skipped, notRun } = run.suites[rule.suite];
  const told = (label: string, value: string): readonly string[] => (value === '' ? [] : [`${label} ${value}`]);
  const [first] = run.files;
  return {
    source: runName(run),
    observed: [
      `${named} ${rule.tests} named: ${passed} passed, ${failed} failed, ${unfinished} not ended, ${skipped} skipped, ${notRun} not run`,
      ...told('Kubernetes', run.kubernetes),
      ...told('tests of', run.tests),
      ...told('ended', run.finishedAt),
      ...(run.flakeAttempts > 1 ? [`up to ${run.flakeAttempts} attempts`] : []),
      ...told('focus', listed(run.focus, 2).slice(0, 200)),
      ...told('left out', listed(run.skip, 2).slice(0, 200)),
      `this cluster: ${run.cluster.answer} (${run.cluster.why})`,
      ...told('sha256', run.files.length === 1 ? (first?.sha256 ?? '') : ''),
    ].join('; '),
  };
};

const toleratedBecause = ({ reason, madeFor }: Tolerated): string => (madeFor === undefined ? reason : `${reason} (${madeFor})`);

/** The source of a test, at the tag of its version; undefined where the files do not tell either. */
const testSource = ({ at = '' }: FailedTest, { tests, kubernetes }: E2eRun): string | undefined => {
  const [, path, line] = /^(test\/e2e\/[A-Za-z0-9_][\w./-]*\.go):(\d{1,6})$/.exec(at) ?? [];
  const version = parseVersion(tests === '' ? kubernetes : tests)?.full ?? undefined;
  return path === undefined || path.includes('..') || line === undefined || version === undefined
    ? undefined
    : `https://github.com/kubernetes/kubernetes/blob/v${version}/${path}#L${line}`;
};

const expiredNote = (name: string, tolerance: Tolerance): string => {
  const found = tolerance(name);
  return found !== undefined && 'expired' in found ? ` (its exception expired on ${found.expired})` : '';
};

/** What did not pass and is not tolerated, with what it did. */
const unmet = ({ failed, unfinished, foreign }: Sorted): readonly (readonly [FailedTest, string])[] => [
  ...failed.map((test) => [test, 'failed'] as const),
  ...unfinished.map((test) => [test, 'did not end'] as const),
  ...foreign.map((test) => [test, 'failed, of another suite'] as const),
];

/** Each test that did not pass, by its short name, and the others as numbers. */
export const toFindings = (run: E2eRun, rule: SuiteRule, sorted: Sorted, tolerance: Tolerance): Findings => {
  const results = run.suites[rule.suite];
  const of = (test: FailedTest, state: string): Finding => ({
    name: shortName(test.name),
    state: `${state}${expiredNote(test.name, tolerance)}`,
    message: test.message || 'without a message',
    url: testSource(test, run),
  });
  return {
    of: rule.tests,
    list: [
      ...unmet(sorted).map(([test, state]) => of(test, state)),
      ...sorted.tolerated.map((test) => ({ ...of(test, 'failed'), tolerated: toleratedBecause(test) })),
    ],
    omitted: sorted.omitted,
    tally: [
      { label: 'passed', count: results.passed },
      { label: 'failed', count: sorted.failed.length + sorted.omitted },
      { label: 'failed and tolerated', count: sorted.tolerated.length },
      { label: 'not ended', count: sorted.unfinished.length },
      { label: 'passed on retry, of all tests', count: run.retried.length },
      { label: 'skipped', count: results.skipped },
      { label: 'not run', count: results.notRun },
    ].filter((row) => row.count > 0),
  };
};

/** What stands behind a judgement beside the run: each test that did not pass. */
export const testEvidence = (
  run: E2eRun,
  rule: SuiteRule,
  sorted: Sorted,
  exceptions: E2eResults['exceptions'],
  tolerance: Tolerance,
): readonly Evidence[] => {
  const { left } = run.suites[rule.suite];
  return [
    ...unmet(sorted).map(([{ name, message }, state]) => ({
      source: shortName(name),
      observed: `${state}${expiredNote(name, tolerance)}: ${message || 'without a message'}`,
    })),
    ...sorted.tolerated.map((test) => ({
      source: shortName(test.name),
      observed: `tolerated by ${exceptions.source}: ${toleratedBecause(test)}; it said: ${test.message.slice(0, 200) || 'nothing'}`,
    })),
    ...(run.retried.length === 0
      ? []
      : [{ source: `${count(run.retried.length, 'test')} passed on retry`, observed: listed(run.retried.map(shortName), 10) }]),
    ...(left.length === 0
      ? []
      : [{ source: `${count(left.length, 'test')} skipped or not run`, observed: listed(left.map(shortName), 10) }]),
  ];
};

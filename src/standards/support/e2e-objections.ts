import type { E2eRun } from '../../facts/e2e-results.js';
import { parseVersion, sameRelease, formatVersion } from '../../facts/support/version.js';
import { expiryOf } from '../../model/lifetime.js';
import { count, listed } from '../../model/outcome.js';
import { conformanceTestsOf } from './conformance-tests.js';
import { shortName, type Sorted, type SuiteRule } from './e2e-tests.js';

/**
 * By whose rules results are judged. `own`: they are of the very release that the cluster has, and as old as the rule allows. `scs`: as SCS's own
 * test counts them: any patch of the same branch, for the lifetime that the scope file gives.
 */
export type RulesOf = 'own' | 'scs';

const day = 86_400_000;

/** Two releases of one branch: a patch update lies between them, or nothing. A pre-release is no patch. */
const sameBranch = (a: string, b: string): boolean => {
  const [one, other] = [parseVersion(a), parseVersion(b)];
  if (one?.full === undefined || one.full === null || other?.full === undefined || other.full === null) return false;
  return one.minor === other.minor && !one.prerelease && !other.prerelease;
};

/** How the parts of the suite around its tests failed, those first that say more than that another process failed. */
const brokenText = ({ brokenNodes, brokenWhy = [] }: E2eRun): string => {
  const texts = brokenNodes.map((name, i) => {
    const why = (brokenWhy[i] ?? '').replace(/^\[FAILED\] /, '').slice(0, 250);
    return { text: `${name}${why === '' ? '' : `: ${why}`}`, elsewhere: /parallel (?:process|node) #1\b/.test(why) };
  });
  const inOrder = [...texts.filter(({ elsewhere }) => !elsewhere), ...texts.filter(({ elsewhere }) => elsewhere)];
  return listed([...new Set(inOrder.map(({ text }) => text))], 2);
};

const clusterObjection = ({ cluster, form }: E2eRun): string | undefined => {
  switch (cluster.answer) {
    case 'same':
    case 'stated':
      return undefined;
    case 'other':
      return `it is of another cluster: ${cluster.why}`;
    case 'not-compared':
      return `whether it is of this cluster cannot be told: ${cluster.why}`;
    case 'not-told':
      return form === 'junit'
        ? 'its cluster is unknown. Put the answer of `kubectl get --raw /version` of that cluster beside the JUnit files as serverversion.json'
        : 'its cluster is unknown: resources/cluster/core_v1_namespaces.json is missing or unreadable. Provide the archive as Sonobuoy made it, or unpack it and put the output of `kubectl get namespace kube-system -o json` there under that name';
  }
};

const versionObjection = (run: E2eRun, server: string, rules: RulesOf): string | undefined => {
  if (run.kubernetes === '')
    return 'it does not tell the Kubernetes version of its cluster; put the answer of `kubectl get --raw /version` beside it as serverversion.json';
  const branch = sameBranch(run.kubernetes, server);
  if (!sameRelease(run.kubernetes, server) && !(rules === 'scs' && branch))
    return `it is of Kubernetes ${formatVersion(run.kubernetes)}, and this cluster has ${formatVersion(server)}${
      branch ? '; this check asks for a run of the same patch, SCS counts one of the same branch for its lifetime' : ''
    }`;
  if (run.tests !== '' && parseVersion(run.tests)?.minor !== parseVersion(server)?.minor)
    return `its tests are those of Kubernetes ${formatVersion(run.tests)}, and this cluster has ${formatVersion(server)}`;
  return undefined;
};

const timeObjection = (run: E2eRun, { lifetime }: SuiteRule, now: Date, rules: RulesOf): string | undefined => {
  const finished = Date.parse(run.finishedAt);
  if (Number.isNaN(finished)) return 'it does not tell when it took place';
  if (finished > now.getTime() + day)
    return `it ended at ${run.finishedAt}, which is later than the moment that is judged by, ${now.toISOString()}`;
  // The lifetime that counts officially is the scope file's, which is looked at where the official verdict is made.
  const expiry = lifetime === undefined || rules === 'scs' ? undefined : expiryOf(new Date(finished), lifetime);
  if (expiry !== undefined && now >= new Date(expiry)) return `it is too old: it ended at ${run.finishedAt}, and counted until ${expiry}`;
  return undefined;
};

/** Why a run says nothing of this cluster today; undefined where it does. */
export const runObjection = (run: E2eRun, rule: SuiteRule, server: string, now: Date, rules: RulesOf): string | undefined => {
  if (run.unusable.length > 0) return run.unusable.join('; ');
  if (run.dryRun) return 'it was a dry run: no test was executed';
  if (run.executed === 0) return `no test was executed${run.brokenNodes.length === 0 ? '' : `, as the suite failed: ${brokenText(run)}`}`;
  return (
    versionObjection(run, server, rules) ??
    (rule.anyCluster === true ? undefined : clusterObjection(run)) ??
    timeObjection(run, rule, now, rules) ??
    rule.against?.(run)
  );
};

/** What keeps a run without a failed test of the suite from being the proof. @param minor of the cluster, e.g. `1.34` */
export const shortfall = (run: E2eRun, rule: SuiteRule, sorted: Sorted, minor: string): string | undefined => {
  const { passed, named } = run.suites[rule.suite];
  if (run.cut !== '') return `the suite was cut: ${run.cut}`;
  if (sorted.unfinished.length > 0) return `${count(sorted.unfinished.length, 'test')} did not end`;
  if (run.brokenNodes.length > 0) return `what the suite does around its tests failed: ${brokenText(run)}`;
  if (sorted.foreign.length > 0) return `${count(sorted.foreign.length, 'test')} of no suite that is asked for failed; run the suite alone`;
  const wanted = rule.byMinor === true ? conformanceTestsOf(minor) : undefined;
  if (rule.byMinor === true && wanted === undefined)
    return `how many ${rule.tests} Kubernetes ${minor} has is not known, so that ${passed} that passed cannot be told to be all`;
  const has = wanted === undefined ? `the suite has at least ${rule.least}` : wanted.text;
  if (passed < rule.least) return `too few: ${passed} of ${named} ${rule.tests} passed, and ${has}`;
  // Nothing else is left: what failed without being tolerated is a fail, and what did not end was said.
  const ran = passed + sorted.tolerated.length;
  const few = wanted !== undefined && ran < wanted.least;
  if (sorted.left.length + sorted.leftOmitted > 0)
    return `${sorted.left.length + sorted.leftOmitted} of ${named} ${rule.tests} did not run: ${listed(sorted.left.map(shortName), 3)}${
      few ? `; ${ran} ran, and ${has}` : ''
    }`;
  // Of which Kubernetes the tests are, nobody says: their number does.
  if (wanted?.most !== undefined && run.tests === '' && Math.max(ran, named) > wanted.most)
    return `its tests are those of another minor: ${Math.max(ran, named)} ${rule.tests}, and ${has}`;
  return few ? `too few: ${ran} of ${named} ${rule.tests} ran, and ${has}; run all of them, without a focus or skip` : undefined;
};

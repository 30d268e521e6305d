import { isUpstreamList, upstreamAttempts, upstreamExceptions } from '../../facts/support/e2e-exceptions.js';
import type { ByUpstream, Judgement } from '../../model/outcome.js';
import { judgeBy, type JudgeSuite } from './e2e-run.js';
import type { SuiteRule } from './e2e-tests.js';

export { conformanceRule, networkPolicyRule } from './e2e-run.js';
export { judgeTestedVersion } from './e2e-tested.js';

/**
 * What SCS's own test makes of the same results: by its own list and attempts, over patch updates, and as old as the scope file lets them be (which
 * is looked at there). Undefined where that is what ours make of them.
 */
const byUpstream = (
  rule: SuiteRule,
  own: Judgement,
  ...[results, server, now, plugins]: Parameters<JudgeSuite>
): ByUpstream | undefined => {
  const sameList = isUpstreamList(results.exceptions);
  const answer = judgeBy(rule, 'scs', upstreamAttempts)({ ...results, exceptions: upstreamExceptions }, server, now, plugins);
  if (answer.outcome === 'unrelated') return { outcome: 'missing', message: answer.message };
  const { outcome, message, checkedAt } = answer;
  if (sameList && outcome === own.outcome && checkedAt === own.checkedAt) return undefined;
  return {
    outcome,
    message: sameList ? message : `by ${upstreamExceptions.source}, and not by the one of this run ("data.exceptions"): ${message}`,
    checkedAt,
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
    const own = judgeBy(rule, 'own')(...given);
    const official = own.outcome === 'unrelated' ? undefined : byUpstream(rule, own, ...given);
    return official === undefined ? own : { ...own, official };
  };

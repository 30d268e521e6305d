import { apiGroups } from '../../facts/api-groups.js';
import { e2eResults } from '../../facts/e2e-results.js';
import { networkPolicyMatrix } from '../../facts/network-policy-matrix.js';
import { serverVersion } from '../../facts/server-version.js';
import { upstreamExceptions } from '../../facts/support/e2e-exceptions.js';
import { networkPluginsOf } from '../../facts/support/network-plugins.js';
import { workloads } from '../../facts/workloads.js';
import { isUnavailable } from '../../model/fact.js';
import type { ByUpstream } from '../../model/outcome.js';
import { act, e2e, type Rung } from '../../model/requirement.js';
import { judgeSuite, networkPolicyRule } from './e2e.js';
import { toleranceOf } from './e2e-tests.js';
import { judgePolicyMatrix } from './policy-matrix.js';

const judgeNetworkPolicy = judgeSuite(networkPolicyRule);

const notRun: ByUpstream = { outcome: 'missing', because: 'the tests of Kubernetes were not run' };

/** Our own probe refutes; the official testcase goes by the tests of Kubernetes, whatever the probe has seen. */
const byMatrix = act(
  { networkPolicyMatrix },
  (facts, now, beside) => {
    const plugins = networkPluginsOf(beside.workloads, beside.apiGroups);
    const exceptions = isUnavailable(beside.e2eResults) ? upstreamExceptions : beside.e2eResults.exceptions;
    const answer = judgePolicyMatrix(facts.networkPolicyMatrix, plugins.text, toleranceOf(exceptions, now, plugins));
    if (answer.outcome !== 'fail') return answer;
    if (isUnavailable(beside.e2eResults) || isUnavailable(beside.serverVersion)) return { ...answer, official: notRun };
    const tests = judgeNetworkPolicy(beside.e2eResults, beside.serverVersion, now, plugins);
    if (tests.outcome === 'unrelated') return { ...answer, official: notRun };
    const { outcome, because, checkedAt } = tests;
    return {
      ...answer,
      evidence: [...answer.evidence, { source: 'tests of Kubernetes', observed: `${outcome}: ${because}` }],
      official: tests.official ?? { outcome, because, checkedAt },
    };
  },
  { apiGroups, workloads, e2eResults, serverVersion },
);

const byTests = e2e(
  { e2eResults, serverVersion },
  (facts, now, beside) =>
    judgeNetworkPolicy(facts.e2eResults, facts.serverVersion, now, networkPluginsOf(beside.workloads, beside.apiGroups)),
  { apiGroups, workloads },
);

/**
 * The evidence for a network plugin that implements NetworkPolicy. What was observed in this run refutes results of an earlier one, so the probe is
 * asked first; only the tests of Kubernetes pass the requirement (scs-0219-v1).
 */
export const networkPolicyLadder: readonly Rung[] = [byMatrix, byTests];

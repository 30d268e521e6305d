import type { Facts, Unavailable } from '../../model/fact.js';
import { abort, fail, pass, type Answer, type Judgement } from '../../model/outcome.js';
import type { Requirement, Rung } from '../../model/requirement.js';
import { scs0210v2 } from '../scs-0210-v2.js';

/** What the version policy's official testcase counts: all of it that one cluster settles. */
const policy = scs0210v2.requirements.filter((requirement) => requirement.testcase !== undefined);
const rungs = policy.flatMap((requirement) => requirement.ladder);

/** Climbs the ladder of one of them, as the evaluation does. */
const climb = (ladder: readonly Rung[], facts: Facts, now: Date): Judgement | readonly Unavailable[] => {
  const absent: Unavailable[] = [];
  const open: string[] = [];
  for (const rung of ladder) {
    const answer = rung.answer(facts, now);
    if (!('outcome' in answer)) absent.push(...answer);
    else if (answer.outcome === 'undecided' || answer.outcome === 'unrelated' || answer.outcome === 'insufficient')
      open.push(answer.because);
    else return answer;
  }
  return absent.length > 0 ? absent : abort(open.join('; ') || 'no evidence is known');
};

/** One that is broken breaks it, whatever of the others is known; all have to be met for a pass. */
const judgeUpdates = (facts: Facts, now: Date): Answer | readonly Unavailable[] => {
  const answers = policy.map((requirement) => ({ id: `${scs0210v2.id}/${requirement.id}`, answer: climb(requirement.ladder, facts, now) }));
  const judged = answers.flatMap(({ id, answer }) => ('outcome' in answer ? [{ id, answer }] : []));
  const some = (outcome: Judgement['outcome']) => judged.filter(({ answer }) => answer.outcome === outcome);
  const told = (which: typeof judged): string => which.map(({ id, answer }) => `${id}: ${answer.because}`).join('; ');
  const evidence = judged.flatMap(({ answer }) => answer.evidence);
  if (some('fail').length > 0) return fail(told(some('fail')), evidence);
  const absent = answers.flatMap(({ answer }) => ('outcome' in answer ? [] : answer));
  if (absent.length > 0) return absent;
  const met = some('pass');
  if (met.length < policy.length || met.length === 0)
    return abort(told(judged.filter(({ answer }) => answer.outcome !== 'pass')), evidence);
  return pass(`${scs0210v2.id} is met, as far as one cluster shows it: ${met.map(({ id }) => id).join(', ')}`, evidence);
};

/** Updates are regular where the version policy is met: its rules stand there alone. */
export const regularUpdates: Requirement = {
  id: 'regular-updates',
  level: 'MUST',
  title: 'The cluster is updated regularly, by the version policy',
  clause: '#standard',
  remediation: `Upgrade the cluster as ${scs0210v2.id} asks: see its rows for what to do.`,
  ladder: [{ rung: 'read', facts: [...new Set(rungs.flatMap((rung) => rung.facts))], answer: judgeUpdates }],
  configuredBy: ['kubernetesVersion', 'image', 'version'],
};

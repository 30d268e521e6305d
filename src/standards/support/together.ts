import type { Fact, Facts } from '../../model/fact.js';
import { fail, joined, pass, undecided, unrelated, type Evidence, type Judgement, type RungName } from '../../model/outcome.js';
import type { Rung } from '../../model/requirement.js';

/** One of several parts that have to be met together; its ladder as in the row of its own, if it has one. */
export interface Part {
  /** Stands before its reasons, e.g. `kubelet-https`; `''` if they stand alone. */
  readonly name: string;
  readonly ladder: readonly Rung[];
}

export interface Climbed {
  /** The rung that settled it; the length of the ladder if none did. */
  readonly at: number;
  readonly judgement: Judgement | undefined;
}

/** Climbs a ladder as the evaluation does, whatever the tier; ladders of the tier light only. */
export const climb = (ladder: readonly Rung[], facts: Facts, now: Date): Climbed => {
  for (const [at, rung] of ladder.entries()) {
    const answer = rung.answer(facts, now);
    if (!('outcome' in answer)) continue;
    const { outcome } = answer;
    if (outcome !== 'undecided' && outcome !== 'unrelated' && outcome !== 'insufficient') return { at, judgement: answer };
  }
  return { at: ladder.length, judgement: undefined };
};

const withName = (name: string, message: string): string => (name === '' ? message : `${name}: ${message}`);
/** The rungs of a part that is neither met nor broken, each with its reason: what is not applicable to a part proves nothing of the whole. */
const openRungs = ({ name, ladder }: Part): readonly Rung[] =>
  ladder.map((rung, i) => ({
    ...rung,
    answer: (facts, now): ReturnType<Rung['answer']> => {
      const { at, judgement } = climb(ladder, facts, now);
      if (judgement?.outcome === 'pass' || i > at) return unrelated(withName(name, 'settled'));
      const answer = rung.answer(facts, now);
      if (!('outcome' in answer) || answer.outcome === 'unrelated') return answer;
      return undecided(withName(name, answer.message), answer.evidence);
    },
  }));

const factsOfParts = (parts: readonly Part[], of: (rung: Rung) => readonly Fact<unknown>[]): readonly Fact<unknown>[] => [
  ...new Set(parts.flatMap(({ ladder }) => ladder.flatMap(of))),
];

/**
 * The ladder of what several parts settle together: the worst of them. One that is broken breaks it, whatever is known of the others; a pass
 * takes all of them; else every reason of every open part is said.
 * @param parts at least one; rungs that act or run tests have no place among them
 * @param met what is said before the reasons of the parts if all are met
 * @param name of the rung on which the whole is settled
 */
export const together = (parts: readonly Part[], met: string, name: RungName = 'read'): readonly Rung[] => [
  {
    rung: name,
    facts: factsOfParts(parts, ({ facts }) => facts),
    beside: factsOfParts(parts, ({ beside = [] }) => beside),
    answer: (facts, now) => {
      const judged = parts.flatMap((part) => {
        const { judgement } = climb(part.ladder, facts, now);
        return judgement === undefined ? [] : [{ name: part.name, judgement }];
      });
      const some = (outcome: Judgement['outcome']) => judged.filter(({ judgement }) => judgement.outcome === outcome);
      const reasons = (which: typeof judged): string => joined(which.map((part) => withName(part.name, part.judgement.message)));
      const evidence: readonly Evidence[] = judged.flatMap(({ judgement }) => judgement.evidence);
      if (some('fail').length > 0) return fail(reasons(some('fail')), evidence);
      if (parts.length === 0 || some('pass').length < parts.length) return unrelated('not every part is met');
      const soon = judged.flatMap(({ judgement }) => judgement.expiresSoon ?? []);
      return { ...pass(`${met}${reasons(judged)}`, evidence), expiresSoon: soon.join('; ') || undefined };
    },
  },
  ...parts.flatMap(openRungs),
];

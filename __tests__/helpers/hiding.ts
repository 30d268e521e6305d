import type { Facts } from '../../src/model/fact.js';
import type { Requirement } from '../../src/model/requirement.js';
import { settle } from './settle.js';

const isGood = (outcome: string | undefined): boolean => outcome === 'pass' || outcome === 'not-applicable';

/**
 * Hides each fact in turn: it cannot be read, or was not recorded.
 * @returns what became better by that; less knowledge never may
 */
export const improvedByHiding = (requirements: readonly Requirement[], facts: Facts): readonly string[] => {
  const before = settle(requirements, facts);
  return Object.keys(facts).flatMap((name) => {
    const rest = Object.fromEntries(Object.entries(facts).filter(([other]) => other !== name));
    return [rest, { ...rest, [name]: { unavailable: 'forbidden', detail: '403' } }].flatMap((hidden) =>
      Object.entries(settle(requirements, hidden)).flatMap(([id, row]) =>
        isGood(row.outcome) && !isGood(before[id]?.outcome) ? [`${id} is ${row.outcome} without ${name}`] : [],
      ),
    );
  });
};

import { factOf, type FactMap, type Facts } from '../../model/fact.js';
import type { BesideOf } from '../../model/requirement.js';

/**
 * Facts that an answer does with or without. Whoever takes them must see to it that none of them improves an answer by being absent.
 * @returns each value, or why it could not be had
 */
export const valuesOf = <F extends FactMap>(collected: Facts, facts: F): BesideOf<F> =>
  Object.fromEntries(Object.entries(facts).map(([key, fact]) => [key, factOf(collected, fact)])) as BesideOf<F>;

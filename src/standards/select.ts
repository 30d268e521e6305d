import type { Standard } from '../model/requirement.js';

/**
 * The standards of a run, in the catalogue's order.
 * @param all THE list
 * @param ids asked for; none for all that are in force (deprecated ones only by name)
 */
export const selectStandards = (all: readonly Standard[], ids: readonly string[]): readonly Standard[] =>
  all.filter((standard) => (ids.length === 0 ? standard.status !== 'deprecated' : ids.includes(standard.id)));

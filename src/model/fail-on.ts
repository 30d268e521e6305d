import type { Level, Category } from './outcome.js';

/** A rule of the input `fail-on`. */
export interface Rule {
  readonly outcome: 'fail' | 'abort' | 'missing';
  readonly levels: readonly Level[];
  readonly categories: readonly Category[];
}

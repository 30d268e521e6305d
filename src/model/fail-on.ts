import type { Level, Scope } from './outcome.js';

/** A rule of the input `fail-on`. */
export interface Rule {
  readonly outcome: 'fail' | 'abort' | 'missing';
  readonly levels: readonly Level[];
  readonly scopes: readonly Scope[];
}

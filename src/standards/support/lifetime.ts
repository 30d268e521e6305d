/** How long a result counts, as upstream's scopes name it. */
export type Lifetime = 'month' | 'year';

/**
 * The first moment at which a result does not count any more, as upstream's monitor counts: full calendar months, so that one of any
 * day in November counts until the end of December, or of the December a year later.
 */
export const expiryOf = (finished: Date, lifetime: Lifetime): Date =>
  new Date(Date.UTC(finished.getUTCFullYear() + (lifetime === 'year' ? 1 : 0), finished.getUTCMonth() + 2, 1));

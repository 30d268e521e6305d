import type { Lifetime } from './official.js';

const midnight = (year: number, month: number, day = 1): string => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/**
 * The day on which a result ceases to count, at midnight UTC, by upstream's rule: to the end of the period after the one in which it was
 * checked, and for a year to the end of the month after its anniversary's.
 * @param checkedAt when it was looked at
 * @returns `YYYY-MM-DD`; the result does not count on that day any more
 */
export const expiryOf = (checkedAt: Date, lifetime: Lifetime): string => {
  const year = checkedAt.getUTCFullYear();
  const month = checkedAt.getUTCMonth();
  const day = checkedAt.getUTCDate();
  switch (lifetime) {
    case 'day':
      return midnight(year, month, day + 2);
    case 'week':
      // To the Monday after next; a week begins on Monday.
      return midnight(year, month, day + 14 - ((checkedAt.getUTCDay() + 6) % 7));
    case 'month':
      return midnight(year, month + 2);
    case 'quarter':
      return midnight(year, (Math.floor(month / 3) + 2) * 3);
    case 'year':
      return midnight(year + 1, month + 2);
  }
};

/**
 * The day on which a result ceased to count; undefined where it still does, or nothing says when or for how long.
 * @param checkedAt out of a file of results: may be any text
 */
export const expiredOn = (checkedAt = '', lifetime: Lifetime | undefined, now: Date): string | undefined => {
  const at = new Date(checkedAt);
  if (lifetime === undefined || Number.isNaN(at.getTime())) return undefined;
  const expiry = expiryOf(at, lifetime);
  return now.toISOString().slice(0, 10) >= expiry ? expiry : undefined;
};

/** What SCS makes of a result whose time is over: it is as if it were not there. @param until see `expiredOn` */
export const expiredBecause = (until: string): string => `looked at too long ago: it counted until ${until}`;

/** So many days before its end a result is told: time to run and to upload again. None that is fresh is so near to its end. */
const noticeDays: Readonly<Record<Lifetime, number>> = { day: 1, week: 3, month: 10, quarter: 21, year: 42 };

/**
 * Says that a result stops to count soon.
 * @param expires the day on which it does not count any more, `YYYY-MM-DD`
 * @param today `YYYY-MM-DD`
 * @returns a part of a sentence, or undefined where there is time
 */
export const remaining = (expires: string, lifetime: Lifetime, today: string): string | undefined => {
  const days = Math.round((Date.parse(expires) - Date.parse(today)) / 86_400_000);
  if (days > noticeDays[lifetime]) return undefined;
  if (days <= 0) return `stopped to count on ${expires}`;
  return `stops to count on ${expires}, in ${days === 1 ? 'one day' : `${days} days`}`;
};

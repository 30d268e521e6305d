const day = 86_400_000;

/** How long a certificate lives, in days; fractions are kept, so that a bound is met or broken to the minute. */
export interface Validity {
  /** From its first day to its last. */
  readonly life: number;
  /** From now on; negative after the end. */
  readonly left: number;
  /** True where the first day is still to come. */
  readonly early: boolean;
}

/**
 * @param certificate with ISO 8601 dates
 * @returns undefined where a date is none
 */
export const validityOf = (certificate: { readonly notBefore: string; readonly notAfter: string }, now: Date): Validity | undefined => {
  const [from, until] = [Date.parse(certificate.notBefore), Date.parse(certificate.notAfter)];
  if (Number.isNaN(from) || Number.isNaN(until)) return undefined;
  return { life: (until - from) / day, left: (until - now.getTime()) / day, early: from > now.getTime() };
};

/** What is said of a day that is still to come: the clock may be wrong, or the moment was set. */
export const afterJudged = (now: Date): string =>
  `after ${now.toISOString()}, the time to evaluate at: check the clock, or "effective-time" if it is set.`;

const wholeUnits = (n: number, noun: string): string => `${Math.floor(n)} ${noun}${Math.floor(n) === 1 ? '' : 's'}`;

/** A span for people: hours below two days, days below two years, years above. */
export const span = (days: number): string => {
  if (days < 2) return wholeUnits(days * 24, 'hour');
  return days < 731 ? wholeUnits(days, 'day') : `${(days / 365.25).toFixed(1)} years`;
};

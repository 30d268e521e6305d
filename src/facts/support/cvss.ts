import cvss from 'ae-cvss-calculator';

/** The library takes names of metrics in words too, and prints what it cannot read: it is only handed what looks like a vector. */
const form = /^CVSS:(?:3\.[01]|4\.0)(?:\/[A-Z]{1,3}:(?:[A-Z]|Clear|Green|Amber|Red))+$/;
/** Safety is a value of MSI and MSA only. */
const misplacedSafety = /\/(?:S[CIA]|MSC):S/;

const readVector = (vector: string): number | undefined => {
  const read = vector.startsWith('CVSS:4.0')
    ? new cvss.Cvss4P0(vector)
    : vector.startsWith('CVSS:3.1')
      ? new cvss.Cvss3P1(vector)
      : new cvss.Cvss3P0(vector);
  // The score of half a vector is 0 there.
  if (!read.isBaseFullyDefined()) return undefined;
  const scores = read.calculateScores();
  return 'baseMetricsOnly' in scores ? scores.baseMetricsOnly : scores.base;
};

/**
 * The base score of a CVSS 3.0, 3.1 or 4.0 vector; all other metrics are passed over.
 * @param vector e.g. `CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H`
 * @returns 0.0 to 10.0, or null for another CVSS version and for what is no whole vector by its specification: an unknown score is not a low one
 */
export const cvssBaseScore = (vector: string): number | null => {
  if (vector.length > 300 || !form.test(vector) || misplacedSafety.test(vector)) return null;
  const metrics = vector.match(/\/[A-Z]+/g) ?? [];
  if (new Set(metrics).size !== metrics.length) return null;
  try {
    return readVector(vector) ?? null;
  } catch {
    // A metric or value that this version does not have.
    return null;
  }
};

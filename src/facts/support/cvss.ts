/** Weights of the base metrics of CVSS 3.0 and 3.1: section 7.4 of https://www.first.org/cvss/v3.1/specification-document */
const weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
} as const;
const privileges = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } } as const;

const weight = (table: Readonly<Record<string, number>>, value: string | undefined): number =>
  value !== undefined && Object.hasOwn(table, value) ? (table[value] ?? NaN) : NaN;

/** The smallest number with one decimal that is not below the input, safe against binary fractions: appendix A of CVSS 3.1. */
const roundUp = (input: number): number => {
  const scaled = Math.round(input * 100_000);
  return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10;
};

/**
 * The base score of a CVSS 3.0 or 3.1 vector, by the equations of section 7.1 of the specification.
 * @param vector e.g. `CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H`; temporal and environmental metrics are passed over
 * @returns 0.0 to 10.0, or null for another CVSS version and for what is no whole vector: an unknown score is not a low one
 */
export const cvssBaseScore = (vector: string): number | null => {
  if (!/^CVSS:3\.[01]\//.test(vector) || vector.length > 300) return null;
  const metrics = new Map(
    vector
      .split('/')
      .slice(1)
      .map((part) => part.split(':', 2) as [string, string]),
  );
  const scope = metrics.get('S');
  if (scope !== 'U' && scope !== 'C') return null;
  const [c, i, a] = (['C', 'I', 'A'] as const).map((name) => weight(weights.C, metrics.get(name))) as [number, number, number];
  const base = 1 - (1 - c) * (1 - i) * (1 - a);
  const impact = scope === 'U' ? 6.42 * base : 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15;
  const attack = weight(weights.AV, metrics.get('AV')) * weight(weights.AC, metrics.get('AC'));
  const exploitability = 8.22 * attack * weight(privileges[scope], metrics.get('PR')) * weight(weights.UI, metrics.get('UI'));
  if (!Number.isFinite(impact) || !Number.isFinite(exploitability)) return null;
  if (impact <= 0) return 0;
  return roundUp(Math.min((scope === 'U' ? 1 : 1.08) * (impact + exploitability), 10));
};

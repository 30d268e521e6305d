const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * A duration as Go writes it (time.ParseDuration), e.g. `8h`, `480m`, `7h60m0s`.
 * @returns milliseconds, or undefined where it is none
 */
export const parseGoDuration = (text: string): number | undefined => {
  if (text === '0') return 0;
  const [, sign = '', body = ''] = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text.slice(0, 100)) ?? [];
  if (body === '') return undefined;
  const sum = [...body.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)].reduce(
    (total, [, n = '0', unit = '']) => total + Number(n) * (units[unit] ?? 0),
    0,
  );
  return sign === '-' ? -sum : sum;
};

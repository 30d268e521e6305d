const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** The longest that means anything: the range of Go's durations ends at 2562047h47m16.854775807s. */
const longest = 100;

/**
 * A duration as Go writes it (time.ParseDuration), e.g. `8h`, `480m`, `7h60m0s`.
 * @returns milliseconds, or undefined where it is none
 */
export const parseGoDuration = (text: string): number | undefined => {
  if (text.length > longest) return undefined;
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0;
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
  let sum = 0;
  // One part after the other, and nothing between or behind them.
  while (part.lastIndex < body.length) {
    const [, n = '', unit = ''] = part.exec(body) ?? [];
    if (n === '') return undefined;
    sum += Number(n) * (units[unit] ?? 0);
  }
  return body === '' ? undefined : text.startsWith('-') ? -sum : sum;
};

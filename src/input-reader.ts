import { inputSpecs } from './input-specs.js';
import { didYouMean } from './model/nearest.js';
import { longestMs } from './programs/deadline.js';

/** Raw texts by input name; an absent or empty one stands for its default. */
export type RawInputs = Readonly<Record<string, string | undefined>>;

/** Words that commas or line breaks part. */
export const listOf = (text: string): readonly string[] =>
  text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** `90s`, `15m`, `1h`; a bare number is seconds. @returns milliseconds, or undefined */
export const parseDuration = (text: string): number | undefined => {
  const match = /^(\d{1,6})(ms|s|m|h)?$/.exec(text.trim());
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 0;
  const ms = Number(match?.[1] ?? Number.NaN) * unit;
  return ms > 0 ? ms : undefined;
};

/** Reads raw inputs with their defaults, and collects what is wrong with them. */
export class Reader {
  readonly problems: string[] = [];
  constructor(
    private readonly raw: RawInputs,
    private readonly defaults: 'action' | 'terminal',
  ) {}

  text(name: string): string {
    const given = this.raw[name]?.trim();
    if (given) return given;
    const spec = inputSpecs.find((s) => s.name === name);
    if (spec === undefined) throw new Error(`no input is called ${name}`);
    const fallback = this.defaults === 'terminal' ? (spec.terminalDefault ?? spec.default) : spec.default;
    // The runner fills an expression in before the step starts; where no runner did, there is no value.
    return fallback.startsWith('${{') ? '' : fallback;
  }

  choice<T extends string>(name: string, valid: readonly [T, ...T[]]): T {
    const text = this.text(name);
    const found = valid.find((v) => v === text);
    if (found === undefined) this.problems.push(`Input "${name}" is "${text}"; it takes ${valid.join(', ')}.${didYouMean(text, valid)}`);
    return found ?? valid[0];
  }

  flag(name: string): boolean {
    return this.choice(name, ['true', 'false']) === 'true';
  }

  number(name: string, least: number, most: number): number {
    const text = this.text(name);
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    this.problems.push(`Input "${name}" is "${text}"; it takes a number from ${least} to ${most}.`);
    return least;
  }

  duration(name: string): number {
    const ms = parseDuration(this.text(name));
    if (ms === undefined) this.problems.push(`Input "${name}" is "${this.text(name)}"; it takes a duration such as 90s, 15m or 1h.`);
    else if (ms > longestMs)
      this.problems.push(`Input "${name}" is "${this.text(name)}"; it takes at most ${Math.floor(longestMs / 3_600_000)}h.`);
    return ms ?? 0;
  }
}

/** A property that is there where the text is not empty. */
export const optional = <K extends string>(key: K, text: string): { [P in K]?: string } =>
  text === '' ? {} : ({ [key]: text } as { [P in K]: string });

import { inputSpecs } from './list.js';
import { didYouMean } from '../text/did-you-mean.js';
import { longestMs } from '../system/deadline.js';

/** Raw texts by input name; an absent or empty one stands for its default. */
export type RawInputs = Readonly<Record<string, string | undefined>>;

/** Words that commas or line breaks part. */
export const splitWords = (text: string): readonly string[] =>
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

/**
 * A boolean as the toolkit of GitHub Actions reads one: `true`, `True`, `TRUE`, and the same of false (YAML 1.2, core schema).
 * @returns undefined for any other text
 */
export const parseFlag = (text: string): boolean | undefined => {
  const word = text.trim();
  if (['true', 'True', 'TRUE'].includes(word)) return true;
  return ['false', 'False', 'FALSE'].includes(word) ? false : undefined;
};

/** What is wrong with a text that `parseFlag` does not take. @param what e.g. `Input "offline"` */
export const flagProblem = (what: string, text: string): string => {
  const word = text.trim().toLowerCase();
  const meant = /^(y|yes|on|1|enabled?)$/.test(word) ? 'true' : /^(n|no|off|0|disabled?|none|never)$/.test(word) ? 'false' : word;
  // Words are short: a longer text may be a secret in the wrong place.
  const given = text.length > 12 ? 'another text' : `"${text}"`;
  return `${what} is ${given}; it takes true, True, TRUE, false, False or FALSE.${didYouMean(meant, ['true', 'false'])}`;
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
    const text = this.text(name);
    const value = parseFlag(text);
    if (value === undefined) this.problems.push(flagProblem(`Input "${name}"`, text));
    return value ?? false;
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

import { inputSpecs, type InputSpec } from './list.js';
import { didYouMean } from '../text/did-you-mean.js';
import { longestMs } from '../system/deadline.js';

/** A name in THE list: any other does not compile. */
export type InputName = (typeof inputSpecs)[number]['name'];

const specs = Object.fromEntries(inputSpecs.map((spec) => [spec.name, spec])) as Readonly<Record<InputName, InputSpec>>;

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

  /** @returns '' if it is not given and has no default */
  text(name: InputName): string {
    const given = this.raw[name]?.trim();
    if (given) return given;
    const { default: byAction, terminalDefault } = specs[name];
    const fallback = this.defaults === 'terminal' ? (terminalDefault ?? byAction) : byAction;
    // The runner fills an expression in before the step starts; where no runner did, there is no value.
    return fallback.startsWith('${{') ? '' : fallback;
  }

  /** The text of an input, or undefined if it is not given and has no default. */
  optional(name: InputName): string | undefined {
    return this.text(name) || undefined;
  }

  choice<T extends string>(name: InputName, valid: readonly [T, ...T[]]): T {
    const text = this.text(name);
    const found = valid.find((v) => v === text);
    if (found === undefined) this.problems.push(`Input "${name}" is "${text}"; it takes ${valid.join(', ')}.${didYouMean(text, valid)}`);
    return found ?? valid[0];
  }

  flag(name: InputName): boolean {
    const text = this.text(name);
    const value = parseFlag(text);
    if (value === undefined) this.problems.push(flagProblem(`Input "${name}"`, text));
    return value ?? false;
  }

  number(name: InputName, min: number, max: number): number {
    const text = this.text(name);
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    this.problems.push(`Input "${name}" is "${text}"; it takes a number from ${min} to ${max}.`);
    return min;
  }

  duration(name: InputName): number {
    const ms = parseDuration(this.text(name));
    if (ms === undefined) this.problems.push(`Input "${name}" is "${this.text(name)}"; it takes a duration such as 90s, 15m or 1h.`);
    else if (ms > longestMs)
      this.problems.push(`Input "${name}" is "${this.text(name)}"; it takes at most ${Math.floor(longestMs / 3_600_000)}h.`);
    return ms ?? 0;
  }
}

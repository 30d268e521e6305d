import { longestMs } from '../system/deadline.js';
import { didYouMean } from '../text/did-you-mean.js';
import { inputSpecs } from './list.js';
import { configSpecs } from './list-config.js';
import { inSentence, type Layer } from './layers.js';
import type { Setting } from './spec.js';

/** A name in THE list of inputs: any other does not compile. */
type InputName = (typeof inputSpecs)[number]['name'];
/** An input, or a key that only the config file holds. */
export type SettingName = InputName | (typeof configSpecs)[number]['name'];

/** Everything that a check can be told. */
export const settings: readonly Setting[] = [...inputSpecs, ...configSpecs];

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

/** A value that should be a short word, for a message: a longer text may be a secret in the wrong place. */
const shortText = (text: string): string => (text.length > 12 ? 'another text' : `"${text}"`);

/** What is wrong with a text that `parseFlag` does not take. @param what e.g. `Input "offline"` */
export const flagProblem = (what: string, text: string): string => {
  const word = text.trim().toLowerCase();
  const meant = /^(y|yes|on|1|enabled?)$/.test(word) ? 'true' : /^(n|no|off|0|disabled?|none|never)$/.test(word) ? 'false' : word;
  return `${what} is ${shortText(text)}; it takes true, True, TRUE, false, False or FALSE.${didYouMean(meant, ['true', 'false'])}`;
};

/** A value, and how an error names where it stands, e.g. `Input "statements"`. */
export interface Named {
  readonly value: string;
  readonly name: string;
}

/** Reads settings out of layers, the first of which counts, with their defaults, and collects what is wrong with them. */
export class Reader<N extends string = SettingName> {
  readonly problems: string[] = [];
  constructor(
    private readonly specs: readonly Setting[],
    /** The first one names what stands nowhere. */
    private readonly layers: readonly [Layer, ...Layer[]],
    private readonly surface: 'action' | 'terminal',
  ) {}

  #layerOf(name: N): number {
    // A config file also holds what only a workflow has.
    if (this.surface === 'terminal' && this.#specOf(name)?.only === 'action') return -1;
    return this.layers.findIndex(({ values }) => (values[name]?.trim() ?? '') !== '');
  }

  #specOf(name: N): Setting | undefined {
    return this.specs.find((spec) => spec.name === name);
  }

  /** @returns '' if it is not given and has no default */
  text(name: N): string {
    const given = this.layers[this.#layerOf(name)]?.values[name]?.trim();
    if (given !== undefined) return given;
    const spec = this.#specOf(name);
    const fallback = (this.surface === 'terminal' ? spec?.terminalDefault : undefined) ?? spec?.default ?? '';
    // The runner fills an expression in before the step starts; where no runner did, there is no value.
    return fallback.startsWith('${{') ? '' : fallback;
  }

  /** The text of a setting, or undefined if it is not given and has no default. */
  optional(name: N): string | undefined {
    return this.text(name) || undefined;
  }

  /** The same, with its name for errors. */
  named(name: N): Named | undefined {
    const value = this.optional(name);
    return value === undefined ? undefined : { value, name: this.nameOf(name) };
  }

  /** How an error names a setting by the place where it stands, e.g. `Option "--tier"`. */
  nameOf(name: N): string {
    return (this.layers[this.#layerOf(name)] ?? this.layers[0]).nameOf(name);
  }

  /** Whether it was set for this run; a config file also holds what other runs need. */
  isExplicit(name: N): boolean {
    return this.layers[this.#layerOf(name)]?.shared === false;
  }

  /**
   * Of two settings for the same matter the one that counts: that of the earlier layer.
   * @param why follows "are both given; " if both were set for this run, or in one file
   * @returns which of the two does not count
   */
  ignored<A extends N, B extends N>(first: A, second: B, why: string): A | B | undefined {
    const [a, b] = [this.#layerOf(first), this.#layerOf(second)];
    if (a < 0 || b < 0) return undefined;
    if (a === b || (this.isExplicit(first) && this.isExplicit(second)))
      this.problems.push(`${this.nameOf(first)} and ${inSentence(this.nameOf(second))} are both given; ${why}.`);
    return a <= b ? second : first;
  }

  choice<T extends string>(name: N, valid: readonly [T, ...T[]]): T {
    const text = this.text(name);
    const found = valid.find((v) => v === text);
    if (found === undefined)
      this.problems.push(`${this.nameOf(name)} is "${text}"; it takes ${valid.join(', ')}.${didYouMean(text, valid)}`);
    return found ?? valid[0];
  }

  flag(name: N): boolean {
    const text = this.text(name);
    const value = parseFlag(text);
    if (value === undefined) this.problems.push(flagProblem(this.nameOf(name), text));
    return value ?? false;
  }

  number(name: N, min: number, max: number): number {
    const text = this.text(name);
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    this.problems.push(`${this.nameOf(name)} is ${shortText(text)}; it takes a number from ${min} to ${max}.`);
    return min;
  }

  duration(name: N): number {
    const text = this.text(name);
    const ms = parseDuration(text);
    if (ms === undefined) this.problems.push(`${this.nameOf(name)} is "${text}"; it takes a duration such as 90s, 15m or 1h.`);
    else if (ms > longestMs)
      this.problems.push(`${this.nameOf(name)} is "${text}"; it takes at most ${Math.floor(longestMs / 3_600_000)}h.`);
    return ms ?? 0;
  }
}

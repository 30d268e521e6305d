import { cutAfter, cutBefore, cutsIn } from './cut.js';
import { formsOf, partsOf, shortestSecret } from './secret-forms.js';
import { canonical, pieceLength, SecretPieces, type Run } from './secret-pieces.js';
import { readings, type View } from './unescape.js';

/** What stands in the place of a secret. */
export const redacted = '***';

/** Texts are escaped once by a sink, and may have been twice by whoever wrote them. */
const rounds = 3;

type Stretch = readonly [start: number, end: number];

/** Every place where a text stands in another one. */
const findForm = (form: string, text: string): readonly Stretch[] => {
  const places: Stretch[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) places.push([at, at + form.length]);
  return places;
};

/** Puts `***` in the place of stretches, which may overlap. */
const blankStretches = (text: string, stretches: readonly Stretch[]): string => {
  let shown = '';
  let end = 0;
  for (const [from, to] of stretches.toSorted(([a], [b]) => a - b)) {
    if (from >= end) shown += text.slice(end, from) + redacted;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
};

/**
 * Takes secrets out of texts before they leave: reports, logs, comments. It knows a secret as it is, each line of it, its Base64 and Base64url
 * forms (also inside of something longer), however a text escapes them (`readings`). Of what was cut it knows
 * - twelve characters in a row of what looks like a token, wherever they stand;
 * - twelve characters of any secret, where a text ends or says that it was cut, and wherever they are half of it and begin or end it;
 * - half of a secret of less than 24 characters, and not less than six, where a text says that it was cut.
 *
 * Takes time linear in the text.
 */
export class Redactor {
  readonly #seen = new Set<string>();
  /** Parts that nobody has looked for yet: their forms are worked out with the first text, which never comes to some redactors. */
  #waiting: string[] = [];
  readonly #pieces = new SecretPieces();
  /** Those that are recognised as a whole, because they are too short for pieces, are no tokens, or are very long. */
  readonly #wholes = new Set<string>();
  readonly #heads = new Set<string>();
  readonly #tails = new Set<string>();
  /** Whether any has a space in it. */
  #folds = false;

  /** Registers a value; values shorter than six characters are ignored. */
  readonly add = (secret: string): void => {
    for (const part of partsOf(secret.toWellFormed())) {
      if (this.#seen.has(part)) continue;
      this.#seen.add(part);
      this.#waiting.push(part);
    }
  };

  /** @returns the text with `***` in the place of every known secret */
  readonly redact = (text: string): string => {
    if (this.#seen.size === 0 || text.length < shortestSecret) return text;
    this.#learn();
    const stretches = readings(text, rounds, this.#folds).flatMap((view) => this.#secretsIn(view));
    return stretches.length === 0 ? text : blankStretches(text, stretches);
  };

  /** @returns a copy of plain data in which every string is redacted; names of properties stay. Data without any secret is returned as it is. */
  readonly redactAll = <T>(value: T): T => {
    if (this.#seen.size === 0 || !this.#mayHold(JSON.stringify(value))) return value;
    const copy = (part: unknown): unknown => {
      if (typeof part === 'string') return this.redact(part);
      if (Array.isArray(part)) return part.map(copy);
      if (typeof part !== 'object' || part === null) return part;
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
    };
    return copy(value) as T;
  };

  #learn(): void {
    for (const part of this.#waiting) {
      const [plain = '', ...encoded] = formsOf(part);
      for (const form of [(readings(plain, 0, true)[0]?.text ?? plain).trim(), ...encoded]) this.#addForm(form);
    }
    this.#waiting = [];
  }

  #addForm(form: string): void {
    const same = canonical(form);
    if (form === '') return;
    this.#folds ||= form.includes(' ');
    if (!this.#pieces.add(form)) this.#wholes.add(same);
    if (same.length >= 2 * pieceLength) return;
    for (let length = Math.max(shortestSecret, Math.ceil(same.length / 2)); length < same.length; length++) {
      this.#heads.add(same.slice(0, length));
      this.#tails.add(same.slice(-length));
    }
  }

  /** One look over the whole of some data, escaped once more as JSON; what is found is only a reason to look closer. */
  #mayHold(json: string): boolean {
    this.#learn();
    const parts = [...this.#wholes, ...this.#heads, ...this.#tails];
    return readings(json, rounds + 1, this.#folds).some(({ text }) => {
      if (this.#pieces.runsIn(text).length > 0) return true;
      const same = parts.length === 0 ? '' : canonical(text);
      return parts.some((part) => same.includes(part));
    });
  }

  /** Where secrets, and pieces of them, stand in the original of a view. */
  #secretsIn({ text, origin }: View): readonly Stretch[] {
    const runs = this.#pieces.runsIn(text).flatMap((run) => this.#pieceOf(run, text));
    const same = this.#wholes.size === 0 ? '' : canonical(text);
    const wholes = [...this.#wholes].flatMap((form) => findForm(form, same));
    return [...runs, ...wholes, ...(this.#heads.size === 0 ? [] : this.#halvesIn(text))].map(([start, end]) => origin(start, end));
  }

  /** The stretch of a run that is a leak: one of a token, the beginning of a secret before a cut, the end of one behind it. */
  #pieceOf(run: Run, text: string): readonly Stretch[] {
    // White space around a line of a key is part of the key, and of every text.
    const [start, end] = [run.start + Number(text[run.start] === ' '), run.end - Number(text[run.end - 1] === ' ')];
    const piece = text.slice(start, end);
    const after = cutAfter(text, end);
    const before = cutBefore(text, start);
    const [head, tail] = [this.#pieces.begins(piece), this.#pieces.ends(piece)];
    const leaks =
      run.opaque ||
      Math.max(head, tail) >= 0.5 ||
      (after !== undefined && (before !== undefined || head > 0)) ||
      (before !== undefined && tail > 0);
    return leaks ? [[before ?? start, after ?? end]] : [];
  }

  /** The halves of short secrets at the marks of cuts. */
  #halvesIn(text: string): readonly Stretch[] {
    const lengths = Array.from({ length: 2 * pieceLength - shortestSecret }, (_, i) => 2 * pieceLength - 1 - i);
    const same = canonical(text);
    return cutsIn(text).flatMap(({ ends, start }) => {
      const heads = ends.flatMap((end) => {
        const length = lengths.find((some) => this.#heads.has(same.slice(Math.max(0, end - some), end)));
        return length === undefined ? [] : [[end - length, Math.max(...ends)] as const];
      });
      const tail = lengths.find((length) => this.#tails.has(same.slice(start, start + length)));
      return tail === undefined ? heads : [...heads, [start, start + tail] as const];
    });
  }
}

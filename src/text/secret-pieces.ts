import { Samples } from './samples.js';

/**
 * So many characters of a secret in a row are no accident, and are worth hiding: of Base64 they hold 72 bits. Fewer are left alone, because names
 * and words coincide with them, and because what stays hidden of a token is then beyond guessing.
 */
export const pieceLength = 12;

/** Longer values are files, whose lines are secrets by themselves: they are recognised as a whole, and by their lines. */
const longestInPieces = 64 * 1024;

/** Where a secret looks like a token: digits of Base64, Base64url or a number in a row, as no word or name has them. */
const opaqueRuns = /[\w+/-]{16,}/g;
const isOpaque = (run: string): boolean => /\d/.test(run) && /[A-Za-z]/.test(run);

/** A text in which the ways of writing a digit of Base64, or a space, are one; as long as it was. */
export const canonical = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/').replaceAll(' ', '+');

/**
 * These shorter pieces of a form are noted, and looked for at every sixth place of a text. A piece of `pieceLength` holds six of them that begin one
 * behind the other, so one of them stands at such a place: a text without any holds no piece at all, and that is nearly every text.
 */
const sampleStep = 6;
const sampleLength = pieceLength - sampleStep + 1;

/** A stretch of a text that consists of pieces of secrets. */
export interface Run {
  readonly start: number;
  readonly end: number;
  /** Whether a piece of a token is in it, which is a leak wherever it stands. */
  readonly opaque: boolean;
}

const shareOf = (run: string, forms: readonly string[] | undefined, holds: (form: string) => boolean): number =>
  Math.max(0, ...(forms ?? []).filter(holds).map((form) => run.length / form.length));

/** Knows every piece of every secret. */
export class SecretPieces {
  readonly #opaque = new Set<string>();
  readonly #plain = new Set<string>();
  /** Forms whose pieces are not in the sets yet: a key has thousands, and most runs end without a text in which one could stand. */
  #waiting: { readonly pieces: string; readonly opaque: readonly (readonly [number, number])[] }[] = [];
  readonly #samples = new Samples(sampleLength);
  readonly #byHead = new Map<string, readonly string[]>();
  readonly #byTail = new Map<string, readonly string[]>();

  /**
   * @param form a way of writing a secret, in which white space is folded
   * @returns whether the whole of it is recognised by its pieces, wherever it stands
   */
  add(form: string): boolean {
    if (form.length < pieceLength || form.length > longestInPieces) return false;
    const pieces = canonical(form);
    const opaque = [...form.matchAll(opaqueRuns)]
      .filter(([run]) => isOpaque(run))
      .map(({ 0: run, index }) => [index, index + run.length] as const);
    this.#waiting.push({ pieces, opaque });
    this.#samples.addAll(pieces);
    for (const [forms, end] of [
      [this.#byHead, pieces.slice(0, pieceLength)],
      [this.#byTail, pieces.slice(-pieceLength)],
    ] as const)
      forms.set(end, [...(forms.get(end) ?? []), pieces]);
    return opaque.length > 0;
  }

  /** The stretches of a text that consist of pieces; in order. Takes time linear in the text, however many secrets there are. */
  runsIn(text: string): readonly Run[] {
    const runs: { start: number; end: number; opaque: boolean }[] = [];
    const same = canonical(text);
    let next = 0;
    this.#samplesIn(same, (at) => {
      this.#learn();
      // Every piece holds a sample, so it begins at one or a few characters before it.
      for (next = Math.max(next, at + sampleLength - pieceLength); next <= at && next + pieceLength <= same.length; next++) {
        const piece = same.slice(next, next + pieceLength);
        const opaque = this.#opaque.has(piece);
        if (!opaque && !this.#plain.has(piece)) continue;
        const last = runs.at(-1);
        if (last !== undefined && next === last.end - pieceLength + 1) {
          last.end++;
          last.opaque ||= opaque;
        } else runs.push({ start: next, end: next + pieceLength, opaque });
      }
    });
    return runs;
  }

  /** How much of a secret a run is that begins one: from 0 to 1, the most of several; 0 where it begins none. */
  begins(run: string): number {
    const same = canonical(run);
    return shareOf(same, this.#byHead.get(same.slice(0, pieceLength)), (form) => form.startsWith(same));
  }

  /** The same of a run that ends a secret. */
  ends(run: string): number {
    const same = canonical(run);
    return shareOf(same, this.#byTail.get(same.slice(-pieceLength)), (form) => form.endsWith(same));
  }

  /** Calls back with the places of a canonical text at which a sample stands, in order. */
  #samplesIn(text: string, found: (start: number) => void): void {
    if (this.#samples.size === 0) return;
    for (let start = 0; start + sampleLength <= text.length; start += sampleStep) if (this.#samples.has(text, start)) found(start);
  }

  #learn(): void {
    for (const { pieces, opaque } of this.#waiting) {
      let at = 0;
      for (let start = 0; start + pieceLength <= pieces.length; start++) {
        while (start + pieceLength > (opaque[at]?.[1] ?? Number.POSITIVE_INFINITY)) at++;
        const inside = start >= (opaque[at]?.[0] ?? Number.POSITIVE_INFINITY);
        (inside ? this.#opaque : this.#plain).add(pieces.slice(start, start + pieceLength));
      }
    }
    this.#waiting = [];
  }
}

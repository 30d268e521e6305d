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

/** The same of one code unit. */
const canonicalCode = (code: number): number => (code === 0x2d || code === 0x20 ? 0x2b : code === 0x5f ? 0x2f : code);

const { imul } = Math;
const multiplier = 0x01000193;
/** What the character that leaves the window was multiplied by. */
const leaving = Array.from({ length: pieceLength - 1 }).reduce<number>((power) => imul(power, multiplier), 1);
const slots = 1 << 20;
const slotOf = (hash: number): number => imul(hash, 0x9e3779b1) >>> 12;

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
  /** Tells most texts that hold none without looking into the sets. */
  readonly #slots = new Uint8Array(slots);
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
    let at = 0;
    this.#windows(pieces, (start, slot) => {
      while (start + pieceLength > (opaque[at]?.[1] ?? Number.POSITIVE_INFINITY)) at++;
      const inside = start >= (opaque[at]?.[0] ?? Number.POSITIVE_INFINITY);
      (inside ? this.#opaque : this.#plain).add(pieces.slice(start, start + pieceLength));
      this.#slots[slot] = 1;
    });
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
    if (this.#opaque.size + this.#plain.size === 0) return runs;
    this.#windows(text, (start, slot) => {
      if (this.#slots[slot] === 0) return;
      const piece = canonical(text.slice(start, start + pieceLength));
      const opaque = this.#opaque.has(piece);
      if (!opaque && !this.#plain.has(piece)) return;
      const last = runs.at(-1);
      if (last !== undefined && start === last.end - pieceLength + 1) {
        last.end++;
        last.opaque ||= opaque;
      } else runs.push({ start, end: start + pieceLength, opaque });
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

  /** Calls back with every window of a text and its slot, by a rolling hash. */
  #windows(text: string, found: (start: number, slot: number) => void): void {
    let hash = 0;
    for (let i = 0; i < text.length; i++) {
      if (i >= pieceLength) hash = (hash - imul(canonicalCode(text.charCodeAt(i - pieceLength)), leaving)) | 0;
      hash = (imul(hash, multiplier) + canonicalCode(text.charCodeAt(i))) | 0;
      if (i >= pieceLength - 1) found(i - pieceLength + 1, slotOf(hash));
    }
  }
}

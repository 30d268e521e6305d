const { imul } = Math;
/** A power of two; a fourth of the slots is used at most. */
const leastSlots = 1 << 12;
const slotsEach = 4;
/** Odd numbers, as far from each other as any. */
const [forPlaces, forMarks] = [0x01000193, 0x85ebca6b];

/**
 * Knows all short stretches of some texts by two hashes of theirs. A key has thousands, and a set of as many strings would take longer than all else that is
 * done with it. One that was never added may be taken for known, in one of 2^60 cases: whoever asks looks closer then.
 */
export class Samples {
  /** Of a stretch in the slot: one hash, and the other, which is 0 where there is none. */
  #places = new Uint32Array(leastSlots);
  #marks = new Uint32Array(leastSlots);
  #size = 0;

  /** @param length of every stretch, in characters */
  constructor(private readonly length: number) {}

  get size(): number {
    return this.#size;
  }

  /** Adds every stretch of a text. */
  addAll(text: string): void {
    this.#makeRoom(this.#size + text.length);
    for (let start = 0; start + this.length <= text.length; start++)
      this.#put(this.#hash(text, start, forPlaces), this.#markOf(text, start));
  }

  /** Whether the stretch that begins at a place of a text was added. */
  has(text: string, start: number): boolean {
    const place = this.#hash(text, start, forPlaces);
    if (this.#marks[place & (this.#marks.length - 1)] === 0) return false;
    return this.#marks[this.#slotOf(place, this.#markOf(text, start))] !== 0;
  }

  #hash(text: string, start: number, multiplier: number): number {
    let hash = 0;
    for (let i = start; i < start + this.length; i++) hash = imul(hash, multiplier) + text.charCodeAt(i);
    return imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 0;
  }

  /** The second hash, which is never 0. */
  #markOf(text: string, start: number): number {
    return (this.#hash(text, start, forMarks) | 1) >>> 0;
  }

  /** Where a stretch is, or would be put. */
  #slotOf(place: number, mark: number): number {
    const last = this.#marks.length - 1;
    let slot = place & last;
    while (this.#marks[slot] !== 0 && (this.#marks[slot] !== mark || this.#places[slot] !== place)) slot = (slot + 1) & last;
    return slot;
  }

  #put(place: number, mark: number): void {
    const slot = this.#slotOf(place, mark);
    if (this.#marks[slot] === 0) this.#size++;
    this.#places[slot] = place;
    this.#marks[slot] = mark;
  }

  #makeRoom(most: number): void {
    let slots = this.#marks.length;
    while (slots < slotsEach * most) slots *= 2;
    if (slots === this.#marks.length) return;
    const [places, marks] = [this.#places, this.#marks];
    this.#places = new Uint32Array(slots);
    this.#marks = new Uint32Array(slots);
    this.#size = 0;
    marks.forEach((mark, i) => {
      if (mark !== 0) this.#put(places[i] ?? 0, mark);
    });
  }
}

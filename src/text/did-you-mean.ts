import leven from 'leven';

/**
 * The name that a mistyped word probably meant.
 * @param word as typed; only its first 100 characters are compared
 * @param names that are valid
 * @returns the nearest one, or undefined where none is near enough to be meant
 */
export const nearest = (word: string, names: readonly string[]): string | undefined => {
  const typed = word.slice(0, 100).toLowerCase();
  const ranked = names
    .map((name) => {
      const known = name.toLowerCase();
      // Someone who types the last part of an id alone means that id: `zone-label` for `scs-0214-v2/zone-label`.
      const tail = known.slice(known.lastIndexOf('/') + 1);
      return { name, length: tail.length, far: Math.min(leven(typed, known), leven(typed, tail)) };
    })
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, Math.floor(best.length / 3)) ? best.name : undefined;
};

const letters = (word: string): string => word.split('').sort().join('');

/**
 * The name that a word is with a slip of the hand: a letter or two too many, too few or wrong, or two letters in the wrong order.
 * Stricter than `nearest`, which only suggests.
 */
export const misspelt = (word: string, names: readonly string[]): string | undefined => {
  const typed = word.slice(0, 100).toLowerCase();
  return names.find((name) => {
    const far = leven(typed, name);
    return far <= (name.length < 8 ? 1 : 2) || (far === 2 && letters(typed) === letters(name));
  });
};

/** ` Did you mean "x"?`, or nothing where no name is near. */
export const didYouMean = (word: string, names: readonly string[]): string => {
  const name = nearest(word, names);
  return name === undefined ? '' : ` Did you mean "${name}"?`;
};

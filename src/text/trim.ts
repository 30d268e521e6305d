/**
 * A text without what stands at its end of some characters. An expression such as `/x+$/` would begin anew at each of them: its time grows with the
 * square of the text.
 */
export const trimEndOf = (text: string, characters: string): string => {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
};

/** The same at both ends. */
export const trimOf = (text: string, characters: string): string => {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start++;
  return trimEndOf(text.slice(start), characters);
};

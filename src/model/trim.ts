/**
 * A text without what stands at its end of some characters. An expression such as `/x+$/` would begin anew at each of them: its time grows with the
 * square of the text.
 */
export const trimEndOf = (text: string, characters: string): string => {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
};

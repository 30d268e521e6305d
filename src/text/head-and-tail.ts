/**
 * Keeps the beginning and the end of a text that comes in parts: some programs say the cause first, and a traceback ends with it.
 * @param max characters of the beginning and of the end, each; in between only whole lines or words are cut
 */
export const headAndTail = (max: number): { readonly add: (part: string) => void; readonly text: () => string } => {
  let [head, tail] = ['', ''];
  let cut = false;
  return {
    add: (part) => {
      const room = max - head.length;
      head += part.slice(0, room);
      tail += part.slice(room);
      cut ||= tail.length > max;
      tail = tail.slice(-max);
    },
    text: () => {
      if (!cut) return head + tail;
      // Half of a word may be half of a token, which nobody recognises any more.
      const last = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '));
      const first = tail.search(/\s/);
      return `${head.slice(0, Math.max(last, 0))}\n…\n${first < 0 ? '' : tail.slice(first)}`;
    },
  };
};

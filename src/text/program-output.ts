/**
 * Makes one line of a program's output fit for a log: colours, control and invisible characters go, and what a workflow runner would take for a
 * command (`::` at the start of a line, `##[` anywhere) is broken up.
 * @param most characters that are kept
 */
export const plainLine = (text: string, most = 300): string => {
  const visible = text
    // An escape sequence is a control character, a bracket and its parameters; without the first it would be left over as text.
    .replace(/[^\P{Cc}\s]\[[0-?]*[ -/]*[@-~]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/\p{C}/gu, '')
    .trim()
    .replaceAll('##[', '# #[')
    .replace(/^::/, ': :');
  return visible.length > most ? `${visible.slice(0, most - 1)}…` : visible;
};

/** The longest piece without a line end that is waited for. */
const longestLine = 8_192;

/**
 * Cuts a stream of text into lines.
 * @param take is given each line, without its end; empty lines are left out
 * @returns `write` for the pieces as they come, `end` for what is left at last
 */
export const lineSplitter = (take: (line: string) => void): { readonly write: (piece: string) => void; readonly end: () => void } => {
  let rest = '';
  const give = (line: string): void => {
    if (line.trim() !== '') take(line);
  };
  return {
    write: (piece) => {
      const lines = (rest + piece).split(/[\r\n]+/);
      rest = lines.pop() ?? '';
      lines.forEach(give);
      if (rest.length > longestLine) {
        give(rest.slice(0, longestLine));
        rest = '';
      }
    },
    end: () => {
      give(rest);
      rest = '';
    },
  };
};

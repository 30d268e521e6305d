/** How the escapers write a character as an HTML entity; letters and digits are written so by none. */
export const entityNames: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  '`': 'grave',
  '|': 'vert',
  _: 'lowbar',
  '*': 'ast',
};

/** The longest run of letters and digits: what no way of writing a text changes. */
export const coreOf = (text: string): string =>
  (text.match(/[A-Za-z0-9]+/g) ?? []).reduce((longest, run) => (run.length > longest.length ? run : longest), '');

/** What frames a key in PEM is no secret. */
export const isFrame = (line: string): boolean => /^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(line);

/** The lines of a secret that are one by themselves: a key in PEM is recognised by any of them. */
export const secretLines = (secret: string): readonly string[] =>
  secret
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !isFrame(line));

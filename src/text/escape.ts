/**
 * One escaper per place that a text ends up in. Texts out of a cluster (reasons, evidence, names, what an API server
 * answered) are hostile: whoever may label a node can write into the reports of its cluster.
 */

const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
/** Breaks a token that a platform would act on, and shows nothing. */
const breaker = '\u200b';

/** Control sequences of ECMA-48 (CSI, OSC, two-character ones): https://ecma-international.org/publications-and-standards/standards/ecma-48/ */
export const controlSequences = new RegExp(
  `(?:${escape}\\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:${escape}\\]|\u009d)[^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|${escape}[ -/]*[0-~]?`,
  'g',
);
const blanks = /[\s\u0085\u2028\u2029]+/gu;
/** Controls, and format characters: zero-width ones, bidirectional overrides, tags. */
const invisible = /[\p{Cc}\p{Cf}]/gu;

/**
 * A text without anything that moves the cursor, hides or turns round: one line, well-formed Unicode.
 * Every other escaper starts with it.
 */
export const plainText = (text: string): string =>
  text.toWellFormed().replace(controlSequences, '').replace(blanks, ' ').replace(invisible, '').replace(blanks, ' ').trim();

/**
 * Cuts a text to a length and says so by an ellipsis.
 * @param most in UTF-16 code units, the ellipsis among them; a surrogate pair is never split
 */
export const clip = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const cut = text.slice(0, Math.max(0, most - 1));
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};

/**
 * Cuts a text in its middle: a reason begins with what was seen and ends with what to do about it.
 * @param most in UTF-16 code units, the ellipsis among them; a surrogate pair is never split
 */
export const clipMiddle = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const tail = text.slice(text.length - Math.floor(most * 0.4));
  return `${clip(text, most - tail.length - 1)} ${/^[\udc00-\udfff]/.test(tail) ? tail.slice(1) : tail}`;
};

/**
 * Makes lines inert for the workflow runner, which reads a command from `::name` at the start of a line and from
 * `##[name` anywhere in one: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 * For everything that is printed in a workflow; our own colours may stand in front.
 */
export const inertForRunner = (text: string): string =>
  text
    .replaceAll('##[', `##${breaker}[`)
    .replace(new RegExp(`^((?:[^\\S\\n\\r\\u2028\\u2029]|${escape}\\[[0-9;]*m)*):(?=:)`, 'gm'), `$1:${breaker}`);

/** One line for a terminal: colours and layout are the caller's alone. */
export const terminalText = (text: string): string => inertForRunner(plainText(text));

/** One line for an annotation's title or message; the `%` escapes of the command are those of `@actions/core`. */
export const annotationText = (text: string): string => inertForRunner(plainText(text));

/** Tokens that GitHub, Gitea and Forgejo link in rendered text, whatever was escaped: mentions, references, bare addresses. */
const withoutReferences = (text: string): string =>
  text
    .replace(/@(?=\S)/g, `@${breaker}`)
    .replace(/#(?=[\p{L}\p{N}_])/gu, `#${breaker}`)
    .replace(/!(?=\d)/g, `!${breaker}`)
    .replace(/gh-(?=\d)/gi, (found) => found + breaker)
    .replace(/:(?=\/\/)/g, `:${breaker}`)
    .replace(/www(?=\.)/gi, (found) => found + breaker);

const entity = (text: string): string => text.replace(/[^\s]/gu, (c) => `&#${c.codePointAt(0) ?? 0};`);

/**
 * Inline text of GitHub Flavored Markdown: in paragraphs, headings, list items, table cells, and inside of HTML blocks.
 * Numeric character references never act as markup (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references).
 */
export const markdownText = (text: string): string =>
  withoutReferences(plainText(text))
    .replace(/[&<>|`*_~[\]!\\#$]/g, entity)
    .replace(/^(?:[-+=]|::)/, entity)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, mark: string) => digits + entity(mark));

/** What acts even inside of code: our own markers in a comment are found by their text, and the runner reads what is printed. */
const inertCode = (text: string): string => inertForRunner(text).replaceAll('<!--', `<${breaker}!--`).replaceAll('-->', `--${breaker}>`);

const longestRunOfBackticks = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

/** A code span; where the text holds a pipe, which ends a table's cell even inside of code, escaped text. */
export const markdownCode = (text: string): string => {
  const code = inertCode(plainText(text));
  if (code === '') return '';
  if (code.includes('|')) return markdownText(text);
  const fence = '`'.repeat(longestRunOfBackticks(code) + 1);
  const pad = code.startsWith('`') || code.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${code}${pad}${fence}`;
};

/** A sentence of ours in which backticks mark code, as in a standard's remedy; everything else in it is text. */
export const markdownProse = (text: string): string =>
  plainText(text)
    .split(/(`[^`]+`)/)
    .map((part, i, parts) => {
      if (i % 2 === 1) return markdownCode(part.slice(1, -1));
      // Two code spans side by side would read as one.
      if (part === '') return i > 0 && i < parts.length - 1 ? breaker : '';
      return `${/^ /.exec(part)?.[0] ?? ''}${markdownText(part)}${part.length > 1 && part.endsWith(' ') ? ' ' : ''}`;
    })
    .join('');

/** A fenced block of several lines; the fence is longer than any in the text. */
export const markdownFence = (text: string, language = ''): string => {
  const lines = text.split(/\r\n|\r|\n/).map((line) =>
    inertCode(
      line
        .toWellFormed()
        .replace(controlSequences, '')
        .replaceAll('\t', '  ')
        .replace(/[\u2028\u2029]/g, ' ')
        .replace(invisible, ''),
    ),
  );
  while (lines.at(-1) === '') lines.pop();
  // Of what is shown: what was invisible may have stood between backticks.
  const shown = lines.join('\n');
  const fence = '`'.repeat(Math.max(3, longestRunOfBackticks(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
};

/** A link where the address is one of the web, else its text alone. */
export const markdownLink = (text: string, url: string): string => {
  const shown = markdownText(text);
  const address = plainText(url);
  if (!/^https?:\/\/\S+$/.test(address) || shown === '') return shown;
  const encoded = address.replace(
    /[^A-Za-z0-9\-._:/?#@&=+,;%]/gu,
    (c) => `%${c.charCodeAt(0) < 0x80 ? c.charCodeAt(0).toString(16).padStart(2, '0') : encodeURIComponent(c).slice(1)}`,
  );
  return `[${shown}](${encoded.replaceAll('&', '&#38;').replaceAll('##', '#%23')})`;
};

/** How programs say that a text goes on where they have cut it: two dots or more, an ellipsis, or a word, mostly in brackets. */
const dots = String.raw`\u2026|\u22ef|\.{2,64}`;
const words = String.raw`(?:truncated|shortened|snipped|snip|omitted|elided|clipped|cut)`;
const mark = String.raw`(?:${dots}|[(<[{*]{0,3} ?(?:(?:output|text|value|message|log|was) ){0,2}${words}\b)`;
/** What is left of an escape that was cut in two. */
const halfEscape = String.raw`(?:%[\da-f]?|&[#a-z\d]{0,8}|\\(?:[ux][\da-f]{0,4})?)?`;
const longestHalf = 10;
const halfAtStart = String.raw`(?:[\da-f]{1,2}|[#a-z\d]{1,8};)?`;
const quotes = String.raw`["'\x60]{0,2}`;

const after = new RegExp(String.raw`(?<half>${halfEscape})(?:$|${quotes} {0,2}${mark})`, 'iy');
const before = new RegExp(String.raw`(?:${dots}|${words}[\])>}*]{0,3}) {0,2}${quotes}(?<half>${halfAtStart})$`, 'i');
/** Nothing of what stands between a mark and a piece is longer. */
const reach = 32;

/** @returns where a piece ends, with the half of an escape behind it, if the text is cut there, or ends; else undefined */
export const cutAfter = (text: string, end: number): number | undefined => {
  // The half of an escape may be read as the secret's own text.
  for (let at = end; at >= end - longestHalf; at--) {
    if (at < end && !'%&\\'.includes(text[at] ?? ' ')) continue;
    after.lastIndex = at;
    const found = after.exec(text);
    if (found !== null) return Math.max(end, at + (found.groups?.['half'] ?? '').length);
  }
  return undefined;
};

/** @returns where a piece begins, with the half of an escape before it, if the text has been cut there; else undefined */
export const cutBefore = (text: string, start: number): number | undefined => {
  const found = before.exec(text.slice(Math.max(0, start - reach), start));
  return found === null ? undefined : start - (found.groups?.['half'] ?? '').length;
};

const anyMark = new RegExp(String.raw`(?<half>${halfEscape})${quotes} {0,2}${mark}[\])>}*]{0,3} {0,2}${quotes}`, 'gi');

/** Where a text has been cut: where what stands before the mark ends, without and with the half of an escape, and where what stands behind it begins. */
export const cutsIn = (text: string): readonly { readonly ends: readonly number[]; readonly start: number }[] =>
  Array.from(text.matchAll(anyMark), ({ 0: found, index, groups }) => ({
    ends: [index + (groups?.['half'] ?? '').length, index],
    start: index + found.length,
  }));

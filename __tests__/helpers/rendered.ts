import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** Markdown as a forge shows it, HTML in it included, before any sanitising: what is not in here was never let in. */
export const rendered = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

/** The names of all tags in their order; comments count as `!--`. */
export const tagsOf = (html: string): readonly string[] =>
  [...html.matchAll(/<(\/?[a-zA-Z][a-zA-Z0-9]*|!--|[?!])/g)].map((m) => m[1]!.toLowerCase());

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: '\u00a0' };

/** What a reader sees of a piece of HTML. */
export const shownOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|([a-z]+));/g, (_, code: string | undefined, name: string | undefined) =>
      code === undefined ? (named[name ?? ''] ?? '?') : String.fromCodePoint(Number(code)),
    );

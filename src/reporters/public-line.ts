import { clip, plainText } from '../text/escape.js';

const longest = 500;

/** IPv4, IPv6 (two colons together, or eight parts), with port and prefix; what looks like one by chance is no loss. */
const addresses = [
  /\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?\b/g,
  /(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}/g,
  /(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,7})?::(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,7})?(?:\/\d{1,3})?/g,
];
const links = /\b[a-z][a-z0-9+.-]{0,30}:\/\/\S+/gi;
/** Hosts of networks of their own. */
const hosts = /\b[a-z0-9][a-z0-9.-]{0,253}\.(?:local|internal|lan|intranet|corp|home|localdomain|svc)\b(?::\d{1,5})?/gi;
const mails = /(?<![^\s@<>"'])[^\s@<>"']+@[^\s@<>"']+/g;

/**
 * A line that anybody may read, on pages that show it unescaped: without addresses, links, hosts of inner networks, markup and controls.
 * Secrets are gone by then.
 */
export const publicLine = (text: string): string => {
  const plain = plainText(text).replace(links, '(link)').replace(mails, '(address)');
  const hidden = addresses.reduce((rest, pattern) => rest.replace(pattern, '(address)'), plain).replace(hosts, '(host)');
  return clip(
    hidden
      .replace(/[<>&`{}|]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    longest,
  );
};

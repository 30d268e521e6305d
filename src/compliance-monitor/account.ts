import { isLoopbackHost } from '../text/loopback.js';
import { holdsToken } from '../text/likely-secrets.js';
import { recognise } from '../text/path-or-text.js';
import { trimEndOf } from '../text/trim.js';

/** An account at the monitor, and how it says who it is. */
export interface Account {
  readonly name: string;
  readonly password: string;
  /** The whole value of the header `Authorization`. */
  readonly authorization: string;
}

/** What can be left out of a report that is uploaded. */
export const leaveOuts = ['aborted', 'nothing'] as const;

/** Printable ASCII: the monitor takes nothing else for a login. */
const printable = /^[\x20-\x7e]+$/;

/** The form of a login, and of nothing else with a colon; what the monitor does not take of it is told apart. */
const isLogin = (text: string): boolean => {
  const name = /^([A-Za-z0-9][\w.@+-]{0,254}):(?!\/\/)[^ \n][^\n]*$/.exec(text)?.[1];
  return name !== undefined && !/^data:[\w.+/-]*[;,]/i.test(text) && !holdsToken(name);
};

/** What is read as the monitor's login. */
export const loginKind = { what: 'a login ("account:password", as it is or in Base64)', isText: isLogin, maxBytes: 64 * 1024 } as const;

/**
 * Reads the token: `account:password`, however it was wrapped on its way.
 * @returns the account, or a sentence that holds nothing of the token
 */
export const readAccount = (raw: string): Account | { readonly problem: string } => {
  const text = recognise(raw, isLogin)?.text ?? raw.trim();
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) return { problem: 'it is neither `account:password` nor that in Base64' };
  if (!printable.test(text))
    return { problem: 'it holds characters that are not printable ASCII, or a line break; the monitor takes no such login' };
  return {
    name: text.slice(0, colon),
    password: text.slice(colon + 1),
    authorization: `Basic ${Buffer.from(text, 'latin1').toString('base64')}`,
  };
};

/**
 * Reads the monitor's address.
 * @returns it without a slash at its end, or a sentence that does not show the text: it may hold a password
 */
export const readAddress = (text: string): URL | { readonly problem: string } => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return { problem: 'it is no address such as https://compliance.example.org' };
  if (url.username !== '' || url.password !== '') return { problem: 'it holds a login; give that as "login"' };
  if (url.search !== '' || url.hash !== '') return { problem: 'it holds more than host and path; leave out what follows "?" or "#"' };
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    return { problem: 'it is not https: the login would be readable on the way (http is for this machine alone)' };
  url.pathname = trimEndOf(url.pathname, '/');
  return url;
};

/** A page of the monitor. */
export const pageOf = (monitor: URL, path: string, query: Readonly<Record<string, string>> = {}): URL => {
  const url = new URL(monitor);
  url.pathname = `${trimEndOf(monitor.pathname, '/')}${path}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
};

/** The texts by which the password could be read, for whoever hides secrets; the name stands in reports. */
export const secretsOfAccount = ({ password, authorization }: Account): readonly string[] => [
  password,
  authorization.slice('Basic '.length),
];

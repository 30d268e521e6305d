import { parseReleaseData } from '../facts/support/release-data.js';
import { NotAvailable } from '../model/errors.js';
import type { Documents, FetchedDocument } from '../model/ports.js';
import { readJson } from '../text/read-json.js';
import { readCached, writeCached } from './document-cache.js';
import type { DownloadOptions } from './document-download.js';
import { trimEndOf } from '../text/trim.js';

export interface DocumentsOptions {
  /** Where documents are kept between runs; made with mode 0700 where it is not there. */
  readonly cacheDirectory: string;
  /** A token of github.com; it is sent to https://api.github.com and nowhere else. */
  readonly token?: string | undefined;
  /** Stays off the network: whatever is in the cache is used, however old. */
  readonly offline: boolean;
  /** The user's own release data, handed on to the facts. */
  readonly releaseDataFile?: { readonly name: string; readonly text: string } | undefined;
  /** The moment the run judges by: what was fetched after it is never too old. */
  readonly now: Date;
  /** `GITHUB_SERVER_URL` and `GITHUB_API_URL` tell whether the token is one of github.com; the proxy variables name the way. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with the proxy's password, so that nobody sees it. */
  readonly secret: (value: string) => void;
  /** The real time, stamped on what is fetched. */
  readonly clock?: (() => Date) | undefined;
  /** Where a URL is really asked for, e.g. at a mirror or a double. The token rule goes by the original URL. */
  readonly reroute?: ((url: URL) => URL) | undefined;
  /** How long the network may be silent, over all requests together, before it counts as away; milliseconds. */
  readonly silenceMs?: number | undefined;
}

/** Asks for the text behind a URL, of so many bytes at most. */
type Download = (url: URL, maxBytes: number) => Promise<string>;

/** A run that has everything in its cache, or stays off the network, loads no connection. */
const downloadLater = (options: DownloadOptions): Download => {
  let loading: Promise<Download> | undefined;
  const load = async (): Promise<Download> => {
    const { createDownload } = await import(/* webpackMode: "eager" */ './document-download.js');
    return createDownload(options);
  };
  return async (url, maxBytes) => (await (loading ??= load()))(url, maxBytes);
};

/** Whatever of these is set, a runner handed the token out; which server it belongs to is not said by them. */
const runners = ['GITHUB_ACTIONS', 'GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'GITEA_ACTIONS_RUNNER_VERSION', 'FORGEJO_ACTIONS_RUNNER_VERSION'];

/**
 * A token that a runner of another forge or of an enterprise server hands out is none of github.com's business. In a workflow the server has to be
 * named, and everything that names it has to name github.com; on a terminal the token is the user's own, for github.com.
 */
const tokenOf = ({ token, env }: DocumentsOptions): string | undefined => {
  const named = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_API_URL: 'https://api.github.com' };
  const set = Object.entries(named).filter(([name]) => (env[name] ?? '') !== '');
  const isGitHubs = set.every(([name, address]) => trimEndOf(env[name] ?? '', '/') === address);
  const inWorkflow = runners.some((name) => (env[name] ?? '') !== '');
  return token !== undefined && token !== '' && isGitHubs && (set.length > 0 || !inWorkflow) ? token : undefined;
};

/** A proxy's or a portal's page in place of the document, or half of it: it must not replace a good copy in the cache. */
const assertPlausible = (url: URL, text: string): void => {
  const json = url.hostname === 'api.github.com' || url.pathname.endsWith('.json');
  const page = /^\s*</.test(text);
  if (text.trim() === '' || page)
    throw new NotAvailable('malformed', `GET ${url.href}: the answer is ${page ? 'a web page' : 'empty'}, not the document`);
  if (!json) return;
  try {
    readJson(text);
  } catch (cause) {
    throw new NotAvailable('malformed', `GET ${url.href}: the answer is no JSON, or cut`, { cause });
  }
};

/**
 * Documents from outside of the cluster, over HTTPS, with a cache on disk.
 * A copy that is young enough is used without asking; an older one where the network does not give the document, with its age told.
 * With the network away a run waits `silenceMs` in all (6 seconds), not per document.
 * @throws {UserError} where the user's release data file is not in its format, with every problem
 */
export const createDocuments = (options: DocumentsOptions): Documents => {
  const {
    cacheDirectory,
    offline,
    releaseDataFile,
    now,
    clock = () => new Date(),
    reroute = (url: URL) => url,
    silenceMs = 6_000,
  } = options;
  if (releaseDataFile !== undefined) parseReleaseData(releaseDataFile.text, releaseDataFile.name);
  const download = downloadLater({ token: tokenOf(options), reroute, silenceMs, env: options.env, secret: options.secret });
  const running = new Map<string, Promise<FetchedDocument>>();

  const fetchNow = async (href: string, maxAgeMs: number, maxBytes: number): Promise<FetchedDocument> => {
    const url = new URL(href);
    if (url.protocol !== 'https:') throw new NotAvailable('unreachable', `${href}: only https documents are fetched`);
    const cached = await readCached(cacheDirectory, href, maxBytes);
    // A copy from the future is one whose clock was wrong: its age is unknown.
    const copy = cached !== undefined && Date.parse(cached.fetchedAt) <= clock().getTime() ? { ...cached, fromCache: true } : undefined;
    if (copy !== undefined && (offline || now.getTime() - Date.parse(copy.fetchedAt) <= maxAgeMs)) return copy;
    if (offline) throw new NotAvailable('not-recorded', `${href}: not in the cache, and the run stays off the network (offline)`);
    try {
      const text = await download(url, maxBytes);
      assertPlausible(url, text);
      const fetchedAt = clock().toISOString();
      await writeCached(cacheDirectory, href, { text, fetchedAt });
      return { text, fetchedAt, fromCache: false };
    } catch (error) {
      if (copy !== undefined) return copy;
      throw error;
    }
  };

  return {
    fetch: (url, { maxAgeMs, maxBytes }) => {
      const known = running.get(url);
      if (known !== undefined) return known;
      const started = fetchNow(url, maxAgeMs, maxBytes);
      running.set(url, started);
      return started;
    },
    releaseDataFile,
  };
};

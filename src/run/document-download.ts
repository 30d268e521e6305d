import { NotAvailable, reasonOf } from '../model/errors.js';
import type { UnavailableReason } from '../model/fact.js';
import type { ApiResponse } from '../model/ports.js';
import { createOutward } from '../kubernetes/outward.js';
import { redirectOf } from '../text/redirect.js';

const requestTimeoutMs = 5_000;
/** However lively the network is: nobody waits longer for outside knowledge. */
const wholeMs = 30_000;
const maxRedirects = 3;

export interface DownloadOptions {
  /** Sent to https://api.github.com alone. */
  readonly token: string | undefined;
  readonly reroute: (url: URL) => URL;
  readonly silenceMs: number;
  /** Names the proxy, and who goes without one. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with the proxy's password, so that nobody sees it. */
  readonly secret: (value: string) => void;
}

const reasonOfStatus = (status: number): UnavailableReason => {
  // GitHub answers 403 as well as 429 where a limit is reached; nothing here is forbidden to anyone.
  if (status === 403 || status === 429) return 'rate-limited';
  if (status === 404 || status === 410) return 'not-found';
  return status >= 500 ? 'server-error' : 'malformed';
};

/** How long the network may stay silent, in milliseconds from now: every answer moves the end on, up to a last one. */
const createPatience = (silenceMs: number): { readonly left: () => number; readonly answered: () => void } => {
  let started: number | undefined;
  let heard = 0;
  const left = (): number => {
    const now = performance.now();
    started ??= heard = now;
    return Math.min(heard + silenceMs, started + wholeMs) - now;
  };
  return { left, answered: () => void (heard = performance.now()) };
};

/** Where an answer sends on to, over HTTPS alone. */
const redirectUrl = ({ status, headers }: ApiResponse, url: URL): URL | undefined => {
  const next = redirectOf(status, headers['location'], url);
  return next?.protocol === 'https:' ? next : undefined;
};

/**
 * Downloads documents.
 * @returns a function of URL and most bytes to the text of a 200 answer
 * @throws {NotAvailable} (that function) for every other answer and for none: bounded in time over all downloads together
 */
export const createDownload = ({
  token,
  reroute,
  silenceMs,
  env,
  secret,
}: DownloadOptions): ((url: URL, maxBytes: number) => Promise<string>) => {
  const send = createOutward(env, secret);
  const patience = createPatience(silenceMs);
  const ask = async (url: URL, authorized: boolean, maxBytes: number, deadline: number): Promise<ApiResponse> => {
    const timeoutMs = Math.ceil(Math.min(deadline - performance.now(), patience.left()));
    if (timeoutMs <= 0) throw new NotAvailable('timeout', 'the network has been silent for too long');
    const headers = {
      'user-agent': 'scs-kaas',
      'accept-encoding': 'gzip',
      accept: url.hostname === 'api.github.com' ? 'application/vnd.github+json' : '*/*',
      ...(authorized && token !== undefined && url.origin === 'https://api.github.com' ? { authorization: `Bearer ${token}` } : {}),
    };
    const response = await send({ method: 'GET', url: reroute(url), headers, timeoutMs, maxBytes });
    patience.answered();
    return response;
  };
  const follow = async (start: URL, maxBytes: number): Promise<string> => {
    const deadline = performance.now() + requestTimeoutMs;
    let url = start;
    let authorized = token !== undefined;
    for (let step = 0; step <= maxRedirects; step++) {
      const response = await ask(url, authorized, maxBytes, deadline);
      if (response.status === 200) return response.text;
      const next = redirectUrl(response, url);
      if (next !== undefined) url = next;
      // An expired token closes what is open to everybody.
      else if (response.status === 401 && authorized) authorized = false;
      else throw new NotAvailable(reasonOfStatus(response.status), String(response.status));
    }
    throw new NotAvailable('malformed', `redirected more than ${maxRedirects} times`);
  };
  return async (url, maxBytes) => {
    try {
      return await follow(url, maxBytes);
    } catch (error) {
      const reason = error instanceof NotAvailable ? error.reason : 'unreachable';
      throw new NotAvailable(reason, `GET ${url.href}: ${error instanceof NotAvailable ? error.message : reasonOf(error)}`, {
        cause: error,
      });
    }
  };
};

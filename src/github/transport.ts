import { fetch, type RequestInit, type Response as Answer } from 'undici';
import { openPoolTo, type OpenPool, type ProxyEnvironment } from '../system/pool.js';
import { redirectOf } from '../text/redirect.js';

/** More than any page of a hundred comments of 65,536 characters. */
const maxBytes = 64 * 1024 * 1024;
const maxRedirects = 3;

/** The API sent us to another server; the token was not taken there. */
export class RedirectedAway extends Error {
  override readonly name = 'RedirectedAway';
}

/** The whole body, within a bound: a proxy may answer without end. */
const bodyOf = async ({ body }: Answer): Promise<Buffer | null> => {
  if (body === null) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/** 303 asks for another method, and is an answer. */
const nextOf = ({ status, headers }: Answer, from: URL): URL | undefined =>
  status === 303 ? undefined : redirectOf(status, headers.get('location'), from);

export interface Transport {
  /** Like the platform's own, but that it throws {@link RedirectedAway} for a redirect to another server, with nothing sent there. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Gives all connections back: a kept one would hold the process open. */
  readonly close: () => Promise<void>;
}

/**
 * Requests to one server and to no other, through the proxy that the environment names for it. A redirect within the server is followed with method
 * and body as they were, as GitHub asks for (a renamed repository): https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 * @param apiUrl the address of the API
 */
export const createTransport = (apiUrl: string, proxies: ProxyEnvironment): Transport => {
  const api = new URL(apiUrl);
  const { origin } = api;
  // Made by the first request, which can say what is wrong with the proxy.
  let pool: OpenPool | undefined;
  const send: Transport['fetch'] = async (url, init = {}) => {
    let target = new URL(url);
    for (let step = 0; ; step++) {
      if (target.origin !== origin)
        throw new RedirectedAway(`the server redirects to ${target.origin}, and the token belongs to ${origin}; nothing was sent there`);
      pool ??= openPoolTo(api, proxies);
      const answer = await fetch(target.href, { ...init, redirect: 'manual', dispatcher: pool.dispatcher });
      const next = nextOf(answer, target);
      if (next === undefined) {
        const body = [204, 205, 304].includes(answer.status) ? null : await bodyOf(answer);
        return new Response(body === null ? null : new Uint8Array(body), {
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
        });
      }
      await answer.body?.cancel();
      if (step === maxRedirects) throw new Error(`the server redirects more than ${maxRedirects} times`);
      target = next;
    }
  };
  return { fetch: send, close: async () => pool?.close() };
};

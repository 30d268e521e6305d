import type { ConnectionOptions } from 'node:tls';
import { Agent, buildConnector, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from 'undici';
import { createSecrets } from '../text/connection-secrets.js';
import { percentDecoded } from '../text/decode-text.js';
import { endpointOf } from '../text/endpoint.js';
import { proxyFor } from './proxy.js';

export interface DispatcherOptions {
  /** For each connection: to the proxy, to the server, and the TLS handshake. Default: 10 seconds. */
  readonly connectTimeoutMs?: number | undefined;
  /** TLS with the server, e.g. `ca`; never with the proxy. */
  readonly tls?: Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket' | 'timeout'> | undefined;
  /** Open connections per server at most. A SOCKS proxy does not keep to it. */
  readonly connections?: number | undefined;
  /** Bytes of one response body at most. A SOCKS proxy does not keep to it: bound what you read as well. */
  readonly maxResponseSize?: number | undefined;
}

/**
 * Connections of HTTP/1.1 through a proxy or without one. The caller ends them with `destroy()`.
 * @param proxy a URL of http, https, socks5 or socks5h; its user and password may be percent-encoded
 * @throws {Error} if undici does not know the proxy's scheme
 */
export const dispatcherFor = (proxy: URL | undefined, options: DispatcherOptions): Dispatcher => {
  const { connectTimeoutMs: timeout = 10_000, tls = {}, connections, maxResponseSize = -1 } = options;
  const pool = { allowH2: false, maxResponseSize, ...(connections === undefined ? {} : { connections }) };
  const requestTls = { ...tls, timeout, allowH2: false };
  if (proxy === undefined) return new Agent({ ...pool, connect: requestTls });
  // undici fails on credentials with a stray percent sign, and its errors may repeat the URL.
  const [username, password] = [percentDecoded(proxy.username), percentDecoded(proxy.password)];
  if (/^socks/i.test(proxy.protocol)) {
    const connect = buildConnector({ timeout, allowH2: false });
    return new Socks5ProxyAgent(`${proxy.protocol.replace(/h:$/, ':')}//${proxy.host}`, {
      username,
      password,
      connectTimeout: timeout,
      requestTls,
      // undici looks up the brackets of an IPv6 address as a part of a name.
      connect: (to, done) => connect({ ...to, hostname: to.hostname.replace(/^\[|\]$/g, '') }, done),
    });
  }
  const token = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const proxyTls = { timeout, allowH2: false };
  const uri = `${proxy.protocol}//${proxy.host}`;
  return new ProxyAgent({ ...pool, uri, requestTls, proxyTls, ...(username === '' && password === '' ? {} : { token }) });
};

/** Where the proxy of a connection is named. */
export interface ProxyEnvironment {
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. Default: no proxy. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Registers the proxy's password as a secret. */
  readonly secret?: ((value: string) => void) | undefined;
}

/**
 * Connections to the server of a URL, through the proxy that the environment names for it.
 * @throws {Error} if the proxy is unusable
 */
export const dispatcherTo = (
  url: URL,
  { env = {}, secret = () => undefined }: ProxyEnvironment,
  options: DispatcherOptions = {},
): Dispatcher => {
  const { proxy, problem } = proxyFor(endpointOf(url), undefined, env, createSecrets(secret));
  if (problem !== undefined) throw new Error(problem);
  return dispatcherFor(proxy, options);
};

import { BlockList, isIP } from 'node:net';
import type { Secrets } from '../text/connection-secrets.js';
import { percentDecoded } from '../text/decode-text.js';
import { endpointOf, hostAndPort, type Endpoint } from '../text/endpoint.js';
import { isLoopbackHost } from '../text/loopback.js';

type Env = Readonly<Record<string, string | undefined>>;

const ofEnv = (env: Env, ...names: readonly string[]): string | undefined =>
  names.map((name) => env[name]).find((value) => value !== undefined && value !== '');

const inNetwork = (host: string, cidr: string): boolean => {
  const [address = '', prefix = ''] = cidr.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const bits = Number(prefix);
  if (isIP(address) === 0 || isIP(host) !== isIP(address) || !/^\d+$/.test(prefix) || bits > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list.check(host, family);
};

/** `NO_PROXY` as Go, and so kubectl, reads it: names with all their subdomains, addresses, CIDRs, each with an optional port, or `*`. */
export const bypasses = (noProxy: string, { host, port }: Pick<Endpoint, 'host' | 'port'>): boolean =>
  noProxy
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .some((word) => {
      if (word === '' || word === '*') return word === '*';
      if (word.includes('/')) return inNetwork(host, word);
      const [, name = word, onlyPort] = /^(.*?|\[.*\]):(\d+)$/.exec(isIP(word) === 6 ? `[${word}]` : word) ?? [];
      if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
      const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
      const known = host.toLowerCase();
      return bare.startsWith('.') ? known.endsWith(bare) : known === bare || (isIP(known) === 0 && known.endsWith(`.${bare}`));
    });

/** Hides the password of a proxy's URL, as it is written and as it is meant. */
export const hideProxyPassword = (url: string, secrets: Secrets): void => {
  // To the last @: one that was not encoded belongs to the password, and so does a slash.
  const written = /^(?:[a-z0-9+.-]+:\/\/)?[^:@/]*:(.*)@/is.exec(url)?.[1];
  secrets.add(written);
  if (written !== undefined) secrets.add(percentDecoded(written));
};

/** The proxy of the environment for this endpoint; as Go has it, none for this machine itself. */
const fromEnv = (env: Env, endpoint: Endpoint): string | undefined => {
  const url = endpoint.scheme === 'https' ? ofEnv(env, 'HTTPS_PROXY', 'https_proxy') : ofEnv(env, 'HTTP_PROXY', 'http_proxy');
  if (url === undefined || isLoopbackHost(endpoint.host)) return undefined;
  return bypasses(ofEnv(env, 'NO_PROXY', 'no_proxy') ?? '', endpoint) ? undefined : url;
};

/** What client-go knows, of which `socks5h` is another name of `socks5`. */
const schemes = ['http:', 'https:', 'socks5:', 'socks5h:'];
const socksPort = '1080';

/** Where a proxy listens. */
export const proxyEndpoint = (proxy: URL): Pick<Endpoint, 'host' | 'port'> => {
  const { host, port } = endpointOf(proxy);
  return { host, port: proxy.protocol.startsWith('socks') ? Number(proxy.port || socksPort) : port };
};

/**
 * The proxy through which a connection goes.
 * @param configured `proxy-url` of the kubeconfig, which goes before the environment and knows no exceptions
 * @returns a URL, a problem (without the URL, which may hold a password), or neither
 */
export const proxyFor = (
  endpoint: Endpoint,
  configured: string | undefined,
  env: Env,
  secrets: Secrets,
): { readonly proxy?: URL | undefined; readonly problem?: string | undefined } => {
  const given = configured ?? fromEnv(env, endpoint);
  if (given === undefined) return {};
  const where = configured === undefined ? `${endpoint.scheme.toUpperCase()}_PROXY` : 'proxy-url of the kubeconfig';
  hideProxyPassword(given, secrets);
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || url.hostname === '') return { problem: `The proxy in ${where} is no URL; write it as http://host:port.` };
  // Then the password was not encoded, and a part of it would be shown as the host.
  if (`${url.pathname}${url.search}${url.hash}`.includes('@'))
    return {
      problem: `The proxy in ${where} is no URL; write what is special in its user and password in percent encoding, e.g. / as %2F.`,
    };
  if (!schemes.includes(url.protocol))
    return {
      problem: `The proxy in ${where} has the scheme ${url.protocol}//, which is not supported; use http://, https:// or socks5://.`,
    };
  return { proxy: url };
};

/** The proxy's host and port, for people. */
export const proxyName = (proxy: URL): string => hostAndPort(proxyEndpoint(proxy));

import { trimEndOf } from './trim.js';

/** Where an API server is. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** Without brackets, also for an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** What stands before every path, without a slash at its end; `''` for most servers. */
  readonly basePath: string;
}

/** `host:port`, as people write it. */
export const hostAndPort = ({ host, port }: Pick<Endpoint, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Where a URL of http or https leads. */
export const endpointOf = ({ protocol, hostname, port, pathname }: URL): Endpoint => {
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return {
    scheme,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (scheme === 'http' ? 80 : 443)),
    basePath: trimEndOf(pathname, '/'),
  };
};

/**
 * Reads the `server` of a kubeconfig.
 * @param server a URL, or `host:port`, for which `scheme` stands in as client-go has it
 * @returns undefined where it is no such thing
 */
export const parseEndpoint = (server: string, scheme: Endpoint['scheme']): Endpoint | undefined => {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `${scheme}://${server}`;
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  return ['https:', 'http:'].includes(url.protocol) && url.hostname !== '' ? endpointOf(url) : undefined;
};

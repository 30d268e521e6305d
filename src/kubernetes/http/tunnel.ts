import { request as requestPlain } from 'node:http';
import { Agent, request as requestTls, type AgentOptions, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { percentDecoded } from '../../text/decode-text.js';
import { endpointOf } from '../../text/endpoint.js';

/** What a request says to its agent beside what Node knows: the tunnel goes with the request that wanted it. */
export interface TunnelOptions {
  readonly until?: AbortSignal | undefined;
}

/** The proxy opened no tunnel. */
class NoTunnel extends Error {
  readonly code = 'ERR_PROXY_TUNNEL';
  /** What it answered. */
  readonly statusCode: number;
  constructor(statusCode: number) {
    super(`the proxy answers ${statusCode}`);
    this.statusCode = statusCode;
  }
}

const authorization = ({ username, password }: URL): Record<string, string> => {
  if (username === '' && password === '') return {};
  const login = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login, 'utf8').toString('base64')}` };
};

/**
 * Asks a proxy for a tunnel, by a request like any other: headers are bounded by the parser, and the signal ends it wherever it hangs.
 * Node's own agents read an answer without a bound, and until the process has no memory left.
 */
const openTunnel = (
  proxy: URL,
  target: string,
  until: AbortSignal | undefined,
  done: (error: Error | null, socket?: Duplex) => void,
): void => {
  const send = proxy.protocol === 'https:' ? requestTls : requestPlain;
  const { host, port } = endpointOf(proxy);
  const request = send({
    host,
    port,
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...authorization(proxy) },
    agent: false,
    signal: until,
  });
  request.on('connect', (response, socket, head) => {
    if (response.statusCode !== 200) {
      socket.destroy();
      done(new NoTunnel(response.statusCode ?? 0));
      return;
    }
    // The handshake in the tunnel may hang as well.
    const end = (): void => void socket.destroy();
    until?.addEventListener('abort', end, { once: true });
    socket.once('close', () => until?.removeEventListener('abort', end));
    if (head.length > 0) socket.unshift(head);
    done(null, socket);
  });
  request.on('error', (error) => done(error));
  request.end();
};

/** TLS connections through a proxy that knows CONNECT; kept open and shared as those of every agent. */
export class TunnelAgent extends Agent {
  readonly #proxy: URL;
  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: RequestOptions & TunnelOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const host = options.host ?? 'localhost';
    const target = `${host.includes(':') ? `[${host}]` : host}:${options.port ?? 443}`;
    let tls: Duplex | null | undefined;
    openTunnel(this.#proxy, target, options.until, (error, socket) => {
      if (error === null && socket !== undefined) tls = super.createConnection({ ...options, socket } as RequestOptions);
      callback?.(error, tls as Duplex);
    });
    return undefined;
  }
}

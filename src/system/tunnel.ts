import { once } from 'node:events';
import { connect as connectTcp, Socket } from 'node:net';
import { SocksClient, SocksClientError } from 'socks';
import { Client } from 'undici';
import { percentDecoded } from '../text/decode-text.js';
import { hostAndPort, type Endpoint } from '../text/endpoint.js';
import { proxyEndpoint } from './proxy.js';

/** The proxy opened no tunnel. */
export class NoTunnel extends Error {
  override readonly name = 'NoTunnel';
  readonly code = 'ERR_PROXY_TUNNEL';
  /** What it answered: a status of HTTP, or words of SOCKS; nothing of the login. */
  readonly said: string;
  readonly refusedLogin: boolean;
  constructor(said: string, refusedLogin: boolean) {
    super(`the proxy opened no tunnel (${said})`);
    this.said = said;
    this.refusedLogin = refusedLogin;
  }
}

type Where = Pick<Endpoint, 'host' | 'port'>;

/** What bounds the way to a tunnel. */
export interface TunnelBounds {
  /** Milliseconds for each step to it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** @returns the value of `Proxy-Authorization` (RFC 7617), or undefined where the URL holds no login */
export const proxyAuthorization = ({ username, password }: URL): string | undefined => {
  if (username === '' && password === '') return undefined;
  const login = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return `Basic ${Buffer.from(login, 'utf8').toString('base64')}`;
};

/** RFC 9110, section 9.3.6. */
const byConnect = async (proxy: URL, to: Where, { timeoutMs, signal }: TunnelBounds): Promise<Socket> => {
  const client = new Client(proxy.origin, { connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, allowH2: false });
  const target = hostAndPort(to);
  const login = proxyAuthorization(proxy);
  try {
    const { statusCode, socket } = await client.connect({
      path: target,
      headers: { host: target, ...(login === undefined ? {} : { 'proxy-authorization': login }) },
      signal,
    });
    if (statusCode === 200 && socket instanceof Socket) return socket;
    socket.on('error', () => undefined).destroy();
    throw new NoTunnel(String(statusCode), statusCode === 407);
  } finally {
    // The socket of a tunnel is none of the client's any more.
    await client.destroy();
  }
};

/** RFC 1928; the name of the host is resolved by the proxy, as Go has it. */
const bySocks = async (proxy: URL, to: Where, { timeoutMs, signal }: TunnelBounds): Promise<Socket> => {
  const { host, port } = proxyEndpoint(proxy);
  signal.throwIfAborted();
  const socket = connectTcp({ host, port });
  // Not for as long as the socket lives: Node 24 crashes where one is destroyed under the TLS that it carries.
  const stop = (): void => void socket.destroy(new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  socket.setTimeout(timeoutMs, () => socket.destroy(Object.assign(new Error('the proxy does not answer'), { code: 'ETIMEDOUT' })));
  const [userId, password] = [percentDecoded(proxy.username), percentDecoded(proxy.password)];
  try {
    await once(socket, 'connect');
    await SocksClient.createConnection({
      proxy: { host, port, type: 5, ...(userId === '' ? {} : { userId, password }) },
      command: 'connect',
      destination: to,
      existing_socket: socket,
      timeout: timeoutMs,
    });
    socket.setTimeout(0);
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    if (!(error instanceof SocksClientError)) throw error;
    const said = error.message;
    // The error itself holds the login: it is not kept as a cause.
    throw new NoTunnel(said, /authentication/i.test(said));
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/**
 * Opens a connection to a host through a proxy.
 * @param proxy a URL of http, https, socks5 or socks5h, with its login
 * @throws {NoTunnel} where the proxy refuses; an error of the system where the proxy cannot be reached
 */
export const openTunnel = (proxy: URL, to: Where, bounds: TunnelBounds): Promise<Socket> =>
  proxy.protocol.startsWith('socks') ? bySocks(proxy, to, bounds) : byConnect(proxy, to, bounds);

import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A running double of a forward proxy. */
export interface Proxy {
  /** Without credentials. */
  readonly url: string;
  readonly port: number;
  /** The targets of all CONNECT requests that were granted, `host:port`. */
  readonly tunnels: readonly string[];
  /** How many CONNECT requests were refused for want of credentials. */
  readonly refused: { count: number };
  /** How many connections are open now. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/**
 * Starts an HTTP proxy on loopback that grants CONNECT.
 * @param options.credentials `user:password` that it insists on
 * @param options.silent accepts connections and never answers
 */
export const startProxy = async (options: { readonly credentials?: string; readonly silent?: boolean } = {}): Promise<Proxy> => {
  const tunnels: string[] = [];
  const refused = { count: 0 };
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const expected = options.credentials === undefined ? undefined : `Basic ${Buffer.from(options.credentials).toString('base64')}`;
  const server = createServer((_request, response) => void response.writeHead(405).end());
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    if (options.silent === true) {
      // Read on, or the end of the connection goes unseen; and answer it, for Node's servers leave their half open.
      client.on('end', () => client.end()).resume();
      return;
    }
    if (expected !== undefined && request.headers['proxy-authorization'] !== expected) {
      refused.count++;
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    tunnels.push(request.url ?? '');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    keep(target);
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    tunnels,
    refused,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

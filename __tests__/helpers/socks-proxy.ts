import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A running double of a SOCKS5 proxy (RFC 1928, RFC 1929). */
export interface SocksProxy {
  readonly port: number;
  /** What it was asked to connect to, `host:port`: a host of letters was resolved by nobody before. */
  readonly targets: readonly string[];
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

export interface SocksOptions {
  /** `user:password` that it insists on. */
  readonly credentials?: string;
  /** Accepts connections and never answers. */
  readonly silent?: boolean;
  /** Where it listens. Default: 127.0.0.1. */
  readonly host?: string;
  /** Refuses to connect, with this code of RFC 1928. */
  readonly refuses?: number;
}

/** Bytes of a socket, by numbers of them. */
const reader = (socket: Socket): ((bytes: number) => Promise<Buffer>) => {
  let held = Buffer.alloc(0);
  let wake = (): void => undefined;
  const take = (piece: Buffer): void => {
    held = Buffer.concat([held, piece]);
    wake();
  };
  socket.on('data', take);
  return async (bytes) => {
    while (held.length < bytes) await new Promise<void>((done) => (wake = done));
    const [taken, rest] = [held.subarray(0, bytes), held.subarray(bytes)];
    held = rest;
    return taken;
  };
};

const hostOf = async (read: (bytes: number) => Promise<Buffer>, type: number): Promise<string> => {
  if (type === 1) return (await read(4)).join('.');
  const [length = 0] = await read(1);
  return (await read(length)).toString('utf8');
};

const login = async (socket: Socket, read: (bytes: number) => Promise<Buffer>, credentials: string): Promise<boolean> => {
  socket.write(Buffer.from([5, 2]));
  const [, userLength = 0] = await read(2);
  const user = (await read(userLength)).toString('utf8');
  const [passwordLength = 0] = await read(1);
  const known = `${user}:${(await read(passwordLength)).toString('utf8')}` === credentials;
  socket.write(Buffer.from([1, known ? 0 : 1]));
  return known;
};

/** Starts a SOCKS5 proxy on loopback. */
export const startSocksProxy = async (options: SocksOptions = {}): Promise<SocksProxy> => {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const serve = async (client: Socket): Promise<void> => {
    const read = reader(client);
    const [, methods = 0] = await read(2);
    const offered = await read(methods);
    if (options.credentials === undefined) client.write(Buffer.from([5, 0]));
    else if (!offered.includes(2)) return void client.end(Buffer.from([5, 255]));
    else if (!(await login(client, read, options.credentials))) return void client.end();
    const [, , , type = 1] = await read(4);
    const host = await hostOf(read, type);
    const port = (await read(2)).readUInt16BE();
    targets.push(`${host}:${port}`);
    const answer = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    if (options.refuses !== undefined) return void client.end(answer(options.refuses));
    const target = connect(port, host === 'elsewhere.example' ? '127.0.0.1' : host, () => {
      client.removeAllListeners('data');
      client.write(answer(0));
      target.pipe(client).pipe(target);
    });
    keep(target);
    target.on('error', () => client.end(answer(5)));
    client.on('close', () => target.destroy());
  };
  const server = createServer((client) => {
    keep(client);
    if (options.silent === true) client.resume();
    else void serve(client);
  });
  const port = await new Promise<number>((done) =>
    server.listen(0, options.host ?? '127.0.0.1', () => done((server.address() as AddressInfo).port)),
  );
  return {
    port,
    targets,
    open: () => sockets.size,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

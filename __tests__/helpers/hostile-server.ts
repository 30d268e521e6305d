import { createServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Writes to a socket, piece by piece, as long as it stands. */
export type Talk = (socket: Socket, asked: string) => void;

/** A server of bytes on loopback: no HTTP library, so that it may break every rule. */
export interface HostileServer {
  readonly port: number;
  /** Settles with the first connection. */
  readonly met: Promise<void>;
  readonly open: () => number;
  readonly close: () => void;
}

/** @param talk is called with each request's head, as far as one came with the first bytes; `''` at once where it wants none */
export const startHostile = async (talk: Talk, waitsForRequest = true): Promise<HostileServer> => {
  const sockets = new Set<Socket>();
  let meet = (): void => undefined;
  const met = new Promise<void>((resolve) => (meet = resolve));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    meet();
    if (waitsForRequest) socket.on('data', (chunk: Buffer) => talk(socket, chunk.toString('latin1')));
    else talk(socket, '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    met,
    open: () => sockets.size,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

/** Says the same without end, as fast as it is read. */
const flood = (socket: Socket, piece: string | Buffer): void => {
  const more = (): void => {
    while (!socket.destroyed) if (!socket.write(piece)) return void socket.once('drain', more);
  };
  more();
};

/** Says the same without end, one byte at a time. */
const drip = (socket: Socket, text: string): void => {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(text.charAt(at++ % text.length));
  }, 20);
  timer.unref();
};

const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const answer = (body: string): string => `${ok}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
const lines = 'x-filler: 0123456789012345678901234567890123456789\r\n';

/** What goes wrong on the wire before there is any answer at all. */
export const wires: Readonly<Record<string, Talk>> = {
  'never answers': () => undefined,
  'headers byte by byte': (socket) => drip(socket, `HTTP/1.1 200 OK\r\n${lines.repeat(1_000)}`),
  'headers without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, lines.repeat(100));
  },
  'one header without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nx-filler: ');
    flood(socket, 'x'.repeat(10_000));
  },
  'a status line without end': (socket) => {
    socket.write('HTTP/1.1 200 ');
    flood(socket, 'x'.repeat(10_000));
  },
  'provisional answers without end': (socket) => flood(socket, 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)),
  'a body byte by byte': (socket) => {
    socket.write(`${ok}content-length: 1000000\r\n\r\n`);
    drip(socket, ' ');
  },
  'a body without end': (socket) => {
    socket.write(chunked);
    flood(socket, `10000\r\n${' '.repeat(0x10000)}\r\n`);
  },
  'a body without end, in chunks of one byte': (socket) => {
    socket.write(chunked);
    flood(socket, '1\r\n \r\n'.repeat(10_000));
  },
  'blank lines without end': (socket) => flood(socket, '\r\n'.repeat(10_000)),
};

const page = (items: string, next: string): string =>
  answer(`{"kind":"List","apiVersion":"v1","metadata":{${next === '' ? '' : `"continue":"${next}"`}},"items":[${items}]}`);
const node = (name: string): string =>
  `{"metadata":{"name":"${name}","labels":{"topology.kubernetes.io/zone":"z"}},"status":{"conditions":[{"type":"Ready","status":"True"}]}}`;
let token = 0;
const bomb = gzipSync(Buffer.alloc(500 * 1024 * 1024, 0x20), { level: 9 });

/** What is wrong with every answer but that to `GET /version`. */
export const answers: Readonly<Record<string, Talk>> = {
  ...wires,
  'pages without end': (socket) => socket.write(page(node(`n${++token}`), `t${token}`)),
  'empty pages without end': (socket) => socket.write(page('', `t${++token}`)),
  'two pages that follow each other': (socket) => socket.write(page(node('n'), `t${++token % 2}`)),
  'large pages without end': (socket) =>
    socket.write(
      page(
        Array(10_000)
          .fill(node('n'.repeat(200)))
          .join(),
        `t${++token}`,
      ),
    ),
  'all nodes at once': (socket) => socket.write(page(Array(200_000).fill(node('n')).join(), '')),
  'one object of 500 MB': (socket) => {
    socket.write(`${ok}content-length: 524288100\r\n\r\n{"metadata":{},"items":["`);
    flood(socket, 'x'.repeat(0x10000));
  },
  'small values': (socket) => socket.write(answer(`{"metadata":{},"items":[${'{},'.repeat(5_000_000)}{}]}`)),
  'wrong values': (socket) => socket.write(answer(`{"metadata":{},"items":[${'1,'.repeat(450_000)}1]}`)),
  'lists in lists': (socket) => socket.write(answer(`{"metadata":{},"items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)),
  'a gzip bomb': (socket) => {
    socket.write(`${ok}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  },
};

const version = answer('{"major":"1","minor":"36","gitVersion":"v1.36.3"}');

/** An API server that says its version as it should, and nothing else. */
export const startHostileApi = (talk: Talk): Promise<HostileServer> =>
  startHostile((socket, asked) => {
    if (asked.startsWith('GET /version ')) socket.write(version);
    else talk(socket, asked);
  });

/** What a proxy says to CONNECT. */
export const tunnels: Readonly<Record<string, Talk>> = {
  ...wires,
  'a tunnel to nobody': (socket, asked) => {
    if (asked.startsWith('CONNECT ')) socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  },
  'a tunnel, and a handshake byte by byte': (socket, asked) => {
    if (!asked.startsWith('CONNECT ')) return;
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    drip(socket, '\x16\x03\x03\x40\x00');
  },
  'a refusal with a body without end': (socket) => {
    socket.write('HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\n\r\n');
    flood(socket, `10000\r\n${' '.repeat(0x10000)}\r\n`);
  },
};

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const troubles = ['hang', 'stall', 'cut', 'flood', 'gzip'] as const;

/**
 * What the internet answers to a URL: a body with 200, or a whole answer, or the name of a trouble.
 * `hang`: accepts and says nothing. `stall`: half a body, then nothing. `cut`: closes in the middle. `flood`: a body without an end.
 * `gzip`: a packed body.
 */
export type Reply = string | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A double of the internet: speaks HTTP, knows URLs by heart, and remembers who asked. */
export interface DocumentServer {
  /** Answers by original URL; 404 else. May be changed at any time. */
  readonly replies: Map<string, Reply>;
  readonly asked: Asked[];
  /** Where an original URL is to be found here. */
  readonly reroute: (url: URL) => URL;
  readonly close: () => Promise<void>;
}

const isTrouble = (reply: Reply): reply is (typeof troubles)[number] => troubles.some((name) => name === reply);

export const startDocumentServer = async (): Promise<DocumentServer> => {
  const replies = new Map<string, Reply>();
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const url = decodeURIComponent(request.url?.slice(1) ?? '');
    asked.push({ url, headers: request.headers });
    const reply = replies.get(url) ?? { status: 404, body: '{"message":"Not Found"}' };
    if (!isTrouble(reply)) {
      const { status, headers, body } = typeof reply === 'string' ? { status: 200, headers: {}, body: reply } : reply;
      response.writeHead(status, headers).end(body ?? '');
    } else if (reply === 'flood') {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    } else if (reply === 'gzip') {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
    } else if (reply !== 'hang') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"half":');
      if (reply === 'cut') setTimeout(() => response.socket?.destroy(), 20);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    replies,
    asked,
    reroute: (url) => new URL(`http://127.0.0.1:${port}/${encodeURIComponent(url.href)}`),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

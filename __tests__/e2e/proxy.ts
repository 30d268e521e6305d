import { createServer, request as send } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse, stringify } from 'yaml';
import { createAuthority } from '../helpers/certificates.js';

/** What a proxy takes away from a request before it passes it on. */
export interface Drops {
  readonly query?: (method: string, query: string) => boolean;
  readonly header?: (name: string) => boolean;
}

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
  users: { user: Record<string, string> }[];
}

export interface Proxy {
  /** A kubeconfig that leads through it. */
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

const fromBase64 = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString('utf8');

/**
 * A proxy in front of an API server, with a login of its own there, as Rancher and company gateways have one.
 * @param kubeconfig the text of the one that leads to the API server, with certificates embedded
 */
export const startProxy = async (kubeconfig: string, drops: Drops): Promise<Proxy> => {
  const config = parse(kubeconfig) as Kubeconfig;
  const [cluster, user] = [config.clusters[0]!.cluster, config.users[0]!.user];
  const upstream = new URL(cluster['server'] ?? '');
  const credentials = {
    ca: fromBase64(cluster['certificate-authority-data']),
    cert: fromBase64(user['client-certificate-data']),
    key: fromBase64(user['client-key-data']),
  };
  const headersOf = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host' && drops.header?.(name) !== true));
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, search } = new URL(request.url ?? '/', 'https://x');
    const method = request.method ?? 'GET';
    const path = `${pathname}${drops.query?.(method, search) === true ? '' : search}`;
    const on = send(
      { host: upstream.hostname, port: upstream.port, method, path, headers: headersOf(request.headers), ...credentials },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    on.on('error', () => response.destroy());
    request.pipe(on);
  };
  const authority = createAuthority({ commonName: 'front-ca' });
  const { certificate, key } = authority.issue({ commonName: 'front', altNames: ['127.0.0.1'] });
  const server = createServer({ cert: certificate, key }, pass);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const through = {
    ...config,
    clusters: config.clusters.map((c) => ({
      ...c,
      cluster: { server: address, 'certificate-authority-data': Buffer.from(authority.certificate).toString('base64') },
    })),
    users: config.users.map((u) => ({ ...u, user: { token: 'for-the-proxy-alone' } })),
  };
  return {
    kubeconfig: stringify(through),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};

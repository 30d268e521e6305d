import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { commit, statusBody, type Fault } from './api-faults.js';
import { createAuthority, type Authority, type CertificateOptions } from './certificates.js';

export interface ApiAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is where it is a text, as JSON otherwise. */
  readonly body: unknown;
}
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Name and value in turns, as they came: shows a header that was sent several times. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** The common name of the client certificate; `''` without one. */
  readonly certificateOf: string;
  /** The name that the client asked for in the TLS handshake; `''` if it asked for none. */
  readonly serverName: string;
}
type ApiHandler = (request: RecordedRequest) => ApiAnswer | Promise<ApiAnswer>;

export interface ApiServerOptions {
  /** Signs the server's certificate, and the client certificates that are accepted; its own without. */
  readonly authority?: Authority;
  /** The server's certificate; for 127.0.0.1 and localhost without. */
  readonly certificate?: CertificateOptions;
  /** Plain HTTP, as `kubectl proxy` speaks it. */
  readonly plain?: boolean;
  /** Refuses the TLS handshake without a client certificate of the authority. */
  readonly requireClientCertificate?: boolean;
  /** Accepts only these as `Authorization`, or a client certificate; everyone is welcome without. */
  readonly authorizations?: string[];
  /** See `ApiServer.route`. */
  readonly routes?: Readonly<Record<string, unknown>>;
  /** Decides by the whole request whether it is answered wrongly; goes before `ApiServer.fault`. */
  readonly intercept?: (request: RecordedRequest) => Fault | undefined;
}

/** A running double of an API server. */
export interface ApiServer {
  readonly url: string;
  readonly port: number;
  readonly authority: Authority;
  /** Everything that was asked, in order. */
  readonly requests: readonly RecordedRequest[];
  /** How many TCP connections were opened, and how many are open now. */
  readonly connections: { opened: number; open: number };
  /** What is accepted as `Authorization`; tests may change it while the server runs. */
  readonly authorizations: string[];
  /**
   * Sets the answer to `GET /version`, or to a whole branch by `GET /api/v1/*`.
   * An object is sent as JSON with 200; a function (`ApiHandler`) decides itself. What has no route is 404.
   */
  readonly route: (key: string, answer: unknown) => void;
  /** Answers a route wrongly, `times` times (for ever without), and rightly again after that. */
  readonly fault: (key: string, fault: Fault, times?: number) => void;
  /** The text of a kubeconfig with one context, `test`. `user` and `cluster` add fields to, or replace, those of the double. */
  readonly kubeconfig: (user?: object, cluster?: object) => string;
  readonly close: () => Promise<void>;
}

const version = { major: '1', minor: '36', gitVersion: 'v1.36.3', gitCommit: '0000000', platform: 'linux/amd64' };

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** Only of one that the authority signed and that is valid now, as an API server takes it. */
const certificateOf = (socket: Socket): string => {
  if (!('authorized' in socket) || socket.authorized !== true) return '';
  const cn = (socket as TLSSocket).getPeerCertificate().subject.CN as string | string[] | undefined;
  return Array.isArray(cn) ? cn.join() : (cn ?? '');
};

const serverNameOf = (socket: Socket): string => {
  const { servername } = socket as { readonly servername?: unknown };
  return typeof servername === 'string' ? servername : '';
};

const send = (response: ServerResponse, { status = 200, headers = {}, body }: ApiAnswer): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
};

const find = <T>(table: ReadonlyMap<string, T>, method: string, path: string): T | undefined => {
  const key = `${method} ${path.split('?')[0] ?? ''}`;
  const branches = [...table].filter(([k]) => k.endsWith('*') && key.startsWith(k.slice(0, -1)));
  return table.get(key) ?? branches.sort(([a], [b]) => b.length - a.length)[0]?.[1];
};

const createServerFor = (options: ApiServerOptions, authority: Authority): Server => {
  if (options.plain === true) return createPlainServer();
  const own = authority.issue({ commonName: 'kube-apiserver', altNames: ['127.0.0.1', 'localhost'], ...options.certificate });
  const required = options.requireClientCertificate === true;
  return createTlsServer({
    cert: own.certificate,
    key: own.key,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: required,
  });
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

/**
 * Starts a real (TLS) server on loopback that answers as an API server does, with routes and faults of the test's choice.
 * It knows `GET /version` by itself. Close it in `afterEach`: `close` cuts what is still open.
 */
export const startApiServer = async (options: ApiServerOptions = {}): Promise<ApiServer> => {
  const authority = options.authority ?? createAuthority();
  const routes = new Map<string, unknown>([['GET /version', version], ...Object.entries(options.routes ?? {})]);
  const faults = new Map<string, { fault: Fault; left: number }>();
  const requests: RecordedRequest[] = [];
  const authorizations = options.authorizations ?? [];
  const guarded = options.authorizations !== undefined;
  const connections = { opened: 0, open: 0 };
  const sockets = new Set<Socket>();
  const server = createServerFor(options, authority);

  server.on('connection', (socket: Socket) => {
    connections.opened++;
    connections.open++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connections.open--;
      sockets.delete(socket);
    });
  });
  const answer = async (recorded: RecordedRequest, response: ServerResponse): Promise<void> => {
    const known = recorded.certificateOf !== '' || authorizations.includes(recorded.headers.authorization ?? '');
    if (guarded && !known) {
      send(response, { status: 401, body: statusBody(401, 'Unauthorized', 'Unauthorized') });
      return;
    }
    const route = find(routes, recorded.method, recorded.path);
    const absent = { status: 404, body: statusBody(404, 'the server could not find the requested resource', 'NotFound') };
    if (route === undefined) send(response, absent);
    else send(response, typeof route === 'function' ? await (route as ApiHandler)(recorded) : { body: route });
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void bodyOf(request)
      .then((body) => {
        const { method = '', url: path = '', headers, rawHeaders } = request;
        const recorded = {
          method,
          path,
          headers,
          rawHeaders,
          body,
          certificateOf: certificateOf(request.socket),
          serverName: serverNameOf(request.socket),
        };
        requests.push(recorded);
        const proceed = (): void => void answer(recorded, response);
        const intercepted = options.intercept?.(recorded);
        const wrong = find(faults, method, path);
        if (intercepted !== undefined) commit(intercepted, request, response, proceed);
        else if (wrong === undefined || wrong.left-- <= 0) proceed();
        else commit(wrong.fault, request, response, proceed);
      })
      .catch(() => response.destroy());
  });

  const port = await listen(server);
  const url = `${options.plain === true ? 'http' : 'https'}://127.0.0.1:${port}`;
  return {
    url,
    port,
    authority,
    requests,
    connections,
    authorizations,
    route: (key, value) => void routes.set(key, value),
    fault: (key, fault, times = Number.POSITIVE_INFINITY) => void faults.set(key, { fault, left: times }),
    kubeconfig: (user = {}, cluster = {}) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'test',
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
        clusters: [
          {
            name: 'test',
            cluster: {
              server: url,
              ...(options.plain === true ? {} : { 'certificate-authority-data': Buffer.from(authority.certificate).toString('base64') }),
              ...cluster,
            },
          },
        ],
        users: [{ name: 'test', user }],
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

/** Base64, as the `-data` fields of a kubeconfig want it. */
export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

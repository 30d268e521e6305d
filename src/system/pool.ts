import { PassThrough } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { buildConnector, Pool, ProxyAgent, type Dispatcher } from 'undici';
import { createSecrets } from '../text/connection-secrets.js';
import { endpointOf, hostAndPort, type Endpoint } from '../text/endpoint.js';
import { proxyFor } from './proxy.js';
import { codeOf } from './system-error.js';
import { NoTunnel, openTunnel, proxyAuthorization } from './tunnel.js';

/** A pool of kept-open connections to one server, through one proxy or none. */
export interface PoolOptions {
  readonly endpoint: Pick<Endpoint, 'scheme' | 'host' | 'port'>;
  readonly proxy?: URL | undefined;
  /** How many connections at most. */
  readonly connections: number;
  /** TLS with the server, never with the proxy. */
  readonly tls?: ConnectionOptions | undefined;
  /** How long a connection may take to come, in milliseconds. Default: two minutes. */
  readonly connectMs?: number | undefined;
}

/** Connections to one server. */
export interface OpenPool {
  readonly dispatcher: Dispatcher;
  /** Ends all connections, also those on their way. */
  readonly close: () => Promise<void>;
}

/** Hosts with several addresses are tried one after the other; Node's own 250 ms are too short for a cluster far away. */
const perAddressMs = 2_000;
/** Nobody waits longer for a connection; who asks has a deadline, and undici ends an attempt that no request waits for any more. */
const longestConnectMs = 120_000;
/** Load balancers let go of an idle connection after 60 s at the earliest. */
const idleMs = 30_000;

type Connect = buildConnector.connector;

/** SNI knows names only (RFC 6066): where the certificate is to be of an address, no name is sent. */
const connectorOf = (tls: ConnectionOptions, connectMs: number): Connect => {
  const options = { ...tls, timeout: connectMs, autoSelectFamilyAttemptTimeout: perAddressMs, allowH2: false };
  const connect = buildConnector(options as buildConnector.BuildOptions);
  return tls.servername === '' ? (to, done) => connect({ ...to, host: '', servername: '' }, done) : connect;
};

/** undici tries without end to connect where it is told that one of its own sockets was closed. */
const cutOff = (cause: unknown): Error =>
  cause instanceof NoTunnel || !codeOf(cause).startsWith('UND_ERR')
    ? (cause as Error)
    : Object.assign(new Error('the proxy closed the connection', { cause }), { code: 'ECONNRESET' });

/** A tunnel first, and TLS in it. */
const throughProxy = (proxy: URL, endpoint: PoolOptions['endpoint'], connectMs: number, direct: Connect, ended: AbortSignal): Connect => {
  return (to, done) => {
    const unused = new AbortController();
    openTunnel(proxy, endpoint, { timeoutMs: connectMs, signal: AbortSignal.any([unused.signal, ended]) }).then(
      (socket) => {
        if (endpoint.scheme === 'http') done(null, socket);
        else direct({ ...to, httpSocket: socket }, done);
      },
      (cause: unknown) => done(cutOff(cause), null),
    );
    // What undici destroys where no request waits any more.
    return new PassThrough().once('close', () => unused.abort());
  };
};

/** undici lets an attempt to connect go on when the pool is destroyed. */
const endedBy = (ended: AbortSignal, connect: Connect): Connect => {
  // It may answer with a socket, and its type says nothing of it.
  const begin: (...given: Parameters<Connect>) => unknown = connect;
  return (to, done) => {
    const end = (): void => {
      if (attempt instanceof Object && 'destroy' in attempt) (attempt as PassThrough).destroy();
    };
    const attempt = begin(to, (...result) => {
      ended.removeEventListener('abort', end);
      done(...result);
    });
    ended.addEventListener('abort', end, { once: true });
    return attempt;
  };
};

/** A proxy that is asked without a tunnel: undici tells its 407 in words alone. */
const named: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (...given) => handler.onRequestStart?.(...given),
    onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
    onResponseStart: (...given) => handler.onResponseStart?.(...given),
    onResponseData: (...given) => handler.onResponseData?.(...given),
    onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
    onResponseError: (controller, error) =>
      handler.onResponseError?.(controller, error.message.endsWith('(407)') ? new NoTunnel('407', true) : error),
  });

/**
 * Opens a pool: HTTP/1.1, no redirect is followed, and no time is limited but that of connecting, as whoever asks has a deadline.
 * @throws where OpenSSL cannot use what `tls` holds
 */
export const openPool = (options: PoolOptions): OpenPool => {
  const { endpoint, proxy, connections, tls = {}, connectMs = longestConnectMs } = options;
  const ended = new AbortController();
  const bounds = { connections, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: idleMs, pipelining: 1, allowH2: false } as const;
  const create = (): Dispatcher => {
    // A server without TLS is asked by an HTTP proxy itself, without a tunnel.
    if (proxy?.protocol.startsWith('http') === true && endpoint.scheme === 'http') {
      const login = proxyAuthorization(proxy);
      return new ProxyAgent({ ...bounds, uri: proxy.origin, connectTimeout: connectMs, ...(login === undefined ? {} : { token: login }) });
    }
    const direct = connectorOf(tls, connectMs);
    const connect = proxy === undefined ? direct : throughProxy(proxy, endpoint, connectMs, direct, ended.signal);
    return new Pool(`${endpoint.scheme}://${hostAndPort(endpoint)}`, { ...bounds, connect: endedBy(ended.signal, connect) });
  };
  const dispatcher = create();
  return {
    dispatcher: dispatcher.compose(named),
    close: async () => {
      ended.abort();
      await dispatcher.destroy();
    },
  };
};

/** Where the proxy of a connection is named. */
export interface ProxyEnvironment {
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. Default: no proxy. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Registers the proxy's password as a secret. */
  readonly secret?: ((value: string) => void) | undefined;
}

/** What is asked of servers of the internet: files and comments. */
const outward = { connections: 8, connectMs: 10_000 } as const;

/**
 * Connections to the server of a URL, through the proxy that the environment names for it.
 * @throws {Error} where the proxy cannot be used
 */
export const openPoolTo = (url: URL, { env = {}, secret = () => undefined }: ProxyEnvironment): OpenPool => {
  const endpoint = endpointOf(url);
  const { proxy, problem } = proxyFor(endpoint, undefined, env, createSecrets(secret));
  if (problem !== undefined) throw new Error(problem);
  return openPool({ endpoint, proxy, ...outward });
};

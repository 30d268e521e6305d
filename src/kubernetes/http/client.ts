import pLimit from 'p-limit';
import type { Dispatcher } from 'undici';
import { formatRequest } from '../answers.js';
import { NotAvailable, reasonOf, UserError } from '../../model/errors.js';
import type { Api, ApiRequest, ApiResponse } from '../../model/ports.js';
import { pause } from '../../system/poll.js';
import { exchange, ExchangeFailed } from './exchange.js';
import { explainFailure, type Route } from './failures.js';
import { pauseBeforeRetry, type Tried } from './retry.js';

/** A client certificate and its key, both PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** How a request says who it comes from. */
export interface Credentials {
  /** The whole value of the header. */
  readonly authorization?: string | undefined;
  readonly certificate?: ClientCertificate | undefined;
}

/** Where credentials come from. Both throw `UserError` where they cannot be had. */
export interface CredentialSource {
  readonly current: () => Promise<Credentials>;
  /** Others than those that were just refused; undefined where there are none. */
  readonly renew: (refused: Credentials) => Promise<Credentials | undefined>;
}

interface ClientOptions {
  readonly route: Route;
  /** The pool of connections that show this certificate, or none. */
  readonly dispatcherFor: (certificate: ClientCertificate | undefined) => Dispatcher;
  readonly credentials: CredentialSource;
  /** `Impersonate-*` of the kubeconfig; a request's own take their place. */
  readonly impersonation: Readonly<Record<string, string | string[]>>;
  /** The deadline of a request that brings none, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Asks for packed answers. */
  readonly gzip: boolean;
}

/**
 * How many requests are under way at once. A light run asks some dozens of things; more connections cost more handshakes than they save,
 * and API servers limit requests in flight.
 */
export const maxInFlight = 8;

/** A page of 250 objects is some megabytes; whoever lists asks for smaller pages where one is larger. */
const maxBytes = 16 * 1024 * 1024;

const headersFor = (
  options: ClientOptions,
  request: ApiRequest,
  credentials: Credentials,
  body: string | undefined,
): Record<string, string | string[]> => {
  const own = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const ofItsOwn =
    request.withoutImpersonation === true ||
    request.bearerToken !== undefined ||
    Object.keys(own).some((name) => name.startsWith('impersonate-'));
  return {
    accept: 'application/json',
    'user-agent': 'scs-kaas',
    ...(options.gzip ? { 'accept-encoding': 'gzip' } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(ofItsOwn ? {} : options.impersonation),
    ...own,
    ...(credentials.authorization === undefined ? {} : { authorization: credentials.authorization }),
  };
};

const tryOnce = async (options: ClientOptions, request: ApiRequest, credentials: Credentials, timeoutMs: number): Promise<Tried> => {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  try {
    const response = await exchange({
      endpoint: options.route.endpoint,
      dispatcher: options.dispatcherFor(credentials.certificate),
      method: request.method ?? 'GET',
      path: request.path,
      headers: headersFor(options, request, credentials, body),
      body,
      timeoutMs,
      maxBytes: request.maxBytes ?? maxBytes,
      signal: options.signal,
    });
    return { response };
  } catch (error) {
    if (error instanceof ExchangeFailed) return { failure: error };
    throw new NotAvailable('malformed', `${formatRequest(request)}: the request could not be sent: ${reasonOf(error)}`, { cause: error });
  }
};

/** Credentials that cannot be had make a fact unavailable; only `open` tells the user about them as an error. */
const orUnavailable = async <T>(request: ApiRequest, credentials: Promise<T>): Promise<T> => {
  try {
    return await credentials;
  } catch (error) {
    if (error instanceof UserError) throw new NotAvailable('unauthorized', `${formatRequest(request)}: ${error.message}`, { cause: error });
    throw error;
  }
};

/**
 * The API over one pool of connections: a deadline for each request, retries within it, fresh credentials once after a 401.
 * The deadline starts with the request's turn: a slow node that others wait for is not their own slowness.
 * Credentials are fetched before the deadline starts; their programs have a deadline of their own.
 */
export const createClient = (options: ClientOptions): Api => {
  const send = async (request: ApiRequest): Promise<ApiResponse> => {
    const issued = request.bearerToken === undefined ? undefined : { authorization: `Bearer ${request.bearerToken}` };
    let credentials: Credentials = issued ?? (await orUnavailable(request, options.credentials.current()));
    const timeoutMs = request.timeoutMs ?? options.timeoutMs;
    const end = performance.now() + timeoutMs;
    let renewed = issued !== undefined;
    for (let tries = 1; ; tries++) {
      const tried = await tryOnce(options, request, credentials, Math.max(1, end - performance.now()));
      if ('response' in tried && tried.response.status === 401 && !renewed) {
        renewed = true;
        const fresh = await orUnavailable(request, options.credentials.renew(credentials));
        if (fresh !== undefined) {
          credentials = fresh;
          continue;
        }
      }
      const waitMs = pauseBeforeRetry(request, tries, tried, Date.now(), Math.random());
      // Nobody gains by waiting for a moment after the deadline.
      if (waitMs === undefined || waitMs >= end - performance.now()) {
        if ('response' in tried) return tried.response;
        const { reason, what, advice } = explainFailure(tried.failure, options.route, timeoutMs);
        throw new NotAvailable(reason, `${formatRequest(request)}: ${what}${advice === '' ? '' : `; ${advice}`}`, { cause: tried.failure });
      }
      await pause(waitMs, options.signal);
    }
  };
  const inTurn = pLimit(maxInFlight);
  return { request: (request) => inTurn(() => send(request)) };
};

import { NotAvailable } from '../model/errors.js';
import type { Outward } from '../model/ports.js';
import { openPool, type OpenPool } from '../system/pool.js';
import { proxyFor, proxyName } from '../system/proxy.js';
import { createSecrets } from '../text/connection-secrets.js';
import { endpointOf, hostAndPort } from '../text/endpoint.js';
import { exchange, ExchangeFailed } from './http/exchange.js';
import { explainFailure } from './http/failures.js';

const connections = 12;

/**
 * Requests over kept-open connections, through the proxy that the environment names. Any status is an answer, a redirect too: none is followed.
 * @param env names the proxy, and who goes without one
 * @param secret told of the proxy's password, so that nobody sees it
 * @returns a function that throws `NotAvailable` where no complete answer came
 */
export const createOutward = (env: Readonly<Record<string, string | undefined>>, secret: (value: string) => void): Outward => {
  const pools = new Map<string, OpenPool>();
  const secrets = createSecrets(secret);
  const never = new AbortController().signal;
  return async ({ url, signal = never, ...request }) => {
    const endpoint = { ...endpointOf(url), basePath: '' };
    const { proxy, problem } = proxyFor(endpoint, undefined, env, secrets);
    if (problem !== undefined) throw new NotAvailable('unreachable', problem);
    const key = `${endpoint.scheme} ${hostAndPort(endpoint)} ${proxy?.href ?? ''}`;
    const pool = pools.get(key) ?? openPool({ endpoint, proxy, connections });
    pools.set(key, pool);
    try {
      return await exchange({ ...request, endpoint, dispatcher: pool.dispatcher, path: `${url.pathname}${url.search}`, signal });
    } catch (error) {
      if (!(error instanceof ExchangeFailed)) throw error;
      const route = { endpoint, trust: 'machine', proxy: proxy && proxyName(proxy) } as const;
      const { reason, what } = explainFailure(error, route, request.timeoutMs);
      throw new NotAvailable(reason, what, { cause: error });
    }
  };
};

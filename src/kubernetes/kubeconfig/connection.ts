// As a whole: an older Node lacks one of the names, and would not get as far as saying so.
import * as tls from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { isIP } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { openPool, type OpenPool } from '../../system/pool.js';
import { maxInFlight, type ClientCertificate } from '../http/client.js';
import type { Target, Trust } from './target.js';

/** Pools of kept-open connections to one endpoint, one pool per client certificate. */
export interface Connection {
  readonly dispatcherFor: (certificate: ClientCertificate | undefined) => Dispatcher;
  readonly close: () => Promise<void>;
}

/** The CAs where the kubeconfig names none: Node's own and those of this machine, as kubectl trusts the latter. */
const systemCas = (): string[] => [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];

/** How TLS checks the server. `trust.serverName` that is an address is compared and not sent: SNI knows names only (RFC 6066). */
export const tlsOptions = ({ serverName, insecure }: Trust): ConnectionOptions => {
  // Said in both cases: NODE_TLS_REJECT_UNAUTHORIZED decides otherwise.
  const rejectUnauthorized = !insecure;
  if (serverName === undefined) return { rejectUnauthorized };
  if (isIP(serverName) === 0) return { rejectUnauthorized, servername: serverName };
  return {
    rejectUnauthorized,
    servername: '',
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(serverName, certificate),
  };
};

const openFor = ({ endpoint, trust, proxy, cluster }: Target, certificate: ClientCertificate | undefined): OpenPool => {
  const to = { endpoint, proxy, connections: maxInFlight };
  if (endpoint.scheme === 'http') return openPool(to);
  const checks = tlsOptions(trust);
  const given = { ca: trust.ca ?? systemCas(), cert: certificate?.certificate, key: certificate?.key, ...checks };
  const options = new KubeConfig().createDispatcherOptions(cluster, given);
  const { ca, cert, key, ...wire } = options.type === 'none' ? {} : options.type === 'agent' ? options.connect : options.requestTls;
  // Made once for all connections: OpenSSL takes some milliseconds for it. What checks names is dropped on the way through client-node.
  return openPool({ ...to, tls: { ...wire, ...checks, secureContext: tls.createSecureContext({ ca, cert, key }) } });
};

/** The connections of a target. `dispatcherFor` throws where OpenSSL cannot use the CA or the certificate. */
export const createConnection = (target: Target): Connection => {
  const pools = new Map<string, OpenPool>();
  return {
    dispatcherFor: (certificate) => {
      const key = certificate?.certificate ?? '';
      const pool = pools.get(key) ?? openFor(target, certificate);
      pools.set(key, pool);
      return pool.dispatcher;
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      pools.clear();
    },
  };
};

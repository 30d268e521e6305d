import { Agent as PlainAgent, type AgentOptions } from 'node:http';
import { Agent as TlsAgent, type AgentOptions as TlsAgentOptions } from 'node:https';
import { isIP } from 'node:net';
// As a whole: an older Node lacks one of the names, and would not get as far as saying so.
import * as tls from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Endpoint } from '../../text/endpoint.js';
import { maxInFlight, type ClientCertificate } from '../http/client.js';
import { TunnelAgent } from '../http/tunnel.js';
import type { Trust } from './target.js';

/** Pools of kept-open connections to one endpoint, one pool per client certificate. */
export interface Connection {
  readonly agentFor: (certificate: ClientCertificate | undefined) => PlainAgent;
  readonly close: () => void;
}

/** Hosts with several addresses are tried one after the other; Node's own 250 ms are too short for a cluster far away. */
const perAddressMs = 2_000;

/** The CAs where the kubeconfig names none: Node's own and those of this machine, as kubectl trusts the latter. */
const systemCas = (): string[] => [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];

/** How TLS checks the server. `trust.serverName` that is an address is compared and not sent: SNI knows names only (RFC 6066). */
export const tlsOptions = (trust: Trust): ConnectionOptions => {
  const { serverName, insecure } = trust;
  if (serverName === undefined) return { rejectUnauthorized: !insecure };
  if (isIP(serverName) === 0) return { rejectUnauthorized: !insecure, servername: serverName };
  return {
    rejectUnauthorized: !insecure,
    servername: '',
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(serverName, certificate),
  };
};

/** Connections without TLS; a proxy is asked for the whole URL. Who is meant to bypass it was decided before. */
export const plainAgent = (proxy: URL | undefined, options: AgentOptions): PlainAgent =>
  new PlainAgent({ ...options, ...(proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy.href } }) });

/** Connections with TLS, through a tunnel where there is a proxy. */
export const tlsAgent = (proxy: URL | undefined, options: TlsAgentOptions): TlsAgent =>
  proxy === undefined ? new TlsAgent(options) : new TunnelAgent(proxy, options);

const createAgent = (endpoint: Endpoint, trust: Trust, proxy: URL | undefined, certificate: ClientCertificate | undefined): PlainAgent => {
  const pool = { keepAlive: true, maxSockets: maxInFlight, autoSelectFamilyAttemptTimeout: perAddressMs };
  if (endpoint.scheme === 'http') return plainAgent(proxy, pool);
  const secureContext = tls.createSecureContext({
    ca: trust.ca ?? systemCas(),
    ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
  });
  return tlsAgent(proxy, { ...pool, ...tlsOptions(trust), secureContext });
};

/** @throws where OpenSSL cannot use the CA or the certificate */
export const createConnection = (endpoint: Endpoint, trust: Trust, proxy: URL | undefined): Connection => {
  const agents = new Map<string, PlainAgent>();
  return {
    agentFor: (certificate) => {
      const key = certificate?.certificate ?? '';
      const agent = agents.get(key) ?? createAgent(endpoint, trust, proxy, certificate);
      agents.set(key, agent);
      return agent;
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
};

import { reasonOf } from '../../model/errors.js';
import type { UnavailableReason } from '../../model/fact.js';
import { codeOf } from '../../system/system-error.js';
import { NoTunnel } from '../../system/tunnel.js';
import { hostAndPort, type Endpoint } from '../../text/endpoint.js';
import { ExchangeFailed } from './exchange.js';

/** A failed request in plain words. */
export interface Explained {
  readonly reason: UnavailableReason;
  readonly what: string;
  /** What to do about it; `''` where nobody knows. */
  readonly advice: string;
}

/** Where a connection goes. */
export interface Route {
  readonly endpoint: Endpoint;
  /** Host and port of the proxy between, where there is one. */
  readonly proxy?: string | undefined;
  /** Whose CAs are trusted: the kubeconfig's, or those of this machine. */
  readonly trust?: 'machine' | undefined;
}

const wrongCa = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

type Words = readonly [what: string, advice: string];

const ofMachineTrust = (code: string, at: string): Words | undefined =>
  wrongCa.has(code)
    ? [`the server certificate of ${at} is not signed by a CA that Node trusts`, 'name a file with the CA in NODE_EXTRA_CA_CERTS']
    : undefined;

const ofCertificate = (code: string, at: string): Words | undefined => {
  if (code === 'CERT_HAS_EXPIRED') return [`the server certificate of ${at}, or its CA, has expired`, 'renew it on the control plane'];
  if (code === 'CERT_NOT_YET_VALID') return [`the server certificate of ${at} is not valid yet`, "check this machine's clock"];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [
      `the server certificate of ${at} is for another host`,
      'use a host name that it lists, or set tls-server-name in the kubeconfig',
    ];
  if (wrongCa.has(code))
    return [
      `the server certificate of ${at} is not signed by the CA in the kubeconfig`,
      'set certificate-authority-data to the CA of this cluster; a fresh kubeconfig has it',
    ];
  if (/ALERT_(CERTIFICATE|UNKNOWN_CA|BAD_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)/.test(code))
    return [
      `${at} refused the client certificate in the TLS handshake`,
      'it may have expired, be missing or be of another cluster: fetch a fresh kubeconfig',
    ];
  if (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' ||
    code === 'EPROTO' ||
    code === 'ERR_SSL_HTTP_REQUEST'
  )
    return [`${at} does not speak TLS`, 'check the scheme and the port of "server" in the kubeconfig'];
  return undefined;
};

const ofConnection = (code: string, at: string): Words | undefined => {
  switch (code) {
    case 'ECONNREFUSED':
      return [`nothing listens at ${at} (connection refused)`, 'check that the cluster runs and that its address is right'];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`the host name of ${at} cannot be resolved`, 'check its spelling, and the DNS of this machine'];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return [`${at} cannot be reached from this machine`, 'check network, VPN and firewall'];
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return [`${at} does not answer`, 'check network, VPN and firewall'];
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return [`the connection to ${at} was cut`, 'try again; if it stays, look at the load balancer before the API server'];
    default:
      return undefined;
  }
};

const ofTunnel = ({ said, refusedLogin }: NoTunnel, route: Route): Words => {
  const proxy = `the proxy ${route.proxy ?? ''}`.trim();
  if (refusedLogin) return [`${proxy} did not accept its credentials (${said})`, 'put user and password into the proxy URL'];
  return [
    `${proxy} opened no tunnel to ${hostAndPort(route.endpoint)} (${said})`,
    'check that it lets connections through to this host and port, or list the host in NO_PROXY',
  ];
};

/** undici's parser gives its errors a name, and a code only where it knows one. */
const isNoHttp = (cause: unknown, code: string): boolean =>
  code.startsWith('HPE_') ||
  code === 'UND_ERR_HEADERS_OVERFLOW' ||
  (cause instanceof Object && 'name' in cause && cause.name === 'HTTPParserError');

const failureWords = (failure: ExchangeFailed, route: Route): Words => {
  const code = codeOf(failure.cause);
  const target = hostAndPort(route.endpoint);
  if (failure.cause instanceof NoTunnel) return ofTunnel(failure.cause, route);
  if (isNoHttp(failure.cause, code)) return [`${target} answers with something that is not HTTP`, 'check "server" in the kubeconfig'];
  if (failure.phase === 'answering') return [`the answer of ${target} was cut off in the middle`, 'try again'];
  // Until a tunnel stands, the other end is the proxy.
  const at = failure.phase === 'connecting' && route.proxy !== undefined ? `the proxy ${route.proxy}` : target;
  const trusted = route.trust === 'machine' ? ofMachineTrust(code, target) : undefined;
  return (
    trusted ??
    ofCertificate(code, target) ??
    ofConnection(code, at) ?? [`the connection to ${target} failed (${reasonOf(failure.cause)})`, '']
  );
};

/** What a failed exchange means, and what to do. */
export const explainFailure = (failure: ExchangeFailed, route: Route, timeoutMs: number): Explained => {
  const at = hostAndPort(route.endpoint);
  switch (failure.kind) {
    case 'timeout':
      return {
        reason: 'timeout',
        what: `no complete answer of ${at} within ${timeoutMs / 1_000} s${failure.phase === 'connecting' ? ', not even a connection' : ''}`,
        advice: 'check network, VPN and firewall, or allow more time',
      };
    case 'cancelled':
      return { reason: 'timeout', what: 'the run was cancelled, or its deadline passed, before this was answered', advice: '' };
    case 'too-large':
      return { reason: 'too-large', what: `the answer of ${at} is larger than what is read of it`, advice: '' };
    case 'undecodable':
      return { reason: 'malformed', what: `the answer of ${at} is packed in a way that cannot be read`, advice: '' };
    case 'connection': {
      const [what, advice] = failureWords(failure, route);
      return { reason: 'unreachable', what, advice };
    }
  }
};

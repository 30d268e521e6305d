import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import type { Network } from '../model/ports.js';
import { isLoopbackAddress } from './support/addresses.js';
import { partOr } from './support/parts.js';
import { bounded } from '../text/bounded.js';

/** Where a redirect leads: to the same host by HTTPS, to another host by HTTPS, or to an address without TLS. */
const redirectTargets = ['https', 'https-elsewhere', 'http'] as const;

const plainAnswer = z.object({
  /** `closed`: no answer at all, `silent`: none in the time given, `tls-alert`: a TLS record, `http`: a status line, `other`: other bytes. */
  kind: z.enum(['closed', 'silent', 'tls-alert', 'http', 'other', 'not-asked']),
  /** The status of an HTTP answer. */
  status: z.nullable(z.number()),
  /** The beginning of what was said, in one line. */
  text: z.string(),
  /** Whether a Kubernetes API gave the HTTP answer: its version, a `Status`, or headers of its own. Absent in older snapshots, and then not known. */
  api: z.optional(z.boolean()),
  /** Where an HTTP redirect leads; absent if the answer is no redirect, and in older snapshots. */
  redirect: z.optional(z.enum(redirectTargets)),
});
export type PlainAnswer = z.infer<typeof plainAnswer>;

const schema = z.object({
  /** Of the connection, e.g. `https`. */
  scheme: z.string(),
  /**
   * For a connection without TLS: whether it goes to a loopback address, where a program such as `kubectl proxy` answers. Absent for
   * HTTPS, and in older snapshots.
   */
  loopback: z.optional(z.boolean()),
  /** Whether a TLS handshake with the endpoint was completed. */
  tls: z.boolean(),
  /** What a plain-text HTTP request for `/version` at the same port was answered; `/` in older snapshots. */
  plain: plainAnswer,
});
export type ApiEndpoint = z.infer<typeof schema>;

/** A TLS record of type alert: content type 21, major version 3 (RFC 8446 5.1). */
const tlsAlert = /^\x15\x03/; // eslint-disable-line no-control-regex

/** Headers of the API server's audit log and of its priority and fairness. */
const apiHeader = /\r\n(?:audit-id|x-kubernetes-pf-[a-z-]{1,40}):/i;
/** `version.Info` and `metav1.Status`. */
const apiBody = [/"gitVersion"\s*:/, /"kind"\s*:\s*"Status"/];

/** What only a Kubernetes API says; the body may be cut, so it is not parsed. */
const isOfApi = (head: string, body: string): boolean =>
  apiHeader.test(head) || (body.trimStart().startsWith('{') && apiBody.some((mark) => mark.test(body)));

const parseRedirect = (head: string, host: string): PlainAnswer['redirect'] => {
  const location = /\r\nlocation:([^\r\n]{1,2000})/i.exec(head)?.[1]?.trim() ?? '';
  // Without a host of its own it is relative to the request: plain HTTP.
  if (!URL.canParse(location)) return 'http';
  const { protocol, hostname } = new URL(location);
  if (protocol !== 'https:') return 'http';
  return hostname.replace(/^\[|\]$/g, '') === host.toLowerCase() ? 'https' : 'https-elsewhere';
};

/**
 * Tells what kind of answer the first bytes are.
 * @param host that was asked, without brackets: a redirect to it stays there
 */
export const parsePlainAnswer = (bytes: string, host = ''): PlainAnswer => {
  if (bytes === '') return { kind: 'closed', status: null, text: '' };
  if (tlsAlert.test(bytes)) return { kind: 'tls-alert', status: null, text: '' };
  const text = bounded(bytes, 200);
  const status = Number(/^HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(bytes)?.[1]);
  if (Number.isNaN(status)) return { kind: 'other', status: null, text };
  const isRedirect = [301, 302, 303, 307, 308].includes(status);
  const [head = ''] = bytes.split('\r\n\r\n', 1);
  const api = isOfApi(head, bytes.slice(head.length));
  return { kind: 'http', status, text, api, ...(isRedirect ? { redirect: parseRedirect(head, host) } : {}) };
};

/** A handshake with the same port has just worked: a time-out means that it is there, and says nothing to plain HTTP. */
const askPlain = async (network: Network): Promise<PlainAnswer> => {
  const answer = await partOr(network.plainHttp(), undefined, 'timeout');
  return answer === undefined ? { kind: 'silent', status: null, text: '' } : parsePlainAnswer(answer, network.endpoint.host);
};

/** Whether all addresses of the endpoint are loopback; false for a host that has none. */
const isOnLoopback = async ({ endpoint, resolve }: Network): Promise<boolean> => {
  const addresses = await partOr(resolve(endpoint.host), []);
  return addresses.length > 0 && addresses.every(isLoopbackAddress);
};

/** How the API endpoint answers with TLS and without. */
export const apiEndpoint = defineFact({
  name: 'api-endpoint',
  schema,
  permissions: [],
  collect: async ({ network }): Promise<ApiEndpoint> => {
    const { scheme } = network.endpoint;
    if (scheme !== 'https')
      return { scheme, loopback: await isOnLoopback(network), tls: false, plain: { kind: 'not-asked', status: null, text: '' } };
    await network.serverCertificate();
    return { scheme, tls: true, plain: await askPlain(network) };
  },
});

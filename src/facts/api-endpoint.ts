import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import type { Network } from '../model/ports.js';
import { bounded } from './support/text.js';

const plainAnswer = z.object({
  /** `closed`: no answer at all, `silent`: none in the time given, `tls-alert`: a TLS record, `http`: a status line, `other`: other bytes. */
  kind: z.enum(['closed', 'silent', 'tls-alert', 'http', 'other', 'not-asked']),
  /** The status of an HTTP answer. */
  status: z.nullable(z.number()),
  /** The beginning of what was said, in one line. */
  text: z.string(),
});
export type PlainAnswer = z.infer<typeof plainAnswer>;

const schema = z.object({
  /** Of the connection, e.g. `https`. */
  scheme: z.string(),
  /** Whether a TLS handshake with the endpoint was completed. */
  tls: z.boolean(),
  /** What a plain-text HTTP request to the same port was answered. */
  plain: plainAnswer,
});
export type ApiEndpoint = z.infer<typeof schema>;

/** A TLS record of type alert: content type 21, major version 3 (RFC 8446 5.1). */
const tlsAlert = /^\x15\x03/; // eslint-disable-line no-control-regex

/** Tells what kind of answer the first bytes are. */
export const parsePlainAnswer = (bytes: string): PlainAnswer => {
  if (bytes === '') return { kind: 'closed', status: null, text: '' };
  if (tlsAlert.test(bytes)) return { kind: 'tls-alert', status: null, text: '' };
  const text = bounded(bytes, 200);
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(bytes)?.[1];
  return status === undefined ? { kind: 'other', status: null, text } : { kind: 'http', status: Number(status), text };
};

const askPlain = async (network: Network): Promise<PlainAnswer> => {
  try {
    return parsePlainAnswer(await network.plainHttp());
  } catch (error) {
    // A handshake with the same port has just worked: it is there, and says nothing to plain HTTP.
    if (error instanceof NotAvailable && error.reason === 'timeout') return { kind: 'silent', status: null, text: '' };
    throw error;
  }
};

/** How the API endpoint answers with TLS and without. */
export const apiEndpoint = defineFact({
  name: 'api-endpoint',
  schema,
  permissions: [],
  collect: async ({ network }): Promise<ApiEndpoint> => {
    const { scheme } = network.endpoint;
    if (scheme !== 'https') return { scheme, tls: false, plain: { kind: 'not-asked', status: null, text: '' } };
    await network.serverCertificate();
    return { scheme, tls: true, plain: await askPlain(network) };
  },
});

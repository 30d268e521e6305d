import type { ApiRequest } from '../../src/model/ports.js';

/** One request of a run and what a real API server answered; `scripts/record-answers.ts` writes them. */
export interface RecordedAnswer {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Who asked, where it was not the login of the run itself. */
  readonly as?: 'issued-token' | 'other-node';
  /** What was asked about, for reviews: their path is the same for all. */
  readonly spec?: unknown;
  readonly status: number;
  /** Those that matter: `content-type`, `warning`. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where the answer was, text otherwise. */
  readonly body: unknown;
}

/** The answers of one cluster, and the outcomes that a run on it gave. */
export interface Recording {
  readonly recordedAt: string;
  readonly kubernetes: string;
  /** By id of the requirement. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly answers: readonly RecordedAnswer[];
}

/** What stands in a recording in the place of the token that was issued. */
export const tokenInRecording = 'made-up-token';

/** The token that the double issues: of the shape of a real one, signed by nobody. */
export const madeUpToken = [
  { alg: 'RS256', kid: 'made-up-for-this-recording' },
  { aud: ['https://kubernetes.default.svc.cluster.local'], sub: 'system:serviceaccount:default:default' },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('made-up-signature-of-nobody'.padEnd(342, '0'))
  .join('.');

/** Who a request comes from, told by its headers. */
export const asOf = (authorization: string | undefined, impersonated: string | undefined): RecordedAnswer['as'] => {
  if (authorization === `Bearer ${madeUpToken}`) return 'issued-token';
  return impersonated === undefined ? undefined : 'other-node';
};

/** The `spec` of a review; undefined for requests that are none. */
export const specOf = (path: string, body: unknown): unknown =>
  path.startsWith('/apis/authorization.k8s.io/') && typeof body === 'object' && body !== null && 'spec' in body ? body.spec : undefined;

/** The same for a request before it is sent. */
export const asOfRequest = (request: ApiRequest): RecordedAnswer['as'] =>
  request.bearerToken !== undefined ? 'issued-token' : asOf(undefined, request.headers?.['impersonate-user']);

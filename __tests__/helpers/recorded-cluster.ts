import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault } from './api-faults.js';
import { startApiServer, type ApiAnswer, type ApiServer, type ApiServerOptions, type RecordedRequest } from './api-server.js';
import { createAuthority } from './certificates.js';
import { asOf, madeUpToken, specOf, tokenInRecording, type RecordedAnswer, type Recording } from './recorded-answers.js';

/** What happens instead of the recorded answer: an accident of the wire, or another answer. */
export type Trouble = Fault | { readonly kind: 'answer'; readonly answer: ApiAnswer };

/**
 * Decides about one request.
 * @param endpoint what was asked, as `RecordedCluster.endpoints` names it
 * @param nth how often this lane has asked for it, from 1 on
 * @param recorded what the real cluster answered; undefined where it was never asked
 */
export type TroubleMaker = (
  endpoint: string,
  nth: number,
  recorded: ApiAnswer | undefined,
  request: RecordedRequest,
) => Trouble | undefined;

/** One way to the cluster, with troubles of its own: many runs share one server. */
interface Lane {
  /** As `ApiServer.kubeconfig`. */
  readonly kubeconfig: (user?: object, cluster?: object) => string;
  /** Endpoints in the order in which they were asked. */
  readonly asked: readonly string[];
}

export interface RecordedCluster {
  readonly server: ApiServer;
  readonly recording: Recording;
  /** Every endpoint of the recording, e.g. `GET /api/v1/nodes` or `POST /apis/.../subjectaccessreviews of system:node:scs-probe`. */
  readonly endpoints: readonly string[];
  readonly lane: (trouble?: TroubleMaker) => Lane;
  readonly close: () => Promise<void>;
}

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'api');
/** The answers that `scripts/record-answers.ts` has taken from a real cluster of the test bed. */
export const recordingOf = (name: 'good' | 'weak'): Recording =>
  JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')) as Recording;

type Question = Pick<RecordedAnswer, 'method' | 'path' | 'as' | 'spec'>;
const ownReviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const userOf = (spec: unknown): string => (typeof spec === 'object' && spec !== null && 'user' in spec ? String(spec.user) : '');

/** One name for requests that ask for the same; pages of a list are one endpoint. */
const endpointOf = ({ method, path, as, spec }: Question): string => {
  const [bare = '', query = ''] = path.split('?');
  const selector = [...new URLSearchParams(query)].filter(([key]) => key.endsWith('Selector')).map(([, value]) => value);
  const about = [...selector, ...(as === undefined ? [] : [as]), ...(userOf(spec) === '' ? [] : [userOf(spec)])];
  return `${method} ${bare}${about.length === 0 ? '' : ` of ${about.join(' ')}`}`;
};

/** The path of an endpoint, as reasons name it: `GET /api/v1/nodes`. */
export const wordsOf = (endpoint: string): string => endpoint.split(' of ')[0] ?? '';

/**
 * Lanes are told apart by the name that the client asks for in the TLS handshake. A path in the server URL would be the mark of a proxy.
 */
const laneName = (lane: number): string => `lane-${lane}.example.org`;
const laneOf = ({ serverName }: RecordedRequest): number => Number(/^lane-(\d+)\.example\.org$/.exec(serverName)?.[1]);

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const questionOf = (request: RecordedRequest): Question => {
  const { path } = request;
  const impersonated = request.headers['impersonate-user'];
  const as = asOf(request.headers.authorization, typeof impersonated === 'string' ? impersonated : undefined);
  const spec = path.startsWith('/apis/authorization.k8s.io/') ? specOf(path, parsed(request.body)) : undefined;
  return { method: request.method, path, ...(as === undefined ? {} : { as }), ...(spec === undefined ? {} : { spec }) };
};

const answersOf = (recording: Recording): ReadonlyMap<string, RecordedAnswer> =>
  new Map(recording.answers.map((answer) => [endpointOf(answer), answer]));

/** Text, so that the token can be put into its place. */
const toAnswer = ({ status, headers, body }: RecordedAnswer, spec: unknown): ApiAnswer => {
  const echoed = spec !== undefined && typeof body === 'object' ? { ...body, spec } : body;
  const text = typeof echoed === 'string' ? echoed : JSON.stringify(echoed);
  return { status, headers, body: text.replace(`"${tokenInRecording}"`, `"${madeUpToken}"`) };
};

/** As an API server says that it does not serve a group; lists of others are empty. */
const unknown: ApiAnswer = { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' };

/** An answer with 200 and this body. */
export const answered = (body: unknown, status = 200): Trouble => ({ kind: 'answer', answer: { status, body } });

interface LaneState {
  readonly trouble: TroubleMaker;
  readonly asked: string[];
  readonly times: Map<string, number>;
}

/**
 * Starts a TLS server that answers as a real cluster did when it was recorded. It takes any login; `options` may ask for one.
 * What the recording does not hold is 404, as a group that is not served.
 */
export const startRecordedCluster = async (
  recording: Recording = recordingOf('good'),
  options: Omit<ApiServerOptions, 'routes' | 'intercept'> = {},
): Promise<RecordedCluster> => {
  const answers = answersOf(recording);
  const lanes: LaneState[] = [];
  const decided = new WeakMap<RecordedRequest, ApiAnswer>();
  const intercept = (request: RecordedRequest): Fault | undefined => {
    const question = questionOf(request);
    const endpoint = endpointOf(question);
    const found = answers.get(endpoint);
    const recorded = found === undefined ? undefined : toAnswer(found, question.path === ownReviews ? question.spec : undefined);
    decided.set(request, recorded ?? unknown);
    const state = lanes[laneOf(request)];
    if (state === undefined) return undefined;
    const nth = (state.times.get(endpoint) ?? 0) + 1;
    state.times.set(endpoint, nth);
    state.asked.push(endpoint);
    const trouble = state.trouble(endpoint, nth, recorded, request);
    if (trouble?.kind !== 'answer') return trouble;
    decided.set(request, trouble.answer);
    return undefined;
  };
  const handler = (request: RecordedRequest): ApiAnswer => decided.get(request) ?? unknown;
  const year = 365 * 86_400_000;
  const now = Date.now();
  const server = await startApiServer({
    authority: createAuthority({ commonName: 'kubernetes', notAfter: new Date(now + 10 * year) }),
    certificate: {
      notBefore: new Date(now - 60_000),
      notAfter: new Date(now + year - 60_000),
      altNames: ['127.0.0.1', 'localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', '*.example.org'],
    },
    ...options,
    intercept,
    routes: { 'GET /*': handler, 'POST /*': handler, 'PATCH /*': handler, 'GET /version': handler },
  });
  return {
    server,
    recording,
    endpoints: [...answers.keys()],
    lane: (trouble = () => undefined) => {
      const state: LaneState = { trouble, asked: [], times: new Map() };
      const name = laneName(lanes.push(state) - 1);
      return { asked: state.asked, kubeconfig: (user, cluster) => server.kubeconfig(user, { 'tls-server-name': name, ...cluster }) };
    },
    close: server.close,
  };
};

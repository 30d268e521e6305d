import type { Api } from '../../src/model/ports.js';
import { kubeconfigDefaults, kubeconfigSource } from '../../src/sources/kubeconfig.js';
import { startApiServer, type ApiAnswer, type ApiServer, type RecordedRequest } from './api-server.js';
import { sourceContext } from './source-context.js';

/** An API server that grants every right and leaves its core group to a test. */
export interface LiveServer {
  /** Answers everything below /api/v1. */
  readonly answer: (request: RecordedRequest) => ApiAnswer | Promise<ApiAnswer>;
  /** No answer at all, as long as it is true. */
  readonly away: () => boolean;
  readonly routes?: Readonly<Record<string, () => ApiAnswer>>;
}

export const serveLive = ({ answer, away, routes = {} }: LiveServer): Promise<ApiServer> =>
  startApiServer({
    plain: true,
    intercept: () => (away() ? { kind: 'reset' } : undefined),
    routes: {
      'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews': () => ({ status: 201, body: { status: { allowed: true } } }),
      ...routes,
      ...Object.fromEntries(['GET', 'POST', 'PATCH', 'DELETE'].map((method) => [`${method} /api/v1/*`, answer])),
    },
  });

/** A client as a run has it. */
export interface LiveClient {
  readonly api: Api;
  readonly lasting: Api;
  readonly cancel: () => void;
  readonly signal: AbortSignal;
}

export const openLive = async (server: ApiServer, requestTimeoutMs = 1_000): Promise<LiveClient> => {
  const context = sourceContext();
  const options = { ...kubeconfigDefaults, kubeconfig: server.kubeconfig(), requestTimeoutMs, firstAnswer: 'later' } as const;
  const { cluster } = await kubeconfigSource.open(options, context);
  if (!cluster.live) throw new Error('a kubeconfig leads to a live cluster');
  return { api: cluster.api, lasting: cluster.lasting, cancel: context.cancel, signal: context.signal };
};

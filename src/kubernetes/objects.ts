import * as z from 'zod/mini';
import { formatRequest, isAccepted, isPassing, parseBody, refusal, statusMessage, statusReason } from './answers.js';
import { isAuthorizerRefusal } from './dry-run.js';
import { NotAvailable } from '../model/errors.js';
import type { Api, ApiRequest, ApiResponse } from '../model/ports.js';
import { again, poll } from '../system/poll.js';

/** How long an API server may be away in the middle before the probe gives up on it. */
const outageMs = 90_000;
const pauseMs = 1_000;
const youngMs = 200;
/** A write waits for admission webhooks, each of which may take up to 30 s. */
const writeMs = 35_000;

/**
 * Words of a namespace that is not furnished yet: its service account is made, and its quotas are counted, a moment after it.
 * https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/serviceaccount/admission.go
 */
const unfurnished = /error looking up service account|serviceaccount "[^"]*" not found|status unknown for quota/;
const furnishedMs = 20_000;

/** What an unexpected answer to a write means; a refusal by admission is another thing than a missing right. */
const writeRefusal = (request: ApiRequest, response: ApiResponse): NotAvailable => {
  const message = statusMessage(response);
  // The API server waits for a webhook by itself (30 s at most), and says so; asking again would only take as long again.
  const byWebhook = response.status >= 500 && message.includes('failed calling webhook');
  const byAdmission =
    byWebhook ||
    (response.status === 403 && !isAuthorizerRefusal(message)) ||
    (response.status >= 400 && response.status < 500 && ![401, 403, 404, 408, 409, 429].includes(response.status));
  return byAdmission
    ? new NotAvailable(
        'refused',
        `${formatRequest(request)}: ${response.status} ${message || 'refused without a reason'}${byWebhook ? '; an admission webhook does not answer: mend it, or let it leave out namespaces with the label app.kubernetes.io/managed-by=scs-kaas' : ''}`,
      )
    : refusal(request, response);
};

export interface Patience {
  readonly signal: AbortSignal;
  /** How long an outage is waited for, in milliseconds. */
  readonly outageMs?: number | undefined;
}

/**
 * Two at once have counted one quota, and the API server has given up on it: nothing was made. The same status says that an object of the name is
 * there. https://github.com/kubernetes/kubernetes/issues/67761
 */
const collided = (request: ApiRequest, response: ApiResponse): boolean =>
  request.method === 'POST' && response.status === 409 && statusReason(response) !== 'AlreadyExists';

/** A 404 that is not the API server's own, as of a load balancer that has lost it for a moment: it says nothing. The API server gives its reason. */
const astray = (response: ApiResponse): boolean => response.status === 404 && statusReason(response) !== 'NotFound';

/** Sends until there is an answer that says something, as long as an outage may last. */
const persist = async (
  api: Api,
  request: ApiRequest,
  { signal, outageMs: most = outageMs }: Patience,
  known: readonly number[],
): Promise<ApiResponse> => {
  let young = false;
  return poll({
    look: async () => {
      const response = await api.request(request.method === undefined ? request : { timeoutMs: writeMs, ...request });
      if (collided(request, response)) throw new NotAvailable('server-error', refusal(request, response).message);
      if (known.includes(404) && astray(response))
        throw new NotAvailable('unreachable', `${formatRequest(request)}: 404 that is not the API server's own`);
      if (isAccepted(response) || known.includes(response.status)) return response;
      throw writeRefusal(request, response);
    },
    everyMs: () => (young ? youngMs : pauseMs),
    signal,
    until: (response) => response,
    outage: (error, { totalMs }) => {
      young = error instanceof NotAvailable && unfurnished.test(error.message) && totalMs < furnishedMs;
      if (!(young || isPassing(error)) || signal.aborted || totalMs + pauseMs > most) throw error;
      return again;
    },
  });
};

/** Creates an object of ours. One that is there already is the same object: our names are unique to the run, and an earlier try may have got through. */
export const create = async (api: Api, path: string, body: object, patience: Patience): Promise<void> => {
  await persist(api, { method: 'POST', path, body }, patience, [409]);
};

/** Reads an object or a list. @returns undefined where the API server itself says that it is not there */
export const readIfThere = async <T>(api: Api, path: string, schema: z.ZodMiniType<T>, patience: Patience): Promise<T | undefined> => {
  const response = await persist(api, { path }, patience, [404]);
  return response.status === 404 ? undefined : parseBody({ path }, response, schema);
};

/** Reads an object or a list that has to be there. */
export const readBack = async <T>(api: Api, path: string, schema: z.ZodMiniType<T>, patience: Patience): Promise<T> => {
  return parseBody({ path }, await persist(api, { path }, patience, []), schema);
};

/** Merges a part into an object (RFC 7386). @returns false where it is not there any more */
export const mergePatch = async (api: Api, path: string, body: object, patience: Patience): Promise<boolean> => {
  const headers = { 'content-type': 'application/merge-patch+json' };
  return (await persist(api, { method: 'PATCH', path, body, headers }, patience, [404])).status !== 404;
};

/** Puts another `spec` in the place of an object's (RFC 6902). */
export const replaceSpec = async (api: Api, path: string, spec: object, patience: Patience): Promise<void> => {
  const headers = { 'content-type': 'application/json-patch+json' };
  await persist(api, { method: 'PATCH', path, body: [{ op: 'replace', path: '/spec', value: spec }], headers }, patience, []);
};

/** Asks for an object's removal; one that is gone is fine. @param uid only the object that has it */
export const remove = async (api: Api, path: string, patience: Patience, uid?: string): Promise<void> => {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    preconditions: uid === undefined ? undefined : { uid },
  };
  // 409: the namespace is being removed already, or the object of that name is another one by now.
  await persist(api, { method: 'DELETE', path, body }, patience, [404, 409]);
};

/**
 * A part of a container's log.
 * @param pod `NAMESPACE/pods/NAME`
 * @param query which container, and how much of it
 * @returns undefined where there is none yet
 */
export const readLog = async (api: Api, pod: string, query: string, timeoutMs = 5_000): Promise<string | undefined> => {
  const response = await api.request({ path: `/api/v1/namespaces/${pod}/log?${query}`, headers: { accept: '*/*' }, timeoutMs });
  return response.status === 200 ? response.text : undefined;
};

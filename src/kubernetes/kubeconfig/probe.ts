import * as z from 'zod/mini';
import { NotAvailable, UserError } from '../../model/errors.js';
import type { Api, ApiResponse } from '../../model/ports.js';
import { jsonOf } from '../../text/shape.js';
import { statusMessage } from '../answers.js';
import { selfReview } from '../self-review.js';
import { hostAndPort } from '../../text/endpoint.js';
import { ExchangeFailed } from '../http/exchange.js';
import { explainFailure, type Route } from '../http/failures.js';
import { expiredOn } from './material.js';
import type { Secrets } from '../../text/connection-secrets.js';
import type { Target } from './target.js';

const versionSchema = z.object({ gitVersion: z.string() });
const statusSchema = z.object({ kind: z.literal('Status') });

const refusedLogin = (target: Target): string => {
  const expired = target.certificate === undefined ? undefined : expiredOn(target.certificate.certificate, new Date());
  if (expired !== undefined)
    return `the credentials were not accepted (401): the client certificate expired on ${expired.toISOString().slice(0, 10)}; fetch a fresh kubeconfig`;
  const what = {
    nothing: 'the kubeconfig holds no token, certificate or plugin for this context',
    token: 'the token may have expired or be of another cluster',
    'token-file': 'the token file may be of another cluster',
    password: 'user name or password may be wrong, and API servers since 1.19 know none',
    oidc: 'the id-token may be of another cluster',
    exec: 'what the credential plugin issues is not known to this cluster',
  };
  const why =
    target.identity.by === 'nothing' && target.certificate !== undefined
      ? 'the client certificate is not signed by a CA that this cluster knows'
      : what[target.identity.by];
  return `the credentials were not accepted (401): ${why}; fetch a fresh kubeconfig`;
};

const elsewhere = (location: string | undefined): string => {
  const host = location !== undefined && URL.canParse(location) ? ` to ${new URL(location).host.slice(0, 100)}` : '';
  return `it answers with a redirect${host}, which no API server does; check "server" in the kubeconfig, and whether a login page or a proxy stands before it`;
};

/** Why an answer to `GET /version` is none of a working API server; undefined where it is. */
const firstAnswerProblem = (response: ApiResponse, target: Target, message: string): string | undefined => {
  const { status, headers, text } = response;
  if (status === 401) return refusedLogin(target);
  if (status === 429) return 'it limits requests (429) and did so again after several tries; try again later';
  if (status >= 500)
    return `it answers with ${status}${message === '' ? '' : ` (${message})`} after several tries; check that the control plane is healthy`;
  if (status >= 300 && status < 400) return elsewhere(headers['location']);
  if (status === 200 && jsonOf(text, versionSchema) !== undefined) return undefined;
  // Whoever refuses or does not find in the words of Kubernetes is an API server: what it shows will be seen.
  if ((status === 403 || status === 404) && jsonOf(text, statusSchema) !== undefined) return undefined;
  const kind = /^\s*<(!doctype|html)/i.test(text)
    ? 'HTML'
    : jsonOf(text, z.unknown()) !== undefined
      ? 'other JSON'
      : 'something that is not JSON';
  return `it answers to /version with ${status} and ${kind}, so it is no API server; check "server" in the kubeconfig, its path included, and whether a login page or a proxy stands before it`;
};

/**
 * Makes sure that the identity which a kubeconfig impersonates (`as`) arrives: something between us and the API server may drop the headers, and
 * then every request has the rights of the login. API servers before 1.28 do not tell.
 * @throws {UserError} where the API server takes us for somebody else
 */
const assertImpersonation = async (api: Api, impersonation: Readonly<Record<string, string | string[]>>): Promise<void> => {
  const user = impersonation['impersonate-user'];
  if (user === undefined) return;
  const self = await selfReview(api).catch((error: unknown) => {
    // Whatever else is wrong with the connection, the first request tells better.
    if (error instanceof NotAvailable) return undefined;
    throw error;
  });
  if (self === undefined) return;
  const lost = [impersonation['impersonate-group'] ?? []].flat().filter((group) => !self.groups.includes(group));
  if (self.username === user && lost.length === 0) return;
  throw new UserError([
    'The kubeconfig impersonates another user or group ("as", "as-groups"), and the API server does not see that: something in between drops the Impersonate headers. Connect to the API server directly, or use a kubeconfig without "as".',
  ]);
};

/**
 * Asks for the version, once, to tell "cannot connect at all" from a working connection.
 * @throws {UserError} in one sentence: where, why, and what to do
 */
export const probe = async (api: Api, target: Target, route: Route, timeoutMs: number, secrets: Secrets): Promise<void> => {
  const at = `${target.endpoint.scheme}://${hostAndPort(target.endpoint)}`;
  const cannot = (why: string, cause?: unknown): UserError =>
    new UserError([secrets.blank(`Cannot use the cluster of context "${target.context}" at ${at}: ${why}.`)], { cause });
  await assertImpersonation(api, target.impersonation);
  let response: ApiResponse;
  try {
    response = await api.request({ path: '/version' });
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    if (error.cause instanceof UserError) throw error.cause;
    if (!(error.cause instanceof ExchangeFailed)) throw cannot(error.message, error);
    const { what, advice } = explainFailure(error.cause, route, timeoutMs);
    throw cannot(advice === '' ? what : `${what}; ${advice}`, error);
  }
  const problem = firstAnswerProblem(response, target, statusMessage(response, secrets.blank));
  if (problem !== undefined) throw cannot(problem);
};

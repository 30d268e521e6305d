import * as oidc from 'openid-client';
import * as z from 'zod/mini';
import { UserError } from '../../model/errors.js';
import { texts } from '../../model/outcome.js';
import { openPool } from '../../system/pool.js';
import { proxyFor } from '../../system/proxy.js';
import type { Secrets } from '../../text/connection-secrets.js';
import { endpointOf } from '../../text/endpoint.js';
import { bounded } from '../../text/bounded.js';
import { jsonOf } from '../../text/shape.js';
import { withoutValues } from '../../text/without-values.js';
import { exchange, ExchangeFailed } from '../http/exchange.js';
import { explainFailure } from '../http/failures.js';
import { isSendable } from './material.js';

/** As a kubeconfig holds it (`AuthProviderConfig` of client-go). */
interface AuthProvider {
  readonly name?: string | undefined;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
}

/** What `auth-provider: oidc` holds (client-go, plugin/pkg/client/auth/oidc). */
export interface OidcLogin {
  readonly idToken?: string | undefined;
  /** What the id-token is renewed by; absent where it cannot be. */
  readonly refresh?:
    { readonly token: string; readonly issuer: URL; readonly clientId: string; readonly clientSecret?: string | undefined } | undefined;
  /** Of the issuer: a path, or PEM in base64. */
  readonly caFile?: string | undefined;
  readonly caData?: string | undefined;
}

/** A token, and until when it is good. */
export interface IdToken {
  readonly token: string;
  readonly expires?: Date | undefined;
}

/** What renewing takes of its surroundings. */
export interface OidcContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** PEM of the issuer's CA. */
  readonly ca?: string | undefined;
}

const claims = z.object({ exp: z.number() });

/** When a JSON Web Token ends (RFC 7519, section 4.1.4); undefined where that does not show. Nothing else of it is looked at. */
const tokenExpiry = (token: string): Date | undefined => {
  const [, payload = '', ...rest] = token.split('.');
  const exp = rest.length === 1 ? jsonOf(Buffer.from(payload, 'base64url').toString('utf8'), claims)?.exp : undefined;
  return exp === undefined || !Number.isFinite(exp * 1000) || Math.abs(exp) > 8.64e12 ? undefined : new Date(exp * 1000);
};

/** Kubernetes 1.26 took these out of client-go; `oidc` is still in it. */
const removed = ['gcp', 'azure'];
const otherwise = 'Fetch a kubeconfig with an exec plugin or a token.';
const again = 'Log in again, or fetch a kubeconfig with an exec plugin or a token.';

const sendable = (token: string | undefined): token is string => token !== undefined && isSendable(token);
const hasEnded = (token: string, now: Date): boolean => (tokenExpiry(token)?.getTime() ?? Infinity) <= now.getTime();

/**
 * Reads an `auth-provider`.
 * @param now by which an ended token is told
 * @returns the login, or why there is none
 */
export const readAuthProvider = (
  { name = '', config = {} }: AuthProvider,
  now: Date,
): { readonly login: OidcLogin } | { readonly problem: string } => {
  if (name !== 'oidc') {
    const why = removed.includes(name) ? 'which Kubernetes removed in 1.26' : 'which is not supported';
    return { problem: `The user authenticates by auth-provider "${name}", ${why}. ${otherwise}` };
  }
  const given = (key: string): string | undefined => {
    const value = Object.hasOwn(config, key) ? config[key] : undefined;
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const [idToken, token, issuer, clientId] = ['id-token', 'refresh-token', 'idp-issuer-url', 'client-id'].map(given);
  const refresh =
    token !== undefined && clientId !== undefined && issuer !== undefined && URL.canParse(issuer)
      ? { token, issuer: new URL(issuer), clientId, clientSecret: given('client-secret') }
      : undefined;
  if (refresh === undefined && !sendable(idToken))
    return { problem: `The user authenticates by auth-provider "oidc", and the kubeconfig holds no id-token that can be sent. ${again}` };
  if (refresh === undefined && sendable(idToken) && hasEnded(idToken, now))
    return {
      problem: `The id-token of auth-provider "oidc" expired at ${tokenExpiry(idToken)?.toISOString() ?? ''}. ${again}`,
    };
  return { login: { idToken, refresh, caFile: given('idp-certificate-authority'), caData: given('idp-certificate-authority-data') } };
};

/** An answer of a login server is some kilobytes. */
const maxBytes = 1024 * 1024;

/** Requests of openid-client over our own pool: through the proxy of the environment, within bounds, and without following redirects. */
const fetchVia =
  ({ env, secrets, timeoutMs, signal, ca }: OidcContext): oidc.CustomFetch =>
  async (address, { method, headers, body }) => {
    const url = new URL(address);
    const endpoint = { ...endpointOf(url), basePath: '' };
    const { proxy, problem } = proxyFor(endpoint, undefined, env, secrets);
    if (problem !== undefined) throw new Error(problem);
    const { dispatcher, close } = openPool({ endpoint, proxy, connections: 1, tls: ca === undefined ? {} : { ca } });
    const path = `${url.pathname}${url.search}`;
    const sent = typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : undefined;
    try {
      const answer = await exchange({ endpoint, dispatcher, method, path, headers, body: sent, timeoutMs, maxBytes, signal });
      return new Response(answer.text === '' ? null : answer.text, answer);
    } finally {
      await close();
    }
  };

/** The failed exchange that an error comes from; openid-client puts errors of its own around it. */
const exchangeOf = (error: unknown): ExchangeFailed | undefined => {
  let e = error;
  for (let depth = 0; e instanceof Error && depth < 5; depth++, e = e.cause) if (e instanceof ExchangeFailed) return e;
  return undefined;
};

/** What a login server says of a refusal (RFC 6749, section 5.2), or what failed on the way to it. */
const whyNot = (error: unknown, issuer: URL, { ca, secrets, timeoutMs }: OidcContext): string => {
  const route = { endpoint: endpointOf(issuer), trust: ca === undefined ? ('machine' as const) : undefined };
  const failed = exchangeOf(error);
  if (failed !== undefined) return explainFailure(failed, route, timeoutMs).what;
  if (!(error instanceof oidc.ResponseBodyError)) return error instanceof Error ? bounded(secrets.blank(error.message), 300) : 'it failed';
  return bounded(withoutValues(secrets.blank(texts(error.error, error.error_description).join(': '))), 300);
};

/**
 * The id-token of a login, renewed where it has ended (OpenID Connect Core 1.0, section 12).
 * `KubeConfig` of client-node would renew it too, but without the client's secret, without a bound or a proxy, and anew for each request.
 * @throws {UserError} where it cannot be renewed
 */
export const idTokenOf = async (
  login: OidcLogin,
  context: OidcContext,
  now: Date,
): Promise<IdToken & { readonly refreshToken?: string }> => {
  const { idToken, refresh } = login;
  if (refresh === undefined || (sendable(idToken) && !hasEnded(idToken, now)))
    return { token: idToken ?? '', expires: tokenExpiry(idToken ?? '') };
  const { issuer, clientId, clientSecret, token } = refresh;
  try {
    const options = { [oidc.customFetch]: fetchVia(context), timeout: context.timeoutMs / 1_000 };
    const configuration = await oidc.discovery(issuer, clientId, clientSecret, undefined, options);
    const renewed = await oidc.refreshTokenGrant(configuration, token);
    [renewed.id_token, renewed.refresh_token, renewed.access_token].forEach(context.secrets.add);
    if (!sendable(renewed.id_token)) throw new Error('it issued no id-token');
    const next = renewed.refresh_token ?? token;
    if (next !== token)
      context.log(
        'the login server has issued another refresh token, which is not stored: the one of the kubeconfig may be refused next time; for runs without anybody, use a service account or an exec plugin',
      );
    return { token: renewed.id_token, expires: tokenExpiry(renewed.id_token), refreshToken: next };
  } catch (error) {
    context.signal.throwIfAborted();
    throw new UserError([
      `The id-token of auth-provider "oidc" has ended, and ${issuer.host} did not renew it: ${whyNot(error, issuer, context)}. ${again}`,
    ]);
  }
};

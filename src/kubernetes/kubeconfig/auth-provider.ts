import * as z from 'zod/mini';
import { jsonOf } from '../../text/shape.js';

/** As a kubeconfig holds it (`AuthProviderConfig` of client-go). */
interface AuthProvider {
  readonly name?: string | undefined;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
}

const claims = z.object({ exp: z.number() });

/** When a JSON Web Token ends (RFC 7519, section 4.1.4), in milliseconds; undefined where that does not show. Nothing else of it is looked at. */
const tokenExpiry = (token: string): number | undefined => {
  const [, payload = '', ...rest] = token.split('.');
  const exp = rest.length === 1 ? jsonOf(Buffer.from(payload, 'base64url').toString('utf8'), claims)?.exp : undefined;
  return exp === undefined || !Number.isFinite(exp * 1000) || Math.abs(exp) > 8.64e12 ? undefined : exp * 1000;
};

/** Kubernetes 1.26 took these out of client-go; `oidc` is still in it. */
const removed = ['gcp', 'azure'];
const otherwise = 'Fetch a kubeconfig with an exec plugin or a token.';

/**
 * The token of an `auth-provider`. Of `oidc` kubectl sends the id-token (client-go, plugin/pkg/client/auth/oidc); it is not renewed here, as that would
 * change the kubeconfig.
 * @param now by which an ended token is told
 * @returns the token, or why there is none
 */
export const readAuthProvider = (
  { name = '', config = {} }: AuthProvider,
  now: Date,
): { readonly token: string } | { readonly problem: string } => {
  if (name !== 'oidc') {
    const why = removed.includes(name) ? 'which Kubernetes removed in 1.26' : 'which is not supported';
    return { problem: `The user authenticates by auth-provider "${name}", ${why}. ${otherwise}` };
  }
  const given = Object.hasOwn(config, 'id-token') ? config['id-token'] : undefined;
  const token = typeof given === 'string' ? given.trim() : '';
  if (!/^[\x21-\x7e]+$/.test(token))
    return {
      problem: `The user authenticates by auth-provider "oidc", and the kubeconfig holds no id-token that can be sent. Log in again, or fetch a kubeconfig with an exec plugin or a token.`,
    };
  const end = tokenExpiry(token);
  return end !== undefined && end <= now.getTime()
    ? {
        problem: `The id-token of auth-provider "oidc" expired at ${new Date(end).toISOString()}. Log in again, or fetch a kubeconfig with an exec plugin or a token.`,
      }
    : { token };
};

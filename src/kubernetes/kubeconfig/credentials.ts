import type { RequestOptions } from 'node:https';
import { KubeConfig, type User } from '@kubernetes/client-node';
import { UserError } from '../../model/errors.js';
import { readTextFile } from '../../system/text-file.js';
import { printablePath } from '../../text/path-or-text.js';
import type { CredentialSource, Credentials } from '../http/client.js';
import { issueByPlugin, type Issued } from './exec-plugin.js';
import { isSendable } from './material.js';
import { idTokenOf, type OidcContext } from './oidc.js';
import { issuedByUs, type Target } from './target.js';

/** Kubelets renew a pod's token well before it ends; client-go reads it again as often. */
const tokenFileMs = 60_000;

/** What credentials take beside the target; the time is that of one program or login, in milliseconds. */
export type CredentialContext = Omit<OidcContext, 'ca'>;

/** A token is part of a header. */
const maxTokenBytes = 65_536;

const readTokenFile = async (path: string, { secrets }: CredentialContext): Promise<Issued> => {
  const read = await readTextFile(path, { maxBytes: maxTokenBytes });
  if ('problem' in read) throw new UserError([`The token file ${printablePath(path)} cannot be read: ${read.problem}.`]);
  const token = read.text.trim();
  secrets.add(token);
  if (!isSendable(token)) throw new UserError([`The token file ${printablePath(path)} holds no token.`]);
  return { credentials: { authorization: `Bearer ${token}` }, expires: new Date(Date.now() + tokenFileMs) };
};

/** What issues the credentials of a target anew; undefined where they stand in the kubeconfig. */
const issuerOf = (target: Target, context: CredentialContext): (() => Promise<Issued>) | undefined => {
  const { identity, clusterEntry, trust } = target;
  switch (identity.by) {
    case 'token-file':
      return () => readTokenFile(identity.path, context);
    case 'exec':
      return () => issueByPlugin({ ...context, exec: identity.exec, cluster: clusterEntry, ca: trust.ca });
    case 'oidc': {
      let { login } = identity;
      return async () => {
        const { token, expires, refreshToken } = await idTokenOf(login, { ...context, ca: identity.ca }, new Date());
        const refresh = login.refresh && { ...login.refresh, token: refreshToken ?? login.refresh.token };
        login = { ...login, idToken: token, refresh };
        return { credentials: { authorization: `Bearer ${token}` }, expires };
      };
    }
    default:
      return undefined;
  }
};

/** A user whose credentials come from `issue`, for client-node. */
const authenticator = (issue: () => Promise<Issued>, issued: (until: Date | undefined) => void) => ({
  isAuthProvider: ({ authProvider }: User): boolean => (authProvider as { name?: unknown } | undefined)?.name === issuedByUs,
  applyAuthentication: async (_user: User, options: RequestOptions): Promise<void> => {
    const { credentials, expires } = await issue();
    const { authorization, certificate } = credentials;
    if (authorization !== undefined) options.headers = { Authorization: authorization };
    if (certificate !== undefined) Object.assign(options, { cert: certificate.certificate, key: certificate.key });
    issued(expires);
  },
});

const pemOf = (value: RequestOptions['cert' | 'key']): string | undefined =>
  typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : undefined;

/** What a request of client-node would show. */
const credentialsOf = ({ headers, auth, cert, key }: RequestOptions): Credentials => {
  const bearer = headers !== undefined && 'Authorization' in headers ? headers['Authorization'] : undefined;
  const shown = { certificate: pemOf(cert), key: pemOf(key) };
  const basic = typeof auth === 'string' ? `Basic ${Buffer.from(auth, 'utf8').toString('base64')}` : undefined;
  return {
    authorization: basic ?? bearer?.toString(),
    certificate:
      shown.certificate === undefined || shown.key === undefined ? undefined : { certificate: shown.certificate, key: shown.key },
  };
};

/**
 * Credentials that are resolved anew when they are no longer good. However many requests ask at once, it is done once.
 * @param renews whether others can be had than those that were refused
 */
const renewable = (resolve: () => Promise<Issued>, renews: boolean): CredentialSource => {
  let running: Promise<Issued> | undefined;
  let latest: Issued | undefined;
  const fetch = async (): Promise<Credentials> => {
    running ??= resolve().finally(() => {
      running = undefined;
    });
    latest = await running;
    return latest.credentials;
  };
  const good = (): Credentials | undefined =>
    latest !== undefined && (latest.expires === undefined || latest.expires.getTime() > Date.now()) ? latest.credentials : undefined;
  return {
    current: async () => good() ?? fetch(),
    renew: async (refused) => {
      if (!renews) return undefined;
      // Another request may have renewed them while this one was under way.
      const current = good();
      return current !== undefined && current !== refused ? current : fetch();
    },
  };
};

/** How the requests of one target say who they come from, as `KubeConfig` of client-node resolves it. */
export const createCredentials = (target: Target, context: CredentialContext): CredentialSource => {
  const config = new KubeConfig();
  const issue = issuerOf(target, context);
  let expires: Date | undefined;
  if (issue !== undefined) config.addAuthenticator(authenticator(issue, (until) => (expires = until)));
  config.loadFromClusterAndUser(target.cluster, target.user);
  return renewable(async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const credentials = credentialsOf(options);
    if (target.identity.by === 'password') context.secrets.add(credentials.authorization?.replace(/^Basic /, ''));
    return { credentials, expires };
  }, issue !== undefined);
};

import type { Cluster, User } from '@kubernetes/client-node';
import { UserError } from '../../model/errors.js';
import { printablePath } from '../../text/path-or-text.js';
import { isLoopbackHost } from '../../text/loopback.js';
import { definedOf } from '../../text/shape.js';
import { hostAndPort, parseEndpoint, type Endpoint } from '../../text/endpoint.js';
import type { ClientCertificate } from '../http/client.js';
import type { Secrets } from '../../text/connection-secrets.js';
import type { Chosen } from './context.js';
import { checkPair, isSendable, placePath, readNamed, readPem, splitCertificates, toBase64, type Problems } from './material.js';
import { proxyFor } from '../../system/proxy.js';
import type { ClusterEntry, ExecEntry, Placed, UserEntry } from './document.js';
import { readAuthProvider, type OidcLogin } from './oidc.js';

/** How the server's certificate is checked. */
export interface Trust {
  /** PEM; the system's CAs without. */
  readonly ca?: string | undefined;
  /** The name that the certificate must carry, instead of the host's. */
  readonly serverName?: string | undefined;
  readonly insecure: boolean;
}

/** How a user of a kubeconfig says who it is. */
type Identity =
  | { readonly by: 'nothing' }
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'token-file'; readonly path: string }
  | { readonly by: 'oidc'; readonly login: OidcLogin; readonly ca?: string | undefined }
  | { readonly by: 'password'; readonly username: string; readonly password: string }
  | { readonly by: 'exec'; readonly exec: Placed<ExecEntry> };

/** Everything that a connection takes, read and checked. */
export interface Target {
  readonly context: string;
  readonly endpoint: Endpoint;
  readonly trust: Trust;
  readonly proxy?: URL | undefined;
  readonly gzip: boolean;
  readonly identity: Identity;
  readonly certificate?: ClientCertificate | undefined;
  readonly impersonation: Readonly<Record<string, string | string[]>>;
  /** As client-node resolves them, with everything that files held. */
  readonly cluster: Cluster;
  readonly user: User;
  /** As they were written. */
  readonly clusterEntry: Placed<ClusterEntry>;
  readonly userEntry: Placed<UserEntry>;
  readonly caveats: readonly string[];
}

/** Fields that hold what `kubectl config view` without `--raw`, or a runner's log, shows in the place of a value. */
const omittedFields = (cluster: ClusterEntry, user: UserEntry): readonly string[] =>
  Object.entries({ ...cluster, ...user }).flatMap(([field, value]) =>
    typeof value === 'string' && /^(?:DATA\+OMITTED|REDACTED|\*{3,})$/.test(value.trim()) ? [field] : [],
  );

const readTrust = async (cluster: Placed<ClusterEntry>, problems: Problems, secrets: Secrets): Promise<Trust> => {
  const { entry } = cluster;
  const ca = await readPem('certificate-authority', cluster, problems, secrets);
  const insecure = entry['insecure-skip-tls-verify'] === true;
  if (insecure && ca !== undefined)
    problems.push(
      'The cluster sets a certificate authority and insecure-skip-tls-verify; remove the latter, so that the certificate is checked.',
    );
  if (ca !== undefined && splitCertificates(ca, 1).length === 0)
    problems.push('certificate-authority of the kubeconfig holds no certificate; fetch a fresh kubeconfig.');
  const serverName = entry['tls-server-name'];
  return { insecure, ca, serverName };
};

const readIdentity = (user: Placed<UserEntry>, execPlugins: 'allow' | 'deny', problems: Problems): Identity => {
  const { token, tokenFile, username, password, exec } = user.entry;
  const hasToken = token !== undefined || tokenFile !== undefined;
  const provider = user.entry['auth-provider'];
  if (provider !== undefined) {
    const read = readAuthProvider(provider, new Date());
    if ('login' in read) return { by: 'oidc', login: read.login };
    problems.push(read.problem);
  }
  if (hasToken && username !== undefined) problems.push('The user has a token and a user name with password; keep one of them.');
  // The file goes first, as in client-go: it may hold a newer token.
  if (tokenFile !== undefined) return { by: 'token-file', path: tokenFile };
  if (token !== undefined) {
    if (!isSendable(token.trim()))
      problems.push('The token of the user holds characters that no token has, such as blanks; copy it again.');
    return { by: 'token', token: token.trim() };
  }
  if (username !== undefined || password !== undefined) return { by: 'password', username: username ?? '', password: password ?? '' };
  if (exec === undefined) return { by: 'nothing' };
  if (execPlugins === 'deny')
    problems.push(
      `The user's credentials come from the program "${exec.command ?? ''}", and credential plugins are denied; set the input "exec-plugins" to allow, or use a kubeconfig with a token or a certificate.`,
    );
  return { by: 'exec', exec: { ...user, entry: exec } };
};

/** What an identity takes of files. A token file must be there from the start; later it is read again. */
const completeIdentity = async (identity: Identity, user: Placed<UserEntry>, problems: Problems, secrets: Secrets): Promise<Identity> => {
  if (identity.by === 'oidc') {
    const { caFile, caData } = identity.login;
    const entry = { 'idp-certificate-authority': caFile, 'idp-certificate-authority-data': caData };
    return { ...identity, ca: await readPem('idp-certificate-authority', { ...user, entry }, problems, secrets) };
  }
  if (identity.by !== 'token-file') return identity;
  const text = await readNamed('tokenFile', identity.path, user, problems, secrets);
  secrets.add(text?.trim());
  if (text !== undefined && !isSendable(text.trim())) problems.push(`tokenFile ${printablePath(identity.path)} holds no token.`);
  return { by: 'token-file', path: placePath(identity.path, user) ?? identity.path };
};

const readCertificate = async (user: Placed<UserEntry>, problems: Problems, secrets: Secrets): Promise<ClientCertificate | undefined> => {
  const { entry } = user;
  const certificate = await readPem('client-certificate', user, problems, secrets);
  const key = await readPem('client-key', user, problems, secrets);
  const named = (field: 'client-certificate' | 'client-key'): boolean => entry[field] !== undefined || entry[`${field}-data`] !== undefined;
  if (named('client-certificate') !== named('client-key'))
    problems.push('The user has a client certificate without its key, or a key without its certificate; fetch a fresh kubeconfig.');
  if (certificate === undefined || key === undefined) return undefined;
  const wrong = checkPair(certificate, key, 'the kubeconfig');
  if (wrong !== undefined) problems.push(wrong);
  return { certificate, key };
};

/** Impersonation headers (`rest.ImpersonationConfig`); keys of extra fields are percent-encoded. */
const readImpersonation = (user: UserEntry, problems: Problems): Record<string, string | string[]> => {
  const extra = Object.entries(user['as-user-extra'] ?? {});
  const rest = user['as-uid'] !== undefined || (user['as-groups'] ?? []).length > 0 || extra.length > 0;
  if (user.as === undefined) {
    if (rest) problems.push('The user impersonates groups, a UID or extra fields without a user; set "as" too.');
    return {};
  }
  return {
    'impersonate-user': user.as,
    ...(user['as-uid'] === undefined ? {} : { 'impersonate-uid': user['as-uid'] }),
    ...((user['as-groups'] ?? []).length === 0 ? {} : { 'impersonate-group': user['as-groups'] ?? [] }),
    ...Object.fromEntries(extra.map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`, values])),
  };
};

const readEndpoint = (server: string, trust: Trust, problems: Problems): Endpoint | undefined => {
  const endpoint = parseEndpoint(server, trust.ca !== undefined || trust.insecure ? 'https' : 'http');
  if (endpoint === undefined) problems.push('"server" of the kubeconfig is no URL of an API server; write it as https://host:6443.');
  return endpoint;
};

const caveatsOf = (endpoint: Endpoint, trust: Trust): readonly string[] => [
  ...(endpoint.scheme === 'http' && !isLoopbackHost(endpoint.host)
    ? ['The connection to the API server was not encrypted: what it answered may have been changed on the way.']
    : []),
  ...(endpoint.scheme === 'https' && trust.insecure
    ? ['The certificate of the API server was not checked (insecure-skip-tls-verify): another server may have answered.']
    : []),
];

/** Marks the user whose credentials an authenticator of ours issues: client-node asks its own ones first, by such names. */
export const issuedByUs = 'scs-kaas';

/** The cluster as client-node is to use it: with everything that files held, and the proxy of the environment. */
const resolveCluster = (chosen: Cluster, endpoint: Endpoint, trust: Trust, proxy: URL | undefined): Cluster => ({
  name: chosen.name,
  server: `${endpoint.scheme}://${hostAndPort(endpoint)}${endpoint.basePath}`,
  // It refuses a server without TLS otherwise.
  skipTLSVerify: trust.insecure || endpoint.scheme === 'http',
  ...definedOf({ caData: toBase64(trust.ca), tlsServerName: trust.serverName, proxyUrl: proxy?.href }),
});

const loginOf = (identity: Identity): Partial<User> => {
  switch (identity.by) {
    case 'nothing':
      return {};
    case 'token':
      return { token: identity.token };
    case 'password':
      return { username: identity.username, password: identity.password };
    case 'token-file':
    case 'exec':
    case 'oidc':
      return { authProvider: { name: issuedByUs } };
  }
};

/**
 * Reads and checks everything that one context names. Files are read here, within bounds and data before files, as kubectl has it: client-node reads
 * whatever is there, to its end.
 * @throws {UserError} naming every problem at once
 */
export const readTarget = async (
  chosen: Chosen,
  options: { readonly execPlugins: 'allow' | 'deny' },
  env: Readonly<Record<string, string | undefined>>,
  secrets: Secrets,
): Promise<Target> => {
  const problems: Problems = [];
  const { clusterEntry, userEntry } = chosen;
  const omitted = omittedFields(clusterEntry.entry, userEntry.entry);
  if (omitted.length > 0)
    throw new UserError([
      `${omitted.join(' and ')} of the kubeconfig ${omitted.length === 1 ? 'was' : 'were'} left out or masked (DATA+OMITTED, REDACTED, ***). Print the kubeconfig with "kubectl config view --raw --flatten", and do not copy it from a log.`,
    ]);
  const trust = await readTrust(clusterEntry, problems, secrets);
  const endpoint = readEndpoint(clusterEntry.entry.server ?? '', trust, problems);
  const { proxy, problem } = endpoint === undefined ? {} : proxyFor(endpoint, chosen.cluster.proxyUrl, env, secrets);
  if (problem !== undefined) problems.push(problem);
  const identity = await completeIdentity(readIdentity(userEntry, options.execPlugins, problems), userEntry, problems, secrets);
  const certificate = await readCertificate(userEntry, problems, secrets);
  const impersonation = readImpersonation(userEntry.entry, problems);
  if (endpoint === undefined || problems.length > 0) throw new UserError(problems);
  return {
    context: chosen.context,
    endpoint,
    trust,
    proxy,
    // Packing saves time on the way from afar, and costs it on this machine (docs/decisions/0001).
    gzip: clusterEntry.entry['disable-compression'] !== true && !isLoopbackHost(endpoint.host),
    identity,
    certificate,
    impersonation,
    cluster: resolveCluster(chosen.cluster, endpoint, trust, proxy),
    user: {
      name: chosen.user.name,
      ...definedOf({ certData: toBase64(certificate?.certificate), keyData: toBase64(certificate?.key) }),
      ...loginOf(identity),
    },
    clusterEntry,
    userEntry,
    caveats: caveatsOf(endpoint, trust),
  };
};

import { KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { readJson } from '../../text/read-json.js';
import { definedOf } from '../../text/shape.js';
import type { CredentialSource } from '../http/client.js';
import { toBase64 } from './material.js';
import type { Target } from './target.js';

/** The login as it is at this moment: what a plugin issued or a file held is handed on, not the plugin or the file. */
const loginOf = (authorization: string | undefined): { token?: string; username?: string; password?: string } => {
  const [, scheme, value = ''] = /^(Bearer|Basic) (.+)$/.exec(authorization ?? '') ?? [];
  if (scheme === 'Bearer') return { token: value };
  if (scheme !== 'Basic') return {};
  const [username = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return { username, password: password.join(':') };
};

const entry = z.looseObject({});
const exported = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: entry })]),
  users: z.tuple([z.looseObject({ user: entry })]),
});

/**
 * A kubeconfig for a program that is to ask the same cluster as the same user, for some minutes: it holds the secrets themselves.
 * @returns JSON, which is YAML as well (`clientcmd/api/v1.Config`)
 * @throws what issuing credentials throws
 */
export const kubeconfigForPrograms = async (target: Target, credentials: CredentialSource): Promise<string> => {
  const { authorization, certificate } = await credentials.current();
  const { cluster, trust } = target;
  const [written, user] = [target.clusterEntry.entry, target.userEntry.entry];
  const config = new KubeConfig();
  const { name, server, caData, tlsServerName } = cluster;
  const [certData, keyData] = [toBase64(certificate?.certificate), toBase64(certificate?.key)];
  config.loadFromClusterAndUser(
    // The program reads the proxies of the environment by itself.
    { name, server, skipTLSVerify: trust.insecure, ...definedOf({ caData, tlsServerName, proxyUrl: written['proxy-url'] }) },
    { name: 'user', ...loginOf(authorization), ...definedOf({ certData, keyData, impersonateUser: user.as }) },
  );
  const document = exported.parse(readJson(config.exportConfig()));
  // What client-node drops.
  const [[{ cluster: dropsOfCluster }], [{ user: dropsOfUser }]] = [document.clusters, document.users];
  dropsOfCluster['disable-compression'] = written['disable-compression'];
  for (const field of ['as-uid', 'as-groups', 'as-user-extra'] as const) dropsOfUser[field] = user[field];
  return JSON.stringify(document);
};

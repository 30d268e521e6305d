import type { CredentialSource } from '../http/client.js';
import type { Target } from './target.js';
import type { UserEntry } from './schema.js';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The login as it is at this moment: what a plugin issued or a file held is handed on, not the plugin or the file. */
const loginOf = (authorization: string | undefined): object => {
  const [, scheme, value = ''] = /^(Bearer|Basic) (.+)$/.exec(authorization ?? '') ?? [];
  if (scheme === 'Bearer') return { token: value };
  if (scheme !== 'Basic') return {};
  const [username = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return { username, password: password.join(':') };
};

/**
 * A kubeconfig for a program that is to ask the same cluster as the same user, for some minutes: it holds the secrets themselves.
 * @param user the entry of the kubeconfig that was chosen; absent where the context has none
 * @returns JSON, which is YAML as well (`clientcmd/api/v1.Config`)
 * @throws what issuing credentials throws
 */
export const kubeconfigForPrograms = async (
  target: Target,
  user: UserEntry | undefined,
  credentials: CredentialSource,
): Promise<string> => {
  const { authorization, certificate } = await credentials.current();
  const { entry } = target.cluster;
  const { ca, insecure } = target.trust;
  const name = 'cluster';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server: entry.server,
          'tls-server-name': entry['tls-server-name'],
          'proxy-url': entry['proxy-url'],
          'disable-compression': entry['disable-compression'],
          'insecure-skip-tls-verify': insecure || undefined,
          'certificate-authority-data': ca && base64(ca),
        },
      },
    ],
    users: [
      {
        name,
        user: {
          // Whom the requests of the login stand for.
          as: user?.as,
          'as-uid': user?.['as-uid'],
          'as-groups': user?.['as-groups'],
          'as-user-extra': user?.['as-user-extra'],
          ...loginOf(authorization),
          'client-certificate-data': certificate && base64(certificate.certificate),
          'client-key-data': certificate && base64(certificate.key),
        },
      },
    ],
  });
};

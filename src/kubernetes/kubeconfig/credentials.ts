import { UserError } from '../../model/errors.js';
import { printablePath } from '../../text/path-or-text.js';
import { readTextFile } from '../../system/text-file.js';
import type { CredentialSource, Credentials } from '../http/client.js';
import type { Secrets } from '../../text/connection-secrets.js';
import { issueByPlugin, type Issued, type PluginContext } from './exec-plugin.js';
import type { Target } from './target.js';

/** Kubelets renew a pod's token well before it ends; client-go reads it again as often. */
const tokenFileMs = 60_000;

/** What credentials take beside the target. */
export type CredentialContext = Pick<PluginContext, 'env' | 'timeoutMs' | 'signal' | 'secrets'>;

const fixed = (credentials: Credentials): CredentialSource => ({
  current: () => Promise.resolve(credentials),
  renew: () => Promise.resolve(undefined),
});

/** A token is part of a header. */
const maxTokenBytes = 65_536;

const readTokenFile = async (path: string, secrets: Secrets): Promise<string> => {
  const read = await readTextFile(path, { maxBytes: maxTokenBytes });
  if ('problem' in read) throw new UserError([`The token file ${printablePath(path)} cannot be read: ${read.problem}.`]);
  const token = read.text.trim();
  secrets.add(token);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UserError([`The token file ${printablePath(path)} holds no token.`]);
  return token;
};

/**
 * Credentials that are issued anew when they are no longer good. However many requests ask at once, they are issued once.
 * @param issue fetches them
 */
const renewable = (issue: () => Promise<Issued>): CredentialSource => {
  let running: Promise<Issued> | undefined;
  let latest: Issued | undefined;
  const fetch = async (): Promise<Credentials> => {
    running ??= issue().finally(() => {
      running = undefined;
    });
    latest = await running;
    return latest.credentials;
  };
  const good = (): Credentials | undefined =>
    latest !== undefined && (latest.expires === undefined || latest.expires.getTime() > Date.now()) ? latest.credentials : undefined;
  return {
    current: async () => good() ?? fetch(),
    // Another request may have renewed them while this one was under way.
    renew: async (refused) => {
      const current = good();
      return current !== undefined && current !== refused ? current : fetch();
    },
  };
};

/** How the requests of one target say who they come from. */
export const createCredentials = (target: Target, context: CredentialContext): CredentialSource => {
  const { identity, certificate } = target;
  const shown: Credentials = certificate === undefined ? {} : { certificate };
  switch (identity.by) {
    case 'nothing':
      return fixed(shown);
    case 'token':
      return fixed({ ...shown, authorization: `Bearer ${identity.token}` });
    case 'password': {
      const encoded = Buffer.from(`${identity.username}:${identity.password}`, 'utf8').toString('base64');
      context.secrets.add(encoded);
      return fixed({ ...shown, authorization: `Basic ${encoded}` });
    }
    case 'token-file':
      return renewable(async () => ({
        credentials: { ...shown, authorization: `Bearer ${await readTokenFile(identity.path, context.secrets)}` },
        expires: new Date(Date.now() + tokenFileMs),
      }));
    case 'exec': {
      const { ca } = target.trust;
      const plugin: PluginContext = { ...context, exec: identity.exec, cluster: target.cluster, ca };
      return renewable(async () => {
        const issued = await issueByPlugin(plugin);
        return { ...issued, credentials: { ...shown, ...issued.credentials } };
      });
    }
  }
};

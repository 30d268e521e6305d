import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../model/errors.js';
import { hostAndPort } from '../../text/endpoint.js';
import type { Secrets } from '../../text/connection-secrets.js';
import { documentSchema } from './document.js';
import { mergeDocuments, type Kubeconfig } from './merge.js';
import { readKubeconfigFiles, readKubeconfigValue, type Loaded } from './read.js';

export interface LoadOptions {
  /** A path, several joined by the platform's delimiter, or the text itself, however it was wrapped on its way. */
  readonly kubeconfig?: string | undefined;
  /** Where a pod finds its service account; only tests set it. */
  readonly serviceAccountDirectory?: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where the kubelet mounts a pod's service account. */
const mounted = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The connection of a pod to its own cluster, in the form of a kubeconfig: the rest of the way is the same.
 * @param directory of the service account, instead of where the kubelet mounts it
 * @returns undefined where this is no pod, or one without a service account
 */
const inClusterKubeconfig = async (env: Env, directory = mounted): Promise<Loaded | undefined> => {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = Number(env['KUBERNETES_SERVICE_PORT'] ?? '443');
  if (!host || !Number.isInteger(port)) return undefined;
  try {
    await access(join(directory, 'token'));
  } catch {
    return undefined;
  }
  const name = 'in-cluster';
  const document = documentSchema.parse({
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server: `https://${hostAndPort({ host, port })}`, 'certificate-authority': join(directory, 'ca.crt') } }],
    users: [{ name, user: { tokenFile: join(directory, 'token') } }],
  });
  return { document, directory };
};

/** An empty file is none, as for kubectl. */
const holdsText = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );

/**
 * Finds and reads the kubeconfig: the input, then `KUBECONFIG`, then the home directory, then the service account of a pod.
 * @param secrets is told of every credential in it, before anything else happens
 * @throws {UserError} naming every problem at once
 */
export const loadKubeconfig = async (
  options: LoadOptions,
  env: Env,
  secrets: Secrets,
  log: (line: string) => void,
): Promise<Kubeconfig> => {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const context = { home, secrets, log };
  const given = options.kubeconfig?.trim() ? options.kubeconfig : undefined;
  const loaded = await readKubeconfigValue(
    given ?? env['KUBECONFIG'] ?? '',
    given === undefined ? 'the variable KUBECONFIG' : 'the input "kubeconfig"',
    context,
  );
  if (loaded.length > 0) return mergeDocuments(loaded);
  const own = home ? join(home, '.kube', 'config') : undefined;
  if (own !== undefined && (await holdsText(own))) return mergeDocuments(await readKubeconfigFiles([own], context, { shown: true }));
  const inCluster = await inClusterKubeconfig(env, options.serviceAccountDirectory);
  if (inCluster !== undefined) return mergeDocuments([inCluster]);
  throw new UserError([
    `No cluster was named: the input "kubeconfig" and KUBECONFIG are not set, there is no ${own ?? '~/.kube/config'} with anything in it, and this is not a pod of a cluster. Set the input "kubeconfig" to the path of one, or the input "cluster" to kind.`,
  ]);
};

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { hostAndPort } from '../http/endpoint.js';
import type { Loaded } from './read.js';
import { kubeconfigSchema } from './schema.js';

/** Where the kubelet mounts a pod's service account. */
const mounted = '/var/run/secrets/kubernetes.io/serviceaccount';
const name = 'in-cluster';

/**
 * The connection of a pod to its own cluster, in the form of a kubeconfig: the rest of the way is the same.
 * @param directory of the service account, instead of where the kubelet mounts it
 * @returns undefined where this is no pod, or one without a service account
 */
export const inClusterKubeconfig = async (
  env: Readonly<Record<string, string | undefined>>,
  directory = mounted,
): Promise<Loaded | undefined> => {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = Number(env['KUBERNETES_SERVICE_PORT'] ?? '443');
  if (!host || !Number.isInteger(port)) return undefined;
  try {
    await access(join(directory, 'token'));
  } catch {
    return undefined;
  }
  const file = kubeconfigSchema.parse({
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server: `https://${hostAndPort({ host, port })}`, 'certificate-authority': join(directory, 'ca.crt') } }],
    users: [{ name, user: { tokenFile: join(directory, 'token') } }],
  });
  return { file, directory };
};

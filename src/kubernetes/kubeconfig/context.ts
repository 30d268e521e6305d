import type { Cluster, User } from '@kubernetes/client-node';
import { UserError } from '../../model/errors.js';
import { listed } from '../../model/outcome.js';
import { didYouMean } from '../../text/did-you-mean.js';
import { nobody, type ClusterEntry, type Placed, type UserEntry } from './document.js';
import type { Kubeconfig } from './merge.js';

/** One context with what it stands for: each as client-node has it, and as it was written. */
export interface Chosen {
  readonly context: string;
  readonly cluster: Cluster;
  readonly clusterEntry: Placed<ClusterEntry>;
  /** Nobody where the context has no user: the connection is anonymous then, and trusts the same CA. */
  readonly user: User;
  readonly userEntry: Placed<UserEntry>;
}

const names = (some: Iterable<string>): string => {
  const all = [...some];
  return all.length === 0 ? 'none' : listed(all);
};

const chooseName = ({ config, contexts }: Kubeconfig, wanted: string | undefined): string => {
  const name = wanted ?? config.getCurrentContext();
  if (contexts.size === 0)
    throw new UserError([
      'The kubeconfig holds no context; fetch it again from your provider, or with "kubectl config view --raw --flatten".',
    ]);
  if (!name) throw new UserError([`The kubeconfig has no current-context; set the input "context" to one of: ${names(contexts)}.`]);
  if (contexts.has(name)) return name;
  const which = wanted === undefined ? `The current-context "${name}"` : `The context "${name}"`;
  throw new UserError([
    `${which} is not in the kubeconfig; it has: ${names(contexts)}. Set the input "context" to one of them.${didYouMean(name, [...contexts])}`,
  ]);
};

/** Why an entry that a context names cannot be had. */
const absent = (context: string, kind: 'cluster' | 'user', name: string, known: ReadonlyMap<string, unknown>): string =>
  `The context "${context}" names the ${kind} "${name}", which is not in the kubeconfig; it has: ${names(known.keys())}.${didYouMean(name, [...known.keys()])}`;

/**
 * Looks up a context with its cluster and user.
 * @param wanted name of the context; the kubeconfig's current one without
 * @throws {UserError} naming everything that is missing, with the nearest name
 */
export const chooseContext = (kubeconfig: Kubeconfig, wanted: string | undefined): Chosen => {
  const { config, clusters, users } = kubeconfig;
  const context = chooseName(kubeconfig, wanted?.trim() ? wanted.trim() : undefined);
  const named = config.getContextObject(context);
  if (named === null) throw new UserError([`The context "${context}" names no cluster; correct it in the kubeconfig.`]);
  const cluster = config.getCluster(named.cluster);
  const clusterEntry = clusters.get(named.cluster);
  // client-node's types know no context without a user.
  const userName = named.user as string | undefined;
  const user = userName === undefined ? { name: '' } : config.getUser(userName);
  const problems: string[] = [];
  if (clusterEntry === undefined) problems.push(absent(context, 'cluster', named.cluster, clusters));
  else if (cluster === null)
    problems.push('The cluster of the kubeconfig has no "server"; set it to the URL of the API server, e.g. https://host:6443.');
  if (userName !== undefined && user === null) problems.push(absent(context, 'user', userName, users));
  if (cluster === null || clusterEntry === undefined || user === null) throw new UserError(problems);
  const written = userName === undefined ? undefined : users.get(userName);
  return { context, cluster, clusterEntry, user, userEntry: { ...written, entry: written?.entry ?? nobody } };
};

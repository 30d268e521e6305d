import { UserError } from '../../model/errors.js';
import { didYouMean } from '../../text/did-you-mean.js';
import { listed } from '../../model/outcome.js';
import type { ClusterEntry, Kubeconfig, Placed, UserEntry } from './schema.js';

/** One context with what it stands for. */
export interface Chosen {
  readonly context: string;
  readonly cluster: Placed<ClusterEntry>;
  /** Absent where the context has no user: the connection is anonymous then, and trusts the same CA. */
  readonly user?: Placed<UserEntry> | undefined;
}

const names = (map: ReadonlyMap<string, unknown>): string => (map.size === 0 ? 'none' : listed([...map.keys()]));

const chooseName = (kubeconfig: Kubeconfig, wanted: string | undefined): string => {
  const { contexts, currentContext } = kubeconfig;
  const name = wanted ?? currentContext;
  if (contexts.size === 0)
    throw new UserError([
      'The kubeconfig holds no context; fetch it again from your provider, or with "kubectl config view --raw --flatten".',
    ]);
  if (name === undefined)
    throw new UserError([`The kubeconfig has no current-context; set the input "context" to one of: ${names(contexts)}.`]);
  if (contexts.has(name)) return name;
  const which = wanted === undefined ? `The current-context "${name}"` : `The context "${name}"`;
  throw new UserError([
    `${which} is not in the kubeconfig; it has: ${names(contexts)}. Set the input "context" to one of them.${didYouMean(name, [...contexts.keys()])}`,
  ]);
};

/**
 * Looks up a context with its cluster and user.
 * @param wanted name of the context; the kubeconfig's current one without
 * @throws {UserError} naming everything that is missing, with the nearest name
 */
export const chooseContext = (kubeconfig: Kubeconfig, wanted: string | undefined): Chosen => {
  const context = chooseName(kubeconfig, wanted?.trim() ? wanted.trim() : undefined);
  const entry = kubeconfig.contexts.get(context);
  const cluster = kubeconfig.clusters.get(entry?.cluster ?? '');
  const user = entry?.user === undefined ? undefined : kubeconfig.users.get(entry.user);
  const problems: string[] = [];
  if (entry?.cluster === undefined) problems.push(`The context "${context}" names no cluster; correct it in the kubeconfig.`);
  else if (cluster === undefined)
    problems.push(
      `The context "${context}" names the cluster "${entry.cluster}", which is not in the kubeconfig; it has: ${names(kubeconfig.clusters)}.${didYouMean(entry.cluster, [...kubeconfig.clusters.keys()])}`,
    );
  if (entry?.user !== undefined && user === undefined)
    problems.push(
      `The context "${context}" names the user "${entry.user}", which is not in the kubeconfig; it has: ${names(kubeconfig.users)}.${didYouMean(entry.user, [...kubeconfig.users.keys()])}`,
    );
  if (cluster === undefined || problems.length > 0) throw new UserError(problems);
  return { context, cluster, ...(user?.entry === undefined ? {} : { user: { ...user, entry: user.entry } }) };
};

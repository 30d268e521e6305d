import { KubeConfig } from '@kubernetes/client-node';
import { UserError } from '../../model/errors.js';
import { duplicatesOf } from '../../text/shape.js';
import type { ClusterEntry, Placed, UserEntry } from './document.js';
import type { Loaded } from './read.js';

/** Several files as one, by kubectl's rules: of every name the first entry wins, and the first current-context. */
export interface Kubeconfig {
  /** The entries that are complete. */
  readonly config: KubeConfig;
  /** Names of all contexts, also of those that name no cluster. */
  readonly contexts: ReadonlySet<string>;
  /** All entries as they were written, with what client-node drops of them. */
  readonly clusters: ReadonlyMap<string, Placed<ClusterEntry>>;
  readonly users: ReadonlyMap<string, Placed<UserEntry | undefined>>;
}

interface Merged extends Kubeconfig {
  readonly contexts: Set<string>;
  readonly clusters: Map<string, Placed<ClusterEntry>>;
  readonly users: Map<string, Placed<UserEntry | undefined>>;
}

const addDocument = ({ config, contexts, clusters, users }: Merged, { document, directory }: Loaded): void => {
  const own = new KubeConfig();
  // It throws for an entry that lacks something; what lacks something matters only where it is asked for.
  own.loadFromString(JSON.stringify(document), { onInvalidEntry: 'filter' });
  // By itself it refuses a name that is there, and takes the last current-context.
  for (const context of own.getContexts()) if (!contexts.has(context.name)) config.addContext(context);
  for (const cluster of own.getClusters()) if (!clusters.has(cluster.name)) config.addCluster(cluster);
  for (const user of own.getUsers()) if (!users.has(user.name)) config.addUser(user);
  for (const { name } of document.contexts) contexts.add(name);
  for (const { name, cluster } of document.clusters) if (!clusters.has(name)) clusters.set(name, { entry: cluster, directory });
  for (const { name, user } of document.users) if (!users.has(name)) users.set(name, { entry: user, directory });
  if (!config.getCurrentContext() && document['current-context'] !== undefined) config.setCurrentContext(document['current-context']);
};

/**
 * Puts files together.
 * @param loaded in the order in which they were named
 * @throws {UserError} where a file has two entries of one name
 */
export const mergeDocuments = (loaded: readonly Loaded[]): Kubeconfig => {
  const problems = loaded.flatMap(({ document }) =>
    (['contexts', 'clusters', 'users'] as const).flatMap((kind) =>
      duplicatesOf(document[kind].map(({ name }) => name)).map(
        (name) => `The kubeconfig has several ${kind} of the name "${name}" in one file; keep one.`,
      ),
    ),
  );
  if (problems.length > 0) throw new UserError(problems);
  const merged: Merged = { config: new KubeConfig(), contexts: new Set(), clusters: new Map(), users: new Map() };
  for (const one of loaded) addDocument(merged, one);
  return merged;
};

import type { ClusterEntry, ContextEntry, UserEntry } from './schema.js';

/** An entry, and the directory that its relative paths start from; none where the kubeconfig came as text. */
export interface Placed<T> {
  readonly entry: T;
  readonly directory?: string | undefined;
}

/** Several files as one, by kubectl's rules: of every name the first entry wins. */
export interface Kubeconfig {
  readonly currentContext?: string | undefined;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, Placed<ClusterEntry>>;
  readonly users: ReadonlyMap<string, Placed<UserEntry | undefined>>;
}

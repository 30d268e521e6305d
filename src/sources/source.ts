import type { Facts } from '../model/fact.js';
import type { Tier } from '../model/outcome.js';
import type { Api, Network } from '../model/ports.js';

/** What a source uses of the runtime and of the user's inputs. */
export interface SourceContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends everything that the source started. */
  readonly signal: AbortSignal;
  /** Progress for people, one line each, without secrets. */
  readonly log: (line: string) => void;
  /** Registers a value that must never be shown; called before anything could print it. */
  readonly secret: (value: string) => void;
  /** A directory of this run, for files that must not outlive it; mode 0700. */
  readonly directory: string;
}

/** A cluster to ask. */
export interface LiveCluster {
  readonly live: true;
  readonly api: Api;
  /** The same cluster, asked until `close` whatever ended the run: for giving back what was made in it. */
  readonly lasting: Api;
  readonly network: Network;
  /** The text of a kubeconfig for a program that is to ask the same cluster, with the login as it is at this moment: a secret as a whole. */
  readonly kubeconfig: () => Promise<string>;
  /**
   * Settles with the cluster's first answer, and rejects with a `UserError` where it cannot be had, so that a run need not wait for it before it asks
   * everything else. Absent where `open` has waited for it.
   */
  readonly reachable?: Promise<void> | undefined;
}

/** A cluster, opened. */
export interface Opened {
  readonly name: string;
  /** e.g. `kubeconfig`, `kind`, `snapshot`: the source's name. */
  readonly source: string;
  /** For people, without secrets: the context and the server's host, or when a snapshot was recorded. */
  readonly detail: string;
  /** Sentences that every report shows. */
  readonly caveats: readonly string[];
  /** A live cluster to ask, or facts that were recorded earlier and the moment of it (ISO 8601). */
  readonly cluster: LiveCluster | { readonly live: false; readonly facts: Facts; readonly recordedAt: string; readonly tier: Tier };
  /** The path of a kubeconfig for later steps, mode 0600, where the source made one. */
  readonly kubeconfig?: string | undefined;
  /** Gives back everything; never throws, answers with warnings. */
  readonly close: () => Promise<readonly string[]>;
}

/**
 * Where a cluster comes from.
 * @throws {UserError} from `open`, where the cluster cannot be had: every problem named, with what to do
 */
export interface Source<Options> {
  readonly name: string;
  readonly open: (options: Options, context: SourceContext) => Promise<Opened>;
}

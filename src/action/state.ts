import type { CommandFiles } from '../github/command-files.js';
import type { ClusterInputs } from '../inputs/cluster.js';
import type { RawInputs } from '../inputs/layers.js';
import { readJson } from '../text/read-json.js';
import type { ResourceKind } from '../run/runtime.js';

/** The names under which the main step saves what a later process may have to give back. */
export const stateNames = {
  /** What deleting the kind cluster takes. */
  'kind-cluster': 'kind-cluster',
  /** The name of a run that acts. */
  sandbox: 'acting-run',
  /** The name of an end-to-end run that is to go with the job. */
  'e2e-run': 'e2e-run',
} as const satisfies Readonly<Record<ResourceKind, string>>;

/** Stands there once all is given back: not every runner keeps an empty value. */
export const nothingLeft = 'none';

/** The name under which the way to the cluster is saved. */
export const connectionState = 'connection';

/** Saves how the cluster is reached, but for the kubeconfig, which is a secret: a config file may have changed by the post step. */
export const saveConnection = (runner: Pick<CommandFiles, 'saveState'>, cluster: ClusterInputs): void => {
  if (cluster.from !== 'kubeconfig') return;
  const { context, connection } = cluster;
  const settings = {
    ...(context === undefined ? {} : { context }),
    'exec-plugins': connection.execPlugins,
    'requests.timeout': `${connection.requestTimeoutMs}ms`,
  };
  runner.saveState(connectionState, JSON.stringify(settings));
};

/** The settings that were saved; undefined if there are none, or they cannot be read. */
export const parseConnection = (saved: string): RawInputs | undefined => {
  if (saved === '') return undefined;
  try {
    const read = readJson(saved);
    return typeof read === 'object' && read !== null && Object.values(read).every((value) => typeof value === 'string')
      ? (read as RawInputs)
      : undefined;
  } catch {
    return undefined;
  }
};

import type { Inputs } from './inputs.js';
import { recordedObjection } from './inputs-recorded.js';
import embedded from './sources/embedded/good.json' with { type: 'json' };
import type { KindState } from './sources/kind/clean-up.js';
import { kubeconfigDefaults, kubeconfigSource } from './sources/kubeconfig/index.js';
import { snapshotSource } from './sources/snapshot.js';
import type { Opened, SourceContext } from './sources/source.js';
import { ClusterError, UserError } from './model/errors.js';

/** What opening a cluster takes of the world. */
export interface OpenContext extends SourceContext {
  /** Called before a kind cluster is made, with what deleting it takes: a later process may have to. False: no later process will know of it. */
  readonly onCreatingCluster?: (state: KindState) => boolean | undefined;
  /** Called with the folder of kind's logs, where its cluster did not come up. */
  readonly onKindLogs?: (folder: string) => void;
  /** True where a later process gives a kind cluster back, so that closing leaves it. */
  readonly leaveCluster: boolean;
}

const open = async (inputs: Inputs, context: OpenContext): Promise<Opened> => {
  const shared = { ...kubeconfigDefaults, execPlugins: inputs.execPlugins, requestTimeoutMs: inputs.requestTimeoutMs };
  switch (inputs.cluster.from) {
    case 'kubeconfig':
      return kubeconfigSource.open({ ...shared, kubeconfig: inputs.kubeconfig, context: inputs.context, firstAnswer: 'later' }, context);
    case 'kind': {
      const { kubernetesVersion, config, image, version, keep } = inputs.kind;
      const { kindSource } = await import(/* webpackMode: "eager" */ './sources/kind/kind.js');
      const source = kindSource({
        openKubeconfig: (path, kindContext) => kubeconfigSource.open({ ...shared, kubeconfig: path }, kindContext),
        ...(context.onCreatingCluster === undefined ? {} : { onCreating: context.onCreatingCluster }),
        ...(context.onKindLogs === undefined ? {} : { onLogs: context.onKindLogs }),
      });
      const options = {
        waitMs: inputs.timeoutMs,
        keep: keep || context.leaveCluster,
        ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
        ...(config === undefined ? {} : { config }),
        ...(image === undefined ? {} : { image }),
        ...(version === undefined ? {} : { kindVersion: version }),
      };
      return source.open(options, context);
    }
    case 'snapshot':
      return snapshotSource.open({ file: inputs.cluster.file, name: inputs.cluster.file }, context);
    case 'embedded':
      return snapshotSource.open({ text: JSON.stringify(embedded), name: 'that comes with the program' }, context);
  }
};

/** What everyone must know who reads a report on the recorded example. */
const exampleCaveat = 'This is a recorded example that comes with the program: no cluster of yours was looked at.';

const asClusterError = (error: unknown): never => {
  throw error instanceof UserError ? new ClusterError(error.problems, { cause: error }) : error;
};

/** The same cluster, whose first answer fails as `openCluster` itself does. */
const told = (opened: Opened): Opened => {
  const { cluster } = opened;
  if (!cluster.live || cluster.reachable === undefined) return opened;
  const reachable = cluster.reachable.catch(asClusterError);
  reachable.catch(() => undefined);
  return { ...opened, cluster: { ...cluster, reachable } };
};

/**
 * Opens the cluster that the inputs name. Its first answer may still be under way: see `LiveCluster.reachable`.
 * @throws {ClusterError} where it cannot be had, with every problem
 * @throws {UserError} where upstream's report is asked for, and the recording is of a cluster that is none of a provider's
 */
export const openCluster = async (inputs: Inputs, context: OpenContext): Promise<Opened> => {
  const opened = told(await open(inputs, context).catch(asClusterError));
  const objection = inputs.cluster.from === 'snapshot' ? recordedObjection(inputs, opened.source) : undefined;
  if (objection !== undefined) throw new UserError([objection]);
  return inputs.cluster.from === 'embedded' ? { ...opened, source: 'embedded', caveats: [exampleCaveat, ...opened.caveats] } : opened;
};

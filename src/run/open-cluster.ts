import type { ClusterInputs, ConnectionInputs, KindInputs } from '../inputs/cluster.js';
import embedded from '../sources/embedded/good.json' with { type: 'json' };
import { snapshotSource } from '../sources/snapshot.js';
import type { Opened, SourceContext } from '../sources/source.js';
import { ClusterError, UserError } from '../model/errors.js';
import type { Runtime } from './runtime.js';

/** What opening a cluster uses of the runtime. */
export type OpenContext = SourceContext & Pick<Runtime, 'onResource' | 'onKindLogs' | 'leaveCluster'>;

/** A recorded cluster takes no connection: it is not loaded then. */
const loadKubeconfigSource = () => import(/* webpackMode: "eager" */ '../sources/kubeconfig.js');

const openKind = async (kind: KindInputs, connection: ConnectionInputs, context: OpenContext): Promise<Opened> => {
  const [{ kindSource }, { kubeconfigDefaults, kubeconfigSource }] = await Promise.all([
    import(/* webpackMode: "eager" */ '../sources/kind/kind.js'),
    loadKubeconfigSource(),
  ]);
  const source = kindSource({
    openKubeconfig: (path, kindContext) => kubeconfigSource.open({ ...kubeconfigDefaults, ...connection, kubeconfig: path }, kindContext),
    onCreating: (state) => context.onResource('kind-cluster', state.name, JSON.stringify(state)),
    onLogs: context.onKindLogs,
  });
  const { version: kindVersion, keep, ...options } = kind;
  return source.open({ ...options, kindVersion, keep: keep || context.leaveCluster }, context);
};

const openSource = async (inputs: ClusterInputs, context: OpenContext): Promise<Opened> => {
  switch (inputs.from) {
    case 'kubeconfig': {
      const { kubeconfig, context: name, connection } = inputs;
      const { kubeconfigDefaults, kubeconfigSource } = await loadKubeconfigSource();
      return kubeconfigSource.open({ ...kubeconfigDefaults, ...connection, kubeconfig, context: name, firstAnswer: 'later' }, context);
    }
    case 'kind':
      return openKind(inputs.kind, inputs.connection, context);
    case 'snapshot':
      return snapshotSource.open({ file: inputs.file, name: inputs.file }, context);
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
const withClusterErrors = (opened: Opened): Opened => {
  const { cluster } = opened;
  if (!cluster.live || cluster.reachable === undefined) return opened;
  const reachable = cluster.reachable.catch(asClusterError);
  reachable.catch(() => undefined);
  return { ...opened, cluster: { ...cluster, reachable } };
};

/**
 * Opens the cluster that the inputs name. Its first answer may still be under way: see `LiveCluster.reachable`.
 * @throws {ClusterError} if it cannot be had, with every problem
 */
export const openCluster = async (inputs: ClusterInputs, context: OpenContext): Promise<Opened> => {
  const opened = withClusterErrors(await openSource(inputs, context).catch(asClusterError));
  return inputs.from === 'embedded' ? { ...opened, source: 'embedded', caveats: [exampleCaveat, ...opened.caveats] } : opened;
};

import { openshiftLabel, type Node } from '../../facts/nodes.js';
import { hasControlPlaneRole, hasEtcdRole } from '../../facts/support/node-roles.js';
import { listed } from '../../model/outcome.js';

/** The parts of a control plane that are looked for as pods, and where OpenShift runs them. */
const openshiftNamespaces = { 'API server': 'openshift-kube-apiserver', etcd: 'openshift-etcd' } as const;
type Part = keyof typeof openshiftNamespaces;

/**
 * What is known where no pod of some parts can be seen. That they are hosted elsewhere never is: K3s, MicroK8s, k0s and RKE run them as processes
 * of nodes, OpenShift in namespaces of their own.
 * @param nodes all that can be seen
 */
const unseen = (parts: readonly [Part, ...Part[]], nodes: readonly Node[]): string => {
  const one = parts.length === 1;
  const named = nodes.filter(({ labels }) => hasControlPlaneRole(labels) || (parts.includes('etcd') && hasEtcdRole(labels)));
  const what = `No ${parts.join(' pod and no ')} pod can be seen`;
  if (named.some(({ labels }) => Object.hasOwn(labels, openshiftLabel))) {
    const namespaces = parts.map((part) => openshiftNamespaces[part]).join(' and ');
    return `${what}: OpenShift runs ${one ? 'it in the namespace' : 'them in the namespaces'} ${namespaces}, which this check does not list`;
  }
  const process = one ? 'it is hosted elsewhere, or runs as a process' : 'they are hosted elsewhere, or run as processes';
  const nodesNamed = `of the ${named.length === 1 ? 'node' : 'nodes'} ${listed(named.map(({ name }) => name))}`;
  return `${what}: ${process} ${named.length === 0 ? 'of a node' : nodesNamed}`;
};

/** What is said where no API server pod can be seen. Never a pass. */
export const noApiServerPod = (nodes: readonly Node[]): string => unseen(['API server'], nodes);
/** What is said where neither an API server pod nor one of etcd can be seen. Never a pass. */
export const noControlPlanePod = (nodes: readonly Node[]): string => unseen(['API server', 'etcd'], nodes);

const anywhere = 'is hosted elsewhere, runs as a process of a node, or runs in another namespace';
/** The same where the nodes are not at hand. */
export const hiddenControlPlane = `No API server pod can be seen in kube-system: the control plane ${anywhere}`;
export const hiddenEtcd = `No etcd pod can be seen in kube-system: etcd ${anywhere}`;

/**
 * Labels that call a node a control plane: kubeadm and most makers, RKE1, older kubeadm and kOps, MicroK8s.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane
 */
export const controlPlaneRoles = [
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/controlplane',
  'node-role.kubernetes.io/master',
  'node.kubernetes.io/microk8s-controlplane',
] as const;

/** MicroK8s runs the control plane as a process of its nodes, and workloads beside it. */
const microk8s = 'node.kubernetes.io/microk8s-controlplane';

/** Labels that call a node a worker: OpenShift, RKE and many others; kOps. */
export const workerRoles = ['node-role.kubernetes.io/worker', 'node-role.kubernetes.io/node'] as const;

/** A node that runs etcd: RKE, K3s, RKE2. */
export const etcdRole = 'node-role.kubernetes.io/etcd';

type Labels = Readonly<Record<string, string>>;
const carries = (labels: Labels, some: readonly string[]): boolean => some.some((label) => Object.hasOwn(labels, label));

/** A role is the presence of its label, whatever the value. Whoever may label nodes can call any node a control plane. */
export const hasControlPlaneRole = (labels: Labels): boolean => carries(labels, controlPlaneRoles);
/** Said to be a worker, maybe beside a control-plane role: OpenShift's schedulable masters, RKE's nodes for everything. */
export const hasWorkerRole = (labels: Labels): boolean => carries(labels, workerRoles);
export const hasEtcdRole = (labels: Labels): boolean => carries(labels, [etcdRole]);
/** A control plane of MicroK8s, which takes workloads unless somebody taints it. */
export const isMicrok8s = (labels: Labels): boolean => carries(labels, [microk8s]);

/** Keys of taints that makers set on nodes of the control plane; Typhoon's is `controller`. */
const taintsOfControlPlanes: readonly string[] = [...controlPlaneRoles, 'node-role.kubernetes.io/controller'];
const isControlPlaneTaint = (key: string): boolean => taintsOfControlPlanes.includes(key);

/**
 * Whether a node is called a control plane: by its role, or by its taint where a maker sets no role (Typhoon, Charmed Kubernetes). Whether it is
 * one, only its pods show.
 */
export const isCalledControlPlane = ({
  labels,
  taints = [],
}: {
  readonly labels: Labels;
  readonly taints?: readonly string[] | undefined;
}): boolean => hasControlPlaneRole(labels) || taints.some(isControlPlaneTaint);

/**
 * Keys of further taints that keep a node free of its users' workloads: nodes of etcd (RKE, RKE2, Harvester), pools for the parts of the cluster
 * itself (AKS, EKS, K3s), OpenShift's arbiter, infrastructure and storage nodes.
 * https://learn.microsoft.com/azure/aks/use-system-pools
 * https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/machine_management/creating-infrastructure-machinesets
 */
const reservingTaints: readonly string[] = [
  etcdRole,
  'CriticalAddonsOnly',
  'node-role.kubernetes.io/arbiter',
  'node-role.kubernetes.io/infra',
  'node.ocs.openshift.io/storage',
];
/** Whether a taint reserves a node for the cluster itself. Taints of other keys, such as those of nodes with GPUs, only sort workloads. */
export const isReservingTaint = (key: string): boolean => isControlPlaneTaint(key) || reservingTaints.includes(key);
/** Whether a taint has the form of a role: what the node is for, nobody but its operator knows. */
export const isRoleTaint = (key: string): boolean => key.startsWith('node-role.kubernetes.io/');

/**
 * Whether a taint speaks of the node's state of the moment (not ready, cordoned, short of memory, not yet set up) and not of what the node is for.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 */
export const isPassingTaint = (key: string): boolean =>
  ['node.kubernetes.io/', 'node.cloudprovider.kubernetes.io/', 'node.cluster.x-k8s.io/', 'node.cilium.io/'].some((prefix) =>
    key.startsWith(prefix),
  );

/** Whether no lasting taint keeps ordinary pods away from a node; false where its taints were not recorded. */
export const takesWorkloads = ({ taints }: { readonly taints?: readonly string[] | undefined }): boolean =>
  taints !== undefined && taints.every(isPassingTaint);

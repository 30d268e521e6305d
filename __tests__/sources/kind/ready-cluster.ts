import { ok, type Answer } from '../../helpers/fact-ports.js';

const condition = (type: string, status = 'True', reason = '', message = ''): unknown => ({ type, status, reason, message });

export const node = (name: string, labels: Record<string, string> = {}, ready = condition('Ready')): unknown => ({
  metadata: { name, labels },
  status: { conditions: [ready] },
});
export const controlPlane = (name: string): unknown => node(name, { 'node-role.kubernetes.io/control-plane': '' });
export const notReadyNode = (name: string, reason: string, message: string): unknown =>
  node(name, {}, condition('Ready', 'False', reason, message));
export const pod = (name: string, nodeName: string, component?: string): unknown => ({
  metadata: { name, labels: component === undefined ? {} : { component } },
  spec: { nodeName },
  status: { phase: 'Running', conditions: [condition('Ready')] },
});
export const waitingPod = (name: string, reason: string, message: string): unknown => ({
  metadata: { name },
  spec: {},
  status: {
    phase: 'Pending',
    conditions: [condition('Ready', 'False', 'ContainersNotReady')],
    containerStatuses: [{ state: { waiting: { reason, message } } }],
  },
});
export const deployment = (name: string, available = 'True', observedGeneration = 1): unknown => ({
  metadata: { name, generation: 1 },
  status: { observedGeneration, conditions: [condition('Available', available, 'MinimumReplicasUnavailable')] },
});
export const daemonSet = (name: string, desiredNumberScheduled: number, numberReady: number): unknown => ({
  metadata: { name, generation: 1 },
  status: { observedGeneration: 1, desiredNumberScheduled, numberReady },
});

export const list = (items: readonly unknown[]): Answer => ok({ metadata: {}, items });

export const paths = {
  nodes: '/api/v1/nodes',
  pods: '/api/v1/namespaces/kube-system/pods',
  deployments: '/apis/apps/v1/namespaces/kube-system/deployments',
  daemonSets: '/apis/apps/v1/namespaces/kube-system/daemonsets',
  storagePods: '/api/v1/namespaces/local-path-storage/pods',
  storageDeployments: '/apis/apps/v1/namespaces/local-path-storage/deployments',
  account: '/api/v1/namespaces/default/serviceaccounts/default',
} as const;

export const systemPods: readonly unknown[] = [
  ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((component) => pod(`${component}-c1`, 'c1', component)),
  pod('coredns-1', 'w1'),
];

/** The answers of an API server whose three nodes and system are ready. */
export const readyCluster = (changed: Readonly<Record<string, Answer>> = {}): Readonly<Record<string, Answer>> => ({
  [paths.nodes]: list([controlPlane('c1'), node('w1'), node('w2')]),
  [paths.pods]: list(systemPods),
  [paths.deployments]: list([deployment('coredns')]),
  [paths.daemonSets]: list([daemonSet('kindnet', 3, 3), daemonSet('kube-proxy', 3, 3)]),
  [paths.storagePods]: list([pod('local-path-provisioner-1', 'w1')]),
  [paths.storageDeployments]: list([deployment('local-path-provisioner')]),
  [paths.account]: ok({ metadata: { name: 'default' } }),
  ...changed,
});

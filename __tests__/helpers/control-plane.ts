import type { ControlPlanePod } from '../../src/facts/control-plane-pods.js';
import type { Node } from '../../src/facts/nodes.js';

const flagsOf = (base: Readonly<Record<string, string>>, changes: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...base, ...changes }).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** The judged flags of an API server as kubeadm 1.36 starts it. */
const kubeadmFlags = {
  'authorization-mode': 'Node,RBAC',
  'client-ca-file': '/etc/kubernetes/pki/ca.crt',
  'enable-admission-plugins': 'NodeRestriction',
  'etcd-cafile': '/etc/kubernetes/pki/etcd/ca.crt',
  'etcd-certfile': '/etc/kubernetes/pki/apiserver-etcd-client.crt',
  'etcd-keyfile': '/etc/kubernetes/pki/apiserver-etcd-client.key',
  'etcd-servers': 'https://127.0.0.1:2379',
  'service-cluster-ip-range': '10.96.0.0/16',
} as const;

/** The judged flags of an etcd member as kubeadm 1.36 starts it. */
const kubeadmEtcdFlags = {
  'cert-file': '/etc/kubernetes/pki/etcd/server.crt',
  'client-cert-auth': 'true',
  'key-file': '/etc/kubernetes/pki/etcd/server.key',
  'listen-client-urls': 'https://127.0.0.1:2379,https://172.18.0.2:2379',
  'listen-peer-urls': 'https://172.18.0.2:2380',
  'peer-cert-file': '/etc/kubernetes/pki/etcd/peer.crt',
  'peer-client-cert-auth': 'true',
  'peer-key-file': '/etc/kubernetes/pki/etcd/peer.key',
  'peer-trusted-ca-file': '/etc/kubernetes/pki/etcd/ca.crt',
  'trusted-ca-file': '/etc/kubernetes/pki/etcd/ca.crt',
} as const;

type Changes = Readonly<Record<string, string | undefined>>;
const pod = (name: string, node: string, flags: Record<string, string>): ControlPlanePod => ({
  name,
  node,
  hostNetwork: true,
  running: true,
  flags,
});

/** An API server's pod; an undefined flag is not set. */
export const apiServer = (changes: Changes = {}, node = 'cp-1'): ControlPlanePod =>
  pod(`kube-apiserver-${node}`, node, flagsOf(kubeadmFlags, changes));
/** An etcd member's pod; an undefined flag is not set. */
export const etcdMember = (changes: Changes = {}, node = 'cp-1'): ControlPlanePod =>
  pod(`etcd-${node}`, node, flagsOf(kubeadmEtcdFlags, changes));

/** `/flagz` of kubeadm's API server: all values, lists in brackets. */
export const flagz = (changes: Changes = {}): { flags: Record<string, string> } => ({
  flags: flagsOf(
    {
      ...kubeadmFlags,
      'admission-control': '[]',
      'authorization-mode': '[Node,RBAC]',
      'disable-admission-plugins': '[]',
      'enable-admission-plugins': '[NodeRestriction]',
      'enable-priority-and-fairness': 'true',
      'etcd-servers': '[https://127.0.0.1:2379]',
      'max-mutating-requests-inflight': '200',
      'max-requests-inflight': '400',
      'min-request-timeout': '1800',
    },
    changes,
  ),
});

/** A node with one internal address. */
export const nodeAt = (name: string, internalIP: string): Node => ({
  name,
  labels: {},
  ready: true,
  kubeletVersion: 'v1.36.3',
  externalIPs: [],
  internalIPs: [internalIP],
});

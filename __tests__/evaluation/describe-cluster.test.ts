import { describe, expect, test } from '@jest/globals';
import { describeCluster, describedFacts } from '../../src/evaluation/describe-cluster.js';
import type { Workload } from '../../src/facts/workloads.js';
import type { Facts } from '../../src/model/fact.js';

const node = (name: string, podFamilies?: readonly string[], ready = true): object => ({
  name,
  labels: {},
  ready,
  kubeletVersion: 'v1.36.3',
  externalIPs: [],
  internalIPs: [],
  ...(podFamilies === undefined ? {} : { podFamilies }),
});
const daemonSet = (name: string, images: readonly string[], ready = 3): Workload => ({
  namespace: 'kube-system',
  name,
  kind: 'DaemonSet',
  images,
  appName: '',
  desired: 3,
  ready,
});

const kind: Facts = {
  'server-version': { gitVersion: 'v1.36.3' },
  nodes: [node('a', ['IPv4']), node('b', ['IPv4']), node('c', ['IPv4'], false)],
  'kube-apiserver-pods': [{ name: 'kube-apiserver-a', node: 'a', hostNetwork: true, running: true, flags: {} }],
  workloads: [daemonSet('kindnet', ['docker.io/kindest/kindnetd:v20260820-69b56db7'])],
  'api-groups': [],
  'ingress-classes': [],
  'gateway-classes': { served: false, classes: [] },
  'load-balancer-services': { services: 0, withAddress: 0 },
  'network-families': { services: ['IPv4'], by: 'ServiceCIDR' },
  'storage-classes': [
    { name: 'standard', provisioner: 'rancher.io/local-path', defaultBy: 'annotation', expandable: false, createdAt: '', parameters: {} },
  ],
};
const rowsOf = (facts: Facts): Record<string, string> =>
  Object.fromEntries(describeCluster(facts).map(({ label, value }) => [label, value]));

test('a cluster of kind', () => {
  expect(rowsOf(kind)).toEqual({
    Kubernetes: 'v1.36.3',
    Nodes: '3, 2 ready',
    'Control plane': 'visible: 1 API server pod',
    'Network plugin': 'kindnet v20260820-69b56db7 (3 of 3 ready)',
    'Ingress classes': 'none',
    'Gateway API classes': 'the Gateway API is not served',
    'LoadBalancer support': 'not shown: no Service of type LoadBalancer to see it by',
    'Pod network': 'IPv4',
    'Service network': 'IPv4',
    'Default storage class': 'standard: rancher.io/local-path',
  });
});

test.each<readonly [string, Facts, string, string]>([
  [
    'a hidden control plane',
    { 'kube-apiserver-pods': [] },
    'Control plane',
    'hidden: no API server pod can be seen; it is hosted elsewhere, or does not run as a pod of kube-system',
  ],
  ['no node at all', { nodes: [] }, 'Nodes', 'none seen'],
  ['both families', { nodes: [node('a', ['IPv4', 'IPv6'])] }, 'Pod network', 'IPv4 and IPv6'],
  [
    'nodes without pod CIDRs',
    { nodes: [node('a', [])] },
    'Pod network',
    'not known: the nodes carry no pod CIDR, the network plugin hands out addresses by itself',
  ],
  [
    'an older snapshot without families',
    { nodes: [node('a')] },
    'Pod network',
    'not known: the nodes carry no pod CIDR, the network plugin hands out addresses by itself',
  ],
  ['a family by the Service alone', { 'network-families': { services: ['IPv6'], by: 'Service' } }, 'Service network', 'at least IPv6'],
  [
    'Services that wait for an address',
    { 'load-balancer-services': { services: 2, withAddress: 1 } },
    'LoadBalancer support',
    '1 of 2 Services of type LoadBalancer have an address',
  ],
  [
    'ingress classes',
    {
      'ingress-classes': [
        { name: 'a', controller: 'k8s.io/ingress-nginx', isDefault: true },
        { name: 'b', controller: '', isDefault: false },
      ],
    },
    'Ingress classes',
    'a (default): k8s.io/ingress-nginx, b: no controller',
  ],
  [
    'a gateway class that nobody accepted',
    { 'gateway-classes': { served: true, classes: [{ name: 'a', controller: 'x', accepted: false }] } },
    'Gateway API classes',
    'a: x (not accepted)',
  ],
  ['the Gateway API without a class', { 'gateway-classes': { served: true, classes: [] } }, 'Gateway API classes', 'none'],
  ['no default storage class', { 'storage-classes': [] }, 'Default storage class', 'none'],
])('%s', (_, facts, label, value) => {
  expect(rowsOf({ ...kind, ...facts })[label]).toBe(value);
});

describe('the network plugin', () => {
  test.each<readonly [string, readonly Workload[], readonly string[], string]>([
    [
      'Calico from a mirror',
      [daemonSet('calico-node', ['r.example.com:5000/quay/calico/node:v3.30.1'])],
      [],
      'Calico v3.30.1 (3 of 3 ready)',
    ],
    [
      'the image of the plugin, not of its helper',
      [daemonSet('cilium', ['example.com/helper:v9', 'quay.io/cilium/cilium:v1.18.2'])],
      [],
      'Cilium v1.18.2 (3 of 3 ready)',
    ],
    ['an image without a tag', [daemonSet('weave-net', ['weaveworks/weave-kube'], 0)], [], 'Weave Net of unknown version (0 of 3 ready)'],
    [
      'Flannel',
      [daemonSet('kube-flannel-ds', ['ghcr.io/flannel-io/flannel:v0.27'])],
      [],
      'Flannel v0.27 (3 of 3 ready, known not to enforce NetworkPolicy)',
    ],
    ['Canal', [daemonSet('canal', ['docker.io/calico/node:v3.30'])], ['crd.projectcalico.org'], 'Canal v3.30 (3 of 3 ready)'],
    [
      'two plugins at once',
      [daemonSet('aws-node', ['amazon-k8s-cni:v1']), daemonSet('calico-node', ['calico/node:v3'])],
      [],
      'Amazon VPC CNI v1 (3 of 3 ready), Calico v3 (3 of 3 ready)',
    ],
    ['a group whose DaemonSet cannot be seen', [], ['cilium.io'], 'Cilium by its API group; no DaemonSet of it seen'],
    ['a plugin that nobody knows', [], [], 'not recognised: no DaemonSet of a network plugin that is known here'],
  ])('%s', (_, workloads, groups, value) => {
    expect(rowsOf({ ...kind, workloads, 'api-groups': groups.map((group) => ({ group, versions: [] })) })['Network plugin']).toBe(value);
  });

  test('discovery that fails does not hide a DaemonSet', () => {
    expect(rowsOf({ ...kind, 'api-groups': { unavailable: 'forbidden', detail: 'no' } })['Network plugin']).toContain('kindnet');
  });
});

test('each row says why it is not known where its fact is absent, and stays short', () => {
  const absent = Object.fromEntries(
    describedFacts.map((fact) => [fact.name, { unavailable: 'forbidden', detail: `GET /it: 403 ${'x'.repeat(9_000)}` }]),
  );
  const rows = describeCluster(absent);
  expect(rows.map((row) => row.label)).toEqual(Object.keys(rowsOf(kind)));
  for (const { value } of rows) {
    expect(value).toMatch(/^not known: GET \/it: 403/);
    expect(value.length).toBeLessThan(400);
  }
});

test('a snapshot that holds nothing', () => {
  for (const { value } of describeCluster({})) expect(value).toMatch(/^not known: .*not part of this snapshot/);
});

test('thousands of ingress classes do not fill the report', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => ({ name: `c${i}`, controller: 'x', isDefault: false }));
  expect(rowsOf({ ...kind, 'ingress-classes': many })['Ingress classes']).toContain('and 4990 more');
});

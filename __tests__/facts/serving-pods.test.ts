import { expect, test } from '@jest/globals';
import { servingPods } from '../../src/facts/serving-pods.js';
import { asking, cannot, outcomeOf } from '../helpers/asked.js';

type Container = Readonly<Record<string, unknown>>;
const pod = (name: string, node: string, container: Container, labels: Readonly<Record<string, string>> = {}): unknown => ({
  metadata: { name, labels },
  spec: { nodeName: node, containers: [container] },
  status: { phase: 'Running' },
});
const apiServerOn = (node: string): unknown =>
  pod(
    `kube-apiserver-${node}`,
    node,
    { command: ['kube-apiserver', '--etcd-servers=https://127.0.0.1:2379'] },
    { component: 'kube-apiserver' },
  );

/** A cluster whose API server answers as it was asked, by node and by label. */
const cluster = (pods: readonly unknown[]) => asking(() => ({ status: 200, body: { kind: 'PodList', metadata: {}, items: pods } }));

test('by image and command on the nodes of the API servers, whatever their labels; flags that are not judged stay there', async () => {
  const { ports, asked } = cluster([
    apiServerOn('cp-1'),
    apiServerOn('cp-2'),
    pod('kube-scheduler-cp-1', 'cp-1', { command: ['kube-scheduler', '--port=0', '--secure-port', '10259', '--kubeconfig=/etc/x'] }),
    pod('wrapped', 'cp-1', {
      command: ['/go-runner', '--log-file=/var/log/x'],
      args: ['/usr/local/bin/kube-controller-manager', '--port=10252'],
    }),
    pod('by-image', 'cp-2', { image: 'registry.example.org/kube-scheduler-amd64:v1.22.1@sha256:0', args: ['--port=10251'] }),
    pod('shell', 'cp-2', { command: ['/bin/sh', '-c', 'exec kube-scheduler --leader-elect >>/var/log/x'] }),
    pod('exporter', 'cp-2', { image: 'example.org/exporter:1', args: ['--target=kube-scheduler', '--port=9'] }),
    pod('kube-scheduler-w', 'worker-1', { command: ['kube-scheduler', '--port=10251'] }),
  ]);
  expect(await servingPods.collect(ports)).toEqual([
    { component: 'kube-scheduler', name: 'by-image', flags: { port: '10251' } },
    { component: 'kube-scheduler', name: 'kube-scheduler-cp-1', flags: { port: '0', 'secure-port': '10259' } },
    { component: 'kube-scheduler', name: 'shell', flags: {} },
    { component: 'kube-controller-manager', name: 'wrapped', flags: { port: '10252' } },
  ]);
  expect(asked.filter(({ path }) => path.includes('spec.nodeName'))).toHaveLength(2);
});

test('no API server pod: no node’s pods are listed, and none is found', async () => {
  const { ports, asked } = cluster([]);
  expect(await servingPods.collect(ports)).toEqual([]);
  expect(asked.filter(({ path }) => path.includes('/pods?') && path.includes('spec.nodeName'))).toEqual([]);
});

test('pods may not be listed', async () => {
  const { ports } = asking(() => cannot('list', 'pods'));
  expect(await outcomeOf(servingPods, ports)).toMatchObject({ unavailable: 'forbidden' });
});

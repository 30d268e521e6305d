import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apiServerPods, etcdPods } from '../../src/facts/control-plane-pods.js';
import { flagBoolean, flagList, parseEtcdVariables, parseFlags } from '../../src/facts/support/flags.js';
import type { ApiRequest } from '../../src/model/ports.js';
import { factPorts, refused } from '../helpers/fact-ports.js';

const pod = (name: string, containers: readonly unknown[], spec: Readonly<Record<string, unknown>> = {}) => ({
  metadata: { name, namespace: 'kube-system', labels: { tier: 'control-plane' } },
  spec: { nodeName: 'cp-1', hostNetwork: true, containers, ...spec },
  status: { phase: 'Running' },
});
const server = {
  name: 'kube-apiserver',
  image: 'registry.k8s.io/kube-apiserver:v1.36.3',
  command: ['kube-apiserver', '--etcd-servers=https://127.0.0.1:2379', '--secret=x'],
};
const etcd = {
  name: 'etcd',
  image: 'registry.k8s.io/etcd:3.6.8-0',
  command: ['etcd', '--client-cert-auth=true', '--data-dir=/var/lib/etcd'],
};

/** kube-system with its selectors: by label, and by node. */
const kubeSystem = (
  byLabel: Readonly<Record<string, readonly { readonly metadata: object }[]>>,
  byNode: Readonly<Record<string, readonly unknown[]>> = {},
) => {
  const ports = factPorts({});
  const asked: string[] = [];
  const request = (req: ApiRequest) => {
    const query = new URL(req.path, 'https://c').searchParams;
    const [label, field] = [query.get('labelSelector'), query.get('fieldSelector')];
    asked.push(label ?? field ?? 'everything');
    const component = label?.replace('component=', '') ?? '';
    const labelled = (byLabel[component] ?? []).map((p) => ({ ...p, metadata: { ...p.metadata, labels: { component } } }));
    const items = label === null ? (byNode[field?.replace('spec.nodeName=', '') ?? ''] ?? []) : labelled;
    return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify({ metadata: {}, items }) });
  };
  const own: typeof ports = { ...ports, api: { request }, fact: (fact) => fact.collect(own) };
  return { ports: own, asked };
};

describe('pods of the control plane', () => {
  test('an API server of kubeadm: only judged flags leave the cluster', async () => {
    const { ports } = kubeSystem({ 'kube-apiserver': [pod('kube-apiserver-cp-1', [server])] });
    expect(await apiServerPods.collect(ports)).toEqual([
      { name: 'kube-apiserver-cp-1', node: 'cp-1', hostNetwork: true, running: true, flags: { 'etcd-servers': 'https://127.0.0.1:2379' } },
    ]);
  });

  test.each<[string, object]>([
    ['by its command', server],
    ['by an image for one architecture', { image: 'example.org/kube-apiserver-arm64:v1', args: ['--x=y'] }],
  ])("a sidecar's flags are not the API server's, known %s", async (_, own) => {
    const sidecar = { name: 'konnectivity', command: ['/proxy', '--client-ca-file=/sidecar.crt'] };
    const { ports } = kubeSystem({ 'kube-apiserver': [pod('kube-apiserver-cp-1', [sidecar, own])] });
    expect((await apiServerPods.collect(ports))[0]?.flags['client-ca-file']).toBeUndefined();
  });

  test('flags in args, the program named by its image', async () => {
    const bare = {
      name: 'server',
      image: 'example.org:5000/mirror/kube-apiserver:v1@sha256:0',
      args: ['--etcd-servers', 'https://10.0.0.1:2379'],
    };
    const { ports } = kubeSystem({ 'kube-apiserver': [pod('a', [bare])] });
    expect((await apiServerPods.collect(ports))[0]?.flags['etcd-servers']).toBe('https://10.0.0.1:2379');
  });

  test('a pod that waits for its node', async () => {
    const waiting = { metadata: { name: 'a' } as object, spec: { containers: [server] }, status: { phase: 'Pending' } };
    const { ports } = kubeSystem({ 'kube-apiserver': [waiting] });
    expect((await apiServerPods.collect(ports))[0]).toMatchObject({ node: '', hostNetwork: false, running: false });
  });

  test.each<[string, object, number]>([
    ['a program of the name behind a wrapper', { command: ['/go-runner', '--log-file=x', '/usr/local/bin/kube-apiserver', '--x=y'] }, 1],
    ['a line of a shell', { command: ['/bin/sh', '-c', 'mkfifo /tmp/p; (tee < /tmp/p &) ; exec /usr/local/bin/kube-apiserver --x=y'] }, 1],
    ['all in one program', { image: 'rancher/hardened-kubernetes:v1', command: ['hyperkube', 'kube-apiserver'] }, 1],
    ['an image for one architecture', { image: 'registry.k8s.io/kube-apiserver-amd64:v1', args: ['--x=y'] }, 1],
    ['a name that only begins so', { image: 'example.org/kube-apiserver-proxy:v1', command: ['/proxy'] }, 0],
    ['a flag that names it', { image: 'example.org/agent:v1', command: ['/agent', '--target=/kube-apiserver'] }, 0],
    ['the name of the container alone', { name: 'kube-apiserver', image: 'example.org/x:v1', command: ['/x'] }, 0],
    ['nothing but a label', { image: 'registry.k8s.io/pause:3.10' }, 0],
  ])('a pod with the label is an API server if it runs one: %s', async (_, container, number) => {
    const { ports } = kubeSystem({ 'kube-apiserver': [pod('a', [container])] });
    expect(await apiServerPods.collect(ports)).toHaveLength(number);
  });

  test('a proxy drops the selector: pods of kube-system are no API servers, and those of other nodes no etcd', async () => {
    const all = [
      pod('kube-apiserver-cp-1', [server]),
      pod('kube-proxy-1', [{ command: ['/usr/local/bin/kube-proxy'] }]),
      pod('etcd-w-1', [etcd], { nodeName: 'w-1' }),
    ];
    const ports = factPorts({ '/api/v1/namespaces/kube-system/pods': { status: 200, body: { metadata: {}, items: all } } });
    expect(await apiServerPods.collect(ports)).toEqual([]);
    expect(await etcdPods.collect(ports)).toEqual([]);
  });

  test('etcd by its label', async () => {
    const { ports, asked } = kubeSystem({ etcd: [pod('etcd-cp-1', [etcd])] });
    expect((await etcdPods.collect(ports))[0]?.flags).toEqual({ 'client-cert-auth': 'true' });
    expect(asked).toEqual(['component=etcd']);
  });

  test('etcd without a label, on the node of the API server', async () => {
    const other = pod('etcd-backup', [{ name: 'backup', image: 'example.org/etcd-backup:1', command: ['backup'] }]);
    const job = pod('etcd-backup-1', [{ ...etcd, command: ['/bin/sh', '-c', 'etcdctl snapshot save x'] }]) as { readonly spec: object };
    const { ports, asked } = kubeSystem(
      { 'kube-apiserver': [pod('kube-apiserver-cp-1', [server])] },
      {
        'cp-1': [
          other,
          { ...job, spec: { ...job.spec, restartPolicy: 'OnFailure' } },
          pod('my-etcd', [{ ...etcd, name: 'db', image: 'example.org/db:1', command: ['/usr/local/bin/etcd', '--trusted-ca-file=/ca'] }]),
        ],
      },
    );
    expect((await etcdPods.collect(ports)).map((p) => [p.name, p.flags])).toEqual([['my-etcd', { 'trusted-ca-file': '/ca' }]]);
    expect(asked).not.toContain('everything');
  });

  test('a hidden control plane: nothing further is listed', async () => {
    const { ports, asked } = kubeSystem({});
    expect(await etcdPods.collect(ports)).toEqual([]);
    expect(asked).toEqual(['component=etcd', 'component=kube-apiserver']);
  });

  test('pods that may not be listed are no empty list', async () => {
    const ports = factPorts({ '/api/v1/namespaces/kube-system/pods': refused(403, 'pods is forbidden') });
    await expect(apiServerPods.collect(ports)).rejects.toMatchObject({ reason: 'forbidden' });
    await expect(etcdPods.collect(ports)).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('etcd set by variables, a flag wins over its variable', async () => {
    const env = [
      { name: 'ETCD_AUTO_COMPACTION_MODE', value: 'periodic' },
      { name: 'ETCD_CLIENT_CERT_AUTH', value: 'false' },
      { name: 'ETCD_CERT_FILE' },
      { name: 'ETCD_INITIAL_CLUSTER_TOKEN', value: 'token' },
    ];
    const { ports } = kubeSystem({ etcd: [pod('etcd-cp-1', [{ ...etcd, env }])] });
    expect((await etcdPods.collect(ports))[0]?.flags).toEqual({ 'auto-compaction-mode': 'periodic', 'client-cert-auth': 'true' });
  });
});

describe('flags of a command line', () => {
  const wanted = ['enable-admission-plugins', 'client-ca-file', 'min-request-timeout', 'enable-priority-and-fairness'];
  test.each([
    [['--min-request-timeout=1200'], { 'min-request-timeout': '1200' }],
    [['-min-request-timeout=1200'], { 'min-request-timeout': '1200' }],
    [['--min-request-timeout', '1200'], { 'min-request-timeout': '1200' }],
    [['--min_request_timeout=1200'], { 'min-request-timeout': '1200' }],
    [['--enable-priority-and-fairness', '--other'], { 'enable-priority-and-fairness': 'true' }],
    [['--client-ca-file='], { 'client-ca-file': '' }],
    [['--client-ca-file=a', '--client-ca-file=b'], { 'client-ca-file': 'b' }],
    [['--enable-admission-plugins=A', '--enable-admission-plugins=B,C'], { 'enable-admission-plugins': 'A,B,C' }],
    [['sh', '-c', 'kube-apiserver --min-request-timeout=1200'], {}],
    [['--token=abc', 'min-request-timeout=1'], {}],
  ])('%j', (words, expected) => {
    expect(parseFlags(words, wanted)).toEqual(expected);
  });

  test('whatever the words: only wanted names, bounded values', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.string().map((s) => `--client-ca-file=${s}`),
          ),
        ),
        (words) => {
          for (const [name, value] of Object.entries(parseFlags(words, wanted))) {
            expect(wanted).toContain(name);
            expect(value).not.toMatch(/[\n\r]/);
            expect(value.length).toBeLessThanOrEqual(1_000);
          }
        },
      ),
    );
  });

  test.each([
    ['a,b', ['a', 'b']],
    ['[a,b]', ['a', 'b']],
    ['[]', []],
    [' a , ,b', ['a', 'b']],
    [undefined, []],
  ])('a list: %j', (value, expected) => {
    expect(flagList(value)).toEqual(expected);
  });

  test.each([
    ['true', true],
    ['1', true],
    ['False', false],
    ['no', undefined],
    ['', undefined],
  ])('a boolean as Go reads it: %j', (value, expected) => {
    expect(flagBoolean(value)).toBe(expected);
  });

  test('a variable that is not wanted stays in the cluster', () => {
    expect(parseEtcdVariables([{ name: 'ETCD_ROOT_PASSWORD', value: 'x' }], ['cert-file'])).toEqual({});
  });
});

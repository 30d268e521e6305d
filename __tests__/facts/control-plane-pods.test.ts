import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apiServerPods, etcdPods } from '../../src/facts/control-plane-pods.js';
import { flagBoolean, flagList, parseEtcdVariables, parseFlags } from '../../src/facts/support/flags.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { ApiRequest } from '../../src/model/ports.js';
import { factPorts, refused } from '../helpers/fact-ports.js';

/** A pod that the kubelet runs from a file of its node. */
const mirror = { annotations: { 'kubernetes.io/config.mirror': '0' } };
const pod = (name: string, containers: readonly unknown[], spec: Readonly<Record<string, unknown>> = {}, metadata: object = mirror) => ({
  metadata: { name, namespace: 'kube-system', labels: { tier: 'control-plane' }, ...metadata },
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
  options: {
    readonly label?: string;
    readonly nodes?: readonly unknown[];
    readonly elsewhere?: number;
    /** API servers by the label `k8s-app`, beside those by `component`. */
    readonly byApp?: readonly { readonly metadata: object }[];
  } = {},
) => {
  const { label: known = 'component', nodes = [], elsewhere = 200, byApp = [] } = options;
  const ports = factPorts({});
  const asked: string[] = [];
  const request = (req: ApiRequest) => {
    const { pathname, searchParams: query } = new URL(req.path, 'https://c');
    if (pathname === '/api/v1/nodes')
      return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify({ metadata: {}, items: nodes }) });
    const [label, field] = [query.get('labelSelector'), query.get('fieldSelector')];
    asked.push(label ?? field ?? 'everything');
    const [name = '', component = ''] = (label ?? '').split('=');
    const labelled = (name === known ? (byLabel[component] ?? []) : name === 'k8s-app' ? byApp : []).map((p) => ({
      ...p,
      metadata: { ...p.metadata, labels: { [name]: component } },
    }));
    if (elsewhere !== 200 && name !== 'component') return Promise.resolve({ status: elsewhere, headers: {}, text: '{}' });
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

  const byNode = { ownerReferences: [{ kind: 'Node', name: 'cp-1' }] };
  const ofDaemonSet = { annotations: null, ownerReferences: [{ kind: 'DaemonSet', name: 'x' }] };
  const clustermesh = {
    name: 'etcd',
    image: 'quay.io/cilium/clustermesh-apiserver:v1.17.2',
    command: ['/usr/bin/etcd'],
    args: ['--data-dir=/x'],
  };
  const calico = {
    image: 'quay.io/coreos/etcd:v3.3.9',
    command: ['/usr/local/bin/etcd'],
    args: ['--listen-client-urls=http://0.0.0.0:6666'],
  };
  const loop = { ...etcd, command: ['/bin/sh', '-c', 'while true; do etcdctl snapshot save /backup/db; sleep 3600; done'] };
  test.each<[string, object, Readonly<Record<string, unknown>>, object, number]>([
    ['by the annotation of a mirror', etcd, {}, mirror, 1],
    ['by its node as owner', etcd, {}, byNode, 1],
    ["by its image's own command", { name: 'etcd', image: 'example.org/etcd:v3', args: ['--data-dir=/x'] }, {}, mirror, 1],
    ['in a line of a shell', { ...etcd, command: ['/bin/sh', '-c', 'exec etcd --data-dir=/x'] }, {}, mirror, 1],
    ['etcd-manager, whoever runs it', { image: 'kopeio/etcd-manager:3.0', command: ['/etcd-manager'] }, {}, { annotations: {} }, 1],
    ['in the network of pods', etcd, { hostNetwork: false }, mirror, 0],
    ['of a DaemonSet', etcd, {}, ofDaemonSet, 0],
    ['without an owner', etcd, {}, { annotations: {} }, 0],
    ["Cilium's clustermesh-apiserver", clustermesh, { hostNetwork: false }, ofDaemonSet, 0],
    ["Calico's own etcd", calico, {}, ofDaemonSet, 0],
    ["a backup in etcd's image", loop, {}, ofDaemonSet, 0],
    ['the same from a file of the node', loop, {}, mirror, 0],
  ])(
    'an etcd without a label is that of the cluster if it is a static pod in the network of its node: %s',
    async (_, container, spec, metadata, number) => {
      const { ports } = kubeSystem(
        { 'kube-apiserver': [pod('kube-apiserver-cp-1', [server])] },
        { 'cp-1': [pod('some-etcd', [container], spec, metadata)] },
      );
      expect(await etcdPods.collect(ports)).toHaveLength(number);
    },
  );

  test('a hidden control plane: nothing further is listed', async () => {
    const { ports, asked } = kubeSystem({});
    expect(await etcdPods.collect(ports)).toEqual([]);
    expect(asked).toEqual(['component=etcd', 'component=kube-apiserver', 'k8s-app=kube-apiserver']);
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

  test.each(['listen-client-urls', 'listen-client-http-urls', 'listen-peer-urls'])('where etcd listens: %s', async (flag) => {
    const name = `ETCD_${flag.toUpperCase().replaceAll('-', '_')}`;
    const byFlag = { ...etcd, command: [...etcd.command, `--${flag}=http://0.0.0.0:2382`] };
    const byVariable = { ...etcd, env: [{ name, value: 'http://0.0.0.0:2382' }] };
    for (const container of [byFlag, byVariable]) {
      const { ports } = kubeSystem({ etcd: [pod('etcd-cp-1', [container])] });
      expect((await etcdPods.collect(ports))[0]?.flags).toHaveProperty([flag], 'http://0.0.0.0:2382');
    }
    const hiddenOne = { ...etcd, env: [{ name, valueFrom: { configMapKeyRef: { name: 'etcd', key: 'urls' } } }] };
    const { ports } = kubeSystem({ etcd: [pod('etcd-cp-1', [hiddenOne])] });
    expect((await etcdPods.collect(ports))[0]?.flags).toEqual({});
  });

  test.each(['enable-bootstrap-token-auth', 'client-ca-file', 'authentication-config'])('how users log in: %s', async (flag) => {
    const { ports } = kubeSystem({
      'kube-apiserver': [pod('kube-apiserver-cp-1', [{ ...server, command: [...server.command, `--${flag}=true`] }])],
    });
    expect((await apiServerPods.collect(ports))[0]?.flags).toHaveProperty([flag], 'true');
  });
});

const roleNode = (name: string, role = 'node-role.kubernetes.io/control-plane') => ({ metadata: { name, labels: { [role]: '' } } });
/** kOps starts it behind a wrapper, with a sidecar that has flags of the same names. */
const kops = pod('kube-apiserver-i-0aaa', [
  { name: 'healthcheck', image: 'registry.k8s.io/kops/kube-apiserver-healthcheck:1.30.0', args: ['--client-ca-file=/sidecar.crt'] },
  {
    name: 'kube-apiserver',
    image: 'registry.k8s.io/kube-apiserver:v1.36.3',
    command: ['/go-runner', '--log-file=/x.log', '/usr/local/bin/kube-apiserver'],
    args: ['--etcd-servers=https://127.0.0.1:4001', '--client-ca-file=/ca.crt'],
  },
]);
const etcdManager = (image: string) =>
  pod('etcd-manager-main-cp-1', [
    {
      name: 'etcd-manager',
      image,
      command: ['/bin/sh', '-c', 'exec /etcd-manager --client-urls=https://__name__:4001'],
      env: [{ name: 'ETCD_CERT_FILE', value: 'x' }],
    },
  ]);

describe('pods without the label of kubeadm', () => {
  test('API servers by k8s-app (kOps, Typhoon, bootkube), with their args', async () => {
    const { ports, asked } = kubeSystem({ 'kube-apiserver': [kops] }, {}, { label: 'k8s-app' });
    expect(await apiServerPods.collect(ports)).toEqual([
      {
        name: 'kube-apiserver-i-0aaa',
        node: 'cp-1',
        hostNetwork: true,
        running: true,
        flags: { 'client-ca-file': '/ca.crt', 'etcd-servers': 'https://127.0.0.1:4001' },
      },
    ]);
    expect(asked).toEqual(['component=kube-apiserver', 'k8s-app=kube-apiserver']);
  });

  test.each([
    'node-role.kubernetes.io/control-plane',
    'node-role.kubernetes.io/controlplane',
    'node-role.kubernetes.io/master',
    'node.kubernetes.io/microk8s-controlplane',
  ])('API servers by their image on nodes with the role %s, and on no other node', async (role) => {
    const { ports } = kubeSystem(
      {},
      {
        'cp-1': [pod('server', [server]), pod('x', [{ image: 'example.org/x:1', command: ['/x', 'kube-apiserver'] }])],
        'w-1': [pod('copy', [server], { nodeName: 'w-1' })],
      },
      { nodes: [roleNode('cp-1', role), roleNode('w-1', 'node-role.kubernetes.io/worker')] },
    );
    expect((await apiServerPods.collect(ports)).map((p) => [p.name, p.node])).toEqual([['server', 'cp-1']]);
  });

  describe('of several nodes of the control plane', () => {
    const on = (node: string, container: object = server) => pod(`kube-apiserver-${node}`, [container], { nodeName: node });
    const nodes = ['cp-1', 'cp-2', 'cp-3'].map((name) => roleNode(name));
    const seenIn = async (made: ReturnType<typeof kubeSystem>) =>
      (await apiServerPods.collect(made.ports)).map((p) => [p.node, p.unseenOn ?? []]);

    test('each has the label: nothing further is asked', async () => {
      const made = kubeSystem({ 'kube-apiserver': [on('cp-1'), on('cp-2'), on('cp-3')] }, {}, { nodes });
      expect(await seenIn(made)).toEqual([
        ['cp-1', []],
        ['cp-2', []],
        ['cp-3', []],
      ]);
      expect(made.asked).toEqual(['component=kube-apiserver']);
    });

    test('the others have another label, or none', async () => {
      const made = kubeSystem({ 'kube-apiserver': [on('cp-1')] }, { 'cp-3': [on('cp-3')] }, { nodes, byApp: [on('cp-2')] });
      expect(await seenIn(made)).toEqual([
        ['cp-1', []],
        ['cp-2', []],
        ['cp-3', []],
      ]);
      expect(made.asked).toEqual(['component=kube-apiserver', 'k8s-app=kube-apiserver', 'spec.nodeName=cp-3']);
    });

    test('a node that shows none is named', async () => {
      const made = kubeSystem({ 'kube-apiserver': [on('cp-1')] }, {}, { nodes });
      expect(await seenIn(made)).toEqual([['cp-1', ['cp-2', 'cp-3']]]);
    });

    test('a further look that fails leaves what is known, and the nodes named', async () => {
      const made = kubeSystem({ 'kube-apiserver': [on('cp-1')] }, {}, { nodes, elsewhere: 500 });
      expect(await seenIn(made)).toEqual([['cp-1', ['cp-2', 'cp-3']]]);
    });

    test('a node without the role, by its taint', async () => {
      const tainted = {
        metadata: { name: 'cp-2' },
        spec: { taints: [{ key: 'node-role.kubernetes.io/controller', effect: 'NoSchedule' }] },
      };
      const made = kubeSystem({ 'kube-apiserver': [on('cp-1')] }, {}, { nodes: [tainted] });
      expect(await seenIn(made)).toEqual([['cp-1', ['cp-2']]]);
    });
  });

  test('many nodes with the role: a bounded number of requests', async () => {
    const { ports, asked } = kubeSystem({}, {}, { nodes: Array.from({ length: 500 }, (_, i) => roleNode(`n${i}`)) });
    expect(await apiServerPods.collect(ports)).toEqual([]);
    expect(asked).toHaveLength(2 + 20);
  });

  test('nodes may not be listed: what has no label stays unseen', async () => {
    const { ports } = kubeSystem({});
    const without = { ...ports, fact: () => Promise.reject(new NotAvailable('forbidden', 'GET /api/v1/nodes: 403')) };
    expect(await apiServerPods.collect(without)).toEqual([]);
  });

  test.each<[number, string | undefined]>([
    [404, undefined],
    [403, 'forbidden'],
    [500, 'server-error'],
  ])('further questions are answered with %i', async (elsewhere, reason) => {
    const { ports } = kubeSystem({}, {}, { elsewhere });
    const pods = apiServerPods.collect(ports);
    if (reason === undefined) expect(await pods).toEqual([]);
    else await expect(pods).rejects.toMatchObject({ reason });
  });

  test('a job in the image of a server is none, whatever its label', async () => {
    const job = pod('upgrade-check', [server], { restartPolicy: 'OnFailure' });
    const { ports } = kubeSystem({ 'kube-apiserver': [job], etcd: [pod('etcd-backup', [etcd], { restartPolicy: 'Never' })] });
    expect([await apiServerPods.collect(ports), await etcdPods.collect(ports)]).toEqual([[], []]);
  });

  test.each([
    'registry.k8s.io/etcdadm/etcd-manager-slim:v3.0.20240617',
    'kopeio/etcd-manager:3.0',
    'example.org/etcd-manager-slim-arm64:v3@sha256:0',
  ])('etcd-manager is etcd that shows no flags: %s', async (image) => {
    const { ports } = kubeSystem({ 'kube-apiserver': [kops] }, { 'cp-1': [etcdManager(image)] }, { label: 'k8s-app' });
    expect((await etcdPods.collect(ports)).map((p) => [p.name, p.flags])).toEqual([['etcd-manager-main-cp-1', {}]]);
  });

  test('etcd on nodes with the role, where the API server is a process', async () => {
    const { ports } = kubeSystem({}, { 's-1': [pod('etcd-s-1', [etcd], { nodeName: 's-1' })] }, { nodes: [roleNode('s-1')] });
    expect((await etcdPods.collect(ports)).map((p) => p.node)).toEqual(['s-1']);
  });
});

describe('settings of etcd that do not show: no flag is better than half of them', () => {
  const flagsOf = async (container: object) => {
    const { ports } = kubeSystem({ etcd: [pod('etcd-cp-1', [{ ...etcd, ...container }])] });
    return (await etcdPods.collect(ports))[0]?.flags;
  };
  const valueFrom = { configMapKeyRef: { name: 'etcd', key: 'x' } };
  test.each<[string, object, Record<string, string>]>([
    ['all variables from a ConfigMap', { envFrom: [{ configMapRef: { name: 'etcd' } }] }, {}],
    ['one that is judged from a ConfigMap', { env: [{ name: 'ETCD_CERT_FILE', valueFrom }] }, {}],
    ['one that is not judged', { env: [{ name: 'ETCD_NAME', valueFrom }] }, { 'client-cert-auth': 'true' }],
    ['one that a flag overrides', { env: [{ name: 'ETCD_CLIENT_CERT_AUTH', valueFrom }] }, { 'client-cert-auth': 'true' }],
    ['lists that are null', { env: null, envFrom: null, args: null }, { 'client-cert-auth': 'true' }],
    ['RKE2: flags in args', { command: ['etcd'], args: ['--config-file=/var/lib/etcd/config'] }, { 'config-file': '/var/lib/etcd/config' }],
    ['a line of a shell', { command: ['/bin/sh', '-c', 'exec etcd --client-cert-auth=true'] }, {}],
  ])('%s', async (_, container, flags) => {
    expect(await flagsOf(container)).toEqual(flags);
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

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { knownWorkloads, recogniseWorkloads } from '../../src/facts/support/known-workloads.js';
import { bounded, imageName, splitImage } from '../../src/text/bounded.js';
import { workloads } from '../../src/facts/workloads.js';
import { permissionText } from '../../src/model/permission.js';
import { anyCharacter } from '../helpers/any-character.js';
import { factPorts, ok, refused, type Answer } from '../helpers/fact-ports.js';

const list = (...items: object[]): Answer => ok({ metadata: {}, items });
const raw = (
  namespace: string,
  name: string,
  images: readonly string[],
  more: { labels?: object; replicas?: number; status?: object } = {},
): object => ({
  metadata: { namespace, name, labels: more.labels ?? {}, annotations: { note: 'hunter2' } },
  spec: {
    ...(more.replicas === undefined ? {} : { replicas: more.replicas }),
    template: { spec: { containers: images.map((image, i) => ({ name: `c${i}`, image, env: [{ name: 'TOKEN', value: 'hunter2' }] })) } },
  },
  status: more.status ?? {},
});
const answers = (daemonSets: Answer, deployments: Answer = list(), statefulSets: Answer = list()): Record<string, Answer> => ({
  '/apis/apps/v1/daemonsets': daemonSets,
  '/apis/apps/v1/deployments': deployments,
  '/apis/apps/v1/statefulsets': statefulSets,
});

describe('workloads', () => {
  test('a cluster of kind with an ingress controller', async () => {
    const found = await workloads.collect(
      factPorts(
        answers(
          list(
            raw('kube-system', 'kindnet', ['docker.io/kindest/kindnetd:v20260820-69b56db7'], {
              status: { desiredNumberScheduled: 3, numberReady: 2 },
            }),
            raw('kube-system', 'kube-proxy', ['registry.k8s.io/kube-proxy:v1.36.3'], {
              status: { desiredNumberScheduled: 3, numberReady: 3 },
            }),
          ),
          list(
            raw('kube-system', 'coredns', ['registry.k8s.io/coredns/coredns:v1.14.2']),
            raw('ingress-nginx', 'ingress-nginx-controller', ['registry.k8s.io/pause:3.10'], {
              labels: { 'app.kubernetes.io/name': 'ingress-nginx', owner: 'someone' },
              status: { readyReplicas: 1 },
            }),
          ),
        ),
      ),
    );
    expect(found).toEqual([
      {
        namespace: 'ingress-nginx',
        name: 'ingress-nginx-controller',
        kind: 'Deployment',
        images: ['registry.k8s.io/pause:3.10'],
        appName: 'ingress-nginx',
        desired: 1,
        ready: 1,
      },
      {
        namespace: 'kube-system',
        name: 'kindnet',
        kind: 'DaemonSet',
        images: ['docker.io/kindest/kindnetd:v20260820-69b56db7'],
        appName: '',
        desired: 3,
        ready: 2,
      },
    ]);
    expect(workloads.schema.safeParse(found).success).toBe(true);
  });

  test('a controller scaled to nothing, whose status says nothing', async () => {
    const [found] = await workloads.collect(factPorts(answers(list(), list(raw('t', 'traefik', ['traefik:v3.5'], { replicas: 0 })))));
    expect(found).toMatchObject({ desired: 0, ready: 0 });
  });

  test('secrets in the environment, in annotations and before the host of an image', async () => {
    const image = 'user:hunter2@registry.example.com:5000/calico/node:v3.30.1@sha256:0123456789abcdef';
    const found = await workloads.collect(factPorts(answers(list(raw('calico-system', 'calico-node', [image])))));
    expect(found[0]).toMatchObject({ images: ['registry.example.com:5000/calico/node:v3.30.1'] });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('kinds that could not be listed stand beside those that could, and only the right that was refused is missing', async () => {
    const daemonSets = list(
      raw('kube-system', 'kindnet', ['kindest/kindnetd:v1'], { status: { desiredNumberScheduled: 3, numberReady: 3 } }),
    );
    const found = await workloads.collect(
      factPorts(answers(daemonSets, refused(403, 'deployments.apps is forbidden'), refused(500, 'later'))),
    );
    expect(found).toEqual([
      expect.objectContaining({ kind: 'DaemonSet', name: 'kindnet', ready: 3 }),
      { kind: 'Deployment', unavailable: 'forbidden', detail: 'GET /apis/apps/v1/deployments: 403 deployments.apps is forbidden' },
      { kind: 'StatefulSet', unavailable: 'server-error', detail: 'GET /apis/apps/v1/statefulsets: 500 later' },
    ]);
    expect(workloads.schema.safeParse(found).success).toBe(true);
    expect(workloads.lacking?.(found).map(permissionText)).toEqual(['list deployments.apps']);
  });
  test('where no kind can be listed the first reason stands for the whole', async () => {
    const ports = factPorts(answers(refused(500, 'later'), refused(403, 'no'), refused(403, 'no')));
    await expect(workloads.collect(ports)).rejects.toMatchObject({ reason: 'server-error' });
  });
});

describe('recognising', () => {
  const rows: readonly (readonly [string, string, string, string, readonly string[], readonly string[]])[] = [
    ['Calico by its name', 'DaemonSet', 'calico-node', '', ['mirror.example.com/c:v1'], ['calico']],
    ['Calico by its image from a mirror', 'DaemonSet', 'net', '', ['mirror.example.com:5000/quay/calico/node:v3'], ['calico']],
    [
      'Canal, which runs two images of others',
      'DaemonSet',
      'rke2-canal',
      '',
      ['rancher/calico/node:v3', 'rancher/flannel/flannel:v1'],
      ['canal'],
    ],
    ['Cilium on GKE', 'DaemonSet', 'anetd', '', ['gke.gcr.io/cilium/cilium:v1'], ['cilium']],
    ['Flannel', 'DaemonSet', 'kube-flannel-ds', '', ['ghcr.io/flannel-io/flannel:v0.27.0'], ['flannel']],
    ['a Deployment named like a network plugin', 'Deployment', 'kindnet', '', ['x'], []],
    ['an image that only ends like another', 'DaemonSet', 'net', '', ['example.com/notcalico/node:v3'], []],
    ['ingress-nginx under another release name', 'Deployment', 'edge-ingress-nginx-controller', '', ['x'], ['ingress-nginx']],
    ['ingress-nginx by its label', 'Deployment', 'edge', 'ingress-nginx', ['x'], ['ingress-nginx']],
    ['the default backend of ingress-nginx', 'Deployment', 'ingress-nginx-defaultbackend', 'ingress-nginx', ['x'], []],
    ['the operator of Cilium', 'Deployment', 'cilium-operator', '', ['quay.io/cilium/operator-generic:v1.18'], ['cilium-ingress']],
    ['Kyverno', 'Deployment', 'kyverno-admission-controller', '', ['ghcr.io/kyverno/kyverno:v1.15'], ['kyverno']],
    ['a workload that nobody knows', 'Deployment', 'shop', 'shop', ['example.com/shop:1'], []],
  ];
  test.each(rows)('%s', (_, kind, name, appName, images, ids) => {
    expect(recogniseWorkloads({ kind, name, appName, images }).map((known) => known.id)).toEqual(ids);
  });

  test.each<[string, string, readonly string[], readonly string[]]>([
    ['nginx-ingress-controller', 'nginx-ingress', ['docker.io/nginx/nginx-ingress:4.0.1'], ['nginx-ingress']],
    ['nginx-ingress-controller', '', ['mirror.example.com/team/nginx-ingress:4.0.1'], ['nginx-ingress']],
    ['nginx-ingress-controller', '', ['private-registry.nginx.com/nginx-ic-nap/nginx-plus-ingress:4.0.1'], ['nginx-ingress']],
    ['edge-kubernetes-ingress', '', ['ghcr.io/nginx/kubernetes-ingress:5.0.0'], ['nginx-ingress']],
    ['nginx-ingress-controller', 'nginx-ingress', ['x'], ['nginx-ingress']],
    ['ingress-nginx-controller', 'nginx-ingress', ['x'], ['nginx-ingress']],
    ['ingress-nginx-controller', 'ingress-nginx', ['docker.io/nginx/nginx-ingress:4.0.1'], ['nginx-ingress']],
    ['nginx-ingress-controller', '', ['quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.33.0'], ['ingress-nginx']],
    ['edge-nginx-ingress', '', ['registry.k8s.io/ingress-nginx/controller:v1.12.0'], ['ingress-nginx']],
    ['shop-nginx-ingress-controller', 'nginx-ingress-controller', ['bitnami/nginx-ingress-controller:1.12'], ['ingress-nginx']],
    // Two programs are called so, and nothing else tells which of them it is.
    ['nginx-ingress-controller', '', ['example.com/edge:1'], []],
    ['traefik', 'kong', ['x'], ['kong']],
    ['traefik', '', ['docker.io/haproxytech/kubernetes-ingress:3'], ['haproxytech']],
    // What does something else is no other program of the same role.
    ['kyverno', '', ['docker.io/traefik:v3'], ['traefik', 'kyverno']],
  ])('%s, labelled "%s", with the image %j: a surer sign of another program outweighs the name', (name, appName, images, ids) => {
    expect(recogniseWorkloads({ kind: 'Deployment', name, appName, images }).map((known) => known.id)).toEqual(ids);
  });

  test('whatever its name, a workload with the image of one program of a role is no other program of that role', () => {
    const imaged = knownWorkloads.filter(({ images }) => images.length > 0);
    const named = knownWorkloads.filter(({ names, runs }) => names.length > 0 && runs === undefined);
    for (const runs of imaged)
      for (const called of named.filter(({ role }) => role === runs.role))
        for (const name of called.names)
          for (const image of runs.images) {
            const kind = runs.role === 'cni' ? 'DaemonSet' : 'Deployment';
            const found = recogniseWorkloads({ kind, name, appName: '', images: [`mirror.example.com/${image}:v1`] });
            expect([name, image, found.filter(({ role }) => role === runs.role).map(({ id }) => id)]).toEqual([name, image, [runs.id]]);
          }
  });
});

describe('image names', () => {
  test.each([
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
    ['registry.k8s.io/pause:3.10@sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a', 'registry.k8s.io/pause:3.10'],
    ['user:pass@example.com/x:1', 'example.com/x:1'],
    ['', '(no image reference)'],
    ['::error::x', '(no image reference)'],
    ['x\n##[group]y', '(no image reference)'],
    ['<script>', '(no image reference)'],
  ])('%j', (reference, name) => {
    expect(imageName(reference)).toBe(name);
  });

  test('the port of a registry is no tag', () => {
    expect(splitImage('example.com:5000/calico/node')).toEqual({ repository: 'example.com:5000/calico/node', tag: '' });
    expect(splitImage('example.com:5000/calico/node:v3')).toEqual({ repository: 'example.com:5000/calico/node', tag: 'v3' });
  });

  test('any text comes out short and in one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 2_000 }), (text) => {
        expect(imageName(text).length).toBeLessThanOrEqual(300);
        expect(imageName(text)).toMatch(/^(?:[a-zA-Z0-9][a-zA-Z0-9._:/-]*|\(no image reference\))$/);
        expect(bounded(text, 50).length).toBeLessThanOrEqual(50);
        expect(bounded(text, 50)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

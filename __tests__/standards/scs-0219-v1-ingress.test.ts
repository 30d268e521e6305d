import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { knownWorkloads } from '../../src/facts/support/known-workloads.js';
import type { Workload } from '../../src/facts/workloads.js';
import { scs0219v1 } from '../../src/standards/scs-0219-v1.js';
import { workloadOfController } from '../../src/standards/support/ingress-controllers.js';
import {
  forbidden,
  ingressClass,
  nginx,
  odd,
  ofNginx,
  unlisted,
  workload,
  settleNetworking as settle,
  type Seen,
} from '../helpers/networking.js';

const optional = 'the option may be an add-on of the offer';

describe('managed-ingress', () => {
  const rows: readonly (readonly [string, Seen, string, string])[] = [
    [
      'a class whose controller runs',
      { classes: [ofNginx], workloads: [nginx()] },
      'pass',
      'IngressClass "nginx" is served by ingress-nginx',
    ],
    [
      'a class of a second instance',
      { classes: [ingressClass('x', 'k8s.io/ingress-nginx-internal')], workloads: [nginx()] },
      'pass',
      'runs',
    ],
    ['a class whose controller has no ready pod', { classes: [ofNginx], workloads: [nginx(0)] }, 'abort', 'has no ready pod'],
    ['a class whose controller was taken away', { classes: [ofNginx] }, 'abort', 'no workload of the cluster is known as it'],
    [
      'a class of one controller, and another one that runs',
      { classes: [ofNginx], workloads: [workload('Deployment', 'traefik')] },
      'abort',
      'No IngressClass is seen to be served',
    ],
    ['a controller that runs, and no class', { workloads: [nginx()] }, 'abort', `The cluster has no IngressClass; ${optional}`],
    [
      'only the default backend is left',
      { classes: [ofNginx], workloads: [workload('Deployment', 'ingress-nginx-defaultbackend', 1, { appName: 'ingress-nginx' })] },
      'abort',
      'No IngressClass is seen to be served',
    ],
    ['a controller that is not known here', { classes: [odd] }, 'abort', 'IngressClass "odd" names a controller that is not known here'],
    ['a controller of a hosted offer', { classes: [ingressClass('alb', 'eks.amazonaws.com/alb')] }, 'abort', 'runs outside of the cluster'],
    ['one not known, beside one that runs', { classes: [odd, ofNginx], workloads: [nginx()] }, 'pass', 'IngressClass "nginx"'],
    ['one not known, beside one that does not run', { classes: [odd, ofNginx], workloads: [nginx(0)] }, 'abort', 'IngressClass "odd"'],
    ['a class that names no controller', { classes: [ingressClass('bare', '')] }, 'abort', 'names no controller'],
    ['a controller named like a property of every object', { classes: [ingressClass('x', 'constructor')] }, 'abort', 'constructor'],
    [
      'Cilium, whose operator serves the class',
      { classes: [ingressClass('cilium', 'cilium.io/ingress-controller')], workloads: [workload('Deployment', 'cilium-operator', 2)] },
      'pass',
      'Cilium',
    ],
    [
      'a controller as a StatefulSet',
      { classes: [ingressClass('f5', 'nginx.org/ingress-controller')], workloads: [workload('StatefulSet', 'nginx-ingress')] },
      'pass',
      'NGINX',
    ],
    ['classes that may not be listed', { classes: forbidden, workloads: [nginx()] }, 'abort', '403'],
    ['workloads that may not be listed', { classes: [ofNginx], workloads: forbidden }, 'abort', '403'],
  ];
  test.each(rows)('%s', (_, seen, outcome, message) => {
    expect(settle('managed-ingress', seen)).toMatchObject({ outcome, message: expect.stringContaining(message) });
  });
});

/** IngressClasses of many offers, and what serves each. */
const offers: readonly (readonly [title: string, controller: string, served: Workload])[] = [
  ['Octavia, under a name that its provider chose', 'openstack.org/octavia', workload('StatefulSet', 'octavia-ingress-controller')],
  [
    'Octavia, from a mirror',
    'ingress.example.com/octavia-ingress-controller',
    workload('Deployment', 'lb', 1, { images: ['mirror.example.com/provider-os/octavia-ingress-controller:v1.34.0'] }),
  ],
  [
    'Traefik of K3s',
    'traefik.io/ingress-controller',
    workload('Deployment', 'traefik', 1, { images: ['rancher/mirrored-library-traefik:3.3.6'] }),
  ],
  ['HAProxy Ingress', 'haproxy-ingress.github.io/controller', workload('DaemonSet', 'haproxy-ingress')],
  ['HAProxy of HAProxy Technologies', 'haproxy.org/ingress-controller/haproxy', workload('Deployment', 'haproxy-kubernetes-ingress')],
  ['Contour', 'projectcontour.io/ingress-controller', workload('Deployment', 'contour')],
  ['Kong', 'ingress-controllers.konghq.com/kong', workload('Deployment', 'x', 1, { appName: 'kong' })],
  ['NGINX of F5', 'nginx.org/ingress-controller', workload('Deployment', 'edge-nginx-ingress')],
  ['AWS', 'ingress.k8s.aws/alb', workload('Deployment', 'aws-load-balancer-controller')],
  ['AKS with Application Gateway', 'azure/application-gateway', workload('Deployment', 'ingress-appgw-deployment')],
  [
    'AKS with application routing',
    'webapprouting.kubernetes.azure.com/nginx',
    workload('Deployment', 'nginx', 1, { images: ['mcr.microsoft.com/oss/kubernetes/ingress/nginx-ingress-controller:v1.11.5'] }),
  ],
  [
    'a second instance of AKS’ application routing',
    'webapprouting.kubernetes.azure.com/nginx/internal',
    workload('Deployment', 'nginx-internal-0', 1, {
      images: ['mcr.microsoft.com/oss/kubernetes/ingress/nginx-ingress-controller:v1.11.5'],
    }),
  ],
  ['OpenShift', 'openshift.io/ingress-to-route', workload('Deployment', 'router-default')],
  ['Istio', 'istio.io/ingress-controller', workload('Deployment', 'istiod')],
  ['APISIX', 'apisix.apache.org/apisix-ingress-controller', workload('Deployment', 'apisix-ingress-controller')],
  ['Emissary', 'getambassador.io/ingress-controller', workload('Deployment', 'emissary-ingress')],
  ['Avi', 'ako.vmware.com/avi-lb', workload('StatefulSet', 'ako')],
  ['F5 BIG-IP', 'f5.com/cntr-ingress-svcs', workload('Deployment', 'k8s-bigip-ctlr')],
  ['NetScaler', 'citrix.com/ingress-controller', workload('Deployment', 'netscaler-ingress-controller')],
  ['Oracle', 'oci.oraclecloud.com/native-ingress-controller', workload('Deployment', 'oci-native-ingress-controller')],
  ['ngrok', 'ngrok.com/ingress-controller', workload('Deployment', 'ngrok-operator-manager')],
  ['Tailscale', 'tailscale.com/ts-ingress', workload('Deployment', 'operator', 1, { images: ['tailscale/k8s-operator:v1.82.0'] })],
];

describe('offers', () => {
  test.each(offers)('%s: %s', (_, controller, served) => {
    const classes = [ingressClass('class', controller, true)];
    for (const id of ['managed-ingress', 'default-ingress-class']) {
      expect(settle(id, { classes, workloads: [served] }).outcome).toBe('pass');
      expect(settle(id, { classes, workloads: [{ ...served, ready: 0 }] }).outcome).toBe('abort');
      expect(settle(id, { classes }).outcome).toBe('abort');
      expect(settle(id, { classes: [ingressClass('class', 'example.com/odd', true)], workloads: [served] }).outcome).toBe('abort');
    }
  });

  test('every controller that is known by name is a workload that is known', () => {
    for (const [, controller] of offers) {
      const id = workloadOfController(controller);
      expect(knownWorkloads.filter((known) => known.id === id).map((known) => known.role)).toEqual(['ingress-controller']);
    }
  });
});

describe('default-ingress-class', () => {
  const ofNginxAt = (createdAt?: string) => ingressClass('nginx', 'k8s.io/ingress-nginx', true, createdAt);
  const ofDefault = ofNginxAt();
  const ofTraefik = (createdAt?: string) => ingressClass('traefik', 'traefik.io/ingress-controller', true, createdAt);
  const traefik = workload('Deployment', 'traefik');
  const rows: readonly (readonly [string, Seen, string, string])[] = [
    [
      'one default class whose controller runs',
      { classes: [ofDefault, odd], workloads: [nginx()] },
      'pass',
      '"nginx" is served by ingress-nginx',
    ],
    ['one whose controller does not run', { classes: [ofDefault], workloads: [nginx(0)] }, 'abort', 'has no ready pod'],
    ['one whose controller is not there', { classes: [ofDefault] }, 'abort', 'no workload of the cluster is known as it'],
    [
      'one whose controller is not known here',
      { classes: [ingressClass('a', 'x', true), ofNginx], workloads: [nginx()] },
      'abort',
      'not known here',
    ],
    [
      'two default classes of unknown age, and both controllers run',
      { classes: [ofDefault, ofTraefik()], workloads: [nginx(), traefik] },
      'pass',
      'is not known, but each is served: "nginx" is served by ingress-nginx, which runs, "traefik" is served by Traefik, which runs',
    ],
    [
      'two default classes of unknown age, and one controller runs',
      { classes: [ofDefault, ofTraefik()], workloads: [nginx()] },
      'abort',
      'IngressClass "traefik" names Traefik, and no workload',
    ],
    [
      'two default classes, and the controller of the newest runs',
      { classes: [ofNginxAt('2026-01-02T00:00:00Z'), ofTraefik('2026-01-01T00:00:00Z')], workloads: [nginx()] },
      'pass',
      '("nginx", "traefik"), and an Ingress without a class gets the newest of them. The default IngressClass "nginx" is served',
    ],
    [
      'two default classes, and only the controller of the older one runs',
      { classes: [ofNginxAt('2026-01-01T00:00:00Z'), ofTraefik('2026-01-02T00:00:00Z')], workloads: [nginx()] },
      'abort',
      'IngressClass "traefik" names Traefik',
    ],
    [
      'two default classes of one age: the first by name is used',
      { classes: [ofNginxAt('2026-01-01T00:00:00Z'), ofTraefik('2026-01-01T00:00:00Z')], workloads: [nginx()] },
      'pass',
      'The default IngressClass "nginx" is served',
    ],
    [
      'two default classes, one of them of unknown age',
      { classes: [ofNginxAt('2026-01-02T00:00:00Z'), ofTraefik()], workloads: [nginx()] },
      'abort',
      'IngressClass "traefik" names Traefik',
    ],
    [
      'two default classes, and workloads that may not be listed',
      { classes: [ofDefault, ofTraefik()], workloads: forbidden },
      'abort',
      'Whether a controller serves a default IngressClass is not known',
    ],
    [
      'classes, and none is the default',
      { classes: [odd, ofNginx], workloads: [nginx()] },
      'abort',
      `None of 2 IngressClasses is the default: "odd", "nginx"; ${optional}`,
    ],
    ['no class at all', {}, 'abort', optional],
    ['classes that may not be listed', { classes: forbidden, workloads: [nginx()] }, 'abort', '403'],
    [
      'workloads that may not be listed',
      { classes: [ofDefault], workloads: forbidden },
      'abort',
      'Whether a controller serves a default IngressClass is not known',
    ],
  ];
  test.each(rows)('%s', (_, seen, outcome, message) => {
    expect(settle('default-ingress-class', seen)).toMatchObject({ outcome, message: expect.stringContaining(message) });
  });
});

describe('a class whose controller does not run is not taken for one whose controller does', () => {
  const second = (ready: number): Workload =>
    workload('Deployment', 'internal-ingress-nginx-controller', ready, { namespace: 'internal', appName: 'ingress-nginx' });
  const f5 = workload('Deployment', 'nginx-ingress-controller', 1, {
    images: ['docker.io/nginx/nginx-ingress:4.0.1'],
    appName: 'nginx-ingress',
  });
  const rows: readonly (readonly [string, controller: string, Workload[] | object, outcome: string, message: string])[] = [
    [
      'another program of a similar name',
      'k8s.io/ingress-nginx',
      [f5],
      'abort',
      'names ingress-nginx, and no workload of the cluster is known as it',
    ],
    ['that program itself', 'nginx.org/ingress-controller', [f5], 'pass', 'NGINX Ingress Controller'],
    ['two instances that run', 'k8s.io/ingress-nginx-internal', [nginx(), second(1)], 'pass', 'ingress-nginx'],
    [
      'two instances, one of which does not run',
      'k8s.io/ingress-nginx-internal',
      [nginx(), second(0)],
      'abort',
      'Deployment internal/internal-ingress-nginx-controller has no ready pod: which of them serves it is not known',
    ],
    [
      'the same, with a class of the common name',
      'k8s.io/ingress-nginx',
      [nginx(0), second(1)],
      'abort',
      'which of them serves it is not known',
    ],
    ['two instances, none of which runs', 'k8s.io/ingress-nginx', [nginx(0), second(0)], 'abort', 'which has no ready pod'],
    [
      'one instance that runs, and a kind of workload that may not be listed',
      'k8s.io/ingress-nginx',
      [nginx(), unlisted('DaemonSet')],
      'abort',
      'not all workloads can be seen (GET DaemonSet: 403; grant list daemonsets.apps)',
    ],
    [
      'a controller that is not known, and a kind that may not be listed',
      'example.com/odd',
      [unlisted('DaemonSet')],
      'abort',
      'not known here',
    ],
  ];
  test.each(rows)('%s', (_, controller, workloads, outcome, message) => {
    for (const id of ['managed-ingress', 'default-ingress-class'])
      expect(settle(id, { classes: [ingressClass('a', controller, true)], workloads })).toMatchObject({
        outcome,
        message: expect.stringContaining(message),
      });
  });
});

test('what is left open can be declared: an add-on of the offer meets the standard', () => {
  for (const id of ['managed-ingress', 'default-ingress-class'])
    expect(scs0219v1.requirements.find((r) => r.id === id)?.settledBy?.statement).toBe(true);
});

test('fewer classes or workloads, or none that may be listed, never turn what is open into a pass', () => {
  const anyClass = fc.tuple(fc.constantFrom('k8s.io/ingress-nginx', 'openstack.org/octavia', 'example.com/odd', ''), fc.boolean());
  const anyWorkload = fc.tuple(fc.constantFrom('ingress-nginx-controller', 'octavia-ingress-controller', 'shop'), fc.nat({ max: 1 }));
  let passes = 0;
  fc.assert(
    fc.property(fc.array(anyClass, { maxLength: 3 }), fc.array(anyWorkload, { maxLength: 3 }), fc.nat(), (some, running, i) => {
      const classes = some.map(([controller, isDefault], n) => ingressClass(`c${n}`, controller, isDefault));
      const workloads = running.map(([name, ready], n) => workload('Deployment', name, ready, { namespace: `n${n}` }));
      for (const id of ['managed-ingress', 'default-ingress-class']) {
        const whole = settle(id, { classes, workloads }).outcome;
        passes += Number(whole === 'pass');
        const without = workloads.filter((_, n) => n !== i % Math.max(1, workloads.length));
        // A workload that is gone is another cluster: one that is not seen is of a kind that may not be listed.
        for (const less of [
          { classes, workloads: [...without, unlisted('Deployment')] },
          { classes, workloads: forbidden },
          { classes: forbidden, workloads },
        ])
          if (whole !== 'pass') expect(['fail', 'abort']).toContain(settle(id, less).outcome);
        if (id === 'managed-ingress' && whole !== 'pass')
          expect(settle(id, { classes: classes.slice(1), workloads }).outcome).toBe('abort');
      }
    }),
  );
  expect(passes).toBeGreaterThan(0);
});

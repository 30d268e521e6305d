import { describe, expect, test } from '@jest/globals';
import { forbidden, ingressClass, nginx, odd, ofNginx, workload, settleNetworking as settle, type Seen } from '../helpers/networking.js';

describe('managed-ingress', () => {
  const rows: readonly (readonly [string, Seen, string, string])[] = [
    [
      'a class whose controller runs',
      { classes: [ofNginx], workloads: [nginx()] },
      'pass',
      'IngressClass nginx is served by ingress-nginx',
    ],
    [
      'a class of a second instance',
      { classes: [ingressClass('x', 'k8s.io/ingress-nginx-internal')], workloads: [nginx()] },
      'pass',
      'runs',
    ],
    ['a class whose controller has no ready pod', { classes: [ofNginx], workloads: [nginx(0)] }, 'fail', 'has no ready pod'],
    ['a class whose controller was taken away', { classes: [ofNginx] }, 'fail', 'no workload of the cluster is known as it'],
    [
      'a class of one controller, and another one that runs',
      { classes: [ofNginx], workloads: [workload('Deployment', 'traefik')] },
      'fail',
      'no ingress controller runs',
    ],
    ['a controller that runs, and no class', { workloads: [nginx()] }, 'fail', 'no IngressClass'],
    [
      'only the default backend is left',
      { classes: [ofNginx], workloads: [workload('Deployment', 'ingress-nginx-defaultbackend', 1, { appName: 'ingress-nginx' })] },
      'fail',
      'no ingress controller runs',
    ],
    ['a controller that is not known here', { classes: [odd] }, 'abort', 'IngressClass odd (example.com/odd)'],
    ['one not known, beside one that runs', { classes: [odd, ofNginx], workloads: [nginx()] }, 'pass', 'IngressClass nginx'],
    ['one not known, beside one that does not run', { classes: [odd, ofNginx], workloads: [nginx(0)] }, 'abort', 'IngressClass odd'],
    ['a class that names no controller', { classes: [ingressClass('bare', '')] }, 'abort', 'no controller named'],
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
  test.each(rows)('%s', (_, seen, outcome, because) => {
    expect(settle('managed-ingress', seen)).toMatchObject({ outcome, because: expect.stringContaining(because) });
  });

  test('no class passes by its name alone', () => {
    const controllers = [
      'k8s.io/ingress-nginx',
      'traefik.io/ingress-controller',
      'haproxy.org/ingress-controller/x',
      'projectcontour.io/ingress-controller',
      'ingress.k8s.aws/alb',
    ];
    for (const controller of controllers)
      expect(settle('managed-ingress', { classes: [ingressClass('x', controller)] }).outcome).toBe('fail');
  });
});

test.each<readonly [string, Seen, string]>([
  ['one default class', { classes: [ingressClass('a', 'x', true), odd] }, 'pass'],
  ['two default classes', { classes: [ingressClass('a', 'x', true), ingressClass('b', 'x', true)] }, 'fail'],
  ['classes, and none is the default', { classes: [odd, ofNginx] }, 'fail'],
  ['no class at all', {}, 'fail'],
  ['classes that may not be listed', { classes: forbidden }, 'abort'],
])('default-ingress-class: %s', (_, seen, outcome) => {
  expect(settle('default-ingress-class', seen).outcome).toBe(outcome);
});

test('two default ingress classes are named', () => {
  const classes = [ingressClass('a', 'x', true), ingressClass('b', 'x', true)];
  expect(settle('default-ingress-class', { classes }).because).toContain('a, b');
});

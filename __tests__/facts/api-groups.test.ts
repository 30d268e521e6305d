import { describe, expect, test } from '@jest/globals';
import { apiGroups, servedVersions } from '../../src/facts/api-groups.js';
import { clusterNetworkPolicies } from '../../src/facts/cluster-network-policies.js';
import { gatewayClasses } from '../../src/facts/gateway-classes.js';
import { hadOf, lackingOf } from '../../src/facts/support/parts.js';
import { NotAvailable } from '../../src/model/errors.js';
import { permissionText } from '../../src/model/permission.js';
import { factPorts, ok, refused, type Answer } from '../helpers/fact-ports.js';

interface Served {
  readonly group: string;
  readonly versions: readonly {
    readonly version: string;
    readonly stale?: boolean;
    readonly resources: readonly (readonly [string, string])[];
  }[];
}

/** The aggregated form, as a server of 1.36 sends it. */
const aggregated = (...groups: readonly Served[]): Answer =>
  ok({
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map(({ version, stale, resources }) => ({
        version,
        freshness: stale ? 'Stale' : 'Current',
        resources: resources.map(([resource, kind]) => ({
          resource,
          responseKind: { group, version, kind },
          scope: 'Cluster',
          verbs: ['list'],
        })),
      })),
    })),
  });

const admin: Served = {
  group: 'policy.networking.k8s.io',
  versions: [
    {
      version: 'v1alpha1',
      resources: [
        ['adminnetworkpolicies', 'AdminNetworkPolicy'],
        ['baselineadminnetworkpolicies', 'BaselineAdminNetworkPolicy'],
      ],
    },
  ],
};
const calico = (group: string, version: string, stale = false): Served => ({
  group,
  versions: [{ version, stale, resources: stale ? [] : [['globalnetworkpolicies', 'GlobalNetworkPolicy']] }],
});
const apps: Served = { group: 'apps', versions: [{ version: 'v1', resources: [['deployments', 'Deployment']] }] };

describe('API groups', () => {
  const expected = [
    {
      group: 'policy.networking.k8s.io',
      versions: [
        {
          version: 'v1alpha1',
          fresh: true,
          resources: [
            { resource: 'adminnetworkpolicies', kind: 'AdminNetworkPolicy' },
            { resource: 'baselineadminnetworkpolicies', kind: 'BaselineAdminNetworkPolicy' },
          ],
        },
      ],
    },
  ];

  test('the aggregated form: one request, judged groups only', async () => {
    const ports = factPorts({ '/apis': aggregated(apps, admin) });
    expect(await apiGroups.collect(ports)).toEqual(expected);
    expect(ports.asked).toHaveLength(1);
    expect(ports.asked[0]?.headers?.['accept']).toContain('application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList');
  });

  test('an older server, which answers by the plain form', async () => {
    const ports = factPorts({
      '/apis': ok({
        kind: 'APIGroupList',
        groups: [
          { name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] },
          { name: 'policy.networking.k8s.io', versions: [{ groupVersion: 'policy.networking.k8s.io/v1alpha1', version: 'v1alpha1' }] },
        ],
      }),
      '/apis/policy.networking.k8s.io/v1alpha1': ok({
        kind: 'APIResourceList',
        resources: [
          { name: 'adminnetworkpolicies', kind: 'AdminNetworkPolicy', namespaced: false },
          { name: 'adminnetworkpolicies/status', kind: 'AdminNetworkPolicy', namespaced: false },
          { name: 'baselineadminnetworkpolicies', kind: 'BaselineAdminNetworkPolicy', namespaced: false },
        ],
      }),
    });
    expect(await apiGroups.collect(ports)).toEqual(expected);
    expect(ports.asked.map((r) => r.path)).toEqual(['/apis', '/apis/policy.networking.k8s.io/v1alpha1']);
  });

  test('the plain form, with an aggregated API server that is down', async () => {
    const ports = factPorts({
      '/apis': ok({ kind: 'APIGroupList', groups: [{ name: 'projectcalico.org', versions: [{ version: 'v3' }] }] }),
      '/apis/projectcalico.org/v3': refused(503, 'service unavailable'),
    });
    expect(await apiGroups.collect(ports)).toEqual([
      { group: 'projectcalico.org', versions: [{ version: 'v3', fresh: false, resources: [] }] },
    ]);
  });

  test('a stale group serves nothing that can be asked', async () => {
    const groups = await apiGroups.collect(factPorts({ '/apis': aggregated(calico('projectcalico.org', 'v3', true)) }));
    expect(servedVersions(groups, 'projectcalico.org', 'GlobalNetworkPolicy')).toEqual([]);
    expect(groups[0]?.versions[0]?.fresh).toBe(false);
  });

  test('a cluster that serves none of them', async () => {
    expect(await apiGroups.collect(factPorts({ '/apis': aggregated(apps) }))).toEqual([]);
  });

  test.each([
    ['a refusal', refused(403, 'no'), 'forbidden'],
    ['an answer of another kind', ok({ kind: 'Status' }), 'malformed'],
    ['a login page', ok('<html>'), 'malformed'],
    ['a connection that is refused', new NotAvailable('unreachable', 'ECONNREFUSED'), 'unreachable'],
  ] as const)('%s is no empty list', async (_, answer, reason) => {
    await expect(apiGroups.collect(factPorts({ '/apis': answer }))).rejects.toMatchObject({ reason });
  });
});

describe('cluster-wide network policies', () => {
  const policies = (...names: string[]): Answer =>
    ok({ metadata: {}, items: names.map((name) => ({ metadata: { name }, spec: { secret: 'hunter2' } })) });
  const path = '/apis/policy.networking.k8s.io/v1alpha1';

  test('one policy of one kind, none of the other', async () => {
    const ports = factPorts({
      '/apis': aggregated(admin),
      [`${path}/adminnetworkpolicies`]: policies('deny-metadata'),
      [`${path}/baselineadminnetworkpolicies`]: policies(),
    });
    const found = await clusterNetworkPolicies.collect(ports);
    expect(found).toEqual([
      { group: 'policy.networking.k8s.io', version: 'v1alpha1', kind: 'AdminNetworkPolicy', count: 1, names: ['deny-metadata'] },
      { group: 'policy.networking.k8s.io', version: 'v1alpha1', kind: 'BaselineAdminNetworkPolicy', count: 0, names: [] },
    ]);
    expect(clusterNetworkPolicies.schema.safeParse(found).success).toBe(true);
  });

  test('Calico with its own API server: the objects are counted once', async () => {
    const ports = factPorts({
      '/apis': aggregated(calico('crd.projectcalico.org', 'v1'), calico('projectcalico.org', 'v3')),
      '/apis/crd.projectcalico.org/v1/globalnetworkpolicies': policies('b', 'a'),
    });
    const found = await clusterNetworkPolicies.collect(ports);
    expect(found).toEqual([{ group: 'crd.projectcalico.org', version: 'v1', kind: 'GlobalNetworkPolicy', count: 2, names: ['a', 'b'] }]);
  });

  test('Calico whose API is stored in custom resources of its own name', async () => {
    const ports = factPorts({
      '/apis': aggregated(calico('projectcalico.org', 'v3')),
      '/apis/projectcalico.org/v3/globalnetworkpolicies': policies('a'),
    });
    expect(await clusterNetworkPolicies.collect(ports)).toMatchObject([{ group: 'projectcalico.org', count: 1 }]);
  });

  test('more policies than are named', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `p${i}-${'x'.repeat(400)}`);
    const ports = factPorts({
      '/apis': aggregated(admin),
      [`${path}/adminnetworkpolicies`]: policies(...names),
      [`${path}/baselineadminnetworkpolicies`]: policies(),
    });
    const [found] = hadOf(await clusterNetworkPolicies.collect(ports));
    expect(found?.count).toBe(60);
    expect(found?.names).toHaveLength(20);
    expect(Math.max(...(found?.names ?? []).map((name) => name.length))).toBe(253);
  });

  test('a kind that is forbidden stands beside those that are not, and only its right is missing', async () => {
    const ports = factPorts({
      '/apis': aggregated(admin),
      [`${path}/adminnetworkpolicies`]: refused(403, 'no'),
      [`${path}/baselineadminnetworkpolicies`]: policies('default'),
    });
    const found = await clusterNetworkPolicies.collect(ports);
    expect(found).toEqual([
      {
        group: 'policy.networking.k8s.io',
        kind: 'AdminNetworkPolicy',
        unavailable: 'forbidden',
        detail: `GET ${path}/adminnetworkpolicies: 403 no`,
      },
      expect.objectContaining({ kind: 'BaselineAdminNetworkPolicy', count: 1 }),
    ]);
    expect(clusterNetworkPolicies.schema.safeParse(found).success).toBe(true);
    expect(clusterNetworkPolicies.lacking?.(found).map(permissionText)).toEqual(['list adminnetworkpolicies.policy.networking.k8s.io']);
  });

  test.each<[string, readonly Served[], readonly string[]]>([
    ['the API server of Calico is down', [calico('projectcalico.org', 'v3', true)], ['projectcalico.org GlobalNetworkPolicy']],
    ['what it stores can be read all the same', [calico('projectcalico.org', 'v3', true), calico('crd.projectcalico.org', 'v1')], []],
    [
      'one version of a group is down, and another serves some of its kinds',
      [{ ...admin, versions: [...admin.versions, { version: 'v1alpha2', stale: true, resources: [] }] }],
      ['policy.networking.k8s.io ClusterNetworkPolicy'],
    ],
    ['a group without such kinds is down', [calico('gateway.networking.k8s.io', 'v1', true)], []],
  ])('%s: what a silent server serves is not known', async (_, groups, expected) => {
    const ports = factPorts({
      '/apis': aggregated(...groups),
      [`${path}/adminnetworkpolicies`]: policies(),
      [`${path}/baselineadminnetworkpolicies`]: policies(),
      '/apis/crd.projectcalico.org/v1/globalnetworkpolicies': policies(),
    });
    const unknown = lackingOf(await clusterNetworkPolicies.collect(ports));
    expect(unknown.map(({ group, kind }) => `${group} ${kind}`)).toEqual(expected);
    for (const part of unknown) {
      expect(part).toMatchObject({
        unavailable: 'server-error',
        detail: expect.stringMatching(/^GET \/apis: what serves .* does not answer$/),
      });
      expect(clusterNetworkPolicies.lacking?.([part])).toEqual([]);
    }
  });

  test('no such API: nothing to list, and nothing asked', async () => {
    const ports = factPorts({ '/apis': aggregated(apps) });
    expect(await clusterNetworkPolicies.collect(ports)).toEqual([]);
    expect(ports.asked).toHaveLength(1);
  });

  test('discovery that fails', async () => {
    await expect(clusterNetworkPolicies.collect(factPorts({ '/apis': refused(500, 'later') }))).rejects.toMatchObject({
      reason: 'server-error',
    });
  });
});

describe('gateway classes', () => {
  const gateway: Served = {
    group: 'gateway.networking.k8s.io',
    versions: [{ version: 'v1', resources: [['gatewayclasses', 'GatewayClass']] }],
  };

  test('one class that its controller accepted and one that nobody did', async () => {
    const ports = factPorts({
      '/apis': aggregated(gateway),
      '/apis/gateway.networking.k8s.io/v1/gatewayclasses': ok({
        metadata: {},
        items: [
          { metadata: { name: 'odd' }, spec: { controllerName: 'example.com/odd' } },
          {
            metadata: { name: 'cilium' },
            spec: { controllerName: 'io.cilium/gateway-controller' },
            status: { conditions: [{ type: 'Accepted', status: 'True' }] },
          },
        ],
      }),
    });
    expect(await gatewayClasses.collect(ports)).toEqual({
      served: true,
      classes: [
        { name: 'cilium', controller: 'io.cilium/gateway-controller', accepted: true },
        { name: 'odd', controller: 'example.com/odd', accepted: false },
      ],
    });
  });

  test('a cluster without the Gateway API', async () => {
    expect(await gatewayClasses.collect(factPorts({ '/apis': aggregated(apps) }))).toEqual({ served: false, classes: [] });
  });

  test('classes that may not be listed', async () => {
    const ports = factPorts({ '/apis': aggregated(gateway), '/apis/gateway.networking.k8s.io/v1/gatewayclasses': refused(403, 'no') });
    await expect(gatewayClasses.collect(ports)).rejects.toMatchObject({ reason: 'forbidden' });
  });
});

describe('lists that Go writes as null', () => {
  const answers = (body: unknown, more: Readonly<Record<string, Answer>> = {}) =>
    apiGroups.collect(factPorts({ '/apis': ok(body), ...more }));
  const group = { metadata: { name: 'policy.networking.k8s.io' } };
  test.each<[unknown, unknown]>([
    [{ kind: 'APIGroupDiscoveryList', items: null }, []],
    [{ kind: 'APIGroupDiscoveryList' }, []],
    [{ kind: 'APIGroupDiscoveryList', items: [{ ...group, versions: null }] }, [{ group: 'policy.networking.k8s.io', versions: [] }]],
    [
      { kind: 'APIGroupDiscoveryList', items: [{ ...group, versions: [{ version: 'v1', resources: null }] }] },
      [{ group: 'policy.networking.k8s.io', versions: [{ version: 'v1', fresh: true, resources: [] }] }],
    ],
    [{ kind: 'APIGroupList', groups: null }, []],
    [
      { kind: 'APIGroupList', groups: [{ name: 'policy.networking.k8s.io', versions: null }] },
      [{ group: 'policy.networking.k8s.io', versions: [] }],
    ],
  ])('%j', async (body, expected) => {
    expect(await answers(body)).toEqual(expected);
  });

  test.each<[string, unknown, boolean]>([
    ['resources: null', { kind: 'APIResourceList', resources: null }, true],
    ['no resources', { kind: 'APIResourceList' }, true],
    ['something else', {}, false],
  ])('the resources of one version: %s', async (_, body, accepted) => {
    const plain = { kind: 'APIGroupList', groups: [{ name: 'policy.networking.k8s.io', versions: [{ version: 'v1' }] }] };
    const seen = answers(plain, { '/apis/policy.networking.k8s.io/v1': ok(body) });
    if (accepted) expect((await seen)[0]?.versions).toEqual([{ version: 'v1', fresh: true, resources: [] }]);
    else await expect(seen).rejects.toMatchObject({ reason: 'malformed' });
  });
});

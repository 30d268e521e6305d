import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nodeLabels, nodes } from '../../src/facts/nodes.js';
import { factPorts, ok } from '../helpers/fact-ports.js';

const collect = async (raw: object) =>
  (await nodes.collect(factPorts({ '/api/v1/nodes': ok({ kind: 'NodeList', metadata: {}, items: [raw] }) })))[0];
const named = (more: object) => ({ metadata: { name: 'n' }, ...more });

describe('the zone in a provider id', () => {
  test.each<[string, string | undefined]>([
    ['scaleway://instance/fr-par-2/11111111-0000-4000-8000-000000000000', 'fr-par-2'],
    ['scaleway://11111111-0000-4000-8000-000000000000', undefined],
    ['aws:///eu-central-1a/i-0123456789abcdef0', 'eu-central-1a'],
    ['aws:///eu-central-1a/0a1b2c/fargate-ip-10-0-1-2.eu-central-1.compute.internal', 'eu-central-1a'],
    ['gce://my-project/europe-west3-a/gke-pool-1', 'europe-west3-a'],
    ['aws:////i-0123456789abcdef0', undefined],
    ['aws:///i-0123456789abcdef0', undefined],
    ['aws:///eu-central-1a/', undefined],
    ['gce://my-project/europe-west3-a', undefined],
    ['azure:///subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/p/virtualMachines/0', undefined],
    ['openstack:///0f5c1b9e-0000-4000-8000-000000000000', undefined],
    ['openstack://RegionOne/0f5c1b9e-0000-4000-8000-000000000000', undefined],
    ['kind://docker/good/good-worker', undefined],
    ['vsphere://4230ffff-0000-4000-8000-000000000000', undefined],
    ['hcloud://123', undefined],
    ['k3s://server-0', undefined],
    ['x://a/b/c/d', undefined],
    ['', undefined],
  ])('%s', async (providerID, zone) => {
    expect((await collect(named({ spec: { providerID } })))?.providerZone).toBe(zone);
  });

  test.each<[string, string | undefined]>([
    ['openstack://RegionOne/0f5c1b9e-0000-4000-8000-000000000000', 'RegionOne'],
    ['openstack:///0f5c1b9e-0000-4000-8000-000000000000', undefined],
    ['openstack://RegionOne', undefined],
    ['openstack://RegionOne/', undefined],
    ['openstack://a/b/c', undefined],
    ['aws:///eu-central-1a/i-0', undefined],
  ])('the region: %s', async (providerID, region) => {
    expect((await collect(named({ spec: { providerID } })))?.providerRegion).toBe(region);
  });

  test('whatever the text: one line of bounded length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `aws:///${s}/i-0`),
          fc.string().map((s) => `gce://p/${s}/n`),
        ),
        async (providerID) => {
          const seen = await collect(named({ spec: { providerID } }));
          for (const text of [seen?.providerZone ?? '', seen?.providerRegion ?? '']) {
            expect(text.length).toBeLessThanOrEqual(253);
            expect(text).not.toMatch(/[\n\r/]/);
          }
        },
      ),
    );
  });
});

describe('taints', () => {
  const taint = (key: string, effect: string) => ({ key, effect });
  test('those that keep pods away, each once', async () => {
    const taints = [taint('a', 'NoSchedule'), taint('b', 'PreferNoSchedule'), taint('a', 'NoExecute'), taint('c', 'NoExecute')];
    expect((await collect(named({ spec: { taints } })))?.taints).toEqual(['a', 'c']);
  });
  test.each([{}, { spec: null }, { spec: { taints: null } }, { spec: { taints: [] } }])('none: %j', async (more) => {
    expect((await collect(named(more)))?.taints).toEqual([]);
  });
  test('many that speak of the moment crowd out no lasting one', async () => {
    const many = Array.from({ length: 100 }, (_, i) => taint(`node.kubernetes.io/x${i}`, 'NoSchedule'));
    const kept = (await collect(named({ spec: { taints: [...many, taint('dedicated', 'NoSchedule')] } })))?.taints;
    expect(kept?.[0]).toBe('dedicated');
    expect(kept).toHaveLength(20);
  });
});

test.each<[string, object, string | undefined]>([
  ['a machine', {}, undefined],
  ['its label', { metadata: { name: 'n', labels: { type: 'virtual-kubelet' } } }, 'virtual-kubelet'],
  ['a label of Admiralty', { metadata: { name: 'n', labels: { 'virtual-kubelet.io/provider': 'admiralty' } } }, 'virtual-kubelet'],
  ['another type', { metadata: { name: 'n', labels: { type: 'compute' } } }, undefined],
  [
    'a taint that only prefers',
    { spec: { taints: [{ key: 'virtual-kubelet.io/provider', effect: 'PreferNoSchedule' }] } },
    'virtual-kubelet',
  ],
  ['a fake node that is none', { metadata: { name: 'n', labels: { 'vcluster.loft.sh/fake-node': 'false' } } }, undefined],
  ['KWOK', { metadata: { name: 'n', labels: { type: 'kwok' } } }, 'kwok'],
  ['metadata that is null inside', { metadata: { name: 'n', labels: null, annotations: null } }, undefined],
])('what pretends to be a node: %s', async (_, more, standIn) => {
  expect((await collect(named(more)))?.standIn).toBe(standIn);
});

test('only labels that are judged leave the cluster, in either form of a role', async () => {
  const labels = {
    ...Object.fromEntries(nodeLabels.map((label) => [label, 'true'])),
    secret: 'x',
    type: 'gpu',
    'beta.kubernetes.io/os': 'linux',
  };
  const seen = (await collect({ metadata: { name: 'n', labels } }))?.labels ?? {};
  expect(Object.keys(seen).sort()).toEqual([...nodeLabels].sort());
});

test('parts of a node that are null or absent', async () => {
  const raw = { metadata: { name: 'n' }, spec: null, status: { addresses: null, conditions: null } };
  expect(await collect(raw)).toEqual({
    name: 'n',
    labels: {},
    ready: false,
    kubeletVersion: '',
    externalIPs: [],
    internalIPs: [],
    podFamilies: [],
    taints: [],
  });
});

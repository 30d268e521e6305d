import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Node } from '../../src/facts/nodes.js';
import { scs0214v2 } from '../../src/standards/scs-0214-v2.js';
import { settleOne } from '../helpers/settle.js';
import { node } from '../helpers/topology.js';

const oldZone = 'failure-domain.beta.kubernetes.io/zone';
const oldRegion = 'failure-domain.beta.kubernetes.io/region';
const ebs = 'topology.ebs.csi.aws.com/zone';
const gke = 'topology.gke.io/zone';
const azure = 'topology.disk.csi.azure.com/zone';
const cinder = 'topology.cinder.csi.openstack.org/zone';
const vsphere = 'topology.csi.vmware.com/k8s-zone';
const vsphereRegion = 'topology.csi.vmware.com/k8s-region';
const hetzner = 'csi.hetzner.cloud/location';

interface Shown {
  readonly region?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly providerZone?: string;
  readonly providerRegion?: string;
}
/** A node with its zone label, and what else is said of its zone. */
const says = (name: string, zone: string, { region = 'r', ...more }: Shown = {}): Node => node(name, { zone, region }, more);
const current = (...nodes: readonly Node[]) => settleOne(scs0214v2.requirements, 'labels-current', { nodes });

describe('labels-current: a contradiction breaks it', () => {
  test.each<readonly [string, readonly Node[], string]>([
    [
      'the old zone label',
      [says('n', 'z2', { labels: { [oldZone]: 'z1' } })],
      `node n has topology.kubernetes.io/zone=z2 and ${oldZone}=z1`,
    ],
    [
      'the old region label',
      [says('n', 'z1', { region: 'west', labels: { [oldRegion]: 'east' } })],
      `node n has topology.kubernetes.io/region=west and ${oldRegion}=east`,
    ],
    ['AWS, the driver', [says('n', 'eu-central-1a', { labels: { [ebs]: 'eu-central-1b' } })], `and ${ebs}=eu-central-1b`],
    ['AWS, the provider id', [says('n', 'eu-central-1a', { providerZone: 'eu-central-1b' })], 'and spec.providerID=eu-central-1b'],
    ['AWS, a local zone', [says('n', 'us-west-2-lax-1a', { labels: { [ebs]: 'us-west-2-lax-1b' } })], ebs],
    ['Google, the driver', [says('n', 'europe-west3-a', { labels: { [gke]: 'europe-west3-c' } })], gke],
    ['Google, the provider id', [says('n', 'europe-west3-a', { providerZone: 'europe-west3-c' })], 'spec.providerID'],
    ['Azure', [says('n', 'germanywestcentral-1', { labels: { [azure]: 'germanywestcentral-3' } })], azure],
    [
      'Azure, a fault domain where other nodes have zones',
      [says('n', '0', { labels: { [azure]: 'westeurope-1' } }), says('m', 'westeurope-2', { labels: { [azure]: 'westeurope-2' } })],
      'node n has topology.kubernetes.io/zone=0',
    ],
    [
      'zones of a name of their own that the other source uses too',
      [says('n', 'muc', { labels: { [vsphere]: 'ber' } }), says('m', 'ber', { labels: { [vsphere]: 'ber' } })],
      `node n has topology.kubernetes.io/zone=muc and ${vsphere}=ber`,
    ],
    [
      'OpenStack, a machine that was moved to a zone that Cinder knows as well',
      [
        says('n', 'az2', { labels: { [cinder]: 'az1' } }),
        says('m', 'az1', { labels: { [cinder]: 'az1' } }),
        says('o', 'az2', { labels: { [cinder]: 'az2' } }),
      ],
      `node n has topology.kubernetes.io/zone=az2 and ${cinder}=az1`,
    ],
    [
      'AWS, labels of another region on all nodes',
      [
        says('n', 'eu-central-1a', { region: 'eu-central-1', providerZone: 'us-east-1a' }),
        says('m', 'eu-central-1a', { region: 'eu-central-1', providerZone: 'us-east-1b' }),
      ],
      'node n has topology.kubernetes.io/zone=eu-central-1a and spec.providerID=us-east-1a',
    ],
    [
      'AWS, the region label of one node',
      [
        says('n', 'eu-central-1a', { region: 'eu-west-1', providerZone: 'eu-central-1a' }),
        says('m', 'eu-central-1b', { region: 'eu-central-1', providerZone: 'eu-central-1b' }),
      ],
      'node n has topology.kubernetes.io/region=eu-west-1 and spec.providerID=eu-central-1a',
    ],
    [
      'AWS, the region labels of all nodes, by the driver',
      [says('n', 'eu-central-1a', { region: 'eu-west-1', labels: { [ebs]: 'eu-central-1a' } })],
      `node n has topology.kubernetes.io/region=eu-west-1 and ${ebs}=eu-central-1a`,
    ],
    [
      'AWS, the region of a local zone',
      [says('n', 'us-west-2-lax-1a', { region: 'us-east-1', providerZone: 'us-west-2-lax-1a' })],
      'us-east-1',
    ],
    [
      'Google, the region',
      [says('n', 'europe-west3-a', { region: 'europe-west4', providerZone: 'europe-west3-a' })],
      'region=europe-west4',
    ],
    [
      'Scaleway, the provider id',
      [says('n', 'fr-par-1', { region: 'fr-par', providerZone: 'fr-par-2' })],
      'node n has topology.kubernetes.io/zone=fr-par-1 and spec.providerID=fr-par-2',
    ],
    [
      'OpenStack, the region in the provider id',
      [
        says('n', 'az1', { region: 'RegionOne', providerRegion: 'RegionTwo' }),
        says('m', 'az1', { region: 'RegionOne', providerRegion: 'RegionOne' }),
      ],
      'node n has topology.kubernetes.io/region=RegionOne and spec.providerID=RegionTwo',
    ],
    [
      'vSphere, the region by the driver',
      [
        says('n', 'z1', { region: 'dc1', labels: { [vsphereRegion]: 'dc2' } }),
        says('m', 'z1', { region: 'dc1', labels: { [vsphereRegion]: 'dc1' } }),
      ],
      `node n has topology.kubernetes.io/region=dc1 and ${vsphereRegion}=dc2`,
    ],
    [
      'Hetzner, the location of the driver and the region',
      [
        says('n', 'fsn1-dc14', { region: 'fsn1', labels: { [hetzner]: 'nbg1' } }),
        says('m', 'nbg1-dc3', { region: 'nbg1', labels: { [hetzner]: 'nbg1' } }),
      ],
      `node n has topology.kubernetes.io/region=fsn1 and ${hetzner}=nbg1`,
    ],
    [
      'Hetzner, the location of the driver where zones are named by it',
      [says('n', 'fsn1', { labels: { [hetzner]: 'nbg1' } }), says('m', 'fsn1', { labels: { [hetzner]: 'fsn1' } })],
      `node n has topology.kubernetes.io/zone=fsn1 and ${hetzner}=nbg1`,
    ],
  ])('%s', (_, nodes, words) => {
    expect(current(...nodes)).toMatchObject({ outcome: 'fail', message: expect.stringContaining(words) });
  });

  test('each node with both values is evidence', () => {
    const nodes = [1, 2, 3].map((i) => says(`n${i}`, 'eu-central-1a', { labels: { [ebs]: 'eu-central-1b' } }));
    expect(current(...nodes).evidence).toEqual(
      nodes.map(({ name }) => ({ source: `node ${name}`, observed: `topology.kubernetes.io/zone=eu-central-1a, ${ebs}=eu-central-1b` })),
    );
  });
});

describe('labels-current: what is no contradiction leaves it open', () => {
  test.each<readonly [string, readonly Node[]]>([
    ['nothing to compare with', [says('n', 'z1')]],
    [
      'everything agrees',
      [says('n', 'eu-central-1a', { labels: { [ebs]: 'eu-central-1a', [oldZone]: 'eu-central-1a' }, providerZone: 'eu-central-1a' })],
    ],
    ['letters of another case', [says('n', 'westeurope-1', { labels: { [azure]: 'WestEurope-1' } })]],
    ['Azure, a driver that knows no zone', [says('n', '0', { labels: { [azure]: '' } })]],
    ['Azure, fault domains alone', [says('n', '0', { labels: { [azure]: '' } }), says('m', '1', { labels: { [azure]: '' } })]],
    ['zones of the provider’s own beside those of the cloud', [says('n', 'rack7', { providerZone: 'eu-central-1a' })]],
    [
      'racks in one zone of the cloud',
      [says('n', 'rack-a', { labels: { [gke]: 'europe-west3-c' } }), says('m', 'rack-b', { labels: { [gke]: 'europe-west3-c' } })],
    ],
    [
      'OpenStack without zones of storage: nova',
      [
        says('n', 'az1', { labels: { [cinder]: 'nova' } }),
        says('m', 'az2', { labels: { [cinder]: 'nova' } }),
        says('o', 'nova', { labels: { [cinder]: 'nova' } }),
      ],
    ],
    [
      'OpenStack without zones of compute',
      [says('n', 'nova', { labels: { [cinder]: 'az1' } }), says('m', 'nova', { labels: { [cinder]: 'az2' } })],
    ],
    [
      'OpenStack, several zones of compute on one of storage',
      ['az1', 'az2', 'az3'].map((zone, i) => says(`n${i}`, zone, { labels: { [cinder]: 'az1' } })),
    ],
    [
      'AWS, zone and region agree',
      [
        says('n', 'us-gov-west-1a', { region: 'us-gov-west-1', providerZone: 'us-gov-west-1a', labels: { [ebs]: 'us-gov-west-1a' } }),
        says('m', 'us-west-2-lax-1a', { region: 'us-west-2', providerZone: 'us-west-2-lax-1a' }),
        says('o', 'eusc-de-east-1a', { region: 'eusc-de-east-1', providerZone: 'eusc-de-east-1a' }),
      ],
    ],
    ['Google, zone and region agree', [says('n', 'europe-west3-a', { region: 'europe-west3', labels: { [gke]: 'europe-west3-a' } })]],
    ['Scaleway, zone and region agree', [says('n', 'fr-par-2', { region: 'fr-par', providerZone: 'fr-par-2' })]],
    [
      'regions of the provider’s own beside those of a cloud',
      [says('n', 'eu-central-1a', { region: 'emea', providerZone: 'eu-central-1a' })],
    ],
    ['regions of the provider’s own beside those of OpenStack', [says('n', 'az1', { region: 'eu', providerRegion: 'RegionOne' })]],
    [
      'Hetzner, zones that are data centres in the location',
      [
        says('n', 'fsn1-dc14', { region: 'fsn1', labels: { [hetzner]: 'fsn1' } }),
        says('m', 'nbg1', { region: 'nbg1', labels: { [hetzner]: 'nbg1' } }),
      ],
    ],
    ['Hetzner, regions that are network zones', [says('n', 'fsn1', { region: 'eu-central', labels: { [hetzner]: 'fsn1' } })]],
    [
      'OpenStack, a machine in a zone that no storage names',
      [
        says('n', 'az1', { labels: { [cinder]: 'az2' } }),
        says('m', 'az2', { labels: { [cinder]: 'az2' } }),
        says('o', 'az3', { labels: { [cinder]: 'az3' } }),
      ],
    ],
    ['a node without a zone label', [says('n', '', { labels: { [ebs]: 'eu-central-1a', [oldZone]: 'eu-central-1a' } })]],
    ['an old label that says nothing', [says('n', 'z1', { labels: { [oldZone]: '' } })]],
  ])('%s', (_, nodes) => {
    expect(current(...nodes)).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('cannot be proven from inside the cluster'),
    });
  });

  test('no node, and nodes that may not be listed', () => {
    expect(current().outcome).toBe('abort');
    expect(settleOne(scs0214v2.requirements, 'labels-current', { nodes: { unavailable: 'forbidden', detail: '403' } }).outcome).toBe(
      'abort',
    );
  });
});

test('labels-current: whatever nodes say, it is never proven, and nodes or values that are hidden improve nothing', () => {
  const value = fc.constantFrom('', 'nova', 'az1', 'az2', 'eu-central-1a', 'eu-central-1b', '0');
  const shown = fc.record({
    zone: value,
    providerZone: fc.option(value, { nil: undefined }),
    providerRegion: fc.option(value, { nil: undefined }),
    labels: fc.dictionary(fc.constantFrom(oldZone, ebs, gke, azure, cinder, vsphere, vsphereRegion, hetzner), value),
  });
  fc.assert(
    fc.property(fc.array(shown, { maxLength: 5 }), (all) => {
      const nodes = all.map(({ zone, labels, providerZone, providerRegion }, i) =>
        says(`n${i}`, zone, {
          labels,
          ...(providerZone === undefined ? {} : { providerZone }),
          ...(providerRegion === undefined ? {} : { providerRegion }),
        }),
      );
      expect(['fail', 'abort']).toContain(current(...nodes).outcome);
      // A node that agrees with itself in everything is never named.
      const agreeing = nodes.filter((one) => new Set([...Object.values(one.labels), one.providerZone ?? '']).size === 1);
      for (const { name } of agreeing) expect(current(...nodes).message).not.toContain(`node ${name} `);
    }),
    { numRuns: 300 },
  );
});

test('what only the provider knows can be declared', () => {
  const open = scs0214v2.requirements.filter((r) => r.settledBy?.statement === true).map((r) => [r.id, r.level]);
  expect(open).toEqual([
    ['labels-current', 'MUST'],
    ['best-practices', 'SHOULD'],
    ['control-plane-hosts', 'MUST'],
  ]);
  expect(settleOne(scs0214v2.requirements, 'best-practices', {}).outcome).toBe('missing');
});

test('a zone label that lacks on what is no machine: the node is named as what it is', () => {
  const nodes = [
    says('a', 'z1'),
    node('virtual-node-aci-linux', {}, { standIn: 'virtual-kubelet' }),
    node('ip-10-0-0-11', {}, { standIn: 'vcluster' }),
    node('kwok-0', {}, { standIn: 'kwok' }),
  ];
  expect(settleOne(scs0214v2.requirements, 'zone-label', { nodes })).toMatchObject({
    outcome: 'fail',
    message:
      '3 of 4 nodes lack topology.kubernetes.io/zone: virtual-node-aci-linux (a virtual kubelet), ip-10-0-0-11 (a pseudo node of vCluster), kwok-0 (a fake node of KWOK).',
  });
});

import { describe, expect, test } from '@jest/globals';
import { scs0214v1 } from '../../src/standards/scs-0214-v1.js';
import { settleOne } from '../helpers/settle.js';
import { at, cluster, good, hiddenPlane, none, pretending, replicated, topologyFacts, type Seen } from '../helpers/topology.js';

const v1 = (id: string, seen: Seen) => settleOne(scs0214v1.requirements, id, topologyFacts(seen));

describe('version 1', () => {
  test.each<readonly [string, Seen, string]>([
    ['every worker with a zone', good, 'pass'],
    ['a label of the host is enough', cluster([{}], [{ host: 'a' }, { openstack: 'b' }]), 'pass'],
    ['one worker without any label', cluster([at('z')], [at('z'), {}]), 'fail'],
    ['the control plane without labels', cluster([{}], [at('z')]), 'pass'],
    ['no node at all', none, 'abort'],
  ])('worker-labels: %s', (_, seen, outcome) => {
    expect(v1('worker-labels', seen).outcome).toBe(outcome);
  });

  test.each<readonly [string, Seen, string]>([
    ['two workers in two zones', good, 'pass'],
    [
      'two workers on two hosts of one zone',
      cluster(
        [{}],
        [
          { ...at('z'), host: 'a' },
          { ...at('z'), host: 'b' },
        ],
      ),
      'pass',
    ],
    ['two workers in two regions', cluster([{}], [{ region: 'a' }, { region: 'b' }]), 'pass'],
    [
      'two workers on one host',
      cluster(
        [{}],
        [
          { ...at('z'), host: 'a' },
          { ...at('z'), host: 'a' },
        ],
      ),
      'fail',
    ],
    [
      'two workers of one zone, whose labels of the host contradict each other',
      cluster(
        [{}],
        [
          { ...at('z'), host: 'a', openstack: 'x' },
          { ...at('z'), host: 'b', openstack: 'x' },
        ],
      ),
      'abort',
    ],
    ['two workers in one zone, hosts unknown', cluster([{}], [at('z'), at('z')]), 'fail'],
    ['two workers in one region, zones unknown', cluster([{}], [{ region: 'a' }, { region: 'a' }]), 'abort'],
    ['two workers, one without labels', cluster([{}], [at('z'), {}]), 'abort'],
    ['one worker', replicated, 'fail'],
    ['no node at all', none, 'abort'],
  ])('worker-spread: %s', (_, seen, outcome) => {
    expect(v1('worker-spread', seen).outcome).toBe(outcome);
  });

  test.each<readonly [string, Seen, string]>([
    ['one in each of three zones', replicated, 'pass'],
    ['one for three zones', good, 'fail'],
    ['one for three zones, and a worker that pretends', pretending, 'abort'],
    ['one zone with everything', cluster([at('z')], [at('z')]), 'pass'],
    ['a worker without a zone', cluster([at('z')], [{}]), 'abort'],
    ['a control-plane node without a zone', cluster([at('z'), {}], [at('z')]), 'abort'],
    [
      'zones of the same name in two regions, one without a control plane',
      cluster([at('z', 'r1')], [at('z', 'r1'), at('z', 'r2')]),
      'fail',
    ],
    ['zones of the same name in two regions, each with a control plane', cluster([at('z', 'r1'), at('z', 'r2')], [at('z', 'r2')]), 'pass'],
    ['the same, the region of a worker is not known', cluster([at('z', 'r1'), at('z', 'r2')], [{ zone: 'z' }]), 'abort'],
    ['the same, the region of a control-plane node is not known', cluster([{ zone: 'z' }, at('z', 'r2')], [at('z', 'r1')]), 'abort'],
    ['no node names a region', cluster([{ zone: 'z' }], [{ zone: 'z' }]), 'pass'],
    ['one node names no region, all others the same', cluster([at('z')], [{ zone: 'z' }]), 'pass'],
    ['a hidden control plane', hiddenPlane, 'abort'],
  ])('control-plane-zones: %s', (_, seen, outcome) => {
    expect(v1('control-plane-zones', seen).outcome).toBe(outcome);
  });

  test.each<readonly [string, Seen, string]>([
    ['one control-plane node only', good, 'fail'],
    ['three on three hosts by label', replicated, 'pass'],
    ['a worker that pretends by its role label', pretending, 'abort'],
    ['a hidden control plane', hiddenPlane, 'abort'],
  ])('control-plane-hosts: %s', (_, seen, outcome) => {
    expect(v1('control-plane-hosts', seen).outcome).toBe(outcome);
  });

  test('it is deprecated and outside of the certificate scope', () => {
    expect([scs0214v1.status, scs0214v1.category]).toEqual(['deprecated', 'informative']);
  });
});

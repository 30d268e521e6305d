import { describe, expect, test } from '@jest/globals';
import type { StorageClass } from '../../src/facts/storage-classes.js';
import { scs0211v2 } from '../../src/standards/scs-0211-v2.js';
import { settleOne } from '../helpers/settle.js';
import { cinder, forbidden, localPath, main, of, twoDefaults, storageFacts } from '../helpers/storage.js';

const v2 = (id: string, classes: unknown) => settleOne(scs0211v2.requirements, id, storageFacts(classes));

describe('default-class', () => {
  const rows: readonly (readonly [string, readonly StorageClass[], string, string])[] = [
    ['one default class', [main(localPath), of('other', cinder)], 'pass', 'one default StorageClass: standard'],
    ['one default class by the beta annotation', [main(cinder, { defaultBy: 'beta-annotation' })], 'pass', 'beta annotation'],
    ['no class at all', [], 'fail', 'no StorageClass at all'],
    ['classes, and none is the default', [of('a', cinder), of('b', cinder)], 'fail', 'none of 2 StorageClasses is marked as default: a, b'],
    ['two defaults', twoDefaults, 'fail', 'second, standard; a claim without a class gets the newest, second'],
    ['one default by each annotation', [main(cinder), of('old', cinder, { defaultBy: 'beta-annotation' })], 'fail', '2 StorageClasses'],
    ['a default class that provisions nothing', [main('kubernetes.io/no-provisioner')], 'fail', 'no provisioner'],
  ];
  test.each(rows)('%s', (_, classes, outcome, because) => {
    expect(v2('default-class', classes)).toMatchObject({ outcome, because: expect.stringContaining(because) });
  });

  test('classes that may not be listed', () => {
    expect(v2('default-class', forbidden).outcome).toBe('abort');
  });

  test('forty defaults are not all spelt out', () => {
    const many = Array.from({ length: 40 }, (_, i) => of(`c${i}`, cinder, { defaultBy: 'annotation' }));
    expect(v2('default-class', many).because).toContain('and 30 more');
  });
});

describe('where the volumes lie', () => {
  const rows: readonly (readonly [string, readonly StorageClass[], string])[] = [
    ['local paths', [main(localPath)], 'fail'],
    ['logical volumes of the node', [main('topolvm.io')], 'fail'],
    ['OpenEBS local', [main('openebs.io/local')], 'fail'],
    ['Cinder', [main(cinder)], 'pass'],
    ['Ceph by Rook, whose name has a prefix', [main('rook-ceph.rbd.csi.ceph.com')], 'pass'],
    ['a name that only ends like Ceph', [main('evil.com/rbd.csi.ceph.com')], 'abort'],
    ['an in-tree name', [main('kubernetes.io/aws-ebs')], 'pass'],
    ['Longhorn with three copies', [main('driver.longhorn.io', { parameters: { numberOfReplicas: '3' } })], 'pass'],
    ['Longhorn with one copy', [main('driver.longhorn.io', { parameters: { numberOfReplicas: '1' } })], 'fail'],
    ['Longhorn that does not say how many', [main('driver.longhorn.io')], 'abort'],
    ['Longhorn with a number that is none', [main('driver.longhorn.io', { parameters: { numberOfReplicas: 'many' } })], 'abort'],
    ['NFS, whose server may be anything', [main('nfs.csi.k8s.io')], 'abort'],
    ['a provisioner that nobody knows', [main('example.com/odd')], 'abort'],
    ['a provisioner named like a property of every object', [main('constructor')], 'abort'],
    ['two defaults, the newest of network storage', twoDefaults, 'pass'],
    [
      'two defaults, the newest of local paths',
      [main(localPath, { createdAt: '2026-11-23T19:00:01Z' }), of('a', cinder, { defaultBy: 'annotation' })],
      'fail',
    ],
    ['two defaults of one second: the first by name', [main(localPath), of('a', cinder, { defaultBy: 'annotation' })], 'pass'],
    ['local paths, not the default, beside Cinder', [of('a', localPath, { createdAt: '2026-11-24T00:00:00Z' }), main(cinder)], 'pass'],
    ['no default class', [of('a', cinder)], 'abort'],
    ['no class at all', [], 'abort'],
  ];
  test.each(rows)('%s', (_, classes, outcome) => {
    expect(v2('not-node-bound', classes).outcome).toBe(outcome);
    expect(v2('not-local', classes).outcome).toBe(outcome);
  });

  test('the class that is judged is named where it is not the only default', () => {
    expect(v2('not-node-bound', twoDefaults).because).toContain('StorageClass second, the newest of 2 defaults');
  });

  test('without a default class there is nothing to judge', () => {
    expect(v2('not-local', [of('a', cinder)]).because).toContain('no default class to judge');
  });

  test('an unknown provisioner is named, and the tier that settles it', () => {
    expect(v2('not-node-bound', [main('example.com/odd')]).because).toContain('example.com/odd');
    expect(scs0211v2.requirements.find((r) => r.id === 'not-node-bound')?.settledBy?.tier).toBe('active');
  });
});

test.each([
  ['a class that can grow', [main(cinder, { expandable: true })], 'pass'],
  ['a class that cannot', [main(cinder)], 'fail'],
  ['two defaults, the newest can', twoDefaults, 'pass'],
  ['no default class', [of('a', cinder, { expandable: true })], 'abort'],
  ['forbidden', forbidden, 'abort'],
])('expandable: %s', (_, classes, outcome) => {
  expect(v2('expandable', classes).outcome).toBe(outcome);
});

test('whether a volume is ReadWriteOnce only a claim shows', () => {
  expect(v2('read-write-once', [main(cinder)]).outcome).toBe('missing');
});

test('it is a draft outside of the main scope', () => {
  expect([scs0211v2.status, scs0211v2.scope]).toEqual(['draft', 'info']);
});

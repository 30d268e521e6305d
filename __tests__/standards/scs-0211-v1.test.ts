import { describe, expect, test } from '@jest/globals';
import { defaultVolume, type DefaultVolume } from '../../src/facts/default-volume.js';
import type { StorageClass } from '../../src/facts/storage-classes.js';
import { selectStandards } from '../../src/standards/select.js';
import { standards } from '../../src/standards/index.js';
import { scs0211v1 } from '../../src/standards/scs-0211-v1.js';
import { csi, pinned, seen, unbound } from '../helpers/default-volume.js';
import { settleOne } from '../helpers/settle.js';
import { cinder, forbidden, localPath, main, of, twoDefaults, storageFacts } from '../helpers/storage.js';

const v1 = (id: string, classes: unknown) => settleOne(scs0211v1.requirements, id, storageFacts(classes));

describe('version 1', () => {
  const ids = ['default-class', 'hardware-failure', 'not-node-bound', 'not-local'];
  test.each<readonly [string, readonly StorageClass[] | object, readonly string[]]>([
    ['Cinder: redundancy cannot be seen', [main(cinder)], ['pass', 'abort', 'pass', 'pass']],
    ['local paths', [main(localPath)], ['pass', 'fail', 'fail', 'fail']],
    ['an unknown provisioner', [main('example.com/odd')], ['pass', 'abort', 'abort', 'abort']],
    ['two defaults', twoDefaults, ['fail', 'abort', 'pass', 'pass']],
    [
      'no class is marked: it does not demand a default one, and whether one lacks its mark cannot be seen',
      [of('a', cinder)],
      ['abort', 'abort', 'abort', 'abort'],
    ],
    ['forbidden', forbidden, ['abort', 'abort', 'abort', 'abort']],
  ])('%s', (_, classes, outcomes) => {
    expect(ids.map((id) => v1(id, classes).outcome)).toEqual(outcomes);
  });

  test('its demands are MUSTs, it is in force, and it is outside of the certificate scope', () => {
    expect(scs0211v1.requirements.map((r) => [r.id, r.level])).toEqual([
      ['default-class', 'MUST'],
      ['read-write-once', 'MUST'],
      ['hardware-failure', 'MUST'],
      ['not-node-bound', 'MUST'],
      ['not-local', 'MUST'],
      ['redundant', 'MAY'],
    ]);
    expect([scs0211v1.status, scs0211v1.category]).toEqual(['stable', 'informative']);
    expect(selectStandards(standards, [])).toContain(scs0211v1);
  });

  test.each<readonly [string, readonly StorageClass[], readonly string[], readonly string[]]>([
    ['Cinder, whose driver is not there', [main(cinder)], [], ['abort', 'abort', 'abort', 'abort']],
    ['local volumes of a CSI driver that is there', [main('topolvm.io')], ['topolvm.io'], ['pass', 'fail', 'fail', 'fail']],
    ['local volumes of a CSI driver that is not there', [main('topolvm.io')], [], ['abort', 'abort', 'abort', 'abort']],
  ])('%s', (_, classes, drivers, outcomes) => {
    const outcomeOf = (id: string) => settleOne(scs0211v1.requirements, id, storageFacts(classes, drivers)).outcome;
    expect(ids.map(outcomeOf)).toEqual(outcomes);
  });

  test('whether a volume is ReadWriteOnce only a claim shows', () => {
    expect(v1('read-write-once', [main(cinder)]).outcome).toBe('missing');
  });
});

describe('version 1 with a claim and pods of our own', () => {
  const ids = ['read-write-once', 'hardware-failure', 'not-node-bound', 'not-local'];
  const settled = (classes: readonly StorageClass[], volume: DefaultVolume): readonly string[] =>
    ids.map(
      (id) =>
        settleOne(scs0211v1.requirements, id, { ...storageFacts(classes), [defaultVolume.name]: volume }, undefined, 'active').outcome,
    );
  test.each<readonly [string, readonly StorageClass[], DefaultVolume, readonly string[]]>([
    ['Cinder: redundancy cannot be seen', [main(cinder)], seen(csi(cinder)), ['pass', 'abort', 'pass', 'pass']],
    [
      'a directory of the host, of a provisioner that nobody knows',
      [main('example.com/odd')],
      seen(csi('', { source: 'hostPath', ...pinned })),
      ['pass', 'fail', 'fail', 'fail'],
    ],
    ['never bound, local paths', [main(localPath)], unbound('no volume was bound', localPath), ['abort', 'fail', 'fail', 'fail']],
    ['never bound, Cinder', [main(cinder)], unbound('no volume was bound', cinder), ['abort', 'abort', 'abort', 'abort']],
    [
      'no default class: there is none to check',
      [of('a', cinder)],
      { ...unbound('no default StorageClass', '', 'not-made'), storageClass: '' },
      ['abort', 'abort', 'abort', 'abort'],
    ],
  ])('%s', (_, classes, volume, outcomes) => {
    expect(settled(classes, volume)).toEqual(outcomes);
  });
});

import { describe, expect, test } from '@jest/globals';
import { defaultVolume, type DefaultVolume } from '../../src/facts/default-volume.js';
import type { StorageClass } from '../../src/facts/storage-classes.js';
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
      'no default class, which it does not demand',
      [of('a', cinder)],
      ['not-applicable', 'not-applicable', 'not-applicable', 'not-applicable'],
    ],
    ['forbidden', forbidden, ['abort', 'abort', 'abort', 'abort']],
  ])('%s', (_, classes, outcomes) => {
    expect(ids.map((id) => v1(id, classes).outcome)).toEqual(outcomes);
  });

  test('it asks for more than version 2, and is outside of the main scope', () => {
    expect(scs0211v1.requirements.every((r) => r.level === 'MUST')).toBe(true);
    expect([scs0211v1.status, scs0211v1.scope]).toEqual(['deprecated', 'info']);
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
      'no default class, which it does not demand',
      [of('a', cinder)],
      { ...unbound('no default StorageClass', '', 'not-made'), storageClass: '' },
      ['not-applicable', 'not-applicable', 'not-applicable', 'not-applicable'],
    ],
  ])('%s', (_, classes, volume, outcomes) => {
    expect(settled(classes, volume)).toEqual(outcomes);
  });
});

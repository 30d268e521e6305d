import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { junitFolder, readArchive } from '../../src/conformance/archive.js';
import { readTar } from '../../src/conformance/tar.js';
import { archiveEntries, archiveOf, junitOf, policyTests, tarOf, type Entry } from '../helpers/e2e-files.js';

const junit = junitOf(policyTests(3));
const version = { path: 'serverversion.json', content: '{"gitVersion":"v1.36.3"}' };
const pack = (entries: readonly Entry[]): Buffer => gzipSync(tarOf(entries));
const namesOf = async (packed: Buffer): Promise<readonly string[]> => [...(await readArchive(packed)).keys()].sort();
const pax = (key: string, value: string): string => {
  const record = ` ${key}=${value}\n`;
  const length = String(record.length + 2).length + record.length;
  return `${length}${record}`;
};

describe('what is read of an archive', () => {
  test('the files that are judged, and none of the rest', async () => {
    const entries = [
      ...archiveEntries(junit),
      { path: 'podlogs/sonobuoy/logs.txt', content: 'secret' },
      { path: 'hosts/x.json', content: '{}' },
    ];
    expect(await namesOf(pack(entries))).toEqual([
      'meta/config.json',
      'plugins/e2e/definition.json',
      `${junitFolder}junit_01.xml`,
      'plugins/e2e/sonobuoy_results.yaml',
      'resources/cluster/core_v1_namespaces.json',
      'resources/cluster/core_v1_nodes.json',
      'serverversion.json',
    ]);
  });

  test.each<readonly [string, readonly Entry[]]>([
    ['paths that begin with ./', [{ ...version, path: './serverversion.json' }]],
    [
      'a path in a pax header',
      [
        { path: 'x', type: 'x', content: pax('path', 'serverversion.json') },
        { ...version, path: 'cut-name' },
      ],
    ],
    [
      'a path in a header of GNU',
      [
        { path: '././@LongLink', type: 'L', content: 'serverversion.json\0' },
        { ...version, path: 'cut-name' },
      ],
    ],
    ['a global pax header', [{ path: 'g', type: 'g', content: pax('comment', 'hello') }, version]],
  ])('%s', async (_, entries) => {
    expect((await readArchive(pack(entries))).get('serverversion.json')?.toString()).toBe(version.content);
  });

  test.each<readonly [string, readonly Entry[]]>([
    [
      'a path with ..',
      [
        { ...version, path: '../serverversion.json' },
        { ...version, path: 'meta/../serverversion.json' },
      ],
    ],
    ['an absolute path', [{ ...version, path: '/serverversion.json' }]],
    ['a link that is no file of results', [{ path: 'podlogs/x', type: '2', link: '/etc/passwd' }]],
    ['a device', [{ path: 'serverversion.json', type: '3' }]],
    ['a folder of that name', [{ path: 'serverversion.json', type: '5' }]],
  ])('%s is passed over', async (_, entries) => {
    expect(await namesOf(pack(entries))).toEqual([]);
  });
});

describe('an archive whose folder was packed anew', () => {
  const names = archiveEntries(junit).flatMap(({ path, type }) => (type === undefined ? [path] : []));
  test.each(['results/', './results/', '202611201000_sonobuoy/'])('everything below %s', async (folder) => {
    const entries = archiveEntries(junit).map((entry) => ({ ...entry, path: `${folder}${entry.path}` }));
    expect(await namesOf(pack(entries))).toEqual([...names].sort());
  });
});

describe('every report of an archive is read, whatever it is called', () => {
  test.each(['junit_01.xml', 'junit 02.xml', 'junit_01 (2).xml', 'JUNIT_02.XML', 'report.xml', 'jünit.xml'])('%s', async (name) => {
    expect(await namesOf(pack([{ path: `${junitFolder}${name}`, content: junit }]))).toEqual([`${junitFolder}${name}`]);
  });
});

describe('an archive that cannot be used says why', () => {
  const whole = archiveOf(junit);
  const tar = tarOf(archiveEntries(junit));
  const bombTar = tarOf([{ path: 'big', content: Buffer.alloc(64 * 1024 * 1024) }]);
  test.each<readonly [string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'cut'],
    ['no gzip', Buffer.from('hello, this is a text'), 'not packed with gzip'],
    ['a tar that is not packed', tar, 'not packed with gzip'],
    ['gzip of something else', gzipSync('hello'), 'it is empty or no tar'],
    ['gzip of noise', gzipSync(randomBytes(4_096)), 'it is no tar'],
    ['cut in the middle', whole.subarray(0, whole.length / 2), 'cut'],
    ['cut in its last bytes', whole.subarray(0, whole.length - 3), 'cut'],
    ['a tar that was cut and packed again', gzipSync(tar.subarray(0, tar.length - 3_000)), 'cut'],
    ['a tar without its end', gzipSync(tar.subarray(0, tar.length - 1_024)), 'cut'],
    ['a size that is larger than the rest', pack([{ ...version, size: 100_000 }]), 'cut'],
    ['a size beyond all bounds', pack([{ path: 'x', size: 8 ** 11 - 1 }]), 'holds more than'],
    ['a symbolic link among what is read', pack([{ path: 'serverversion.json', type: '2', link: '/etc/passwd' }]), 'is a link'],
    [
      'a report that is a hard link',
      pack([{ path: `${junitFolder}junit_02.xml`, type: '1', link: `${junitFolder}junit_01.xml` }]),
      'is a link',
    ],
    [
      'reports of two runs',
      pack(['', 'other/'].map((at) => ({ path: `${at}${junitFolder}junit_01.xml`, content: junit }))),
      'several runs',
    ],
    ['a report where Sonobuoy has none', pack([{ path: 'junit_01.xml', content: junit }]), 'it holds junit_01.xml, and no report where'],
    ['the same file twice', pack([version, { ...version, content: '{"gitVersion":"v1.0.0"}' }]), 'holds serverversion.json twice'],
    ['a definition that is too large', pack([{ path: 'plugins/e2e/definition.json', content: Buffer.alloc(2_000_000) }]), 'is larger than'],
    ['a pax header that says nonsense', pack([{ path: 'x', type: 'x', content: '99 path=x\n' }, version]), 'malformed'],
    ['a pax size that is no number', pack([{ path: 'x', type: 'x', content: pax('size', '-1') }, version]), 'malformed'],
    ['a header name that is too large', pack([{ path: 'x', type: 'L', content: Buffer.alloc(40_000, 97) }, version]), 'too large'],
  ])('%s', async (_, packed, why) => {
    await expect(readArchive(packed)).rejects.toMatchObject({ name: 'BadResults', message: expect.stringContaining(why) as unknown });
  });

  test('a damaged byte anywhere in what is packed is seen by its checksum', async () => {
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 6) ^ 1, damaged.length - 6);
    await expect(readArchive(damaged)).rejects.toThrow('damaged');
  });

  test.each([
    ['more bytes than allowed', { entries: 10, bytes: 1_000_000 }, 'more than 1000000 bytes'],
    ['more entries than allowed', { entries: 0, bytes: 1e9 }, 'more than 0 entries'],
  ])('%s', async (_, bounds, why) => {
    const read = async (): Promise<void> => {
      for await (const file of readTar(
        (async function* () {
          await Promise.resolve();
          yield bombTar;
        })(),
        bounds,
      ))
        expect(file.size).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow(why);
  });
});

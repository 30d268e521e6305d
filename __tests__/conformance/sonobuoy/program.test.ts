import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { obtainSonobuoy, type Installation } from '../../../src/conformance/sonobuoy/program.js';
import { tarOf, type Entry } from '../../helpers/e2e-files.js';
import { fakeSonobuoy } from '../../helpers/fake-sonobuoy.js';

const says = (version: string): string => `#!/bin/sh\necho ${version}\n`;
const name = `sonobuoy_0.57.5_${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}.tar.gz`;
const packed = (...entries: readonly Entry[]): Buffer => gzipSync(tarOf(entries));
const release = packed({ path: 'LICENSE', content: 'x' }, { path: 'sonobuoy', content: says('v0.57.5') });
const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let directory: string;
let lines: string[];
let server: Server;
let files: Map<string, Buffer | string>;
let asked: string[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-test-'));
  [lines, asked] = [[], []];
  files = new Map<string, Buffer | string>([
    [`/v0.57.5/${name}`, release],
    [
      '/v0.57.5/sonobuoy_0.57.5_checksums.txt',
      `${sum(Buffer.from('other'))}  sonobuoy_0.57.5_windows_386.tar.gz\n${sum(release)}  ${name}\n`,
    ],
  ]);
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = files.get(request.url ?? '');
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

const obtain = (more: Partial<Installation> = {}) =>
  obtainSonobuoy({
    env: { PATH: '' },
    signal: new AbortController().signal,
    log: (line) => lines.push(line),
    directory: join(directory, 'run'),
    downloads: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...more,
  });

describe('the one on the PATH', () => {
  test('is taken whatever its version, and nothing is downloaded', async () => {
    mkdirSync(join(directory, 'fake'));
    const { bin } = fakeSonobuoy(join(directory, 'fake'), 'v0.56.17');
    expect(await obtain({ env: { PATH: bin }, version: '0.57.5' })).toEqual({ path: join(bin, 'sonobuoy'), version: '0.56.17' });
    expect(lines.join()).toContain('0.57.5 would be installed only where none is on the PATH');
    expect(asked).toEqual([]);
  });
  test('that says nothing of a version is refused', async () => {
    mkdirSync(join(directory, 'fake'));
    const { bin } = fakeSonobuoy(join(directory, 'fake'), 'hello');
    await expect(obtain({ env: { PATH: bin } })).rejects.toThrow(/does not answer "sonobuoy version"/);
  });
});

describe('one that is installed', () => {
  test('has the checksum that the publisher names, and stands alone in the directory of the run', async () => {
    const { version, path } = await obtain();
    expect({ version, path }).toEqual({ version: '0.57.5', path: join(directory, 'run', 'sonobuoy') });
    expect(readdirSync(join(directory, 'run'))).toEqual(['sonobuoy']);
    expect(statSync(path).mode & 0o777).toBe(0o755);
  });
  test('has the checksum that the user gives, and the publisher’s list is not asked', async () => {
    await obtain({ sha256: sum(release) });
    expect(asked).toEqual([`/v0.57.5/${name}`]);
  });
  test.each<[string, () => Partial<Installation>, RegExp]>([
    [
      'with another checksum than the list has',
      () => (files.set(`/v0.57.5/${name}`, packed({ path: 'sonobuoy', content: 'evil' })), {}),
      /its checksum is/,
    ],
    ['with another checksum than the user gives', () => ({ sha256: 'a'.repeat(64) }), /its checksum is/],
    ['that the list does not name', () => (files.set('/v0.57.5/sonobuoy_0.57.5_checksums.txt', 'x  y\n'), {}), /do not name/],
    ['without a list', () => (files.delete('/v0.57.5/sonobuoy_0.57.5_checksums.txt'), {}), /the server answers 404/],
    ['of a version that is not there', () => ({ version: '9.9.9', sha256: 'a'.repeat(64) }), /the server answers 404/],
  ])('%s is thrown away', async (_, prepare, error) => {
    await expect(obtain(prepare())).rejects.toThrow(error);
    expect(readdirSync(join(directory, 'run'))).toEqual([]);
  });
  test.each<[string, Buffer, RegExp]>([
    ['holds no program', packed({ path: 'other', content: 'x' }), /holds no program "sonobuoy"/],
    ['holds a link in its place', packed({ path: 'sonobuoy', type: '2', link: '/bin/sh' }), /holds no program "sonobuoy"/],
    ['is no archive', Buffer.from('hello'), /Cannot install sonobuoy 0.57.5/],
  ])('whose archive %s is none', async (_, archive, error) => {
    files.set(`/v0.57.5/${name}`, archive);
    await expect(obtain({ sha256: sum(archive) })).rejects.toThrow(error);
  });
});

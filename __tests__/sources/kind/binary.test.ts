import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { UserError } from '../../../src/model/errors.js';
import { installKind, obtainKind, type Installation } from '../../../src/sources/kind/binary.js';
import { downloadProgram } from '../../../src/tools/download.js';
import { runInstalled } from '../../../src/tools/install.js';
import { environmentFor, findOnPath } from '../../../src/tools/find.js';
import { createAuthority } from '../../helpers/certificates.js';
import { startProxy } from '../../helpers/proxy.js';
import { fakeKind, type FakeKind } from './fake-kind.js';

let fake: FakeKind;
let servers: Server[] = [];
let asked: string[] = [];
let lines: string[] = [];
beforeEach(() => {
  [fake, asked, lines] = [fakeKind(), [], []];
});
afterEach(async () => {
  fake.remove();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  servers = [];
});

const program = Buffer.from('#!/bin/sh\necho kind v9.9.9 go1.26 linux/amd64\n');
const sum = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const serve = async (listener: RequestListener): Promise<string> => {
  const made = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  servers.push(made);
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
};
const cacheEnv = (): Record<string, string> => ({ ...fake.env, RUNNER_TOOL_CACHE: join(fake.directory, 'tools') });
const cached = (): string => join(fake.directory, 'tools', 'scs-kaas', 'kind', '9.9.9', 'amd64', 'kind');
const installation = (downloads: string, sha256 = sum(program)): Installation => ({
  signal: new AbortController().signal,
  log: (line) => lines.push(line),
  downloads,
  releases: [{ version: '9.9.9', images: [], sha256: { 'linux-amd64': sha256 } }],
  platform: 'linux',
  arch: 'x64',
});

describe('installing kind', () => {
  test('a program with the right checksum is installed once and can be executed', async () => {
    const downloads = await serve((_, response) => response.end(program));
    const kind = await installKind('9.9.9', cacheEnv(), installation(downloads));
    expect(kind).toEqual({ path: cached(), version: '9.9.9', sha256: sum(program) });
    expect(statSync(cached()).mode & 0o777).toBe(0o755);
    await installKind('9.9.9', cacheEnv(), installation(downloads));
    expect(asked).toEqual(['/v9.9.9/kind-linux-amd64']);
  });
  test('a program with another checksum is refused and thrown away', async () => {
    const downloads = await serve((_, response) => response.end('#!/bin/sh\necho kind v9.9.9\n'));
    const installing = installKind('9.9.9', cacheEnv(), installation(downloads));
    await expect(installing).rejects.toThrow(UserError);
    await expect(installing).rejects.toThrow(/its checksum is sha256:[0-9a-f]{64} and should be sha256:[0-9a-f]{64}; it was thrown away/);
    expect(readdirSync(dirname(cached()))).toEqual([]);
  });
  test('a cached program that was changed is replaced', async () => {
    const downloads = await serve((_, response) => response.end(program));
    mkdirSync(dirname(cached()), { recursive: true });
    writeFileSync(cached(), '#!/bin/sh\necho kind v9.9.9\n', { mode: 0o755 });
    await installKind('9.9.9', cacheEnv(), installation(downloads));
    expect(readFileSync(cached())).toEqual(program);
    expect(lines.join('\n')).toContain('has another checksum; it is replaced');
  });
  test('a link in the cache is not followed', async () => {
    const downloads = await serve((_, response) => response.end(program));
    mkdirSync(dirname(cached()), { recursive: true });
    writeFileSync(join(fake.directory, 'elsewhere'), program);
    symlinkSync(join(fake.directory, 'elsewhere'), cached());
    await installKind('9.9.9', cacheEnv(), installation(downloads));
    expect(asked).toHaveLength(1);
  });
  test('an installed program that is changed later is not run', async () => {
    const downloads = await serve((_, response) => response.end(program));
    const kind = await installKind('9.9.9', cacheEnv(), installation(downloads));
    writeFileSync(kind.path, `#!/bin/sh\ntouch ${fake.directory}/owned\n`);
    const ended = await runInstalled(kind, fake.env, { args: ['version'], timeoutMs: 5_000 });
    expect(ended).toMatchObject({ how: 'not-started', tail: [expect.stringContaining('its checksum changed')] });
    expect(existsSync(join(fake.directory, 'owned'))).toBe(false);
  });
  test('behind a redirect', async () => {
    const downloads = await serve((request, response) => {
      if (request.url?.startsWith('/v9')) response.writeHead(302, { location: `http://${request.headers.host ?? ''}/storage` }).end();
      else response.end(program);
    });
    expect((await installKind('9.9.9', cacheEnv(), installation(downloads))).version).toBe('9.9.9');
    expect(asked).toEqual(['/v9.9.9/kind-linux-amd64', '/storage']);
  });
  test('behind a redirect to a path', async () => {
    const downloads = await serve((request, response) => {
      if (request.url?.startsWith('/v9')) response.writeHead(307, { location: '../storage' }).end();
      else response.end(program);
    });
    expect((await installKind('9.9.9', cacheEnv(), installation(downloads))).version).toBe('9.9.9');
    expect(asked).toEqual(['/v9.9.9/kind-linux-amd64', '/storage']);
  });
  test('a circle of redirects ends', async () => {
    const downloads = await serve((request, response) => response.writeHead(302, { location: request.url }).end());
    await expect(installKind('9.9.9', cacheEnv(), installation(downloads))).rejects.toThrow(/the server answers 302/);
    expect(asked).toHaveLength(6);
  });
  test('a redirect to a file of this machine is not followed', async () => {
    const downloads = await serve((_, response) => response.writeHead(302, { location: `file://${process.execPath}` }).end());
    await expect(installKind('9.9.9', cacheEnv(), installation(downloads))).rejects.toThrow(
      /redirects to file:\/\/, which is not followed/,
    );
  });
  test('a redirect from https to http is not followed', async () => {
    const plain = await serve((_, response) => response.end(program));
    const authority = createAuthority();
    const { certificate: cert, key } = authority.issue({ altNames: ['127.0.0.1'] });
    const server = createHttpsServer({ cert, key }, (_, response) => response.writeHead(302, { location: plain }).end());
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const known = getCACertificates('default');
    setDefaultCACertificates([authority.certificate]);
    try {
      const downloads = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await expect(installKind('9.9.9', cacheEnv(), installation(downloads))).rejects.toThrow(/redirects to http:\/\/, which is not/);
    } finally {
      setDefaultCACertificates(known);
    }
    expect(asked).toEqual([]);
  });
  test.each<[string, RequestListener]>([
    ['stumbles', (_, r) => r.writeHead(503).end()],
    ['closes the connection', (_, r) => r.destroy()],
  ])('a server that %s twice is asked again', async (_, stumble) => {
    const downloads = await serve((request, response) => {
      if (asked.length < 3) stumble(request, response);
      else response.end(program);
    });
    expect((await installKind('9.9.9', cacheEnv(), installation(downloads))).version).toBe('9.9.9');
    expect(asked).toHaveLength(3);
  });
  test.each<[string, RequestListener, number]>([
    ['stumbles', (_, r) => r.writeHead(503).end(), 3],
    ['closes the connection', (_, r) => r.destroy(), 3],
    ['refuses', (_, r) => r.writeHead(403).end(), 1],
  ])('a server that %s again and again', async (_, listener, times) => {
    await expect(installKind('9.9.9', cacheEnv(), installation(await serve(listener)))).rejects.toThrow(/Cannot install kind/);
    expect(asked).toHaveLength(times);
  });
  test('through the proxy that the environment names, for each server on the way', async () => {
    const proxy = await serve((request, response) => {
      if (request.url?.includes('/v9')) response.writeHead(302, { location: 'http://storage.example.invalid/kind' }).end();
      else response.end(program);
    });
    const env = { ...cacheEnv(), HTTP_PROXY: proxy };
    await installKind('9.9.9', env, installation('http://downloads.example.invalid'));
    expect(asked).toEqual(['http://downloads.example.invalid/v9.9.9/kind-linux-amd64', 'http://storage.example.invalid/kind']);
    asked = [];
    rmSync(cached());
    const direct = installKind('9.9.9', { ...env, NO_PROXY: 'storage.example.invalid' }, installation('http://downloads.example.invalid'));
    await expect(direct).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    expect(new Set(asked)).toEqual(new Set(['http://downloads.example.invalid/v9.9.9/kind-linux-amd64']));
  });
  test('through a proxy that refuses: told without its password, which is registered', async () => {
    const proxy = await startProxy({ credentials: 'someone:else' });
    const secrets: string[] = [];
    const env = { ...cacheEnv(), HTTPS_PROXY: `http://someone:hunter22@127.0.0.1:${proxy.port}` };
    const context = { ...installation('https://downloads.example.invalid'), secret: (value: string) => void secrets.push(value) };
    const error = await installKind('9.9.9', env, context).catch((e: unknown) => e);
    await proxy.close();
    expect(error).toMatchObject({ message: expect.stringMatching(/opened no tunnel \(407\)/) });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter22');
    expect(secrets).toContain('hunter22');
  });
  test.each<[string, RequestListener, RegExp]>([
    ['not found', (_, r) => r.writeHead(404).end('nothing'), /the server answers 404/],
    ['an error again and again', (_, r) => r.writeHead(503).end(), /the server answers 503/],
    ['a page instead', (_, r) => r.end('<html>sign in</html>'), /its checksum is/],
    [
      'a stream that is cut',
      (_, r) => {
        r.writeHead(200, { 'content-length': '1000' }).write('x');
        setTimeout(() => r.destroy(), 20);
      },
      /Cannot install kind from http:.*UND_ERR_SOCKET: other side closed/,
    ],
  ])('%s', async (_, listener, error) => {
    const downloads = await serve(listener);
    await expect(installKind('9.9.9', cacheEnv(), installation(downloads))).rejects.toThrow(error);
    expect(readdirSync(dirname(cached()))).toEqual([]);
  });
  test.each([
    ['a server that never answers', (): void => undefined],
    ['a server that never ends', (_: unknown, r: { write: (t: string) => void }): void => r.write('x')],
  ])('%s', async (_, listener) => {
    const url = await serve(listener);
    const file = join(fake.directory, 'kind');
    const slow = downloadProgram({
      program: 'kind',
      url,
      sha256: sum(program),
      file,
      signal: new AbortController().signal,
      timeoutMs: 150,
    });
    await expect(slow).rejects.toThrow(/Cannot install kind/);
    expect(readdirSync(fake.directory)).toEqual([]);
  });
  test('a file without end', async () => {
    const url = await serve((_, r) => r.end(Buffer.alloc(200_000)));
    const huge = downloadProgram({
      program: 'kind',
      url,
      sha256: sum(program),
      file: join(fake.directory, 'kind'),
      signal: new AbortController().signal,
      maxBytes: 100_000,
    });
    await expect(huge).rejects.toThrow('it is larger than 100000 bytes');
    expect(readdirSync(fake.directory)).toEqual([]);
  });
  test('a run that is cancelled while it downloads', async () => {
    const url = await serve((_, r) => void r.write('x'));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('cancelled')), 50);
    await expect(
      downloadProgram({ program: 'kind', url, sha256: sum(program), file: join(fake.directory, 'kind'), signal: stop.signal }),
    ).rejects.toThrow('cancelled');
    expect(readdirSync(fake.directory)).toEqual([]);
  });
  test.each([
    [
      'a version without checksums',
      '0.31.0',
      'linux' as const,
      'x64',
      /kind 0\.31\.0 cannot be installed on linux-amd64.*Known for linux-amd64: 0\.33\.0, 0\.32\.0, 0\.30\.0; set "kind.version"/,
    ],
    [
      'a platform without checksum',
      '0.32.0',
      'darwin' as const,
      'x64',
      /kind 0\.32\.0 cannot be installed on darwin-amd64.*Known for darwin-amd64: 0\.33\.0;/,
    ],
    ['Windows', '0.33.0', 'win32' as const, 'x64', /cannot be installed on win32-amd64.* Put kind on the PATH/],
    ['another processor', '0.33.0', 'linux' as const, 's390x', /cannot be installed on linux-s390x/],
  ])('%s', async (_, version, platform, arch, error) => {
    const { signal, log } = installation('http://127.0.0.1:9');
    await expect(installKind(version, cacheEnv(), { signal, log, platform, arch })).rejects.toThrow(error);
  });
});

describe('kind on the PATH', () => {
  const listed = 'kindest/node:v9.9.9@sha256:1';
  /** A publisher of one release whose default image is known. */
  const published = async (): Promise<Installation> => {
    const made = installation(await serve((_, response) => response.end(program)));
    return { ...made, releases: made.releases?.map((r) => ({ ...r, images: [{ kubernetes: '9.9.9', image: listed }] })) ?? [] };
  };
  const none = { namesImages: false };

  test('is used with the image that its release lists', async () => {
    fake.mode('version 9.9.9');
    expect(await obtainKind(none, fake.env, await published())).toEqual({ kind: { path: fake.path, version: '9.9.9' }, image: listed });
    expect(lines).toEqual([`Using kind 9.9.9 from the PATH (${fake.path}).`]);
    expect(asked).toEqual([]);
  });
  test('another version is asked for: that one is installed, and it is said', async () => {
    fake.mode('version 0.29.0');
    const { kind, image } = await obtainKind({ ...none, kindVersion: 'v9.9.9' }, cacheEnv(), await published());
    expect(kind).toEqual({ path: cached(), version: '9.9.9', sha256: sum(program) });
    expect(image).toBe(listed);
    expect(lines.join('\n')).toMatch(/kind 0\.29\.0 on the PATH is not used: "kind.version" is 9\.9\.9\./);
  });
  test.each(['0.33.0-alpha+0123456789abcd', '0.99.0', '0.1.0'])(
    '%s, whose images are not known: the known one is installed',
    async (version) => {
      fake.mode(`version ${version}`);
      const { kind, image } = await obtainKind(none, cacheEnv(), await published());
      expect([kind.version, image]).toEqual(['9.9.9', listed]);
      expect(lines.join('\n')).toContain(`kind ${version} on the PATH is not used: no node image of it is known.`);
    },
  );
  test('its images are not known, and no other can be had: both are told, and how to use it', async () => {
    fake.mode('version 0.99.0');
    const closed = { ...(await published()), downloads: 'http://127.0.0.1:9' };
    await expect(obtainKind(none, cacheEnv(), closed)).rejects.toThrow(
      /Cannot install kind .*kind 0\.99\.0 on the PATH is not used: no node image of it is known\. To use it, set "kind.image" to an image of kind 0\.99\.0\./,
    );
    const other = { ...(await published()), arch: 's390x' };
    await expect(obtainKind(none, cacheEnv(), other)).rejects.toThrow(/cannot be installed on linux-s390x.*set "kind.image"/);
  });
  test('an image of another release: it is used, and said that kind does not support that', async () => {
    fake.mode('version 0.99.0');
    const { kind } = await obtainKind({ ...none, image: listed }, fake.env, await published());
    expect(kind.path).toBe(fake.path);
    expect(lines.join('\n')).toContain(`The node image ${listed} belongs to kind 9.9.9, and kind 0.99.0 is used`);
  });
  test('is something else: an error, or the version that is asked for', async () => {
    fake.mode('mute');
    await expect(obtainKind(none, fake.env, await published())).rejects.toThrow(
      /does not answer "kind version" \(what\?\)\. Put a working kind on the PATH, or set "kind.version"/,
    );
    expect((await obtainKind({ ...none, kindVersion: '9.9.9' }, cacheEnv(), await published())).kind.path).toBe(cached());
  });
  test('is built for another processor', async () => {
    // The head of an ELF file for a machine that nobody has.
    writeFileSync(fake.path, Buffer.concat([Buffer.from('7f454c46020101000000000000000000020042420100', 'hex'), Buffer.alloc(100)]));
    await expect(obtainKind(none, fake.env, await published())).rejects.toThrow(
      /it is built for processor 16962, and this machine is .*Put a working kind on the PATH/,
    );
  });
  test('is not there: it is installed', async () => {
    const env = { ...cacheEnv(), PATH: '/usr/bin:/bin' };
    expect((await obtainKind({ ...none, kindVersion: 'v9.9.9' }, env, await published())).kind.path).toBe(cached());
    expect(await obtainKind(none, env, await published())).toMatchObject({ kind: { path: cached() }, image: listed });
  });
  test('entries that depend on the working directory, folders and files without the right to be executed are passed over', async () => {
    const other = join(fake.directory, 'other');
    mkdirSync(join(other, 'kind'), { recursive: true });
    const plain = join(fake.directory, 'plain');
    mkdirSync(plain);
    writeFileSync(join(plain, 'kind'), 'x');
    chmodSync(join(plain, 'kind'), 0o644);
    expect(await findOnPath('kind', { PATH: `.::bin:${other}:${plain}` })).toBeUndefined();
    expect(await findOnPath('kind', { PATH: `.:${other}:${fake.bin}` })).toBe(fake.path);
    expect(await findOnPath('kind', {})).toBeUndefined();
  });
});

test('what kind is told of the environment holds no input, token or kubeconfig', () => {
  const env = {
    PATH: '/bin',
    DOCKER_HOST: 'x',
    HTTPS_PROXY: 'p',
    INPUT_KUBECONFIG: 'x',
    STATE_a: 'x',
    GITHUB_TOKEN: 'x',
    MY_SECRET_KEY: 'x',
    db_password: 'x',
    ACTIONS_RUNTIME_URL: 'x',
    KUBECONFIG: 'x',
    KIND_CLUSTER_NAME: 'x',
    KIND_EXPERIMENTAL_PROVIDER: 'podman',
  };
  expect(environmentFor(env)).toEqual({ PATH: '/bin', DOCKER_HOST: 'x', HTTPS_PROXY: 'p', KIND_EXPERIMENTAL_PROVIDER: 'podman' });
});

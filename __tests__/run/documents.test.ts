import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotAvailable, UserError } from '../../src/model/errors.js';
import { createDocuments, type DocumentsOptions } from '../../src/run/documents.js';
import { startDocumentServer, type DocumentServer, type Reply } from '../helpers/document-server.js';
import { startProxy } from '../helpers/proxy.js';

const github = 'https://api.github.com/repos/kubernetes/kubernetes/releases?per_page=100&page=1';
const calendar = 'https://raw.githubusercontent.com/kubernetes/website/main/data/releases/schedule.yaml';
const hour = 3_600_000;
const limits = { maxAgeMs: hour, maxBytes: 100_000 };

let server: DocumentServer;
let directory: string;
beforeEach(async () => {
  server = await startDocumentServer();
  directory = join(await mkdtemp(join(tmpdir(), 'documents-')), 'cache');
});
afterEach(async () => {
  await server.close();
  await rm(join(directory, '..'), { recursive: true, force: true });
});

const at = (time: string): Partial<DocumentsOptions> => ({ now: new Date(time), clock: () => new Date(time) });
const documents = (options: Partial<DocumentsOptions> = {}): ReturnType<typeof createDocuments> =>
  createDocuments({
    cacheDirectory: directory,
    offline: false,
    env: {},
    secret: () => undefined,
    reroute: server.reroute,
    ...at('2026-11-23T12:00:00.000Z'),
    ...(options as object),
  } as DocumentsOptions);
const reasonOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof NotAvailable ? error.reason : `another error: ${String(error)}`),
  );

describe('the cache', () => {
  test('a second run within the age asks nobody', async () => {
    server.replies.set(github, '[1]');
    expect(await documents().fetch(github, limits)).toEqual({ text: '[1]', fetchedAt: '2026-11-23T12:00:00.000Z', fromCache: false });
    const later = await documents(at('2026-11-23T13:00:00.000Z')).fetch(github, limits);
    expect(later).toEqual({ text: '[1]', fetchedAt: '2026-11-23T12:00:00.000Z', fromCache: true });
    expect(server.asked).toHaveLength(1);
  });
  test('beyond the age it is asked for again', async () => {
    server.replies.set(github, '[1]');
    await documents().fetch(github, limits);
    server.replies.set(github, '[2]');
    expect(await documents(at('2026-11-23T13:00:00.001Z')).fetch(github, limits)).toMatchObject({ text: '[2]', fromCache: false });
  });
  test('one run asks once for one document', async () => {
    server.replies.set(github, '[1]');
    const one = documents();
    await Promise.all([one.fetch(github, limits), one.fetch(github, limits), one.fetch(github, limits)]);
    expect(server.asked).toHaveLength(1);
  });
  test('is for this user alone, and leaves nothing half written', async () => {
    server.replies.set(github, '[1]');
    await documents().fetch(github, limits);
    const names = await readdir(directory);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^[0-9a-f]{64}\.json$/);
    expect((await stat(join(directory, names[0]!))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });
  test('holds no token', async () => {
    server.replies.set(github, '[1]');
    await documents({ token: 'ghs_verysecret' }).fetch(github, limits);
    const [name] = await readdir(directory);
    expect(await readFile(join(directory, name!), 'utf8')).not.toContain('ghs_verysecret');
  });
  test.each(['', '{', '{"url":"https://elsewhere/","fetchedAt":"2026-11-23T11:59:00.000Z","text":"[9]"}', '{"url":1}', 'null'])(
    'a damaged entry counts as none: %j',
    async (content) => {
      server.replies.set(github, '[1]');
      await documents().fetch(github, limits);
      const [name] = await readdir(directory);
      await writeFile(join(directory, name!), content);
      expect(await documents().fetch(github, limits)).toMatchObject({ text: '[1]', fromCache: false });
    },
  );
  test('an entry from the future counts as none: its clock was wrong', async () => {
    server.replies.set(github, '[1]');
    await documents(at('2027-11-23T12:00:00.000Z')).fetch(github, limits);
    server.replies.set(github, '[2]');
    expect(await documents().fetch(github, limits)).toMatchObject({ text: '[2]' });
  });
  test('a cache that cannot be written is no failure', async () => {
    server.replies.set(github, '[1]');
    const file = join(directory, '..', 'file');
    await writeFile(file, '');
    expect(await documents({ cacheDirectory: file }).fetch(github, limits)).toMatchObject({ text: '[1]' });
  });
  test('a run that judges by an earlier moment stamps the real time', async () => {
    server.replies.set(github, '[1]');
    expect(await documents({ now: new Date('2020-01-01') }).fetch(github, limits)).toMatchObject({ fetchedAt: '2026-11-23T12:00:00.000Z' });
  });
});

describe('bad weather', () => {
  const weather: readonly (readonly [string, Reply, string])[] = [
    [
      'rate limit',
      { status: 403, headers: { 'x-ratelimit-remaining': '0' }, body: '{"message":"API rate limit exceeded"}' },
      'rate-limited',
    ],
    ['too many requests', { status: 429 }, 'rate-limited'],
    ['not there', { status: 404 }, 'not-found'],
    ['server error', { status: 500 }, 'server-error'],
    ['bad gateway with a page', { status: 502, body: '<html>' }, 'server-error'],
    ['a portal’s page with 200', '<!DOCTYPE html><html><body>Please log in</body></html>', 'malformed'],
    ['an empty body', { status: 200, body: '' }, 'malformed'],
    ['cut JSON', '[{"tag_name":"v1.3', 'malformed'],
    ['a stream cut in the middle', 'cut', 'unreachable'],
    ['a body without an end', 'flood', 'too-large'],
    ['no answer', 'hang', 'timeout'],
    ['half an answer', 'stall', 'timeout'],
    ['a redirect to plain HTTP', { status: 302, headers: { location: 'http://example.org/' } }, 'malformed'],
    ['a redirect to nowhere', { status: 302 }, 'malformed'],
    ['a redirect to itself', { status: 302, headers: { location: github } }, 'malformed'],
  ];
  test.each(weather)('%s: without a copy it is not available', async (_, reply, reason) => {
    server.replies.set(github, reply);
    expect(await reasonOf(documents({ silenceMs: 400 }).fetch(github, limits))).toBe(reason);
  });
  test.each(weather)('%s: an old copy is used, with its age, and stays whole', async (_, reply) => {
    server.replies.set(github, '[1]');
    await documents(at('2026-11-01T00:00:00.000Z')).fetch(github, limits);
    server.replies.set(github, reply);
    const copy = { text: '[1]', fetchedAt: '2026-11-01T00:00:00.000Z', fromCache: true };
    expect(await documents({ silenceMs: 400 }).fetch(github, limits)).toEqual(copy);
    expect(await documents({ offline: true }).fetch(github, limits)).toEqual(copy);
  });
  test('a packed answer', async () => {
    server.replies.set(github, 'gzip');
    expect(await documents().fetch(github, limits)).toMatchObject({ text: '{"a":1}' });
  });
  test('a proxy that accepts and never answers holds nothing up beyond the patience', async () => {
    const proxy = await startProxy({ silent: true });
    const start = performance.now();
    // Not rerouted: nothing of this leaves the machine, the proxy is the only way.
    const away = documents({ silenceMs: 400, env: { HTTPS_PROXY: proxy.url }, reroute: (url) => url });
    expect(await reasonOf(away.fetch(github, limits))).toBe('timeout');
    expect(performance.now() - start).toBeLessThan(2_000);
    await proxy.close();
  });
  test.each(['socks5://user:geheimnis@127.0.0.1:1', 'http://user:geheimnis@127.0.0.1:1', 'geheimnis://', '::::'])(
    'a proxy that is none (%s) shows no password',
    async (url) => {
      const error = await documents({ silenceMs: 400, env: { HTTPS_PROXY: url }, reroute: (u) => u })
        .fetch(github, limits)
        .catch((e: unknown) => e as Error);
      expect(error).toBeInstanceOf(NotAvailable);
      expect((error as Error).message).not.toContain('geheimnis');
    },
  );
  test('nobody listens: at once', async () => {
    await server.close();
    expect(await reasonOf(documents().fetch(github, limits))).toBe('unreachable');
    server = await startDocumentServer();
  });
  test('a web page in place of a YAML document', async () => {
    server.replies.set(calendar, '\n <html>');
    expect(await reasonOf(documents().fetch(calendar, limits))).toBe('malformed');
  });
  test('a silent network costs its patience once, not per document', async () => {
    const one = documents({ silenceMs: 500 });
    const urls = Array.from({ length: 8 }, (_, i) => `https://raw.githubusercontent.com/${i}.json`);
    for (const url of urls) server.replies.set(url, 'hang');
    const start = performance.now();
    await Promise.all(urls.slice(0, 4).map((url) => reasonOf(one.fetch(url, limits))));
    for (const url of urls.slice(4)) expect(await reasonOf(one.fetch(url, limits))).toBe('timeout');
    expect(performance.now() - start).toBeLessThan(1_500);
  });
  test('a network that answers is not cut off by the patience with a silent one', async () => {
    const one = documents({ silenceMs: 300 });
    for (let i = 0; i < 4; i++) {
      server.replies.set(`https://raw.githubusercontent.com/${i}.json`, '{}');
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await one.fetch(`https://raw.githubusercontent.com/${i}.json`, limits)).toMatchObject({ text: '{}' });
    }
  });
});

describe('staying off the network', () => {
  test('nothing is asked, a copy of any age is used', async () => {
    server.replies.set(github, '[1]');
    await documents(at('2020-01-01T00:00:00.000Z')).fetch(github, limits);
    expect(await documents({ offline: true }).fetch(github, limits)).toMatchObject({
      fetchedAt: '2020-01-01T00:00:00.000Z',
      fromCache: true,
    });
    expect(await reasonOf(documents({ offline: true }).fetch(calendar, limits))).toBe('not-recorded');
    expect(server.asked).toHaveLength(1);
  });
});

describe('the token', () => {
  const headerOf = (url: string): string | undefined => server.asked.find((a) => a.url === url)?.headers.authorization;
  test('goes to api.github.com and nowhere else', async () => {
    const others = [
      calendar,
      'https://kubernetes.io/index.json',
      'https://api.github.com.evil.example/x.json',
      'https://api.github.com:8443/x.json',
      'https://github.com/x.json',
    ];
    for (const url of [github, ...others]) server.replies.set(url, '[]');
    const one = documents({ token: 'ghs_verysecret' });
    for (const url of [github, ...others]) await one.fetch(url, limits);
    expect(headerOf(github)).toBe('Bearer ghs_verysecret');
    for (const url of others) expect(headerOf(url)).toBeUndefined();
  });
  test('does not follow a redirect to another host', async () => {
    server.replies.set(github, { status: 301, headers: { location: 'https://elsewhere.example/x.json' } });
    server.replies.set('https://elsewhere.example/x.json', '[7]');
    expect(await documents({ token: 'ghs_verysecret' }).fetch(github, limits)).toMatchObject({ text: '[7]' });
    expect(headerOf('https://elsewhere.example/x.json')).toBeUndefined();
  });
  test.each([
    ['https://github.com', 'Bearer ghs_verysecret'],
    ['https://github.com/', 'Bearer ghs_verysecret'],
    ['https://ghes.example.org', undefined],
    ['https://codeberg.org', undefined],
    ['https://github.com.evil.example', undefined],
  ])('of a runner of %s', async (url, header) => {
    server.replies.set(github, '[]');
    await documents({ token: 'ghs_verysecret', env: { GITHUB_SERVER_URL: url } }).fetch(github, limits);
    expect(headerOf(github)).toBe(header);
  });
  test.each<[string, Record<string, string>, boolean]>([
    ['a terminal', {}, true],
    ['GitHub', { GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://github.com/', GITHUB_API_URL: 'https://api.github.com' }, true],
    [
      'GitHub without the address of its API',
      { GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://github.com', GITHUB_API_URL: '' },
      true,
    ],
    ['a runner that names no server', { GITHUB_ACTIONS: 'true' }, false],
    ['an old Gitea', { GITEA_ACTIONS: 'true' }, false],
    ['an old Forgejo', { FORGEJO_ACTIONS: 'true' }, false],
    ['another API', { GITHUB_SERVER_URL: 'https://github.com', GITHUB_API_URL: 'https://git.example/api/v1' }, false],
    ['another API alone', { GITHUB_API_URL: 'https://git.example/api/v3' }, false],
    ['an enterprise on GitHub', { GITHUB_SERVER_URL: 'https://octo.ghe.com', GITHUB_API_URL: 'https://api.octo.ghe.com' }, false],
    ['GitHub without encryption', { GITHUB_SERVER_URL: 'http://github.com' }, false],
  ])('of %s', async (_, env, sent) => {
    server.replies.set(github, '[]');
    await documents({ token: 'ghs_verysecret', env }).fetch(github, limits);
    expect(headerOf(github)).toBe(sent ? 'Bearer ghs_verysecret' : undefined);
  });
  test('one that expired does not close what is open to everybody', async () => {
    server.replies.set(github, { status: 401, body: '{"message":"Bad credentials"}' });
    expect(await reasonOf(documents({ token: 'ghs_verysecret' }).fetch(github, limits))).toBe('malformed');
    expect(server.asked.map((a) => a.headers.authorization)).toEqual(['Bearer ghs_verysecret', undefined]);
  });
  test('no error text holds it', async () => {
    for (const reply of ['hang', 'cut', { status: 403 }, '<html>'] as const) {
      server.replies.set(github, reply);
      const error = await documents({ token: 'ghs_verysecret', silenceMs: 300 })
        .fetch(github, limits)
        .catch((e: unknown) => e as Error);
      expect(error).toBeInstanceOf(NotAvailable);
      expect(JSON.stringify([error, (error as Error).message, String((error as Error).cause)])).not.toContain('verysecret');
    }
  });
});

test('plain HTTP is not asked', async () => {
  expect(await reasonOf(documents().fetch('http://kubernetes.io/x.json', limits))).toBe('unreachable');
  expect(server.asked).toEqual([]);
});

test('a release data file that is none is the user’s to mend, before anything is asked', () => {
  expect(() => documents({ releaseDataFile: { name: 'mine.json', text: '{"schemaVersion":"1"}' } })).toThrow(UserError);
});

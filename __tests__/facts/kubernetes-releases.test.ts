import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubernetesReleases, parseCalendar, parseGithubReleases, type KubernetesReleases } from '../../src/facts/kubernetes-releases.js';
import { bundledReleaseData } from '../../src/facts/support/release-data.js';
import { releaseDataRows } from '../../src/facts/support/release-data-rows.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { Documents } from '../../src/model/ports.js';
import { createDocuments, type DocumentsOptions } from '../../src/run/documents.js';
import { startDocumentServer, type DocumentServer, type Reply } from '../helpers/document-server.js';
import { factPorts } from '../helpers/fact-ports.js';
import { endOfLife, githubRelease, olderPage, releasePage, schedule, urls } from '../helpers/release-documents.js';

let server: DocumentServer;
let cacheDirectory: string;
beforeEach(async () => {
  server = await startDocumentServer();
  cacheDirectory = await mkdtemp(join(tmpdir(), 'releases-'));
  server.replies.set(urls.releasesUrl(1), releasePage);
  server.replies.set(urls.releasesUrl(2), olderPage);
  server.replies.set(urls.releasesUrl(3), '[]');
  server.replies.set(urls.scheduleUrl, schedule);
  server.replies.set(urls.endOfLifeUrl, endOfLife);
});
afterEach(async () => {
  await server.close();
  await rm(cacheDirectory, { recursive: true, force: true });
});

const at = (time: string): Partial<DocumentsOptions> => ({ now: new Date(time), clock: () => new Date(time) });
const today = '2030-01-01T00:00:00.000Z';
const documents = (options: Partial<DocumentsOptions> = {}): Documents =>
  createDocuments({
    cacheDirectory,
    offline: false,
    env: {},
    secret: () => undefined,
    reroute: server.reroute,
    silenceMs: 500,
    ...at(today),
    ...(options as object),
  } as DocumentsOptions);
const collect = (options: Partial<DocumentsOptions> = {}): Promise<KubernetesReleases> =>
  kubernetesReleases.collect({ ...factPorts({}), documents: documents(options) });
const bundled = bundledReleaseData().releases;

describe('live sources', () => {
  test('finals with their time, and branches that are there as a whole', async () => {
    const { patches } = await collect();
    expect(patches).toMatchObject({ origin: 'live', asOf: today, complete: ['1.37', '1.36'] });
    expect(patches.list[0]).toEqual({ version: '1.37.3', released: '2026-11-22T18:00:00.000Z' });
    expect(patches.list.map((p) => p.version)).toEqual([
      '1.37.3',
      '1.37.2',
      '1.37.1',
      '1.37.0',
      '1.36.7',
      '1.36.6',
      '1.36.5',
      '1.36.0',
      '1.35.8',
    ]);
  });
  test('windows: what ended by the list of ends, 1.40 is not 1.4', async () => {
    const { windows } = await collect();
    expect(windows).toEqual({
      origin: 'live',
      asOf: today,
      source: expect.any(String) as unknown,
      list: [
        { minor: '1.40', released: '2027-08-26', endOfLife: '2028-10-28' },
        { minor: '1.37', released: '2026-08-26', endOfLife: '2027-10-28' },
        { minor: '1.36', released: '2026-04-22', endOfLife: '2027-06-28' },
        { minor: '1.34', released: null, endOfLife: '2026-10-27' },
        { minor: '1.33', released: null, endOfLife: '2026-06-28' },
      ],
    });
  });
  test('the value is what the schema says', async () => {
    expect(kubernetesReleases.schema.safeParse(await collect()).success).toBe(true);
    expect(
      kubernetesReleases.schema.safeParse(await collect({ offline: true, cacheDirectory: join(cacheDirectory, 'none') })).success,
    ).toBe(true);
  });
  test('five requests, all at once', async () => {
    await collect();
    expect(server.asked).toHaveLength(5);
  });
});

describe('the ladder down', () => {
  const weather: readonly (readonly [string, Reply])[] = [
    ['rate limit', { status: 403, body: '{"message":"API rate limit exceeded"}' }],
    ['server error', { status: 503 }],
    ['a portal’s page', '<html></html>'],
    ['cut JSON', '[{"tag_name":'],
    ['an error object with 200', '{"message":"Server Error"}'],
    ['an empty list', '[]'],
    ['no answer', 'hang'],
    ['a body without an end', 'flood'],
  ];
  test.each(weather)('%s: bundled, saying why', async (_, reply) => {
    server.replies.set(urls.releasesUrl(1), reply);
    const { patches, windows } = await collect();
    expect(patches).toMatchObject({
      origin: 'bundled',
      asOf: bundled.asOf,
      list: bundled.patches,
      instead: expect.stringMatching(/api\.github\.com/) as unknown,
    });
    expect(patches.complete.filter((m) => bundled.incomplete.includes(m))).toEqual([]);
    expect(windows.origin).toBe('live');
  });
  test('the calendar is away, the releases are not', async () => {
    server.replies.set(urls.endOfLifeUrl, { status: 500 });
    const { patches, windows } = await collect();
    expect([patches.origin, windows.origin]).toEqual(['live', 'bundled']);
    expect(windows.list).toEqual(bundled.minors);
  });
  test('a calendar of another shape', async () => {
    for (const text of ['schedules: {}', 'schedules: []', ': : :\n\t- [', 'just text']) {
      server.replies.set(urls.scheduleUrl, text);
      expect((await collect({ cacheDirectory: await mkdtemp(join(cacheDirectory, 'x-')) })).windows).toMatchObject({
        origin: 'bundled',
        instead: expect.stringContaining('schedule.yaml') as unknown,
      });
    }
  });
  test('the cache of an earlier run, with its age', async () => {
    await collect(at('2029-12-24T00:00:00.000Z'));
    for (const page of [1, 2, 3]) server.replies.set(urls.releasesUrl(page), { status: 403 });
    const { patches } = await collect();
    expect(patches).toMatchObject({ origin: 'cache', asOf: '2029-12-24T00:00:00.000Z', complete: ['1.37', '1.36'] });
  });
  test('one page new, the others of last week: only the first is used, and what begins on the others is not complete', async () => {
    await collect(at('2029-12-24T00:00:00.000Z'));
    server.replies.set(urls.releasesUrl(2), { status: 403 });
    const { patches } = await collect();
    expect(patches).toMatchObject({ origin: 'live', asOf: today, complete: ['1.37'] });
    expect(patches.list.map((p) => p.version)).not.toContain('1.36.0');
  });
  test('a cache that is older than what is bundled is not used', async () => {
    await collect(at('2020-01-01T00:00:00.000Z'));
    expect((await collect({ offline: true })).patches).toMatchObject({
      origin: 'bundled',
      instead: expect.stringContaining('2020-01-01') as unknown,
    });
  });
  test('off the network, without a cache', async () => {
    const { patches, windows } = await collect({ offline: true });
    expect([patches.origin, windows.origin]).toEqual(['bundled', 'bundled']);
    expect(patches.instead).toMatch(/stays off the network/);
    expect(server.asked).toEqual([]);
  });
  test('a silent network holds a run up once', async () => {
    for (const url of server.replies.keys()) server.replies.set(url, 'hang');
    const start = performance.now();
    expect((await collect()).patches.origin).toBe('bundled');
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('the user’s own file', () => {
  const mine = { ...bundledReleaseData(), releases: { ...bundled, asOf: '2026-12-01', source: 'our mirror', incomplete: [] } };
  test('is used alone, and nobody is asked', async () => {
    const { patches, windows } = await collect({ releaseDataFile: { name: 'mine.json', text: JSON.stringify(mine) } });
    expect([patches.origin, windows.origin, patches.asOf, patches.source]).toEqual(['file', 'file', '2026-12-01', 'our mirror']);
    expect(patches.complete).toContain('1.36');
    expect(server.asked).toEqual([]);
  });
  test('with a date in the future is taken with that date: who judges sees it', async () => {
    const ahead = { ...mine, releases: { ...mine.releases, asOf: '9999-12-31' } };
    const { patches, windows } = await collect({ releaseDataFile: { name: 'mine.json', text: JSON.stringify(ahead) } });
    expect([patches.asOf, windows.asOf]).toEqual(['9999-12-31', '9999-12-31']);
  });
  test('in a wrong format is never replaced in silence', async () => {
    const broken: Documents = { ...documents(), releaseDataFile: { name: 'mine.json', text: '{}' } };
    await expect(kubernetesReleases.collect({ ...factPorts({}), documents: broken })).rejects.toThrow(/"mine\.json"/);
  });
});

describe('reading', () => {
  test('entries that are no finals are left out', () => {
    const some = ['v1.37.0', 'v1.36.0', 'v1.35.0', 'v1.34.0', 'v1.33.0'].map((tag) => githubRelease(tag, '2026-01-01T00:00:00Z'));
    const odd = [
      githubRelease('v1.38.0', 'soon'),
      githubRelease('kubernetes-1.38.0', '2026-01-01T00:00:00Z'),
      githubRelease('v1.38.0', '2026-01-01T00:00:00Z', { prerelease: true }),
      githubRelease('v1.38.0+x', '2026-01-01T00:00:00Z'),
    ];
    expect(parseGithubReleases([JSON.stringify([...some, ...odd])]).list).toHaveLength(5);
  });
  test('a date of the calendar that is none is unknown, not today', () => {
    const text = 'schedules:\n- {release: "1.37", releaseDate: TBD, endOfLifeDate: 2027-99-99}\n- {release: "1.36"}\n- {release: "1.35"}\n';
    expect(parseCalendar(text, 'branches: []\n')[0]).toEqual({ minor: '1.37', released: null, endOfLife: null });
  });
  test('a bomb of aliases is no calendar', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((n, i) => `${n}: &${n} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
      'schedules: *h',
    ].join('\n');
    expect(() => parseCalendar(bomb, 'branches: []')).toThrow(NotAvailable);
  });
});

test('rows for the report name source and date of each part', async () => {
  server.replies.set(urls.endOfLifeUrl, { status: 500 });
  const rows = releaseDataRows({ 'kubernetes-releases': await collect() });
  expect(rows).toEqual([
    { label: 'Kubernetes releases', value: `as of ${today}, fetched in this run (releases of github.com/kubernetes/kubernetes)` },
    {
      label: 'Kubernetes support windows',
      value: expect.stringMatching(
        /^as of 20.*bundled with this program.*; nothing newer: GET https:\/\/raw\.githubusercontent\.com.*500$/,
      ) as unknown,
    },
  ]);
  expect(releaseDataRows({})).toEqual([]);
  expect(releaseDataRows({ 'kubernetes-cves': { unavailable: 'timeout', detail: 'no time' } })).toEqual([
    { label: 'Kubernetes CVEs', value: 'not available: no time' },
  ]);
});

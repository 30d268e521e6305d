import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cveRecordUrl, kubernetesCves, parseCveFeed, type KubernetesCves } from '../../src/facts/kubernetes-cves.js';
import { bundledReleaseData } from '../../src/facts/support/release-data.js';
import { createDocuments, type DocumentsOptions } from '../../src/run/documents.js';
import { startDocumentServer, type DocumentServer, type Reply } from '../helpers/document-server.js';
import { factPorts } from '../helpers/fact-ports.js';
import { cveFeed, cveRecord, urls } from '../helpers/release-documents.js';

let server: DocumentServer;
let cacheDirectory: string;
beforeEach(async () => {
  server = await startDocumentServer();
  cacheDirectory = await mkdtemp(join(tmpdir(), 'cves-'));
});
afterEach(async () => {
  await server.close();
  await rm(cacheDirectory, { recursive: true, force: true });
});

const at = (time: string): Partial<DocumentsOptions> => ({ now: new Date(time), clock: () => new Date(time) });
const today = '2030-01-01T00:00:00.000Z';
const collect = (options: Partial<DocumentsOptions> = {}): Promise<KubernetesCves> =>
  kubernetesCves.collect({
    ...factPorts({}),
    documents: createDocuments({
      cacheDirectory,
      offline: false,
      env: {},
      secret: () => undefined,
      reroute: server.reroute,
      silenceMs: 500,
      ...at(today),
      ...(options as object),
    } as DocumentsOptions),
  });
const { cves: bundled } = bundledReleaseData();
const range = { status: 'affected', version: 'v1.36.0', lessThanOrEqual: 'v1.36.4', versionType: 'custom' };
const announce = (records: Readonly<Record<string, Reply>>): void => {
  server.replies.set(urls.cveFeedUrl, cveFeed(Object.keys(records)));
  for (const [id, reply] of Object.entries(records)) server.replies.set(urls.cveRecordUrl(id), reply);
};

test.each([
  ['CVE-2025-4563', 'cves/2025/4xxx/CVE-2025-4563.json'],
  ['CVE-2024-10220', 'cves/2024/10xxx/CVE-2024-10220.json'],
  ['CVE-2025-0426', 'cves/2025/0xxx/CVE-2025-0426.json'],
  ['CVE-2018-1002105', 'cves/2018/1002xxx/CVE-2018-1002105.json'],
])('the record of %s is at %s', (id, path) => {
  expect(cveRecordUrl(id)).toBe(`https://raw.githubusercontent.com/CVEProject/cvelistV5/main/${path}`);
});

describe('live sources', () => {
  test('asks for the records of new CVEs alone, and keeps the critical ones of Kubernetes', async () => {
    announce({
      'CVE-2029-1001': cveRecord('CVE-2029-1001', 'kubelet', 8.8, [range]),
      'CVE-2029-1002': cveRecord('CVE-2029-1002', 'Kubernetes', 7.9, [range]),
      'CVE-2029-1003': cveRecord('CVE-2029-1003', 'ingress-nginx', 9.8, [range]),
      'CVE-2029-1004': cveRecord('CVE-2029-1004', 'kube-apiserver', undefined, [range]),
      'CVE-2029-1005': cveRecord('CVE-2029-1005', 'kube-apiserver', 3.1, [{ status: 'unknown', version: 'next of 1.36.4' }]),
    });
    const found = await collect();
    const ranges = [{ introduced: '1.36.0', lastAffected: '1.36.4' }];
    expect(found).toMatchObject({ origin: 'live', asOf: today, unread: [] });
    expect(found.list.slice(bundled.critical.length)).toEqual([
      { id: 'CVE-2029-1001', score: 8.8, ranges },
      { id: 'CVE-2029-1004', score: null, ranges },
    ]);
    expect(found.list.slice(0, bundled.critical.length)).toEqual(bundled.critical);
    expect(server.asked).toHaveLength(6);
    expect(kubernetesCves.schema.safeParse(found).success).toBe(true);
  });

  test.each<readonly [string, Reply]>([
    ['is not published yet', { status: 404 }],
    ['answers 500', { status: 500 }],
    ['is a web page', '<html></html>'],
    ['is cut', '{"cveMetadata":'],
    ['is another CVE’s', cveRecord('CVE-2029-9999', 'kubelet', 9, [range])],
    [
      'names versions that cannot be read',
      cveRecord('CVE-2029-1001', 'kubelet', 9, [{ status: 'affected', version: 'see the announcement' }]),
    ],
    ['has no known shape', '{}'],
    [
      'another authority wrote, without product and version',
      cveRecord('CVE-2029-1001', 'n/a', undefined, [{ status: 'affected', version: 'n/a' }]),
    ],
    ['is about a dependency', cveRecord('CVE-2029-1001', 'gogo protobuf', 8.6, [{ status: 'affected', version: '0', lessThan: '1.3.2' }])],
    ['is about a product that nobody knows', cveRecord('CVE-2029-1001', 'Kubernetes Foo', 9.8, [range])],
    ['never comes', 'hang'],
  ])('a record that %s is told as unread', async (_, reply) => {
    announce({ 'CVE-2029-1001': reply, 'CVE-2029-1002': cveRecord('CVE-2029-1002', 'kubelet', 9, [range]) });
    const found = await collect();
    expect(found.unread).toEqual(['CVE-2029-1001']);
    expect(found.list.map((c) => c.id)).toContain('CVE-2029-1002');
  });

  test('is as old as its oldest document', async () => {
    announce({ 'CVE-2029-1001': cveRecord('CVE-2029-1001', 'kubelet', 9, [range]) });
    await collect(at('2029-12-31T12:00:00.000Z'));
    server.replies.set(urls.cveFeedUrl, cveFeed(['CVE-2029-1001']));
    expect(await collect()).toMatchObject({ origin: 'cache', asOf: '2029-12-31T12:00:00.000Z' });
  });
});

describe('the ladder down', () => {
  test.each<readonly [string, Reply]>([
    ['is not there', { status: 404 }],
    ['is a web page', '<html></html>'],
    ['is cut', '{"items":['],
    ['has another shape', '{"vulnerabilities":[]}'],
    ['is empty', '{"items":[]}'],
    ['never comes', 'hang'],
  ])('a feed that %s: bundled, saying why', async (_, reply) => {
    server.replies.set(urls.cveFeedUrl, reply);
    expect(await collect()).toMatchObject({
      origin: 'bundled',
      asOf: bundled.asOf,
      list: bundled.critical,
      unread: [],
      instead: expect.stringContaining('kubernetes.io') as unknown,
    });
  });
  test('more new CVEs than are asked for one by one', async () => {
    server.replies.set(urls.cveFeedUrl, cveFeed(Array.from({ length: 201 }, (_, i) => `CVE-2029-${10_000 + i}`)));
    expect(await collect()).toMatchObject({ origin: 'bundled', instead: expect.stringMatching(/201 CVEs are new/) as unknown });
    expect(server.asked).toHaveLength(1);
  });
  test('off the network an earlier run’s documents are used, with their age', async () => {
    announce({ 'CVE-2029-1001': cveRecord('CVE-2029-1001', 'kubelet', 9, [range]) });
    await collect(at('2029-12-01T00:00:00.000Z'));
    expect(await collect({ offline: true })).toMatchObject({ origin: 'cache', asOf: '2029-12-01T00:00:00.000Z', unread: [] });
  });
});

test('one item may announce several CVEs, and words around the id do not matter', () => {
  const known = Array.from({ length: 20 }, (_, i) => ({ id: `CVE-2020-${1000 + i}` }));
  const odd = [
    { id: 'cve-2029-1001, CVE-2029-1002' },
    { id: null, summary: 'CVE-2029-1003: words' },
    { id: null, external_url: 'https://www.cve.org/cverecord?id=CVE-2029-1004' },
  ];
  expect(parseCveFeed(JSON.stringify({ items: [...known, ...odd] })).ids.slice(20)).toEqual([
    ...['CVE-2029-1001', 'CVE-2029-1002', 'CVE-2029-1003', 'CVE-2029-1004'],
  ]);
});

describe('an item without the id of a CVE', () => {
  const url = 'https://github.com/kubernetes/kubernetes/issues/1';
  test.each([
    [{ id: 'GHSA-xxxx', summary: 'words', url }, url],
    [{ id: null, summary: 'a hole in everything', url: null, content_text: 'CVE-2029-1001' }, 'a hole in everything'],
    [{ id: 'CVE-2029-1 and others' }, 'CVE-2029-1 and others'],
    [{ id: '', url: '  ', summary: 'x'.repeat(1000) }, 'x'.repeat(200)],
    [{}, 'item 21 of the feed'],
  ])('%j is unread', async (item, name) => {
    const items = [...bundled.reviewed.slice(0, 20).map((id) => ({ id })), item];
    server.replies.set(urls.cveFeedUrl, JSON.stringify({ items }));
    expect(await collect()).toMatchObject({ origin: 'live', unread: [name] });
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseReleaseData, type ReleaseData } from '../../src/facts/support/release-data.js';
import { createDocuments, type DocumentsOptions } from '../../src/run/documents.js';
import { fromNetwork } from '../../scripts/support/release-data.js';
import { problemsOfSuccessor } from '../../scripts/support/successor.js';
import { startDocumentServer, type DocumentServer } from '../helpers/document-server.js';
import { cveRecord, endOfLife, olderPage, releasePage, schedule, urls } from '../helpers/release-documents.js';

const root = resolve(import.meta.dirname, '..', '..');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'release-data-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const data = (change: { readonly releases?: object; readonly cves?: object } = {}): ReleaseData => ({
  schemaVersion: '1',
  releases: {
    asOf: '2026-11-20',
    source: 'a test',
    minors: [
      { minor: '1.37', released: '2026-08-26', endOfLife: null },
      { minor: '1.36', released: '2026-04-22', endOfLife: '2027-06-28' },
      { minor: '1.35', released: null, endOfLife: '2027-02-28' },
    ],
    patches: [
      { version: '1.37.0', released: '2026-08-26' },
      { version: '1.36.0', released: '2026-04-22' },
      { version: '1.35.0', released: '2024-12-17' },
    ],
    incomplete: ['1.36'],
    ...change.releases,
  },
  cves: {
    asOf: '2026-11-20',
    source: 'a test',
    reviewed: ['CVE-2026-1000', 'CVE-2026-1001'],
    critical: [{ id: 'CVE-2026-1000', score: 9, ranges: [{ introduced: '1.36.0', fixed: '1.36.1' }] }],
    ...change.cves,
  },
});

describe('a file that takes the place of the published one', () => {
  const now = new Date('2026-11-22T03:17:00Z');
  const newest = { asOf: '2026-11-22T03:17:00.000Z' };
  const { minors, patches } = data().releases;
  test.each([
    ['the same file', {}],
    ['newer in both sections', { releases: newest, cves: newest }],
    [
      'a new branch, release and CVE',
      {
        releases: {
          minors: [{ minor: '1.38', released: null, endOfLife: null }, ...minors],
          patches: [{ version: '1.37.1', released: '2026-09-23' }, ...patches],
        },
        cves: { reviewed: ['CVE-2026-1002', 'CVE-2026-1001', 'CVE-2026-1000'] },
      },
    ],
    ['without a release that nobody asks for any more', { releases: { patches: patches.slice(0, 2) } }],
    ['without the oldest branch', { releases: { minors: minors.slice(0, 2), patches: patches.slice(0, 2) } }],
    [
      'an end of support that moved',
      { releases: { minors: minors.map((m) => (m.minor === '1.36' ? { ...m, endOfLife: '2027-08-28' } : m)) } },
    ],
  ])('%s', (_, change) => {
    expect(problemsOfSuccessor(data(), data(change), now)).toEqual([]);
  });
  test.each([
    ['older releases', { releases: { asOf: '2026-11-19' } }, /releases is of 2026-11-19, older than the published one of 2026-11-20/],
    ['older CVEs', { cves: { asOf: '2026-11-19' } }, /cves is of 2026-11-19, older/],
    ['releases from the future', { releases: { asOf: '2026-11-24' } }, /releases is dated 2026-11-24, which is in the future/],
    ['CVEs from the future', { cves: { asOf: '2027-01-01' } }, /cves is dated 2027-01-01, which is in the future/],
    ['a branch less', { releases: { minors: minors.filter((m) => m.minor !== '1.36') } }, /Branches .* missing: 1\.36/],
    ['no branch', { releases: { minors: [] } }, /Branches .* missing: 1\.37, 1\.36, 1\.35/],
    [
      'an end of support less',
      { releases: { minors: minors.map((m) => ({ ...m, endOfLife: null })) } },
      /end of support .* missing: 1\.36, 1\.35/,
    ],
    ['a release less', { releases: { patches: patches.slice(1) } }, /Releases .* missing: 1\.37\.0/],
    ['no release', { releases: { patches: [] } }, /Releases .* missing: 1\.37\.0, 1\.36\.0/],
    ['a reviewed CVE less', { cves: { reviewed: ['CVE-2026-1000'] } }, /Reviewed CVEs .* missing: CVE-2026-1001/],
    ['a critical CVE less', { cves: { critical: [] } }, /Critical CVEs .* missing: CVE-2026-1000/],
  ])('%s: refused', (_, change, problem) => {
    expect(problemsOfSuccessor(data(), data(change), now)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('the live sources', () => {
  let server: DocumentServer;
  beforeEach(async () => {
    server = await startDocumentServer();
    server.replies.set(urls.releasesUrl(1), releasePage);
    server.replies.set(urls.releasesUrl(2), olderPage);
    server.replies.set(urls.releasesUrl(3), '[]');
    server.replies.set(urls.scheduleUrl, schedule);
    server.replies.set(urls.endOfLifeUrl, endOfLife);
  });
  afterEach(() => server.close());
  const now = new Date('2026-11-24T03:17:00Z');
  const announce = (ids: readonly string[]): void => {
    const known = Array.from({ length: 30 }, (_, i) => `CVE-2020-${1000 + i}`);
    server.replies.set(urls.cveFeedUrl, JSON.stringify({ items: [...known, ...ids].map((id) => ({ id })) }));
  };
  const bundled = data({
    cves: { reviewed: Array.from({ length: 30 }, (_, i) => `CVE-2020-${1000 + i}`), critical: [], asOf: '2026-01-01' },
  });
  const made = (published?: ReleaseData): ReturnType<typeof fromNetwork> => {
    const options: DocumentsOptions = {
      ...({
        cacheDirectory: directory,
        offline: false,
        now,
        clock: () => now,
        env: {},
        reroute: server.reroute,
        silenceMs: 500,
      } as unknown as DocumentsOptions),
    };
    return fromNetwork(createDocuments(options), bundled, published);
  };

  test('all of them answer: both sections are of now', async () => {
    announce(['CVE-2026-1000']);
    server.replies.set(
      urls.cveRecordUrl('CVE-2026-1000'),
      cveRecord('CVE-2026-1000', 'kubelet', 9, [{ status: 'affected', version: '<= v1.36.4' }]),
    );
    const {
      data: { releases, cves },
      unread,
    } = await made();
    expect(unread).toEqual([]);
    expect([releases.asOf, cves.asOf]).toEqual([now.toISOString(), now.toISOString()]);
    expect(cves.critical).toEqual([{ id: 'CVE-2026-1000', score: 9, ranges: [{ introduced: '0.0.0', lastAffected: '1.36.4' }] }]);
    expect(cves.reviewed).toContain('CVE-2026-1000');
  });
  test('a record that cannot be read: the CVEs stay as old as what is published, or what is bundled', async () => {
    announce(['CVE-2026-1000']);
    expect(await made()).toMatchObject({ unread: ['CVE-2026-1000'], data: { cves: { asOf: '2026-01-01', critical: [] } } });
    expect((await made(data({ cves: { asOf: '2026-11-20' } }))).data.cves.asOf).toBe('2026-11-20');
    expect((await made(data({ cves: { asOf: '2025-11-20' } }))).data.cves.asOf).toBe('2026-01-01');
    expect((await made()).data.cves.reviewed).not.toContain('CVE-2026-1000');
  });
  test.each([
    ['releases', () => urls.releasesUrl(1)],
    ['calendar', () => urls.scheduleUrl],
    ['feed', () => urls.cveFeedUrl],
  ])('the %s cannot be had: nothing is made', async (_, url) => {
    announce([]);
    server.replies.set(url(), { status: 503 });
    await expect(made()).rejects.toThrow(/503/);
  });
});

describe('the script, as the nightly workflow runs it', () => {
  const copies = (asOf: string): void => {
    const write = (name: string, content: unknown): void => writeFileSync(join(directory, name), JSON.stringify(content));
    write('kubernetes-releases.json', {
      source: 'tags',
      asOf,
      complete: 'gaps may exist above 1.36.1 and 1.35.0; 1.34 has ended and is whole',
      minors: [{ minor: '1.36', released: '2026-04-22', endOfLife: null, note: 'not set yet' }],
      patches: [
        { version: '1.36.1', released: '2026-05-12' },
        { version: '1.36.0', released: '2026-04-22' },
      ],
    });
    write('kubernetes-cves.json', {
      source: 'records',
      asOf,
      vulnerabilities: [
        {
          id: 'CVE-2026-1001',
          severity: ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H'],
          ranges: [[{ introduced: '0' }, { fixed: '1.36.1' }]],
        },
        { id: 'CVE-2026-1000', severity: ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N'], ranges: [[{ introduced: '0' }]] },
      ],
    });
    writeFileSync(
      join(directory, 'k8s-eol-data.yml'),
      '- branch: "1.34"\n  end-of-life: "2026-10-27"\n- branch: "1.30"\n  end-of-life: "2025-06-28"\n',
    );
  };
  const out = (): string => join(directory, 'out.json');
  const script = (...more: readonly string[]): Promise<{ readonly failed: boolean; readonly said: string }> =>
    new Promise((done) => {
      const words = ['--no-warnings', join(root, 'scripts', 'refresh-release-data.ts'), '--from', directory, '--to', out(), ...more];
      execFile(process.execPath, words, { cwd: directory }, (error, stdout, stderr) =>
        done({ failed: error !== null, said: stdout + stderr }),
      );
    });

  test('writes a file in the format, with the date of its sources', async () => {
    copies('2026-06-01');
    expect(await script()).toMatchObject({
      failed: false,
      said: expect.stringMatching(/wrote 2 releases as of 2026-06-01, .* as of 2026-06-01/) as unknown,
    });
    const { releases, cves } = parseReleaseData(readFileSync(out(), 'utf8'), 'out.json');
    expect(releases.incomplete).toEqual(['1.36']);
    expect(releases.minors.map((m) => m.minor)).toEqual(['1.36', '1.34', '1.30']);
    expect(cves.critical.map((c) => c.id)).toContain('CVE-2026-1001');
    expect(cves.critical.map((c) => c.id)).not.toContain('CVE-2026-1000');
    // Records of another authority without product and versions: looked at by people.
    expect(cves.reviewed).toEqual(expect.arrayContaining(['CVE-2017-1000056', 'CVE-2021-3121', 'CVE-2026-1000', 'CVE-2026-1001']));
  });
  test('writes nothing where the published file is newer, or none', async () => {
    copies('2026-06-01');
    const published = join(directory, 'published.json');
    writeFileSync(published, JSON.stringify(data()));
    expect(await script('--published', published)).toMatchObject({
      failed: true,
      said: expect.stringMatching(/older than the published one/) as unknown,
    });
    writeFileSync(published, '{}');
    expect((await script('--published', published)).failed).toBe(true);
    expect(existsSync(out())).toBe(false);
  });
});

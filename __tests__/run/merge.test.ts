import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { exitCodes } from '../../src/evaluation/exit-code.js';
import { labelsOf, mergeReports, type Merged, type MergeRequest } from '../../src/run/merge.js';
import type { Report } from '../../src/model/report.js';
import { outputReporters } from '../../src/reporters/index.js';
import { reportJson } from '../../src/reporters/json.js';
import { fleetReport, fleetText, type FleetReportOptions } from '../helpers/fleet.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-merge-'));
});
afterAll(() => rm(folder, { recursive: true }));

let n = 0;
/** Writes reports into folders of their own, as a download of artifacts gives them. */
const write = async (...texts: readonly (FleetReportOptions | string)[]): Promise<readonly string[]> => {
  const run = join(folder, String(++n));
  const paths = texts.map((_, i) => join(run, `cluster-${i + 1}`, 'scs-kaas-report.json'));
  for (const [i, text] of texts.entries()) {
    const path = paths[i] ?? '';
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof text === 'string' ? text : fleetText(text));
  }
  return paths;
};
const failMusts = [{ outcome: 'fail', levels: ['MUST'], categories: ['certificate'] }] as const;
const run = (paths: readonly string[], more: Partial<MergeRequest> = {}): Promise<Merged> =>
  mergeReports({ paths, now: new Date('2026-11-26T12:00:00Z'), failOn: failMusts, ...more });
/** What the program prints in a form. */
const text = (merged: Merged, format = 'table'): string => {
  const reporter = outputReporters.find(({ name }) => name === format);
  return reporter?.fleet?.(merged, { commentKey: '', colour: false, width: 140, verbose: false }) ?? '';
};

const of = (minor: string, more: FleetReportOptions = {}): FleetReportOptions => ({
  name: `c-${minor}`,
  version: `v${minor}.1`,
  uid: `u-${minor}`,
  needs: ['1.35', '1.36'],
  ...more,
});
const conformance = 'scs-0201-v1/conformance';

describe('what a path is called', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['artifacts in folders of their own', ['reports/a/r.json', 'reports/b/r.json'], ['a', 'b']],
    ['files in one folder', ['/tmp/x/a.json', '/tmp/x/b.json'], ['a.json', 'b.json']],
    ['one file', ['/tmp/x/a.json'], ['a.json']],
    ['the same file twice', ['x/a.json', './x/a.json'], ['a.json', 'a.json']],
    ['different depths', ['r/a/x/r.json', 'r/b/r.json'], ['a/x', 'b']],
    ['one within the other', ['r/a/r.json', 'r/r.json'], ['a', 'r.json']],
  ])('%s', (_, paths, labels) => expect(labelsOf(paths)).toEqual(labels));
});

describe('how it ends: the worst of all', () => {
  const failed = of('1.35', { outcomes: { [conformance]: 'fail' } });
  test.each<readonly [string, readonly (FleetReportOptions | string)[], Partial<MergeRequest>, keyof typeof exitCodes, string]>([
    ['all compliant', [of('1.36'), of('1.35')], {}, 'fine', ''],
    ['one failed', [of('1.36'), failed], {}, 'failed', 'cluster-2: 1 failed: scs-0201-v1/conformance'],
    ['one failed, beside a file of no use', [failed, 'x'], {}, 'failed', 'cluster-1: 1 failed'],
    ['one failed, and nothing fails the step', [of('1.36'), failed], { failOn: [] }, 'fine', ''],
    ['a file of no use', [of('1.36'), 'x'], {}, 'badInput', 'cluster-2: it is no JSON'],
    ['a file of no use, and nothing fails the step', [of('1.36'), 'x'], { failOn: [] }, 'badInput', 'no JSON'],
    ['open, and that fails nothing', [of('1.36', { outcomes: { [conformance]: 'missing' } })], {}, 'fine', ''],
    [
      'open, where that is asked for',
      [of('1.36', { outcomes: { [conformance]: 'missing' } })],
      { failOn: [{ outcome: 'missing', levels: ['MUST'], categories: ['certificate'] }] },
      'notJudged',
      '1 could not be judged: scs-0201-v1/conformance',
    ],
    [
      'what all reports together settle is not open',
      [of('1.36'), of('1.35')],
      { failOn: [{ outcome: 'abort', levels: ['MUST'], categories: ['certificate'] }] },
      'fine',
      '',
    ],
    ['too old', [of('1.36', { at: '2026-09-01T00:00:00.000Z' })], {}, 'notJudged', 'more than 31 days ago'],
    ['fewer than there have to be', [of('1.36')], { expected: 2 }, 'notJudged', '1 cluster where there have to be 2'],
  ])('%s', async (_, texts, more, code, message) => {
    const ended = await run(await write(...texts), more);
    expect([ended.code, ended.message === '']).toEqual([exitCodes[code], message === '']);
    expect(ended.message).toContain(message);
  });
});

describe('files of no use are told, and the others all the same', () => {
  test('missing ones, folders, devices, links to nothing, and those that are too large', async () => {
    const [good = ''] = await write(of('1.36'));
    const large = join(folder, 'large.json');
    await writeFile(large, '');
    await truncate(large, 33 * 1024 * 1024);
    const link = join(folder, 'link.json');
    await symlink(join(folder, 'nowhere'), link);
    const merged = await run([good, join(folder, 'none.json'), folder, '/dev/zero', link, large]);
    expect(merged.code).toBe(exitCodes.badInput);
    for (const words of ['no such file', 'it is a directory', 'it is a device', 'it is larger than 33554432 bytes', 'c-1.36 v1.36.1'])
      expect(text(merged)).toContain(words);
    expect(text(merged)).toContain('! incomplete: 1 of 1 incomplete; 5 files of no use');
  });

  test('too many files are refused', async () => {
    await expect(run(Array.from({ length: 501 }, () => 'x'))).rejects.toThrow('was given 501 files; it takes 500');
  });
});

test('every form', async () => {
  const paths = await write(of('1.36'), of('1.35'));
  const merged = await run(paths);
  expect(text(merged)).toMatch(/^✓ compliant: all of 2 cluster reports\n/);
  expect(text(merged, 'markdown')).toMatch(/^## ✅ compliant: all of 2 cluster reports\n/);
  expect(JSON.parse(text(merged, 'json'))).toMatchObject({
    schemaVersion: '2.0',
    verdict: 'compliant',
    count: { clusters: 2 },
  });
});

describe('upstream’s report', () => {
  const scs = async (...texts: readonly (FleetReportOptions | string)[]): Promise<string> =>
    text(await run(await write(...texts), { subject: 'noris' }), 'scs-report');

  test('a document for each cluster and moment of looking: each branch is a subject of its own', async () => {
    const report = await scs(of('1.35'), of('1.36', { at: '2026-11-24T10:00:00.000Z', outcomes: { [conformance]: 'fail' } }));
    const documents = parseAllDocuments(report, { version: '1.1' }).map((d) => d.toJS() as { subject: string; run: { uuid: string } });
    expect(documents.map(({ subject }) => subject)).toEqual(['noris-1.36', 'noris-1.35']);
    expect(new Set(documents.map(({ run: { uuid } }) => uuid)).size).toBe(2);
    for (const {
      run: { uuid },
    } of documents)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(report).toMatch(/checked_at: 2026-11-24 10:00:00\n/);
    // A bare beginning at the end is what upstream's monitor does not bear.
    expect(report).toMatch(/^---\n/);
    expect(report.trimEnd()).not.toMatch(/---$/);
    expect(report.match(/^---$/gm)).toHaveLength(2);
    expect(report).toContain('cncf-k8s-conformance: -1');
  });

  test('is the same at every try, so that a copy is known as one', async () => {
    const paths = await write(of('1.35'));
    const ask = async (subject = 'noris') => text(await run(paths, { subject }), 'scs-report');
    expect(await ask()).toBe(await ask());
    expect(await ask()).not.toBe(await ask('other'));
  });

  test('a moment that is yet to come is now', async () => {
    expect(await scs(of('1.35', { at: '2026-11-26T20:00:00.000Z' }))).toMatch(/checked_at: 2026-11-26 12:00:00\n/);
  });

  test('what keeps it from being written is told at once, and nothing is written', async () => {
    const paths = await write(of('1.35'), of('1.35', { uid: 'u-2' }), of('1.36', { source: 'embedded' }), of('', { version: 'odd' }), 'x');
    const merged = await run(paths, { subject: 'noris' });
    expect(() => text(merged, 'scs-report')).toThrow(
      expect.objectContaining({
        problems: expect.arrayContaining([
          expect.stringContaining('2 reports are of the subject noris-1.35: cluster-1, cluster-2; merge one of each branch'),
          expect.stringContaining('cluster-3 is about the recorded example'),
          expect.stringContaining('cluster-4 does not tell which branch'),
          expect.stringContaining('cluster-5: it is no JSON'),
        ]) as unknown,
      }),
    );
    await expect(scs('x')).rejects.toThrow('there is no report of a cluster');
  });

  test.each<readonly [string, Partial<Report['cluster']>, string]>([
    ['a kind cluster', { source: 'kind' }, 'a kind cluster, which says nothing about a provider'],
    ['a recording of one', { source: 'kind', sourceDetail: 'recorded at x from kind' }, 'a kind cluster'],
    ['a recording of one, by an earlier version', { source: 'snapshot', sourceDetail: 'recorded at x from kind' }, 'a kind cluster'],
    ['a recording of the example', { source: 'snapshot', sourceDetail: 'recorded at x from embedded' }, 'the recorded example'],
  ])('%s is none of a provider’s', async (_, cluster, what) => {
    const report = fleetReport(of('1.36'));
    const changed = reportJson({ ...report, cluster: { ...report.cluster, ...cluster } });
    await expect(scs(of('1.35'), changed)).rejects.toMatchObject({
      problems: [
        expect.stringMatching(
          new RegExp(
            `^Cannot write upstream's report: cluster-2 is about ${what}.*; leave it out, and merge reports on clusters of the offer\\.$`,
          ),
        ) as unknown,
      ],
    });
  });

  test('a recording of a cluster of somebody’s is uploaded', async () => {
    const report = fleetReport(of('1.36'));
    const cluster = { ...report.cluster, source: 'snapshot', sourceDetail: 'recorded at x from kubeconfig' };
    expect(await scs(reportJson({ ...report, cluster }))).toContain('subject: noris-1.36');
  });

  test('what upstream’s own settings say is what is uploaded, whatever ours make of it', async () => {
    const byUpstream = (outcome: 'pass' | 'fail') =>
      of('1.36', { official: { [conformance]: { outcome, message: 'by upstream’s list: so' } } });
    const lenient = await scs(byUpstream('fail'));
    expect(lenient).toContain('cncf-k8s-conformance: -1');
    expect(lenient).toContain('scs-0201-v1/conformance: fail: by upstream');
    const strict = await scs({ ...byUpstream('pass'), outcomes: { [conformance]: 'fail' } });
    expect(strict).toContain('cncf-k8s-conformance: 1');
    expect(strict).not.toMatch(/ERROR|as the test wants it.*conformance/);
  });

  test('a report that was changed so that upstream would not take it', async () => {
    await expect(scs(fleetText(of('1.35')).replaceAll('"cncf-k8s-conformance"', '"<script>"'))).rejects.toThrow('does not take');
  });
});

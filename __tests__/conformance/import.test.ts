import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importResults } from '../../src/conformance/import.js';
import type { ImportedRun } from '../../src/conformance/run.js';
import { archiveEntries, archiveOf, conformanceTests, junitOf, policyTests, tarOf, type Entry } from '../helpers/e2e-files.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const put = async (path: string, content: string | Buffer): Promise<string> => {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
};
const one = async (...paths: readonly string[]): Promise<ImportedRun> => {
  const [run, ...more] = await importResults(paths);
  expect(more).toEqual([]);
  if (run === undefined) throw new Error('no run');
  return run;
};
const version = '{"gitVersion":"v1.36.3"}';
const junit = junitOf(policyTests(45), { properties: { FocusStrings: 'NetworkPolicy', SkipStrings: 'SCTP' } });
const passed = expect.objectContaining({ named: 45, passed: 45 }) as unknown;

describe('the forms that are read', () => {
  test('a Sonobuoy archive', async () => {
    const { run, origin } = await one(await put('a/202611201000_sonobuoy_x.tar.gz', archiveOf(junit)));
    expect(run).toMatchObject({
      files: [{ name: '202611201000_sonobuoy_x.tar.gz', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown }],
      form: 'sonobuoy',
      unusable: [],
      kubernetes: 'v1.36.3',
      tests: 'v1.36.3',
      sonobuoy: 'v0.57.5',
      startedAt: '2026-11-20T10:00:00.000Z',
      finishedAt: '2026-11-20T11:00:00.500Z',
      focus: ['NetworkPolicy'],
      skip: ['SCTP'],
      suites: { 'network-policy': passed },
    });
    expect(origin).toEqual({ kubeSystem: '51c19d3a-9388-4d8d-840c-82dc43bb7f12', nodes: ['worker-1'] });
  });

  test('a folder with an archive that was unpacked', async () => {
    for (const { path, content, type } of archiveEntries(junit)) if (type === undefined) await put(join('unpacked', path), content ?? '');
    const { run, origin } = await one(join(folder, 'unpacked'));
    expect(run).toMatchObject({ form: 'sonobuoy', unusable: [], kubernetes: 'v1.36.3', suites: { 'network-policy': passed } });
    expect(origin.nodes).toEqual(['worker-1']);
  });

  test('a folder of hydrophone, with the version beside it', async () => {
    const log = '\u001b[38;5;14m• [FLAKEY TEST - TOOK 2 ATTEMPTS TO PASS] [1.5 seconds]\u001b[0m\n[sig-network] Netpol does it\nx.go:1\n';
    await put('hydrophone/junit_01.xml', junit);
    await put('hydrophone/e2e.log', log);
    await put('hydrophone/serverversion.json', version);
    await put('hydrophone/notes.txt', 'passed');
    const { run } = await one(join(folder, 'hydrophone'));
    expect(run).toMatchObject({
      form: 'junit',
      unusable: [],
      kubernetes: 'v1.36.3',
      retried: ['[sig-network] Netpol does it'],
      suites: { 'network-policy': passed },
    });
    expect(run.files.map(({ name }) => name)).toEqual(['e2e.log', 'junit_01.xml', 'serverversion.json']);
  });

  test('loose files of Ginkgo are one run, whatever the report is called', async () => {
    const { run } = await one(await put('loose/report.xml', junit), await put('loose/serverversion.json', version));
    expect(run).toMatchObject({ form: 'junit', unusable: [], kubernetes: 'v1.36.3', suites: { 'network-policy': passed } });
  });

  test('the version that an older suite writes into its log', async () => {
    await put('old/junit_01.xml', junit);
    await put('old/e2e.log', 'I0101 e2e test version: v1.30.2\nI0101 kube-apiserver version: v1.30.1+k3s1\n');
    expect((await one(join(folder, 'old'))).run).toMatchObject({ kubernetes: 'v1.30.1+k3s1', tests: 'v1.30.2' });
  });

  test('files of parallel processes are taken together', async () => {
    await put('parallel/junit_01.xml', junitOf([...policyTests(1), ...conformanceTests(2, { status: 'skipped' })]));
    await put('parallel/junit_02.xml', junitOf([...policyTests(1, { status: 'skipped' }), ...conformanceTests(2)]));
    expect((await one(join(folder, 'parallel'))).run.suites).toMatchObject({
      conformance: { named: 2, passed: 2 },
      'network-policy': { named: 1, passed: 1 },
    });
  });
});

test('a folder of archives, as artifacts are downloaded: a run each', async () => {
  await put('archives/202611201000_sonobuoy_a.tar.gz', archiveOf(junit));
  await put('archives/202611201200_sonobuoy_b.tar.gz', archiveOf(junitOf(conformanceTests(3))));
  await put('archives/readme.txt', 'x');
  const runs = await importResults([join(folder, 'archives')]);
  expect(runs.map(({ run }) => [run.form, run.unusable, run.executed])).toEqual([
    ['sonobuoy', [], 45],
    ['sonobuoy', [], 3],
  ]);
});

describe('results that cannot be used are a run with the reason', () => {
  const entries = archiveEntries(junit);
  const without = (path: string): readonly Entry[] => entries.filter((entry) => entry.path !== path);
  const pack = (some: readonly Entry[]): Buffer => gzipSync(tarOf(some));
  test.each<readonly [string, Buffer, string]>([
    ['cut', archiveOf(junit).subarray(0, 200), 'it is cut'],
    ['empty', pack([]), 'no JUnit file'],
    [
      'no JUnit file',
      pack(without('plugins/e2e/results/global/junit_01.xml')),
      'no JUnit file of the end-to-end tests; the plugin e2e ended as passed',
    ],
    ['retrieved too early', pack(without('plugins/e2e/sonobuoy_results.yaml')), 'retrieved before Sonobuoy was done'],
    [
      'a status that the tests deny',
      archiveOf(junit, { status: 'failed' }),
      'Sonobuoy calls the plugin e2e failed, and its JUnit file names nothing',
    ],
    [
      'an error of the plugin',
      pack([...entries, { path: 'plugins/e2e/errors/global/error.json', content: '{"error":"image pull"}' }]),
      'ended with an error: image pull',
    ],
    ['an entity', archiveOf(`<!DOCTYPE a [<!ENTITY b "c">]>${junit}`), 'junit_01.xml cannot be used: it declares'],
    [
      'a suite that did not succeed without a failure',
      archiveOf(junitOf(policyTests(45), { properties: { SuiteSucceeded: 'false' } })),
      'did not succeed, and names nothing',
    ],
  ])('%s', async (name, packed, why) => {
    const { run } = await one(await put(`bad/${name.replaceAll(' ', '-')}.tar.gz`, packed));
    expect(run.unusable.join('; ')).toContain(why);
    expect(run.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a folder with nothing in it, and one whose JUnit file is a link', async () => {
    await put('secret/other.xml', junit);
    await mkdir(join(folder, 'linked'), { recursive: true });
    await symlink(join(folder, 'secret/other.xml'), join(folder, 'linked/junit_01.xml'));
    for (const name of ['linked', 'none']) {
      await mkdir(join(folder, name), { recursive: true });
      expect((await one(join(folder, name))).run.unusable).toEqual(['it holds no file of results']);
    }
  });

  test('files of two runs in one folder', async () => {
    await put('two/junit_01.xml', junitOf(policyTests(25), { properties: { RandomSeed: '1' } }));
    await put('two/junit_02.xml', junitOf(policyTests(45).slice(25), { properties: { RandomSeed: '2' } }));
    expect((await one(join(folder, 'two'))).run.unusable.join()).toContain('of different runs');
  });

  test('loose files of two runs', async () => {
    const paths = [await put('x/junit_01.xml', junit), await put('y/junit_01.xml', junit)];
    expect((await one(...paths)).run.unusable.join()).toContain('given twice; put the files of each run into a folder');
  });
});

describe('of which cluster the results of an archive are, however they are named', () => {
  const other = 'the UID of another cluster';
  beforeAll(async () => {
    for (const { path, content, type } of archiveEntries(junit, { cluster: other }))
      if (type === undefined) await put(join('of', path), content ?? '');
  });
  const results = 'of/plugins/e2e/results/global';
  test.each<readonly [string, readonly string[]]>([
    ['the folder', ['of']],
    ['the folder of the results', [results]],
    ['a folder on the way', ['of/plugins/e2e']],
    ['the file of the results', [`${results}/junit_01.xml`]],
    ['the file of the results, and the version', [`${results}/junit_01.xml`, 'of/serverversion.json']],
  ])('%s', async (_, paths) => {
    const { run, origin } = await one(...paths.map((path) => join(folder, path)));
    expect([run.form, run.unusable, origin]).toEqual(['sonobuoy', [], { kubeSystem: other, nodes: ['worker-1'] }]);
  });

  test('JUnit files with the objects of the cluster beside them', async () => {
    await put('beside/junit_01.xml', junit);
    await put('beside/serverversion.json', version);
    for (const { path, content } of archiveEntries(junit, { cluster: other }))
      if (path.startsWith('resources/')) await put(join('beside', path), content ?? '');
    expect((await one(join(folder, 'beside'))).origin).toEqual({ kubeSystem: other, nodes: ['worker-1'], stated: true });
  });
});

describe('every file that may be a report is read', () => {
  test.each(['junit_01 (2).xml', 'JUNIT_02.XML', 'other.xml', 'jünit 2.Xml'])('%s, with what failed, beside one without', async (name) => {
    const at = `named-${name.length}`;
    await put(join(at, 'junit_01.xml'), junit);
    await put(join(at, name), junitOf([{ name: '[It] [sig-network] NetworkPolicy fails', status: 'failed', message: 'no' }]));
    expect((await one(join(folder, at))).run.failed).toHaveLength(1);
  });

  test('XML of another tool is none, unless it is called like a report', async () => {
    const pom = '<project><modelVersion>4.0.0</modelVersion></project>';
    await put('pom/junit_01.xml', junit);
    await put('pom/pom.xml', pom);
    expect((await one(join(folder, 'pom'))).run.unusable).toEqual([]);
    await put('pom/junit_02.xml', pom);
    expect((await one(join(folder, 'pom'))).run.unusable).toEqual(['junit_02.xml cannot be used: it is no JUnit file']);
  });

  test('a folder whose folders hold the results names them', async () => {
    await put('shards/a/junit_01.xml', junit);
    await put('shards/b/junit_01.xml', junit);
    await put('shards/notes/readme.txt', 'x');
    expect((await one(join(folder, 'shards'))).run.unusable).toEqual([
      'it holds no file of results itself; name the folders in it that do, each for a run: a, b',
    ]);
  });
});

describe('what the files say of the version', () => {
  const log = (server: string, tests = 'v1.36.3'): string => `I0101 e2e test version: ${tests}\nI0101 kube-apiserver version: ${server}\n`;
  const withLog = (text: string): Buffer =>
    gzipSync(tarOf([...archiveEntries(junit), { path: 'plugins/e2e/results/global/e2e.log', content: text }]));
  test.each<readonly [string, string, readonly string[]]>([
    ['the same', log('v1.36.3'), []],
    ['the same, with what a vendor appends', log('v1.36.3-eks-1234567'), []],
    ['another patch', log('v1.36.2'), ['its serverversion.json says v1.36.3, and its log says that the API server had v1.36.2']],
    ['another minor', log('v1.35.9'), ['its serverversion.json says v1.36.3, and its log says that the API server had v1.35.9']],
    ['tests of another minor', log('v1.36.3', 'v1.35.9'), ['its definition.json names tests of v1.36.3, and its log those of v1.35.9']],
  ])('an archive whose log says %s', async (name, text, unusable) => {
    expect((await one(await put(`log/${name.replaceAll(/\W/g, '-')}.tgz`, withLog(text)))).run.unusable).toEqual(unusable);
  });

  test('JUnit files whose log names another version than the file that was put beside them: the log was there', async () => {
    await put('upgraded/junit_01.xml', junit);
    await put('upgraded/serverversion.json', version);
    await put('upgraded/e2e.log', log('v1.36.2'));
    expect((await one(join(folder, 'upgraded'))).run).toMatchObject({ unusable: [], kubernetes: 'v1.36.2' });
  });

  test.each<readonly [string, string, string]>([
    ['YAML', 'gitVersion: v1.36.3', 'it is no JSON object of /version or of `kubectl version -o json`'],
    ['that of kubectl', '{"clientVersion":{"gitVersion":"v1.36.3"}}', 'it holds the version of kubectl alone'],
    ['two', '{"gitVersion":"v1.36.3","serverVersion":{"gitVersion":"v1.35.1"}}', 'it gives two versions, v1.36.3 and v1.35.1'],
    ['none', '{"major":"1"}', 'it holds no gitVersion'],
  ])('serverversion.json that tells none: %s', async (name, content, why) => {
    await put(`version-${name}/junit_01.xml`, junit);
    await put(`version-${name}/serverversion.json`, content);
    expect((await one(join(folder, `version-${name}`))).run.unusable).toEqual([
      `its serverversion.json tells no version of the API server: ${why}`,
    ]);
  });
});

test.each([
  [['0', '5'], 5],
  [['5', '0'], 5],
  [['', '2'], 2],
])('attempts of several files, %j: the most', async (attempts, most) => {
  const at = `attempts-${attempts.join('-')}`;
  for (const [i, text] of attempts.entries())
    await put(join(at, `junit_0${i}.xml`), junitOf(policyTests(2).slice(i, i + 1), { properties: { FlakeAttempts: text } }));
  expect((await one(join(folder, at))).run.flakeAttempts).toBe(most);
});

test('paths that cannot be read are told all at once, before anything else', async () => {
  const odd = await put('odd/results.pdf', 'x');
  await expect(importResults([join(folder, 'nowhere.tar.gz'), odd, '/dev/zero'])).rejects.toMatchObject({
    problems: [
      expect.stringContaining('ENOENT'),
      expect.stringContaining('its name is none'),
      expect.stringContaining('no file and no folder'),
    ],
  });
});

test('dry runs are told by the property, by the environment, or by tests that took no time', async () => {
  const files = [
    archiveOf(junitOf(policyTests(45), { properties: { DryRun: 'true' } })),
    archiveOf(junitOf(policyTests(45, { time: '0' }))),
    gzipSync(
      tarOf(
        archiveEntries(junit).map((entry) =>
          entry.path.endsWith('definition.json')
            ? { ...entry, content: '{"Definition":{"spec":{"env":[{"name":"E2E_DRYRUN","value":"true"}]}}}' }
            : entry,
        ),
      ),
    ),
  ];
  for (const [i, file] of files.entries()) expect((await one(await put(`dry-${i}.tgz`, file))).run.dryRun).toBe(true);
});

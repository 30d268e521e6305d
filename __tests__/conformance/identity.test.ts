import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readArchive } from '../../src/conformance/archive.js';
import { importResults } from '../../src/conformance/import.js';
import { toRun, type ImportedRun } from '../../src/conformance/run.js';
import { toResults, type RunOrigin } from '../../src/facts/e2e-results.js';
import { upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import type { Outcome } from '../../src/model/outcome.js';
import { conformanceRule, judgeSuite, judgeTestedVersion, networkPolicyRule } from '../../src/standards/support/e2e.js';
import { archiveEntries, conformanceTests, junitOf, policyTests, tarOf, uid, type Entry, type Test } from '../helpers/e2e-files.js';

const here: RunOrigin = { kubeSystem: uid, nodes: ['worker-1', 'worker-2'] };
const now = new Date('2026-11-25T00:00:00Z');
/** This cluster had the version before the tests of the archives ended (2026-11-20). */
const since = {
  namespaces: [{ name: 'kube-system', enforce: null, uid, created: '2026-01-01T00:00:00Z' }],
  nodes: [
    {
      ...{ name: 'worker-1', labels: {}, ready: true, kubeletVersion: 'v1.36.3', externalIPs: [], internalIPs: [] },
      created: '2026-11-24T00:00:00Z',
    },
  ],
};

/** What each row says of results on this cluster: our own outcome, and SCS's where that is another. */
const judged = (runs: readonly ImportedRun[], origin: RunOrigin = here): Readonly<Record<string, Outcome | 'undecided' | 'unrelated'>> => {
  const results = toResults({ runs, exceptions: upstreamExceptions }, origin);
  const server = { gitVersion: 'v1.36.3' };
  const [conformance, policy] = [conformanceRule, networkPolicyRule].map((rule) => judgeSuite(rule)(results, server, now));
  const officialOf = (answer: typeof conformance): Outcome | 'unrelated' =>
    answer === undefined ? 'unrelated' : (('official' in answer ? answer.official?.outcome : undefined) ?? answer.outcome);
  return {
    conformance: conformance?.outcome ?? 'unrelated',
    policy: policy?.outcome ?? 'unrelated',
    conformanceOfScs: officialOf(conformance),
    policyOfScs: officialOf(policy),
    tested: judgeTestedVersion(results, server, now, since).outcome,
  };
};
const passesOf = (runs: readonly ImportedRun[], origin?: RunOrigin): readonly string[] =>
  Object.entries(judged(runs, origin)).flatMap(([name, outcome]) => (outcome === 'pass' ? [name] : []));

const tests: readonly Test[] = [...conformanceTests(446), ...policyTests(50)];
const good = junitOf(tests);
const another = '00000000-0000-0000-0000-000000000000';

const importPacked = async (entries: readonly Entry[]): Promise<readonly ImportedRun[]> => [
  toRun(await readArchive(gzipSync(tarOf(entries), { level: 1 })), 'sonobuoy', [{ name: 'run.tar.gz', sha256: '' }]),
];
const filesOf = (entries: readonly Entry[]): readonly string[] => entries.flatMap(({ path, type }) => (type === undefined ? [path] : []));
const replaced = (entries: readonly Entry[], path: string, content: string): readonly Entry[] =>
  entries.map((entry) => (entry.path === path ? { ...entry, content } : entry));

/** Archives as Sonobuoy makes them, and what is the matter with each. */
const archives: Readonly<Record<string, readonly Entry[]>> = {
  'of this cluster': archiveEntries(good),
  'of another cluster': archiveEntries(good, { cluster: another }),
  'of another cluster with other nodes': replaced(
    archiveEntries(good, { cluster: another }),
    'resources/cluster/core_v1_nodes.json',
    '{"items":[{"metadata":{"name":"elsewhere"}}]}',
  ),
  'of another patch': archiveEntries(good, { version: 'v1.36.2' }),
  'of another branch': archiveEntries(good, { version: 'v1.35.3' }),
  'with the tests of another branch': replaced(
    archiveEntries(good),
    'plugins/e2e/definition.json',
    '{"Definition":{"spec":{"image":"registry.k8s.io/conformance:v1.37.0","env":[]}}}',
  ),
  'of a dry run': replaced(
    archiveEntries(junitOf(tests.map((one) => ({ ...one, time: '0' })))),
    'plugins/e2e/definition.json',
    '{"Definition":{"spec":{"image":"registry.k8s.io/conformance:v1.36.3","env":[{"name":"E2E_DRYRUN","value":"true"}]}}}',
  ),
  'of a dry run, told by the plugin alone': replaced(
    archiveEntries(good),
    'plugins/e2e/definition.json',
    '{"Definition":{"spec":{"image":"registry.k8s.io/conformance:v1.36.3","env":[{"name":"E2E_DRYRUN","value":"true"}]}}}',
  ),
  'whose plugin timed out': [
    ...archiveEntries(good, { status: 'failed' }),
    { path: 'plugins/e2e/errors/global/error.json', content: '{"error":"timeout"}' },
  ],
  'with a failed test': archiveEntries(
    junitOf([...tests.slice(1), { name: '[It] [sig-x] one [Conformance]', status: 'failed', message: 'no' }]),
    { status: 'failed' },
  ),
};

const forms: readonly string[] = [
  '{"Definition":{"spec":{}}}',
  '{"gitVersion":""}',
  '',
  '{}',
  'null',
  '[]',
  '{"items":[]}',
  '{"items":null}',
  '{"metadata":{"name":"kube-system"}}',
  'x',
  '\0',
];
const change = fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...forms) });

describe('no file that is missing or damaged makes a result count that does not count with it', () => {
  test('only the archive of this cluster, of its version, counts; for SCS of any patch', async () => {
    const passes = await Promise.all(
      Object.entries(archives).map(async ([name, entries]) => [name, passesOf(await importPacked(entries))] as const),
    );
    expect(passes.filter(([, some]) => some.length > 0)).toEqual([
      ['of this cluster', ['conformance', 'policy', 'conformanceOfScs', 'policyOfScs']],
      ['of another cluster', ['tested']],
      ['of another cluster with other nodes', ['tested']],
      ['of another patch', ['conformanceOfScs', 'policyOfScs']],
      ['with a failed test', ['policy', 'policyOfScs']],
    ]);
  });

  test.each(Object.entries(archives))('an archive %s: each file left out', async (_, entries) => {
    const before = passesOf(await importPacked(entries));
    for (const path of filesOf(entries)) {
      const after = passesOf(await importPacked(entries.filter((entry) => entry.path !== path)));
      expect([path, after.filter((name) => !before.includes(name))]).toEqual([path, []]);
    }
  });

  test.each(Object.entries(archives))('an archive %s: any files left out or damaged, in any order', async (_, entries) => {
    const before = passesOf(await importPacked(entries));
    const files = filesOf(entries).filter((path) => !path.endsWith('.xml'));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...files), change, { minKeys: 1, maxKeys: files.length }),
        fc.boolean(),
        async (changes, backwards) => {
          const some = entries.flatMap((entry) => {
            if (!Object.hasOwn(changes, entry.path)) return [entry];
            const content = changes[entry.path];
            return content === null || content === undefined ? [] : [{ ...entry, content }];
          });
          const after = passesOf(await importPacked(backwards ? some.toReversed() : some));
          expect(after.filter((name) => !before.includes(name))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([
    ['namespaces and nodes', /^resources\//, 'core_v1_namespaces.json is missing or unreadable'],
    ['namespaces', /namespaces/, 'kubectl get namespace kube-system -o json'],
    ['the version', /serverversion/, 'serverversion.json is missing or unreadable'],
    ['the settings of the plugin', /definition/, 'plugins/e2e/definition.json is missing or unreadable'],
    ['the end of the plugin', /sonobuoy_results/, 'retrieved before Sonobuoy was done'],
  ])('an archive of this cluster without %s is an abort that says what to add', async (_, left, why) => {
    const runs = await importPacked(archiveEntries(good).filter(({ path }) => !left.test(path)));
    const results = toResults({ runs, exceptions: upstreamExceptions }, here);
    expect(judgeSuite(conformanceRule)(results, { gitVersion: 'v1.36.3' }, now)).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining(why) as unknown,
    });
  });

  test('what this cluster does not show of itself never makes results count', async () => {
    const unknown: readonly RunOrigin[] = [
      { kubeSystem: null, nodes: here.nodes },
      { kubeSystem: null, nodes: null },
      { kubeSystem: null, nodes: [] },
    ];
    for (const entries of Object.values(archives))
      for (const origin of unknown) expect(passesOf(await importPacked(entries), origin)).toEqual([]);
  });

  test('a snapshot of an older version, whose files did not tell the cluster, does not count', async () => {
    const [imported] = await importPacked(archiveEntries(good));
    const results = toResults({ runs: [imported], exceptions: upstreamExceptions }, here);
    const old = results.runs.map((run) => ({ ...run, cluster: { answer: 'not-told' as const, why: 'the files do not tell' } }));
    for (const form of ['junit', 'sonobuoy'] as const)
      expect(
        judgeSuite(conformanceRule)({ ...results, runs: old.map((run) => ({ ...run, form })) }, { gitVersion: 'v1.36.3' }, now).outcome,
      ).toBe('abort');
  });
});

describe('in folders', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scs-kaas-identity-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const put = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name, path)), { recursive: true });
      await writeFile(join(folder, name, path), content);
    }
    return join(folder, name);
  };
  const unpacked = (entries: readonly Entry[]): Readonly<Record<string, string>> =>
    Object.fromEntries(entries.flatMap(({ path, type, content = '' }) => (type === undefined ? [[path, String(content)]] : [])));
  const suites = ['conformance', 'policy', 'conformanceOfScs', 'policyOfScs'];

  test('an unpacked archive is judged as the packed one, and a file that was left out can be added', async () => {
    const whole = unpacked(archiveEntries(good));
    expect(passesOf(await importResults([await put('whole', whole)]))).toEqual(suites);
    const without = Object.fromEntries(Object.entries(whole).filter(([path]) => !path.startsWith('resources/')));
    expect(passesOf(await importResults([await put('without', without)]))).toEqual([]);
    const namespace = (id: string): string => JSON.stringify({ kind: 'Namespace', metadata: { name: 'kube-system', uid: id } });
    const added = (id: string) => ({ ...without, 'resources/cluster/core_v1_namespaces.json': namespace(id) });
    expect(passesOf(await importResults([await put('added', added(uid))]))).toEqual(suites);
    expect(passesOf(await importResults([await put('added-other', added(another))]))).toEqual(['tested']);
  });

  test('JUnit files count by the version that was put beside them, and the reason says that this is all', async () => {
    const runs = await importResults([await put('junit', { 'junit_01.xml': good, 'serverversion.json': '{"gitVersion":"v1.36.3"}' })]);
    expect(passesOf(runs)).toEqual(suites);
    const results = toResults({ runs, exceptions: upstreamExceptions }, here);
    const answer = judgeSuite(conformanceRule)(results, { gitVersion: 'v1.36.3' }, now);
    expect(answer.message).toMatch(/known only from serverversion\.json, which was put beside them$/);
    expect(answer.evidence[0]?.observed).toContain('this cluster: stated (');
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['nothing', {}],
    ['a log that tells the version', { 'e2e.log': 'I0101 e2e test version: v1.36.3\nI0101 kube-apiserver version: v1.36.3\n' }],
    ['the version of kubectl alone', { 'serverversion.json': '{"clientVersion":{"gitVersion":"v1.36.3"}}' }],
    ['a file that says two versions', { 'serverversion.json': '{"gitVersion":"v1.36.3","serverVersion":{"gitVersion":"v1.36.2"}}' }],
  ])('JUnit files with %s beside them do not count', async (name, files) => {
    const runs = await importResults([await put(name.replaceAll(' ', '-'), { 'junit_01.xml': good, ...files })]);
    expect(passesOf(runs)).toEqual([]);
  });
});

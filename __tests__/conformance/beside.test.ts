import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importResults } from '../../src/conformance/import.js';
import { canonicalName } from '../../src/conformance/names.js';
import { toRun, type ImportedRun } from '../../src/conformance/run.js';
import { toResults } from '../../src/facts/e2e-results.js';
import { parseExceptions, upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import { conformanceRule, judgeSuite, networkPolicyRule } from '../../src/standards/support/e2e.js';
import { archiveEntries, conformanceTests, junitOf, policyTests, tarOf, uid, type Test } from '../helpers/e2e-files.js';

let folder = '';
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-beside-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | Uint8Array>>;
/** A new folder with these files. */
const put = async (files: Files): Promise<string> => {
  const root = join(folder, String(made++));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
};
const now = new Date('2026-11-25T00:00:00Z');
const judged = (runs: readonly ImportedRun[], rule = conformanceRule, exceptions = upstreamExceptions) =>
  judgeSuite(rule)(toResults({ runs, exceptions }, { kubeSystem: uid, nodes: [] }), { gitVersion: 'v1.36.3' }, now);

const good = junitOf(conformanceTests(446));
const version = '{"gitVersion":"v1.36.3"}';
const results: Files = { 'junit_01.xml': good, 'serverversion.json': version };
/** What macOS keeps of a file's attributes beside it (AppleDouble): a magic number, then no XML. */
const appleDouble = Uint8Array.from([0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00, 0x4d, 0x61, 0x63, 0x20, 0x4f, 0x53, 0x20, 0x58]);
const kubetest = (failed: boolean): string => `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="kubetest2" failures="${failed ? 1 : 0}" tests="4" time="7211.2">
    <testcase name="Up" classname="kubetest2" time="610.1"></testcase>
    <testcase name="IsUp" classname="kubetest2" time="1.2"></testcase>
    <testcase name="Test" classname="kubetest2" time="6432.0">${failed ? '<failure>exit status 255</failure>' : ''}</testcase>
    <testcase name="Down" classname="kubetest2" time="131.0"></testcase>
</testsuite>`;

describe('what lies beside results neither breaks them nor counts', () => {
  const beside: readonly (readonly [string, Files])[] = [
    ['attributes of macOS', { '._junit_01.xml': appleDouble, '._serverversion.json': appleDouble, '._e2e.log': appleDouble }],
    ['its folder list', { '.DS_Store': appleDouble }],
    ['its folder in a zip', { '__MACOSX/._junit_01.xml': appleDouble, '__MACOSX/junit_01.xml': appleDouble }],
    ['the steps of kubetest', { 'junit_runner.xml': kubetest(false) }],
    ['steps of kubetest that failed', { 'junit_runner.xml': kubetest(true) }],
    ['a report of steps that is cut', { 'junit_runner.xml': kubetest(true).slice(0, 150) }],
    ['steps under another name', { 'junit_build.xml': kubetest(true) }],
    ['a copy of the report', { 'junit_02.xml': good }],
    ['a copy under another name', { 'report.xml': good }],
    ['an archive that is none', { '._202611201000_sonobuoy.tar.gz': appleDouble }],
    ['notes', { 'notes.txt': 'all failed', 'desktop.ini': 'x', 'results.json': '{}' }],
  ];
  test.each(beside)('JUnit files and %s', async (_, files) => {
    const runs = await importResults([await put({ ...results, ...files })]);
    expect(runs.map(({ run }) => [run.unusable, run.executed, run.suites.conformance.named, run.finishedAt])).toEqual([
      [[], 446, 446, '2026-11-20T11:00:00.500Z'],
    ]);
    expect(judged(runs).outcome).toBe('pass');
  });

  test.each(beside)('nothing but %s is nothing', async (name, files) => {
    if (name.startsWith('a copy')) return;
    const runs = await importResults([await put({ ...files, 'serverversion.json': version })]);
    expect(runs.map(({ run }) => [run.unusable.length > 0, run.executed])).toEqual([[true, 0]]);
    expect(judged(runs).outcome).toBe('abort');
  });

  test.each(beside)('an unpacked archive and %s beside its results', async (_, files) => {
    const archive = Object.fromEntries(
      archiveEntries(good).flatMap(({ path, type, content = '' }) => (type === undefined ? [[path, content]] : [])),
    );
    const global = Object.fromEntries(Object.entries(files).map(([path, content]) => [`plugins/e2e/results/global/${path}`, content]));
    const runs = await importResults([await put({ ...archive, ...global })]);
    expect(runs.map(({ run }) => [run.form, run.unusable, run.executed])).toEqual([['sonobuoy', [], 446]]);
    expect(judged(runs).outcome).toBe('pass');
  });

  test('an archive that macOS or kubetest has added files to', async () => {
    const added = ['._meta', 'plugins/e2e/results/global/._junit_01.xml', '__MACOSX/plugins/e2e/results/global/._junit_01.xml'];
    const entries = [
      ...added.map((path) => ({ path, content: Buffer.from(appleDouble) })),
      ...archiveEntries(good),
      { path: 'plugins/e2e/results/global/junit_runner.xml', content: kubetest(true) },
      { path: 'plugins/e2e/results/global/junit_01.xml', content: good },
    ];
    const runs = await importResults([join(await put({ 'a.tar.gz': gzipSync(tarOf(entries)) }), 'a.tar.gz')]);
    expect(runs.map(({ run }) => [run.unusable, run.executed])).toEqual([[[], 446]]);
    expect(judged(runs).outcome).toBe('pass');
  });

  test('files by name, as a shell gives them', async () => {
    const root = await put({ ...results, '._junit_01.xml': appleDouble, 'junit_runner.xml': kubetest(true), '._x.tar.gz': appleDouble });
    const paths = ['._junit_01.xml', '._x.tar.gz', 'junit_01.xml', 'junit_runner.xml', 'serverversion.json'].map((name) =>
      join(root, name),
    );
    const runs = await importResults(paths);
    expect(judged(runs).outcome).toBe('pass');
    expect(runs.map(({ run }) => run.files.map(({ name }) => name))).toEqual([['junit_01.xml', 'serverversion.json']]);
    const none = await importResults([join(root, 'junit_runner.xml')]);
    expect(none.map(({ run }) => run.unusable)).toEqual([['no file of results']]);
  });

  test('what is not read may be what failed: a link, and more files than are taken, make all of it unusable', async () => {
    const root = await put(results);
    await symlink(join(root, 'junit_01.xml'), join(root, 'junit_02.xml'));
    expect(judged(await importResults([root]))).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('links are not followed: junit_02.xml') as unknown,
    });
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`junit_${i}.xml`, junitOf([])]));
    expect(judged(await importResults([await put({ ...results, ...many })]))).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('more than 200 result files') as unknown,
    });
  });
});

const utf16 = (text: string, big: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};
const kubectl = JSON.stringify({
  clientVersion: { major: '1', minor: '34', gitVersion: 'v1.34.1' },
  kustomizeVersion: 'v5.7.1',
  serverVersion: { major: '1', minor: '36', gitVersion: 'v1.36.3' },
});

describe('the version that was put beside results', () => {
  const texts = [version, kubectl, JSON.stringify(JSON.parse(kubectl), null, 4), `${version}\r\n`];
  const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
    'UTF-8': (text) => Buffer.from(text),
    'UTF-8 with a mark': (text) => Buffer.from(`\uFEFF${text}`),
    'UTF-16 LE with a mark, as PowerShell writes it': (text) => utf16(`\uFEFF${text}`, false),
    'UTF-16 BE with a mark': (text) => utf16(`\uFEFF${text}`, true),
    'UTF-16 LE': (text) => utf16(text, false),
    'UTF-16 BE': (text) => utf16(text, true),
  };
  test.each(Object.keys(encodings))('%s', async (encoding) => {
    for (const text of texts) {
      const [found] = await importResults([await put({ ...results, 'serverversion.json': encodings[encoding]?.(text) ?? '' })]);
      expect(found?.run.kubernetes).toBe('v1.36.3');
      // The reports themselves may have been written by the same shell.
      const junit = encodings[encoding]?.(good) ?? '';
      expect(
        judged(await importResults([await put({ 'junit_01.xml': junit, 'serverversion.json': encodings[encoding]?.(text) ?? '' })]))
          .outcome,
      ).toBe('pass');
    }
  });

  test.each([
    ['kubectl alone', '{"clientVersion":{"gitVersion":"v1.36.3"},"kustomizeVersion":"v5.7.1"}'],
    ['a text', '"v1.36.3"'],
    ['a list', '[{"gitVersion":"v1.36.3"}]'],
    ['no JSON', 'Server Version: v1.36.3'],
    ['another shape', '{"gitVersion":{"v":"v1.36.3"}}'],
    ['two versions', '{"gitVersion":"v1.36.3","serverVersion":{"gitVersion":"v1.35.0"}}'],
  ])('of %s is none', async (_, text) => {
    const runs = await importResults([await put({ ...results, 'serverversion.json': text })]);
    expect(runs[0]?.run.kubernetes).toBe('');
    expect(judged(runs)).toMatchObject({ outcome: 'abort', message: expect.stringContaining('serverversion.json') as unknown });
  });
});

describe('one test has one name, whichever tool wrote it', () => {
  const bare = ({ name, ...rest }: Test): Test => ({ ...rest, name: name.replace('[It] ', '') });
  const labelled = ({ name, ...rest }: Test): Test => ({ ...rest, name: `${name} [sig-apps, Conformance]` });
  const forms: readonly (readonly [string, (test: Test) => Test])[] = [
    ['with its kind', (one) => one],
    ['without', bare],
    ['with its labels', labelled],
    ['with its labels and without its kind', (one) => bare(labelled(one))],
  ];
  test.each(forms)('%s: all of them count, once', async (_, form) => {
    const written = junitOf(conformanceTests(446).map(form));
    for (const files of [{ 'junit_01.xml': written }, { 'junit_01.xml': written, 'report.xml': good }]) {
      const [found] = await importResults([await put({ ...files, 'serverversion.json': version })]);
      expect(found?.run.suites.conformance).toMatchObject({ named: 446, passed: 446 });
    }
  });

  test('half of the tests in two forms are half of the tests', async () => {
    const half = conformanceTests(223);
    const runs = await importResults([
      await put({
        'a.xml': junitOf(half),
        'b.xml': junitOf(half.map(bare)),
        'c.xml': junitOf(half.map(labelled)),
        'serverversion.json': version,
      }),
    ]);
    expect(judged(runs)).toMatchObject({ outcome: 'abort', message: expect.stringContaining('too few: 223 of 223') as unknown });
  });

  test.each(forms)('%s: a test that failed in one form does not pass by the other', async (_, form) => {
    const failing: Test = { name: '[It] [sig-apps] Deployment number 3 should run [Conformance]', status: 'failed', message: 'no' };
    const runs = await importResults([await put({ ...results, 'again.xml': junitOf([form(failing)]) })]);
    expect(judged(runs).outcome).toBe('fail');
  });

  const odd: Test = {
    name: '[It] [sig-network] Netpol NetworkPolicy should do it [Feature:NetworkPolicy]',
    status: 'failed',
    message: 'no',
  };
  test.each(
    forms.flatMap(([form, change]) =>
      ["'^\\[It\\] \\[sig-network\\] Netpol'", "'^\\[sig-network\\] Netpol'", 'should do it'].map(
        (regex) => [form, regex, change] as const,
      ),
    ),
  )('%s: the exception %s is about it', async (_, regex, change) => {
    const list = parseExceptions(`okToFail:\n- regex: ${regex}\n  reason: known\n`, 'own.yaml');
    const runs = await importResults([
      await put({ 'junit_01.xml': junitOf([...policyTests(49), odd].map(change)), 'serverversion.json': version }),
    ]);
    expect(judged(runs, networkPolicyRule, list)).toMatchObject({
      outcome: 'pass',
      message: expect.stringContaining('1 failed one tolerated') as unknown,
    });
    expect(judged(runs, networkPolicyRule).outcome).toBe('fail');
  });

  test('an exception for every name without its kind is one for everything', () => {
    for (const regex of ['^\\[sig-', '^\\[', '^\\[It\\]', '^.'])
      expect(() => parseExceptions(`okToFail:\n- regex: '${regex}'\n  reason: all\n`, 'own.yaml')).toThrow('matches what nobody has named');
  });

  test('any form of any name is the same test, and naming is idempotent', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.uniqueArray(word, { maxLength: 4 }), (words, tags) => {
        const name = [`[sig-${words[0] ?? ''}]`, ...words, ...tags.map((tag) => `[${tag}]`)].join(' ');
        const labels = tags.length === 0 ? '' : ` [${tags.join(', ')}]`;
        const one = canonicalName(`[It] ${name}`, 500);
        expect(one).toBe(`[It] ${name}`);
        for (const form of [name, `[It] ${name}${labels}`, `${name}${labels}`, ` ${name} `]) expect(canonicalName(form, 500)).toBe(one);
        expect(canonicalName(one, 500)).toBe(one);
      }),
    );
  });

  test.each([
    ['[SynchronizedBeforeSuite]', '[SynchronizedBeforeSuite]'],
    ['BeforeSuite', '[BeforeSuite]'],
    ['[ReportAfterSuite] Kubernetes e2e suite report', '[ReportAfterSuite] Kubernetes e2e suite report'],
    ['[DeferCleanup (Suite)]', '[DeferCleanup (Suite)]'],
    ['', '[a part of the suite without a name]'],
  ])('what a suite does around its tests is no test: "%s"', async (name, canonical) => {
    const [found] = await importResults([
      await put({ 'junit_01.xml': junitOf([...conformanceTests(446), { name, status: 'failed', message: 'no' }]) }),
    ]);
    expect(found?.run).toMatchObject({ executed: 446, brokenNodes: [canonical], suites: { conformance: { named: 446, failed: 0 } } });
  });
});

describe('where no test was executed, the reason says what failed before', () => {
  const idle = conformanceTests(446, { status: 'skipped' });
  const why =
    'Unexpected error:\n  timed out waiting for all nodes to be schedulable\nIn [SynchronizedBeforeSuite] at: k8s.io/kubernetes/test/e2e/e2e.go:245';
  const elsewhere = 'SynchronizedBeforeSuite failed on Ginkgo parallel process #1';
  test.each<readonly [string, readonly Test[], RegExp]>([
    [
      'a setup',
      [{ name: '[SynchronizedBeforeSuite]', status: 'failed', message: why }],
      /as the suite failed: \[SynchronizedBeforeSuite\]: Unexpected error: timed out waiting for all nodes/,
    ],
    [
      'a setup of Ginkgo 1',
      [{ name: 'BeforeSuite', status: 'failed', message: why }],
      /as the suite failed: \[BeforeSuite\]: Unexpected error/,
    ],
    [
      'a setup that panicked',
      [{ name: '[BeforeSuite]', status: 'panicked', message: 'nil pointer' }],
      /as the suite failed: \[BeforeSuite\]: nil pointer/,
    ],
    [
      'a setup that was cut',
      [{ name: '[SynchronizedBeforeSuite]', status: 'timedout', message: 'A suite timeout occurred' }],
      /\[SynchronizedBeforeSuite\]: A suite timeout occurred/,
    ],
    [
      'the end',
      [{ name: '[SynchronizedAfterSuite]', status: 'failed', message: 'left namespaces' }],
      /\[SynchronizedAfterSuite\]: left namespaces/,
    ],
    [
      'a report',
      [{ name: '[ReportAfterSuite] Invariant Metrics', status: 'failed', message: 'no metrics' }],
      /\[ReportAfterSuite\] Invariant Metrics: no metrics/,
    ],
    [
      'the first of several processes',
      [
        { name: '[SynchronizedBeforeSuite]', status: 'failed', message: elsewhere },
        { name: '[SynchronizedBeforeSuite]', status: 'failed', message: why },
      ],
      /as the suite failed: \[SynchronizedBeforeSuite\]: Unexpected error.*, \[SynchronizedBeforeSuite\]: SynchronizedBeforeSuite failed on Ginkgo parallel/,
    ],
    ['nothing', [{ name: '[SynchronizedBeforeSuite]', status: 'passed' }], /no test was executed$/],
  ])('%s failed', (_, nodes, text) => {
    for (const rule of [conformanceRule, networkPolicyRule]) {
      const bad = nodes.some(({ status }) => status !== 'passed');
      const entries = archiveEntries(junitOf([...nodes, ...idle, ...policyTests(50, { status: 'skipped' })]), {
        status: bad ? 'failed' : 'passed',
      });
      const files = new Map(entries.flatMap(({ path, content }) => (content === undefined ? [] : [[path, Buffer.from(content)] as const])));
      const answer = judged([toRun(files, 'sonobuoy', [])], rule);
      expect([answer.outcome, answer.message]).toEqual(['abort', expect.stringMatching(text)]);
    }
  });

  test('a failed end behind tests that passed says why as well', async () => {
    const runs = await importResults([
      await put({
        ...results,
        'junit_01.xml': junitOf([
          ...conformanceTests(446),
          { name: '[SynchronizedAfterSuite]', status: 'failed', message: 'left namespaces' },
        ]),
      }),
    ]);
    expect(judged(runs)).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('around its tests failed: [SynchronizedAfterSuite]: left namespaces') as unknown,
    });
  });

  test('a snapshot of an older version knows the name alone', () => {
    const files = new Map(
      archiveEntries(junitOf([{ name: '[BeforeSuite]', status: 'failed', message: 'no' }, ...idle]), { status: 'failed' }).flatMap(
        ({ path, content }) => (content === undefined ? [] : [[path, Buffer.from(content)] as const]),
      ),
    );
    const { run, origin } = toRun(files, 'sonobuoy', []);
    const { brokenWhy, ...old } = run;
    expect(brokenWhy).toEqual(['no']);
    expect(judged([{ run: old, origin }]).message).toMatch(/no test was executed, as the suite failed: \[BeforeSuite\]$/);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toRun } from '../../src/conformance/run.js';
import { toResults, type E2eResults } from '../../src/facts/e2e-results.js';
import { parseExceptions, upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import { conformanceTestsOf } from '../../src/standards/support/conformance-tests.js';
import { conformanceRule, judgeSuite, judgeTestedVersion } from '../../src/standards/support/e2e.js';
import { archiveEntries, conformanceTests, junitOf, uid, type Test } from '../helpers/e2e-files.js';

const now = new Date('2026-11-25T00:00:00Z');
const resultsOf = (tests: readonly Test[], version: string, exceptions: E2eResults['exceptions'] = upstreamExceptions): E2eResults => {
  const status = tests.every(({ status: one = 'passed' }) => one === 'passed' || one === 'skipped') ? 'passed' : 'failed';
  const entries = archiveEntries(junitOf(tests), { version, status });
  const files = new Map(entries.flatMap(({ path, content }) => (content === undefined ? [] : [[path, Buffer.from(content)] as const])));
  return toResults({ runs: [toRun(files, 'sonobuoy', [{ name: 'run.tar.gz', sha256: '' }])], exceptions }, { kubeSystem: uid, nodes: [] });
};
const judged = (tests: readonly Test[], version: string, exceptions?: E2eResults['exceptions']) =>
  judgeSuite(conformanceRule)(resultsOf(tests, version, exceptions), { gitVersion: version }, now);

describe('a run has as many conformance tests as its minor', () => {
  /** Minor, its number, and how the reason puts it. */
  const minors = [
    ['1.30', 402, 'Kubernetes 1.30 has 402'],
    ['1.31', 404, 'Kubernetes 1.31 has 404'],
    ['1.32', 411, 'Kubernetes 1.32 has 411'],
    ['1.33', 419, 'Kubernetes 1.33 has 419'],
    ['1.34', 424, 'Kubernetes 1.34 has 424'],
    ['1.35', 424, 'Kubernetes 1.35 has at least the 424 of 1.34'],
    ['1.36', 446, 'Kubernetes 1.36 has 446'],
    ['1.37', 446, 'Kubernetes 1.37 has at least the 446 of 1.36'],
    ['1.41', 446, 'Kubernetes 1.41 has at least the 446 of 1.36'],
    ['1.29', 388, 'Kubernetes 1.29 has 388'],
    ['2.0', 446, 'Kubernetes 2.0 has at least the 446 of 1.36'],
  ] as const;

  test.each(minors)('%s: %i', (minor, least, text) => {
    const version = `v${minor}.2`;
    expect(judged(conformanceTests(least), version)).toMatchObject({ outcome: 'pass' });
    expect(judged(conformanceTests(least + 20), version)).toMatchObject({ outcome: 'pass' });
    expect(judged(conformanceTests(least - 1), version)).toMatchObject({
      outcome: 'abort',
      message: expect.stringMatching(
        new RegExp(`too few: ${least - 1} of ${least - 1} conformance tests (ran|passed), and ${text}`),
      ) as unknown,
    });
  });

  test('300 of 424 passed officially before: an abort, also for SCS, that names both numbers', () => {
    for (const tests of [conformanceTests(300), [...conformanceTests(300), ...conformanceTests(424, { status: 'skipped' }).slice(300)]]) {
      const answer = judged(tests, 'v1.34.1');
      expect(answer).toMatchObject({ outcome: 'abort', message: expect.stringMatching(/300.*424/) as unknown });
      expect('official' in answer).toBe(false);
    }
  });

  test.each(['1.9', '1.28'])('%s, older than every minor with a number: however many passed, it proves nothing', (minor) => {
    for (const tests of [300, 387, 500])
      expect(judged(conformanceTests(tests), `v${minor}.2`)).toMatchObject({
        outcome: 'abort',
        message: expect.stringContaining(`how many conformance tests Kubernetes ${minor} has is not known`) as unknown,
      });
  });

  test('the number never shrinks from one minor to the next', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (a, b) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)].map((minor) => conformanceTestsOf(`1.${minor}`)?.least ?? 0);
        expect(newer).toBeGreaterThanOrEqual(older ?? 0);
      }),
    );
  });

  test.each<readonly [string, string, number, string]>([
    ['1.34', 'as many as 1.36 has', 446, 'abort'],
    ['1.34', 'one more than its own', 425, 'abort'],
    ['1.34', 'its own', 424, 'pass'],
    ['1.35, whose number is not known', 'more than 1.34 has', 430, 'pass'],
  ])('%s, by tests of which nothing says of which Kubernetes they are: %s', (minor, _, tests, outcome) => {
    const version = `v${minor.slice(0, 4)}.2`;
    const imported = (image: string) => {
      const entries = archiveEntries(junitOf(conformanceTests(tests)), { version }).map((entry) =>
        entry.path === 'plugins/e2e/definition.json'
          ? { ...entry, content: JSON.stringify({ Definition: { spec: { image, env: [] } } }) }
          : entry,
      );
      const files = new Map(entries.flatMap(({ path, content }) => (content === undefined ? [] : [[path, Buffer.from(content)] as const])));
      const runs = [toRun(files, 'sonobuoy', [{ name: 'run.tar.gz', sha256: '' }])];
      return toResults({ runs, exceptions: upstreamExceptions }, { kubeSystem: uid, nodes: [] });
    };
    const answer = judgeSuite(conformanceRule)(
      imported(`registry.k8s.io/conformance@sha256:${'a'.repeat(64)}`),
      { gitVersion: version },
      now,
    );
    expect([answer.outcome, 'official' in answer]).toEqual([outcome, false]);
    // Where the image tells the version, tests that a vendor has added do no harm.
    expect(judgeSuite(conformanceRule)(imported(`registry.k8s.io/conformance:${version}`), { gitVersion: version }, now).outcome).toBe(
      'pass',
    );
  });

  test('what a vendor appends to the version changes nothing', () => {
    for (const version of ['v1.34.1+k3s1', 'v1.34.1-eks-1234567', 'v1.34.1-gke.1443001'])
      expect([judged(conformanceTests(423), version).outcome, judged(conformanceTests(424), version).outcome]).toEqual(['abort', 'pass']);
  });
});

describe('what counts as having run', () => {
  const own = parseExceptions(`okToFail:\n- regex: number ([0-9]|[0-9][0-9]) should\n  reason: known\n`, 'own.yaml');
  const mixed = (failed: number, all: number, status: string): readonly Test[] =>
    conformanceTests(all).map((one, i) => (i < failed ? { ...one, status, message: 'no' } : one));
  test.each<readonly [string, readonly Test[], string, RegExp]>([
    ['tests that passed', conformanceTests(446), 'pass', /^446 of 446 conformance tests that ran passed$/],
    ['tests that failed and are tolerated', mixed(3, 446, 'failed'), 'pass', /443 of 446 .*; 3 failed ones tolerated/],
    ['fewer, with those', mixed(3, 445, 'failed'), 'abort', /too few: 445 of 445 conformance tests ran, and Kubernetes 1\.36 has 446/],
    [
      'not: tests that were left out, also tolerated ones',
      mixed(3, 446, 'skipped'),
      'abort',
      /too few: 443 of 446 conformance tests ran, and Kubernetes 1\.36 has 446/,
    ],
    [
      'not: tests that were left out beyond the list',
      [...conformanceTests(446), { name: '[It] [sig-x] more [Conformance]', status: 'skipped' }],
      'abort',
      /1 of 447 conformance tests did not run: more$/,
    ],
  ])('%s', (_, tests, outcome, message) => {
    const answer = judged(tests, 'v1.36.3', own);
    expect([answer.outcome, answer.message]).toEqual([outcome, expect.stringMatching(message)]);
  });

  test('tolerating most of the suite proves nothing', () => {
    const list = parseExceptions('okToFail:\n- regex: number \\d+ should\n  reason: known\n', 'own.yaml');
    expect(judged(mixed(200, 446, 'failed'), 'v1.36.3', list)).toMatchObject({
      outcome: 'abort',
      message: expect.stringContaining('too few: 246 of 446 conformance tests passed, and Kubernetes 1.36 has 446') as unknown,
    });
  });

  test('whichever tests are left out, those that ran have to be as many as the minor has', () => {
    fc.assert(
      fc.property(fc.constantFrom('1.30', '1.33', '1.34', '1.36'), fc.integer({ min: 1, max: 120 }), fc.boolean(), (minor, left, named) => {
        const { least = 0 } = conformanceTestsOf(minor) ?? {};
        const all = conformanceTests(least);
        const some = named ? all.map((one, i) => (i < left ? { ...one, status: 'skipped' } : one)) : all.slice(left);
        expect(judged(some, `v${minor}.1`)).toMatchObject({ outcome: 'abort', message: expect.stringContaining(String(least)) as unknown });
      }),
      { numRuns: 20 },
    );
  });

  test('a run that is too small shows nothing of tests before the rollout either', () => {
    const { runs, exceptions } = resultsOf(conformanceTests(445), 'v1.36.3');
    const elsewhere = runs.map((run) => ({ ...run, cluster: { answer: 'other' as const, why: 'w', by: 'uid' as const } }));
    const since = { namespaces: [{ name: 'kube-system', enforce: null, created: '2026-11-24T00:00:00Z' }], nodes: [] };
    expect(judgeTestedVersion({ runs: elsewhere, exceptions }, { gitVersion: 'v1.36.3' }, now, since)).toMatchObject({
      outcome: 'undecided',
      message: expect.stringContaining('445') as unknown,
    });
  });
});

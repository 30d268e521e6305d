import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readArchive } from '../../src/conformance/archive.js';
import { toRun, type ImportedRun } from '../../src/conformance/run.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { e2eResults, type E2eResults } from '../../src/facts/e2e-results.js';
import { serverVersion } from '../../src/facts/server-version.js';
import { isUpstreamList, parseExceptions, upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import { expiryOf } from '../../src/model/lifetime.js';
import { lifetimes, type Lifetime, type OfficialVerdict } from '../../src/model/official.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { RequirementReport } from '../../src/model/report.js';
import { loadScope } from '../../src/certificate-scope/load.js';
import { officialReport } from '../../src/certificate-scope/official.js';
import { deriveTestcase } from '../../src/certificate-scope/testcases.js';
import { scs0201v1 } from '../../src/standards/scs-0201-v1.js';
import { scs0219v1 } from '../../src/standards/scs-0219-v1.js';
import { archiveOf, conformanceTests, junitOf, policyTests, resultsOf, type JunitOptions, type Test } from '../helpers/e2e-files.js';
import { modulesFile } from '../helpers/scope.js';
import { contextOf, settleOne } from '../helpers/settle.js';

const now = new Date('2026-11-25T00:00:00Z');
const runOf = async (tests: readonly Test[], options?: JunitOptions): Promise<ImportedRun> => {
  const bad = tests.some(({ status = 'passed' }) => !['passed', 'skipped'].includes(status));
  const packed = archiveOf(junitOf(tests, options), { status: bad ? 'failed' : 'passed' });
  return toRun(await readArchive(packed), 'sonobuoy', [{ name: 'run.tar.gz', sha256: 'abc' }]);
};
const attempts = (n: number, timestamp?: string): JunitOptions => ({
  properties: { FlakeAttempts: String(n) },
  ...(timestamp === undefined ? {} : { timestamp }),
});
const rows = {
  conformance: [scs0201v1, 'conformance', 'cncf-k8s-conformance', 'year'],
  policy: [scs0219v1, 'network-policy', 'kaas-networking-check', 'month'],
} as const;

/** What results give: our row, and the official testcase that follows from it. */
const judged = (row: keyof typeof rows, results: E2eResults, version = 'v1.36.3', at = now) => {
  const [standard, requirement, testcase, lifetime] = rows[row];
  const facts = { [serverVersion.name]: { gitVersion: version }, [e2eResults.name]: results };
  const ours: RequirementReport = {
    ...settleOne(standard.requirements, requirement, facts, at),
    id: `${standard.id}/${requirement}`,
  };
  return { ours, official: deriveTestcase({ id: testcase, lifetime, manual: false }, [ours]) };
};

/** The testcase by a scope file of one's own, in which results count for that long. */
const byScope = (row: keyof typeof rows, ours: RequirementReport, lifetime: Lifetime, at: Date) => {
  const testcase = rows[row][2];
  const scripts = [{ executable: './run.py', testcases: [{ id: testcase, lifetime }] }];
  const parts = {
    scripts,
    modules: [{ id: 'm', targets: { main: [testcase] } }],
    versions: [{ version: 'v1', include: ['m'] }],
    timeline: [{ date: '2025-01-01', versions: { v1: 'effective' } }],
  };
  const [one] = officialReport(loadScope(modulesFile(parts), 'own.yaml'), [ours], at, 'own.yaml').testcases;
  if (one === undefined) throw new Error('no testcase');
  return one;
};

const failing: Test = { name: '[It] [sig-network] Netpol NetworkPolicy should do it', status: 'failed', message: 'wrong' };
const tolerated: Test = {
  ...failing,
  name: '[It] [sig-network] Netpol NetworkPolicy should allow egress access to server in CIDR block',
};
const lenient = parseExceptions('okToFail:\n- regex: NetworkPolicy should do it\n  reason: we know\n', 'own.yaml');
const strict = parseExceptions('okToFail: []\n', 'own.yaml');
const forAnother = ', 1 of them by an exception made for another network plugin or for one that is not seen here';
const byUpstream = 'by upstream’s list of 2026-08-21, and not by the one of this run ("data.exceptions"): ';

describe('exceptions of one’s own shape our view alone', () => {
  test.each<readonly [string, readonly Test[], E2eResults['exceptions'], Outcome, OfficialVerdict, string]>([
    [
      'an own list tolerates what upstream’s does not',
      [...policyTests(49), failing],
      lenient,
      'pass',
      'FAIL',
      `failed: scs-0219-v1/network-policy (${byUpstream}1 of 50 NetworkPolicy tests failed: Netpol NetworkPolicy should do it)`,
    ],
    [
      'a stricter one does not tolerate what upstream’s does',
      [...policyTests(49), tolerated],
      strict,
      'fail',
      'PASS',
      `passed: scs-0219-v1/network-policy (${byUpstream}49 of 50 NetworkPolicy tests that ran passed; 1 failed one tolerated${forAnother})`,
    ],
    [
      'an own list tolerates what did not run',
      [...policyTests(49), { ...failing, status: 'skipped' }],
      lenient,
      'pass',
      'ABORT',
      `not determined: scs-0219-v1/network-policy (${byUpstream}run.tar.gz: 1 of 50 NetworkPolicy tests did not run: Netpol NetworkPolicy should do it)`,
    ],
    [
      'nothing failed: the list is told all the same',
      policyTests(50),
      lenient,
      'pass',
      'PASS',
      `passed: scs-0219-v1/network-policy (${byUpstream}50 of 50 NetworkPolicy tests that ran passed)`,
    ],
    ['upstream’s list itself', [...policyTests(49), tolerated], upstreamExceptions, 'pass', 'PASS', 'passed: scs-0219-v1/network-policy'],
  ])('%s', async (_, tests, exceptions, outcome, verdict, message) => {
    const { ours, official } = judged('policy', resultsOf([await runOf(tests)], exceptions));
    expect([ours.outcome, official.verdict, official.message]).toEqual([outcome, verdict, message]);
    // What aborted has no moment of its own.
    expect(official.checkedAt).toBe(verdict === 'ABORT' ? undefined : '2026-11-20T11:00:00.500Z');
  });

  test('a recording whose list has upstream’s name is judged by upstream’s list', async () => {
    const list = [...upstreamExceptions.list, ...lenient.list];
    const { ours, official } = judged(
      'policy',
      resultsOf([await runOf([...policyTests(49), failing])], { source: upstreamExceptions.source, list }),
    );
    expect([ours.outcome, official.verdict]).toEqual(['pass', 'FAIL']);
  });

  test.each<readonly [string, E2eResults['exceptions']['list'], boolean]>([
    ['in another order, with other reasons', upstreamExceptions.list.map(({ regex }) => ({ regex, reason: 'r' })).reverse(), true],
    ['without one', upstreamExceptions.list.slice(1), false],
    ['with one more', [...upstreamExceptions.list, ...lenient.list], false],
    ['one of which ends', upstreamExceptions.list.map((one, i) => (i === 0 ? { ...one, expires: '2027-01-01' } : one)), false],
    ['empty', [], false],
  ])('upstream’s list %s: %p is the same', (_, list, same) => {
    expect(isUpstreamList({ source: 'own.yaml', list })).toBe(same);
  });
});

describe('more attempts than upstream’s two', () => {
  const tooMany = (n: number): string =>
    `not determined: scs-0201-v1/conformance (run.tar.gz: each test had up to ${n} attempts, and upstream gives it 2; run the tests again with no more ("e2e.flakeAttempts"))`;
  const bad: readonly Test[] = [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'failed' }];
  test.each<readonly [number, readonly Test[], Outcome, OfficialVerdict, string]>([
    [0, conformanceTests(446), 'pass', 'PASS', 'passed: scs-0201-v1/conformance'],
    [2, conformanceTests(446), 'pass', 'PASS', 'passed: scs-0201-v1/conformance'],
    [3, conformanceTests(446), 'pass', 'ABORT', tooMany(3)],
    [10, conformanceTests(446), 'pass', 'ABORT', tooMany(10)],
    // It failed at the first two as well.
    [10, bad, 'fail', 'FAIL', 'failed: scs-0201-v1/conformance'],
    [10, conformanceTests(5), 'abort', 'ABORT', 'not determined: scs-0201-v1/conformance'],
  ])('%i attempts', async (n, tests, outcome, verdict, message) => {
    const { ours, official } = judged('conformance', resultsOf([await runOf(tests, attempts(n))]));
    expect([ours.outcome, official.verdict, official.message]).toEqual([outcome, verdict, message]);
  });

  test('an earlier run with two decides, and is as old as it is', async () => {
    const results = resultsOf([
      await runOf(conformanceTests(446), attempts(5, '2026-11-20T00:00:00')),
      await runOf(conformanceTests(446), attempts(2, '2026-11-10T00:00:00')),
    ]);
    const { ours, official } = judged('conformance', results);
    expect([ours.checkedAt, official]).toMatchObject([
      '2026-11-20T01:00:00.500Z',
      { verdict: 'PASS', checkedAt: '2026-11-10T01:00:00.500Z' },
    ]);
  });

  test('with an own list too', async () => {
    const { official } = judged('policy', resultsOf([await runOf(policyTests(50), attempts(3))], lenient));
    expect(official).toMatchObject({
      verdict: 'ABORT',
      message: expect.stringContaining(`${byUpstream}run.tar.gz: each test had`) as unknown,
    });
  });
});

describe('a result counts officially over patch updates, and ours is stricter and says so', () => {
  const tests = { conformance: conformanceTests(446), policy: policyTests(50) } as const;
  test.each<readonly [string, string, Outcome, OfficialVerdict]>([
    ['the same patch', 'v1.36.3', 'pass', 'PASS'],
    ['the same patch, as a vendor writes it', 'v1.36.3+rke2r1', 'pass', 'PASS'],
    ['the next patch', 'v1.36.4', 'abort', 'PASS'],
    ['many patches on', 'v1.36.12+k3s1', 'abort', 'PASS'],
    ['an earlier patch', 'v1.36.1', 'abort', 'PASS'],
    ['the next branch', 'v1.37.0', 'abort', 'ABORT'],
    ['the branch before', 'v1.35.3', 'abort', 'ABORT'],
    ['a branch whose number begins alike', 'v1.360.3', 'abort', 'ABORT'],
    ['a pre-release of another', 'v1.36.0-rc.1', 'abort', 'ABORT'],
    ['a branch alone', '1.36', 'abort', 'ABORT'],
    ['no version', 'unknown', 'abort', 'ABORT'],
  ])('the cluster has %s (%s)', async (_, version, outcome, verdict) => {
    for (const row of ['conformance', 'policy'] as const) {
      const { ours, official } = judged(row, resultsOf([await runOf(tests[row])]), version);
      expect([ours.outcome, official.verdict]).toEqual([outcome, verdict]);
      if (outcome === 'abort' && verdict === 'PASS') {
        expect(ours.message).toMatch(/this check asks for a run of the same patch, SCS counts one of the same branch for its lifetime$/);
        expect(official).toMatchObject({
          message: expect.stringContaining('they are of Kubernetes "v1.36.3", which SCS counts over patch updates') as unknown,
          checkedAt: '2026-11-20T11:00:00.500Z',
        });
      }
    }
  });

  test('what failed before the update is a FAIL, and what is of another cluster proves nothing', async () => {
    const bad = resultsOf([await runOf([...policyTests(49), failing])]);
    expect(judged('policy', bad, 'v1.36.4')).toMatchObject({ ours: { outcome: 'abort' }, official: { verdict: 'FAIL' } });
    const foreign = resultsOf([await runOf(policyTests(50))], undefined, { kubeSystem: 'another', nodes: [] });
    expect(judged('policy', foreign, 'v1.36.4')).toMatchObject({ ours: { outcome: 'abort' }, official: { verdict: 'ABORT' } });
  });
});

describe('how long a result counts officially is what the scope file says', () => {
  test.each<readonly [keyof typeof rows, string, Lifetime, Outcome, OfficialVerdict]>([
    // The bundled lifetimes: a month for network policies, a year for conformance.
    ['policy', '2026-11-20', 'month', 'pass', 'PASS'],
    ['policy', '2026-09-20', 'month', 'abort', 'MISSING'],
    ['policy', '2026-09-20', 'year', 'abort', 'PASS'],
    ['policy', '2026-09-20', 'quarter', 'abort', 'PASS'],
    ['policy', '2026-11-20', 'day', 'pass', 'MISSING'],
    ['conformance', '2026-11-20', 'year', 'pass', 'PASS'],
    ['conformance', '2026-03-20', 'month', 'pass', 'MISSING'],
    ['conformance', '2026-03-20', 'week', 'pass', 'MISSING'],
    ['conformance', '2025-03-20', 'year', 'abort', 'MISSING'],
  ])('%s of %s, which counts for a %s', async (row, date, lifetime, outcome, verdict) => {
    const tests = row === 'policy' ? policyTests(50) : conformanceTests(446);
    const { ours } = judged(row, resultsOf([await runOf(tests, { timestamp: `${date}T00:00:00` })]));
    const testcase = byScope(row, ours, lifetime, now);
    expect([ours.outcome, testcase.verdict, testcase.lifetime]).toEqual([outcome, verdict, lifetime]);
    if (verdict === 'MISSING') expect(testcase.message).toContain('looked at too long ago');
  });

  test.each<readonly [keyof typeof rows, string, Lifetime, Outcome]>([
    ['conformance', '2026-11-20', 'week', 'pass'],
    ['conformance', '2026-03-20', 'year', 'pass'],
    ['conformance', '2026-03-20', 'month', 'abort'],
    ['conformance', '2026-03-20', 'week', 'abort'],
    ['policy', '2026-11-20', 'day', 'abort'],
    ['policy', '2026-11-20', 'month', 'pass'],
    ['policy', '2026-11-20', 'year', 'pass'],
    ['policy', '2026-09-20', 'year', 'abort'],
  ])('our own row is no laxer: %s of %s, which the scope counts for a %s', async (row, date, lifetime, outcome) => {
    const [{ requirements, ...standard }, id, testcase] = rows[row];
    const tests = row === 'policy' ? policyTests(50) : conformanceTests(446);
    const results = resultsOf([await runOf(tests, { timestamp: `${date}T00:00:00` })]);
    const facts = { [serverVersion.name]: { gitVersion: 'v1.36.3' }, [e2eResults.name]: results };
    const context = { ...contextOf(now, 'light'), lifetimes: new Map([[testcase, lifetime]]) };
    const own = requirements.filter((requirement) => requirement.id === id);
    const [ours] = evaluate([{ ...standard, requirements: own }], facts, context).requirements;
    expect(ours?.outcome).toBe(outcome);
    const verdict = byScope(row, ours!, lifetime, now).verdict;
    const counts = now < new Date(expiryOf(new Date(`${date}T01:00:00Z`), lifetime));
    expect(verdict).toBe(counts ? 'PASS' : 'MISSING');
    expect(ours?.official?.outcome === 'missing' || counts).toBe(true);
  });

  test('of two runs that ended at one moment none is the newer: what failed counts, in either order', async () => {
    const runs = [
      await runOf(conformanceTests(446)),
      await runOf([...conformanceTests(445), { ...failing, name: `${failing.name} [Conformance]` }]),
    ];
    for (const some of [runs, runs.toReversed()])
      expect(judged('conformance', resultsOf(some))).toMatchObject({ ours: { outcome: 'fail' }, official: { verdict: 'FAIL' } });
  });

  test('at any age, for any lifetime, after any patch update', async () => {
    const runs = [await runOf(policyTests(50), { timestamp: '2025-06-15T00:00:00' })];
    const finished = new Date('2025-06-15T01:00:00.500Z');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.constantFrom(...lifetimes),
        fc.integer({ min: 0, max: 9 }),
        (days, lifetime, patch) => {
          const at = new Date(finished.getTime() + days * 86_400_000);
          const { ours } = judged('policy', resultsOf(runs), `v1.36.${patch}`, at);
          const today = at.toISOString().slice(0, 10);
          expect(byScope('policy', ours, lifetime, at).verdict).toBe(today < expiryOf(finished, lifetime) ? 'PASS' : 'MISSING');
          expect(ours.outcome).toBe(patch === 3 && today < expiryOf(finished, 'month') ? 'pass' : 'abort');
        },
      ),
    );
  });

  test('the newest result that tells is the one that counts, in both', async () => {
    const at = (timestamp: string, tests: readonly Test[]) => runOf(tests, { timestamp: `${timestamp}T00:00:00` });
    const runs = [
      await at('2026-11-20', policyTests(3)),
      await at('2026-09-20', policyTests(50)),
      await at('2026-08-20', [...policyTests(49), failing]),
    ];
    const { ours } = judged('policy', resultsOf(runs));
    expect([ours.outcome, byScope('policy', ours, 'year', now).verdict, byScope('policy', ours, 'month', now).verdict]).toEqual([
      'abort',
      'PASS',
      'MISSING',
    ]);
  });
});

test('results that hold nothing of a suite are missing, whatever list is given', async () => {
  const { ours, official } = judged('policy', resultsOf([await runOf(conformanceTests(446), attempts(5))], lenient));
  expect([ours.outcome, ours.official, official.verdict]).toEqual(['missing', undefined, 'MISSING']);
});

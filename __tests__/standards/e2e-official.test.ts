import { describe, expect, test } from '@jest/globals';
import { readArchive } from '../../src/conformance/archive.js';
import { toRun, type ImportedRun } from '../../src/conformance/run.js';
import { e2eResults, type E2eResults } from '../../src/facts/e2e-results.js';
import { serverVersion } from '../../src/facts/server-version.js';
import { isUpstreamList, parseExceptions, upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import type { OfficialVerdict } from '../../src/model/official.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { RequirementReport } from '../../src/model/report.js';
import { deriveTestcase } from '../../src/scope/testcases.js';
import { scs0201v1 } from '../../src/standards/scs-0201-v1.js';
import { scs0219v1 } from '../../src/standards/scs-0219-v1.js';
import { archiveOf, conformanceTests, junitOf, policyTests, resultsOf, type JunitOptions, type Test } from '../helpers/e2e-files.js';
import { settleOne } from '../helpers/settle.js';

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
const judged = (row: keyof typeof rows, results: E2eResults) => {
  const [standard, requirement, testcase, lifetime] = rows[row];
  const facts = { [serverVersion.name]: { gitVersion: 'v1.36.3' }, [e2eResults.name]: results };
  const ours: RequirementReport = {
    ...settleOne(standard.requirements, requirement, facts, now),
    id: `${standard.id}/${requirement}`,
  };
  return { ours, official: deriveTestcase({ id: testcase, lifetime, manual: false }, [ours]) };
};

const failing: Test = { name: '[It] [sig-network] Netpol NetworkPolicy should do it', status: 'failed', message: 'wrong' };
const tolerated: Test = {
  ...failing,
  name: '[It] [sig-network] Netpol NetworkPolicy should allow egress access to server in CIDR block',
};
const lenient = parseExceptions('okToFail:\n- regex: NetworkPolicy should do it\n  reason: we know\n', 'own.yaml');
const strict = parseExceptions('okToFail: []\n', 'own.yaml');
const forAnother = ', 1 of them by an exception made for another network plugin or for one that is not seen here';
const byUpstream = 'by upstream’s list of 2026-08-21, and not by the one of this run (e2e-exceptions): ';

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
  ])('%s', async (_, tests, exceptions, outcome, verdict, because) => {
    const { ours, official } = judged('policy', resultsOf([await runOf(tests)], exceptions));
    expect([ours.outcome, official.verdict, official.because]).toEqual([outcome, verdict, because]);
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
    `not determined: scs-0201-v1/conformance (run.tar.gz: each test had up to ${n} attempts, and upstream gives it 2; run the tests again with no more (e2e-flake-attempts))`;
  const bad: readonly Test[] = [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'failed' }];
  test.each<readonly [number, readonly Test[], Outcome, OfficialVerdict, string]>([
    [0, conformanceTests(446), 'pass', 'PASS', 'passed: scs-0201-v1/conformance'],
    [2, conformanceTests(446), 'pass', 'PASS', 'passed: scs-0201-v1/conformance'],
    [3, conformanceTests(446), 'pass', 'ABORT', tooMany(3)],
    [10, conformanceTests(446), 'pass', 'ABORT', tooMany(10)],
    // It failed at the first two as well.
    [10, bad, 'fail', 'FAIL', 'failed: scs-0201-v1/conformance'],
    [10, conformanceTests(5), 'abort', 'ABORT', 'not determined: scs-0201-v1/conformance'],
  ])('%i attempts', async (n, tests, outcome, verdict, because) => {
    const { ours, official } = judged('conformance', resultsOf([await runOf(tests, attempts(n))]));
    expect([ours.outcome, official.verdict, official.because]).toEqual([outcome, verdict, because]);
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
      because: expect.stringContaining(`${byUpstream}run.tar.gz: each test had`) as unknown,
    });
  });
});

test('results that hold nothing of a suite are missing, whatever list is given', async () => {
  const { ours, official } = judged('policy', resultsOf([await runOf(conformanceTests(446), attempts(5))], lenient));
  expect([ours.outcome, ours.official, official.verdict]).toEqual(['missing', undefined, 'MISSING']);
});

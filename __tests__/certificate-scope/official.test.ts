import { describe, expect, test } from '@jest/globals';
import type { OfficialVerdict } from '../../src/model/official.js';
import type { RequirementReport } from '../../src/model/report.js';
import { bundledScope, bundledSource } from '../../src/certificate-scope/bundled.js';
import { expiryOf } from '../../src/model/lifetime.js';
import { loadScope } from '../../src/certificate-scope/load.js';
import { officialReport } from '../../src/certificate-scope/official.js';
import { derivations, worstVerdict } from '../../src/certificate-scope/testcases.js';
import { standards } from '../../src/standards/index.js';
import { groupsFile, modulesFile, outcomeOf } from '../helpers/scope.js';

const conformance = outcomeOf('scs-0201-v1/conformance', { rung: 'e2e' });
const policy = ['patch-recency', 'critical-cve', 'supported-branch'].map((id) => outcomeOf(`scs-0210-v2/${id}`));
const network = outcomeOf('scs-0219-v1/network-policy', { rung: 'e2e' });
const all: readonly RequirementReport[] = [conformance, ...policy, network];

const withOutcome = (id: string, parts: Partial<RequirementReport>): readonly RequirementReport[] =>
  all.map((r) => (r.id === id ? { ...r, ...parts } : r));

const official = (requirements: readonly RequirementReport[], at = '2026-11-25T12:00:00Z') =>
  officialReport(bundledScope(), requirements, new Date(at), bundledSource);

const verdicts = (requirements: readonly RequirementReport[]): Readonly<Record<string, OfficialVerdict>> =>
  Object.fromEntries(official(requirements).testcases.map((t) => [t.id, t.verdict]));

describe('the official verdict', () => {
  test('all passed, by the evidence that counts', () => {
    expect(official(all)).toMatchObject({ version: 'v1', verdict: 'PASS', message: 'v1, in effect: 3 PASS' });
  });

  test.each<[string, readonly RequirementReport[], string, OfficialVerdict, OfficialVerdict]>([
    ['a patch is late', withOutcome('scs-0210-v2/patch-recency', { outcome: 'fail' }), 'version-policy-check', 'FAIL', 'FAIL'],
    [
      'the branch is not supported, which is a SHOULD alone',
      withOutcome('scs-0210-v2/supported-branch', { outcome: 'fail', level: 'SHOULD' }),
      'version-policy-check',
      'FAIL',
      'FAIL',
    ],
    ['CVEs cannot be had', withOutcome('scs-0210-v2/critical-cve', { outcome: 'abort' }), 'version-policy-check', 'ABORT', 'ABORT'],
    [
      'no network test was run',
      withOutcome('scs-0219-v1/network-policy', { outcome: 'missing' }),
      'kaas-networking-check',
      'MISSING',
      'MISSING',
    ],
    [
      'the network passed by another rung than the suite',
      withOutcome('scs-0219-v1/network-policy', { rung: 'act' }),
      'kaas-networking-check',
      'MISSING',
      'MISSING',
    ],
    [
      'the network failed by another rung than the suite',
      withOutcome('scs-0219-v1/network-policy', { rung: 'act', outcome: 'fail' }),
      'kaas-networking-check',
      'MISSING',
      'MISSING',
    ],
    ['a standard was deselected', all.filter((r) => r.standard !== 'scs-0201-v1'), 'cncf-k8s-conformance', 'MISSING', 'MISSING'],
    [
      'one of three requirements of a testcase is not there',
      all.filter((r) => r.id !== 'scs-0210-v2/critical-cve'),
      'version-policy-check',
      'MISSING',
      'MISSING',
    ],
    [
      'none of its requirements applies',
      withOutcome('scs-0219-v1/network-policy', { outcome: 'not-applicable' }),
      'kaas-networking-check',
      'MISSING',
      'MISSING',
    ],
    [
      'a failure was waived',
      withOutcome('scs-0210-v2/patch-recency', {
        outcome: 'waived',
        statement: { kind: 'waived', author: 'a', date: '2026-01-01', reason: 'r', expires: '2027-01-01', instead: 'fail' },
      }),
      'version-policy-check',
      'FAIL',
      'FAIL',
    ],
    [
      'something is declared',
      withOutcome('scs-0201-v1/conformance', { outcome: 'declared' }),
      'cncf-k8s-conformance',
      'MISSING',
      'MISSING',
    ],
    [
      'our own matrix alone was looked at',
      [...all.filter((r) => r.id !== network.id), outcomeOf('scs-0219-v1/network-policy', { rung: 'act' })],
      'kaas-networking-check',
      'MISSING',
      'MISSING',
    ],
  ])('%s', (_, requirements, testcase, ofTestcase, ofScope) => {
    expect(verdicts(requirements)[testcase]).toBe(ofTestcase);
    expect(official(requirements).verdict).toBe(ofScope);
  });

  test.each<[readonly OfficialVerdict[], OfficialVerdict]>([
    [[], 'MISSING'],
    [['PASS', 'PASS'], 'PASS'],
    [['PASS', 'ABORT'], 'ABORT'],
    [['ABORT', 'MISSING', 'PASS'], 'MISSING'],
    [['MISSING', 'ABORT', 'FAIL', 'PASS'], 'FAIL'],
  ])('%p together are %s', (some, together) => {
    expect(worstVerdict(some)).toBe(together);
  });

  test.each([
    ['before the first version', '2024-01-01T00:00:00Z', 'MISSING', undefined, 'no version of the scope is in effect on 2024-01-01'],
    [
      'while there is a draft alone',
      '2024-11-25T23:59:59Z',
      'MISSING',
      undefined,
      'no version of the scope is in effect on 2024-11-25: v1 is draft',
    ],
    ['from the first day on', '2024-11-26T00:00:00Z', 'PASS', 'v1', 'v1, in effect: 3 PASS'],
  ])('%s', (_, at, verdict, version, message) => {
    const { verdict: ours, version: of, message: why } = official(all, at);
    expect([ours, of, why]).toEqual([verdict, version, message]);
  });

  test('a draft is evaluated, shown, and decides nothing', () => {
    const { versions, testcases } = official(all, '2024-05-01T00:00:00Z');
    expect(versions).toEqual([{ version: 'v1', validity: 'draft', verdict: 'PASS' }]);
    expect(testcases.map((t) => t.counts)).toEqual([false, false, false]);
  });

  test('two versions are in effect: the newest that did not fail decides, as upstream decides', () => {
    const scope = loadScope(modulesFile(), 's');
    const on = (requirements: readonly RequirementReport[]) => officialReport(scope, requirements, new Date('2025-07-01'), 's');
    expect(on(all)).toMatchObject({ version: 'v2', verdict: 'PASS' });
    expect(on(withOutcome('scs-0201-v1/conformance', { outcome: 'fail' }))).toMatchObject({
      version: 'v1',
      verdict: 'PASS',
      message: 'v1, which expires soon: 1 PASS',
    });
    expect(on(withOutcome('scs-0201-v1/conformance', { outcome: 'missing' }))).toMatchObject({ version: 'v2', verdict: 'MISSING' });
    expect(on(withOutcome('scs-0210-v2/patch-recency', { outcome: 'fail' }))).toMatchObject({ version: 'v1', verdict: 'FAIL' });
  });

  test('a manual check and a testcase that nobody here knows: MISSING, with what to do', () => {
    const file = modulesFile({ modules: [{ id: 'm', targets: { main: ['node-distribution-check', 'new-check'] } }] });
    const scope = loadScope(
      {
        ...file,
        scripts: [{ testcases: [{ id: 'node-distribution-check' }] }, { executable: 'x', testcases: [{ id: 'new-check' }] }],
        versions: [{ version: 'v1', include: ['m'] }],
        timeline: [{ date: '2025-01-01', versions: { v1: 'effective' } }],
      },
      's',
    );
    const { verdict, testcases } = officialReport(scope, all, new Date('2026-01-01'), 's');
    expect(verdict).toBe('MISSING');
    expect(testcases.map((t) => [t.verdict, t.message])).toEqual([
      ['MISSING', 'a manual check: the assessment body looks at documents'],
      ['MISSING', 'this program has no evidence for it; run upstream’s own script'],
    ]);
  });

  test('a version that counts no testcase proves nothing', () => {
    const scope = loadScope(
      modulesFile({ versions: [{ version: 'v1', include: ['nodes'] }], timeline: [{ date: '2025-01-01', versions: { v1: 'effective' } }] }),
      's',
    );
    expect(officialReport(scope, all, new Date('2026-01-01'), 's')).toMatchObject({ verdict: 'MISSING', message: 'v1 counts no testcase' });
  });

  test('the reworked form says the same as today’s', () => {
    const of = (file: unknown) => officialReport(loadScope(file, 's'), all, new Date('2026-01-01'), 's');
    expect(of(groupsFile()).verdict).toBe(of(modulesFile()).verdict);
  });
});

describe('a result of an earlier run', () => {
  const earlier = (checkedAt: string) => withOutcome('scs-0219-v1/network-policy', { checkedAt });
  const network = (checkedAt: string) => official(earlier(checkedAt)).testcases.find((t) => t.id === 'kaas-networking-check');

  test('counts from the day on which it was got', () => {
    expect(network('2026-10-01T10:00:00Z')).toMatchObject({
      verdict: 'PASS',
      checkedAt: '2026-10-01T10:00:00.000Z',
      expires: '2026-12-01',
    });
  });

  test.each([
    ['', undefined],
    ['yesterday', undefined],
    ['2026-11-20T02:00:00+02:00', '2026-11-20T00:00:00.000Z'],
  ])('got at %j: %p', (checkedAt, shown) => {
    expect(network(checkedAt)).toMatchObject({ verdict: 'PASS' });
    expect(network(checkedAt)?.checkedAt).toBe(shown);
  });

  test('that does not count any more is MISSING', () => {
    expect(network('2026-09-30T10:00:00Z')).toMatchObject({
      verdict: 'MISSING',
      message: 'looked at too long ago: it counted until 2026-11-01',
    });
    expect(official(earlier('2026-09-30T10:00:00Z')).verdict).toBe('MISSING');
  });
});

describe('how long a result counts', () => {
  test.each([
    ['2026-11-25T23:59:59Z', 'day', '2026-11-27'],
    ['2026-11-25T00:00:00Z', 'week', '2026-12-07'],
    ['2026-11-23T00:00:00Z', 'week', '2026-12-07'],
    ['2026-11-22T00:00:00Z', 'week', '2026-11-30'],
    ['2026-10-31T00:00:00Z', 'month', '2026-12-01'],
    ['2026-11-01T00:00:00Z', 'month', '2027-01-01'],
    ['2026-12-31T00:00:00Z', 'month', '2027-02-01'],
    ['2026-03-31T00:00:00Z', 'quarter', '2026-07-01'],
    ['2026-04-01T00:00:00Z', 'quarter', '2026-10-01'],
    ['2026-12-31T00:00:00Z', 'quarter', '2027-04-01'],
    ['2026-10-15T00:00:00Z', 'year', '2027-12-01'],
    ['2026-11-15T00:00:00Z', 'year', '2028-01-01'],
    ['2026-12-15T00:00:00Z', 'year', '2028-02-01'],
  ] as const)('checked at %s, for a %s: to %s', (at, lifetime, until) => {
    expect(expiryOf(new Date(at), lifetime)).toBe(until);
  });
});

test('every testcase follows from exactly the requirements that name it', () => {
  const named = new Map<string, string[]>();
  for (const standard of standards.filter((s) => s.category === 'certificate'))
    for (const { id, testcase } of standard.requirements)
      if (testcase !== undefined) named.set(testcase, [...(named.get(testcase) ?? []), `${standard.id}/${id}`]);
  expect(Object.fromEntries([...named].map(([testcase, ids]) => [testcase, ids.sort()]))).toEqual(
    Object.fromEntries([...derivations].map(([testcase, { requirements }]) => [testcase, [...requirements].sort()])),
  );
});

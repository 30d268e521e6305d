import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArchive } from '../../src/conformance/archive.js';
import { toRun, type ImportedRun } from '../../src/conformance/run.js';
import { apiGroups } from '../../src/facts/api-groups.js';
import { e2eResults, type E2eResults } from '../../src/facts/e2e-results.js';
import { serverVersion } from '../../src/facts/server-version.js';
import { parseExceptions } from '../../src/facts/support/e2e-exceptions.js';
import { workloads } from '../../src/facts/workloads.js';
import type { Facts } from '../../src/model/fact.js';
import type { RequirementReport } from '../../src/model/report.js';
import { scs0201v1 } from '../../src/standards/scs-0201-v1.js';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { scs0219v1 } from '../../src/standards/scs-0219-v1.js';
import { archiveOf, conformanceTests, junitOf, policyTests, resultsOf, uid, type JunitOptions, type Test } from '../helpers/e2e-files.js';
import { cni, served } from '../helpers/networking.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const rows = {
  conformance: [scs0201v1, 'conformance'],
  policy: [scs0219v1, 'network-policy'],
  tested: [scs0210v2, 'tested-before-rollout'],
} as const;
type Row = keyof typeof rows;

const now = new Date('2026-11-25T00:00:00Z');
const judge = (row: Row, results: E2eResults | object | undefined, { version = 'v1.36.3', at = now } = {}): RequirementReport => {
  const [standard, id] = rows[row];
  return settleOne(
    standard.requirements,
    id,
    { [serverVersion.name]: { gitVersion: version }, ...(results === undefined ? {} : { [e2eResults.name]: results }) },
    at,
  );
};
const importOf = async (packed: Buffer, name = 'run.tar.gz'): Promise<ImportedRun> =>
  toRun(await readArchive(packed), 'sonobuoy', [{ name, sha256: 'abc' }]);
const runOf = (tests: readonly Test[], options?: JunitOptions): Promise<ImportedRun> => {
  const bad = tests.some(({ status = 'passed' }) => !['passed', 'skipped'].includes(status));
  return importOf(archiveOf(junitOf(tests, options), { status: bad ? 'failed' : 'passed' }));
};
const failing: Test = {
  ...policyTests(1)[0],
  name: '[It] [sig-network] Netpol NetworkPolicy should do it [Feature:NetworkPolicy]',
  status: 'failed',
  message: 'wrong',
};

describe('each archive of the reference gives the outcome that it calls for', () => {
  const fixture = (name: string): Promise<ImportedRun> =>
    importOf(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'sonobuoy', `${name}.tar.gz`)));
  test.each([
    ['all-pass', 'abort', 'too few: 4 of', 'abort', 'too few: 1 of', 'abort'],
    ['failed', 'abort', 'too few: 1 of', 'fail', '1 of 1 NetworkPolicy tests failed', 'abort'],
    ['dry-run', 'abort', 'dry run', 'missing', 'hold nothing of the NetworkPolicy tests', 'abort'],
    ['zero-tests', 'abort', 'no test was executed', 'abort', 'no test was executed', 'abort'],
    ['network-policy', 'missing', 'hold nothing of the conformance tests', 'pass', '45 of 45', 'missing'],
    ['plugin-timeout', 'abort', 'Plugin timeout', 'abort', 'Plugin timeout', 'abort'],
  ])('%s', async (name, conformance, why, policy, whyPolicy, tested) => {
    const results = resultsOf([await fixture(name)]);
    expect(judge('conformance', results)).toMatchObject({ outcome: conformance, message: expect.stringContaining(why) as unknown });
    expect(judge('policy', results)).toMatchObject({ outcome: policy, message: expect.stringContaining(whyPolicy) as unknown });
    expect(judge('tested', results).outcome).toBe(tested);
  });
});

describe('without results nothing was looked at', () => {
  test.each(Object.keys(rows) as Row[])('%s is missing, and says how', (row) => {
    expect(judge(row, undefined)).toMatchObject({ outcome: 'missing', nextStep: expect.stringContaining('e2e-results') as unknown });
  });
  test('results that could not be had are no pass', () => {
    expect(judge('conformance', { unavailable: 'malformed', detail: 'e2e-results: it broke' })).toMatchObject({ outcome: 'abort' });
  });
});

describe('certified conformance', () => {
  test('all tests ran and passed', async () => {
    const row = judge('conformance', resultsOf([await runOf(conformanceTests(446))]));
    expect(row).toMatchObject({ outcome: 'pass', rung: 'e2e', message: '446 of 446 conformance tests that ran passed' });
    expect(row.expiresSoon).toBeUndefined();
    expect(row.evidence[0]?.observed).toContain(
      '446 conformance tests named: 446 passed, 0 failed, 0 not ended, 0 skipped, 0 not run; Kubernetes v1.36.3',
    );
  });

  test.each<readonly [string, readonly Test[], JunitOptions, string, string]>([
    [
      'one failed',
      [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'failed', message: 'boom' }],
      {},
      'fail',
      '1 of 446 conformance tests failed: x',
    ],
    ['one panicked', [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'panicked', message: 'boom' }], {}, 'fail', 'x'],
    ['one was timed out by itself', [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'timedout' }], {}, 'fail', 'x'],
    [
      'one did not end, because the suite was cut',
      [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'timedout' }],
      { properties: { SpecialSuiteFailureReason: 'Suite Timeout Elapsed' } },
      'abort',
      'the suite was cut: Suite Timeout Elapsed',
    ],
    [
      'one was interrupted',
      [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'interrupted' }],
      {},
      'abort',
      '1 test did not end',
    ],
    [
      'one was left out',
      [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'skipped' }],
      {},
      'abort',
      '1 of 446 conformance tests did not run: x',
    ],
    ['too few', conformanceTests(299), {}, 'abort', 'too few: 299 of 299'],
    [
      'a test around the suite failed',
      [...conformanceTests(446), { name: '[SynchronizedAfterSuite]', status: 'failed' }],
      {},
      'abort',
      'does around its tests failed: [SynchronizedAfterSuite]',
    ],
    [
      'a failed test of no suite that is known',
      [...conformanceTests(446), { name: '[It] odd', status: 'failed' }],
      {},
      'abort',
      'of no suite',
    ],
    ['a failed test of the other suite', [...conformanceTests(446), failing], {}, 'pass', '446 of 446'],
    ['a dry run', conformanceTests(446), { properties: { DryRun: 'true' } }, 'abort', 'dry run'],
    ['no time', conformanceTests(446), { timestamp: 'yesterday' }, 'abort', 'does not tell when'],
    [
      'a year and a month ago',
      conformanceTests(446),
      { timestamp: '2025-09-30T22:00:00' },
      'abort',
      'too old: it ended at 2025-09-30T23:00:00.500Z, and counted until 2026-11-01',
    ],
    ['just young enough', conformanceTests(446), { timestamp: '2025-10-01T00:00:00' }, 'pass', '446'],
    ['in the future', conformanceTests(446), { timestamp: '2026-11-27T00:00:00' }, 'abort', 'later than the moment'],
  ])('%s', async (_, tests, options, outcome, message) => {
    expect(judge('conformance', resultsOf([await runOf(tests, options)]))).toMatchObject({
      outcome,
      message: expect.stringContaining(message) as unknown,
    });
  });

  test.each([
    ['another patch', 'v1.36.4', 'abort'],
    ['another branch', 'v1.35.3', 'abort'],
    ['the same, as a vendor writes it', 'v1.36.3+k3s1', 'pass'],
    ['no version at all', 'unknown', 'abort'],
  ])('the cluster under test has %s', async (_, version, outcome) => {
    expect(judge('conformance', resultsOf([await runOf(conformanceTests(446))]), { version }).outcome).toBe(outcome);
  });

  test('a result that ends soon says so', async () => {
    const results = resultsOf([await runOf(conformanceTests(446), { timestamp: '2025-10-05T00:00:00' })]);
    expect(judge('conformance', results)).toMatchObject({
      outcome: 'pass',
      severity: 'notice',
      expiresSoon: expect.stringContaining('until 2026-12-01') as unknown,
    });
  });
});

describe('whose results they are', () => {
  test.each([
    ['this cluster, by its UID', { kubeSystem: uid, nodes: [] }, 'pass', 'is the same'],
    ['another one, by its UID', { kubeSystem: 'another', nodes: ['worker-1'] }, 'abort', 'of another cluster'],
    ['nodes of the same name prove nothing', { kubeSystem: null, nodes: ['worker-1', 'worker-2'] }, 'abort', 'is not known here'],
    ['another one, by its nodes alone', { kubeSystem: null, nodes: ['worker-2'] }, 'abort', 'none of its 1 nodes is here'],
    ['a cluster that does not show itself', { kubeSystem: null, nodes: null }, 'abort', 'may list namespaces'],
  ])('%s', async (_, origin, outcome, text) => {
    const row = judge('conformance', resultsOf([await runOf(conformanceTests(446))], undefined, origin));
    expect(row.outcome).toBe(outcome);
    expect(JSON.stringify([row.message, row.evidence])).toContain(text);
  });

  test.each<readonly [string, boolean | undefined, string, string]>([
    ['an archive that does not tell', undefined, 'abort', 'its cluster is unknown'],
    ['JUnit files with a version that was put beside them', true, 'pass', 'this cluster: stated ('],
  ])('%s', async (_, stated, outcome, text) => {
    const { run } = await runOf(conformanceTests(446));
    const origin = { kubeSystem: null, nodes: null, ...(stated === undefined ? {} : { stated }) };
    const row = judge('conformance', resultsOf([{ run, origin }], undefined, { kubeSystem: uid, nodes: [] }));
    expect(row.outcome).toBe(outcome);
    expect(JSON.stringify([row.message, row.evidence])).toContain(text);
  });

  test.each<readonly [string, string, string]>([
    ['years before', '2026-01-01T00:00:00Z', 'pass'],
    ['a zone of time after the tests', '2026-11-20T20:00:00Z', 'pass'],
    ['days after the tests', '2026-11-22T00:00:00Z', 'abort'],
  ])('JUnit files with a version beside them, and a cluster that was created %s', async (_, created, outcome) => {
    const { run } = await runOf(conformanceTests(446));
    const results = resultsOf([{ run, origin: { kubeSystem: null, nodes: null, stated: true } }], undefined, {
      kubeSystem: uid,
      nodes: [],
      created,
    });
    const row = judge('conformance', results);
    expect([row.outcome, row.message.includes('and this cluster was created at')]).toEqual([outcome, outcome === 'abort']);
  });

  test('which tests passed on retry stands in the log alone: without it the pass says so', async () => {
    const { run, origin } = await runOf(conformanceTests(446));
    const message = (more: object): string => judge('conformance', resultsOf([{ run: { ...run, ...more }, origin }])).message;
    expect(message({ flakeAttempts: 2, withoutLog: true })).toContain('which passed on retry is not known without e2e.log');
    for (const more of [
      { flakeAttempts: 2, withoutLog: false },
      { flakeAttempts: 1, withoutLog: true },
      { flakeAttempts: 0, withoutLog: true },
    ])
      expect(message(more)).not.toContain('retry');
  });

  test('files that do not tell the version prove nothing', async () => {
    const { run, origin } = await runOf(conformanceTests(446));
    const row = judge('conformance', resultsOf([{ run: { ...run, kubernetes: '' }, origin }]));
    expect(row).toMatchObject({ outcome: 'abort', message: expect.stringContaining('serverversion.json') as unknown });
  });
});

describe('the focus NetworkPolicy', () => {
  const both = [...conformanceTests(446), ...policyTests(50)];
  test('one run with both suites counts for both; one of a single suite for that alone', async () => {
    const outcomes = async (tests: readonly Test[]) => {
      const results = resultsOf([await runOf(tests)]);
      return (['conformance', 'policy'] as const).map((row) => judge(row, results).outcome);
    };
    expect(await outcomes(both)).toEqual(['pass', 'pass']);
    expect(await outcomes(conformanceTests(446))).toEqual(['pass', 'missing']);
    expect(await outcomes(policyTests(50))).toEqual(['missing', 'pass']);
  });

  test.each<readonly [string, readonly Test[], JunitOptions, string, string]>([
    ['a month and more ago', policyTests(50), { timestamp: '2026-09-30T00:00:00' }, 'abort', 'counted until 2026-11-01'],
    [
      'five tests of SCTP were left out',
      [...policyTests(45), ...policyTests(5).map(({ name }) => ({ name: name.replace('do', 'do SCTP'), status: 'skipped' }))],
      {},
      'pass',
      '45 of 45',
    ],
    [
      'five others were left out',
      [...policyTests(45), ...policyTests(50, { status: 'skipped' }).slice(45)],
      {},
      'abort',
      '5 of 50 NetworkPolicy tests did not run',
    ],
    [
      'one failed that upstream tolerates',
      [
        ...policyTests(49),
        {
          name: '[It] [sig-network] Netpol NetworkPolicy should allow egress access to server in CIDR block',
          status: 'failed',
          message: 'no',
        },
      ],
      {},
      'pass',
      '49 of 50 NetworkPolicy tests that ran passed; 1 failed one tolerated',
    ],
    ['one failed that upstream does not tolerate', [...policyTests(49), failing], {}, 'fail', '1 of 50'],
    [
      'upstream tolerates all that is left',
      [...policyTests(39), { name: '[It] NetworkPolicy [Feature:SCTPConnectivity]', status: 'failed' }],
      {},
      'abort',
      'too few: 39',
    ],
  ])('%s', async (_, tests, options, outcome, message) => {
    expect(judge('policy', resultsOf([await runOf(tests, options)]))).toMatchObject({
      outcome,
      message: expect.stringContaining(message) as unknown,
    });
  });
});

describe('tests that may fail', () => {
  const results = async (yaml: string): Promise<E2eResults> =>
    resultsOf([await runOf([...policyTests(49), failing])], parseExceptions(yaml, 'own.yaml'));
  const of = (more = ''): string => `okToFail:\n- regex: NetworkPolicy should do it\n  reason: we know\n${more}`;
  test.each([
    ['tolerated, with its reason', of(), 'pass', 'tolerated by own.yaml: we know; it said: wrong'],
    [
      'tolerated by the beginning of its name',
      "okToFail:\n- regex: '^\\[It\\] \\[sig-network\\] Netpol NetworkPolicy should do it'\n  reason: we know\n",
      'pass',
      'we know',
    ],
    ['tolerated on the last day', of('  expires: 2026-11-25\n'), 'pass', 'tolerated by own.yaml'],
    ['not any more', of('  expires: 2026-11-24\n'), 'fail', 'failed (its exception expired on 2026-11-24): wrong'],
    ['one of two has expired', `${of('  expires: 2026-11-24\n')}- regex: should do it\n  reason: still\n`, 'pass', 'own.yaml: still'],
    ['an empty list takes the place of upstream’s', 'okToFail: []\n', 'fail', 'failed: wrong'],
  ])('%s', async (_, yaml, outcome, observed) => {
    const row = judge('policy', await results(yaml));
    expect(row.outcome).toBe(outcome);
    expect(row.evidence.map((e) => e.observed).join('\n')).toContain(observed);
  });

  test('a pattern of a snapshot that may take ages tolerates nothing', async () => {
    const { runs } = await results(of());
    const list = [{ regex: '(?=N)NetworkPolicy', reason: 'all' }];
    expect(judge('policy', { runs, exceptions: { source: 's', list } }).outcome).toBe('fail');
  });
});

describe('the network plugin is told, and never judged by', () => {
  const cidr: Test = {
    name: '[It] [sig-network] Netpol NetworkPolicy should allow egress access to server in CIDR block',
    status: 'failed',
    message: 'no',
  };
  const sctp: Test = { name: '[It] Netpol NetworkPolicy should do SCTP [Feature:SCTPConnectivity]', status: 'failed', message: 'no' };
  const seen = async (tests: readonly Test[], facts: Facts, list?: E2eResults['exceptions']): Promise<RequirementReport> =>
    settleOne(
      scs0219v1.requirements,
      'network-policy',
      { [serverVersion.name]: { gitVersion: 'v1.36.3' }, [e2eResults.name]: resultsOf([await runOf(tests)], list), ...facts },
      now,
    );
  const plugin = (name: string): Facts => ({ [workloads.name]: [cni(name)], [apiGroups.name]: [] });
  const observed = (row: RequirementReport, source: string): string | undefined =>
    row.evidence.find((e) => e.source.includes(source))?.observed;
  const tests = [...policyTests(48), cidr, sctp];

  test.each<readonly [string, Facts, string, string, string]>([
    [
      'Cilium: the exceptions are about it',
      plugin('cilium'),
      'Cilium v1 (3 of 3 ready)',
      'about Cilium: should.allow.egress.access.to.server.in.CIDR.block, should.ensure',
      '48 of 50 NetworkPolicy tests that ran passed; 2 failed ones tolerated',
    ],
    [
      'Calico: an exception made for Cilium tolerates as upstream does, and that is said',
      plugin('calico-node'),
      'Calico v1 (3 of 3 ready)',
      'none is about Calico; made for Cilium, and held for every plugin: should.allow',
      '2 failed ones tolerated, 1 of them by an exception made for another network plugin or for one that is not seen here',
    ],
    [
      'a plugin that nobody knows here',
      plugin('weft'),
      'not recognised: no DaemonSet',
      'made for Cilium, and held for every plugin',
      '1 of them by an exception made for another',
    ],
    [
      'workloads that may not be listed',
      { [workloads.name]: forbidden('/apis/apps/v1/daemonsets'), [apiGroups.name]: forbidden('/apis') },
      'not known: GET /apis/apps/v1/daemonsets: 403',
      'made for Cilium',
      '1 of them by an exception made for another',
    ],
    ['a snapshot that has neither', {}, 'not known: workloads: not part of this snapshot', 'made for Cilium', '1 of them'],
    [
      'by its API group alone',
      { [workloads.name]: [], [apiGroups.name]: [served('cilium.io', 'v2', ['CiliumNetworkPolicy'])] },
      'Cilium by its API group; no DaemonSet of it seen',
      'about Cilium',
      '2 failed ones tolerated',
    ],
  ])('%s', async (_, facts, text, exceptions, message) => {
    const row = await seen(tests, facts);
    expect(row).toMatchObject({ outcome: 'pass', message: expect.stringContaining(message) as unknown });
    expect(observed(row, 'network plugin')).toContain(text);
    expect(observed(row, '9 exceptions of upstream')).toContain(exceptions);
  });

  test('the tolerated test says for whom its exception was made; one about no plugin says nothing', async () => {
    const tolerated = async (name: string): Promise<readonly (string | undefined)[]> =>
      (await seen(tests, plugin(name))).findings?.list.map((one) => one.tolerated) ?? [];
    expect((await tolerated('calico-node'))[0]).toMatch(/issues\/9209 \(an exception made for Cilium; here runs Calico\)$/);
    expect((await tolerated('weft'))[0]).toMatch(/\(an exception made for Cilium; which network plugin runs here is not known\)$/);
    expect((await tolerated('cilium'))[0]).toMatch(/issues\/9209$/);
    expect((await tolerated('calico-node'))[1]).toBe('SCTP is optional; Cilium does not switch it on by itself');
  });

  test('an own exception takes the place of one made for another plugin', async () => {
    const list = {
      source: 'own.yaml',
      list: [
        { regex: 'egress access to server in CIDR block', reason: 'https://github.com/cilium/cilium/issues/9209' },
        { regex: 'egress access to server in CIDR block', reason: 'https://github.com/projectcalico/calico/issues/1' },
      ],
    };
    const row = await seen([...policyTests(49), cidr], plugin('canal'), list);
    expect(row.message).toMatch(/; 1 failed one tolerated$/);
    expect(row.findings?.list[0]?.tolerated).toBe('https://github.com/projectcalico/calico/issues/1');
  });

  test('which plugin runs changes no outcome', async () => {
    for (const name of ['cilium', 'calico-node', 'kube-flannel-ds', 'weft'])
      expect((await seen([...policyTests(49), failing], plugin(name))).outcome).toBe('fail');
  });

  test('results that hold nothing of the suite stay missing where workloads may not be listed', async () => {
    const row = await seen(conformanceTests(446), { [workloads.name]: forbidden('/x'), [apiGroups.name]: forbidden('/x') });
    expect(row.outcome).toBe('missing');
  });

  test('conformance is about no plugin', async () => {
    const row = judge('conformance', resultsOf([await runOf(conformanceTests(446))]));
    expect(row.evidence.map((e) => e.source)).not.toContain('network plugin');
  });
});

test('a failed test has a short name, its message, and a place of its own', async () => {
  const long = `[It] [sig-network] ${'NetworkPolicy very '.repeat(20)}long (with words) [Feature:NetworkPolicy]`;
  const row = judge('policy', resultsOf([await runOf([...policyTests(48), failing, { name: long, status: 'failed', message: 'a\nb' }])]));
  expect(row.evidence.slice(3)).toEqual([
    { source: 'Netpol NetworkPolicy should do it', observed: 'failed: wrong' },
    { source: expect.stringMatching(/^NetworkPolicy very [^…]*…[^…]*long \(with words\)$/) as unknown, observed: 'failed: a b' },
  ]);
  expect(row.findings).toMatchObject({
    of: 'NetworkPolicy tests',
    omitted: 0,
    list: [
      { name: 'Netpol NetworkPolicy should do it', state: 'failed', message: 'wrong' },
      { name: row.evidence[4]?.source, state: 'failed', message: 'a b' },
    ],
    tally: [
      { label: 'passed', count: 48 },
      { label: 'failed', count: 2 },
    ],
  });
});

describe('where to read more of a failed test', () => {
  const of = async (at: string | undefined, tests: string): Promise<string | undefined> => {
    const { run, origin } = await runOf([...policyTests(49), failing]);
    const failed = run.failed.map((test) => ({ ...test, at }));
    return judge('policy', resultsOf([{ run: { ...run, failed, tests }, origin }])).findings?.list[0]?.url;
  };
  const at = 'test/e2e/network/netpol/network_policy.go:825';
  const blob = 'https://github.com/kubernetes/kubernetes/blob';
  test.each([
    ['its source at the tag of the tests', at, 'v1.36.2', `${blob}/v1.36.2/test/e2e/network/netpol/network_policy.go#L825`],
    ['at the cluster’s version, where theirs is not told', at, '', `${blob}/v1.36.3/test/e2e/network/netpol/network_policy.go#L825`],
    ['nor without a place, as in an older snapshot', undefined, 'v1.36.3', undefined],
    ['nor where the place leads out', 'test/e2e/../x.go:1', 'v1.36.3', undefined],
    ['nor where it is no place', 'javascript:alert(1)', 'v1.36.3', undefined],
  ])('%s', async (_, place, tests, url) => {
    expect(await of(place, tests)).toBe(url);
  });

  test('an archive whose log was cut before the test was entered: where it failed', async () => {
    const packed = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'sonobuoy', 'failed.tar.gz'));
    const row = judge('policy', resultsOf([await importOf(packed)]));
    expect(row.findings?.list).toEqual([
      {
        name: expect.stringMatching(/^Netpol NetworkPolicy between server and client should support denying of egress tr/) as unknown,
        state: 'failed',
        message: expect.stringContaining('[FAILED] Had 1 wrong results in reachability matrix') as unknown,
        url: `${blob}/v1.36.3/test/e2e/network/netpol/test_helper.go#L129`,
      },
    ]);
  });
});

describe('several results', () => {
  const at = (timestamp: string, tests: readonly Test[]) => runOf(tests, { timestamp });
  const bad = [...policyTests(49), failing];
  test.each<readonly [string, readonly [string, readonly Test[]][], string]>([
    [
      'the newest failed',
      [
        ['2026-11-20T00:00:00', bad],
        ['2026-11-10T00:00:00', policyTests(50)],
      ],
      'fail',
    ],
    [
      'the newest passed',
      [
        ['2026-11-10T00:00:00', bad],
        ['2026-11-20T00:00:00', policyTests(50)],
      ],
      'pass',
    ],
    [
      'the newest says nothing',
      [
        ['2026-11-10T00:00:00', policyTests(50)],
        ['2026-11-20T00:00:00', policyTests(3)],
      ],
      'pass',
    ],
    [
      'none says anything',
      [
        ['2026-11-10T00:00:00', policyTests(5)],
        ['2026-11-20T00:00:00', policyTests(3)],
      ],
      'abort',
    ],
  ])('%s', async (_, runs, outcome) => {
    const imported = await Promise.all(runs.map(([time, tests]) => at(time, tests)));
    const row = judge('policy', resultsOf(imported));
    expect(row.outcome).toBe(outcome);
    if (outcome !== 'abort') expect(row.evidence.at(-1)?.source).toBe('other results');
  });
});

test('an official result is as old as its tests', async () => {
  const results = resultsOf([await runOf(conformanceTests(446))]);
  expect(judge('conformance', results)).toMatchObject({ checkedAt: '2026-11-20T11:00:00.500Z' });
  const bad = resultsOf([await runOf([...policyTests(49), failing])]);
  expect(judge('policy', bad)).toMatchObject({ outcome: 'fail', checkedAt: '2026-11-20T11:00:00.500Z' });
});

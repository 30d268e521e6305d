import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toRun, type ImportedRun } from '../../src/conformance/run.js';
import { e2eResults, toResults, type RunOrigin } from '../../src/facts/e2e-results.js';
import { namespaces, type Namespace } from '../../src/facts/namespaces.js';
import { nodes, toNode, type Node } from '../../src/facts/nodes.js';
import { serverVersion } from '../../src/facts/server-version.js';
import { upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import type { Facts } from '../../src/model/fact.js';
import type { RequirementReport } from '../../src/model/report.js';
import { scs0210v1 } from '../../src/standards/scs-0210-v1.js';
import { scs0210v2 } from '../../src/standards/scs-0210-v2.js';
import { archiveEntries, conformanceTests, junitOf, uid, type Test } from '../helpers/e2e-files.js';
import { factPorts, ok } from '../helpers/fact-ports.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const now = new Date('2026-11-25T00:00:00Z');
const elsewhere = '00000000-0000-0000-0000-000000000000';
const here: RunOrigin = { kubeSystem: uid, nodes: ['n-0', 'n-1'] };

interface RunParts {
  /** The day on which the tests ran, from midnight to one o'clock. */
  readonly day: string;
  readonly cluster?: string;
  readonly version?: string;
  readonly tests?: readonly Test[];
  /** What of the archive is left out. */
  readonly without?: RegExp;
}
const runOf = ({ day, cluster = elsewhere, version = 'v1.36.3', tests = conformanceTests(446), without = /^$/ }: RunParts): ImportedRun => {
  const bad = tests.some(({ status = 'passed' }) => !['passed', 'skipped'].includes(status));
  const entries = archiveEntries(junitOf(tests, { timestamp: `${day}T00:00:00` }), { cluster, version, status: bad ? 'failed' : 'passed' });
  const files = entries.flatMap(({ path, content }) =>
    content === undefined || without.test(path) ? [] : [[path, Buffer.from(content)] as const],
  );
  return toRun(new Map(files), 'sonobuoy', [{ name: `${day}.tar.gz`, sha256: '' }]);
};
const nodesOf = (...some: readonly (readonly [version: string, created: string | undefined])[]): readonly Node[] =>
  some.map(([kubeletVersion, created], i) => ({
    ...{ name: `n-${i}`, labels: {}, ready: true, kubeletVersion, externalIPs: [], internalIPs: [] },
    ...(created === undefined ? {} : { created }),
  }));
const clusterOf = (created?: string): readonly Namespace[] => [
  { name: 'default', enforce: null },
  { name: 'kube-system', enforce: null, uid, ...(created === undefined ? {} : { created }) },
];
const judged = (runs: readonly ImportedRun[], facts: Facts, origin = here, version = 'v1.36.3'): RequirementReport => {
  const results = toResults({ runs, exceptions: upstreamExceptions }, origin);
  const all = { [serverVersion.name]: { gitVersion: version }, [e2eResults.name]: results, ...facts };
  const rows = [scs0210v2, scs0210v1].map(({ requirements }) => settleOne(requirements, 'tested-before-rollout', all, now));
  const [row, old] = rows;
  if (row === undefined || old === undefined) throw new Error('no row');
  expect([old.outcome, old.message]).toEqual([row.outcome, row.message]);
  return row;
};
const known = (created: string | undefined, some: readonly Node[]): Facts => ({
  [namespaces.name]: clusterOf(created),
  [nodes.name]: some,
});

/** The cluster is of January; its nodes got the version on the tenth of November. */
const rolled = known('2026-01-01T00:00:00Z', nodesOf(['v1.36.3', '2026-11-11T00:00:00Z'], ['v1.36.3', '2026-11-10T00:00:00Z']));
const day = (d: number): string => `2026-11-${String(d).padStart(2, '0')}`;

describe('a version was tested before it came to this cluster', () => {
  test.each<readonly [string, RunParts, Facts, string, string]>([
    [
      'on another cluster, before the first node with it',
      { day: day(5) },
      rolled,
      'pass',
      'and node n-1, the oldest with this version that is here now, was created at 2026-11-10T00:00:00.000Z',
    ],
    [
      'on another cluster, at the same time',
      { day: day(9), tests: [...conformanceTests(446)] },
      known('2026-01-01T00:00:00Z', nodesOf(['v1.36.3', '2026-11-09T01:00:00.500Z'])),
      'abort',
      'after node n-0 was created (2026-11-09T01:00:00.500Z), and when this node got the version is not known',
    ],
    [
      'on another cluster, an instant before',
      { day: day(9) },
      known('2026-01-01T00:00:00Z', nodesOf(['v1.36.3', '2026-11-09T01:00:01Z'])),
      'pass',
      'tested before it was in use here',
    ],
    [
      'on another cluster, after',
      { day: day(10) },
      rolled,
      'abort',
      'cannot be told: the tests ended at 2026-11-10T01:00:00.500Z, after node n-1 was created (2026-11-10T00:00:00.000Z)',
    ],
    [
      'on this very cluster, after',
      { day: day(20), cluster: uid },
      rolled,
      'abort',
      'tested, but after it was in use: the tests ran on this very cluster',
    ],
    [
      'on this very cluster, whose nodes were all replaced since',
      { day: day(5), cluster: uid },
      rolled,
      'abort',
      'tested, but after it was in use: the tests ran on this very cluster',
    ],
    [
      'long before this cluster was created',
      { day: '2024-03-01' },
      known('2026-11-01T00:00:00Z', []),
      'pass',
      'this cluster was created at 2026-11-01T00:00:00.000Z',
    ],
    [
      'before this cluster was created, on a cluster that the files do not tell',
      { day: '2024-03-01', without: /^resources/ },
      known('2026-11-01T00:00:00Z', []),
      'pass',
      'this cluster was created at',
    ],
    [
      'after this cluster was created, on a cluster that the files do not tell',
      { day: day(5), without: /^resources/ },
      rolled,
      'abort',
      'which cluster they ran on is not certain',
    ],
    [
      'after this cluster was created, on one that only its nodes show to be another',
      { day: day(5), without: /namespaces/ },
      rolled,
      'abort',
      'which cluster they ran on is not certain',
    ],
    [
      'in-place upgrades: the nodes are as old as the cluster',
      { day: day(5) },
      known('2026-01-01T00:00:00Z', nodesOf(['v1.36.3', '2026-01-01T00:10:00Z'])),
      'abort',
      'a node that is upgraded in place is older than its version',
    ],
    [
      'no node has it yet, and the cluster is older',
      { day: day(5) },
      known('2026-01-01T00:00:00Z', nodesOf(['v1.35.4', '2026-01-01T00:00:00Z'])),
      'abort',
      'no node shows since when the version is here',
    ],
    [
      'no node has it yet, and the cluster is younger',
      { day: day(5) },
      known('2026-11-06T00:00:00Z', nodesOf(['v1.35.4', '2026-11-06T00:00:00Z'])),
      'pass',
      'this cluster was created at',
    ],
    [
      'nodes of another version do not count',
      { day: day(5) },
      known('2026-01-01T00:00:00Z', nodesOf(['v1.36.2', '2026-01-01T00:00:00Z'], ['v1.36.3+k3s1', '2026-11-10T00:00:00Z'])),
      'pass',
      'node n-1',
    ],
    [
      'a node of which the version is not known may be the first',
      { day: day(5) },
      known('2026-01-01T00:00:00Z', nodesOf(['', '2026-01-01T00:00:00Z'], ['v1.36.3', '2026-11-10T00:00:00Z'])),
      'abort',
      'after node n-0 was created (2026-01-01T00:00:00.000Z)',
    ],
    [
      'a node of which the age is not known may be the first',
      { day: day(5) },
      known('2026-01-01T00:00:00Z', nodesOf(['v1.36.3', undefined], ['v1.36.3', '2026-11-10T00:00:00Z'])),
      'abort',
      'no node shows since when',
    ],
    [
      'a moment that is none',
      { day: day(5) },
      known('yesterday', nodesOf(['v1.36.3', 'today'])),
      'abort',
      'neither the creation of the namespace kube-system nor that of a node',
    ],
    [
      'nothing of both is known',
      { day: '2020-01-01' },
      {},
      'abort',
      'neither the creation of the namespace kube-system nor that of a node',
    ],
    [
      'both may not be listed',
      { day: '2020-01-01' },
      { [nodes.name]: forbidden('/api/v1/nodes'), [namespaces.name]: forbidden('/api/v1/namespaces') },
      'abort',
      'neither',
    ],
    ['only nodes may be listed', { day: day(5) }, { ...rolled, [namespaces.name]: forbidden('/api/v1/namespaces') }, 'pass', 'node n-1'],
    [
      'only namespaces may be listed',
      { day: day(5) },
      { ...rolled, [nodes.name]: forbidden('/api/v1/nodes') },
      'abort',
      'no node shows since when',
    ],
    ['another version was tested', { day: day(5), version: 'v1.36.2' }, rolled, 'missing', 'not of Kubernetes "v1.36.3"'],
    [
      'tests that failed',
      { day: day(5), tests: [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'failed' }] },
      rolled,
      'abort',
      '1 of 446 conformance tests failed: x',
    ],
    [
      'tests that failed on this cluster',
      { day: day(20), cluster: uid, tests: [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'failed' }] },
      rolled,
      'abort',
      '1 of 446 conformance tests failed',
    ],
    ['too few tests', { day: day(5), tests: conformanceTests(400) }, rolled, 'abort', 'too few: 400'],
  ])('%s', (_, parts, facts, outcome, message) => {
    const row = judged([runOf(parts)], facts);
    expect([row.outcome, row.message]).toEqual([outcome, expect.stringContaining(message)]);
  });

  test('a pass says what it rests on, and what it cannot see', () => {
    const row = judged([runOf({ day: day(5) })], rolled);
    expect(row.checkedAt).toBe('2026-11-05T01:00:00.500Z');
    expect(row.evidence).toContainEqual({
      source: 'node n-1',
      observed:
        'created at 2026-11-10T00:00:00.000Z: the version came to this node then or later. Nodes that were replaced or removed since are not seen: they may have had it earlier.',
    });
  });

  test('what is open says that results of another cluster, or a statement, settle it', () => {
    for (const row of [judged([runOf({ day: day(20), cluster: uid })], rolled), judged([], rolled)])
      expect(row.nextStep).toMatch(/another cluster before the version came to this one .*or a statement/);
  });
});

describe('several runs', () => {
  const outcome = (...runs: readonly RunParts[]): string => judged(runs.map(runOf), rolled).outcome;
  const bad: readonly Test[] = [...conformanceTests(445), { name: '[It] x [Conformance]', status: 'failed' }];
  test('one before the rollout suffices, whatever ran later', () => {
    expect(outcome({ day: day(5) }, { day: day(20), cluster: uid })).toBe('pass');
    expect(outcome({ day: day(5) }, { day: day(20), cluster: uid, tests: bad })).toBe('pass');
    expect(outcome({ day: day(5) }, { day: day(21), tests: bad })).toBe('pass');
  });
  test('of those before the rollout the newest decides', () => {
    expect(outcome({ day: day(4) }, { day: day(5), tests: bad })).toBe('abort');
    expect(outcome({ day: day(4), tests: bad }, { day: day(5) })).toBe('pass');
  });
  test('tests on this cluster show that the version was in use then, also where its nodes are younger', () => {
    expect(outcome({ day: day(5) }, { day: day(3), cluster: uid })).toBe('abort');
    expect(outcome({ day: day(2) }, { day: day(3), cluster: uid })).toBe('pass');
    const inUse = judged([runOf({ day: day(5) }), runOf({ day: day(3), cluster: uid })], rolled);
    expect(inUse.message).toContain('after it was in use: the tests ended at 2026-11-05T01:00:00.500Z, and tests on this cluster began at');
    expect(inUse.evidence).toContainEqual({
      source: 'tests on this cluster',
      observed: expect.stringMatching(/^the version was in use at 2026-11-03T/) as unknown,
    });
  });
  test('only tests on this cluster show that the version was in use, never the age of a node', () => {
    const inPlace = known('2025-03-01T00:00:00Z', nodesOf(['v1.36.3', '2025-03-01T10:00:00Z']));
    expect(judged([runOf({ day: day(5) })], inPlace).message).not.toContain('in use:');
    expect(judged([runOf({ day: day(5) }), runOf({ day: day(3), cluster: uid })], inPlace).message).toContain(
      'in use: the tests ended at 2026-11-05',
    );
  });
});

test('less knowledge never turns it into a pass', () => {
  const moment = fc.integer({ min: 1, max: 28 }).map((d) => `${day(d)}T00:00:00Z`);
  const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
  const run = fc.record({ day: fc.integer({ min: 1, max: 24 }).map(day), cluster: fc.constantFrom(uid, elsewhere) });
  const node = fc.tuple(fc.constantFrom('v1.36.3', 'v1.36.2', ''), maybe(moment));
  const runs = new Map<string, ImportedRun>();
  const cached = (parts: RunParts, without: RegExp): ImportedRun => {
    const key = `${parts.day} ${parts.cluster ?? ''} ${without.source}`;
    const found = runs.get(key) ?? runOf({ ...parts, without });
    runs.set(key, found);
    return found;
  };
  fc.assert(
    fc.property(run, fc.array(node, { maxLength: 3 }), maybe(moment), (parts, some, created) => {
      // Nothing ran on a cluster before it was there.
      fc.pre(parts.cluster !== uid || created === undefined || created <= `${parts.day}T00:00:00Z`);
      const whole = known(created, nodesOf(...some));
      const passes = (facts: Facts, without = /^$/, origin = here): boolean =>
        judged([cached(parts, without)], facts, origin).outcome === 'pass';
      const withoutAge = some.map((_, hidden) =>
        nodesOf(...some.map(([version, at], i) => [version, i === hidden ? undefined : at] as const)),
      );
      const less: readonly boolean[] = [
        passes({ ...whole, [nodes.name]: forbidden('n') }),
        passes({ ...whole, [namespaces.name]: forbidden('n') }),
        passes({}),
        passes({ ...whole, [namespaces.name]: clusterOf() }),
        passes({ ...whole, [namespaces.name]: [] }),
        ...withoutAge.map((list) => passes({ ...whole, [nodes.name]: list })),
        passes(whole, /^resources/),
        passes(whole, /namespaces/),
        passes(whole, /^$/, { kubeSystem: null, nodes: null }),
        passes(whole, /^$/, { kubeSystem: null, nodes: ['n-0'] }),
      ];
      if (!passes(whole)) expect(less).toEqual(less.map(() => false));
      // Whatever ran on this cluster had the version in use.
      if (parts.cluster === uid) expect(passes(whole)).toBe(false);
    }),
    { numRuns: 150 },
  );
});

describe('when things were created', () => {
  test('nodes tell it, as far as the API server does', () => {
    const metadata = { name: 'n' };
    expect(toNode({ metadata: { ...metadata, creationTimestamp: '2026-11-10T00:00:00Z' } }).created).toBe('2026-11-10T00:00:00Z');
    for (const raw of [{ metadata }, { metadata: { ...metadata, creationTimestamp: null } }])
      expect(toNode(raw)).not.toHaveProperty('created');
  });

  test('of the namespaces only kube-system does', async () => {
    const item = (name: string, creationTimestamp: string | null) => ({ metadata: { name, uid: name, creationTimestamp } });
    const list = [item('default', '2026-01-02T00:00:00Z'), item('kube-system', '2026-01-01T00:00:00Z')];
    const collect = (items: readonly unknown[]) => namespaces.collect(factPorts({ '/api/v1/namespaces': ok({ metadata: {}, items }) }));
    expect((await collect(list)).map(({ created }) => created)).toEqual([undefined, '2026-01-01T00:00:00Z']);
    expect(await collect([item('kube-system', null)])).toEqual([{ name: 'kube-system', uid: 'kube-system' }]);
  });
});

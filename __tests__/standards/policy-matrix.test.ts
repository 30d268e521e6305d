import { describe, expect, test } from '@jest/globals';
import type { MatrixCell, NetworkPolicyMatrix } from '../../src/facts/network-policy-matrix.js';
import { cells, dimensions } from '../../src/probes/network-policy/cells.js';
import { upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import { judgePolicyMatrix } from '../../src/standards/support/policy-matrix.js';
import { toleranceOf } from '../../src/standards/support/e2e-tests.js';
import { testsOfCell, testsOfCells } from '../../src/standards/support/policy-tests.js';

const nodes = ['one', 'two'];
const seen: readonly MatrixCell[] = cells.flatMap((spec) =>
  nodes.map((node) => ({
    id: spec.id,
    title: spec.title,
    dimension: dimensions[spec.dimension],
    direction: spec.direction,
    via: spec.via,
    path: 'same-node' as const,
    node,
    from: 'a',
    to: 'b',
    port: `${spec.protocol} ${spec.port}`,
    family: 'IPv4' as const,
    expected: spec.expected,
    observed: spec.expected,
    lateMs: 0,
    note: '',
  })),
);
const matrixOf = (some: readonly MatrixCell[]): NetworkPolicyMatrix => ({
  image: 'agnhost',
  nodes,
  eligible: 2,
  leftOut: [],
  families: ['IPv4'],
  notShown: [],
  foreignPolicies: [],
  ended: '',
  tookMs: 1_000,
  cells: some,
});
const tolerating = toleranceOf(upstreamExceptions, new Date('2026-11-23T12:00:00Z'));
const strict = toleranceOf({ source: 'mine', list: [] }, new Date('2026-11-23T12:00:00Z'));
const judged = (change: (cell: MatrixCell) => Partial<MatrixCell>, tolerance = tolerating) =>
  judgePolicyMatrix(matrixOf(seen.map((cell) => ({ ...cell, ...change(cell) }))), 'some network', tolerance);

test('every cell as expected agrees with the requirement, and does not prove it', () => {
  const { outcome, message } = judged(() => ({}));
  expect([outcome, message]).toEqual(['insufficient', `the policy matrix held in ${seen.length} cells on all 2 nodes that take pods`]);
});

describe('address blocks that take in no pods, as with Cilium', () => {
  const opens = (cell: MatrixCell): boolean => /\/block(-except)?\//.test(cell.id) && cell.expected === 'allowed';
  const closed = (cell: MatrixCell): Partial<MatrixCell> => (opens(cell) ? { observed: 'denied' } : {});

  test('are tolerated where the list of tests that may fail tolerates the same', () => {
    const { outcome, message, evidence } = judged(closed);
    expect(outcome).toBe('insufficient');
    expect(message).toMatch(/, and \d+ cells are tolerated: .*egress\/block/);
    expect(evidence.some(({ source, observed }) => source.includes('/block') && observed.includes('cilium/cilium/issues/9209'))).toBe(true);
  });
  test('refute it where the tests of Kubernetes have to pass', () => {
    const { outcome, message } = judged(closed, strict);
    expect([outcome, message.includes('egress/block')]).toEqual(['fail', true]);
    expect(message).not.toContain('ingress/block');
  });
  test('of ingress, for which Kubernetes has no test, leave it open', () => {
    const { outcome, message } = judged((cell) => (cell.direction === 'ingress' ? closed(cell) : {}), strict);
    expect([outcome, message.includes('could not be probed')]).toEqual(['undecided', true]);
  });
  test('on one node alone are a fault of that node', () => {
    const { outcome, message } = judged((cell) => (opens(cell) && cell.node === 'one' ? { observed: 'denied' } : {}));
    expect([outcome, message.includes('on one:')]).toEqual(['fail', true]);
  });
  test('excuse nothing else', () => {
    expect(judged((cell) => (cell.id === 'ingress/pod-label/label' ? { observed: 'denied' } : closed(cell))).outcome).toBe('fail');
    expect(judged((cell) => (cell.id.includes('/block-except/exception') ? { observed: 'allowed' } : closed(cell))).outcome).toBe('fail');
  });
  test('of which some were not probed leave it open', () => {
    expect(judged((cell) => (opens(cell) ? { observed: cell.id.includes('except') ? 'denied' : 'not-probed' } : {})).outcome).toBe(
      'undecided',
    );
  });
});

describe('a cell for which every test of Kubernetes that asks the same may fail', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const listOf = (...regexes: readonly string[]) =>
    toleranceOf({ source: 'mine', list: regexes.map((regex) => ({ regex, reason: `because of ${regex}` })) }, now);
  const literally = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const wrong = (cell: MatrixCell): MatrixCell['observed'] => (cell.expected === 'denied' ? 'allowed' : 'denied');
  const without = (id: string, tolerance = strict) => judged((cell) => (cell.id === id ? { observed: wrong(cell) } : {}), tolerance);
  const isBlock = (id: string): boolean => /\/block/.test(id);
  const ids = [...new Set(cells.map(({ id }) => id))].filter((id) => !isBlock(id));

  test.each(ids)('%s', (id) => {
    const tests = testsOfCell(id);
    const all = listOf(...tests.map(literally));
    expect(without(id).outcome).toBe('fail');
    expect(without(id, tolerating).outcome).toBe(
      tests.length > 0 && tests.every((name) => tolerating(name) !== undefined) ? 'insufficient' : 'fail',
    );
    const { outcome, message, evidence } = without(id, all);
    if (tests.length === 0) {
      expect(without(id, listOf('Netpol', 'sig-network')).outcome).toBe('fail');
      return;
    }
    expect([outcome, message]).toEqual(['insufficient', expect.stringContaining(`${nodes.length} cells are tolerated: ${id}`)]);
    expect(evidence).toContainEqual({ source: id, observed: expect.stringMatching(/^(?:denied|allowed), and tolerated: because of /) });
    // One test that has to pass is enough to refute it.
    for (const one of tests) expect(without(id, listOf(...tests.filter((name) => name !== one).map(literally))).outcome).toBe('fail');
  });

  test.each<[string, string, readonly string[], string]>([
    ['a list of the user’s own', 'ingress/named-port/port', ['named.port'], 'insufficient'],
    ['half of a list', 'ingress/named-port/port', ['should allow ingress access on one named port'], 'fail'],
    ['a list for the other direction', 'ingress/named-port/port', ['should allow egress access on one named port'], 'fail'],
    ['what the same test does not ask', 'ingress/namespace-relabelled/loses', ['from updated namespace'], 'fail'],
  ])('%s: %s', (_, id, regexes, outcome) => {
    expect(without(id, listOf(...regexes)).outcome).toBe(outcome);
  });

  test.each([
    ['SCTP, which is optional', 'ingress/sctp/other-sctp'],
    ['a label of a namespace, which is flaky', 'ingress/namespace-relabelled/gains'],
  ])('by the list of SCS: %s', (_, id) => {
    expect(without(id, tolerating).outcome).toBe('insufficient');
  });

  test('an exception that has expired tolerates nothing', () => {
    const list = [{ regex: 'named.port', reason: 'x', expires: '2026-11-22' }];
    expect(without('ingress/named-port/port', toleranceOf({ source: 'mine', list }, now)).outcome).toBe('fail');
  });

  test('a cell that was let through now and then is tolerated as well', () => {
    const unsteady = (cell: MatrixCell): Partial<MatrixCell> => (cell.id === 'ingress/named-port/port' ? { observed: 'unsteady' } : {});
    expect(judged(unsteady, listOf('named.port')).outcome).toBe('insufficient');
    expect(judged(unsteady).outcome).toBe('undecided');
  });

  test('excuses no other cell', () => {
    const two = (cell: MatrixCell): Partial<MatrixCell> =>
      ['ingress/named-port/port', 'ingress/pod-label/label'].includes(cell.id) ? { observed: 'denied' } : {};
    const { outcome, message } = judged(two, listOf('named.port'));
    expect([outcome, message.includes('ingress/pod-label/label'), message.includes('named-port')]).toEqual(['fail', true, false]);
  });

  test('every row of the table is of cells that there are', () => {
    for (const key of Object.keys(testsOfCells)) expect(cells.some(({ id }) => id === key || id.startsWith(`${key}/`))).toBe(true);
  });
});

test.each([
  ['a cell that lets through what it must not', { 'ingress/pod-label/other-label': 'allowed' }, 'fail'],
  ['a cell that lets through nothing', { 'egress/named-port/port': 'denied' }, 'fail'],
  ['a cell that could not be probed', { 'egress/named-port/port': 'not-probed' }, 'undecided'],
  ['a cell that was let through now and then', { 'egress/named-port/port': 'unsteady' }, 'undecided'],
] as const)('%s: %s', (_, changed, outcome) => {
  const observed = new Map<string, MatrixCell['observed']>(Object.entries(changed));
  const of = (cell: MatrixCell): Partial<MatrixCell> => ({ observed: observed.get(cell.id) ?? cell.observed });
  expect(judged(of).outcome).toBe(outcome);
});

import { describe, expect, test } from '@jest/globals';
import type { MatrixCell, NetworkPolicyMatrix } from '../../src/facts/network-policy-matrix.js';
import { cells, dimensions } from '../../src/probes/network-policy/cells.js';
import { upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import { judgePolicyMatrix } from '../../src/standards/support/policy-matrix.js';
import { toleranceOf } from '../../src/standards/support/e2e-tests.js';

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
  const { outcome, because } = judged(() => ({}));
  expect([outcome, because]).toEqual(['insufficient', `the policy matrix held in ${seen.length} cells on all 2 nodes that take pods`]);
});

describe('address blocks that take in no pods, as with Cilium', () => {
  const opens = (cell: MatrixCell): boolean => /\/block(-except)?\//.test(cell.id) && cell.expected === 'allowed';
  const closed = (cell: MatrixCell): Partial<MatrixCell> => (opens(cell) ? { observed: 'denied' } : {});

  test('are tolerated where the list of tests that may fail tolerates the same', () => {
    const { outcome, because, evidence } = judged(closed);
    expect(outcome).toBe('insufficient');
    expect(because).toContain('cells of address blocks are tolerated');
    expect(evidence.some(({ source, observed }) => source.includes('/block') && observed.includes('cilium/cilium/issues/9209'))).toBe(true);
  });
  test('refute it where the tests of Kubernetes have to pass', () => {
    const { outcome, because } = judged(closed, strict);
    expect([outcome, because.includes('egress/block')]).toEqual(['fail', true]);
    expect(because).not.toContain('ingress/block');
  });
  test('of ingress, for which Kubernetes has no test, leave it open', () => {
    const { outcome, because } = judged((cell) => (cell.direction === 'ingress' ? closed(cell) : {}), strict);
    expect([outcome, because.includes('could not be probed')]).toEqual(['undecided', true]);
  });
  test('on one node alone are a fault of that node', () => {
    const { outcome, because } = judged((cell) => (opens(cell) && cell.node === 'one' ? { observed: 'denied' } : {}));
    expect([outcome, because.includes('on one:')]).toEqual(['fail', true]);
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

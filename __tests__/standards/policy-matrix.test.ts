import { describe, expect, test } from '@jest/globals';
import type { MatrixCell, NetworkPolicyMatrix } from '../../src/facts/network-policy-matrix.js';
import { cells, dimensions } from '../../src/probes/network-policy/cells.js';
import { judgePolicyMatrix } from '../../src/standards/support/policy-matrix.js';

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
const judged = (change: (cell: MatrixCell) => Partial<MatrixCell>) =>
  judgePolicyMatrix(matrixOf(seen.map((cell) => ({ ...cell, ...change(cell) }))), 'some network');

test('every cell as expected', () => {
  expect(judged(() => ({})).outcome).toBe('pass');
});

describe('address blocks that take in no pods, as with Cilium', () => {
  const opens = (cell: MatrixCell): boolean => /\/block(-except)?\//.test(cell.id) && cell.expected === 'allowed';

  test('tell nothing: neither pass nor fail, and the reason stands there', () => {
    const { outcome, because, evidence } = judged((cell) => (opens(cell) ? { observed: 'denied' } : {}));
    expect(outcome).toBe('abort');
    expect(because).toContain('could not be probed');
    expect(because).toContain('cilium/cilium#9209');
    expect(evidence.some(({ source }) => source.includes('/block'))).toBe(false);
  });
  test('on one node alone are a fault of that node', () => {
    const { outcome, because } = judged((cell) => (opens(cell) && cell.node === 'one' ? { observed: 'denied' } : {}));
    expect([outcome, because.includes('on one:')]).toEqual(['fail', true]);
  });
  test('excuse nothing else', () => {
    expect(judged((cell) => (opens(cell) || cell.id === 'ingress/pod-label/label' ? { observed: 'denied' } : {})).outcome).toBe('fail');
    expect(
      judged((cell) => (opens(cell) ? { observed: 'denied' } : cell.id.includes('/block-except/exception') ? { observed: 'allowed' } : {}))
        .outcome,
    ).toBe('fail');
  });
  test('of which some were not probed, too', () => {
    const answer = judged((cell) => (opens(cell) ? { observed: cell.id.includes('except') ? 'denied' : 'not-probed' } : {}));
    expect(answer.outcome).toBe('abort');
  });
});

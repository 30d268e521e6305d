import { describe, expect, test } from '@jest/globals';
import { cells, dimensions, phases, portName, ports, type CellSpec } from '../../../src/probes/network-policy/cells.js';
import { labels, policyChanges, type PolicyChange } from '../../../src/probes/network-policy/policies.js';
import { planOf, podsOf, spaceLabels, type MatrixPod } from '../../../src/probes/network-policy/plan.js';
import { isAllowed, type ModelPod, type ModelPolicy, type ModelWorld } from '../../helpers/policy-semantics.js';

const ipOf = (pod: MatrixPod): string => `10.0.${pod.node}.${podsOf(1).findIndex(({ kind }) => kind === pod.kind) + 1}`;

/** Two nodes, so that every peer is there twice. */
const pods = podsOf(2);
const addressesOf = (kind: string): readonly string[] => pods.filter((pod) => pod.kind === kind).map(ipOf);
const changes = policyChanges({ b: addressesOf('b'), c: addressesOf('c') }, true);

const modelPod = (pod: MatrixPod, phase: number): ModelPod => {
  const own = planOf(pod, 'ns', 'node', false).labels ?? {};
  const swapped = phase >= 2 && (pod.kind === 'a' || pod.kind === 'b') ? { [labels.role]: pod.kind === 'a' ? 'b' : 'a' } : {};
  return { name: pod.name, space: pod.space, labels: { ...own, ...swapped }, ip: ipOf(pod), namedPorts: { [portName]: ports.named } };
};

const policiesAt = (phase: number): readonly ModelPolicy[] => {
  const standing = new Map<string, PolicyChange>();
  for (const change of changes.slice(0, phase + 1).flat()) {
    const key = `${change.space}/${change.name}`;
    if (change.how === 'create') expect(standing.has(key)).toBe(false);
    else expect(standing.has(key)).toBe(true);
    if (change.how === 'remove') standing.delete(key);
    else standing.set(key, change);
  }
  return [...standing.values()].map(({ space, spec }) => ({ space, spec: spec as ModelPolicy['spec'] }));
};

const worldAt = (phase: number): ModelWorld => ({
  spaces: { ...spaceLabels, ...(phase >= 4 ? { y: { [labels.team]: 'z' } } : {}) },
  policies: policiesAt(phase),
});

const allowedAt = (cell: CellSpec, phase: number): boolean => {
  const find = (kind: string): ModelPod =>
    modelPod(
      pods.find((pod) => pod.kind === kind && pod.node === 0)!,
      phase,
    );
  const [from, to] = cell.direction === 'ingress' ? [find(cell.peer), find(cell.subject)] : [find(cell.subject), find(cell.peer)];
  return isAllowed(worldAt(phase), { from, to, protocol: cell.protocol, port: cell.port });
};

// Traffic of the node itself is let through whatever the policies say.
const byPods = cells.filter(({ via }) => via !== 'node');

describe('what the cells expect', () => {
  test.each(byPods.map((cell) => [`${cell.id} by ${cell.peer}`, cell] as const))('%s is what NetworkPolicy means', (_, cell) => {
    expect(allowedAt(cell, cell.phase) ? 'allowed' : 'denied').toBe(cell.expected);
  });
  test('everything is open without a policy', () => {
    expect(byPods.filter((cell) => !allowedAt(cell, 0))).toEqual([]);
  });
});

describe('the matrix as a whole', () => {
  test('every cell has a name of its own', () => {
    expect(new Set(cells.map(({ id, phase }) => `${id} ${phase}`)).size).toBe(cells.length);
  });
  test('every row has cells, and every row but those that only open has one that is denied', () => {
    for (const dimension of Object.keys(dimensions)) {
      const own = cells.filter((cell) => cell.dimension === dimension);
      expect([dimension, own.length > 0]).toEqual([dimension, true]);
      const opens = ['no-port', 'dns', 'node', 'several-peers'].includes(dimension);
      expect([dimension, own.some(({ expected }) => expected === 'denied')]).toEqual([dimension, !opens]);
    }
  });
  test('every change is followed by cells that are denied and cells that are let through, in both directions', () => {
    for (const phase of phases.keys())
      for (const direction of ['ingress', 'egress'])
        for (const expected of ['allowed', 'denied'])
          expect(cells.some((c) => c.phase === phase && c.direction === direction && c.expected === expected)).toBe(phase > 0);
  });
  test('no policy names SCTP where it is not probed: some networks refuse it', () => {
    expect(JSON.stringify(policyChanges({ b: [], c: [] }, false))).not.toContain('SCTP');
  });
  test('both families stand in the address blocks', () => {
    const text = JSON.stringify(policyChanges({ b: ['10.0.0.1', 'fd00::1'], c: ['10.0.0.2', 'fd00::2'] }, false));
    for (const part of ['"0.0.0.0/0"', '"10.0.0.1/32"', '"::/0"', '"fd00::1/128"', '"10.0.0.2/32"', '"fd00::2/128"'])
      expect(text).toContain(part);
  });
});

import { describe, expect, test } from '@jest/globals';
import { judge } from '../src/judge.js';
import type { Facts } from '../src/model/fact.js';
import type { Statement } from '../src/model/statement.js';
import { selectStandards } from '../src/select.js';
import embedded from '../src/sources/embedded/good.json' with { type: 'json' };
import { standards } from '../src/standards/index.js';
import { goodWorld, worldNow } from './helpers/worlds.js';

const recordedAt = worldNow;
const later = (days: number): string => new Date(recordedAt.getTime() + days * 86_400_000).toISOString();
/** A cluster of a provider, as far as its nodes tell. */
const nodes = embedded.facts.nodes.map((node) => ({ ...node, kind: undefined }));
const facts: Facts = { ...goodWorld, nodes };

const run = (changed: Facts, { now = recordedAt, statements = [] as readonly Statement[], source = 'kubeconfig' } = {}) =>
  judge(
    selectStandards(standards, []),
    changed,
    now,
    { name: 'c', source, detail: '', caveats: [] },
    { tier: 'light', tool: { name: 'scs-kaas', version: '0' }, checkedAt: embedded.recordedAt, locate: () => undefined, statements },
  );
const outcomesOf = (changed: Facts, more = {}) => new Map(run(changed, more).requirements.map((r) => [r.id, r.outcome]));

describe('clocks that are days apart', () => {
  const sure = outcomesOf(facts);
  const doubtful = outcomesOf({ ...facts, clocks: { here: embedded.recordedAt, server: later(80) } });
  test('leave what depends on the time undecided', () => {
    const changed = [...sure].filter(([id, outcome]) => doubtful.get(id) !== outcome).map(([id]) => id);
    expect(changed.map((id) => doubtful.get(id))).toEqual(changed.map(() => 'abort'));
    expect(changed).toEqual(
      expect.arrayContaining(['scs-0210-v2/patch-recency', 'scs-0210-v2/supported-branch', 'scs-0215-v1/ca-renewal']),
    );
  });
  test('and nothing else', () => {
    for (const id of ['scs-0214-v2/zone-label', 'scs-0217-v1/node-restriction', 'scs-0217-v1/kubelet-anonymous-auth'])
      expect([id, doubtful.get(id)]).toEqual([id, sure.get(id)]);
  });
  test('are said above everything else, and make the official testcase ABORT', () => {
    const report = run({ ...facts, clocks: { here: embedded.recordedAt, server: later(-3) } });
    expect(report.caveats[0]).toMatch(/^The clock of this machine says .* 3 days apart\. Nothing that depends on the time is judged/);
    expect(report.official?.testcases.find(({ id }) => id === 'version-policy-check')?.verdict).toBe('ABORT');
  });
  test('let no statement count', () => {
    const id = 'scs-0214-v2/control-plane-hosts';
    const said: Statement = { requirement: id, kind: 'waived', author: 'A', date: '2026-01-01', expires: '2030-01-01', reason: 'r' };
    const waived = (changed: Facts) => outcomesOf(changed, { statements: [said] }).get(id) === 'waived';
    expect(waived({ ...facts, clocks: { unavailable: 'malformed', detail: 'x' } })).toBe(false);
  });
});

describe('what a report is no report for the monitor of', () => {
  test('a kind cluster, by its nodes, through whatever it was reached', () => {
    const seen = embedded.facts.nodes.map((node) => ({ ...node, kind: true }));
    const report = run({ ...facts, nodes: seen });
    expect(report.notForMonitor).toContain('a kind cluster');
    expect(report.caveats[0]).toContain('This is a kind cluster');
  });
  test.each([
    ['may not be listed', { nodes: { unavailable: 'forbidden', detail: 'GET /api/v1/nodes: 403' } }],
    ['could not be reached', { nodes: { unavailable: 'unreachable', detail: 'GET /api/v1/nodes: timeout' } }],
  ])('a cluster whose nodes %s: it may be a kind cluster', (_, changed) => {
    const report = run({ ...facts, ...changed });
    expect(report.notForMonitor).toContain('may be a kind cluster');
    expect(report.caveats[0]).toMatch(/^Whether this is a kind cluster is not known: its nodes cannot be listed\./);
  });
  test('a moment other than that of looking', () => {
    const report = run(facts, { now: new Date(later(-30)) });
    expect(report.notForMonitor).toMatch(/^a cluster of \S+ judged as of \S+$/);
  });
  test('a cluster of the offer, today, is one', () => {
    expect(run(facts).notForMonitor).toBeUndefined();
  });
});

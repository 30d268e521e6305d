import { describe, expect, test } from '@jest/globals';
import { buildReport, type Origin } from '../../src/evaluation/build-report.js';
import type { Facts } from '../../src/model/fact.js';
import type { Statement } from '../../src/model/statement.js';
import { selectStandards } from '../../src/standards/select.js';
import embedded from '../../src/sources/embedded/good.json' with { type: 'json' };
import { standards } from '../../src/standards/index.js';
import { cvesFact } from '../helpers/release-facts.js';
import { goodWorld, worldNow } from '../helpers/worlds.js';

const recordedAt = worldNow;
const later = (days: number): string => new Date(recordedAt.getTime() + days * 86_400_000).toISOString();
/** A cluster of a provider, as far as its nodes tell. */
const nodes = embedded.facts.nodes.map((node) => ({ ...node, kind: undefined }));
const facts: Facts = { ...goodWorld, nodes };

const run = (
  changed: Facts,
  {
    now = recordedAt,
    statements = [],
    ...origin
  }: Partial<Pick<Origin, 'source' | 'moment'>> & { readonly now?: Date; readonly statements?: readonly Statement[] } = {},
) =>
  buildReport(
    selectStandards(standards, []),
    changed,
    now,
    { name: 'c', source: 'kubeconfig', detail: '', caveats: [], ...origin },
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
  const byClocks = (clocks: object): Facts => ({ ...facts, clocks });
  const told = byClocks({ here: embedded.recordedAt, server: embedded.recordedAt });
  const untold = byClocks({ unavailable: 'malformed', detail: 'GET /version: the answer has no Date header' });
  const hours = [0, 1, -20, 20, -25, 6 * 24, -80 * 24] as const;
  test.each(hours.flatMap((hour) => [['known', hour, told] as const, ['not known', hour, untold] as const]))(
    "a live cluster, judged as of a moment that was set, the cluster's time %s: %i hours from now",
    (_, hour, some) => {
      const now = new Date(later(hour / 24));
      const report = run(some, { now, moment: 'set' });
      expect(report.notForMonitor).toBe(`a cluster judged as of ${now.toISOString()}, which "effective-time" sets`);
      expect(report.caveats.join(' ')).toContain('No report for the compliance monitor is written');
    },
  );
  test('a recording, judged as of another day', () => {
    expect(run(facts, { now: new Date(later(-30)) }).notForMonitor).toMatch(/^a cluster of \S+ judged as of \S+$/);
    expect(run(facts, { now: new Date(later(-0.5)) }).notForMonitor).toBeUndefined();
  });
  test('a live cluster whose tests took more than a day', () => {
    expect(run(told, { now: new Date(later(1.5)), moment: 'now' }).notForMonitor).toBeUndefined();
  });
  test.each<[string, Facts]>([
    ['clocks that are days apart', byClocks({ here: embedded.recordedAt, server: later(-80) })],
    ['a cluster that tells no time', untold],
    ['data of a later day', { ...told, 'kubernetes-cves': cvesFact([], { asOf: later(3) }) }],
  ])('a time in doubt: %s', (_, some) => {
    for (const moment of ['now', undefined] as const) {
      const report = run(some, moment === undefined ? {} : { moment });
      expect(report.notForMonitor).toBe('a cluster that was checked at an unknown time');
      expect(report.caveats.join(' ')).toContain('No report for the compliance monitor is written');
    }
  });
  test('a cluster of the offer, today, is one', () => {
    for (const some of [facts, told]) expect(run(some, { moment: 'now' }).notForMonitor).toBeUndefined();
  });
});

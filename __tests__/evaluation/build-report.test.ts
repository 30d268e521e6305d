import { describe, expect, test } from '@jest/globals';
import { buildReport } from '../../src/evaluation/build-report.js';
import type { Facts } from '../../src/model/fact.js';
import { selectStandards } from '../../src/standards/select.js';
import { standards } from '../../src/standards/index.js';
import { replicated, topologyFacts } from '../helpers/topology.js';

const report = (ids: readonly string[], facts: Facts) =>
  buildReport(
    selectStandards(standards, ids),
    facts,
    new Date('2026-11-23T00:00:00Z'),
    { name: 'c', source: 's', detail: '', caveats: [] },
    { tier: 'light', tool: { name: 'scs-kaas', version: '0' }, locate: () => undefined },
  );

describe('a selection of standards', () => {
  test('one of the certificate scope alone, no MUST of which is broken: proves nothing about the rest', () => {
    const { verdict, headline, requirements } = report(['scs-0214-v2'], topologyFacts(replicated));
    expect(requirements.filter((r) => r.level === 'MUST').map((r) => r.outcome)).toEqual(['pass', 'pass', 'abort', 'pass']);
    expect(verdict).toBe('incomplete');
    expect(headline).toContain('without scs-0201-v1, scs-0210-v2, scs-0219-v1 of the certificate scope');
  });

  test('none made: nothing of the certificate scope is left out', () => {
    expect(report([], topologyFacts(replicated)).headline).not.toContain('without');
  });
});

describe('by what a report is known', () => {
  const of = (facts: Facts) => report([], facts).cluster;
  test('the UID of kube-system, where it was seen', () => {
    expect(of({ namespaces: [{ name: 'kube-system', enforce: null, uid: 'u-1' }] })).toHaveProperty('uid', 'u-1');
    for (const facts of [
      {},
      { namespaces: [{ name: 'kube-system', enforce: null }] },
      { namespaces: { unavailable: 'forbidden', detail: '403' } },
    ])
      expect(of(facts).uid).toBeUndefined();
  });
  test('when it was looked at: the moment to judge by, where nothing else is said', () => {
    expect(report([], {}).checkedAt).toBe('2026-11-23T00:00:00.000Z');
  });
});

import { evaluate, type Context } from '../../src/evaluation/evaluate.js';
import type { Facts } from '../../src/model/fact.js';
import type { Tier } from '../../src/model/outcome.js';
import type { RequirementReport } from '../../src/model/report.js';
import type { Requirement } from '../../src/model/requirement.js';

/** A fact that the login may not read. */
export const forbidden = (what: string): unknown => ({ unavailable: 'forbidden', detail: `GET ${what}: 403` });

/** What an evaluation gets besides standards and facts: nothing that speaks for or against a cluster. */
export const contextOf = (now: Date, tier: Tier): Context => ({
  now,
  tier,
  tool: { name: 'scs-kaas', version: '0' },
  cluster: { name: 'c', source: 'kubeconfig', sourceDetail: '', version: '', about: [] },
  caveats: [],
  data: [],
  deselected: [],
  refused: new Set(),
  locate: () => undefined,
  manifest: () => '',
});

/**
 * Settles requirements by facts, as a run does: through the whole ladder.
 * @param facts by name; what is left out was not recorded
 * @returns the report's row of each requirement, by its id within the standard
 */
export const settle = (
  requirements: readonly Requirement[],
  facts: Facts,
  now = new Date('2026-11-23T12:00:00Z'),
  tier: Tier = 'light',
): Readonly<Record<string, RequirementReport>> => {
  const standard = { id: 's', title: 't', category: 'informative', url: 'https://example.org/s', status: 'draft', requirements } as const;
  const report = evaluate([standard], facts, contextOf(now, tier));
  return Object.fromEntries(report.requirements.map((r) => [r.id.slice('s/'.length), r]));
};

/** The row of one requirement. */
export const settleOne = (requirements: readonly Requirement[], id: string, facts: Facts, now?: Date, tier?: Tier): RequirementReport => {
  const row = settle(requirements, facts, now, tier)[id];
  if (row === undefined) throw new Error(`no requirement ${id}`);
  return row;
};

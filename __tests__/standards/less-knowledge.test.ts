import { describe, expect, jest, test } from '@jest/globals';
import { evaluate, type Context } from '../../src/evaluation/evaluate.js';
import { timeDoubt } from '../../src/facts/support/time-doubt.js';
import type { Fact, Facts } from '../../src/model/fact.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { Requirement, Standard } from '../../src/model/requirement.js';
import { factsOf } from '../../src/standards/permissions.js';
import { standards } from '../../src/standards/index.js';
import { clocks } from '../../src/facts/clocks.js';
import { csiNodes } from '../../src/facts/csi-nodes.js';
import { contextOf } from '../helpers/settle.js';
import { goodWorld, worldNow, worldOf } from '../helpers/worlds.js';

jest.setTimeout(300_000);

/** What a certificate may rest on. */
const isGood = (outcome: Outcome | undefined): boolean => outcome === 'pass' || outcome === 'not-applicable';

const definitions = factsOf(standards);
const all = standards.flatMap((standard) => standard.requirements.map((requirement) => ({ standard, requirement })));
const factsOfRow = ({ ladder }: Requirement): readonly Fact<unknown>[] => ladder.flatMap((rung) => [...rung.facts, ...(rung.beside ?? [])]);
const rowsWith = new Map(
  definitions.map((fact) => [fact.name, all.filter(({ requirement }) => factsOfRow(requirement).some(({ name }) => name === fact.name))]),
);

const heavy = (now: Date, timeDoubt?: string): Context => ({ ...contextOf(now, 'heavy'), timeDoubt });

const outcomesOf = (
  some: readonly { readonly standard: Standard; readonly requirement: Requirement }[],
  facts: Facts,
  context = heavy(worldNow),
): ReadonlyMap<string, Outcome> => {
  const chosen = [...new Set(some.map(({ standard }) => standard))].map((standard) => ({
    ...standard,
    requirements: some.filter((one) => one.standard === standard).map(({ requirement }) => requirement),
  }));
  return new Map(evaluate(chosen, facts, context).requirements.map((row) => [row.id, row.outcome]));
};

/**
 * Evidence that refutes what other evidence shows by its name or at another time: without it there is nothing that refutes. The probe of this run
 * against results of an earlier one (docs/decisions/0009), a volume that was made against the name of its provisioner, and the list of the offer
 * against the branch that this cluster runs (docs/decisions/0009).
 */
const refuting: Readonly<Record<string, RegExp>> = {
  'offered-versions': /^scs-0210-v[12]\/(?:minor-recency|offered-branches)$/,
  'network-policy-matrix': /^scs-0219-v1\/network-policy$/,
  'default-volume': /^scs-0211-v[12]\/(?:not-node-bound|not-local|hardware-failure|default-class|expandable)$/,
};

/**
 * Facts that came later than snapshots which may still be replayed: one without them is judged as it was then, and by that no better than the
 * cluster shows itself. Only what was never asked is meant: a server that refuses or fails never improves an answer.
 */
const notAskedThen: Readonly<Record<string, RegExp>> = {
  [csiNodes.name]: /^scs-0211-v[12]\/(?:not-node-bound|not-local|default-class|expandable)$/,
};

/** Some of them at every run; `.ci/run` tries thousands. */
const worlds = Number(process.env['SCS_KAAS_WORLDS'] ?? 200);

describe('less knowledge never gives a better outcome', () => {
  test('the world that all others are made of passes much', () => {
    const outcomes = [...outcomesOf(all, goodWorld).values()];
    expect(outcomes.filter((outcome) => outcome === 'pass').length).toBeGreaterThan(35);
  });

  test(`${worlds} random worlds, each fact hidden in turn`, () => {
    const improved: string[] = [];
    let passed = 0;
    for (let seed = 1; seed <= worlds; seed++) {
      const facts = worldOf(seed, definitions);
      const whole = outcomesOf(all, facts);
      passed += [...whole.values()].filter(isGood).length;
      for (const [name, rows] of rowsWith) {
        if (!Object.hasOwn(facts, name)) continue;
        // What passes in full cannot improve.
        const open = rows.filter(({ standard, requirement }) => !isGood(whole.get(`${standard.id}/${requirement.id}`)));
        if (open.length === 0) continue;
        const without = Object.fromEntries(Object.entries(facts).filter(([one]) => one !== name));
        const refused = { ...facts, [name]: { unavailable: 'forbidden', detail: `${name}: 403` } };
        for (const hidden of [without, refused])
          for (const [id, outcome] of outcomesOf(open, hidden))
            if (isGood(outcome) && refuting[name]?.test(id) !== true && !(hidden === without && notAskedThen[name]?.test(id)))
              improved.push(`${id} without ${name} in world ${seed}: ${whole.get(id)} -> ${outcome}`);
      }
    }
    expect(improved.slice(0, 20)).toEqual([]);
    // Worlds in which nothing passes would show nothing.
    expect(passed / worlds).toBeGreaterThan(15);
  });

  test.each([-400, -80, -40, -8, -2, 2, 8, 40, 80, 400])('a clock that is off by %i days', (days) => {
    const improved: string[] = [];
    for (let seed = 1; seed <= worlds / 50; seed++) {
      const facts = worldOf(seed, definitions);
      const right = outcomesOf(all, facts);
      const here = new Date(worldNow.getTime() + days * 86_400_000);
      const off = { ...facts, [clocks.name]: { here: here.toISOString(), server: worldNow.toISOString() } };
      const doubt = timeDoubt(off, here.toISOString());
      expect(doubt).toContain('days apart');
      for (const [id, outcome] of outcomesOf(all, off, heavy(here, doubt)))
        if (isGood(outcome) && !isGood(right.get(id))) improved.push(`${id} in world ${seed}: ${right.get(id)} -> ${outcome}`);
    }
    expect(improved.slice(0, 20)).toEqual([]);
  });

  test('data from the future', () => {
    const improved: string[] = [];
    const future = new Date(worldNow.getTime() + 30 * 86_400_000).toISOString();
    for (let seed = 1; seed <= worlds / 50; seed++) {
      const facts = worldOf(seed, definitions);
      const right = outcomesOf(all, facts);
      for (const name of ['kubernetes-releases', 'kubernetes-cves']) {
        const value = facts[name] as { patches?: object; windows?: object } | undefined;
        if (value === undefined || 'unavailable' in value) continue;
        const dated =
          name === 'kubernetes-cves'
            ? { ...value, asOf: future }
            : { patches: { ...value.patches, asOf: future }, windows: { ...value.windows, asOf: future } };
        const off = { ...facts, [clocks.name]: goodWorld[clocks.name], [name]: dated };
        const doubt = timeDoubt(off, worldNow.toISOString());
        expect(doubt).toContain('dated');
        for (const [id, outcome] of outcomesOf(all, off, heavy(worldNow, doubt)))
          if (isGood(outcome) && !isGood(right.get(id))) improved.push(`${id} in world ${seed}: ${right.get(id)} -> ${outcome}`);
      }
    }
    expect(improved.slice(0, 20)).toEqual([]);
  });
});

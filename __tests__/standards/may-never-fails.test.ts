import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isUnavailable, type Facts } from '../../src/model/fact.js';
import type { Requirement } from '../../src/model/requirement.js';
import { standards } from '../../src/standards/index.js';
import { anyFact } from '../helpers/random-facts.js';
import { settle } from '../helpers/settle.js';

const now = new Date('2026-11-23T12:00:00Z');
const rows = standards.flatMap((standard) =>
  standard.requirements.map((requirement) => ({ id: `${standard.id}/${requirement.id}`, requirement })),
);
const options = rows.filter(({ requirement }) => requirement.level === 'MAY');

/** Every outcome of every rung over random facts, those that higher tiers collect among them. */
const outcomesOf = ({ ladder }: Requirement, parameters: { numRuns: number; seed?: number } = { numRuns: 400 }): ReadonlySet<string> => {
  const facts = [
    ...new Map(ladder.flatMap((rung) => [...rung.facts, ...(rung.beside ?? [])]).map((fact) => [fact.name, fact] as const)).values(),
  ];
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.record(Object.fromEntries(facts.map((fact) => [fact.name, anyFact(fact)]))), (values: Facts) => {
      for (const rung of ladder) {
        const answer = rung.answer(values, now);
        if ('outcome' in answer) seen.add(answer.outcome);
      }
    }),
    parameters,
  );
  return seen;
};

test('there are options, and a statement settles each that has no evidence', () => {
  expect(options.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'scs-0219-v1/default-restrictions',
      'scs-0211-v1/redundant',
      'scs-0211-v2/expandable',
      'scs-0211-v2/redundant',
    ]),
  );
  for (const { requirement } of options) expect(requirement.ladder.length > 0 || requirement.settledBy?.statement === true).toBe(true);
});

describe('not to use an option breaks nothing (RFC 2119)', () => {
  test.each(options.filter(({ requirement }) => requirement.ladder.length > 0))(
    '$id never fails, whatever the facts are',
    ({ requirement }) => {
      const seen = outcomesOf(requirement);
      expect([...seen]).not.toContain('fail');
      expect(seen.size).toBeGreaterThan(0);
    },
  );

  /** Always the same facts: whether they reach an outcome is no matter of luck. */
  const fixed = { numRuns: 2_000, seed: 1 };
  test.each([
    ['scs-0219-v1/default-restrictions', ['pass', 'not-applicable']],
    ['scs-0211-v2/expandable', ['pass', 'not-applicable', 'abort']],
    ['scs-0211-v2/not-local', ['pass', 'fail', 'abort']],
    ['scs-0219-v1/admin-network-policy', ['fail', 'abort']],
  ])('random facts are about something: %s', (id, outcomes) => {
    expect([...outcomesOf(rows.find((row) => row.id === id)!.requirement, fixed)]).toEqual(expect.arrayContaining(outcomes));
  });

  test('on the recorded example none fails, and each is told', () => {
    const file = resolve(import.meta.dirname, '..', '..', join('src', 'sources', 'embedded', 'good.json'));
    const { facts } = JSON.parse(readFileSync(file, 'utf8')) as { facts: Facts };
    expect(Object.values(facts).some((value) => !isUnavailable(value))).toBe(true);
    const told = Object.values(
      settle(
        options.map(({ requirement }) => requirement),
        facts,
        now,
      ),
    );
    expect(told.map((row) => row.outcome)).not.toContain('fail');
    expect(told).toHaveLength(new Set(options.map(({ requirement }) => requirement.id)).size);
  });
});

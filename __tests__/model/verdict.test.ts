import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outcomes, type Outcome } from '../../src/model/outcome.js';
import type { RequirementReport } from '../../src/model/report.js';
import { headlineOf, lackingOf, verdictOf } from '../../src/model/verdict.js';

type Kind = Outcome | 'waived failure' | 'said to be declared';
const kinds: readonly Kind[] = [...outcomes, 'waived failure', 'said to be declared'];

const statement = (kind: 'declared' | 'waived', instead: Outcome) => ({
  kind,
  author: 'A',
  date: '2026-01-01',
  expires: '2027-01-01',
  reason: 'r',
  instead,
});
const must = (kind: Kind, i = 0): RequirementReport => ({
  id: `s/r${i}`,
  standard: 's',
  title: 't',
  level: 'MUST',
  category: 'certificate',
  message: 'b',
  evidence: [],
  evidenceOmitted: 0,
  clause: 'https://example.org',
  remediation: 'r',
  severity: 'none',
  outcome: kind === 'waived failure' ? 'waived' : kind === 'said to be declared' ? 'declared' : kind,
  ...(kind === 'declared' ? { statement: statement('declared', 'abort') } : {}),
  ...(kind === 'waived' ? { statement: statement('waived', 'abort') } : {}),
  ...(kind === 'waived failure' ? { statement: statement('waived', 'fail') } : {}),
});
const musts = (...some: readonly Kind[]): readonly RequirementReport[] => some.map(must);

describe('the verdict', () => {
  test.each<[readonly Kind[], string, number]>([
    [[], 'incomplete', 0],
    [['pass'], 'compliant', 0],
    [['pass', 'not-applicable'], 'compliant', 0],
    [['not-applicable'], 'incomplete', 0],
    [['pass', 'declared'], 'compliant', 0],
    [['declared'], 'incomplete', 0],
    [['pass', 'said to be declared'], 'incomplete', 1],
    [['pass', 'waived'], 'incomplete', 1],
    [['pass', 'abort'], 'incomplete', 1],
    [['pass', 'missing', 'declared'], 'incomplete', 1],
    [['pass', 'fail'], 'non-compliant', 0],
    [['pass', 'declared', 'waived failure'], 'non-compliant', 0],
  ])('of %j is %s', (some, verdict, lacking) => {
    expect([verdictOf(musts(...some), []), lackingOf(musts(...some)).length]).toEqual([verdict, lacking]);
  });
  test('is not compliant where a standard was left out', () => {
    expect(verdictOf(musts('pass', 'declared'), ['scs-0214-v2'])).toBe('incomplete');
  });
  test('is compliant only where something passed and nothing lacks, whatever the rows', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 8 }), (some) => {
        const settled = some.every((kind) => ['pass', 'declared', 'not-applicable'].includes(kind));
        expect(verdictOf(musts(...some), []) === 'compliant').toBe(settled && some.includes('pass'));
      }),
    );
  });
});

describe('the first line', () => {
  const line = (...some: readonly Kind[]): string =>
    headlineOf(verdictOf(musts(...some), []), musts(...some), musts(...some), { deselected: [] });
  test.each<[readonly Kind[], string]>([
    [['pass', 'pass'], 'compliant: all 2 MUSTs of the certificate scope are met; looked at 2 of 2 requirements'],
    [
      ['pass', 'declared', 'declared'],
      "compliant, 2 of 3 by the provider's own statement: all 3 MUSTs of the certificate scope are met; looked at 3 of 3 requirements",
    ],
    [
      ['pass', 'declared', 'abort'],
      "incomplete: no MUST of the certificate scope failed, 1 of 3 are not settled, 1 of 3 by the provider's own statement; looked at 3 of 3 requirements",
    ],
    [['pass', 'fail', 'declared'], 'non-compliant: 1 of 3 MUSTs of the certificate scope failed; looked at 3 of 3 requirements'],
  ])('of %j', (some, text) => {
    expect(line(...some)).toBe(text);
  });
});

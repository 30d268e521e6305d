import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { evaluate, type Context } from '../../src/evaluation/evaluate.js';
import { exitOf } from '../../src/evaluation/exit-code.js';
import { defineFact, type Facts } from '../../src/model/fact.js';
import { abort, climbs, fail, pass, rungs, tiers, undecided, type Answer, type Level, type Category } from '../../src/model/outcome.js';
import { act, behave, defineStandard, read, type Requirement, type Standard } from '../../src/model/requirement.js';

const fact = (name: string) =>
  defineFact({
    name,
    schema: z.string(),
    permissions: [{ role: 'read', verb: 'list', group: '', resource: name, why: 'to look' }],
    collect: () => Promise.resolve(''),
  });
const first = fact('first');
const second = fact('second');

const say = (word: string) =>
  word === 'pass'
    ? pass('met')
    : word === 'fail'
      ? fail('broken')
      : word === 'abort'
        ? abort('cannot tell')
        : undecided(`${word} does not tell`);

const requirement = (id: string, level: Level, more: Partial<Requirement> = {}): Requirement => ({
  id,
  level,
  title: id,
  clause: '#decision',
  remediation: 'mend it',
  ladder: [read({ first }, (f) => say(f.first)), behave({ second }, (f) => say(f.second))],
  ...more,
});
const standard = (requirements: readonly Requirement[], category: Category = 'certificate'): Standard =>
  defineStandard({ id: `scs-1-${category}`, title: 't', category, status: 'stable', url: 'https://example.org', requirements });

const context = (more: Partial<Context> = {}): Context => ({
  now: new Date('2026-11-23T00:00:00Z'),
  tier: 'light',
  tool: { name: 'scs-kaas', version: '0' },
  cluster: { name: 'c', source: 's', sourceDetail: '', version: '', about: [] },
  caveats: [],
  data: [],
  deselected: [],
  refused: new Set(),
  locate: () => undefined,
  manifest: (permissions) => `grants ${permissions.length}`,
  ...more,
});
const forbidden = { unavailable: 'forbidden', detail: 'GET /first: 403' };
const must = standard([requirement('a', 'MUST')]);
const judge = (facts: Facts, standards: readonly Standard[] = [must], more: Partial<Context> = {}) =>
  evaluate(standards, facts, context(more));

describe('the ladder', () => {
  test.each([
    ['the first rung answers', { first: 'pass', second: 'fail' }, 'pass', 'met'],
    ['the first rung does not tell, the second answers', { first: 'nothing', second: 'fail' }, 'fail', 'broken'],
    ['the first fact is forbidden, the second answers', { first: forbidden, second: 'pass' }, 'pass', 'met'],
    ['no rung tells', { first: 'one', second: 'two' }, 'abort', 'one does not tell; two does not tell'],
    ['an abort ends the ladder', { first: 'abort', second: 'pass' }, 'abort', 'cannot tell'],
    [
      'facts that a snapshot does not hold',
      {},
      'abort',
      'first: first: not part of this snapshot; record it again; second: second: not part of this snapshot; record it again',
    ],
  ])('%s', (_, facts, outcome, message) => {
    expect(judge(facts).requirements[0]).toMatchObject({ outcome, message });
  });

  test('a forbidden fact names the permission, once in the report, with the manifest', () => {
    const report = judge({ first: forbidden, second: 'x' }, [standard([requirement('a', 'MUST'), requirement('b', 'SHOULD')])]);
    expect(report.requirements[0]?.message).toContain('grant list first');
    expect(report.missingPermissions).toEqual([
      { text: 'list first', role: 'read', why: 'to look', requirements: ['scs-1-certificate/a', 'scs-1-certificate/b'] },
    ]);
    expect(report.missingPermissionsManifest).toBe('grants 1');
  });

  test('a fact that was had in part names the permissions of the other parts', () => {
    const [one, other] = fact('some').permissions.flatMap((p) => [p, { ...p, resource: 'others' }]);
    const some = { ...fact('some'), permissions: [one!, other!], lacking: (value: string) => (value === 'whole' ? [] : [other!]) };
    const of = (value: string) =>
      judge({ some: value }, [standard([requirement('a', 'MUST', { ladder: [read({ some }, (f) => say(f.some))] })])]).missingPermissions;
    expect(of('whole')).toEqual([]);
    expect(of('half').map(({ text }) => text)).toEqual(['list others']);
  });

  test('what only a later tier settles is missing, and never announced', () => {
    const report = judge({}, [
      standard([requirement('a', 'MUST', { ladder: [], settledBy: { tier: 'heavy', nextStep: 'Run Sonobuoy.' } })]),
    ]);
    expect(report.requirements[0]).toMatchObject({ outcome: 'missing', nextStep: 'Run Sonobuoy.', severity: 'none' });
    expect(report.announced).toEqual([]);
    expect(report.verdict).toBe('incomplete');
  });
});

describe('the tier', () => {
  const third = { ...fact('third'), tier: 'active' as const };
  const nextStep = 'Run the tier active.';
  const acting = (more: Partial<Requirement> = {}): readonly Standard[] => [
    standard([
      requirement('a', 'MUST', {
        ladder: [read({ first }, (f) => say(f.first)), act({ third }, (f) => say(f.third))],
        settledBy: { tier: 'active', nextStep },
        ...more,
      }),
    ]),
  ];
  const onlyActing = acting({ ladder: [act({ third }, (f) => say(f.third))] });
  const of = (tier: Context['tier'], facts: Facts, standards = acting()) => judge(facts, standards, { tier }).requirements[0];

  test('what each tier looks at', () => {
    expect(Object.fromEntries(tiers.map((tier) => [tier, rungs.filter((rung) => climbs(tier, rung))]))).toEqual({
      light: ['read', 'behave', 'declare'],
      active: ['read', 'behave', 'act', 'declare'],
      heavy: ['read', 'behave', 'act', 'e2e', 'declare'],
    });
  });

  test('a light run looks at nothing that only acting shows, even where a fact of it is there', () => {
    for (const facts of [{}, { third: 'pass' }, { third: 'fail' }, { third: forbidden }])
      expect(of('light', facts, onlyActing)).toMatchObject({
        outcome: 'missing',
        message: `not looked at in this run: ${nextStep}`,
        nextStep,
        severity: 'none',
      });
    expect(judge({ third: forbidden }, onlyActing, { tier: 'light' }).announced).toEqual([]);
  });

  test('a light run that cannot tell by looking says what would tell', () => {
    expect(of('light', { first: 'it', third: 'pass' })).toMatchObject({ outcome: 'abort', message: 'it does not tell', nextStep });
  });

  test('an active run looks first, and acts where that does not tell', () => {
    expect(of('active', { first: 'fail', third: 'pass' })).toMatchObject({ outcome: 'fail', rung: 'read' });
    expect(of('active', { first: 'it', third: 'pass' })).toMatchObject({ outcome: 'pass', rung: 'act' });
    expect(of('active', { third: 'fail' }, onlyActing)).toMatchObject({ outcome: 'fail', rung: 'act' });
  });

  test('an active run that could not act is no pass, names the right, and is not told to run the tier that it ran', () => {
    const row = of('active', { third: { unavailable: 'forbidden', detail: 'nothing was made' } }, onlyActing);
    expect(row).toMatchObject({ outcome: 'abort', message: 'third: nothing was made; grant list third' });
    expect(row?.nextStep).toBeUndefined();
  });

  test.each([
    ['a statement', { tier: 'active', statement: true, nextStep }],
    ['the provider’s other clusters', { tier: 'active', fleet: true, nextStep }],
    ['a higher tier', { tier: 'heavy', nextStep }],
  ] as const)('an active run that cannot tell, where %s settles it too, says so', (_, settledBy) => {
    expect(of('active', { first: 'it', third: 'that' }, acting({ settledBy }))).toMatchObject({ outcome: 'abort', nextStep });
  });

  test('a run without the fact, e.g. of a snapshot of an active run that was cut short, aborts', () => {
    expect(of('active', {}, onlyActing)).toMatchObject({ outcome: 'abort' });
    expect(of('active', { first: 'it' })?.outcome).toBe('abort');
  });
});

test('much evidence comes into the report as the judgement orders it, and with it alone', () => {
  const grid = {
    caption: 'g',
    columns: ['a'],
    rows: [
      { label: 'z', marks: ['broken' as const] },
      { label: 'a', marks: ['met' as const] },
    ],
  };
  const table = { caption: 't', columns: ['a'], rows: [['z'], ['a']] };
  const row = (answer: Answer, second: string) =>
    judge({ first: '', second }, [
      standard([
        requirement('a', 'MUST', { ladder: [read({ first }, () => answer), behave({ second: fact('second') }, (f) => say(f.second))] }),
      ]),
    ]).requirements[0];
  expect(row({ ...fail('broken'), grid, table }, 'pass')).toMatchObject({ outcome: 'fail', grid, table });
  expect(row(undecided('it'), 'pass')).toMatchObject({ grid: undefined, table: undefined });
});

describe('the verdict', () => {
  const of = (words: readonly string[]) => {
    const facts = words.map((_, i) => fact(`f${i}`));
    const requirements = words.map((_, i) => requirement(`r${i}`, 'MUST', { ladder: [read({ it: facts[i]! }, (f) => say(f.it))] }));
    return judge(Object.fromEntries(words.map((word, i) => [`f${i}`, word])), [standard(requirements)]);
  };
  test.each([
    [['pass', 'pass'], 'compliant'],
    [['pass', 'fail', 'abort'], 'non-compliant'],
    [['pass', 'abort'], 'incomplete'],
    [['abort'], 'incomplete'],
    [[], 'incomplete'],
  ])('MUSTs of the certificate scope %j: %s', (words, verdict) => {
    expect(of(words).verdict).toBe(verdict);
    expect(of(words).headline.startsWith(`${verdict}:`)).toBe(true);
  });

  test.each([
    ['pass', 'incomplete'],
    ['fail', 'non-compliant'],
  ])('a part of the certificate scope alone, %s: %s, and says what was left out', (word, verdict) => {
    const report = judge({ first: word }, [must], { deselected: ['scs-2-main', 'scs-3-main'] });
    expect(report.verdict).toBe(verdict);
    expect(report.headline).toContain('looked at 1 of 1 requirements, without scs-2-main, scs-3-main of the certificate scope');
  });

  test('a failed MUST outside of the certificate scope refutes nothing', () => {
    const report = judge({ first: 'fail' }, [standard([requirement('a', 'MUST')], 'informative')]);
    expect(report.verdict).toBe('incomplete');
    expect(report.requirements[0]?.severity).toBe('warning');
  });
});

test('announced most severe first, in the order of the catalogue within', () => {
  const some = standard([requirement('may', 'MAY'), requirement('should', 'SHOULD'), requirement('must', 'MUST')]);
  const info = standard([requirement('info-must', 'MUST'), requirement('info-should', 'SHOULD')], 'informative');
  expect(judge({ first: 'fail' }, [some, info]).announced).toEqual([
    'scs-1-certificate/must',
    'scs-1-certificate/should',
    'scs-1-informative/info-must',
    'scs-1-certificate/may',
    'scs-1-informative/info-should',
  ]);
});

test('the same facts at the same moment give the same report', () => {
  const facts = { first: 'x', second: 'fail' };
  expect(JSON.stringify(judge(facts))).toBe(JSON.stringify(judge(structuredClone(facts))));
});

test('more evidence than a report holds is counted, not lost silently', () => {
  const many = Array.from({ length: 60 }, (_, i) => ({ source: `node ${i}`, observed: '' }));
  const report = judge({ first: '' }, [standard([requirement('a', 'MUST', { ladder: [read({ first }, () => fail('60', many))] })])]);
  expect(report.requirements[0]?.evidence).toHaveLength(50);
  expect(report.requirements[0]?.evidenceOmitted).toBe(10);
});

describe('how the process ends', () => {
  const rule = { outcome: 'fail', levels: ['MUST'], categories: ['certificate'] } as const;
  test.each([
    ['a failed MUST of the certificate scope', { first: 'fail' }, [rule], 1],
    ['all met', { first: 'pass' }, [rule], 0],
    ['nothing could be judged', { first: 'abort' }, [rule], 3],
    ['an abort that is asked for', { first: 'abort' }, [{ ...rule, outcome: 'abort' }], 3],
    ['never', { first: 'fail' }, [], 0],
  ] as const)('%s', (_, facts, rules, code) => {
    expect(exitOf(judge(facts), rules).code).toBe(code);
  });

  const aside = requirement('a', 'MUST', { ladder: [read({ second }, (facts) => say(facts.second))] });
  test.each([
    [
      'nothing of the certificate scope, and something beside it',
      { first: 'abort', second: 'pass' },
      3,
      'nothing of the certificate scope could be judged',
    ],
    ['something of the certificate scope, and nothing beside it', { first: 'pass', second: 'abort' }, 0, ''],
  ])('%s', (_, facts, code, message) => {
    const report = judge(facts, [standard([requirement('a', 'MUST')], 'certificate'), standard([aside], 'informative')]);
    expect(exitOf(report, [rule])).toEqual({ code, message });
  });
  test('where no standard of the certificate scope was asked for, the others count', () => {
    expect(exitOf(judge({ second: 'pass' }, [standard([aside], 'informative')]), [rule])).toEqual({ code: 0, message: '' });
    expect(exitOf(judge({ second: 'abort' }, [standard([aside], 'informative')]), [rule])).toEqual({
      code: 3,
      message: 'nothing could be judged',
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import { exitOf } from '../../src/evaluation/exit-code.js';
import { buildReport } from '../../src/evaluation/build-report.js';
import { UserError } from '../../src/model/errors.js';
import { fail, pass, undecided, type Answer, type Outcome } from '../../src/model/outcome.js';
import { withStatement, verdictOutcome, type Applied, type Statement } from '../../src/model/statement.js';
import { read, type Requirement, type Standard } from '../../src/model/requirement.js';
import { parseStatements } from '../../src/evaluation/statements.js';

const known = new Map([
  ['scs-0214-v2/control-plane-hosts', true],
  ['scs-0214-v2/zone-label', false],
]);
const entry = (parts: Record<string, unknown> = {}): Record<string, unknown> => ({
  requirement: 'scs-0214-v2/control-plane-hosts',
  kind: 'declared',
  author: 'Operations',
  date: '2026-01-01',
  expires: '2026-07-01',
  reason: 'Three racks.',
  ...parts,
});
const problemsOf = (document: unknown): readonly string[] => {
  try {
    parseStatements(document, 's.yaml', known);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map((problem) => problem.replace('The statements file "s.yaml": ', ''));
    throw error;
  }
  return [];
};

describe('a statements file', () => {
  test('with one entry', () => {
    expect(parseStatements({ statements: [entry()] }, 's.yaml', known)).toEqual([entry()]);
  });

  test.each<[string, unknown, readonly string[]]>([
    ['nothing', null, ['it must be of type object.']],
    ['a list at the top', [], ['it must be of type object.']],
    [
      'an unknown key',
      { statements: [], statments: [] },
      ['it holds the unknown key "statments"; leave it out. Did you mean "statements"?'],
    ],
    [
      'a key left out, and another one written wrongly',
      { statements: [{ ...entry(), author: undefined, expire: 'x' }] },
      ['statements[0].author is missing.', 'statements[0] holds the unknown key "expire"; leave it out. Did you mean "expires"?'],
    ],
    ['another kind', { statements: [entry({ kind: 'passed' })] }, ['statements[0].kind must be one of declared, waived.']],
    [
      'an empty reason, a day that there is not, a line break',
      { statements: [entry({ reason: ' ', date: '2026-02-30', author: 'a\nb' })] },
      [
        'statements[0].author is not as it must be: it must be one line of plain text.',
        'statements[0].date is not as it must be: there is no such date.',
        'statements[0].reason is not as it must be: it is empty.',
      ],
    ],
    [
      'every problem of every entry at once',
      {
        statements: [
          entry({ requirement: 'scs-0214-v2/control-plane-host' }),
          entry({ expires: '2026-01-01' }),
          entry(),
          entry({ requirement: 'scs-0214-v2/zone-label' }),
        ],
      },
      [
        'statements[0].requirement "scs-0214-v2/control-plane-host" is no requirement. Did you mean "scs-0214-v2/control-plane-hosts"?',
        'statements[1] expires on 2026-01-01, which is not after its date 2026-01-01.',
        'statements[2] is about scs-0214-v2/control-plane-hosts again; there is one statement for each.',
        'statements[3] declares scs-0214-v2/zone-label, which evidence alone settles; waive it, or leave it out.',
      ],
    ],
  ])('with %s', (_, document, problems) => {
    expect(problemsOf(document)).toEqual(problems);
  });
});

describe('what a statement makes of an outcome', () => {
  const statement = (kind: Statement['kind']): Statement => ({ ...(entry() as unknown as Statement), kind });
  test.each<[Statement['kind'], Outcome, boolean, Outcome]>([
    ['declared', 'missing', true, 'declared'],
    ['declared', 'abort', true, 'declared'],
    ['declared', 'fail', true, 'fail'],
    ['declared', 'pass', true, 'pass'],
    ['declared', 'not-applicable', true, 'not-applicable'],
    ['declared', 'missing', false, 'missing'],
    ['waived', 'fail', false, 'waived'],
    ['waived', 'abort', false, 'waived'],
    ['waived', 'missing', true, 'waived'],
    ['waived', 'pass', false, 'pass'],
    ['waived', 'not-applicable', false, 'not-applicable'],
  ])('%s, of %s (declarable: %p): %s', (kind, outcome, declarable, after) => {
    const alone: { readonly outcome: Outcome; readonly message: string; readonly statement?: Applied } = { outcome, message: 'seen' };
    const stated = withStatement(alone, statement(kind), declarable);
    expect(stated.outcome).toBe(after);
    expect(stated.statement?.instead).toBe(after === outcome ? undefined : outcome);
  });

  test('no verdict takes a waived failure for anything else', () => {
    expect(verdictOutcome({ outcome: 'waived', statement: { instead: 'fail' } })).toBe('fail');
    expect(verdictOutcome({ outcome: 'waived', statement: { instead: 'abort' } })).toBe('waived');
  });
});

describe('a run with statements', () => {
  const requirement = (id: string, answer: Answer, declarable = false): Requirement => ({
    id,
    level: 'MUST',
    title: id,
    clause: '#c',
    remediation: 'r',
    ladder: [read({}, () => answer)],
    settledBy: { statement: declarable, nextStep: 'h' },
  });
  const standard: Standard = {
    id: 'scs-0214-v2',
    title: 't',
    category: 'certificate',
    status: 'stable',
    url: 'https://example.org',
    requirements: [
      requirement('met', pass('seen')),
      requirement('broken', fail('two of three')),
      requirement('hidden', undecided('nobody can see it'), true),
    ],
  };
  const said = (id: string, kind: Statement['kind'], parts: Partial<Statement> = {}): Statement => ({
    requirement: `scs-0214-v2/${id}`,
    kind,
    author: 'Operations',
    date: '2026-01-01',
    expires: '2026-07-01',
    reason: 'because',
    ...parts,
  });
  const run = (statements: readonly Statement[], of: Standard = standard) =>
    buildReport(
      [of],
      { nodes: [] },
      new Date('2026-06-30T23:00:00Z'),
      { name: 'c', source: 's', detail: '', caveats: ['first'] },
      { tier: 'light', tool: { name: 'scs-kaas', version: '0' }, locate: () => undefined, statements },
    );
  const outcomes = (statements: readonly Statement[]) => run(statements).requirements.map((r) => r.outcome);
  const withoutBroken = { ...standard, requirements: standard.requirements.filter((r) => r.id !== 'broken') };

  test.each<[string, readonly Statement[], readonly Outcome[], readonly string[]]>([
    ['none', [], ['pass', 'fail', 'abort'], []],
    [
      'one declared, one waived',
      [said('hidden', 'declared'), said('broken', 'waived')],
      ['pass', 'waived', 'declared'],
      ['Failed, and waived by a statement: scs-0214-v2/broken (until 2026-07-01).'],
    ],
    [
      'one that ends today',
      [said('hidden', 'declared', { expires: '2026-06-30' })],
      ['pass', 'fail', 'abort'],
      ['Statements that have expired and count nothing: scs-0214-v2/hidden.'],
    ],
    [
      'one of tomorrow',
      [said('hidden', 'declared', { date: '2026-07-01', expires: '2027-01-01' })],
      ['pass', 'fail', 'abort'],
      ['Statements that are dated later than 2026-06-30 and count nothing yet: scs-0214-v2/hidden.'],
    ],
    [
      'one for what passed, one for what is not in this run',
      [said('met', 'waived'), said('elsewhere', 'waived')],
      ['pass', 'fail', 'abort'],
      ['Statements that changed nothing in this run: scs-0214-v2/met, scs-0214-v2/elsewhere.'],
    ],
  ])('%s', (_, statements, expected, caveats) => {
    expect(outcomes(statements)).toEqual(expected);
    expect(run(statements).caveats).toEqual(['first', ...caveats]);
  });

  test('a waived failure stays one in the verdict and in the first line, and fails no step', () => {
    const report = run([said('broken', 'waived')]);
    expect(report.verdict).toBe('non-compliant');
    expect(report.headline).toContain('1 of 3 MUSTs of the certificate scope failed, 1 of them waived');
    expect(report.lacking).toEqual(['scs-0214-v2/hidden']);
    expect(exitOf(report, [{ outcome: 'fail', levels: ['MUST'], categories: ['certificate'] }]).code).toBe(0);
    expect(report.requirements[1]).toMatchObject({
      message: 'waived by Operations on 2026-01-01, until 2026-07-01: because; without it: fail: two of three',
      statement: { instead: 'fail' },
    });
  });

  test('what is declared settles its row; what is waived does not', () => {
    // The other standards of the certificate scope are deselected here, so that neither is compliant.
    const [declared, waived] = (['declared', 'waived'] as const).map((kind) => run([said('hidden', kind)], withoutBroken));
    expect([declared?.verdict, declared?.lacking]).toEqual(['incomplete', []]);
    expect(declared?.headline).toContain("0 of 2 are not settled, 1 of 2 by the provider's own statement");
    expect([waived?.verdict, waived?.lacking]).toEqual(['incomplete', ['scs-0214-v2/hidden']]);
  });
});

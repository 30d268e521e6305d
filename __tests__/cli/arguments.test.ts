import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assertWords, clipWord, isOn } from '../../src/cli/arguments.js';
import { commands } from '../../src/cli/commands.js';
import { inputsOf, mergeInputsOf, uploadInputsOf } from '../../src/cli/inputs.js';
import { anyCharacter } from '../helpers/any-character.js';
import { parsed, problemsOf } from '../helpers/command-line.js';

const wrong = (...words: readonly string[]): readonly string[] => parsed(words).problems;
const wrongInputs = (...words: readonly string[]): Promise<readonly string[]> => problemsOf(() => inputsOf(parsed(words)));

describe('words are taken apart', () => {
  test('options in each form', () => {
    const words = ['check', '--kubeconfig', 'kc', '--offline', '--format=json', '--no-color', '--fail-on', 'never'];
    expect(parsed(words)).toEqual({
      positionals: [],
      options: { kubeconfig: 'kc', offline: 'true', format: 'json', color: 'false', 'fail-on': 'never' },
      repeated: {},
      problems: [],
    });
  });

  test.each([[['-o', 'json']], [['-ojson']], [['-o=json']], [['--format', 'json']], [['--format=json']]])('%j', (words) => {
    expect(parsed(['check', ...words])).toMatchObject({ options: { format: 'json' }, problems: [] });
  });

  test('options that may be repeated keep each value, in order; of the others the last one counts', () => {
    const words = ['check', '--set', 'probe.nodes=3', '--report=json=a.json', '--set=probe.patience=60s', '--report', 'junit=b=c.xml'];
    expect(parsed(words)).toMatchObject({
      options: {},
      repeated: { set: ['probe.nodes=3', 'probe.patience=60s'], report: ['json=a.json', 'junit=b=c.xml'] },
      problems: [],
    });
    expect(parsed(['check', '--tier', 'light', '--tier', 'active']).options).toEqual({ tier: 'active' });
  });

  test('arguments stand between options, behind them, and behind "--"', () => {
    expect(parsed(['merge', 'a.json', '--expect', '3', 'b.json', '-o', 'markdown', 'c.json'])).toMatchObject({
      positionals: ['a.json', 'b.json', 'c.json'],
      options: { expect: '3', format: 'markdown' },
      problems: [],
    });
    const strange = ['--', '--expect', '-o', '--color=false', '-h', `-${'x'.repeat(200)}`];
    expect(parsed(['merge', '--expect', '3', ...strange])).toMatchObject({ positionals: strange.slice(1), problems: [] });
    expect(wrong('merge', '--bogus', '--', '--other')).toEqual(['The command "merge" has no option "--bogus".']);
  });

  test('an empty value is a value, and "-" is an argument', () => {
    expect(parsed(['check', '--context', '', '--standards='])).toMatchObject({ options: { context: '', standards: '' }, problems: [] });
    expect(parsed(['merge', '-']).positionals).toEqual(['-']);
  });
});

describe('flags', () => {
  test.each(['offline', 'verbose', 'color', 'keep-cluster'])('--%s is read as the inputs are', (name) => {
    for (const text of ['true', 'True', 'TRUE']) expect(isOn(parsed(['check', `--${name}=${text}`]), name)).toBe(true);
    for (const text of ['false', 'False', 'FALSE']) expect(parsed(['check', `--${name}=${text}`]).options).toEqual({ [name]: 'false' });
    expect(isOn(parsed(['check', `--${name}`]), name)).toBe(true);
    expect(parsed(['check', `--no-${name}`]).options).toEqual({ [name]: 'false' });
    expect(parsed(['check']).options).toEqual({});
    expect(wrong('check', `--${name}=yes`)).toEqual([
      `Option "--${name}" is "yes"; it takes true, True, TRUE, false, False or FALSE. Did you mean "true"?`,
    ]);
  });

  test('the last form counts', () => {
    expect(parsed(['check', '--offline', '--no-offline']).options).toEqual({ offline: 'false' });
    expect(parsed(['check', '--no-offline', '--offline=true']).options).toEqual({ offline: 'true' });
  });

  test.each([
    ['--no-offline=true', 'Option "--no-offline" takes no value.'],
    ['--no-tier', 'Option "--tier" takes a value; there is no option "--no-tier".'],
    ['-tier', 'There is no option "-tier"; write "--tier".'],
  ])('%s', (word, problem) => {
    expect(wrong('check', word)).toEqual([problem]);
  });

  test('a flag takes no word behind it', () => {
    expect(wrong('check', '--offline', 'true')).toEqual(['The command "check" does not take "true".']);
  });
});

describe('errors', () => {
  test.each([
    [['check', '--kubeconfg', 'x'], 'The command "check" has no option "--kubeconfg". Did you mean "--kubeconfig"?'],
    [['check', '--kubeconfig'], 'Option "--kubeconfig" needs a value.'],
    [['check', '--tier', '--offline'], 'Option "--tier" needs a value.'],
    [['check', '--set', '--no-offline'], 'Option "--set" needs a value.'],
    [['check', '-o'], 'Option "--format" needs a value.'],
    [
      ['check', '--format', 'jsn'],
      'Option "--format" is "jsn"; it takes table, json, markdown, snapshot, junit, scs-report. Did you mean "json"?',
    ],
    [['check', 'cluster'], 'The command "check" does not take "cluster".'],
    [['explain'], 'The command "explain" needs STANDARD|REQUIREMENT.'],
    [['explain', 'a', 'b', 'c'], 'The command "explain" does not take "b", "c".'],
    [['record'], 'The command "record" needs FILE.'],
    [['merge'], 'The command "merge" needs FILE….'],
    [['list', 'a', 'all'], 'The command "list" does not take "all".'],
    [['list', '--format', 'jso'], 'Option "--format" is "jso"; it takes table, json. Did you mean "json"?'],
    [['check', '--all'], 'The command "check" has no option "--all"; cleanup has it.'],
    [['list', '--offline'], 'The command "list" has no option "--offline"; check, record have it.'],
    [['check', '--expect', '2'], 'The command "check" has no option "--expect"; merge has it.'],
    [['permissions', '--role', 'acts'], 'Option "--role" is "acts"; it takes read, ask, act, run. Did you mean "act"?'],
    [['check', '--reports', 'json'], 'The command "check" has no option "--reports". Did you mean "--report"?'],
    [['check', '--report-key=a'], 'The command "check" has no option "--report-key".'],
  ])('%j', (words, problem) => {
    expect(wrong(...words)).toEqual([problem]);
  });

  test('all of them at once, each once', () => {
    expect(wrong('check', '--tierr', '--format', 'xml', '--rolle', '--tierr', '--context')).toEqual([
      'The command "check" has no option "--tierr". Did you mean "--tier"?',
      'The command "check" has no option "--rolle".',
      'Option "--context" needs a value.',
      'Option "--format" is "xml"; it takes table, json, markdown, snapshot, junit, scs-report.',
    ]);
    expect(() => assertWords(parsed(['list', '--bogus', '--format', 'xml']))).toThrow(/--bogus[^]*"xml"/);
  });

  test('words and inputs together, also if the words are wrong', async () => {
    expect(await wrongInputs('check', '--clustr', 'x', '--effective-time', 'x', '--tier', 'hevy', '--offline=1')).toEqual([
      'The command "check" has no option "--clustr". Did you mean "--cluster"?',
      expect.stringMatching(/^Option "--offline" is "1"; .* Did you mean "true"\?$/),
      'Option "--tier" is "hevy"; it takes light, active, heavy. Did you mean "heavy"?',
      'Option "--effective-time" is "x"; it takes a date such as 2026-11-23 or 2026-11-23T12:00:00Z.',
    ]);
    expect(await problemsOf(() => mergeInputsOf(parsed(['merge', '--expect', 'many', '--subject=!'])))).toEqual([
      'The command "merge" needs FILE….',
      'Option "--expect" is "many"; it takes a number from 1 to 999.',
      expect.stringMatching(/^Option "--subject" is "!"; it takes the name of an account/),
    ]);
    expect(await problemsOf(() => uploadInputsOf(parsed(['upload', '--url', 'monitor', '--leave-out', 'all'])))).toEqual([
      'The command "upload" needs FILE.',
      expect.stringMatching(/^Option "--url": it is no address/),
      expect.stringMatching(/^Option "--leave-out" is "all"; it takes aborted, nothing/),
      expect.stringMatching(/^Option "--key" is missing/),
      expect.stringMatching(/^Option "--login" is missing/),
    ]);
  });

  test.each(['0', '-1', '1.5', 'two', '1000'])('--expect %s', async (n) => {
    expect(await problemsOf(() => mergeInputsOf(parsed(['merge', 'a.json', `--expect=${n}`])))).toHaveLength(1);
  });

  test('a wrong value of an input is told once, whoever reads it', async () => {
    expect(await wrongInputs('permissions', '--tier', 'hevy')).toEqual([
      'Option "--tier" is "hevy"; it takes light, active, heavy. Did you mean "heavy"?',
    ]);
  });
});

describe('settings', () => {
  test('--set wins over nothing but the config file, and an option over both', async () => {
    const { probes, checks } = await inputsOf(parsed(['check', '--set', 'probe.patience=60s', '--set=tier=active', '--tier', 'heavy']));
    expect([probes.patienceMs, checks.tier]).toEqual([60_000, 'heavy']);
    expect((await inputsOf(parsed(['check', '--set=tier=active']))).checks.tier).toBe('active');
  });

  test.each([
    ['probe.patiance=1s', 'Option "--set": There is no key "probe.patiance". Did you mean "probe.patience"?'],
    ['tiers=active', 'Option "--set": There is no key "tiers". Did you mean "tier"?'],
    ['probe.patience', 'Option "--set" takes KEY=VALUE, e.g. --set probe.patience=60s; "=" is missing.'],
    ['kubeconfig=kc', 'Option "--set": "kubeconfig" cannot be set there, since it may be a secret; set the input or option "kubeconfig".'],
    ['probe.nodes=many', 'Option "--set probe.nodes" is "many"; it takes a number from 1 to 100.'],
    ['tier=hevy', 'Option "--set tier" is "hevy"; it takes light, active, heavy. Did you mean "heavy"?'],
  ])('--set %s', async (word, problem) => {
    expect(await wrongInputs('check', '--set', word)).toEqual([problem]);
  });

  test('a key that is given twice', async () => {
    expect(await wrongInputs('check', '--set', 'probe.nodes=3', '--set', 'probe.nodes=4')).toEqual([
      'Option "--set" gives "probe.nodes" twice; give it once.',
    ]);
  });
});

describe('whatever the words are', () => {
  test('each command line has a result, and each error is one sentence in one line', () => {
    const word = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 30 }),
      fc.constantFrom(
        '--',
        '-',
        '-o',
        '--tier',
        '--set',
        '--report',
        '--no-color',
        '--__proto__',
        '--constructor=x',
        '--tier=',
        '-oo',
        '--=x',
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...commands.map((c) => c.name)), fc.array(word, { maxLength: 8 }), (name, words) => {
        const { problems, options } = parsed([name, ...words]);
        for (const problem of problems) expect(problem).toMatch(/^[A-Z(].*[.?]$/);
        expect(Object.keys(options).filter((option) => !commands.some((c) => c.options.some((o) => o.name === option)))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['a dash', (n: number) => `-${'x'.repeat(n)}`],
    ['the short option', (n: number) => `-${'o'.repeat(n)}`],
    ['two dashes', (n: number) => `--${'x'.repeat(n)}`],
    ['dashes', (n: number) => '-'.repeat(n)],
    ['a value', (n: number) => `--tier=${'x'.repeat(n)}`],
    ['a value of a flag', (n: number) => `--offline=${'t'.repeat(n)}`],
    ['an argument', (n: number) => 'x'.repeat(n)],
    ['an argument of many kinds', (n: number) => 'aB3/'.repeat(n / 4)],
    ['words', (n: number) => `--tier=${'eyJhbGciOiJSU '.repeat(n / 14)}`],
  ])('%s of millions of characters takes linear time', async (_, make) => {
    const begun = performance.now();
    await wrongInputs('check', make(4_000_000));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

test('words of a kubeconfig that a shell took apart are not repeated', async () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln';
  const words = ['check', '--kubeconfig', 'apiVersion:', 'v1', 'token:', token];
  for (const all of [
    words,
    ['explain', token, 'x'],
    ['explain', 'x', token],
    ['check', `--${token}`],
    ['check', '--context', 'x', token],
  ]) {
    const problems = [...parsed(all).problems, ...(await wrongInputs(...all))].join('\n');
    expect(problems).toMatch(all[1] === token ? /./ : /does not take|has no option/);
    expect(problems).not.toMatch(/eyJhbGci/);
  }
});

test.each([
  ['scs-0214-v2/zone-label', true],
  ['reports/a.json', true],
  ['1.36', true],
  ['--tier', false],
  ['hunter22', false],
  ['aBcDeFgH', false],
  ['x'.repeat(60), false],
  ['a\nb', false],
  ['', false],
])('%j is repeated: %p', (word, repeated) => {
  expect(clipWord(word)).toBe(repeated ? `"${word}"` : '(a word that is not repeated: it may be a secret)');
});

import { describe, expect, test } from '@jest/globals';
import { inputSpecs } from '../../src/inputs/list.js';
import { UserError } from '../../src/model/errors.js';
import { parseArguments } from '../../src/cli/arguments.js';
import { helpText } from '../../src/cli/help.js';
import { inputProblems as problemsOfInputs } from '../../src/cli/inputs.js';

const problemsOf = (words: readonly string[], ofInputs?: Parameters<typeof parseArguments>[1]): readonly string[] => {
  try {
    parseArguments(words, ofInputs);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
};

test('no word at all asks for help', () => {
  expect(parseArguments([]).command).toBe('help');
});

test('check with options of the action and of the terminal', () => {
  expect(parseArguments(['check', '--kubeconfig', 'kc', '--offline', '--format=json', '--no-color', '--fail-on', 'never'])).toEqual({
    command: 'check',
    positionals: [],
    raw: { kubeconfig: 'kc', offline: 'true', 'fail-on': 'never' },
    format: 'json',
    verbose: false,
    all: false,
    color: false,
  });
});

test('cleanup, with the options of the cluster and its own', () => {
  expect(parseArguments(['cleanup', '--kubeconfig', 'kc', '--all'])).toMatchObject({
    command: 'cleanup',
    all: true,
    raw: { kubeconfig: 'kc' },
  });
  expect(parseArguments(['cleanup']).all).toBe(false);
});

test('merge takes any number of reports, and how many clusters there have to be', () => {
  expect(parseArguments(['merge', 'a.json', 'b.json', 'c.json', '--expect', '3', '--format', 'markdown'])).toMatchObject({
    command: 'merge',
    positionals: ['a.json', 'b.json', 'c.json'],
    expected: 3,
    format: 'markdown',
  });
  expect(parseArguments(['merge', 'a.json']).expected).toBeUndefined();
  expect(problemsOf(['merge'])).toEqual(['The command "merge" needs REPORT.json ….']);
  for (const n of ['0', '-1', '1.5', 'two', '1000']) expect(problemsOf(['merge', 'a.json', `--expect=${n}`])).toHaveLength(1);
  expect(problemsOf(['check', '--expect', '2'])).toEqual([expect.stringContaining('for the command "merge" alone')]);
});

test('options alone mean check', () => {
  expect(parseArguments(['--cluster', 'kind']).command).toBe('check');
});

test('the role that acts is one that can be asked for, and its tier is an option of every command', () => {
  expect(parseArguments(['permissions', '--tier', 'active', '--role', 'act'])).toMatchObject({
    command: 'permissions',
    raw: { tier: 'active' },
    role: 'act',
  });
  expect(problemsOf(['permissions', '--role', 'acts'])).toEqual([
    expect.stringContaining('it takes read, ask, act, run. Did you mean "act"?'),
  ]);
});

test('the help lists what the active tier takes under a heading of its own', () => {
  const [, part = ''] = helpText(100).split('The active tier:\n');
  for (const name of ['probe-image', 'probe-registry', 'probe-pull-secret', 'probe-nodes'])
    expect(part.split('\n\n')[0]).toContain(`--${name} `);
});

test('a flag with its value, and its negation', () => {
  expect(parseArguments(['check', '--offline=false']).raw).toEqual({ offline: 'false' });
  expect(parseArguments(['check', '--no-offline']).raw).toEqual({ offline: 'false' });
});

test.each([
  [['chekc'], 'Did you mean "check"?'],
  [['check', '--kubeconfg', 'x'], 'Did you mean "kubeconfig"?'],
  [['check', '--kubeconfig'], 'needs a value'],
  [['check', '--format', 'jsn'], 'Did you mean "json"?'],
  [['explain'], 'needs REQUIREMENT'],
  [['record'], 'needs FILE'],
  [['list', 'all'], 'does not take "all"'],
  [['list', '--format', 'json'], '"--format" is for the commands check and merge; "list" does not take it'],
  [['check', '--all'], '"--all" is for the command "cleanup" alone'],
  [['cleanup', 'x'], 'does not take "x"'],
])('a command line that is wrong: %j', (words, text) => {
  expect(problemsOf(words).join('\n')).toContain(text);
});

test('several wrong words are reported at once', () => {
  expect(problemsOf(['check', '--tierr', '--format', 'xml', '--rolle', 'read']).length).toBeGreaterThanOrEqual(3);
});

test('wrong words and wrong values are reported together', () => {
  expect(problemsOf(['check', '--clustr', '--now', 'x'], (raw) => [`now is ${raw['now'] ?? ''}`])).toEqual([
    'There is no option "--clustr". Did you mean "cluster"?',
    'now is x',
  ]);
});

test.each(['--comment', '--no-annotations', '--output-directory=out'])('%s, which means nothing on a terminal, is told', (word) => {
  expect(problemsOf(['check', word]).join()).toMatch(/is for workflows alone/);
});

test.each([[['--version']], [['-V']], [['version']]])('%j asks for the version', (words) => {
  expect(parseArguments(words).command).toBe('version');
});

test('help on a command is the help', () => {
  expect(parseArguments(['help', 'check']).command).toBe('help');
});

test('the help names every input that a terminal has, within the width', () => {
  const text = helpText(80);
  for (const { name, only } of inputSpecs) expect(text.includes(`--${name} `) || text.includes(`--${name}\n`)).toBe(only === undefined);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
});

test('words of a kubeconfig that a shell took apart are not repeated', () => {
  const words = ['check', '--kubeconfig', 'apiVersion:', 'v1', 'token:', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln'];
  for (const all of [words, words.slice(2), ['explain', ...words.slice(5), 'x'], [`--${words[5] ?? ''}`]]) {
    expect(() => parseArguments(all)).toThrow(/does not take|There is no/);
    expect(() => parseArguments(all)).not.toThrow(/eyJhbGci/);
  }
});

describe('options that are on or off', () => {
  test.each([
    ['verbose', 'verbose'],
    ['color', 'color'],
  ] as const)('--%s is read as the inputs are', (option, property) => {
    for (const text of ['true', 'True', 'TRUE']) expect(parseArguments(['check', `--${option}=${text}`])[property]).toBe(true);
    for (const text of ['false', 'False', 'FALSE']) expect(parseArguments(['check', `--${option}=${text}`])[property]).toBe(false);
    expect(() => parseArguments(['check', `--${option}=yes`])).toThrow(
      `Option "--${option}" is "yes"; it takes true, True, TRUE, false, False or FALSE. Did you mean "true"?`,
    );
  });

  test('an input as well, by the same words', () => {
    expect(parseArguments(['check', '--offline=TRUE'], problemsOfInputs).raw).toEqual({ offline: 'TRUE' });
    expect(() => parseArguments(['check', '--offline=1'], problemsOfInputs)).toThrow('Did you mean "true"?');
    expect(() => parseArguments(['check', '--no-offline=true'], problemsOfInputs)).toThrow('There is no option "--no-offline"');
  });
});

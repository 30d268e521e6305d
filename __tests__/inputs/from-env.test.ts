import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { flagProblem, parseFlag } from '../../src/inputs/reader.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { mergeSpecs, uploadSpecs } from '../../src/inputs/list-actions.js';
import { parseInputs } from '../../src/inputs/parse.js';
import { parseMergeInputs } from '../../src/inputs/parse-merge.js';
import { parseUploadInputs } from '../../src/inputs/parse-upload.js';
import { UserError } from '../../src/model/errors.js';
import { misspelt } from '../../src/text/did-you-mean.js';
import { rawInputsOf as rawOf } from '../../src/inputs/from-env.js';
import { known } from '../helpers/settings.js';

const names: readonly string[] = inputSpecs.map((s) => s.name);
const rawInputsOf = (env: Record<string, string>) => rawOf(env, inputSpecs);
const problemsOf = (
  env: Record<string, string>,
  parse = () => void parseInputs(rawInputsOf(env).raw, known, 'action'),
): readonly string[] => {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};

describe('variables of the runner', () => {
  test.each(names)('%s: as runners write it, as a shell can export it, and in small letters', (name) => {
    const variable = `INPUT_${name.toUpperCase()}`;
    for (const key of [variable, variable.replaceAll('-', '_'), `INPUT_${name}`])
      expect(rawInputsOf({ [key]: 'x' })).toEqual({ raw: { [name]: 'x' }, notes: [] });
  });

  test('the variable of the runner wins, also an empty one: what else has that name may belong to an outer action', () => {
    const both = rawInputsOf({ 'INPUT_FAIL-ON': 'fail:must', INPUT_FAIL_ON: 'never-to-be-shown' });
    expect(both.raw).toEqual({ 'fail-on': 'fail:must' });
    expect(both.notes).toEqual(['Ignored: INPUT_FAIL_ON. The input "fail-on" of this step counts.']);
    expect(rawInputsOf({ 'INPUT_KIND-CONFIG': '', INPUT_KIND_CONFIG: 'foreign.yaml' }).raw).toEqual({ 'kind-config': '' });
    expect(rawInputsOf({ 'INPUT_KIND-CONFIG': 'a', INPUT_KIND_CONFIG: 'a' }).notes).toEqual([]);
    expect(rawInputsOf({ INPUT_tier: 'active', INPUT_TIER: 'light' }).raw).toEqual({ tier: 'light' });
  });
});

describe('foreign variables', () => {
  const foreign = [
    'REPO',
    'WHO-TO-GREET',
    'NODE-VERSION',
    'NODE',
    'MODE',
    'COMMAND',
    'GITHUB_TOKEN_FOR_BOT',
    'ARGS',
    'PATH',
    'TAG',
    'REF',
    'NAME',
    'VERSION',
    'DEBUG',
    'IMAGE',
    '',
    '__PROTO__',
    'CONSTRUCTOR',
  ];
  test.each(foreign)('INPUT_%s is ignored, and named', (name) => {
    const read = rawInputsOf({ [`INPUT_${name}`]: 'a-foreign-value', INPUT_CLUSTER: 'embedded' });
    expect(read.raw).toEqual({ cluster: 'embedded' });
    expect(read.notes).toEqual([`Ignored, since these are no inputs of this action: INPUT_${name}.`]);
  });

  test('a name that is meant to deceive stays one short line, and few of many are named', () => {
    const { notes } = rawInputsOf({ 'INPUT_A\n::error::b': '1', [`INPUT_${'LONG'.repeat(100)}`]: '1' });
    expect(notes).toHaveLength(1);
    expect(notes[0]).not.toContain('\n');
    expect(notes[0]?.length).toBeLessThan(250);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`INPUT_FOREIGN_${i}`, 'x']));
    expect(rawInputsOf(many).notes[0]?.length).toBeLessThan(400);
  });

  test('no value of a foreign variable is repeated', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9_-]{1,30}$/), (name) => {
        const env = { [`INPUT_${name}`]: 'the-foreign-value' };
        const text = JSON.stringify([
          rawInputsOf(env).notes,
          names.includes(name.toLowerCase().replaceAll('_', '-')) ? [] : problemsOf(env),
        ]);
        return !text.includes('the-foreign-value');
      }),
    );
  });
});

describe('misspelt inputs', () => {
  test.each([
    ['CLUSTR', 'cluster'],
    ['CLUTSER', 'cluster'],
    ['FIAL-ON', 'fail-on'],
    ['FAIL-ONN', 'fail-on'],
    ['FAIL_ONN', 'fail-on'],
    ['KUBERNETS-VERSION', 'kubernetes-version'],
    ['KUBERNETES_VERISON', 'kubernetes-version'],
    ['REPORT', 'reports'],
    ['GITHUB_TOKN', 'github-token'],
    ['STANDARD', 'standards'],
    ['TIRE', 'tier'],
  ])('INPUT_%s is an error that names %s, and what to do if it is foreign', (name, meant) => {
    const problems = problemsOf({ [`INPUT_${name}`]: 'the-value' });
    expect(problems).toEqual([expect.stringContaining(`There is no input "${name.toLowerCase()}". Did you mean "${meant}"?`)]);
    expect(problems[0]).toContain(`If INPUT_${name} is not for this step, set it to '' in the "env" of the step.`);
    expect(problems[0]).not.toContain('the-value');
  });

  test('in the actions merge and upload too', () => {
    const merge = { 'INPUT_REPORTS-FROM': 'reports', INPUT_EXPCT: '3' };
    expect(problemsOf(merge, () => void parseMergeInputs(rawOf(merge, mergeSpecs).raw, () => [], 'action'))).toEqual([
      expect.stringContaining('There is no input "expct". Did you mean "expect"?'),
    ]);
    const upload = { INPUT_REPORT: 'r.yaml', INPUT_LOGN: 'hunter2-and-more' };
    const problems = problemsOf(upload, () => void parseUploadInputs(rawOf(upload, uploadSpecs).raw, 'action'));
    expect(problems).toEqual([expect.stringContaining('There is no input "logn". Did you mean "login"?')]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('without a value it is nothing', () => {
    expect(problemsOf({ INPUT_CLUSTR: '', INPUT_REPORT: '  ' })).toEqual([]);
  });

  test('one slip anywhere in any name is noticed', () => {
    const slips = fc
      .constantFrom(...names)
      .chain((name) =>
        fc
          .nat(name.length - 1)
          .map((at) => [
            name,
            name.slice(0, at) + name.slice(at + 1),
            `${name.slice(0, at)}x${name.slice(at)}`,
            `${name.slice(0, at)}x${name.slice(at + 1)}`,
          ]),
      );
    fc.assert(fc.property(slips, ([, ...words]) => words.every((word) => names.includes(word) || misspelt(word, names) !== undefined)));
  });
});

describe('booleans', () => {
  test.each(['true', 'True', 'TRUE', ' true\n'])('%j is true', (text) => expect(parseFlag(text)).toBe(true));
  test.each(['false', 'False', 'FALSE', '\tfalse '])('%j is false', (text) => expect(parseFlag(text)).toBe(false));
  test.each([
    ['yes', ' Did you mean "true"?'],
    ['Y', ' Did you mean "true"?'],
    ['on', ' Did you mean "true"?'],
    ['1', ' Did you mean "true"?'],
    ['tRUE', ' Did you mean "true"?'],
    ['ture', ' Did you mean "true"?'],
    ['no', ' Did you mean "false"?'],
    ['N', ' Did you mean "false"?'],
    ['OFF', ' Did you mean "false"?'],
    ['0', ' Did you mean "false"?'],
    ['flase', ' Did you mean "false"?'],
    ['maybe', ''],
  ])('%j is neither', (text, advice) => {
    expect(parseFlag(text)).toBeUndefined();
    expect(flagProblem('Input "offline"', text)).toBe(
      `Input "offline" is "${text}"; it takes true, True, TRUE, false, False or FALSE.${advice}`,
    );
  });

  test('a text that is longer than such a word is not repeated', () => {
    expect(flagProblem('Input "offline"', 'a-token-in-the-wrong-place')).toMatch(/^Input "offline" is another text; it takes true/);
  });

  const flags = inputSpecs.filter((s) => s.takes === 'flag').map((s) => s.name);
  test.each(flags)('the input %s is read so', (name) => {
    for (const text of ['True', 'TRUE', 'False', 'FALSE'])
      expect(problemsOf({ [`INPUT_${name.toUpperCase()}`]: text }).join()).not.toContain('it takes true');
    expect(problemsOf({ [`INPUT_${name.toUpperCase()}`]: 'yes' })).toEqual([expect.stringContaining(`Input "${name}" is "yes"`)]);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { RawInputs } from '../../src/inputs/layers.js';
import { parseMergeInputs, type MergeInputs } from '../../src/inputs/parse-merge.js';
import { UserError } from '../../src/model/errors.js';
import { defaultFleetReports, reportProblems } from '../../src/reporters/index.js';

const parse = (raw: RawInputs, on: 'action' | 'terminal' = 'action'): MergeInputs => parseMergeInputs(raw, reportProblems('fleet'), on);
const problemsOf = (raw: RawInputs): readonly string[] => {
  try {
    parse(raw);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};

describe('in a workflow', () => {
  test('only the reports are required', () => {
    expect(parse({ 'reports-from': 'reports' })).toEqual({
      reportsFrom: ['reports'],
      expected: undefined,
      failOn: [{ outcome: 'fail', levels: ['MUST'], categories: ['certificate'] }],
      now: undefined,
      reports: defaultFleetReports,
      key: undefined,
      outputDirectory: undefined,
      subject: undefined,
      token: undefined,
    });
    expect(problemsOf({})).toEqual(['Input "reports-from" is missing: set it to the paths, folders or globs of the JSON reports.']);
    expect(problemsOf({ 'reports-from': ' ,\n ' })).toEqual([expect.stringContaining('Input "reports-from" is missing')]);
  });

  test('lists by commas and line breaks', () => {
    expect(parse({ 'reports-from': 'a.json, b/**/*.json\nc\n' }).reportsFrom).toEqual(['a.json', 'b/**/*.json', 'c']);
  });

  test.each<[RawInputs, string]>([
    [{ expect: '0' }, 'Input "expect" is "0"; it takes a number from 1 to 999.'],
    [{ expect: 'three' }, 'Input "expect" is "three"; it takes a number from 1 to 999.'],
    [{ reports: 'snapshot' }, 'Input "reports" holds "snapshot"'],
    [{ reports: 'scs-report' }, 'Input "reports" holds "scs-report", which needs "subject"; set it.'],
    [{ 'fail-on': 'fial:must' }, 'Did you mean "fail:must"?'],
    [{ 'effective-time': '2026-02-30' }, 'Input "effective-time" is "2026-02-30"'],
    [{ subject: '../x' }, 'Input "subject" is "../x"'],
  ])('%j does not do', (raw, problem) => {
    expect(problemsOf({ 'reports-from': 'reports', ...raw })).toEqual([expect.stringContaining(problem)]);
  });

  test('everything at once', () => {
    expect(problemsOf({ expect: 'x', subject: '..', reports: 'x', 'fail-on': 'x' })).toHaveLength(5);
  });
});

test('on a terminal the reports are arguments, and standard output is enough', () => {
  expect(parse({}, 'terminal')).toMatchObject({ reportsFrom: [], reports: [] });
});

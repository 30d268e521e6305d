import { describe, expect, test } from '@jest/globals';
import type { RawInputs } from '../../src/inputs/layers.js';
import { parseUploadInputs } from '../../src/inputs/parse-upload.js';
import { UserError } from '../../src/model/errors.js';
import { cryptoKey } from '../helpers/signing-keys.js';

const { openssh } = cryptoKey();
const url = 'https://monitor.example.org';
const login = 'example-cloud:hunter2-and-more';
const problemsOf = (on: 'action' | 'terminal', raw: RawInputs): readonly string[] => {
  try {
    parseUploadInputs(raw, on);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};

describe('in a workflow', () => {
  const whole = { report: 'scs-report.yaml', url, login, key: openssh };

  test('everything: it is sent, and aborted test cases are left out', () => {
    expect(parseUploadInputs(whole, 'action')).toEqual({
      report: 'scs-report.yaml',
      url: new URL(url),
      login: { value: login, name: 'Input "login"' },
      key: { value: openssh.trim(), name: 'Input "key"' },
      dryRun: false,
      leaveOut: 'aborted',
    });
  });

  test('without an address it is a dry run by itself; with one if that is asked for', () => {
    expect(parseUploadInputs({ ...whole, url: '' }, 'action')).toMatchObject({ dryRun: true });
    expect(parseUploadInputs({ ...whole, 'dry-run': 'true' }, 'action')).toMatchObject({ dryRun: true, url: new URL(url) });
    expect(parseUploadInputs({ report: 'r.yaml' }, 'action')).toMatchObject({ dryRun: true });
    expect(parseUploadInputs({ ...whole, 'dry-run': 'False' }, 'action')).toMatchObject({ dryRun: false });
  });

  test('secrets that are empty, as on pull requests of forks, are no problem of the inputs', () => {
    expect(parseUploadInputs({ ...whole, login: '', key: '' }, 'action')).toMatchObject({
      dryRun: false,
      login: undefined,
      key: undefined,
    });
  });

  test.each<[RawInputs, readonly string[]]>([
    [{ report: '' }, ['Input "report" is missing: set it to the path of the report `scs-report`']],
    [
      { report: '', url: 'http://x.example', 'leave-out': 'all' },
      ['Input "url": it is not https', 'Input "leave-out" is "all"', 'Input "report" is missing'],
    ],
    [{ url: '', 'dry-run': 'false' }, ['Input "url" is missing: input "dry-run" is false']],
    [{ 'dry-run': 'perhaps' }, ['Input "dry-run" is "perhaps"']],
    [{ key: openssh.slice(0, 100) }, ['Input "key": it is cut off']],
    [{ 'leave-out': 'failed' }, ['Input "leave-out" is "failed"; it takes aborted, nothing.']],
    [{ url: `https://${login}@monitor.example.org` }, ['Input "url": it holds a login']],
  ])('%j does not do', (raw, problems) => {
    const found = problemsOf('action', { ...whole, ...raw });
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem) as unknown));
    expect(found.join()).not.toContain('hunter2');
  });
});

describe('on a terminal', () => {
  test('paths, and no report: that is an argument', () => {
    expect(parseUploadInputs({ url, login: 'token.txt', key: 'key' }, 'terminal')).toMatchObject({
      login: { value: 'token.txt', name: 'Option "--login"' },
      key: { value: 'key', name: 'Option "--key"' },
      dryRun: false,
      report: '',
    });
    expect(parseUploadInputs({ key: 'key' }, 'terminal')).toMatchObject({ dryRun: true });
  });

  test('everything that is missing is reported at once', () => {
    expect(problemsOf('terminal', { url })).toEqual([
      expect.stringContaining('Option "--key" is missing'),
      expect.stringContaining('Option "--login" is missing'),
    ]);
    expect(problemsOf('terminal', { 'dry-run': 'true', url })).toEqual([expect.stringContaining('Option "--key" is missing')]);
    expect(problemsOf('terminal', { key: 'key', login: 'x', 'dry-run': 'false' })).toEqual([
      'Option "--url" is missing: option "--dry-run" is false, and there is no address to send the report to.',
    ]);
  });
});

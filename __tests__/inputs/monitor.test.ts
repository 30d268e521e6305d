import { describe, expect, test } from '@jest/globals';
import { parseInputs, type RawInputs } from '../../src/inputs/parse.js';
import { recordedObjection } from '../../src/inputs/recorded.js';
import { UserError } from '../../src/model/errors.js';
import { cryptoKey } from '../helpers/signing-keys.js';

const { openssh } = cryptoKey();
const url = 'https://monitor.example.org';
const login = 'example-cloud:hunter2-and-more';
const parse = (on: 'action' | 'terminal', raw: RawInputs) => parseInputs(raw, ['scs-0210-v2'], on).monitor;
const problemsOf = (on: 'action' | 'terminal', raw: RawInputs): readonly string[] => {
  try {
    parse(on, raw);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};

describe('in a workflow', () => {
  const whole = { subject: 'example-cloud', 'monitor-url': url, 'monitor-token': login, 'monitor-key': openssh };

  test('nothing is uploaded where nothing is given', () => {
    expect(parse('action', {})).toBeUndefined();
    expect(parse('action', { subject: 'example-cloud', 'monitor-leave-out': 'nothing' })).toBeUndefined();
  });

  test('everything: it is sent, and what aborted is left out', () => {
    expect(parse('action', whole)).toMatchObject({ dryRun: false, leaveOut: 'aborted', token: login, url: new URL(url) });
  });

  test('without an address it is a dry run by itself; with one where that is asked for', () => {
    expect(parse('action', { ...whole, 'monitor-url': '' })).toMatchObject({ dryRun: true });
    expect(parse('action', { ...whole, 'monitor-dry-run': 'true' })).toMatchObject({ dryRun: true });
    expect(parse('action', { subject: 'example-cloud', 'monitor-dry-run': 'true' })).toMatchObject({ dryRun: true });
  });

  test('secrets that are empty, as on pull requests of forks, are no problem of the inputs', () => {
    expect(parse('action', { ...whole, 'monitor-token': '', 'monitor-key': '' })).toMatchObject({ dryRun: false });
  });

  test.each<[RawInputs, readonly string[]]>([
    [{ subject: '' }, ['"subject" is missing']],
    [
      { subject: '', 'monitor-url': 'http://x.example', 'monitor-leave-out': 'all' },
      ['"monitor-leave-out" is "all"', 'not https', '"subject" is missing'],
    ],
    [{ cluster: 'kind' }, ['a kind cluster says nothing about a provider']],
    [{ 'monitor-url': '', 'monitor-dry-run': 'false' }, ['"monitor-url" is missing']],
    [{ 'monitor-dry-run': 'perhaps' }, ['"monitor-dry-run" is "perhaps"']],
    [{ 'monitor-key': openssh.slice(0, 100) }, ['"monitor-key": it is cut off']],
    [{ 'monitor-leave-out': 'failed' }, ['"monitor-leave-out" is "failed"; it takes aborted, nothing.']],
    [{ 'monitor-url': `https://${login}@monitor.example.org` }, ['"monitor-url": it holds a login']],
  ])('%j does not do', (raw, problems) => {
    const found = problemsOf('action', { ...whole, ...raw });
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem) as unknown));
    expect(found.join()).not.toContain('hunter2');
  });

  test('a kind cluster may try it without sending', () => {
    expect(problemsOf('action', { ...whole, cluster: 'kind', 'monitor-dry-run': 'true' })).toEqual([]);
  });

  test('a subject alone: upstream’s report would be written on a kind cluster', () => {
    for (const on of ['action', 'terminal'] as const)
      expect(problemsOf(on, { subject: 'example-cloud', cluster: 'kind' })).toEqual([
        'Input "subject" is given, but a kind cluster says nothing about a provider; leave it out, or judge a cluster of the offer through its kubeconfig.',
      ]);
    expect(problemsOf('action', { subject: 'example-cloud' })).toEqual([]);
    expect(problemsOf('action', { cluster: 'kind' })).toEqual([]);
  });
});

describe('a recording: what it is of is known when it was opened', () => {
  const kind = 'a kind cluster, which says nothing about a provider';
  const subject = 'example-cloud';
  const dry = { dryRun: true, leaveOut: 'aborted' } as const;
  test.each<[string, Parameters<typeof recordedObjection>[0], string, string | undefined]>([
    ['no report is written', {}, 'kind', undefined],
    ['a cluster of somebody’s', { subject }, 'snapshot', undefined],
    ['a kind cluster', { subject }, 'kind', kind],
    ['a kind cluster, sent', { subject, monitor: { ...dry, dryRun: false } }, 'kind', kind],
    ['a kind cluster, tried without sending', { subject, monitor: dry }, 'kind', undefined],
    ['the example', { subject }, 'embedded', 'the recorded example, and no cluster of yours'],
    ['the example, tried without sending', { subject, monitor: dry }, 'embedded', 'the recorded example, and no cluster of yours'],
  ])('%s', (_, asked, source, of) => {
    expect(recordedObjection(asked, source)).toBe(
      of === undefined
        ? undefined
        : `Input "subject" is given, but the recording is of ${of}; leave "subject" out, or record a cluster of the offer.`,
    );
  });
});

describe('on a terminal', () => {
  const whole = { 'monitor-url': url, 'monitor-token': 'token.txt', 'monitor-key': 'key' };

  test('paths, and no subject: that stands in the report', () => {
    expect(parse('terminal', whole)).toMatchObject({ token: 'token.txt', key: 'key', dryRun: false });
    expect(parse('terminal', { 'monitor-key': 'key' })).toMatchObject({ dryRun: true });
  });

  test('what is missing is told at once', () => {
    expect(problemsOf('terminal', { 'monitor-url': url })).toEqual([
      expect.stringContaining('"--monitor-key" is missing'),
      expect.stringContaining('"--monitor-token" is missing'),
    ]);
  });
});

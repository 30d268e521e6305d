import { describe, expect, test } from '@jest/globals';
import { e2eResults, suitesOf } from '../../src/facts/e2e-results.js';
import { parseExceptions, patternOf, upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import { UserError } from '../../src/model/errors.js';
import { conformanceTests, junitOf, uid } from '../helpers/e2e-files.js';
import { factPorts, ok, refused, type Answer } from '../helpers/fact-ports.js';
import { toRun } from '../../src/conformance/run.js';

const imported = {
  runs: [
    {
      ...toRun(new Map([['plugins/e2e/results/global/junit_01.xml', Buffer.from(junitOf(conformanceTests(2)))]]), 'junit', []),
      origin: { kubeSystem: uid, nodes: ['worker-1'] },
    },
  ],
  exceptions: upstreamExceptions,
};
const namespaces = (id: string): Answer =>
  ok({
    metadata: {},
    items: [{ metadata: { name: 'default', uid: 'of another namespace' } }, { metadata: { name: 'kube-system', uid: id } }],
  });
const node = { metadata: { name: 'worker-1' } };
const collect = (answers: Readonly<Record<string, Answer>>, e2e: unknown = imported) =>
  e2eResults.collect({ ...factPorts(answers), e2e: () => Promise.resolve(e2e) });

describe('results are compared with the cluster under test', () => {
  test.each<readonly [string, Readonly<Record<string, Answer>>, string]>([
    ['the same UID', { '/api/v1/namespaces': namespaces(uid) }, 'same'],
    [
      'another UID, and nodes of the same name',
      { '/api/v1/namespaces': namespaces('x'), '/api/v1/nodes': ok({ metadata: {}, items: [node] }) },
      'other',
    ],
    [
      'namespaces are forbidden, a node is known',
      { '/api/v1/namespaces': refused(403, 'no'), '/api/v1/nodes': ok({ metadata: {}, items: [node] }) },
      'not-compared',
    ],
    ['all is forbidden', { '/api/v1/namespaces': refused(403, 'no'), '/api/v1/nodes': refused(403, 'no') }, 'not-compared'],
    [
      'no such namespace, other nodes',
      {
        '/api/v1/namespaces': ok({ metadata: {}, items: [] }),
        '/api/v1/nodes': ok({ metadata: {}, items: [{ metadata: { name: 'b' } }] }),
      },
      'other',
    ],
  ])('%s', async (_, answers, answer) => {
    expect((await collect(answers)).runs[0]?.cluster.answer).toBe(answer);
  });

  test('a run without results has no such fact', async () => {
    await expect(e2eResults.collect(factPorts({}))).rejects.toMatchObject({ reason: 'not-recorded' });
  });

  test('an import of another shape is refused', async () => {
    await expect(collect({}, { runs: [{}] })).rejects.toMatchObject({ reason: 'malformed' });
  });
});

test('the suites of a test', () => {
  expect(suitesOf('[It] a [Conformance]')).toEqual(['conformance']);
  expect(suitesOf('[It] Netpol NetworkPolicy between')).toEqual(['network-policy']);
  expect(suitesOf('[It] NetworkPolicy [Conformance]')).toEqual(['conformance', 'network-policy']);
  expect(suitesOf('[It] conformance')).toEqual([]);
});

describe('the list of tests that may fail', () => {
  const problemsOf = (text: string): string => {
    try {
      parseExceptions(text, 'list.yaml');
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
    return '';
  };

  test('upstream’s form, with our date', () => {
    const text = '# why\nokToFail:\n- regex: Feature:SCTP\n  reason: "optional"\n- regex: a.b\n  reason: x\n  expires: 2027-01-31\n';
    expect(parseExceptions(text, 'dir/list.yaml')).toEqual({
      source: 'dir/list.yaml',
      list: [
        { regex: 'Feature:SCTP', reason: 'optional' },
        { regex: 'a.b', reason: 'x', expires: '2027-01-31' },
      ],
    });
    for (const empty of ['', '# nothing\n', 'okToFail: []', '{}']) expect(parseExceptions(empty, 'e').list).toEqual([]);
  });

  test.each([
    ['a key that nobody knows', 'okToFail:\n- regex: a\n  reason: b\n  until: 2027-01-01\n', 'okToFail.0'],
    ['a key at the top', 'okToFail: []\nokToSkip: []\n', 'the whole'],
    ['no reason', 'okToFail:\n- regex: a\n', 'okToFail.0.reason'],
    ['a reason of blanks', 'okToFail:\n- regex: a\n  reason: "  "\n', 'is empty'],
    ['no list', 'okToFail: yes\n', 'okToFail'],
    ['a text', 'hello', 'the whole'],
    ['no YAML', 'okToFail: [', 'no valid YAML'],
    ['a day that is none', 'okToFail:\n- regex: a\n  reason: b\n  expires: 2027-02-31x\n', 'no day'],
    ['a look-ahead', 'okToFail:\n- regex: "a(?=b)"\n  reason: b\n', 'okToFail[0].regex ("a(?=b)"): it is no regular expression of RE2'],
    ['a look-behind', 'okToFail:\n- regex: "(?<!a)b"\n  reason: b\n', 'okToFail[0].regex'],
    ['a backreference', 'okToFail:\n- regex: "(a)\\\\1"\n  reason: b\n', 'neither look-around nor backreferences'],
    ['an open bracket', 'okToFail:\n- regex: "a["\n  reason: b\n', 'missing closing ]'],
    ['one that is larger than it looks', 'okToFail:\n- regex: "(ab?c?d?e?){400}"\n  reason: b\n', 'repeats too much'],
    ['many that repeat', `okToFail:\n${'- regex: "(a?b){80}c"\n  reason: b\n'.repeat(20)}`, 'too much altogether'],
    ['one that matches everything', 'okToFail:\n- regex: ".*"\n  reason: b\n', 'matches what nobody has named'],
    ['an alias', 'okToFail:\n- &a\n  regex: x\n  reason: y\n- *a\n', 'aliases'],
    ['far too long', `okToFail:\n- regex: ${'x'.repeat(501)}\n  reason: b\n`, 'okToFail.0.regex'],
  ])('%s is refused', (_, text, why) => {
    expect(problemsOf(text)).toContain(why);
  });

  test('every pattern of upstream’s list can be used', () => {
    expect(upstreamExceptions.list.length).toBe(9);
    for (const { regex } of upstreamExceptions.list) expect(patternOf(regex)?.test(`[It] ${regex} [Conformance]`)).toBe(true);
  });
});

import { describe, expect, test } from '@jest/globals';
import { idsInLog, shareOut, type TestNamespace } from '../../../src/conformance/sonobuoy/find.js';
import type { RunSettings } from '../../../src/conformance/sonobuoy/identity.js';

const settings: RunSettings = { suites: ['conformance'], focus: '', skip: '', processes: 0, flakeAttempts: 2 };
const at = (second: number): string => `2026-11-26T04:00:${String(second).padStart(2, '0')}Z`;
const own = { created: at(10), others: ['before'], settings };
const namespace = (name: string, run: string, second: number): TestNamespace => ({ name, uid: name, run, created: at(second) });
const names = (all: readonly TestNamespace[]): readonly string[] => all.map(({ name }) => name);

describe('namespaces of tests', () => {
  const all = [namespace('old', 'x', 9), namespace('known', 'before', 9), namespace('young', 'a', 10), namespace('second', 'b', 20)];
  test('that are younger than our run and of none that was there before are ours', () => {
    const { ours, unclear, doubt } = shareOut(all, own, [], []);
    expect([names(ours), unclear, doubt]).toEqual([['young', 'second'], [], undefined]);
  });
  test('without a label, or of a run whose time is not known, are nobody’s', () => {
    expect(shareOut([namespace('none', '', 20)], own, [], []).ours).toEqual([]);
    expect(shareOut(all, { ...own, created: '' }, [], []).ours).toEqual([]);
  });
  test.each<[string, Parameters<typeof shareOut>, RegExp]>([
    ['another run is there', [all, own, [], ['conformance/e2e-conformance-test']], /in the cluster \(conformance\/e2e-conformance-test\)/],
    ['a run from before goes on', [[...all, namespace('new', 'before', 30)], own, [], []], /there before ours go on \(new\)/],
    ['they are of more processes than ours had', [all, { ...own, settings: { ...settings, processes: 1 } }, [], []], /more processes/],
  ])('may be others’ where %s', (_, given, why) => {
    const { ours, unclear, doubt } = shareOut(...given);
    expect([ours, names(unclear)]).toEqual([[], ['young', 'second']]);
    expect(doubt).toMatch(why);
  });
  test('of as many processes as ours had are ours', () => {
    expect(names(shareOut(all, { ...own, settings: { ...settings, processes: 2 } }, [], []).ours)).toEqual(['young', 'second']);
  });
  test('of a run whose settings cannot be read go by time alone', () => {
    expect(names(shareOut(all, { ...own, settings: undefined }, [], []).ours)).toEqual(['young', 'second']);
  });
  test('are told by the ids of our tests where these are known, whoever else is there', () => {
    const { ours, unclear, doubt } = shareOut([...all, namespace('new', 'before', 30)], own, ['b'], ['x/y']);
    expect([names(ours), unclear, doubt]).toEqual([['second'], [], undefined]);
  });
  test('that are older than our run are not ours, whatever their id', () => {
    expect(shareOut(all, own, ['x', 'before'], []).ours).toEqual([]);
  });
});

describe('the ids of our tests', () => {
  const id = '0b8f5ad0-6f5c-4a3e-9d0b-9d9b6f0a2c11';
  test.each<[string, string, readonly string[]]>([
    ['tests one after the other', `I1126 04:00:00.1 22 e2e.go:109] Starting e2e run "${id}" on Ginkgo node 1\nRunning Suite`, [id]],
    [
      'tests in parallel, whose processes keep their lines',
      'Running Suite: Kubernetes e2e suite\nRunning in parallel across 7 processes',
      [],
    ],
    ['nothing', '', []],
    ['something that is no id', 'Starting e2e run "a b" on Ginkgo node 1', []],
  ])('in the log of %s', (_, log, ids) => expect(idsInLog(log)).toEqual(ids));
});

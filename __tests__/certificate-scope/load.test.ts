import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/model/errors.js';
import { bundledScope } from '../../src/certificate-scope/bundled.js';
import { loadScope } from '../../src/certificate-scope/load.js';
import { groupsFile, modulesFile } from '../helpers/scope.js';

const problemsOf = (document: unknown): readonly string[] => {
  try {
    loadScope(document, 's.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.problems.map((problem) => problem.replace('The scope file "s.yaml": ', ''));
    throw error;
  }
  return [];
};

describe('a scope file', () => {
  test('in today’s form: versions take modules in, and modules testcases for their targets', () => {
    const scope = loadScope(modulesFile(), 's.yaml');
    expect(scope.form).toBe('modules');
    expect([...scope.testcases.values()]).toEqual([
      { id: 'cncf-k8s-conformance', lifetime: 'year', manual: false },
      { id: 'version-policy-check', lifetime: 'week', manual: false },
      { id: 'node-distribution-check', lifetime: 'week', manual: true },
      { id: 'kaas-networking-check', lifetime: 'month', manual: false },
    ]);
    expect(scope.versions.map((v) => [v.name, v.members.map((m) => `${m.module}: ${m.target} ${m.testcase}`)])).toEqual([
      [
        'v2',
        [
          'cncf: main cncf-k8s-conformance',
          'policy: main version-policy-check',
          'net: main kaas-networking-check',
          'nodes: preview node-distribution-check',
        ],
      ],
      ['v1', ['policy: main version-policy-check']],
    ]);
  });

  test('in the reworked form: a version names a group or a testcase, and groups hold groups; what is named twice counts once', () => {
    const scope = loadScope(groupsFile(), 's.yaml');
    expect(scope.form).toBe('groups');
    expect(scope.versions.map((v) => [v.name, v.members.map((m) => `${m.module}: ${m.target} ${m.testcase}`)])).toEqual([
      ['v2', ['cncf: main cncf-k8s-conformance', 'policy: main version-policy-check', 'net: main kaas-networking-check']],
      ['v1', ['version-policy-check: main version-policy-check']],
    ]);
  });

  test('that comes with the program', () => {
    const scope = bundledScope();
    expect([...scope.testcases.keys()]).toEqual([
      'cncf-k8s-conformance',
      'version-policy-check',
      'node-distribution-check',
      'kaas-networking-check',
    ]);
    expect(scope.versions[0]?.members.map((m) => m.testcase)).toEqual([
      'cncf-k8s-conformance',
      'version-policy-check',
      'kaas-networking-check',
    ]);
  });

  test.each([
    ['a text', 'hello', ['it is no scope file: a mapping with uuid, name, scripts, timeline and versions.']],
    ['nothing', null, ['it is no scope file: a mapping with uuid, name, scripts, timeline and versions.']],
    ['neither form', { uuid: 'x' }, ['it holds neither of "modules" and "groups"; the form of the file is told by one of them.']],
    [
      'both forms',
      { ...modulesFile(), groups: [] },
      ['it holds both of "modules" and "groups"; the form of the file is told by one of them.'],
    ],
    ['an unknown key', modulesFile({ timelime: [] }), ['it holds the unknown key "timelime"; leave it out. Did you mean "timeline"?']],
    [
      'an unknown key of a version, and one of a script',
      modulesFile({ scripts: [{ exe: 'x' }], versions: [{ version: 'v1', includes: [], include: [] }] }),
      [
        'scripts[0] holds the unknown key "exe"; leave it out. Did you mean "env"?',
        'versions[0] holds the unknown key "includes"; leave it out. Did you mean "include"?',
      ],
    ],
    ['an address that is none', modulesFile({ url: 'http://<x>' }), ['url is not as it must be: it must begin with https://.']],
    ['no versions', { ...modulesFile(), versions: undefined }, ['versions is missing.']],
    [
      'a validity that there is not',
      modulesFile({ timeline: [{ date: '2025-01-01', versions: { v1: 'valid' } }] }),
      ['timeline[0].versions.v1 must be one of effective, warn, draft, deprecated.'],
    ],
    [
      'a day that there is not',
      modulesFile({ timeline: [{ date: '2025-02-30', versions: { v1: 'warn' } }] }),
      ['timeline[0].date is not as it must be: there is no such date.'],
    ],
    [
      'a version that is a number',
      modulesFile({ versions: [{ version: 1, include: [] }] }),
      ['versions[0].version must be of type string.'],
    ],
    [
      'ids that are there twice, and references to nothing, all at once',
      modulesFile({
        scripts: [{ executable: 'x', testcases: [{ id: 'a' }, { id: 'a' }] }],
        modules: [
          { id: 'm', targets: { main: ['b'] } },
          { id: 'm', targets: {} },
        ],
        timeline: [
          { date: '2025-01-01', versions: { v3: 'draft' } },
          { date: '2025-01-01', versions: {} },
        ],
        versions: [
          { version: 'v1', include: ['n'] },
          { version: 'v1', include: [{ ref: 'o' }] },
        ],
      }),
      [
        'scripts hold the testcase "a" more than once.',
        'modules hold "m" more than once.',
        'versions hold "v1" more than once.',
        'module "m" names the testcase "b" for the target "main", which no script holds. Did you mean "a"?',
        'version "v1" includes "n", which is no module of the file. Did you mean "m"?',
        'version "v1" includes "o", which is no module of the file. Did you mean "m"?',
        'timeline holds the date 2025-01-01 more than once.',
        'timeline of 2025-01-01 names the version "v3", which the file does not hold.',
      ],
    ],
    [
      'groups that include themselves, nothing, or a testcase of the same name',
      groupsFile({
        groups: [{ id: 'ring', include: ['other'] }, { id: 'other', include: ['ring', 'nobody'] }, { id: 'version-policy-check' }],
        versions: [{ version: 'v1', test: 'noone' }],
        timeline: [],
      }),
      [
        '"version-policy-check" is a group and a testcase as well.',
        'group "other" includes "nobody", which is no group and no testcase of the file.',
        'version "v1" names the test "noone", which is no group and no testcase of the file.',
        'group "ring" includes itself.',
        'group "other" includes itself.',
      ],
    ],
  ])('with %s', (_, document, problems) => {
    expect(problemsOf(document)).toEqual(problems);
  });

  test('with thousands of problems: the first thirty, and how many there are more', () => {
    const problems = problemsOf(
      modulesFile({ versions: [{ version: 'v1', include: Array.from({ length: 900 }, (_, i) => `n${i}`) }], timeline: [] }),
    );
    expect(problems).toHaveLength(31);
    expect(problems.at(-1)).toBe('and 870 more problems.');
  });

  test('with groups in layers that each name the next one many times', () => {
    const layers = Array.from({ length: 200 }, (_, i) => ({ id: `g${i}`, include: Array.from({ length: 50 }, () => `g${i + 1}`) }));
    const file = groupsFile({
      groups: [...layers, { id: 'g200', include: ['version-policy-check'] }],
      versions: [{ version: 'v1', test: 'g0' }],
      timeline: [],
    });
    expect(loadScope(file, 's.yaml').versions[0]?.members).toEqual([{ testcase: 'version-policy-check', module: 'g200', target: 'main' }]);
  });

  test('whatever stands in it: a scope or problems, and nothing else', () => {
    const forms = fc.constantFrom(modulesFile(), groupsFile());
    fc.assert(
      fc.property(forms, fc.string(), fc.jsonValue(), (form, key, value) => {
        const keys = Object.keys(form);
        const document = { ...form, [keys[key.length % keys.length] ?? key]: value };
        expect(problemsOf(document).every((problem) => problem.length > 0)).toBe(true);
      }),
    );
  });

  test('the bundled facts are plain data without texts of others', () => {
    const data = readFileSync(join(import.meta.dirname, '../../src/certificate-scope/data/scs-compatible-kaas.json'), 'utf8');
    expect(data).not.toContain('description');
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { configSettings, keyProblem, parseConfig, parseSet } from '../../src/inputs/config.js';
import { yamlLimits } from '../../src/text/read-yaml.js';

const valuesOf = (text: string): unknown => {
  const read = parseConfig(text);
  return 'values' in read ? read.values : read;
};
const problemsOf = (text: string): readonly string[] => {
  const read = parseConfig(text);
  return 'problems' in read ? read.problems : [];
};

describe('what a config file says', () => {
  test('inputs under their own names, keys in groups, at any depth', () => {
    const text = 'tier: active\nkind:\n  image: a/b\ne2e:\n  wait: 1h\n  sonobuoy:\n    image: c/d\n    version: v0.57.5\n';
    expect(valuesOf(text)).toEqual({
      tier: 'active',
      'kind.image': 'a/b',
      'e2e.wait': '1h',
      'e2e.sonobuoy.image': 'c/d',
      'e2e.sonobuoy.version': 'v0.57.5',
    });
  });

  test.each([
    ['1.30', '1.30'],
    ['1.3e1', '1.3e1'],
    ['007', '007'],
    ['0x10', '0x10'],
    ['true', 'true'],
    ['True', 'True'],
    ['yes', 'yes'],
    ['null', 'null'],
    ['~', '~'],
    ['2026-11-23', '2026-11-23'],
    ['2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z'],
    ['"1.30"', '1.30'],
    ["'a: b'", 'a: b'],
    ['>-\n  a\n  b', 'a b'],
    ['|\n  a\n  b', 'a\nb\n'],
  ])('%j is the text %j', (yaml, text) => {
    expect(valuesOf(`context: ${yaml}\n`)).toEqual({ context: text });
  });

  test('lists: one value, words, a list in two forms', () => {
    for (const yaml of ['scs-0210-v2, scs-0214-v2', '[scs-0210-v2, scs-0214-v2]', '\n  - scs-0210-v2\n  - scs-0214-v2'])
      expect(valuesOf(`standards: ${yaml}\n`)).toEqual({ standards: 'scs-0210-v2, scs-0214-v2' });
    expect(valuesOf('offered-versions: [1.30, 1.40]')).toEqual({ 'offered-versions': '1.30, 1.40' });
    expect(problemsOf('tier: [light]')).toEqual(['"tier" takes one value.']);
    expect(problemsOf('standards: [[a]]')).toEqual(['"standards" takes one value or a list of them.']);
    expect(problemsOf('standards: { a: b }')).toEqual(['"standards" takes one value or a list of them.']);
  });

  test.each(['', '\n\n', '# only a comment\n', '---\n', '---\n# a comment\n...\n', '{}', '\ufeff', 'kind:\n', 'e2e:\n  sonobuoy:\n'])(
    'nothing: %j',
    (text) => expect(valuesOf(text)).toEqual({}),
  );
});

describe('keys are strict', () => {
  test.each([
    ['teir: light', 'There is no key "teir". Did you mean "tier"?'],
    ['probe:\n  registri: x', 'There is no key "probe.registri". Did you mean "probe.registry"?'],
    ['e2e:\n  on-cancel: keep', 'There is no key "e2e.on-cancel". Did you mean "e2e.onCancel"?'],
    ['e2e:\n  sonobuoy:\n    sha: x', 'There is no key "e2e.sonobuoy.sha".'],
    ['image: x', 'There is no key "image".'],
    ['Tier: light', 'There is no key "Tier". Did you mean "tier"?'],
    ['probe.image: x', 'There is no key "probe.image"; write a mapping for each part.'],
    ['e2e:\n  sonobuoy.image: x', 'There is no key "e2e.sonobuoy.image"; write a mapping for each part.'],
    ['kind: 0.33.0', '"kind" takes a mapping, e.g. "kind.version".'],
    ['kind: [version]', '"kind" takes a mapping, e.g. "kind.version".'],
    ['tier:\n  name: light', '"tier" takes one value.'],
    ['tier: light\ntier: heavy', 'It is no valid YAML, line 2: duplicate key.'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])('%s is a key as any other', (key) => {
    expect(problemsOf(`${key}: x`)).toEqual([expect.stringContaining(`There is no key "${key}".`)]);
    expect(problemsOf(`${key}: { image: x }`)).toEqual([expect.stringContaining(`There is no key "${key}".`)]);
    expect(problemsOf(`kind: { ${key}: { image: x } }`)).toEqual([expect.stringContaining(`There is no key "kind.${key}".`)]);
    expect(parseSet([`${key}=x`])).toEqual({ values: {}, problems: [expect.stringContaining('There is no key "')] });
    expect(Object.hasOwn(Object.prototype, 'image')).toBe(false);
  });

  test('every problem is reported at once', () => {
    expect(problemsOf('teir: x\nkind: y\nconfig: z\nprobe:\n  a: b\n  image: [c]\n')).toHaveLength(5);
  });

  test('secrets stand in no config file, and the file names no other one', () => {
    const text = 'kubeconfig: hunter2\ngithub-token: ghp_secret\nconfig: other.yaml\n';
    const problems = problemsOf(text);
    expect(problems).toEqual([
      '"kubeconfig" cannot be set there, since it may be a secret; set the input or option "kubeconfig".',
      '"github-token" cannot be set there, since it may be a secret; set the input or option "github-token".',
      '"config" cannot be set there; set the input or option "config".',
    ]);
    expect(problems.join()).not.toMatch(/hunter2|ghp_/);
  });

  test('what a hostile key holds is one short line of plain text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (key) => {
        for (const problem of [
          ...problemsOf(JSON.stringify({ [key]: 'x' })),
          ...(keyProblem(key) === undefined ? [] : [keyProblem(key)]),
        ]) {
          expect(problem).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(problem?.length).toBeLessThan(300);
        }
      }),
    );
    expect(problemsOf('"x\\n::error::y\\e[31m": 1').join()).not.toMatch(/\p{Cc}/u);
    expect(problemsOf(`"${'k'.repeat(10_000)}": 1`)[0]?.length).toBeLessThan(200);
  });
});

describe('YAML that is none, or no configuration', () => {
  test.each([
    ['- tier: light\n', 'It holds no mapping; write one setting per line, e.g. "tier: active".'],
    ['light', 'It holds no mapping;'],
    ['[]', 'It holds no mapping;'],
    ['tier: light\n---\ntier: heavy\n', 'It holds several YAML documents; keep one.'],
    ['tier: "light', 'It is no valid YAML, line 1'],
    ['a: &a [x]\nb: *c\n', 'It uses YAML aliases'],
    ['? [a]\n: b\n', 'a list or a mapping is no key'],
    ['['.repeat(200), `It is nested deeper than ${yamlLimits.depth} levels.`],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  test('an anchor that is used again and again costs nothing', () => {
    const lines = ['a: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++) lines.push(`k${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
    const begun = performance.now();
    expect(problemsOf(lines.join('\n'))).toEqual([expect.stringContaining('It uses YAML aliases')]);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test('few anchors are fine', () => {
    expect(valuesOf('probe:\n  registry: &m mirror.example/k8s\ne2e:\n  registry: *m\n')).toEqual({
      'probe.registry': 'mirror.example/k8s',
      'e2e.registry': 'mirror.example/k8s',
    });
  });
});

describe('--set KEY=VALUE', () => {
  test('values as in an input, with any characters', () => {
    expect(parseSet(['probe.patience=60s', 'e2e.focus=a=b|c', 'context=', 'standards=a, b'])).toEqual({
      values: { 'probe.patience': '60s', 'e2e.focus': 'a=b|c', context: '', standards: 'a, b' },
      problems: [],
    });
  });
  test.each([
    ['probe.patience', '"=" is missing'],
    ['=60s', '"=" is missing'],
    ['', '"=" is missing'],
    ['probe.patiense=1s', 'Option "--set": There is no key "probe.patiense". Did you mean "probe.patience"?'],
    ['kubeconfig=x', 'Option "--set": "kubeconfig" cannot be set there'],
    ['probe=x', 'Option "--set": There is no key "probe".'],
  ])('%j does not do', (word, problem) => {
    expect(parseSet([word]).problems).toEqual([expect.stringContaining(problem)]);
  });
  test('a key twice', () => {
    expect(parseSet(['tier=light', 'tier=heavy']).problems).toEqual(['Option "--set" gives "tier" twice; give it once.']);
  });
  test('every key that a config file takes', () => {
    for (const { name } of configSettings) expect(parseSet([`${name}=x`])).toEqual({ values: { [name]: 'x' }, problems: [] });
  });
});

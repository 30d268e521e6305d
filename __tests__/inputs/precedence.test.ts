import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { configSettings } from '../../src/inputs/config.js';
import { layersOf, type GivenLayers, type RawInputs } from '../../src/inputs/layers.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { parseInputs } from '../../src/inputs/parse.js';
import { Reader, settings } from '../../src/inputs/reader.js';
import { UserError } from '../../src/model/errors.js';
import { known } from '../helpers/settings.js';

const surfaces = ['action', 'terminal'] as const;
type Surface = (typeof surfaces)[number];
const read = (raw: RawInputs, others: GivenLayers, surface: Surface): Reader<string> =>
  new Reader<string>(settings, layersOf(raw, surface, others), surface);
const isInput = (name: string): boolean => inputSpecs.some((spec) => spec.name === name);
const problemsOf = (raw: RawInputs, others: GivenLayers, surface: Surface = 'action'): readonly string[] => {
  try {
    parseInputs(raw, known, surface, others);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
};
const inFile = (values: RawInputs): GivenLayers => ({ config: { values, name: '.github/scs-kaas.yaml' } });

describe('input or option, then --set, then the config file, then the default', () => {
  const place = fc.constantFrom(undefined, '', ' \n', 'value');
  test.each(surfaces)('of every setting, in %s', (surface) => {
    fc.assert(
      fc.property(fc.constantFrom(...settings), place, place, place, (spec, input, set, config) => {
        const { name } = spec;
        const text = (value: string | undefined, where: string): string | undefined => (value === 'value' ? ` from ${where} ` : value);
        const raw = isInput(name) ? { [name]: text(input, 'input') } : {};
        const others: GivenLayers = {
          set: { [name]: text(set, 'set') },
          config: { values: { [name]: text(config, 'config') }, name: 'c.yaml' },
        };
        const reader = read(raw, others, surface);
        const given = [
          [raw[name], 'input'],
          [set, 'set'],
          [config, 'config'],
        ] as const;
        const first = given.find(([value]) => value !== undefined && value.trim() !== '')?.[1];
        const expression = spec.default.startsWith('${{') ? '' : spec.default;
        const fallback = surface === 'terminal' ? (spec.terminalDefault ?? expression) : expression;
        // What only a workflow has is nothing on a terminal, also in a file that both share.
        if (surface === 'terminal' && spec.only === 'action') expect(reader.text(name)).toBe(fallback);
        else {
          expect(reader.text(name)).toBe(first === undefined ? fallback : `from ${first}`);
          expect(reader.isExplicit(name)).toBe(first === 'input' || first === 'set');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a value that is the default counts as an input', () => {
    for (const spec of configSettings.filter(({ name, default: text }) => isInput(name) && text !== '')) {
      const reader = read({ [spec.name]: spec.default }, inFile({ [spec.name]: 'of the file' }), 'action');
      expect([spec.name, reader.text(spec.name)]).toEqual([spec.name, spec.default]);
    }
    expect(parseInputs({ tier: 'light' }, known, 'action', inFile({ tier: 'heavy' })).checks.tier).toBe('light');
    expect(parseInputs({ 'fail-on': 'fail:must' }, known, 'action', inFile({ 'fail-on': 'never' })).reports.failOn).toHaveLength(1);
    expect(parseInputs({ offline: 'false' }, known, 'action', inFile({ offline: 'true' })).documents.offline).toBe(false);
  });

  test('lists are replaced, not joined', () => {
    const file = inFile({ standards: 'scs-0210-v2', reports: 'json' });
    const { checks, reports } = parseInputs({ standards: 'scs-0214-v2', reports: 'summary' }, known, 'action', file);
    expect([checks.standards, reports.reports]).toEqual([['scs-0214-v2'], ['summary']]);
  });
});

describe('how errors name a setting', () => {
  test.each<[string, RawInputs, GivenLayers, Surface, string]>([
    ['an input', { tier: 'x' }, {}, 'action', 'Input "tier" is "x"'],
    ['an option', { tier: 'x' }, {}, 'terminal', 'Option "--tier" is "x"'],
    ['--set', {}, { set: { tier: 'x' } }, 'terminal', 'Option "--set tier" is "x"'],
    ['a key of the config file in --set', {}, { set: { 'probe.nodes': 'x' } }, 'terminal', 'Option "--set probe.nodes" is "x"'],
    ['the config file', {}, inFile({ tier: 'x' }), 'action', '"tier" in .github/scs-kaas.yaml is "x"'],
    ['a key in it', {}, inFile({ 'probe.nodes': 'x' }), 'terminal', '"probe.nodes" in .github/scs-kaas.yaml is "x"'],
  ])('%s', (_, raw, others, surface, name) => {
    expect(problemsOf(raw, others, surface)).toEqual([expect.stringContaining(name)]);
  });

  test('the place that counts is named, and a wrong value that does not count is no error', () => {
    expect(problemsOf({ tier: 'x' }, inFile({ tier: 'y' }))).toEqual([expect.stringMatching(/^Input "tier" is "x"/)]);
    expect(problemsOf({ tier: 'light' }, inFile({ tier: 'y' }))).toEqual([]);
  });

  test('what is wrong with the file holds no secret that stands in it by mistake', () => {
    const secret = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln';
    expect(problemsOf({}, inFile({ tier: secret, 'probe.nodes': secret })).join()).not.toContain(secret);
  });
});

describe('a contradiction is an error for what was set for this run', () => {
  const heavy = { 'e2e.focus': 'Pods', 'e2e.owner': 'us', 'e2e.registry': 'm', 'e2e.sonobuoy.version': '0.57.5' };
  test.each<[string, RawInputs, RawInputs]>([
    ['kind', { cluster: 'kubeconfig' }, { 'kind.version': '0.33.0' }],
    ['an image of kind', { cluster: 'snapshot:x' }, { 'kind.image': 'a' }],
    ['a version of Kubernetes', { cluster: 'embedded' }, { 'kubernetes-version': '1.36' }],
    ['a configuration of kind', {}, { 'kind-config': 'k.yaml' }],
    ['a context', { cluster: 'kind' }, { context: 'staging' }],
    ['a tier', { cluster: 'embedded' }, { tier: 'heavy' }],
    ['a subject', { cluster: 'kind' }, { subject: 'example' }],
    ['a mirror', { tier: 'light' }, { 'probe.registry': 'm' }],
    ['a pull secret', { tier: 'light' }, { 'probe.pullSecretFrom': 'env:X' }],
    ['exceptions', { tier: 'light' }, { 'data.exceptions': 'x.yaml' }],
    ...Object.entries(heavy).map(([key, value]): [string, RawInputs, RawInputs] => [key, { tier: 'active' }, { [key]: value }]),
  ])('%s: fine in the file, an error by --set', (_, raw, setting) => {
    expect(problemsOf(raw, inFile(setting), 'terminal')).toEqual([]);
    const [name = ''] = Object.keys(setting);
    const problems = problemsOf(raw, { set: setting }, 'terminal');
    expect(problems).toEqual([expect.stringContaining(`ption "--set ${name}" is given`)]);
    if (isInput(name)) {
      expect(problemsOf({ ...raw, ...setting }, {}, 'terminal')).toEqual([expect.stringContaining(`Option "--${name}" is given`)]);
      expect(problemsOf({ ...raw, ...setting }, {}, 'action')).toEqual([expect.stringContaining(`Input "${name}" is given`)]);
    }
  });

  test('of two settings for one matter the earlier place counts; in one place, or both for this run, they are an error', () => {
    const kind = { cluster: 'kind', 'kubernetes-version': '1.36' };
    const { cluster } = parseInputs(kind, known, 'action', inFile({ 'kind.image': 'a/b' }));
    expect(cluster).toMatchObject({ kind: { kubernetesVersion: '1.36', image: undefined } });
    expect(problemsOf(kind, { set: { 'kind.image': 'a/b' } }, 'terminal')).toEqual([
      'Option "--kubernetes-version" and option "--set kind.image" are both given; the image decides the version, so give one.',
    ]);
    const both = { 'probe.image': 'a', 'probe.registry': 'b' };
    expect(problemsOf({ tier: 'active' }, inFile(both))).toEqual([expect.stringContaining('are both given; the image names its registry')]);
    const set = { set: { 'probe.registry': 'b' }, ...inFile({ 'probe.image': 'a' }) };
    expect(parseInputs({ tier: 'active' }, known, 'terminal', set).probes).toMatchObject({ image: undefined, registry: 'b' });
  });

  test('the mirror of the probes serves the end-to-end tests too, unless they have their own', () => {
    const registryOf = (values: RawInputs): string | undefined =>
      parseInputs({ tier: 'heavy' }, known, 'action', inFile(values)).e2e.images.registry;
    expect(registryOf({ 'probe.registry': 'm/k8s/' })).toBe('m/k8s');
    expect(registryOf({ 'probe.registry': 'm', 'e2e.registry': 'n' })).toBe('n');
    expect(registryOf({ 'probe.registry': 'm', 'e2e.image': 'n/conformance' })).toBeUndefined();
  });
});

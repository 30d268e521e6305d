import { describe, expect, test } from '@jest/globals';
import { configSettings } from '../../src/inputs/config.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { mergeSpecs, uploadSpecs } from '../../src/inputs/list-actions.js';
import { configSpecs } from '../../src/inputs/list-config.js';
import { mergeOutputSpecs, outputSpecs, uploadOutputSpecs, type OutputSpec } from '../../src/inputs/outputs.js';
import { parseFlag, splitWords } from '../../src/inputs/reader.js';
import { describe as described, groups, type Setting } from '../../src/inputs/spec.js';
import { clusterReporters, defaultFleetReports, defaultReports, fleetReporters, parseReports } from '../../src/reporters/index.js';
import { known, parseSettings } from '../helpers/settings.js';

const lists: readonly (readonly [string, readonly Setting[]])[] = [
  ['check', inputSpecs],
  ['merge', mergeSpecs],
  ['upload', uploadSpecs],
  ['config', configSpecs],
];
const outputs: readonly (readonly [string, readonly OutputSpec[]])[] = [
  ['check', outputSpecs],
  ['merge', mergeOutputSpecs],
  ['upload', uploadOutputSpecs],
];
const named = (name: string, specs: readonly Setting[]): Setting | undefined => specs.find((spec) => spec.name === name);

test('the check has few inputs and outputs', () => {
  expect(inputSpecs.length).toBeLessThanOrEqual(24);
  expect(outputSpecs.length).toBeLessThanOrEqual(16);
});

describe.each(lists)('settings of %s', (which, specs) => {
  test('names: each once, in kebab case; keys of the config file are paths', () => {
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    for (const { name } of specs)
      expect(name).toMatch(which === 'config' ? /^[a-z][a-z0-9]*(\.[a-z][a-zA-Z0-9]*)+$/ : /^[a-z][a-z0-9]*(-[a-z]+)*$/);
  });

  test('descriptions: a noun phrase and sentences, short enough for the Marketplace with the default', () => {
    for (const spec of specs) {
      const text = described(spec);
      expect([spec.name, text.length <= 125, text]).toEqual([spec.name, true, text]);
      expect(text).toMatch(/^[A-Z`][^\n]*\.$/);
      expect(text.match(/Default: /g)?.length ?? 0).toBeLessThanOrEqual(1);
      // The language of the project.
      expect(text).not.toMatch(/\b(?:alone|upstream|judged?|looked?|for want of|is none)\b/);
    }
  });

  test('flags default to true or false, choices to one of their values', () => {
    for (const { name, takes, values, default: fallback } of specs) {
      if (takes === 'flag' && name !== 'dry-run') expect(parseFlag(fallback)).toBeDefined();
      if (values !== undefined) expect(values).toContain(fallback);
    }
  });

  test('secrets have no default but that of the runner', () => {
    for (const { secret, default: fallback, terminalDefault } of specs.filter((spec) => spec.secret === true))
      expect([secret, ['', '${{ github.token }}'].includes(fallback), terminalDefault ?? '']).toEqual([true, true, '']);
  });

  test('what only an action has does nothing on a terminal', () => {
    for (const { only, default: fallback, terminalDefault } of specs) if (only === 'action') expect(terminalDefault ?? fallback).toBe('');
  });
});

test('inputs of the check stand together by their groups, in their order', () => {
  expect(inputSpecs.map(({ group }) => group).filter((group, i, all) => group !== all[i - 1])).toEqual([...groups]);
});

test.each(outputs)('outputs of %s', (_, specs) => {
  expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
  for (const { name, description } of specs) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(description).toMatch(/^[A-Z][^\n]{1,124}\.$/);
  }
});

test('an input of several actions is the same in each', () => {
  for (const spec of mergeSpecs) {
    const other = named(spec.name, inputSpecs);
    if (other === undefined) continue;
    expect([spec.name, spec.takes, spec.group, spec.secret, spec.only]).toEqual([
      other.name,
      other.takes,
      other.group,
      other.secret,
      // A terminal names no folder for the reports of several clusters.
      spec.name === 'output-directory' ? 'action' : other.only,
    ]);
  }
});

test('the config file holds every input but secrets and its own path', () => {
  const missing = inputSpecs.map(({ name }) => name).filter((name) => named(name, configSettings) === undefined);
  expect(missing).toEqual(['kubeconfig', 'config', 'github-token']);
  expect(configSettings).toHaveLength(inputSpecs.length - missing.length + configSpecs.length);
});

describe('defaults', () => {
  test('the reports are those of the reporters', () => {
    for (const [specs, wanted, offered] of [
      [inputSpecs, defaultReports, clusterReporters],
      [mergeSpecs, defaultFleetReports, fleetReporters],
    ] as const) {
      const words = splitWords(named('reports', specs)?.default ?? '');
      expect(words).toEqual([...wanted]);
      expect(parseReports(words, offered, 'x').problems).toEqual([]);
    }
    // It names the default by itself, since it is long.
    expect(described(named('reports', inputSpecs)!)).toContain(`Default: ${defaultReports.join(', ')}.`);
  });

  test.each(['action', 'terminal'] as const)('are valid on the surface %s, by themselves and together', (surface) => {
    expect(known.standards.length).toBeGreaterThan(0);
    expect(() => parseSettings({}, surface)).not.toThrow();
    const own = Object.fromEntries(
      [...inputSpecs, ...configSpecs].flatMap((spec: Setting) =>
        spec.default === '' || spec.default.startsWith('${{') || spec.name.startsWith('e2e.') ? [] : [[spec.name, spec.default]],
      ),
    );
    expect(parseSettings(own, surface)).toEqual({
      ...parseSettings({}, surface),
      reports: { ...parseSettings({}, surface).reports, reports: surface === 'action' ? defaultReports : [] },
    });
  });
});

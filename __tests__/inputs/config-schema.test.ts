import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { configSettings, parseConfig } from '../../src/inputs/config.js';
import { configJsonSchema, configSchemaVersion } from '../../src/inputs/config-schema.js';
import { inputSpecs } from '../../src/inputs/list.js';
import type { Setting } from '../../src/inputs/spec.js';
import { schemaId } from '../../src/model/schema-id.js';

const schema = configJsonSchema();
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** A mapping of mappings, by the path of a key. */
const at = (path: string, value: unknown): unknown => path.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
const taken = (document: unknown): boolean => 'values' in parseConfig(JSON.stringify(document));

/** What a user may write for a setting. */
const valuesOf = (spec: Setting): readonly unknown[] => {
  if (spec.values !== undefined) return spec.values;
  if (spec.takes === 'flag') return [true, false, 'true', 'False', 'TRUE'];
  return ['text', 1.5, true, ...(spec.takes === 'list' ? [['a', 'b'], [], [1.5]] : [])];
};

test('draft 2020-12 compiles it, and its id says where it is published', () => {
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema['$id']).toBe(schemaId(`config-${configSchemaVersion}`));
  expect(schema['$id']).toMatch(/^https:\/\/.*\/docs\/schemas\/config-1\.json$/);
});

describe('schema and parser take the same', () => {
  test.each(configSettings.map((spec) => [spec.name, spec] as const))('%s', (name, spec) => {
    for (const value of valuesOf(spec)) expect([value, validate(at(name, value)), taken(at(name, value))]).toEqual([value, true, true]);
    for (const value of [{ a: 'b' }, [['a']], ...(spec.takes === 'list' ? [] : [['a']])])
      expect([value, validate(at(name, value)), taken(at(name, value))]).toEqual([value, false, false]);
  });

  test.each(['kubeconfig', 'github-token', 'config'])('the input %s stands in no file', (name) => {
    expect([validate({ [name]: 'x' }), taken({ [name]: 'x' })]).toEqual([false, false]);
  });

  test('every other input does', () => {
    const names = configSettings.map(({ name }) => name);
    expect(inputSpecs.map(({ name }) => name).filter((name) => !names.includes(name as (typeof names)[number]))).toEqual([
      'kubeconfig',
      'config',
      'github-token',
    ]);
  });

  const part = fc.oneof(
    fc.constantFrom(...new Set(configSettings.flatMap(({ name }) => name.split('.')))),
    fc.stringMatching(/^[a-zA-Z_-]{1,12}$/),
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  );
  test('every unknown key is invalid, at any depth', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const path = parts.join('.');
        const known = configSettings.some(({ name }) => name === path);
        const isGroup = configSettings.some(({ name }) => name.startsWith(`${path}.`));
        const document = JSON.parse(parts.reduceRight((inner, one) => `{${JSON.stringify(one)}:${inner}}`, '["x"]')) as unknown;
        const text = JSON.parse(parts.reduceRight((inner, one) => `{${JSON.stringify(one)}:${inner}}`, '"light"')) as unknown;
        if (isGroup) return;
        expect([path, taken(text)]).toEqual([path, known]);
        expect([path, validate(document) || validate(text)]).toEqual([path, validate(document) || (known && validate(text))]);
        if (!known) expect([path, validate(text), validate(document)]).toEqual([path, false, false]);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('an empty file, and a group with nothing in it, say nothing to both', () => {
  for (const document of [{}, { kind: {} }, { e2e: { sonobuoy: {} } }]) expect([validate(document), taken(document)]).toEqual([true, true]);
});

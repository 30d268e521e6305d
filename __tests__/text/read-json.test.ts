import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonLimits, readJson, TooMuchJson } from '../../src/text/read-json.js';

test('what JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(readJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each<[string, string]>([
  ['lists in lists, closed', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['lists in lists, left open', '['.repeat(10_000_000)],
  ['objects in objects', '{"a":'.repeat(100_000)],
  ['a list behind many closed ones', `[${'[],'.repeat(1_000)}${'['.repeat(jsonLimits.depth)}`],
  ['many empty objects', `[${'{},'.repeat(5_000_000)}{}]`],
  ['many numbers', `[${'1,'.repeat(5_000_000)}1]`],
  ['many keys', `{${'"a":1,'.repeat(1_000_000)}"a":1}`],
])('more than is read: %s', (_, text) => {
  expect(() => readJson(text)).toThrow(TooMuchJson);
});

test.each<[string, string]>([
  ['brackets within a text', JSON.stringify(['[{,"\\'.repeat(1_000_000)])],
  ['a quote behind a backslash', JSON.stringify(['\\"[', '\\\\'])],
  ['nesting within bounds', '['.repeat(jsonLimits.depth) + ']'.repeat(jsonLimits.depth)],
  ['as many values as may be', `[${'1,'.repeat(jsonLimits.values - 2)}1]`],
])('read: %s', (_, text) => {
  expect(JSON.stringify(readJson(text))).toBe(text);
});

test.each(['', '{', '"', '"\\', '[1,]', 'NaN', ']]]', '"a" "b"'])('no JSON: %s', (text) => {
  expect(() => readJson(text)).toThrow(SyntaxError);
});

test('whatever is in texts: brackets, commas, quotes and backslashes within them count for nothing', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ',', 'a'), maxLength: 30 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      const json = JSON.stringify(texts);
      expect(readJson(json, { values: texts.length + 1, depth: 1 })).toEqual(texts);
      if (texts.length > 2) expect(() => readJson(json, { values: texts.length - 2, depth: 1 })).toThrow(TooMuchJson);
    }),
  );
});

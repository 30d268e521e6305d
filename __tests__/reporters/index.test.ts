import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reporters } from '../../src/reporters/index.js';
import { demoOptions, realisticReport } from '../helpers/report.js';

const folder = join(import.meta.dirname, '..', '..', 'src', 'reporters');

test('names are unique and in kebab-case', () => {
  expect(new Set(reporters.map((r) => r.name)).size).toBe(reporters.length);
  for (const { name } of reporters) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test('every file that declares a reporter is in the list: add it to src/reporters/index.ts', () => {
  const declared = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/: Reporter = \{\s+name: '([^']+)'/g)].map((m) => m[1]),
  );
  expect(declared.sort()).toEqual(reporters.map((r) => r.name).sort());
});

test('a reporter changes nothing in the report', () => {
  const frozen = <T>(value: T): T => {
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(Object.freeze(value))) frozen(inner);
    return value;
  };
  const report = frozen(realisticReport());
  for (const reporter of reporters) expect(reporter.report(report, demoOptions)).toEqual(reporter.report(realisticReport(), demoOptions));
});

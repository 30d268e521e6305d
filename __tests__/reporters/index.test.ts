import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputSpecs } from '../../src/inputs/outputs.js';
import {
  clusterReporters,
  defaultReports,
  fleetReporters,
  outputFormats,
  outputReporters,
  parseReports,
  reporters,
} from '../../src/reporters/index.js';
import { deliveryOf } from '../helpers/delivered.js';
import { realisticReport } from '../helpers/report.js';

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
  for (const { name } of clusterReporters) expect(deliveryOf(name, report)).toEqual(deliveryOf(name, realisticReport()));
});

test('each has a description that fits a line of help, and renders something', () => {
  for (const { description, report, fleet } of reporters) {
    expect(description.length).toBeLessThanOrEqual(140);
    expect(description).toMatch(/^[A-Z].*[^.]$/);
    expect(report ?? fleet).toBeDefined();
  }
});

test('files are in kebab-case, and no two reporters write the same file or output', () => {
  for (const { file } of outputReporters) expect(file).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+$/);
  expect(new Set(outputReporters.map((r) => r.file)).size).toBe(outputReporters.length);
  const outputs = outputReporters.flatMap((r) => r.output ?? []);
  expect(new Set(outputs).size).toBe(outputs.length);
  // Declared for every workflow; other files are in `report-files`.
  expect(outputSpecs.map(({ name }) => name)).toEqual(expect.arrayContaining(outputs));
});

test('what is reported without a word, and what the commands offer, are of the list', () => {
  expect(parseReports(defaultReports, clusterReporters, 'x').problems).toEqual([]);
  expect(outputFormats.check).toEqual(expect.arrayContaining(['table', 'json', 'markdown', 'snapshot', 'junit', 'scs-report']));
  const merged = fleetReporters.map((r) => r.name);
  expect(merged).toEqual(expect.arrayContaining(['log', 'summary', 'comment', 'table', 'json', 'markdown', 'scs-report']));
  // The facts of a cluster are in no report.
  expect(merged).not.toContain('snapshot');
});

import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { reportSchema, type Report } from '../../src/model/report.js';
import { reportJson, reportJsonSchema } from '../../src/reporters/json.js';
import { deliveryOf } from '../helpers/delivered.js';
import {
  compliantReport,
  emptyReport,
  hostileReport,
  hugeReport,
  incompleteReport,
  realisticReport,
  wideReport,
  withStrings,
} from '../helpers/report.js';

const validate = new Ajv2020({ allErrors: true }).compile(reportJsonSchema());
const reversed = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reversed)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([k, v]) => [k, reversed(v)]),
        )
      : value;

describe('the JSON report', () => {
  test.each([
    ['realistic', realisticReport()],
    ['compliant', compliantReport()],
    ['incomplete', incompleteReport()],
    ['empty', emptyReport()],
    ['hostile', hostileReport()],
    ['huge', hugeReport(5_000, 5)],
    ['wide', wideReport()],
  ])('%s: validates against the published schema and holds the report as it is', (_, report) => {
    const parsed: unknown = JSON.parse(reportJson(report));
    expect(validate(parsed) ? [] : validate.errors).toEqual([]);
    expect(parsed).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('the order of keys does not depend on how the report was built', () => {
    expect(reportJson(reversed(realisticReport()) as Report)).toBe(reportJson(realisticReport()));
    expect(Object.keys(JSON.parse(reportJson(realisticReport())) as object).slice(0, 8)).toEqual([
      '$schema',
      'schemaVersion',
      'tool',
      'now',
      'checkedAt',
      'tier',
      'verdict',
      'headline',
    ]);
  });

  test('two spaces, one newline at the end, a file with its output', () => {
    const file = deliveryOf('json', realisticReport());
    expect(file).toMatchObject({ kind: 'file', format: 'json', name: 'scs-kaas-report.json' });
    expect(file?.kind === 'file' && file.text).toMatch(/^\{\n {2}"\$schema": "https:.*",\n {2}"schemaVersion": "2\.0",\n[\s\S]*[^\n]\n$/);
  });

  test('printed in a workflow it holds no command, and reads back the same', () => {
    const report = withStrings(realisticReport(), (text) => `##[error]\\##[group]${text}`);
    expect(reportJson(report)).not.toMatch(/##\[|^\s*::/m);
    expect(JSON.parse(reportJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('a report that does not follow its own schema is an error, not a file', () => {
    expect(() => reportJson({ ...realisticReport(), verdict: 'fine' } as unknown as Report)).toThrow();
  });
});

describe('the schema', () => {
  test('refuses a report without a verdict, with an unknown outcome, with a requirement without reason', () => {
    const report = JSON.parse(reportJson(realisticReport())) as { verdict?: string; requirements: { outcome: string; message?: string }[] };
    const broken = [structuredClone(report), structuredClone(report), structuredClone(report)] as const;
    delete broken[0].verdict;
    broken[1].requirements[0]!.outcome = 'ok';
    delete broken[2].requirements[0]!.message;
    expect(broken.map((b) => validate(b))).toEqual([false, false, false]);
  });

  test('takes a report of a later minor, with one field more', () => {
    expect(validate({ ...(JSON.parse(reportJson(realisticReport())) as object), later: true })).toBe(true);
  });

  test('names its version and draft', () => {
    expect(reportJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://raw.githubusercontent.com/scs-kaas/scs-kaas/main/docs/schemas/report-2.0.json',
      title: 'scs-kaas report 2.0',
      type: 'object',
    });
    expect(Object.keys(reportJsonSchema()['properties'] as object)).toEqual(Object.keys(reportSchema.shape));
  });
});

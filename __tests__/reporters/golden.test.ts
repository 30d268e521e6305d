import { describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/model/report.js';
import { clusterReporters, type ReporterOptions } from '../../src/reporters/index.js';
import { deliveryOf, filesOf } from '../helpers/delivered.js';
import { expectGolden } from '../helpers/golden.js';
import {
  compliantReport,
  demoOptions,
  emptyReport,
  hostileReport,
  hugeReport,
  incompleteReport,
  realisticReport,
  testedReport,
} from '../helpers/report.js';

const reports: Readonly<Record<string, () => Report>> = {
  realistic: realisticReport,
  tested: testedReport,
  compliant: compliantReport,
  incomplete: incompleteReport,
  empty: emptyReport,
  hostile: hostileReport,
  huge: () => hugeReport(5_000, 12),
};

/** Forms that hold what another one holds: they have no golden file of their own. */
const sameAs: Readonly<Record<string, string>> = { table: 'log', markdown: 'summary' };

const textsOf = (name: string, report: Report, options: ReporterOptions): readonly (readonly [string, string])[] => {
  const delivery = deliveryOf(name, report, options);
  return delivery === undefined ? [] : filesOf(name, delivery);
};

describe.each(Object.keys(reports))('the %s report', (which) => {
  const report = reports[which]!();
  test.each(clusterReporters.map((r) => r.name))('%s as its golden file', (name) => {
    const same = sameAs[name];
    const wide = { ...demoOptions, width: 100 };
    if (same === undefined) for (const [file, text] of textsOf(name, report, demoOptions)) expectGolden(`reporters/${which}/${file}`, text);
    else expect(textsOf(name, report, wide).map(([, text]) => text)).toEqual(textsOf(same, report, wide).map(([, text]) => text));
  });
});

describe('the realistic report in a log', () => {
  test.each([
    ['80 columns, colours', { colour: true }, 'log-80-colour.txt'],
    ['120 columns', { width: 120 }, 'log-120.txt'],
    ['120 columns, verbose', { width: 120, verbose: true }, 'log-120-verbose.txt'],
  ])('%s', (_, options, file) => {
    for (const [, text] of textsOf('log', realisticReport(), { ...demoOptions, ...options }))
      expectGolden(`reporters/realistic/${file}`, text);
  });
});

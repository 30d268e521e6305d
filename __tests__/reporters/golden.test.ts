import { describe, test } from '@jest/globals';
import type { Delivery } from '../../src/model/delivery.js';
import type { Report } from '../../src/model/report.js';
import { reporters } from '../../src/reporters/index.js';
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

const filesOf = (name: string, d: Delivery): readonly (readonly [string, string])[] => {
  switch (d.kind) {
    case 'annotations':
      return [[`${name}.json`, `${JSON.stringify(d.annotations, null, 2)}\n`]];
    case 'job-summary':
      return [[`${name}.md`, d.markdown]];
    case 'pull-request-comment':
      return [
        ...d.variants.map((text, i) => [`${name}-${['full', 'medium', 'small'][i] ?? String(i)}.md`, `${text}\n`] as const),
        [`${name}-fingerprint.txt`, `${d.fingerprint}\n`],
      ];
    case 'file':
      // The markdown file is the job summary, byte for byte: tests of their own hold them together.
      return d.output === 'summary-file' ? [] : [[d.name, d.text]];
    case 'terminal':
      return [[`${name}.txt`, d.text]];
  }
};

describe.each(Object.keys(reports))('the %s report', (which) => {
  const report = reports[which]!();
  test.each(reporters.map((r) => r.name))('%s as its golden file', (name) => {
    for (const delivery of reporters.find((r) => r.name === name)!.report(report, demoOptions))
      for (const [file, text] of filesOf(name, delivery)) expectGolden(`reporters/${which}/${file}`, text);
  });
});

describe('the realistic report on a terminal', () => {
  test.each([
    ['80 columns, colours', { colour: true }, 'terminal-80-colour.txt'],
    ['120 columns', { width: 120 }, 'terminal-120.txt'],
    ['120 columns, verbose', { width: 120, verbose: true }, 'terminal-120-verbose.txt'],
  ])('%s', (_, options, file) => {
    const terminal = reporters.find((r) => r.name === 'terminal')!;
    for (const d of terminal.report(realisticReport(), { ...demoOptions, ...options }))
      if (d.kind === 'terminal') expectGolden(`reporters/realistic/${file}`, d.text);
  });
});

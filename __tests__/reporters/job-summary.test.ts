import { describe, expect, test } from '@jest/globals';
import { limits } from '../../src/model/limits.js';
import type { Report } from '../../src/model/report.js';
import { utf8Bytes } from '../../src/reporters/fit.js';
import { jobSummary, markdownFile, reporters } from '../../src/reporters/index.js';
import { summaryMarkdown } from '../../src/reporters/job-summary.js';
import { rendered, tagsOf } from '../helpers/rendered.js';
import {
  compliantReport,
  demoOptions,
  emptyReport,
  hostileCases,
  hugeReport,
  incompleteReport,
  realisticReport,
  withStrings,
} from '../helpers/report.js';

/** What a reader sees without opening anything. */
const unfolded = (markdown: string): string => markdown.replace(/<details>[\s\S]*?<\/details>/g, '');
const at = (text: string, what: string): number => {
  expect(text).toContain(what);
  return text.indexOf(what);
};

test('the verdict stands first, then standards, steps, what is open, permissions, data, evidence', () => {
  const text = summaryMarkdown(realisticReport());
  const places = [
    '## ❌ non-compliant: 2 of 6 MUSTs of the main scope failed; looked at 11 of 14 requirements',
    'A kind cluster certifies nothing about a provider.',
    '### ❌ demo-0214-v2',
    '### What to do next',
    '### What expires soon',
    '### What could not be determined, and why',
    '### Missing permissions',
    '### Versions and data',
    '### Evidence',
  ].map((what) => at(text, what));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBe(0);
});

test('every requirement is listed', () => {
  const text = summaryMarkdown(realisticReport());
  for (const r of realisticReport().requirements) expect(text).toContain(`\`${r.id.split('/')[1] ?? ''}\` |`);
});

test('what failed and what could not be determined is seen, what passed and what was not looked at is folded', () => {
  const text = unfolded(summaryMarkdown(realisticReport()));
  for (const r of realisticReport().requirements)
    expect([r.id, text.includes(`<br>\`${r.id.split('/')[1] ?? ''}\` |`)]).toEqual([r.id, r.outcome === 'fail' || r.outcome === 'abort']);
});

test('steps for what is no part of the verdict are folded', () => {
  const text = summaryMarkdown(realisticReport());
  const steps = text.slice(text.indexOf('### What to do next'), text.indexOf('### What expires soon'));
  expect(unfolded(steps)).toContain('`demo-0214-v2/zone-label`');
  expect(unfolded(steps)).not.toContain('demo-0217-v1');
  expect(steps).toContain('<summary>For information, no part of the verdict: 1</summary>');
});

test('a standard of which only a SHOULD failed does not look like a broken one', () => {
  const text = summaryMarkdown(realisticReport());
  expect(text).toContain('### 🔶 demo-0219-v1');
  expect(text).toContain('### ❌ demo-0214-v2');
});

test('a standard in which something is open is not marked as passed', () => {
  expect(summaryMarkdown(incompleteReport())).not.toContain('✅');
  expect(summaryMarkdown(emptyReport())).not.toContain('✅');
  expect(summaryMarkdown(compliantReport())).toContain('### ✅ demo-0214-v2');
});

test('one reason that keeps several requirements open is said once', () => {
  const text = summaryMarkdown(incompleteReport());
  const section = text.slice(text.indexOf('### What could not'), text.indexOf('### Versions'));
  expect(section.match(/demo-version: GET \/version: connection refused/g)).toHaveLength(1);
  expect(section).toContain('`demo-0210-v2/patch-recency`, `demo-0210-v2/supported-branch`');
});

test('missing permissions: who asks, what they would settle, and the manifest folded', () => {
  const text = summaryMarkdown(realisticReport());
  expect(text).toContain(
    '| `get /metrics` | request limits as the API server counts them | `demo-0217-v1/node-restriction`, `demo-0217-v1/request-limits` |',
  );
  expect(text).toContain('(role `ask`)');
  expect(text).toContain('<summary>The manifest that grants them</summary>\n\n```yaml\nrules:');
});

describe('a hostile cluster', () => {
  /** Reasons and titles alike for both reports, so that only the texts' contents differ. */
  const skeleton = (prefix: string): readonly string[] => {
    const report: Report = withStrings(realisticReport(), (text) => `${prefix} ${text.replaceAll(/https?:/g, '')}`);
    return tagsOf(rendered(summaryMarkdown(report))).filter((tag) => !/^\/?code$/.test(tag));
  };
  const benign = skeleton('benign');
  test.each(hostileCases)('%s in every text changes no element of the page', (_, fragment) => {
    expect(skeleton(fragment)).toEqual(benign);
    expect(skeleton(`${fragment}x${fragment}`)).toEqual(benign);
  });
});

describe('within the platform’s limit', () => {
  const long = withStrings(hugeReport(60, 60), (text) => `${text} ${'漢'.repeat(2_000)}`);

  test('a report that is too long loses the evidence first and says so', () => {
    const text = summaryMarkdown(long);
    expect(utf8Bytes(text)).toBeLessThanOrEqual(limits.summaryBytes);
    expect(text).toMatch(/^## ❌ non-compliant/);
    expect(text).toMatch(/_Left out for want of space: .*the evidence.*The JSON report holds everything\._\n$/);
  });

  test.each([300_000, 60_000, 20_000, 5_000, 500])('%d bytes: the verdict stays, the rest goes by its importance', (limit) => {
    const text = summaryMarkdown(realisticReport({ caveats: ['漢字🧨'.repeat(20)] }), limit);
    expect(utf8Bytes(text)).toBeLessThanOrEqual(limit);
    expect(text).toMatch(/^## ❌ non-compliant: 2 of 6/);
    expect(text.isWellFormed()).toBe(true);
  });

  test('the tables of what failed outlive what to do, permissions and data', () => {
    const text = summaryMarkdown(realisticReport(), 4_500);
    expect(text).toContain('`zone-label` |');
    expect(text).not.toContain('### Evidence');
    expect(text).not.toContain('### Versions and data');
  });
});

test('a replay gives the same bytes, whatever the run', () => {
  const other = { ...demoOptions, run: { url: 'https://elsewhere.example/1', commit: 'fedcba', at: '2027-01-01T00:00:00Z' } };
  for (const reporter of reporters.filter((r) => r.name !== 'pull-request-comment'))
    expect(reporter.report(realisticReport(), other)).toEqual(reporter.report(realisticReport(), demoOptions));
});

test('the markdown file is the job summary', () => {
  const [summary] = jobSummary.report(realisticReport(), demoOptions);
  expect(markdownFile.report(realisticReport(), demoOptions)).toEqual([
    {
      kind: 'file',
      name: 'scs-kaas-summary.md',
      output: 'summary-file',
      text: summary?.kind === 'job-summary' ? summary.markdown : undefined,
    },
  ]);
});

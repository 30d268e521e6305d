import { describe, expect, test } from '@jest/globals';
import { limits } from '../../src/model/limits.js';
import type { Report } from '../../src/model/report.js';
import { utf8Bytes } from '../../src/reporters/fit.js';
import { clusterReporters } from '../../src/reporters/index.js';
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
  wideReport,
  withStrings,
} from '../helpers/report.js';
import { deliveryOf } from '../helpers/delivered.js';

/** What a reader sees without opening anything. */
const unfolded = (markdown: string): string => markdown.replace(/<details>[\s\S]*?<\/details>/g, '');
const at = (text: string, what: string): number => {
  expect(text).toContain(what);
  return text.indexOf(what);
};

test('the verdict stands first, then standards, steps, what is open, permissions, data, evidence', () => {
  const text = summaryMarkdown(realisticReport());
  const places = [
    '## ❌ non-compliant: 3 of 7 MUSTs of the certificate scope failed; looked at 13 of 16 requirements',
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
  expect(steps).toContain('<summary>Informative, no part of the verdict: 1</summary>');
});

test('a standard of which only a SHOULD failed does not look like a broken one', () => {
  const text = summaryMarkdown(realisticReport());
  expect(text).toContain('### 🔶 demo-0217-v1');
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

describe('much evidence', () => {
  const grid = '| by port range | ❌ | ❌ |';
  const cells = '| ingress/by-port-range | ingress |';

  test('where something is broken, the picture is seen and every observation is folded', () => {
    const text = summaryMarkdown(realisticReport());
    expect(unfolded(text)).toContain(grid);
    expect(unfolded(text)).toContain('✅ as it should be &nbsp; ❌ not as it should be &nbsp; ⚠️ could not be told &nbsp; · not asked');
    expect(text).toContain(cells);
    expect(unfolded(text)).not.toContain(cells);
    expect(at(text, grid)).toBeLessThan(at(text, '### What to do next'));
    expect(at(text, cells)).toBeGreaterThan(at(text, '### Evidence'));
  });

  test('where all is as it should be, the picture is folded too', () => {
    const text = summaryMarkdown(compliantReport());
    expect(text).toContain('| by port range | ✅ | ✅ |');
    expect(unfolded(text)).not.toContain('| by port range |');
  });

  test('more than a page can carry is cut, in the order of the report, and the text says so', () => {
    const text = summaryMarkdown(wideReport());
    expect(text).toContain('| cell-200 |');
    expect(text).not.toContain('| cell-201 |');
    expect(text).toContain('(3000 rows)');
    expect(text).toContain('… and 2800 more rows: the JSON report holds them.');
    expect(text).toContain('| ingress, worker-24 |');
    expect(text).toContain('… and 16 more columns: the JSON report holds them.');
  });

  test('for want of space every observation goes first, then the evidence, and the picture last', () => {
    const whole = utf8Bytes(summaryMarkdown(realisticReport()));
    const without = summaryMarkdown(realisticReport(), whole - 1);
    expect(without).not.toContain(cells);
    expect(without).toContain(
      '_Left out for want of space: every observation for demo-0219-v1/policy-matrix. The JSON report holds everything._',
    );
    expect(without).toContain('demo-0219-v1: what did not pass');
    const small = summaryMarkdown(realisticReport(), 9_500);
    expect(small).toContain(grid);
    expect(small).not.toContain('demo-0219-v1: what did not pass');
  });

  test('a picture or a table without a row is none', () => {
    const report = realisticReport();
    const empty = {
      ...report,
      requirements: report.requirements.map((r) => ({
        ...r,
        grid: { caption: 'no rows at all', columns: ['a'], rows: [] },
        table: { caption: 'no rows at all', columns: ['a'], rows: [] },
      })),
    };
    expect(summaryMarkdown(empty)).not.toContain('no rows at all');
  });

  test('rows that are too short or too long for their columns stay rows of the table', () => {
    const report = realisticReport();
    const odd = {
      ...report,
      requirements: report.requirements.map((r) =>
        r.grid === undefined
          ? r
          : {
              ...r,
              grid: {
                ...r.grid,
                rows: [
                  { label: 'short', marks: [] },
                  { label: 'long', marks: Array.from({ length: 9 }, () => 'met' as const) },
                ],
              },
              table: { caption: 'odd', columns: ['a', 'b'], rows: [['1'], ['1', '2', '3']] },
            },
      ),
    };
    const text = summaryMarkdown(odd);
    for (const row of ['| short | · | · |', '| long | ✅ | ✅ |', '| 1 |  |', '| 1 | 2 |']) expect(text.split('\n')).toContain(row);
  });
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
    expect(text).toMatch(/^## ❌ non-compliant: 3 of 7/);
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
  for (const { name } of clusterReporters.filter((r) => r.name !== 'comment'))
    expect(deliveryOf(name, realisticReport(), other)).toEqual(deliveryOf(name, realisticReport()));
});

import { describe, expect, test } from '@jest/globals';
import { limits } from '../../src/model/limits.js';
import type { Report } from '../../src/model/report.js';
import { foldEnd, foldStart } from '../../src/model/delivery.js';
import type { ReporterOptions } from '../../src/reporters/reporter.js';
import { deliveryOf } from '../helpers/delivered.js';
import { rendered, tagsOf } from '../helpers/rendered.js';
import {
  compliantReport,
  demoContext,
  demoOptions,
  emptyReport,
  hostileCases,
  hostileReport,
  hugeReport,
  incompleteReport,
  realisticReport,
  wideReport,
  withStrings,
} from '../helpers/report.js';

const of = (report: Report, options: Partial<ReporterOptions> = {}): { variants: readonly string[]; fingerprint: string } => {
  const delivery = deliveryOf('comment', report, { ...demoOptions, ...options });
  if (delivery?.kind !== 'comment') throw new Error('no comment');
  return delivery;
};

describe('the sizes of a section', () => {
  test.each([
    ['realistic', realisticReport()],
    ['compliant', compliantReport()],
    ['incomplete', incompleteReport()],
    ['empty', emptyReport()],
    ['hostile', hostileReport()],
    ['huge', hugeReport()],
    ['wide', wideReport()],
    ['long in every text', withStrings(hugeReport(60, 60), (t) => `${t} ${'|🧨'.repeat(2_000)}`)],
  ])('of the %s report fall and stay within the limits', (_, report) => {
    const { variants } = of(report);
    const sizes = variants.map((text) => text.length);
    expect(sizes).toHaveLength(3);
    expect(sizes[0]).toBeLessThanOrEqual(limits.commentFullCharacters);
    expect(sizes[1]).toBeLessThanOrEqual(Math.min(sizes[0]!, limits.commentMediumCharacters));
    expect(sizes[2]).toBeLessThan(1_500);
    expect(sizes[2]).toBeLessThanOrEqual(sizes[1]!);
    for (const text of variants) expect(text.isWellFormed()).toBe(true);
  });

  test('even the smallest says verdict, cluster, caveat and run', () => {
    const small = of(realisticReport()).variants[2]!;
    expect(small).toMatch(/^### ❌ non-compliant: 3 of 7 MUSTs/);
    expect(small).toContain('`scs-kaas-4711`');
    expect(small).toContain('A kind cluster certifies nothing about a provider.');
    expect(small).toContain('(https://github.com/example/cluster/actions/runs/4711)');
  });

  test('a table that is cut says how many rows are missing, most severe first', () => {
    const [full, medium] = of(hugeReport(20, 60)).variants;
    expect(full).toMatch(/and \d+ more requirements in the job summary/);
    expect(medium).toMatch(/and \d+ more requirements in the job summary/);
    expect(medium).toContain('`demo-0214-v2/zone-label-1`');
    expect(medium).not.toContain('demo-0215-v1');
  });
});

describe('parts that another job may drop', () => {
  test.each([
    ['realistic', realisticReport()],
    ['incomplete', incompleteReport()],
    ['hostile', hostileReport()],
    ['huge', hugeReport()],
  ])('open and close by turns on lines of their own in the %s report, and hold every folded detail', (_, report) => {
    for (const text of of(report).variants) {
      const marks = text.split('\n').filter((line) => line.includes('scs-kaas:fold') && line.startsWith('<!--'));
      expect(marks).toEqual(marks.map((__, i) => (i % 2 === 0 ? foldStart : foldEnd)));
      expect(marks.length % 2).toBe(0);
      expect(
        text
          .split(foldStart)
          .map((part) => (part.includes(foldEnd) ? part.split(foldEnd)[1] : part))
          .join(''),
      ).not.toContain('<details>');
      expect(text.match(/<!--/g) ?? []).toHaveLength(marks.length);
    }
    expect(of(report).variants[0]).toContain(foldStart);
  });
});

describe('a hostile cluster', () => {
  const allowed = /^(?:!--|\/?(?:h3|p|code|blockquote|table|thead|tbody|tr|th|td|br|ul|ol|li|details|summary|strong|sub|pre|em))$/;
  test.each(hostileCases)('%s in every text brings no element', (_, fragment) => {
    const report = withStrings(realisticReport(), (text) => `${fragment} ${text.replaceAll(/https?:/g, '')}${fragment}`);
    for (const text of of(report, { run: { at: '2026-11-23T18:00:00Z' } }).variants)
      expect(tagsOf(rendered(text)).filter((tag) => !allowed.test(tag))).toEqual([]);
  });
});

describe('what counts as a change', () => {
  const fingerprint = of(realisticReport()).fingerprint;
  test('another time, commit and run do not', () => {
    expect(
      of(realisticReport({ now: new Date('2026-11-24T18:00:00Z') }), {
        run: { url: 'https://github.com/example/cluster/actions/runs/4712', commit: 'fedcba', at: '2026-11-24T18:00:00Z' },
      }).fingerprint,
    ).toBe(fingerprint);
  });
  test('the name of a kind cluster, which is that of the run, does not', () => {
    expect(of(realisticReport({ cluster: { ...demoContext.cluster, name: 'scs-kaas-4712' } })).fingerprint).toBe(fingerprint);
  });
  test('how long something took does not', () => {
    const report = realisticReport();
    const took = (time: string): string =>
      of({
        ...report,
        requirements: report.requirements.map((r) => (r.grid === undefined ? r : { ...r, message: `4 of 21 cells, after ${time}` })),
      }).fingerprint;
    expect(took('21.4 s')).toBe(took('7 s'));
    expect(took('21.4 s')).not.toBe(took('never'));
  });
  test('another reason does', () => {
    expect(of(realisticReport({}, { 'demo-nodes': [{ name: 'worker-2', zone: '' }] })).fingerprint).not.toBe(fingerprint);
  });
  test('another verdict does, and shows in the fingerprint', () => {
    expect(fingerprint).toMatch(/^non-compliant-5-4-[0-9a-f]{16}$/);
    expect(of(compliantReport()).fingerprint).toMatch(/^compliant-0-0-/);
  });
  test('a new caveat does', () => expect(of(realisticReport({ caveats: [] })).fingerprint).not.toBe(fingerprint));
});

test('what is no part of the verdict is folded, apart from what is', () => {
  const [full, medium] = of(realisticReport()).variants;
  const [seen = '', folded = ''] = (full ?? '').split(foldStart);
  expect(seen).toContain('`demo-0219-v1/default-ingress-class`');
  expect(seen).not.toContain('demo-0217-v1');
  expect((full ?? '').split(foldStart).find((part) => part.includes('Informative'))).toContain('4 requirements failed or not determined');
  expect(folded).toContain('<details>');
  expect(medium).not.toContain('demo-0217-v1');
});

describe('much evidence', () => {
  const [full = '', ...smaller] = of(realisticReport()).variants;

  test('the picture of what did not pass stands in the whole section alone, where another job may drop it', () => {
    expect(full.split(foldStart).find((part) => part.includes('| by port range | ❌ | ❌ |'))).toContain(foldEnd);
    for (const text of smaller) expect(text).not.toContain('by port range |');
  });

  test('every observation is left to the job summary', () => {
    for (const text of of(wideReport()).variants) expect(text).not.toContain('cell-1');
  });

  test('what passed is one line, and no time in its reason changes the comment', () => {
    const passed = compliantReport();
    expect(of(passed).variants[0]).toMatch(/^✅ \[Every cell of the policy matrix .*\]\(.*\) `demo-0219-v1\/policy-matrix`$/m);
    expect(of(passed).variants[0]).not.toContain('| by port range |');
    const later = { ...passed, requirements: passed.requirements.map((r) => ({ ...r, message: `${r.message}, after 0.7 s` })) };
    expect(of(later).fingerprint).toBe(of(passed).fingerprint);
  });
});

test('the run: link, job, commit and time in the last line', () => {
  expect(of(realisticReport()).variants[0]?.split('\n').at(-1)).toBe(
    '<sub>[job summary and evidence](https://github.com/example/cluster/actions/runs/4711) · job `check` · commit `0123456789a` · 2026-11-23 18:00 UTC · scs-kaas 0.1.0</sub>',
  );
  expect(
    of(realisticReport(), { commentKey: '', run: { at: '2026-11-23T18:00:12Z' } })
      .variants[0]?.split('\n')
      .at(-1),
  ).toBe('<sub>2026-11-23 18:00 UTC · scs-kaas 0.1.0</sub>');
});

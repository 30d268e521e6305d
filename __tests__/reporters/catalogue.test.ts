import { describe, expect, test } from '@jest/globals';
import { columnsOf } from '../../src/reporters/console.js';
import { explainRequirement, listNotCovered, listStandards, standardPage } from '../../src/reporters/catalogue.js';
import { notCovered } from '../../src/standards/not-covered.js';
import { expectGolden } from '../helpers/golden.js';
import { rendered, shownOf, tagsOf } from '../helpers/rendered.js';
import { demoStandards } from '../helpers/report.js';

const view = { colour: false, width: 100 };

describe('the list', () => {
  test('as its golden file', () => expectGolden('reporters/catalogue/list.txt', listStandards(demoStandards, view)));
  test('names every requirement once, with its level', () => {
    const text = listStandards(demoStandards, view);
    for (const s of demoStandards)
      for (const r of s.requirements) expect(text.match(new RegExp(`^  ${s.id}/${r.id} +${r.level} `, 'gm'))).toHaveLength(1);
  });
  test.each([80, 120])('fits into %d columns', (width) => {
    for (const line of listStandards(demoStandards, { ...view, width }).split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width);
  });
  test('of no standard is empty', () => expect(listStandards([], view)).toBe('\n'));
  test.each([80, 120])('what is not covered stands below it, with the reason, in %d columns', (width) => {
    const text = listNotCovered(notCovered, { ...view, width });
    expect(text).toMatch(
      /Not covered\n {2}scs-0200-v1 [^]*\n {2}scs-0212-v1 {2}Requirements for container registries\. A standard about a/,
    );
    for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width);
  });
});

describe('one requirement', () => {
  test.each([
    ['with a ladder of two rungs', 'demo-0217-v1/node-restriction'],
    ['that only a statement settles', 'demo-0214-v2/control-plane-hosts'],
    ['that needs the provider’s other clusters', 'demo-0210-v2/minor-recency'],
    ['that needs a higher tier', 'demo-0219-v1/network-policy'],
    ['that acting settles', 'demo-0219-v1/policy-matrix'],
  ])('%s, as its golden file', (_, id) =>
    expectGolden(`reporters/catalogue/explain-${id.replace('/', '-')}.txt`, explainRequirement(demoStandards, id, view) ?? 'nothing'),
  );

  test.each(['demo-0214-v2/zone', 'demo-0214-v2', 'zone-label', '', 'demo-0214-v1/zone-label'])('%j is unknown', (id) =>
    expect(explainRequirement(demoStandards, id, view)).toBeUndefined(),
  );

  test('in colour says the same', () => {
    const escape = String.fromCharCode(0x1b);
    const coloured = explainRequirement(demoStandards, 'demo-0217-v1/node-restriction', { ...view, colour: true }) ?? '';
    expect(coloured).toContain(escape);
    expect(coloured.replace(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(
      explainRequirement(demoStandards, 'demo-0217-v1/node-restriction', view),
    );
  });
});

describe('the page of a standard', () => {
  test('as its golden file', () => expectGolden('reporters/catalogue/page.md', demoStandards.map(standardPage).join('\n')));
  test('has a heading for every requirement, which the table of contents points to', () => {
    for (const s of demoStandards) {
      const html = rendered(standardPage(s));
      expect([...html.matchAll(/<h3>(.*?)<\/h3>/g)].map((m) => shownOf(m[1]!))).toEqual(s.requirements.map((r) => r.id));
      for (const r of s.requirements) expect(html).toContain(`href="#${r.id}"`);
    }
  });
  test('markup in a standard’s texts stays text', () => {
    const [standard] = demoStandards;
    const page = standardPage({
      ...standard!,
      title: '<b>|x|</b>',
      requirements: standard!.requirements.map((r) => ({ ...r, title: '<script>|', remediation: '`a` [b](http://c) @d' })),
    });
    expect(tagsOf(rendered(page)).filter((tag) => ['script', 'b'].includes(tag))).toEqual([]);
    expect(page).not.toContain('@d');
  });
});

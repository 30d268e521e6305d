import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { columnsOf } from '../../src/reporters/console.js';
import { explainRequirement, explainStandard, listNotCovered, listStandards, standardPage } from '../../src/reporters/catalogue.js';
import { catalogueJson, catalogueJsonSchema } from '../../src/reporters/catalogue-json.js';
import { standards } from '../../src/standards/index.js';
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

describe('one standard', () => {
  test('as its golden file', () =>
    expectGolden('reporters/catalogue/explain-standards.txt', demoStandards.map((s) => explainStandard(s, view)).join('\n')));
  test.each(standards.map((s) => [s.id, s] as const))('%s fits into 80 columns, but for its address', (_, standard) => {
    const lines = explainStandard(standard, { ...view, width: 80 }).split('\n');
    for (const line of lines.filter((l) => !l.startsWith('URL'))) expect(columnsOf(line)).toBeLessThanOrEqual(80);
    for (const r of standard.requirements) expect(lines).toContain(`${standard.id}/${r.id}  ${r.level}`);
  });
  test('without requirements it ends with its address', () => {
    expect(explainStandard({ ...demoStandards[0]!, requirements: [] }, view)).toMatch(/URL {7}\S+\n$/);
  });
});

describe('the list as JSON', () => {
  interface Entry {
    readonly id: string;
    readonly requirements: readonly {
      readonly id: string;
      readonly tiers: readonly string[];
      readonly settledBy?: unknown;
      readonly rungs: readonly { readonly rung: string; readonly tier: string; readonly permissions: readonly unknown[] }[];
    }[];
  }
  const parsed = JSON.parse(catalogueJson(demoStandards)) as readonly Entry[];
  const one = (id: string): Entry['requirements'][number] | undefined => parsed.flatMap((s) => s.requirements).find((r) => r.id === id);

  test('as its golden file', () => expectGolden('reporters/catalogue/list.json', catalogueJson(demoStandards)));
  test.each([
    ['the invented standards', demoStandards],
    ['all standards', standards],
    ['no standard', []],
  ])('%s: valid by its schema', (_, some) => {
    const validate = new Ajv2020({ strict: false }).compile(catalogueJsonSchema());
    expect([validate(JSON.parse(catalogueJson(some))), validate.errors]).toEqual([true, null]);
  });
  test('holds every requirement, in the order of the list', () =>
    expect(parsed.flatMap((s) => s.requirements.map((r) => r.id))).toEqual(
      demoStandards.flatMap((s) => s.requirements.map((r) => `${s.id}/${r.id}`)),
    ));
  test('names the tiers that have evidence', () => {
    expect(one('demo-0217-v1/node-restriction')?.tiers).toEqual(['light']);
    expect(one('demo-0219-v1/policy-matrix')?.tiers).toEqual(['active']);
    expect(one('demo-0219-v1/network-policy')?.tiers).toEqual(['heavy']);
    expect(one('demo-0214-v2/control-plane-hosts')?.tiers).toEqual([]);
  });
  test('names the permissions of a rung, and what else settles it', () => {
    expect(one('demo-0217-v1/node-restriction')?.rungs[0]).toMatchObject({
      rung: 'behave',
      tier: 'light',
      permissions: [{ role: 'ask', permission: 'impersonate users (system:node:scs-probe)' }],
    });
    expect(one('demo-0214-v2/control-plane-hosts')?.settledBy).toMatchObject({ statement: true, fleet: false });
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

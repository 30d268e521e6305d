import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { limits } from '../../src/model/limits.js';
import type { Fleet } from '../../src/model/fleet.js';
import { utf8Bytes } from '../../src/reporters/fit.js';
import { fleetJson, fleetJsonSchema } from '../../src/reporters/json.js';
import { fleetComment } from '../../src/reporters/fleet-comment.js';
import { fleetMarkdown } from '../../src/reporters/fleet-markdown.js';
import { fleetTerminal } from '../../src/reporters/fleet-terminal.js';
import type { ReporterOptions } from '../../src/reporters/index.js';
import { mergedOf, type FleetReportOptions } from '../helpers/fleet.js';
import { expectGolden } from '../helpers/golden.js';
import { rendered, tagsOf } from '../helpers/rendered.js';
import { demoOptions, hostileCases, hostileText } from '../helpers/report.js';

const fleetOf = (files: readonly (FleetReportOptions | string)[]): Fleet => mergedOf(files).fleet;

const mixed: readonly (FleetReportOptions | string)[] = [
  { name: 'noris-1.36', version: 'v1.36.3', uid: 'u-1' },
  {
    name: 'noris-1.35',
    version: 'v1.35.6',
    uid: 'u-2',
    outcomes: { 'scs-0219-v1/network-policy': 'fail', 'scs-0214-v2/control-plane-zones': 'fail', 'scs-0210-v2/critical-cve': 'abort' },
    at: '2026-11-26T09:30:00.000Z',
  },
  { name: 'noris-1.34', version: 'v1.34.9', uid: 'u-3', at: '2026-10-20T10:00:00.000Z', standards: ['scs-0210-v2', 'scs-0219-v1'] },
  '{"schemaVersion": "2.0"}',
];
const hostile = (text: string): Fleet => {
  const fleet = fleetOf(mixed);
  return {
    ...fleet,
    headline: text,
    notes: [text],
    unusable: [{ report: text, problems: [text] }],
    clusters: fleet.clusters.map((c) => ({
      ...c,
      name: text,
      report: text,
      version: text,
      source: text,
      tool: text,
      message: [text],
      data: [{ label: text, value: text }],
    })),
    requirements: fleet.requirements.map((r) => ({ ...r, title: text, clause: text })),
  };
};
const many = (n: number): Fleet =>
  fleetOf(
    Array.from({ length: n }, (_, i) => ({
      name: `cluster-${i + 1}`,
      uid: `u-${i}`,
      outcomes: i % 3 === 0 ? { 'scs-0201-v1/conformance': 'fail' as const } : {},
    })),
  );

describe('several clusters, as their golden files', () => {
  test.each<readonly [string, () => Fleet]>([
    ['mixed', () => fleetOf(mixed)],
    ['compliant', () => fleetOf([{ uid: 'u-1' }, { name: 'beta', uid: 'u-2' }])],
    ['nothing', () => fleetOf(['{"schemaVersion": "2.0"}'])],
    ['many', () => many(25)],
    ['hostile', () => hostile(hostileText)],
  ])('%s', (name, fleet) => {
    expectGolden(`reporters/fleet/${name}.md`, fleetMarkdown(fleet()));
    expectGolden(`reporters/fleet/${name}.txt`, fleetTerminal(fleet(), { colour: false, width: 100 }));
    expectGolden(`reporters/fleet/${name}.json`, fleetJson(fleet()));
    const { variants, fingerprint } = fleetComment({ fleet: fleet(), members: [] }, demoOptions);
    for (const [i, text] of variants.entries())
      expectGolden(`reporters/fleet/${name}-comment-${['full', 'medium', 'small'][i] ?? ''}.md`, `${text}\n`);
    expect(fingerprint).toMatch(/^[a-z-]+-\d+-\d+-[0-9a-f]{16}$/);
  });
  test('colours on a narrow terminal', () =>
    expectGolden('reporters/fleet/mixed-60-colour.txt', fleetTerminal(fleetOf(mixed), { colour: true, width: 60 })));
});

test('a column for each cluster, in tables of twenty', () => {
  const tables = fleetMarkdown(many(25)).match(/^\| Requirement \|.*$/gm);
  expect(tables).toHaveLength(2);
  expect(tables?.[1]).toBe('| Requirement | Level | 21 | 22 | 23 | 24 | 25 |');
});

test('no line is wider than the terminal', () => {
  for (const width of [60, 80, 140])
    for (const line of fleetTerminal(many(60), { colour: false, width }).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});

test('300 clusters fit into a job summary, and into any smaller place with the verdict', () => {
  const fleet = many(300);
  expect(utf8Bytes(fleetMarkdown(fleet))).toBeLessThanOrEqual(limits.summaryBytes);
  const small = fleetMarkdown(fleet, 2_000);
  expect(utf8Bytes(small)).toBeLessThanOrEqual(2_000);
  expect(small).toContain('## ❌ non-compliant: 100 of 300 cluster reports not compliant');
});

describe('the comment', () => {
  const of = (fleet: Fleet, more: Partial<ReporterOptions> = {}) => fleetComment({ fleet, members: [] }, { ...demoOptions, ...more });

  test.each([1, 25, 300])('of %i clusters falls in size and stays within the limits, with the verdict in each', (n) => {
    const { variants } = of(many(n));
    const sizes = variants.map((text) => text.length);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(
      sizes.map((size, i) => size <= [limits.commentFullCharacters, limits.commentMediumCharacters, limits.commentSmallCharacters][i]!),
    ).toEqual([true, true, true]);
    for (const text of variants) expect(text).toMatch(/^### ❌ non-compliant/);
  });

  test('changes with an outcome, not with the run, the moment of the checks, or the name of a cluster', () => {
    const fleet = fleetOf(mixed);
    const { fingerprint } = of(fleet);
    const later = {
      ...fleet,
      clusters: fleet.clusters.map((c) => ({ ...c, checkedAt: '2026-11-26T11:59:00.000Z', ageHours: 0, name: `${c.name}-2` })),
    };
    expect(of(later, { run: { at: '2027-01-01T00:00:00Z', commit: 'fedcba' } }).fingerprint).toBe(fingerprint);
    expect(
      of({ ...fleet, requirements: fleet.requirements.map((r) => ({ ...r, outcomes: r.outcomes.map(() => 'abort' as const) })) })
        .fingerprint,
    ).not.toBe(fingerprint);
  });
});

describe('hostile texts', () => {
  const skeleton = (text: string): readonly string[] =>
    tagsOf(rendered(fleetMarkdown(hostile(text)))).filter((tag) => !/^\/?code$/.test(tag));
  const benign = skeleton('x');
  test.each(hostileCases)('%s changes no element of the page, and acts on no terminal', (_, fragment) => {
    expect(skeleton(`x${fragment}x`)).toEqual(benign);
    expect(fleetMarkdown(hostile(`x${fragment}x`))).not.toMatch(/##\[|^\s*::/m);
    const printed = fleetTerminal(hostile(`x${fragment}x`), { colour: false, width: 100 });
    expect(printed).not.toMatch(/##\[|^\s*::|[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/mu);
  });
});

test('the JSON fits its schema', () => {
  const validate = new Ajv2020({ allErrors: true }).compile(fleetJsonSchema());
  for (const fleet of [fleetOf(mixed), fleetOf(['x']), hostile(hostileText)])
    expect([validate(JSON.parse(fleetJson(fleet))), validate.errors]).toEqual([true, null]);
});

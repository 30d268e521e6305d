import { describe, expect, test } from '@jest/globals';
import type { Annotation } from '../../src/model/delivery.js';
import { limits } from '../../src/model/limits.js';
import type { Report } from '../../src/model/report.js';
import { deliveryOf } from '../helpers/delivered.js';
import {
  compliantReport,
  hostileReport,
  hugeReport,
  incompleteReport,
  realisticReport,
  testedReport,
  withStrings,
} from '../helpers/report.js';

const of = (report: Report): readonly Annotation[] => {
  const delivery = deliveryOf('annotations', report);
  return delivery?.kind === 'annotations' ? delivery.annotations : [];
};

test('a cluster that meets everything is not annotated', () => expect(of(compliantReport())).toEqual([]));

test('a failed MUST reads by itself, and points to the line that decides it', () => {
  expect(of(realisticReport()).find((a) => a.title.includes('zone-label'))).toEqual({
    severity: 'error',
    title: 'MUST failed: Every node names its zone (demo-0214-v2/zone-label)',
    message: expect.stringMatching(
      /^1 of 3 nodes without .*: worker-2\nWhat to do: Set the label .*\nClause: https:\/\/docs\.scs\.community\/standards\/demo-0214-v2#decision$/,
    ),
    file: '.github/kind.yaml',
    line: 7,
  });
});

test('an abort names the permission and gives no advice for a broken cluster', () => {
  const abort = of(realisticReport()).find((a) => a.title.includes('request-limits'));
  expect(abort?.title).toBe('MUST not determined: The API server limits requests in flight (demo-0217-v1/request-limits)');
  expect(abort?.message).toContain('grant get /metrics');
  expect(abort?.message).not.toContain('Mend it');
  expect(abort?.file).toBeUndefined();
});

test('a pass that will not last says until when', () => {
  expect(of(realisticReport()).find((a) => a.title.includes('certificate-rotation'))).toMatchObject({
    severity: 'notice',
    title: 'Expires soon: Certificates are renewed at least once a year (demo-0217-v1/certificate-rotation)',
    message: expect.stringContaining('ends on 2026-12-30'),
  });
});

test('most severe first, in the order of the report', () => {
  const order = ['error', 'warning', 'notice'];
  const severities = of(realisticReport()).map((a) => order.indexOf(a.severity));
  expect(severities).toEqual([...severities].sort());
  expect(of(realisticReport()).map((a) => /\((.*)\)$/.exec(a.title)?.[1])).toEqual(realisticReport().announced);
});

test('what was not looked at is never annotated', () => {
  const missing = incompleteReport().requirements.filter((r) => r.outcome === 'missing');
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.filter((r) => of(incompleteReport()).some((a) => a.title.includes(r.id)))).toEqual([]);
});

describe('more failed than the platform shows', () => {
  const all = of(hugeReport(20, 60));
  test.each(['error', 'warning'] as const)('ten of severity %s, of which the last names the rest', (severity) => {
    const some = all.filter((a) => a.severity === severity);
    expect(some).toHaveLength(limits.annotationsPerType);
    expect(some.at(-1)?.title).toBe('51 more requirements: see the job summary');
    expect(some.at(-1)?.message).toContain('/zone-label-60');
    expect(some[0]?.title).toContain('/zone-label-1)');
  });

  test('exactly ten are ten, eleven are nine and the rest of two', () => {
    expect(
      of(hugeReport(1, 10))
        .filter((a) => a.severity === 'error')
        .at(-1)?.title,
    ).toContain('/zone-label-10)');
    expect(
      of(hugeReport(1, 11))
        .filter((a) => a.severity === 'error')
        .at(-1)?.title,
    ).toBe('2 more requirements: see the job summary');
  });
});

describe('what was found wrong one by one', () => {
  const errors = (failed: number): readonly Annotation[] => of(testedReport(failed)).filter((a) => a.severity === 'error');
  const requirements = errors(1).length - 1;

  test('each failed test has its own behind all requirements, with its source or else the clause; a tolerated one has none', () => {
    const some = errors(3);
    expect(some).toHaveLength(requirements + 3);
    expect(some.slice(0, requirements).every((a) => a.title.startsWith('MUST '))).toBe(true);
    expect(some.slice(requirements)).toMatchObject([
      {
        title: 'Failed: Netpol between server and client should enforce policy number 1 (demo-0219-v1/network-policy)',
        message: expect.stringMatching(
          /^Had 1 wrong results .*\nRead more: https:\/\/github\.com\/kubernetes\/kubernetes\/blob\/v1\.36\.3\/.*#L825$/,
        ) as unknown,
      },
      { message: expect.stringMatching(/\nRead more: https:\/\/docs\.scs\.community\/standards\/demo-0219-v1#decision$/) as unknown },
      { title: expect.stringMatching(/^Did not end: /) as unknown },
    ]);
    expect(JSON.stringify(of(testedReport(3)))).not.toContain('SCTP');
  });

  test('the last slot says how many were cut, and how many the report does not hold', () => {
    const room = limits.annotationsPerType - requirements;
    expect(errors(room).at(-1)?.title).toContain(`number ${room} `);
    const cut = errors(room + 1);
    expect(cut).toHaveLength(limits.annotationsPerType);
    expect(cut.at(-1)?.title).toBe('2 more findings: see the job summary');
    expect(errors(500).at(-1)?.title).toBe(`${500 - room + 1} more findings: see the job summary`);
  });

  test('a requirement is never left out for a test', () => {
    const report = hugeReport(1, 12);
    const [first] = testedReport(5).requirements.filter((r) => r.findings !== undefined);
    const some = of({ ...report, requirements: report.requirements.map((r) => ({ ...r, findings: first?.findings })) });
    expect(some.filter((a) => a.severity === 'error').at(-1)?.title).toBe('3 more requirements and 60 more findings: see the job summary');
    expect(some.filter((a) => a.title.startsWith('Failed:'))).toEqual([]);
  });
});

test('a reason that names many nodes and cells is cut in its middle: what was seen and what to grant stay, and so does the advice', () => {
  const report = realisticReport();
  const cells = Array.from({ length: 400 }, (_, i) => `ingress/by-port-range on worker-${i + 1}`).join(', ');
  const long = {
    ...report,
    requirements: report.requirements.map((r) =>
      r.grid === undefined ? r : { ...r, message: `400 of 3000 cells are not as they should be: ${cells}; grant list pods` },
    ),
  };
  const message = of(long).find((a) => a.title.includes('policy-matrix'))?.message ?? '';
  expect(message).toMatch(
    /^400 of 3000 cells are not as they should be: .*… .*; grant list pods\nWhat to do: Choose a network plugin .*\nClause: /,
  );
  expect(message.length).toBeLessThan(limits.shownCharacters + 500);
  expect(message).not.toContain('by port range | ');
});

test.each([
  ['the hostile report', hostileReport()],
  ['texts of 10,000 characters', withStrings(realisticReport(), (t) => t + '🧨'.repeat(5_000))],
  ['the names of 5,000 nodes', hugeReport(5_000, 300)],
])('%s stays within the limits, and inert for the runner', (_, report) => {
  for (const { title, message } of of(report)) {
    expect(title.length).toBeLessThanOrEqual(limits.annotationTitleCharacters);
    expect(message.length).toBeLessThanOrEqual(limits.annotationCharacters);
    expect(`${title}\n${message}`.isWellFormed()).toBe(true);
    expect(`${title}\n${message}`).not.toMatch(/##\[|^\s*::|[^\P{Cc}\n]/mu);
  }
});

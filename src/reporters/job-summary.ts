import { clipMiddle, markdownCode, markdownFence, markdownLink, markdownText } from '../text/escape.js';
import { limits } from '../model/limits.js';
import type { Report, RequirementReport, StandardReport } from '../model/report.js';
import { findingsMarkdown, foldedFindingsOf } from './findings.js';
import { fit, utf8Bytes, type Block } from './fit.js';
import {
  caveatLines,
  clusterLine,
  countsText,
  details,
  formatEvidence,
  hasEvidence,
  idsText,
  outcomeTable,
  section,
  clipProse,
  clipText,
  table,
} from './markdown.js';
import { foldedGridOf, foldedTableOf, gridOf } from './markdown-grid.js';
import { officialBlock } from './official.js';
import { defineReporter } from './reporter.js';
import { announcedAs, countParts, groupedBy, requirementsAs, scopeWords, verdictMarks, standardMark } from './words.js';

/** Outcomes that a reader has to see, and those that are folded. */
const loud = ['fail', 'abort', 'declared', 'waived'] as const;
const quiet = ['pass', 'not-applicable', 'missing'] as const;

/** A reason in a table; the evidence holds the whole. */
const shortReason = 200;
/** A reason where it is the matter itself. */
const longReason = 800;

const verdictBlock = (report: Report): string =>
  [
    `## ${verdictMarks[report.verdict]} ${markdownText(report.headline)}`,
    clusterLine(report),
    caveatLines(report),
    table(
      ['', 'Standard', 'Scope', 'Result'],
      report.standards.map((s) => [
        standardMark(report, s),
        `${markdownLink(s.id, s.url)} ${clipText(s.title, 120)}${s.status === 'stable' ? '' : ` (${s.status})`}`,
        scopeWords[s.scope],
        countsText(s),
      ]),
    ),
    report.lacking.length === 0 ? '' : `Still open among the MUSTs of the main scope: ${idsText(report.lacking)}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');

/** Only the main scope decides the verdict: the reader must not take a broken draft for a broken certificate. */
const standardHeading = (report: Report, s: StandardReport): string =>
  `${standardMark(report, s)} ${markdownText(s.id)}: ${clipText(s.title, 120)}${s.scope === 'main' ? '' : ' (for information)'}`;

const standardBlocks = (report: Report, s: StandardReport): readonly Block[] => {
  const table = outcomeTable(requirementsAs(report, s.requirements, ...loud), shortReason);
  const folded = outcomeTable(requirementsAs(report, s.requirements, ...quiet), shortReason);
  const grids = (some: readonly RequirementReport[], shown: (r: RequirementReport) => string, priority: number): readonly Block[] =>
    some.map((r) => ({ text: shown(r), priority, name: `the picture of ${markdownText(r.id)}` }));
  const found = (some: readonly RequirementReport[], shown: (r: RequirementReport) => string, priority: number): readonly Block[] =>
    some.map((r) => ({ text: shown(r), priority, name: `what was found for ${markdownText(r.id)}` }));
  return [
    {
      text: section(standardHeading(report, s), table) || `### ${standardHeading(report, s)}`,
      priority: 1,
      name: `the table of ${markdownText(s.id)}`,
    },
    ...grids(requirementsAs(report, s.requirements, ...loud), gridOf, 5),
    ...found(requirementsAs(report, s.requirements, ...loud), findingsMarkdown, 4),
    {
      text: details(countParts(s.counts, quiet).join(', '), folded),
      priority: 7,
      name: 'the tables of what passed and of what was not looked at',
    },
    ...grids(requirementsAs(report, s.requirements, ...quiet), foldedGridOf, 8),
    ...found(requirementsAs(report, s.requirements, ...quiet), foldedFindingsOf, 8),
  ];
};

const nextStep = (r: RequirementReport, i: number): string => {
  const where = r.location === undefined ? '' : ` (${markdownCode(`${r.location.file}:${r.location.line}`)})`;
  return `${i + 1}. **${r.level}** ${markdownLink(r.title, r.clause)} ${markdownCode(r.id)}<br>${clipProse(r.remediation)}${where}`;
};

const nextBlock = (report: Report): string => {
  const failed = announcedAs(report, 'fail');
  const info = failed.filter((r) => r.scope === 'info');
  const main = failed.filter((r) => r.scope === 'main');
  const expiring = announcedAs(report, 'pass').map(
    (r) => `- ⏳ ${markdownLink(r.title, r.clause)} ${markdownCode(r.id)}<br>${clipText(r.expiresSoon ?? '')}`,
  );
  const steps = [
    main.map(nextStep).join('\n'),
    details(`For information, no part of the verdict: ${info.length}`, info.map(nextStep).join('\n')),
  ];
  return [section('What to do next', steps.filter((part) => part !== '').join('\n\n')), section('What expires soon', expiring.join('\n'))]
    .filter((part) => part !== '')
    .join('\n\n');
};

const openBlock = (report: Report): string =>
  section(
    'What could not be determined, and why',
    groupedBy(announcedAs(report, 'abort'), (r) => r.because)
      .map(([because, some]) => {
        const hows = groupedBy(
          some.filter((r) => r.how !== undefined),
          (r) => r.how ?? '',
        ).map(([how]) => clipProse(how));
        return `- ⚠️ ${idsText(some.map((r) => r.id))}<br>${markdownText(clipMiddle(because, longReason))}${hows.length === 0 ? '' : `<br>${hows.join('<br>')}`}`;
      })
      .join('\n'),
  );

const permissionTable = (report: Report, role: Report['missingPermissions'][number]['role']): string =>
  table(
    ['Permission', 'Why', 'Would settle'],
    report.missingPermissions.filter((p) => p.role === role).map((p) => [markdownCode(p.text), clipText(p.why), idsText(p.requirements)]),
  );

const permissionBlock = (report: Report): string => {
  const read = permissionTable(report, 'read');
  const ask = permissionTable(report, 'ask');
  const act = permissionTable(report, 'act');
  const run = permissionTable(report, 'run');
  return section(
    'Missing permissions',
    [
      read && `To look (role \`read\`):\n\n${read}`,
      ask && `To ask without storing anything, by dry run, access review and impersonation (role \`ask\`):\n\n${ask}`,
      act && `To act, with short-lived objects that are removed again (role \`act\`):\n\n${act}`,
      run && `To run the end-to-end tests, as an administrator (role \`run\`):\n\n${run}`,
      details(
        'The manifest that grants them',
        report.missingPermissionsManifest === undefined ? '' : markdownFence(report.missingPermissionsManifest, 'yaml'),
      ),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
};

const aboutBlock = (report: Report): string => {
  const rows = [
    { label: 'Source', value: [report.cluster.source, report.cluster.sourceDetail].filter((t) => t !== '').join(': ') },
    ...report.cluster.about,
    ...report.data,
    { label: 'Judged at', value: report.now },
    { label: 'Judged by', value: `${report.tool.name} ${report.tool.version}, tier ${report.tier}, report schema ${report.schemaVersion}` },
  ];
  return section(
    'Versions and data',
    table(
      ['', ''],
      rows.map((row) => [clipText(row.label, 100), clipText(row.value, 500)]),
    ),
  );
};

const evidenceBlocks = (report: Report): readonly Block[] =>
  report.standards.flatMap((s) => {
    // What stands in the tables already is not said again.
    const more = (r: RequirementReport): boolean => hasEvidence(r, shortReason);
    const open = requirementsAs(report, s.requirements, ...loud).filter(more);
    const met = requirementsAs(report, s.requirements, ...quiet).filter(more);
    const folded = (some: readonly RequirementReport[], what: string): string =>
      details(`${markdownText(s.id)}: ${what}`, some.map(formatEvidence).join('\n\n'));
    return [
      { text: folded(open, 'what did not pass'), priority: 9, name: 'the evidence of what did not pass' },
      { text: folded(met, 'what passed'), priority: 10, name: 'the evidence of what passed' },
      // Blocks of their own, so that the longest goes first.
      ...requirementsAs(report, s.requirements, ...loud, ...quiet).map((r) => ({
        text: foldedTableOf(r),
        priority: 11,
        name: `every observation for ${markdownText(r.id)}`,
      })),
    ];
  });

/**
 * The whole report as GitHub Flavored Markdown.
 * @param limit in UTF-8 bytes; what is least important is left out first, and the text says so
 */
export const summaryMarkdown = (report: Report, limit: number = limits.summaryBytes): string => {
  const evidence = evidenceBlocks(report).filter((b) => b.text !== '');
  const blocks: readonly Block[] = [
    { text: verdictBlock(report), priority: 0, name: 'the verdict' },
    { text: officialBlock(report), priority: 1, name: 'the official verdict' },
    ...report.standards.flatMap((s) => standardBlocks(report, s)),
    { text: nextBlock(report), priority: 2, name: 'what to do next' },
    { text: openBlock(report), priority: 3, name: 'what could not be determined' },
    { text: permissionBlock(report), priority: 4, name: 'the missing permissions' },
    { text: aboutBlock(report), priority: 5, name: 'versions and data' },
    { text: evidence.length === 0 ? '' : '### Evidence', priority: 6, name: 'the evidence' },
    ...evidence,
  ];
  return `${fit(blocks, limit - 1, utf8Bytes, 'The JSON report holds everything.')}\n`;
};

/** The job summary of the workflow step. */
export const jobSummary = defineReporter({
  name: 'job-summary',
  report: (report) => [{ kind: 'job-summary', markdown: summaryMarkdown(report) }],
});

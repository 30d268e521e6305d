import { permissionRoles, type PermissionRole } from '../model/fact.js';
import { clipMiddle, markdownCode, markdownFence, markdownLink, markdownText } from '../text/escape.js';
import { limits } from '../model/limits.js';
import type { Outcome } from '../model/outcome.js';
import type { Report, RequirementReport, StandardReport } from '../model/report.js';
import { findingsMarkdown, foldedFindingsOf } from './findings.js';
import { block, fit, utf8Bytes, type Block } from './fit.js';
import {
  clusterLine,
  countsText,
  details,
  formatEvidence,
  hasEvidence,
  idsText,
  outcomeTable,
  paragraphs,
  section,
  clipProse,
  clipText,
  table,
  warningLines,
} from './markdown.js';
import { foldedGridOf, foldedTableOf, gridOf } from './markdown-grid.js';
import { officialBlock } from './official.js';
import { announcedAs, countParts, requirementsAs, categoryWords, verdictMarks, standardMark } from './words.js';

/** Outcomes that a reader has to see, and those that are folded. */
const loud = ['fail', 'abort', 'declared', 'waived'] as const;
const quiet = ['pass', 'not-applicable', 'missing'] as const;

/** A reason in a table; the evidence holds the whole. */
const shortReason = 200;
/** A reason where it is the matter itself. */
const longReason = 800;

const verdictBlock = (report: Report): string =>
  paragraphs(
    `## ${verdictMarks[report.verdict]} ${markdownText(report.headline)}`,
    clusterLine(report),
    warningLines(report.caveats),
    table(
      ['', 'Standard', 'Scope', 'Result'],
      report.standards.map((s) => [
        standardMark(report, s),
        `${markdownLink(s.id, s.url)} ${clipText(s.title, 120)}${s.status === 'stable' ? '' : ` (${s.status})`}`,
        categoryWords[s.category],
        countsText(s.counts),
      ]),
    ),
    report.lacking.length === 0 ? '' : `Still open among the MUSTs of the certificate scope: ${idsText(report.lacking)}.`,
  );

/** Only the certificate scope decides the verdict: the reader must not take a broken draft for a broken certificate. */
const standardHeading = (report: Report, s: StandardReport): string =>
  `${standardMark(report, s)} ${markdownText(s.id)}: ${clipText(s.title, 120)}${s.category === 'certificate' ? '' : ' (informative)'}`;

const standardBlocks = (report: Report, s: StandardReport): readonly Block[] => {
  const heading = standardHeading(report, s);
  const tableOf = (some: readonly Outcome[]): string => outcomeTable(requirementsAs(report, s.requirements, ...some), shortReason);
  const each = (some: readonly Outcome[], what: string, shown: (r: RequirementReport) => string, priority: number): readonly Block[] =>
    requirementsAs(report, s.requirements, ...some).map((r) => block(shown(r), priority, `${what} ${markdownText(r.id)}`));
  const folded = details(countParts(s.counts, quiet).join(', '), tableOf(quiet));
  return [
    block(section(heading, tableOf(loud)) || `### ${heading}`, 1, `the table of ${markdownText(s.id)}`),
    ...each(loud, 'the picture of', gridOf, 5),
    ...each(loud, 'what was found for', findingsMarkdown, 4),
    block(folded, 7, 'the tables of what passed and of what was not looked at'),
    ...each(quiet, 'the picture of', foldedGridOf, 8),
    ...each(quiet, 'what was found for', foldedFindingsOf, 8),
  ];
};

const nextStep = (r: RequirementReport, i: number): string => {
  const where = r.location === undefined ? '' : ` (${markdownCode(`${r.location.file}:${r.location.line}`)})`;
  return `${i + 1}. **${r.level}** ${markdownLink(r.title, r.clause)} ${markdownCode(r.id)}<br>${clipProse(r.remediation)}${where}`;
};

const nextBlock = (report: Report): string => {
  const { certificate = [], informative = [] } = Object.groupBy(announcedAs(report, 'fail'), (r) => r.category);
  const expiring = announcedAs(report, 'pass').map(
    (r) => `- ⏳ ${markdownLink(r.title, r.clause)} ${markdownCode(r.id)}<br>${clipText(r.expiresSoon ?? '')}`,
  );
  const folded = details(`Informative, no part of the verdict: ${informative.length}`, informative.map(nextStep).join('\n'));
  const steps = paragraphs(certificate.map(nextStep).join('\n'), folded);
  return paragraphs(section('What to do next', steps), section('What expires soon', expiring.join('\n')));
};

const openBlock = (report: Report): string =>
  section(
    'What could not be determined, and why',
    [...Map.groupBy(announcedAs(report, 'abort'), (r) => r.message)]
      .map(([message, some]) => {
        const hows = [...new Set(some.flatMap((r) => r.nextStep ?? []))].map((how) => `<br>${clipProse(how)}`);
        return `- ⚠️ ${idsText(some.map((r) => r.id))}<br>${markdownText(clipMiddle(message, longReason))}${hows.join('')}`;
      })
      .join('\n'),
  );

/** What each role is for. */
const roleWords: Readonly<Record<PermissionRole, string>> = {
  read: 'To look',
  ask: 'To ask without storing anything, by dry run, access review and impersonation',
  act: 'To act, with short-lived objects that are removed again',
  run: 'To run the end-to-end tests, as an administrator',
};

const permissionTable = (report: Report, role: PermissionRole): string =>
  table(
    ['Permission', 'Why', 'Would settle'],
    report.missingPermissions.filter((p) => p.role === role).map((p) => [markdownCode(p.text), clipText(p.why), idsText(p.requirements)]),
  );

const permissionBlock = (report: Report): string => {
  const tables = permissionRoles.map((role) => {
    const rows = permissionTable(report, role);
    return rows && `${roleWords[role]} (role \`${role}\`):\n\n${rows}`;
  });
  const manifest = report.missingPermissionsManifest === undefined ? '' : markdownFence(report.missingPermissionsManifest, 'yaml');
  return section('Missing permissions', paragraphs(...tables, details('The manifest that grants them', manifest)));
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
      block(folded(open, 'what did not pass'), 9, 'the evidence of what did not pass'),
      block(folded(met, 'what passed'), 10, 'the evidence of what passed'),
      // Blocks of their own, so that the longest goes first.
      ...requirementsAs(report, s.requirements, ...loud, ...quiet).map((r) =>
        block(foldedTableOf(r), 11, `every observation for ${markdownText(r.id)}`),
      ),
    ];
  });

/**
 * The whole report as GitHub Flavored Markdown.
 * @param limit in UTF-8 bytes; what is least important is left out first, and the text says so
 */
export const summaryMarkdown = (report: Report, limit: number = limits.summaryBytes): string => {
  const evidence = evidenceBlocks(report).filter((b) => b.text !== '');
  const blocks: readonly Block[] = [
    block(verdictBlock(report), 0, 'the verdict'),
    block(officialBlock(report), 1, 'the official verdict'),
    ...report.standards.flatMap((s) => standardBlocks(report, s)),
    block(nextBlock(report), 2, 'what to do next'),
    block(openBlock(report), 3, 'what could not be determined'),
    block(permissionBlock(report), 4, 'the missing permissions'),
    block(aboutBlock(report), 5, 'versions and data'),
    block(evidence.length === 0 ? '' : '### Evidence', 6, 'the evidence'),
    ...evidence,
  ];
  return `${fit(blocks, limit - 1, utf8Bytes, 'The JSON report holds everything.')}\n`;
};

import { foldEnd, foldStart } from '../model/delivery.js';
import { markdownCode, markdownFence } from '../text/escape.js';
import { limits } from '../model/limits.js';
import { count, type Category } from '../model/outcome.js';
import type { Report, RequirementReport } from '../model/report.js';
import { runLine, textHash, type Job } from './comment-parts.js';
import { commentFindingsOf } from './findings.js';
import { block, codeUnits, fit, fitVariants, type Block } from './fit.js';
import { fleetComment } from './fleet-comment.js';
import {
  clusterLine,
  countsText,
  details,
  formatEvidence,
  hasEvidence,
  idsText,
  outcomeCell,
  paragraphs,
  reasonCell,
  clipProse,
  clipText,
  table,
  titleLink,
  warningLines,
} from './markdown.js';
import { foldedGridOf } from './markdown-grid.js';
import type { Reporter } from './reporter.js';
import { announcedAs, markOf, verdictMarks } from './words.js';

/** A reason in the table of the whole section. */
const shortReason = 160;

/** A part that may be dropped to make space for the sections of other jobs. */
const foldable = (content: string): string => (content === '' ? '' : `${foldStart}\n\n${content}\n\n${foldEnd}`);

const commentHeading = (report: Report, most: number): string =>
  paragraphs(
    `### ${verdictMarks[report.verdict]} ${clipText(report.headline, most)}`,
    `${clusterLine(report)} · ${countsText(report.counts.all)}`,
  );

const row = (r: RequirementReport, most: number): readonly string[] => [
  `${outcomeCell(r)}<br>${r.level}`,
  `${titleLink(r)}<br>${markdownCode(r.id)}`,
  reasonCell(r, most),
];

/** The rows that fit, most severe first, and how many did not. */
const openTable = (open: readonly RequirementReport[], maxReason: number, maxCharacters: number): string => {
  const rows = open.map((r) => row(r, maxReason));
  const texts = rows.map((cells) => cells.join(' | '));
  const shown = rows.slice(0, fitVariants(texts, maxCharacters).length);
  const more = rows.length - shown.length;
  return paragraphs(
    table(['Outcome', 'Requirement', 'Why'], shown),
    more > 0 ? `and ${count(more, 'more requirement')} in the job summary` : '',
  );
};

const openOf = (report: Report, category: Category): readonly RequirementReport[] =>
  announcedAs(report, 'fail', 'abort').filter((r) => r.category === category);

const openBlock = (report: Report, maxReason: number, maxCharacters: number): Block =>
  block(openTable(openOf(report, 'certificate'), maxReason, maxCharacters), 1, 'what failed and what could not be determined');

/** What is no part of the verdict must not drown what is. */
const informationFold = (report: Report): string => {
  const open = openOf(report, 'informative');
  return foldable(
    details(
      `Informative, no part of the verdict: ${count(open.length, 'requirement')} failed or not determined`,
      openTable(open, shortReason, limits.commentFullCharacters / 4),
    ),
  );
};

/** Items in a fold, as many as fit into that part of the whole comment. */
const listFold = (summary: string, items: readonly string[], part: number): string =>
  foldable(details(summary, fitVariants(items, limits.commentFullCharacters / part).join('\n')));

const stepsFold = (report: Report): string => {
  const steps = announcedAs(report, 'fail').map((r) => `- **${r.level}** ${markdownCode(r.id)}<br>${clipProse(r.remediation)}`);
  return listFold('What to do next', steps, 3);
};

const expiringFold = (report: Report): string => {
  const some = announcedAs(report, 'pass').map((r) => `- ⏳ ${markdownCode(r.id)}<br>${clipText(r.expiresSoon ?? '')}`);
  return listFold('What expires soon', some, 6);
};

const evidenceFold = (report: Report): string => {
  const seen = announcedAs(report, 'fail', 'abort').filter((r) => hasEvidence(r, shortReason));
  return listFold(
    'What was seen',
    seen.map((r) => `${formatEvidence(r)}\n`),
    3,
  );
};

/** Much evidence at a glance, where something in it is not as it should be. */
const gridFold = (report: Report): string => paragraphs(...announcedAs(report, 'fail', 'abort').map((r) => foldable(foldedGridOf(r))));

/** What was found wrong one by one, tolerated things among it also where it passed. */
const findingsFold = (report: Report): string =>
  paragraphs(...report.requirements.filter((r) => r.category === 'certificate').map((r) => foldable(commentFindingsOf(r))));

/** What was proved by much evidence, in a line each. */
const provedLines = (report: Report): string =>
  report.requirements
    .filter((r) => r.outcome === 'pass' && r.grid !== undefined)
    .map((r) => `${markOf(r)} ${titleLink(r)} ${markdownCode(r.id)}`)
    .join('<br>');

const permissionFold = (report: Report): string => {
  const wants = report.missingPermissions.map((p) => `- ${markdownCode(p.text)} (${p.role}), for ${idsText(p.requirements, 5)}`).join('\n');
  const manifest = report.missingPermissionsManifest === undefined ? '' : markdownFence(report.missingPermissionsManifest, 'yaml');
  return foldable(details(`Missing permissions: ${report.missingPermissions.length}`, wants === '' ? '' : paragraphs(wants, manifest)));
};

/** What stays open without a fault: what other tiers and statements settle. */
const unseenFold = (report: Report): string => {
  const unseen = report.requirements.filter((r) => r.outcome === 'missing');
  const groups = [...Map.groupBy(unseen, (r) => r.nextStep ?? r.message)];
  const lines = groups.map(([how, some]) => `- ${idsText(some.map((r) => r.id))}<br>${clipProse(how, 300)}`);
  return listFold(`Not looked at in this run: ${unseen.length}`, lines, 4);
};

const wholeComment = (report: Report, job: Job): string =>
  fit(
    [
      block(commentHeading(report, limits.shownCharacters), 0, 'the verdict'),
      block(warningLines(report.caveats), 1, 'what to know about this run'),
      openBlock(report, shortReason, limits.commentFullCharacters / 3),
      block(findingsFold(report), 3, 'what was found one by one'),
      block(gridFold(report), 4, 'the pictures of what did not pass'),
      block(provedLines(report), 4, 'what was proved'),
      block(informationFold(report), 4, 'what is no part of the verdict'),
      block(stepsFold(report), 2, 'what to do next'),
      block(expiringFold(report), 3, 'what expires soon'),
      block(permissionFold(report), 3, 'missing permissions'),
      block(evidenceFold(report), 5, 'what was seen'),
      block(unseenFold(report), 6, 'what was not looked at'),
      block(runLine(report.tool, job), 0, 'the run'),
    ],
    limits.commentFullCharacters,
    codeUnits,
    'See the job summary.',
  );

const medium = (report: Report, job: Job): string =>
  fit(
    [
      block(commentHeading(report, 600), 0, 'the verdict'),
      block(warningLines(report.caveats), 2, 'what to know about this run'),
      openBlock(report, 120, limits.commentMediumCharacters / 2),
      block(
        foldable(details('Missing permissions', report.missingPermissions.map((p) => `- ${markdownCode(p.text)}`).join('\n'))),
        3,
        'missing permissions',
      ),
      block(runLine(report.tool, job), 0, 'the run'),
    ],
    limits.commentMediumCharacters,
    codeUnits,
    'See the job summary.',
  );

const small = (report: Report, job: Job): string =>
  fit(
    [
      block(commentHeading(report, 240), 0, 'the verdict'),
      block(runLine(report.tool, job), 1, 'the run'),
      block(warningLines(report.caveats), 2, 'what to know about this run'),
    ],
    limits.commentSmallCharacters,
    codeUnits,
  );

/**
 * What counts as a change: verdict, counts and the whole text, but neither the run, nor how long something took, nor the cluster's name, since a
 * kind cluster and its nodes are named after the run.
 */
const fingerprintOf = (report: Report, commentKey: string): string => {
  const { name } = report.cluster;
  const text = wholeComment(report, { commentKey });
  return `${report.verdict}-${report.counts.all.fail}-${report.counts.all.abort}-${textHash(text, [name])}`;
};

/**
 * One section of the pull request comment: the verdict, what failed, what could not be determined, and what to do.
 * Markers, other sections and the comment itself are the deliverer's.
 */
export const comment: Reporter = {
  name: 'comment',
  description: 'Section of the one comment on the pull request, updated by each run',
  medium: 'comment',
  report: (report, options) => ({
    variants: [wholeComment(report, options), medium(report, options), small(report, options)],
    fingerprint: fingerprintOf(report, options.commentKey),
  }),
  fleet: fleetComment,
};

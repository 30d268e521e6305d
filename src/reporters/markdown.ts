import { clip, clipMiddle, markdownCode, markdownLink, markdownProse, markdownText } from '../text/escape.js';
import { limits } from '../model/limits.js';
import type { Counts } from '../model/outcome.js';
import type { Report, RequirementReport } from '../model/report.js';
import { countParts, markOf, shortId } from './words.js';

/**
 * A GFM table; the cells are escaped already. Nothing where there is no row.
 * @param centred from which column on the cells stand in the middle; none without
 */
export const table = (head: readonly string[], rows: readonly (readonly string[])[], centred = head.length): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return rows.length === 0 ? '' : [line(head), line(head.map((_, i) => (i < centred ? '---' : ':-:'))), ...rows.map(line)].join('\n');
};

/** Parts of a text, each a paragraph or a block of its own, without those that are empty. */
export const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** A folded part. Blank lines around the content make it Markdown again inside of HTML. */
export const details = (summary: string, content: string): string =>
  content === '' ? '' : `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;

/** A heading and its content, or nothing. */
export const section = (heading: string, content: string, level = 3): string =>
  content === '' ? '' : `${'#'.repeat(level)} ${heading}\n\n${content}`;

/** A text out of the cluster, cut to what a table can carry. */
export const clipText = (text: string, most: number = limits.shownCharacters): string => markdownText(clip(text, most));

/** A standard's own sentence, cut likewise: backticks in it are code. */
export const clipProse = (text: string, most: number = limits.shownCharacters): string => markdownProse(clip(text, most));

/** What is asked, as a link to the clause. */
export const titleLink = ({ title, clause }: Pick<RequirementReport, 'title' | 'clause'>): string =>
  markdownLink(clip(title, limits.annotationTitleCharacters), clause);

/** What is asked, and the id that people grep for. */
export const titleAndId = (r: RequirementReport): string =>
  `**${markdownText(clip(r.title, limits.annotationTitleCharacters))}** ${markdownCode(r.id)}`;

/** Mark and word of an outcome. */
export const outcomeCell = (r: RequirementReport): string => `${markOf(r)}&nbsp;${r.outcome}`;

/** How many of each outcome; a number stays with its word where the line breaks. */
export const countsText = (counts: Counts): string =>
  countParts(counts)
    .map((part) => part.replaceAll(' ', '&nbsp;'))
    .join(' · ');

/** Where a requirement was not looked at, what settles it says more than the reason. */
export const reasonCell = (r: RequirementReport, most: number): string =>
  r.outcome === 'missing' && r.nextStep !== undefined ? clipProse(r.nextStep, most) : markdownText(clipMiddle(r.message, most));

/** Outcome, level, requirement and reason, one row each. */
export const outcomeTable = (some: readonly RequirementReport[], most: number): string =>
  table(
    ['Outcome', 'Level', 'Requirement', 'Why'],
    some.map((r) => [outcomeCell(r), r.level, `${titleLink(r)}<br>${markdownCode(shortId(r))}`, reasonCell(r, most)]),
  );

/** Ids as code, e.g. of what a permission would settle. */
export const idsText = (ids: readonly string[], most = 12): string =>
  `${ids.slice(0, most).map(markdownCode).join(', ')}${ids.length > most ? ` and ${ids.length - most} more` : ''}`;

/** Sentences that stand beside a verdict. */
export const warningLines = (sentences: readonly string[]): string => sentences.map((one) => `> ⚠️ ${clipText(one)}`).join('\n>\n');

/** Which cluster, by which source, at which version. */
export const clusterLine = (report: Report): string =>
  [
    `Cluster ${markdownCode(clip(report.cluster.name, 200)) || '(without a name)'}`,
    report.cluster.version === '' ? 'version unknown' : `Kubernetes ${clipText(report.cluster.version, 100)}`,
    `tier ${report.tier}`,
  ].join(' · ');

/** True where there is more to say about a requirement than its row in a table holds. */
export const hasEvidence = (r: RequirementReport, maxReason: number): boolean =>
  r.evidence.length > 0 || r.evidenceOmitted > 0 || r.message.length > maxReason;

/** The reason and what was seen, in full, as far as a report goes. */
export const formatEvidence = (r: RequirementReport): string => {
  const seen = r.evidence.map((e) => `- ${markdownCode(clip(e.source, 200))}: ${markdownCode(clip(e.observed, 400)) || '(empty)'}`);
  const more = r.evidenceOmitted > 0 ? [`- … and ${r.evidenceOmitted} more, not listed`] : [];
  const rung = r.rung === undefined ? '' : ` (by ${r.rung})`;
  return paragraphs(`${markOf(r)} ${r.outcome} ${titleAndId(r)}${rung}<br>${clipText(r.message)}`, [...seen, ...more].join('\n'));
};

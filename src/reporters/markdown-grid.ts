import { clip, markdownText } from '../text/escape.js';
import { count, type Grid, type GridMark } from '../model/outcome.js';
import type { RequirementReport } from '../model/report.js';
import { cutGrid, cutTable, gridMarkWords, marksIn } from './grid.js';
import { details, paragraphs, table, titleAndId } from './markdown.js';
import { markOf } from './words.js';

const marks: Readonly<Record<GridMark, string>> = { met: '✅', broken: '❌', open: '⚠️', none: '·' };

const notShown = (more: string): string => (more === '' ? '' : `… and ${more}: the JSON report holds them.`);

/** The picture with its legend, without a heading; nothing where it has no row. */
const picture = (grid: Grid | undefined): string => {
  if (grid === undefined || grid.rows.length === 0) return '';
  const cut = cutGrid(grid);
  const rows = cut.rows.map(({ label, cells }) => [markdownText(label), ...cells.map((mark) => marks[mark])]);
  const legend = marksIn(cut).map((mark) => `${marks[mark]} ${gridMarkWords[mark]}`);
  return paragraphs(table(['', ...cut.columns.map(markdownText)], rows, 1), `<sub>${legend.join(' &nbsp; ')}</sub>`, notShown(cut.more));
};

const captionOf = (of: { readonly caption: string } | undefined): string => markdownText(clip(of?.caption ?? '', 300));

const foldHeading = (r: RequirementReport, of: { readonly caption: string } | undefined): string =>
  `${markOf(r)} ${markdownText(r.id)}: ${captionOf(of)}`;

/** The evidence of a requirement at a glance, under its name; nothing where it has none. */
export const gridOf = (r: RequirementReport): string => {
  const shown = picture(r.grid);
  return shown === '' ? '' : paragraphs(`${markOf(r)} ${titleAndId(r)}<br>${captionOf(r.grid)}`, shown);
};

/** The same, folded. */
export const foldedGridOf = (r: RequirementReport): string => details(foldHeading(r, r.grid), picture(r.grid));

/** The evidence of a requirement in full, folded, as far as a page can carry it; nothing where it has none. */
export const foldedTableOf = (r: RequirementReport): string => {
  if (r.table === undefined) return '';
  const cut = cutTable(r.table);
  const rows = cut.rows.map(({ cells }) => cells.map(markdownText));
  const heading = `${foldHeading(r, r.table)} (${count(r.table.rows.length, 'row')})`;
  return details(heading, rows.length === 0 ? '' : paragraphs(table(cut.columns.map(markdownText), rows), notShown(cut.more)));
};

import { clip, markdownCode, markdownText } from '../text/escape.js';
import { limits } from '../model/limits.js';
import { count, type GridMark } from '../model/outcome.js';
import type { RequirementReport } from '../model/report.js';
import { cutGrid, cutTable, gridMarkWords, marksIn } from './grid.js';
import { details, table } from './markdown.js';
import { markOf } from './words.js';

const marks: Readonly<Record<GridMark, string>> = { met: '✅', broken: '❌', open: '⚠️', none: '·' };

const notShown = (more: string): string => (more === '' ? '' : `… and ${more}: the JSON report holds them.`);

const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** The picture with its legend, without a heading; nothing where it has no row. */
const picture = (grid: NonNullable<RequirementReport['grid']>): string => {
  const cut = cutGrid(grid);
  const rows = cut.rows.map(({ label, cells }) => [markdownText(label), ...cells.map((mark) => marks[mark])]);
  if (rows.length === 0) return '';
  const legend = marksIn(cut).map((mark) => `${marks[mark]} ${gridMarkWords[mark]}`);
  return lines(table(['', ...cut.columns.map(markdownText)], rows, 1), `<sub>${legend.join(' &nbsp; ')}</sub>`, notShown(cut.more));
};

/** Mark, title and id of a requirement. */
const gridTitle = (r: RequirementReport): string =>
  `${markOf(r)} **${markdownText(clip(r.title, limits.annotationTitleCharacters))}** ${markdownCode(r.id)}`;

const captionOf = ({ caption }: { readonly caption: string }): string => markdownText(clip(caption, 300));

/** The evidence of a requirement at a glance, under its name; nothing where it has none. */
export const gridOf = (r: RequirementReport): string => {
  const shown = r.grid === undefined ? '' : picture(r.grid);
  return shown === '' || r.grid === undefined ? '' : lines(`${gridTitle(r)}<br>${captionOf(r.grid)}`, shown);
};

/** The same, folded. */
export const foldedGridOf = (r: RequirementReport): string => {
  const shown = r.grid === undefined ? '' : picture(r.grid);
  return shown === '' || r.grid === undefined ? '' : details(`${markOf(r)} ${markdownText(r.id)}: ${captionOf(r.grid)}`, shown);
};

/** The evidence of a requirement in full, folded, as far as a page can carry it; nothing where it has none. */
export const foldedTableOf = (r: RequirementReport): string => {
  if (r.table === undefined) return '';
  const cut = cutTable(r.table);
  const rows = cut.rows.map(({ cells }) => cells.map(markdownText));
  return details(
    `${markOf(r)} ${markdownText(r.id)}: ${captionOf(r.table)} (${count(r.table.rows.length, 'row')})`,
    rows.length === 0 ? '' : lines(table(cut.columns.map(markdownText), rows), notShown(cut.more)),
  );
};

import { count, type Grid, type GridMark, type Table } from '../model/outcome.js';
import { columnsOf, hanging, padded, shortened, type Paint } from './console.js';
import type { View } from './console-view.js';
import { chunks, cutGrid, cutTable, gridMarkWords, marksIn, type Cut } from './grid.js';

/** The same marks as those of outcomes, one column wide. */
const marks: Readonly<Record<GridMark, string>> = { met: '✓', broken: '✗', open: '!', none: '·' };

const colourOf = (paint: Paint, mark: GridMark): ((text: string) => string) =>
  ({ met: paint.good, broken: paint.bad, open: paint.warn, none: paint.dim })[mark];

/** Where the lines begin: under the reason of their requirement. */
const indent = '      ';
const gap = 2;
const widestLabel = 34;
const widestCell = 40;

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(columnsOf));

const dimLine = (text: string, { width, paint }: View): string => hanging(indent, text, width, paint.dim);

const moreLines = (more: string, view: View): readonly string[] =>
  more === '' ? [] : [dimLine(`… and ${more}: the JSON report holds them (--format json)`, view)];

const gridRows = (cut: Cut<GridMark>, view: View): readonly string[] => {
  const { width, paint } = view;
  const labels = Math.min(widestLabel, widest(cut.rows.map(({ label }) => shortened(label, widestLabel))));
  const room = width - columnsOf(indent) - labels;
  const own = cut.columns.map((column) => shortened(column, widestLabel));
  // Their own words where there is room for all, else numbers, which a line below explains.
  const numbered = own.reduce((sum, head) => sum + columnsOf(head) + gap, 0) > room;
  const heads = numbered ? own.map((_, i) => String(i + 1)) : own;
  const across = numbered ? Math.floor(room / (widest(heads) + gap)) : heads.length;
  const line = (label: string, cells: readonly string[]): string => `${indent}${padded(label, labels)}  ${cells.join('  ')}`.trimEnd();
  const cell = (mark: GridMark, head: string): string => colourOf(paint, mark)(marks[mark]) + ' '.repeat(Math.max(0, columnsOf(head) - 1));
  const parts = chunks([...heads.entries()], Math.max(1, across)).flatMap((part) => {
    const rows = cut.rows.map(({ label, cells }) => {
      const marked = part.map(([i, head]) => cell(cells[i] ?? 'none', head));
      return line(shortened(label, labels), marked);
    });
    const words = part.map(([, head]) => head);
    return [paint.dim(line('', words)), ...rows];
  });
  return numbered ? [...parts, dimLine(cut.columns.map((column, i) => `${i + 1} ${column}`).join(' · '), view)] : parts;
};

/**
 * Much evidence at a glance: a line per row, a mark per column, and what the marks say.
 * @returns no line where the grid has no row
 */
export const gridLines = (grid: Grid | undefined, view: View): readonly string[] => {
  if (grid === undefined || grid.rows.length === 0) return [];
  const cut = cutGrid(grid);
  const legend = marksIn(cut).map((mark) => `${marks[mark]} ${gridMarkWords[mark]}`);
  return [
    dimLine(cut.caption, view),
    ...gridRows(cut, view),
    ...(legend.length === 0 ? [] : [dimLine(legend.join(', '), view)]),
    ...moreLines(cut.more, view),
  ];
};

/** Where the columns do not fit beside each other: the first cell, and the others with the names of their columns under it. */
const recordLines = ({ columns, rows }: Cut<string>, { width, paint }: View): readonly string[] =>
  rows.flatMap(({ cells: [first = '', ...others] }) => [
    ...(first === '' ? [] : [hanging(indent, first, width)]),
    hanging(
      `${indent}  `,
      others.flatMap((cell, i) => (cell === '' ? [] : [`${columns[i + 1] ?? ''} ${cell}`])).join(' · '),
      width,
      paint.dim,
    ),
  ]);

/**
 * Much evidence in full: a line per row where it fits, else a few.
 * @returns no line where the table has no row
 */
export const tableLines = (table: Table | undefined, view: View): readonly string[] => {
  if (table === undefined || table.rows.length === 0) return [];
  const cut = cutTable(table);
  const texts = [cut.columns, ...cut.rows.map(({ cells }) => cells)].map((cells) => cells.map((cell) => shortened(cell, widestCell + 1)));
  const widths = cut.columns.map((_, i) => widest(texts.map((cells) => cells[i] ?? '')));
  const fits = widths.every((w) => w <= widestCell) && widths.reduce((sum, w) => sum + w + gap, columnsOf(indent) - gap) <= view.width;
  const line = (cells: readonly string[]): string =>
    `${indent}${cells.map((cell, i) => padded(cell, widths[i] ?? 0)).join('  ')}`.trimEnd();
  const [head = [], ...rows] = texts;
  return [
    dimLine(`${cut.caption} (${count(table.rows.length, 'row')})`, view),
    ...(fits ? [view.paint.dim(line(head)), ...rows.map(line)] : recordLines(cut, view)),
    ...moreLines(cut.more, view),
  ];
};

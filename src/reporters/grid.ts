import { clip } from '../text/escape.js';
import { gridMarks, type Grid, type GridMark, type Table } from '../model/outcome.js';

/** A picture that does not fit a screen is none: the table beside it holds every observation. */
const most = { rows: 60, columns: 24, label: 60, head: 40, caption: 300 } as const;

/** Of a table, what a page can carry: the JSON report holds it whole. */
const maxInTable = { rows: 200, columns: 12, cell: 160 } as const;

/** What each mark says, for the legend: a mark is never the only carrier of a meaning. */
export const gridMarkWords: Readonly<Record<GridMark, string>> = {
  met: 'as it should be',
  broken: 'not as it should be',
  open: 'could not be told',
  none: 'not asked',
};

/** Much evidence, cut to what one place shows: every row has a cell for each column. */
export interface Cut<Cell> {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly Cell[] }[];
  /** What was cut, in words; `''` where nothing was. */
  readonly more: string;
}

const moreOf = (rows: number, columns: number): string =>
  [rows > 0 ? `${rows} more row${rows === 1 ? '' : 's'}` : '', columns > 0 ? `${columns} more column${columns === 1 ? '' : 's'}` : '']
    .filter((part) => part !== '')
    .join(' and ');

/** A grid as far as it is shown. The order is the judge's, so what matters stands first. */
export const cutGrid = ({ caption, columns, rows }: Grid): Cut<GridMark> => {
  const shown = columns.slice(0, most.columns);
  return {
    caption: clip(caption, most.caption),
    columns: shown.map((column) => clip(column, most.head)),
    rows: rows
      .slice(0, most.rows)
      .map(({ label, marks }) => ({ label: clip(label, most.label), cells: shown.map((_, i) => marks[i] ?? 'none') })),
    more: moreOf(rows.length - most.rows, columns.length - most.columns),
  };
};

/** A table as far as it is shown, in the judge's order; its rows have no label. */
export const cutTable = ({ caption, columns, rows }: Table): Cut<string> => {
  const shown = columns.slice(0, maxInTable.columns);
  return {
    caption: clip(caption, most.caption),
    columns: shown.map((column) => clip(column, most.head)),
    rows: rows.slice(0, maxInTable.rows).map((row) => ({ label: '', cells: shown.map((_, i) => clip(row[i] ?? '', maxInTable.cell)) })),
    more: moreOf(rows.length - maxInTable.rows, columns.length - maxInTable.columns),
  };
};

/** The marks that a grid holds, in the order of the legend. */
export const marksIn = ({ rows }: Cut<GridMark>): readonly GridMark[] =>
  gridMarks.filter((mark) => rows.some((row) => row.cells.includes(mark)));

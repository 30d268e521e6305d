import { clip } from '../text/escape.js';
import { count, gridMarks, type Grid, type GridMark, type Table } from '../model/outcome.js';

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
  [...(rows > 0 ? [count(rows, 'more row')] : []), ...(columns > 0 ? [count(columns, 'more column')] : [])].join(' and ');

/** The first rows and columns, in the judge's order: what matters stands first. */
const cut = <Row, Cell>(
  { caption, columns, rows }: { readonly caption: string; readonly columns: readonly string[]; readonly rows: readonly Row[] },
  max: { readonly rows: number; readonly columns: number },
  labelOf: (row: Row) => string,
  cellOf: (row: Row, i: number) => Cell,
): Cut<Cell> => {
  const shown = columns.slice(0, max.columns);
  return {
    caption: clip(caption, most.caption),
    columns: shown.map((column) => clip(column, most.head)),
    rows: rows.slice(0, max.rows).map((row) => ({ label: clip(labelOf(row), most.label), cells: shown.map((_, i) => cellOf(row, i)) })),
    more: moreOf(rows.length - max.rows, columns.length - max.columns),
  };
};

/** A grid as far as it is shown. */
export const cutGrid = (grid: Grid): Cut<GridMark> =>
  cut(
    grid,
    most,
    ({ label }) => label,
    ({ marks }, i) => marks[i] ?? 'none',
  );

/** A table as far as it is shown; its rows have no label. */
export const cutTable = (table: Table): Cut<string> =>
  cut(
    table,
    maxInTable,
    () => '',
    (row, i) => clip(row[i] ?? '', maxInTable.cell),
  );

/** Parts of a list, none longer than that. */
export const chunks = <T>(all: readonly T[], most: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));

/** The marks that a grid holds, in the order of the legend. */
export const marksIn = ({ rows }: Cut<GridMark>): readonly GridMark[] =>
  gridMarks.filter((mark) => rows.some((row) => row.cells.includes(mark)));

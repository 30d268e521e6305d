/** An invented reporter, as CONTRIBUTING tells a contributor to write it. */

export const reporterPath = 'src/reporters/csv.ts';

export const reporterFile = `import type { Report } from '../model/report.js';
import { plainText } from '../text/escape.js';
import type { Reporter } from './reporter.js';

/** A cell: quoted if it holds what separates cells, and never a formula. */
const cell = (text: string): string => {
  const plain = plainText(text).replace(/^[=+@-]/, "'$&");
  return /[",]/.test(plain) ? '"' + plain.replaceAll('"', '""') + '"' : plain;
};

const rows = (report: Report): string =>
  [['id', 'level', 'outcome'], ...report.requirements.map(({ id, level, outcome }) => [id, level, outcome])]
    .map((cells) => cells.map(cell).join(',') + '\\n')
    .join('');

/** A row for each requirement, for spreadsheets. */
export const csv: Reporter = {
  name: 'csv',
  description: 'One row for each requirement, as comma-separated values',
  medium: 'file',
  file: 'scs-kaas-requirements.csv',
  report: rows,
};
`;

/** The list of reporters with the invented one in it. */
export const withReporter = (list: string): string =>
  list
    .replace("import { json } from './json.js';", "import { csv } from './csv.js';\n$&")
    .replace(/(export const reporters: readonly Reporter\[\] = \[[^\]]*)scsReport\]/, '$1scsReport, csv]');

import { clip, clipMiddle, markdownLink, markdownText } from '../text/escape.js';
import { limits } from '../model/limits.js';
import type { Finding, Findings } from '../model/outcome.js';
import type { RequirementReport } from '../model/report.js';
import { hanging } from './console.js';
import type { View } from './console-view.js';
import { details, clipText, paragraphs, table } from './markdown.js';
import { markOf } from './words.js';

interface Max {
  readonly rows: number;
  readonly message: number;
}

/** What a page or a screen can carry; the JSON report holds more. */
const most = { onTerminal: 10, message: 300 } as const;
const inSummary: Max = { rows: 50, message: most.message };
const inComment: Max = { rows: 15, message: 160 };

const counting = ({ list }: Findings): readonly Finding[] => list.filter(({ tolerated }) => tolerated === undefined);
const toleratedOf = ({ list }: Findings): readonly Finding[] => list.filter(({ tolerated }) => tolerated !== undefined);

/** e.g. `NetworkPolicy tests: 45 passed · 1 failed · 3 not run`. */
const tallyText = ({ of, tally }: Findings): string =>
  `${clip(of, 100)}: ${tally.map(({ label, count }) => `${count} ${clip(label, 60)}`).join(' · ')}`;

const nameCell = ({ name, url }: Finding, r: RequirementReport): string => markdownLink(clipMiddle(name, 160), url ?? r.clause);

const findingTable = (
  some: readonly Finding[],
  r: RequirementReport,
  max: Max,
  [what, why]: readonly [string, string],
  cell: (one: Finding) => string,
): string =>
  table(
    ['Name', what, why],
    some.slice(0, max.rows).map((one) => [nameCell(one, r), cell(one), markdownText(clipMiddle(one.message, max.message))]),
  );

const moreText = (n: number): string => (n > 0 ? `… and ${n} more: the JSON report holds what was kept of them.` : '');

/** Both tables, the second one folded; nothing where nothing was found. */
const tablesOf = (r: RequirementReport, findings: Findings, max: Max): string => {
  const wrong = counting(findings);
  const tolerated = toleratedOf(findings);
  return paragraphs(
    findingTable(wrong, r, max, ['What became of it', 'Why'], (one) => clipText(one.state, 100)),
    moreText(Math.max(0, wrong.length - max.rows) + findings.omitted),
    details(
      `Tolerated: ${tolerated.length}`,
      paragraphs(
        findingTable(tolerated, r, max, ['Tolerated because', 'What it said'], (one) => clipText(one.tolerated ?? '', 300)),
        moreText(tolerated.length - max.rows),
      ),
    ),
  );
};

const captionOf = (r: RequirementReport, findings: Findings): string =>
  `${markOf(r)} ${markdownText(clip(r.id, 200))}: ${markdownText(tallyText(findings))}`;

/** What was found wrong for a requirement, under its name and the numbers; nothing where there is nothing. */
export const findingsMarkdown = (r: RequirementReport): string =>
  r.findings === undefined ? '' : paragraphs(captionOf(r, r.findings), tablesOf(r, r.findings, inSummary));

/** The same, folded; its numbers alone where nothing was found wrong. */
export const foldedFindingsOf = (r: RequirementReport): string =>
  r.findings === undefined ? '' : details(captionOf(r, r.findings), tablesOf(r, r.findings, inSummary)) || captionOf(r, r.findings);

/** The same for the comment, folded and shorter. */
export const commentFindingsOf = (r: RequirementReport): string =>
  r.findings === undefined ? '' : details(captionOf(r, r.findings), tablesOf(r, r.findings, inComment));

/** The same for a terminal, under the row of its requirement: all of it where all is asked for. */
export const findingLines = (
  { findings }: RequirementReport,
  { width, paint, verbose }: View & { readonly verbose: boolean },
): readonly string[] => {
  if (findings === undefined) return [];
  const wrong = counting(findings);
  const shown = verbose ? wrong : wrong.slice(0, most.onTerminal);
  const more = wrong.length - shown.length + findings.omitted;
  const line = (mark: string, text: string, colour: (text: string) => string): string => hanging(`      ${mark} `, text, width, colour);
  const said = (one: Finding): string => clipMiddle(one.message, verbose ? limits.shownCharacters : most.message);
  return [
    hanging('      ', tallyText(findings), width, paint.dim),
    ...shown.flatMap((one) => [
      line('✗', `${one.name}: ${one.state}: ${said(one)}`, paint.bad),
      ...(verbose && one.url !== undefined ? [hanging('        ', one.url, width, paint.dim)] : []),
    ]),
    ...(more > 0 ? [`      ${paint.dim(`… and ${more} more: the JSON report holds what was kept of them (--format json)`)}`] : []),
    ...toleratedOf(findings)
      .slice(0, verbose ? undefined : most.onTerminal)
      .map((one) => line('w', `${one.name}: tolerated: ${clip(one.tolerated ?? '', most.message)}`, paint.dim)),
  ];
};

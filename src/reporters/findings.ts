import { clip, clipMiddle, markdownLink, markdownText } from '../text/escape.js';
import { limits } from '../model/limits.js';
import type { RequirementReport } from '../model/report.js';
import { hanging, type Paint } from './console.js';
import { details, clipText, table } from './markdown.js';
import { markOf } from './words.js';

type Findings = NonNullable<RequirementReport['findings']>;
type Finding = Findings['list'][number];

/** What a page or a screen can carry; the JSON report holds more. */
const most = { inSummary: 50, inComment: 15, onTerminal: 10, message: 300, inCommentMessage: 160 } as const;

const counting = ({ list }: Findings): readonly Finding[] => list.filter(({ tolerated }) => tolerated === undefined);
const toleratedOf = ({ list }: Findings): readonly Finding[] => list.filter(({ tolerated }) => tolerated !== undefined);

/** e.g. `NetworkPolicy tests: 45 passed · 1 failed · 3 not run`. */
const tallyText = ({ of, tally }: Findings): string =>
  `${clip(of, 100)}: ${tally.map(({ label, count }) => `${count} ${clip(label, 60)}`).join(' · ')}`;

const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

const nameCell = ({ name, url }: Finding, r: RequirementReport): string => markdownLink(clipMiddle(name, 160), url ?? r.clause);

const wrongTable = (some: readonly Finding[], r: RequirementReport, message: number): string =>
  table(
    ['Name', 'What became of it', 'Why'],
    some.map((one) => [nameCell(one, r), clipText(one.state, 100), markdownText(clipMiddle(one.message, message))]),
  );

const toleratedTable = (some: readonly Finding[], r: RequirementReport, message: number): string =>
  table(
    ['Name', 'Tolerated because', 'What it said'],
    some.map((one) => [nameCell(one, r), clipText(one.tolerated ?? '', 300), markdownText(clipMiddle(one.message, message))]),
  );

const moreText = (n: number): string => (n > 0 ? `… and ${n} more: the JSON report holds what was kept of them.` : '');

/** Both tables, the second one folded; nothing where nothing was found. */
const tablesOf = (r: RequirementReport, rows: number, message: number): string => {
  if (r.findings === undefined) return '';
  const wrong = counting(r.findings);
  const tolerated = toleratedOf(r.findings);
  return lines(
    wrongTable(wrong.slice(0, rows), r, message),
    moreText(Math.max(0, wrong.length - rows) + r.findings.omitted),
    details(
      `Tolerated: ${tolerated.length}`,
      lines(toleratedTable(tolerated.slice(0, rows), r, message), moreText(tolerated.length - rows)),
    ),
  );
};

const captionOf = (r: RequirementReport, findings: Findings): string =>
  `${markOf(r)} ${markdownText(clip(r.id, 200))}: ${markdownText(tallyText(findings))}`;

/** What was found wrong for a requirement, under its name and the numbers; nothing where there is nothing. */
export const findingsMarkdown = (r: RequirementReport): string =>
  r.findings === undefined ? '' : lines(captionOf(r, r.findings), tablesOf(r, most.inSummary, most.message));

/** The same, folded; its numbers alone where nothing was found wrong. */
export const foldedFindingsOf = (r: RequirementReport): string =>
  r.findings === undefined ? '' : details(captionOf(r, r.findings), tablesOf(r, most.inSummary, most.message)) || captionOf(r, r.findings);

/** The same for the comment, folded and shorter. */
export const commentFindingsOf = (r: RequirementReport): string =>
  r.findings === undefined ? '' : details(captionOf(r, r.findings), tablesOf(r, most.inComment, most.inCommentMessage));

/** The same for a terminal, under the row of its requirement: all of it where all is asked for. */
export const findingLines = (
  { findings }: RequirementReport,
  { width, paint, verbose }: { readonly width: number; readonly paint: Paint; readonly verbose: boolean },
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

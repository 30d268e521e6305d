import type { OfficialReport, Report } from '../model/report.js';
import { clip, markdownCode, markdownText } from '../text/escape.js';
import { remaining } from '../model/lifetime.js';
import { columnsOf, hanging, padded, shortened } from './console.js';
import type { View } from './console-view.js';
import { section, clipText, paragraphs, table } from './markdown.js';
import { officialMarks } from './words.js';

const scopeOf = ({ scope, version, date }: OfficialReport): string =>
  `${clip(scope.name, 100)}${version === undefined ? '' : ` ${version}`}, ${date}`;

/** Of a testcase what does not count is shown as well, and said. */
const testcaseReason = ({ message, counts, target, expires }: OfficialReport['testcases'][number]): string =>
  [message, ...(counts ? [] : [`does not count (target ${target})`]), ...(expires === undefined ? [] : [`counts until ${expires}`])].join(
    '; ',
  );

/** Passes that will not count for long: they come of files of an earlier run. */
const endingSoon = ({ testcases, date }: OfficialReport): readonly { readonly id: string; readonly when: string }[] =>
  testcases.flatMap(({ id, verdict, expires, lifetime }) => {
    const when = verdict !== 'PASS' || expires === undefined ? undefined : remaining(expires, lifetime, date);
    return when === undefined ? [] : [{ id, when }];
  });

const again = 'run it and upload it again before';

/** What upstream's scope says, as Markdown: never without the words that it is another verdict than ours. */
export const officialBlock = ({ official }: Report): string =>
  official === undefined
    ? ''
    : section(
        'Official verdict',
        paragraphs(
          `${officialMarks[official.verdict]} **${official.verdict}** for ${markdownText(scopeOf(official))}: ${clipText(official.message, 300)}. Scope: ${markdownText(clip(official.scope.source, 200))}.`,
          table(
            ['', 'Testcase', 'Why'],
            official.testcases.map((t) => [
              `${officialMarks[t.verdict]}&nbsp;${t.verdict}`,
              markdownCode(t.id),
              clipText(testcaseReason(t), 400),
            ]),
          ),
          endingSoon(official)
            .map(({ id, when }) => `- ⏳ ${markdownCode(id)} ${markdownText(when)}: ${again}.`)
            .join('\n'),
        ),
      );

/** The same for a terminal. */
export const officialLines = ({ official }: Report, { width, paint }: View): readonly string[] => {
  if (official === undefined) return [];
  const colour = { PASS: paint.good, FAIL: paint.bad, ABORT: paint.warn, MISSING: paint.warn }[official.verdict];
  const head = `Official verdict: ${official.verdict} for ${scopeOf(official)}: ${clip(official.message, 300)}`;
  const ids = Math.max(0, ...official.testcases.map((t) => columnsOf(shortened(t.id, 40))));
  return [
    '',
    hanging('', head, width, (line) => colour(paint.bold(line))),
    ...official.testcases.map((t) =>
      hanging(`  ${padded(t.verdict, 7)}  ${padded(shortened(t.id, 40), ids)}  `, clip(testcaseReason(t), 400), width, paint.dim),
    ),
    ...endingSoon(official).map(({ id, when }) => hanging('  ', `${shortened(id, 40)} ${when}: ${again}.`, width, paint.warn)),
  ];
};

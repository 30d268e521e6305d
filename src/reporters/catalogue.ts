import { markdownCode, markdownLink, markdownProse, markdownText } from '../text/escape.js';
import type { Requirement, Standard } from '../model/requirement.js';
import { elseOf, evidenceWords, factNames, rungPermissions, rungWords, settlers, unseen, type View } from './catalogue-words.js';
import { columnsOf, hanging, padded, paintOf, toScreen, type Paint } from './console.js';
import { paragraphs, section, table } from './markdown.js';
import { categoryWords } from './words.js';

/**
 * All requirements of the standards as a table for a terminal.
 * @param standards in the order of the list
 * @param view columns and colours
 */
export const listStandards = (standards: readonly Standard[], view: View): string => {
  const paint = paintOf(view.colour);
  const id = Math.max(0, ...standards.flatMap((s) => s.requirements.map((r) => columnsOf(`${s.id}/${r.id}`))));
  return toScreen(
    standards.flatMap((s, i) => [
      ...(i === 0 ? [] : ['']),
      hanging('', `${s.id}  ${s.title} (${categoryWords[s.category]}, ${s.status})`, view.width, paint.bold),
      ...s.requirements.map((r) =>
        hanging(`  ${padded(`${s.id}/${r.id}`, id)}  ${padded(r.level, 6)}  `, `${r.title} [${evidenceWords(r)}]`, view.width),
      ),
    ]),
  );
};

/**
 * What `listStandards` has no rows for, below it.
 * @param documents each with the reason
 */
export const listNotCovered = (
  documents: readonly { readonly id: string; readonly title: string; readonly why: string }[],
  view: View,
): string =>
  toScreen([
    '',
    hanging('', 'Not covered', view.width, paintOf(view.colour).bold),
    ...documents.map(({ id, title, why }) => hanging(`  ${id}  `, `${title}. ${why}`, view.width)),
  ]);

const ladderLines = (r: Requirement, paint: Paint, width: number): readonly string[] =>
  r.ladder.length === 0
    ? [`  ${unseen}`]
    : r.ladder.flatMap((rung, i) => [
        hanging(`  ${i + 1}. `, `${rung.rung}: ${rungWords[rung.rung]}`, width),
        hanging('     facts: ', factNames(rung).join(', '), width),
        hanging('     needs: ', rungPermissions(rung).join(', ') || 'no permission', width, paint.dim),
      ]);

/**
 * One requirement in full: what is asked, its clause, what settles it and what to do if it fails.
 * @param id as in the catalogue, e.g. `scs-0214-v2/zone-label`
 * @returns undefined where no standard has it; naming the nearest one is the caller's
 */
export const explainRequirement = (standards: readonly Standard[], id: string, view: View): string | undefined => {
  const standard = standards.find((s) => id.startsWith(`${s.id}/`));
  const r = standard?.requirements.find((some) => `${standard.id}/${some.id}` === id);
  if (standard === undefined || r === undefined) return undefined;
  const paint = paintOf(view.colour);
  const [lead, how] = elseOf(r) ?? [];
  return toScreen([
    paint.bold(id),
    hanging('', r.title, view.width),
    '',
    `Level     ${r.level}`,
    `Category  ${categoryWords[standard.category]}${standard.category === 'certificate' ? '' : ': no part of the verdict'}`,
    hanging('Standard  ', `${standard.title} (${standard.status})`, view.width),
    `Clause    ${standard.url}${r.clause}`,
    ...(r.testcase === undefined ? [] : [`Testcase  ${r.testcase}`]),
    '',
    paint.bold('What settles it, best first'),
    ...ladderLines(r, paint, view.width),
    ...(lead === undefined ? [] : [hanging(`  ${lead} `, how ?? '', view.width)]),
    '',
    paint.bold('What to do if it fails'),
    hanging('  ', r.remediation, view.width),
  ]);
};

/** What settles a requirement, in a sentence. */
const settledWords = (r: Requirement): string => {
  const ways = r.ladder.map(({ rung }) => `${rung}: ${rungWords[rung]}`);
  const { tier } = r.settledBy ?? {};
  // The evidence names the tier already.
  const named = r.ladder.some(({ rung }) => (tier === 'active' && rung === 'act') || (tier === 'heavy' && rung === 'e2e'));
  const also = settlers(r.settledBy && { ...r.settledBy, tier: named ? undefined : tier });
  return [...ways, ...(also === '' ? [] : [`${ways.length > 0 ? 'otherwise ' : ''}${also}`])].join('; ') || unseen;
};

/**
 * One standard: what it is, and each of its requirements with what settles it.
 * @returns a text for a terminal that ends with how to read more of one requirement
 */
export const explainStandard = (standard: Standard, view: View): string => {
  const paint = paintOf(view.colour);
  const ids = standard.requirements.map((r) => `${standard.id}/${r.id}`);
  return toScreen([
    paint.bold(standard.id),
    hanging('', standard.title, view.width),
    '',
    `Status    ${standard.status}${standard.status === 'deprecated' ? ': checked only if it is named' : ''}`,
    `Category  ${categoryWords[standard.category]}${standard.category === 'certificate' ? '' : ': no part of the verdict'}`,
    `URL       ${standard.url}`,
    ...standard.requirements.flatMap((r, i) => [
      '',
      `${paint.bold(ids[i] ?? '')}  ${r.level}`,
      hanging('  ', r.title, view.width),
      hanging('  Evidence: ', settledWords(r), view.width, paint.dim),
    ]),
    ...(ids[0] === undefined ? [] : ['', hanging('', `One requirement in full: scs-kaas explain ${ids[0]}`, view.width)]),
  ]);
};

const ladderMarkdown = (r: Requirement): string =>
  table(
    ['', 'Evidence', 'Facts', 'Permissions'],
    r.ladder.map((rung, i) => [
      `${i + 1}`,
      `**${rung.rung}**: ${rungWords[rung.rung]}`,
      factNames(rung).map(markdownCode).join(', '),
      rungPermissions(rung).map(markdownCode).join('<br>') || 'none',
    ]),
  );

const elseMarkdown = (r: Requirement): string => {
  const [lead, how] = elseOf(r) ?? ['', ''];
  return lead === '' ? '' : `${lead.charAt(0).toUpperCase()}${lead.slice(1).replace(':', '')}: ${markdownProse(how)}`;
};

const requirementMarkdown = (s: Standard, r: Requirement): string =>
  section(
    markdownText(r.id),
    paragraphs(
      `**${r.level}** · ${markdownText(r.title)} · ${markdownLink('clause', `${s.url}${r.clause}`)}${r.testcase === undefined ? '' : ` · SCS testcase ${markdownCode(r.testcase)}`}`,
      ladderMarkdown(r) || `This program collects no evidence for it.`,
      elseMarkdown(r),
      `If it fails: ${markdownProse(r.remediation)}`,
    ),
    3,
  );

/**
 * The page of one standard for docs/standards/: its requirements, each with evidence ladder, facts, permissions and remedy.
 * Generated; the standard's file is the source.
 */
export const standardPage = (standard: Standard): string =>
  `${paragraphs(
    `<!-- Generated from the standard's source file; change it there. -->`,
    `# ${markdownText(standard.id)}: ${markdownText(standard.title)}`,
    `${markdownLink('The standard', standard.url)} · ${categoryWords[standard.category]}${standard.category === 'certificate' ? '' : ', no part of the verdict'} · ${standard.status}`,
    section(
      'Requirements',
      table(
        ['Requirement', 'Level', 'What is asked', 'Evidence'],
        standard.requirements.map((r) => [`[${markdownCode(r.id)}](#${r.id})`, r.level, markdownText(r.title), evidenceWords(r)]),
      ),
      2,
    ),
    section('Each in full', paragraphs(...standard.requirements.map((r) => requirementMarkdown(standard, r))), 2),
  )}\n`;

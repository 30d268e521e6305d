import { markdownCode, markdownLink, markdownProse, markdownText } from '../text/escape.js';
import type { RungName } from '../model/outcome.js';
import { permissionText } from '../model/permission.js';
import type { Requirement, Rung, SettledBy, Standard } from '../model/requirement.js';
import { columnsOf, hanging, padded, paintOf, toScreen, type Paint } from './console.js';
import { paragraphs, section, table } from './markdown.js';
import type { ReporterOptions } from './reporter.js';
import { categoryWords } from './words.js';

type View = Pick<ReporterOptions, 'colour' | 'width'>;

/** What each rung of the evidence ladder does. */
const rungWords: Readonly<Record<RungName, string>> = {
  read: 'an object or endpoint states it',
  behave: 'the API server shows it, nothing is stored',
  act: 'short-lived objects in namespaces of our own show it and are removed again (tier active)',
  e2e: 'results of the upstream end-to-end tests show it, which may be provided (input `e2e-results`)',
  declare: 'the provider states it',
};

const unseen = 'nothing that this program looks at tells';
const settlers = (s: SettledBy | undefined): string =>
  [
    ...(s?.tier === undefined ? [] : [`tier ${s.tier}`]),
    ...(s?.statement === true ? ['a statement of the provider'] : []),
    ...(s?.fleet === true ? ['the provider’s other clusters'] : []),
  ].join(', ');

/** The permissions of a rung's facts, each once, with the role that holds it. */
const rungPermissions = (rung: Rung): readonly string[] => [
  ...new Set(rung.facts.flatMap((fact) => fact.permissions.map((p) => `${permissionText(p)} (${p.role})`))),
];
const factNames = (rung: Rung): readonly string[] => rung.facts.map((fact) => fact.name);

/** A rung by its name, with the tier where the one that runs by itself does not climb it. */
const rungNames: Readonly<Partial<Record<RungName, string>>> = { act: 'act (tier active)', e2e: 'e2e (results of the upstream tests)' };

/** How a requirement is settled, in a few words for a list. */
const evidenceWords = (r: Requirement): string =>
  [...new Set(r.ladder.map(({ rung }) => rungNames[rung] ?? rung))].join(', ') || settlers(r.settledBy) || unseen;

/**
 * What settles it where this program's ladder does not, as a lead and a sentence. A tier that climbs a rung of the ladder is no other way:
 * there it is the lower runs that have to be told.
 */
const elseOf = (r: Requirement): readonly [lead: string, how: string] | undefined => {
  const { settledBy } = r;
  if (settledBy === undefined) return undefined;
  if (settledBy.tier === 'active' && r.ladder.some(({ rung }) => rung === 'act')) return ['in a light run:', settledBy.nextStep];
  if (settledBy.tier === 'heavy' && r.ladder.some(({ rung }) => rung === 'e2e')) return ['without results:', settledBy.nextStep];
  const also = settlers(settledBy);
  return ['else', `${also === '' ? '' : `${also}: `}${settledBy.nextStep}`];
};

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
 * One requirement in full: what is asked, where it stands, what settles it and what to do where it is broken.
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
    `Scope     ${categoryWords[standard.category]}${standard.category === 'certificate' ? '' : ': no part of the verdict'}`,
    hanging('Standard  ', `${standard.title} (${standard.status})`, view.width),
    `Clause    ${standard.url}${r.clause}`,
    ...(r.testcase === undefined ? [] : [`Testcase  ${r.testcase}`]),
    '',
    paint.bold('What settles it, best first'),
    ...ladderLines(r, paint, view.width),
    ...(lead === undefined ? [] : [hanging(`  ${lead} `, how ?? '', view.width)]),
    '',
    paint.bold('What to do where it is broken'),
    hanging('  ', r.remediation, view.width),
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
      `**${r.level}** · ${markdownText(r.title)} · ${markdownLink('clause', `${s.url}${r.clause}`)}${r.testcase === undefined ? '' : ` · upstream testcase ${markdownCode(r.testcase)}`}`,
      ladderMarkdown(r) || `What this program looks at does not tell.`,
      elseMarkdown(r),
      `Where it is broken: ${markdownProse(r.remediation)}`,
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

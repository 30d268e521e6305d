import type { PermissionRole } from '../model/fact.js';
import type { Outcome } from '../model/outcome.js';
import type { Report, RequirementReport, StandardReport } from '../model/report.js';
import { gridLines, tableLines } from './console-grid.js';
import { findingLines } from './findings.js';
import { columnsOf, hanging, padded, toScreen, shortened, wrapped, type Paint } from './console.js';
import { screenHeading, clipForScreen, outcomePaint, screenSection, verdictLine, viewOf, type View as AnyView } from './console-view.js';
import { officialLines } from './official.js';
import type { ReporterOptions } from './reporter.js';
import { announcedAs, countParts, requirementsAs, categoryWords, shortId, signs } from './words.js';

type View = AnyView & Pick<ReporterOptions, 'verbose'>;

/** How many steps are shown without `--verbose`. */
const maxSteps = 10;

/** What is recommended and not met costs no certificate. */
const colourOf = (paint: Paint, { outcome, level }: RequirementReport): ((text: string) => string) =>
  outcome === 'fail' && level !== 'MUST' ? paint.warn : outcomePaint(paint, outcome);

const word = (outcome: Outcome): string => (outcome === 'not-applicable' ? 'n/a' : outcome);

const headLines = (report: Report, view: View): readonly string[] => {
  const { paint, width } = view;
  const { cluster } = report;
  const where = [
    `Cluster ${cluster.name || '(without a name)'}`,
    cluster.version || 'version unknown',
    [cluster.source, cluster.sourceDetail].filter((t) => t !== '').join(': '),
  ];
  return [
    verdictLine(report, view),
    ...wrapped(where.map(clipForScreen).join(' · '), width).map(paint.dim),
    ...report.caveats.map((caveat) => hanging('! ', clipForScreen(caveat), width, paint.warn)),
  ];
};

const evidenceLines = (r: RequirementReport, { paint, width }: View): readonly string[] => [
  ...r.evidence.map((e) => hanging('      ', `${clipForScreen(e.source)}: ${clipForScreen(e.observed)}`, width, paint.dim)),
  ...(r.evidenceOmitted > 0 ? [`      ${paint.dim(`and ${r.evidenceOmitted} more`)}`] : []),
];

/** What stands under the row of a requirement: what matters at a glance, and all of it where all is asked for. */
const underLines = (r: RequirementReport, view: View): readonly string[] => [
  ...gridLines(r.grid, view),
  ...findingLines(r, view),
  ...(view.verbose ? [...evidenceLines(r, view), ...tableLines(r.table, view)] : []),
];

const rowLines = (r: RequirementReport, view: View, columns: { readonly outcome: number; readonly id: number }): readonly string[] => {
  const { paint, width, verbose } = view;
  const left = `  ${signs[r.outcome].terminal} ${padded(word(r.outcome), columns.outcome)}  ${padded(r.level, 6)}  ${padded(shortened(shortId(r), columns.id), columns.id)}  `;
  const painted = (text: string): string => colourOf(paint, r)(text.slice(0, 4 + columns.outcome)) + text.slice(4 + columns.outcome);
  const message = clipForScreen(r.message);
  const quiet = r.outcome !== 'fail' && r.outcome !== 'abort' && !verbose;
  const room = width - columnsOf(left);
  if (quiet) return [painted(left) + paint.dim(shortened(message, room))];
  const beside = wrapped(message, room);
  if (beside.length <= 3)
    return [...beside.map((line, i) => (i === 0 ? painted(left) : ' '.repeat(columnsOf(left))) + line), ...underLines(r, view)];
  return [painted(left).trimEnd(), hanging('      ', message, width), ...underLines(r, view)];
};

const standardLines = (report: Report, s: StandardReport, view: View): readonly string[] => {
  const { paint, width, verbose } = view;
  const shown = ['pass', 'fail', 'abort', 'declared', 'waived', 'not-applicable'] as const;
  const rows = requirementsAs(report, s.requirements, ...shown, ...(verbose ? (['missing'] as const) : []));
  const columns = {
    outcome: Math.max(5, ...rows.map((r) => word(r.outcome).length)),
    id: Math.min(32, Math.max(0, ...rows.map((r) => columnsOf(shortened(shortId(r), 32))))),
  };
  const folded = verbose ? [] : requirementsAs(report, s.requirements, 'missing');
  const status = s.status === 'stable' ? '' : `, ${s.status}`;
  return [
    '',
    hanging('', `${s.id}  ${clipForScreen(s.title)} (${categoryWords[s.category]}${status})`, width, paint.bold),
    ...rows.flatMap((r) => rowLines(r, view, columns)),
    ...(folded.length === 0
      ? []
      : [hanging(`  ${signs.missing.terminal} `, `${folded.length} not looked at: ${folded.map(shortId).join(', ')}`, width, paint.dim)]),
  ];
};

const nextLines = (report: Report, view: View): readonly string[] => {
  const failed = announcedAs(report, 'fail');
  const steps = view.verbose ? failed : failed.slice(0, maxSteps);
  const more = failed.length - steps.length;
  const lines = steps.flatMap((r, i) => {
    const where = r.location === undefined ? '' : `, ${r.location.file}:${r.location.line}`;
    return [
      hanging(`  ${`${i + 1}.`.padEnd(3)} `, `${r.id} (${r.level})${where}`, view.width),
      hanging('      ', clipForScreen(r.remediation), view.width, view.paint.dim),
    ];
  });
  return screenSection('What to do next', more > 0 ? [...lines, `      and ${more} more; --verbose shows them`] : lines, view);
};

const expiringLines = (report: Report, view: View): readonly string[] => {
  const some = announcedAs(report, 'pass');
  const lines = some.map((r) => hanging('  ! ', `${r.id}: ${clipForScreen(r.expiresSoon ?? '')}`, view.width, view.paint.warn));
  return screenSection('What expires soon', lines, view);
};

/** What other tiers and statements settle: the same advice once. */
const unseenLines = (report: Report, view: View): readonly string[] => {
  const unseen = report.requirements.filter((r) => r.outcome === 'missing' && r.category === 'certificate');
  const lines = [...Map.groupBy(unseen, (r) => r.nextStep ?? r.message)].flatMap(([how, some]) => [
    hanging('  · ', some.map((r) => r.id).join(', '), view.width),
    hanging('    ', clipForScreen(how), view.width, view.paint.dim),
  ]);
  return screenSection('What was not looked at in the certificate scope', lines, view);
};

const grantedBy = ({ missingPermissions }: Report): string => {
  const needs = (role: PermissionRole): boolean => missingPermissions.some((p) => p.role === role);
  return `scs-kaas permissions${needs('run') ? ' --tier heavy' : needs('act') ? ' --tier active' : ''}`;
};

const permissionLines = (report: Report, view: View): readonly string[] => {
  const lines = report.missingPermissions.flatMap((p) => [
    hanging('  ! ', `${p.text} (role ${p.role}): ${p.why}`, view.width),
    hanging('    ', `would settle ${p.requirements.join(', ')}`, view.width, view.paint.dim),
  ]);
  return screenSection(`Missing permissions (${grantedBy(report)} prints the roles that grant them)`, lines, view);
};

const aboutLines = (report: Report, view: View): readonly string[] => {
  const rows = [
    ...report.cluster.about,
    ...report.data,
    { label: 'Judged at', value: `${report.now} by ${report.tool.name} ${report.tool.version}, tier ${report.tier}` },
  ];
  const labels = Math.min(30, Math.max(...rows.map((row) => columnsOf(shortened(row.label, 30)))));
  return [
    ...screenHeading('Versions and data', view),
    ...rows.map((row) => hanging(`  ${padded(shortened(row.label, 30), labels)}  `, clipForScreen(row.value), view.width, view.paint.dim)),
  ];
};

/** The report as a table for people, for a terminal or a log. The verdict stands at both ends: a terminal shows the last lines. */
export const terminalReport = (report: Report, options: ReporterOptions): string => {
  const view: View = { ...viewOf(options), verbose: options.verbose };
  return toScreen([
    ...headLines(report, view),
    ...report.standards.flatMap((s) => standardLines(report, s, view)),
    ...officialLines(report, view),
    ...nextLines(report, view),
    ...expiringLines(report, view),
    ...(view.verbose ? [] : unseenLines(report, view)),
    ...permissionLines(report, view),
    ...aboutLines(report, view),
    '',
    hanging('', countParts(report.counts.all).join(' · '), view.width),
    verdictLine(report, view),
  ]);
};

import type { Fleet, FleetCluster, FleetRequirement } from '../model/fleet.js';
import { outcomes } from '../model/outcome.js';
import { columnsOf, hanging, padded, toScreen, shortened } from './console.js';
import { clipForScreen, outcomePaint, screenHeading, verdictLine, verdictMark, verdictPaint, viewOf, type View } from './console-view.js';
import { ageText, insteadText, momentText } from './fleet.js';
import { chunks } from './grid.js';
import type { ReporterOptions } from './reporter.js';
import { countParts, signs } from './words.js';

const longestId = 40;

const clusterLines = (cluster: FleetCluster, i: number, { paint, width }: View): readonly string[] => {
  const left = `  ${String(i + 1).padStart(3)} ${verdictMark[cluster.verdict]} `;
  const official = cluster.official === undefined ? 'official verdict not in its report' : `official ${cluster.official.verdict}`;
  const first = `${cluster.name || '(without a name)'} ${cluster.version || 'of unknown version'}: ${cluster.verdict}, ${official}`;
  const under = [
    `MUSTs of the certificate scope: ${countParts(cluster.musts).join(', ') || 'none'}`,
    `looked at ${momentText(cluster)}, ${ageText(cluster)}`,
    `${cluster.source}, ${cluster.report}`,
  ];
  const indent = ' '.repeat(columnsOf(left));
  return [
    hanging(left, clipForScreen(first), width, verdictPaint(paint, cluster.verdict)),
    ...(insteadText(cluster) === '' ? [] : [hanging(`${indent}! `, clipForScreen(insteadText(cluster)), width, paint.warn)]),
    hanging(indent, clipForScreen(under.join(' · ')), width, paint.dim),
    ...cluster.data.slice(0, 5).map(({ label, value }) => hanging(indent, clipForScreen(`${label}: ${value}`), width, paint.dim)),
  ];
};

/** The cells of so many clusters as fit beside the names, by the numbers of the list above. */
const requirementRows = ({ clusters, requirements }: Fleet, view: View): readonly string[] => {
  const { paint, width } = view;
  const ids = Math.min(longestId, Math.max(0, ...requirements.map(({ id }) => columnsOf(shortened(id, longestId)))));
  const cell = String(clusters.length).length + 1;
  const across = Math.max(1, Math.floor((width - ids - 12) / cell));
  const line = (r: FleetRequirement, from: number, n: number): string =>
    `  ${padded(shortened(r.id, ids), ids)}  ${padded(r.level, 6)} ${Array.from({ length: n }, (_, i) => {
      const one = r.outcomes[from + i] ?? 'absent';
      return ' '.repeat(cell - 1) + outcomePaint(paint, one)(signs[one].terminal);
    }).join('')}`.trimEnd();
  return chunks(clusters, across).flatMap((part, p) => [
    paint.dim(`${' '.repeat(ids + 11)}${part.map((_, i) => String(p * across + i + 1).padStart(cell)).join('')}`),
    ...requirements.map((r) => line(r, p * across, part.length)),
  ]);
};

/** What the reports of several clusters say together, for a terminal or a log. The verdict stands at both ends. */
export const fleetTerminal = (fleet: Fleet, options: Pick<ReporterOptions, 'colour' | 'width'>): string => {
  const view = viewOf(options);
  const { width, paint } = view;
  const cells = ([...outcomes, 'absent'] as const).filter((cell) => fleet.requirements.some((r) => r.outcomes.includes(cell)));
  const legend = cells.map((cell) => `${cell === 'absent' ? 'blank' : signs[cell].terminal} ${signs[cell].words}`);
  return toScreen([
    verdictLine(fleet, view),
    ...fleet.notes.map((note) => hanging('! ', clipForScreen(note), width, paint.warn)),
    ...(fleet.unusable.length === 0 ? [] : screenHeading('Files of no use', view)),
    ...fleet.unusable.map(({ report, problems }) => hanging('  ✗ ', clipForScreen(`${report}: ${problems.join('; ')}`), width, paint.bad)),
    ...(fleet.clusters.length === 0 ? [] : screenHeading('Clusters, worst first', view)),
    ...fleet.clusters.flatMap((cluster, i) => clusterLines(cluster, i, view)),
    ...(fleet.requirements.length === 0 ? [] : screenHeading('Requirements of the certificate scope, worst first', view)),
    ...requirementRows(fleet, view),
    ...(legend.length === 0 ? [] : [hanging('  ', legend.join(', '), width, paint.dim)]),
    '',
    verdictLine(fleet, view),
  ]);
};

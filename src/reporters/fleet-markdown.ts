import { clip, markdownCode, markdownText } from '../text/escape.js';
import type { Fleet, FleetCluster, FleetRequirement } from '../model/fleet.js';
import { limits } from '../model/limits.js';
import { block, fit, utf8Bytes } from './fit.js';
import { ageText, insteadText, momentText } from './fleet.js';
import { details, section, clipText, paragraphs, table, titleLink, warningLines } from './markdown.js';
import { countParts, markOf, officialMarks, signs, verdictMarks, verdictWords } from './words.js';

/** More columns than this no page shows beside each other. */
const maxColumns = 20;

/** The verdict and what has to be known beside it. */
export const headBlock = (fleet: Fleet, level = 2): string =>
  paragraphs(`${'#'.repeat(level)} ${verdictMarks[fleet.verdict]} ${markdownText(fleet.headline)}`, warningLines(fleet.notes));

const nameCell = (cluster: FleetCluster): string => markdownCode(clip(cluster.name, 100)) || '(without a name)';

const verdictCell = (cluster: FleetCluster): string => {
  const why = insteadText(cluster);
  return `${verdictMarks[cluster.verdict]}&nbsp;${verdictWords[cluster.verdict]}${why === '' ? '' : `<br>${clipText(why, 500)}`}`;
};

const clusterRow = (cluster: FleetCluster, i: number): readonly string[] => [
  String(i + 1),
  `${nameCell(cluster)}<br>${clipText(cluster.report, 120)}`,
  clipText(cluster.version, 100) || 'unknown',
  verdictCell(cluster),
  cluster.official === undefined ? 'not in its report' : `${officialMarks[cluster.official.verdict]}&nbsp;${cluster.official.verdict}`,
  countParts(cluster.musts).join(', ') || 'none',
  `${momentText(cluster)}<br>${ageText(cluster)}`,
];

/** Each cluster in a row, under a heading. */
export const clusterBlock = ({ clusters }: Fleet, level = 3): string =>
  section(
    'Clusters, worst first',
    table(
      ['', 'Cluster', 'Kubernetes', 'Verdict', 'Official verdict', 'MUSTs of the certificate scope', 'Looked at'],
      clusters.map(clusterRow),
    ),
    level,
  );

/** Each file that cannot be used, under a heading. */
export const unusableBlock = ({ unusable }: Fleet, level = 3): string =>
  section(
    'Files of no use',
    unusable.map(({ report, problems }) => `- ❌ ${markdownCode(clip(report, 200))}: ${clipText(problems.join('; '), 800)}`).join('\n'),
    level,
  );

/** Columns from one cluster to another, by the numbers of the table of clusters. */
const requirementTable = ({ clusters, requirements }: Fleet, from: number): string => {
  const shown = clusters.slice(from, from + maxColumns);
  const row = (r: FleetRequirement): readonly string[] => [
    `${titleLink(r)}<br>${markdownCode(r.id)}`,
    r.level,
    ...shown.map((_, i) => markOf({ level: r.level, outcome: r.outcomes[from + i] ?? 'absent' })),
  ];
  return table(['Requirement', 'Level', ...shown.map((_, i) => String(from + i + 1))], requirements.map(row), 2);
};

/** Each requirement with its outcome in every cluster, under a heading. */
export const requirementBlock = (fleet: Fleet, level = 3): string => {
  const parts = Array.from({ length: Math.ceil(fleet.clusters.length / maxColumns) }, (_, i) => requirementTable(fleet, i * maxColumns));
  const legendOf = ({ level, outcomes }: FleetRequirement): readonly string[] =>
    outcomes.map((outcome) => {
      const words = outcome === 'fail' && level !== 'MUST' ? 'failed, and no MUST' : signs[outcome].words;
      return `${markOf({ level, outcome })} ${words}`;
    });
  const legend = [...new Set(fleet.requirements.flatMap(legendOf))];
  const tables = paragraphs(...parts);
  return section(
    'Requirements of the certificate scope, worst first',
    tables && paragraphs(tables, `<sub>${legend.join(' &nbsp; ')}</sub>`),
    level,
  );
};

const dataBlock = ({ clusters }: Fleet): string =>
  details(
    'Versions and data of each report',
    table(
      ['', 'Cluster', 'Source', 'Judged by', 'Data'],
      clusters.map((cluster, i) => [
        String(i + 1),
        nameCell(cluster),
        clipText(cluster.source, 60),
        `${clipText(cluster.tool, 100)}, tier ${cluster.tier}`,
        cluster.data
          .slice(0, 5)
          .map(({ label, value }) => `${clipText(label, 60)}: ${clipText(value, 200)}`)
          .join('<br>'),
      ]),
    ),
  );

/**
 * What the reports of several clusters say together, as GitHub Flavored Markdown.
 * @param limit in UTF-8 bytes; what is least important is left out first, and the text says so
 */
export const fleetMarkdown = (fleet: Fleet, limit: number = limits.summaryBytes): string => {
  const blocks = [
    block(headBlock(fleet), 0, 'the verdict'),
    block(unusableBlock(fleet), 1, 'the files of no use'),
    block(clusterBlock(fleet), 2, 'the clusters'),
    block(requirementBlock(fleet), 3, 'the requirements'),
    block(dataBlock(fleet), 4, 'versions and data'),
    block(`<sub>${markdownText(fleet.tool.name)} ${markdownText(fleet.tool.version)} · ${markdownText(fleet.now)}</sub>`, 5, 'the version'),
  ];
  return `${fit(blocks, limit - 1, utf8Bytes, 'The JSON form holds everything.')}\n`;
};

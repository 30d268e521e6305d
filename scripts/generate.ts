import { stringify } from 'yaml';
import { inputSpecs } from '../src/inputs/list.js';
import { factsToCollect } from '../src/evaluation/build-report.js';
import type { PermissionRole } from '../src/model/fact.js';
import { fleetSchemaVersion } from '../src/model/fleet.js';
import { reportSchemaVersion } from '../src/model/report.js';
import { outputSpecs } from '../src/inputs/outputs.js';
import { permissionsOf, formatManifest } from '../src/standards/permissions.js';
import { standardPage } from '../src/reporters/catalogue.js';
import { catalogueJsonSchema, catalogueSchemaVersion } from '../src/reporters/catalogue-json.js';
import { fleetJsonSchema } from '../src/reporters/fleet-json.js';
import { reportJsonSchema } from '../src/reporters/json.js';
import { standards } from '../src/standards/index.js';
import { notCovered } from '../src/standards/not-covered.js';
import { matrixPages } from './support/matrix-pages.js';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** action.yml, from the tables of inputs and outputs. */
const actionYml = (): string => {
  const action = {
    name: 'SCS KaaS compliance',
    description:
      'Judges a Kubernetes cluster by the KaaS standards of the Sovereign Cloud Stack: annotations, job summary and one comment on the pull request.',
    author: 'scs-kaas',
    branding: { icon: 'check-circle', color: 'blue' },
    inputs: Object.fromEntries(
      inputSpecs.map((s) => [
        s.name,
        { description: oneLine(s.description), required: false, ...(s.default === '' ? {} : { default: s.default }) },
      ]),
    ),
    outputs: Object.fromEntries(outputSpecs.map((s) => [s.name, { description: oneLine(s.description) }])),
    runs: { using: 'node24', main: 'dist/index.js', post: 'dist/post/index.js', 'post-if': 'always()' },
  };
  return `# Generated from src/inputs/list.ts and src/inputs/outputs.ts by \`npm run generate\`.\n${stringify(action, { lineWidth: 0 })}`;
};

const cell = (text: string): string => oneLine(text).replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** The README's table of inputs. */
const inputTable = (): string =>
  table(
    ['input', 'default', 'what it does'],
    inputSpecs.map((s) => [`\`${s.name}\``, s.default === '' ? '' : `\`${s.default}\``, s.description]),
  );

/** The README's table of outputs. */
const outputTable = (): string =>
  table(
    ['output', 'what it holds'],
    outputSpecs.map((s) => [`\`${s.name}\``, s.description]),
  );

/** Puts a generated text between its two marks in a document. @throws where the marks are not there */
const between = (document: string, mark: string, text: string): string => {
  const [start, end] = [`<!-- generated:${mark} -->`, `<!-- /generated:${mark} -->`];
  const [i, j] = [document.indexOf(start), document.indexOf(end)];
  if (i < 0 || j < i) throw new Error(`the document has no marks ${start} … ${end}; add them where the table belongs`);
  return `${document.slice(0, i + start.length)}\n${text}\n${document.slice(j)}`;
};

/** The README's table of standards. */
const standardTable = (): string =>
  table(
    ['standard', 'category', 'requirements', ''],
    standards.map((s) => [
      `[${s.id}](docs/standards/${s.id}.md)`,
      s.category,
      String(s.requirements.length),
      `${s.title}${s.status === 'deprecated' ? ' (deprecated: judged when asked for by name)' : s.status === 'draft' ? ' (draft)' : ''}`,
    ]),
  );

/** The README's table of documents without rows. */
const notCoveredTable = (): string =>
  table(
    ['not covered', '', 'why'],
    notCovered.map(({ id, title, why }) => [id, title, why]),
  );

const rolePage = (role: PermissionRole): string =>
  formatManifest(permissionsOf(factsToCollect(standards, 'heavy')).filter((p) => p.role === role));

/**
 * Every generated file by its path.
 * @param read a file of the repository, for documents of which only a part is generated
 */
export const generatedFiles = (read: (path: string) => string): Readonly<Record<string, string>> => ({
  'action.yml': actionYml(),
  'README.md': [
    ['inputs', inputTable()],
    ['outputs', outputTable()],
    ['standards', standardTable()],
    ['not-covered', notCoveredTable()],
  ].reduce((text, [mark = '', part = '']) => between(text, mark, part), read('README.md')),
  ...Object.fromEntries(standards.map((s) => [`docs/standards/${s.id}.md`, standardPage(s)])),
  ...matrixPages(),
  'docs/rbac/read.yaml': rolePage('read'),
  'docs/rbac/ask.yaml': rolePage('ask'),
  'docs/rbac/act.yaml': rolePage('act'),
  'docs/rbac/run.yaml': rolePage('run'),
  [`docs/schemas/catalogue-${catalogueSchemaVersion}.json`]: `${JSON.stringify(catalogueJsonSchema(), null, 2)}\n`,
  [`docs/schemas/fleet-${fleetSchemaVersion}.json`]: `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`,
  [`docs/schemas/report-${reportSchemaVersion}.json`]: `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
});

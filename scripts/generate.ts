import { stringify } from 'yaml';
import { inputSpecs } from '../src/inputs/list.js';
import { factsToCollect } from '../src/evaluation/build-report.js';
import type { PermissionRole } from '../src/model/fact.js';
import { fleetSchemaVersion } from '../src/model/fleet.js';
import { reportSchemaVersion } from '../src/model/report.js';
import { configJsonSchema, configSchemaVersion } from '../src/inputs/config-schema.js';
import { mergeSpecs, uploadSpecs } from '../src/inputs/list-actions.js';
import { configSpecs } from '../src/inputs/list-config.js';
import { mergeOutputSpecs, outputSpecs, uploadOutputSpecs, type OutputSpec } from '../src/inputs/outputs.js';
import { describe, groups, type Setting } from '../src/inputs/spec.js';
import { permissionsOf, formatManifest } from '../src/standards/permissions.js';
import { standardPage } from '../src/reporters/catalogue.js';
import { catalogueJsonSchema, catalogueSchemaVersion } from '../src/reporters/catalogue-json.js';
import { reporters } from '../src/reporters/index.js';
import { fleetJsonSchema, reportJsonSchema } from '../src/reporters/json.js';
import { standards } from '../src/standards/index.js';
import { notCovered } from '../src/standards/not-covered.js';
import { matrixPages } from './support/matrix-pages.js';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

interface ActionDescription {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly Setting[];
  readonly outputs: readonly OutputSpec[];
  readonly sources: string;
  readonly runs: Readonly<Record<string, string>>;
}

/** One input as YAML. No default but that of the token stands there: the runner would put it before what the config file says. */
const inputYml = (spec: Setting): string => {
  const fallback = spec.default.startsWith('${{') ? { default: spec.default } : {};
  return stringify(
    { [spec.name]: { description: oneLine(describe(spec)), required: spec.required === true, ...fallback } },
    { lineWidth: 0 },
  ).replace(/^(?=.)/gm, '  ');
};

/** An action.yml, with a comment above each group of inputs. */
const actionYml = ({ name, description, inputs, outputs, sources, runs }: ActionDescription): string => {
  const byGroup = groups
    .map((group) => ({ group, some: inputs.filter((spec) => spec.group === group) }))
    .filter(({ some }) => some.length > 0);
  const head = { name, description, author: 'scs-kaas', branding: { icon: 'check-circle', color: 'blue' } };
  const tail = { outputs: Object.fromEntries(outputs.map((one) => [one.name, { description: oneLine(one.description) }])), runs };
  return [
    `# Generated from ${sources} by \`npm run generate\`.\n`,
    stringify(head, { lineWidth: 0 }),
    'inputs:\n',
    ...byGroup.flatMap(({ group, some }) => [`  # ${group}\n`, ...some.map(inputYml)]),
    stringify(tail, { lineWidth: 0 }),
  ].join('');
};

const list = 'src/inputs/list-actions.ts and src/inputs/outputs.ts';

/** The actions of this repository, by the paths of their files. */
const actions = {
  'action.yml': {
    name: 'SCS KaaS compliance',
    description: 'Checks a Kubernetes cluster against the KaaS standards of the Sovereign Cloud Stack (SCS).',
    inputs: inputSpecs,
    outputs: outputSpecs,
    sources: 'src/inputs/list.ts and src/inputs/outputs.ts',
    runs: { using: 'node24', main: 'dist/index.js', post: 'dist/post/index.js', 'post-if': 'always()' },
  },
  'actions/merge/action.yml': {
    name: 'SCS KaaS compliance: merge',
    description: 'Merges the JSON reports of several clusters into one report, summary and comment.',
    inputs: mergeSpecs,
    outputs: mergeOutputSpecs,
    sources: list,
    runs: { using: 'node24', main: '../../dist/merge/index.js' },
  },
  'actions/upload/action.yml': {
    name: 'SCS KaaS compliance: upload',
    description: 'Uploads the report of a check to the SCS compliance monitor.',
    inputs: uploadSpecs,
    outputs: uploadOutputSpecs,
    sources: list,
    runs: { using: 'node24', main: '../../dist/upload/index.js' },
  },
} as const satisfies Readonly<Record<string, ActionDescription>>;

const cell = (text: string): string => oneLine(text).replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** A table of settings. */
const settingTable = (specs: readonly Setting[], what: string): string =>
  table(
    [what, 'description'],
    specs.map((spec) => [`\`${spec.name}\``, describe(spec)]),
  );

/** Tables of settings by group, each below its heading. */
const groupTables = (specs: readonly Setting[]): string =>
  groups
    .map((group) => ({ group, some: specs.filter((spec) => spec.group === group) }))
    .filter(({ some }) => some.length > 0)
    .map(({ group, some }) => `**${group}**\n\n${settingTable(some, 'input')}`)
    .join('\n\n');

const outputTable = (outputs: readonly OutputSpec[]): string =>
  table(
    ['output', 'description'],
    outputs.map((one) => [`\`${one.name}\``, one.description]),
  );

/** The tables of a sub-action. */
const actionTables = (inputs: readonly Setting[], outputs: readonly OutputSpec[]): string =>
  `${settingTable(inputs, 'input')}\n\n${outputTable(outputs)}`;

/** The README's table of reporters. */
const reporterTable = (): string =>
  table(
    ['format', 'what it is', 'commands', 'default file', 'output'],
    reporters.map((r) => [
      `\`${r.name}\``,
      r.description,
      [...(r.report === undefined ? [] : ['`check`']), ...(r.fleet === undefined ? [] : ['`merge`'])].join(', '),
      r.medium === 'file' ? `\`${r.file}\`` : '',
      r.medium === 'file' && r.output !== undefined ? `\`${r.output}\`` : '',
    ]),
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
  ...Object.fromEntries(Object.entries(actions).map(([path, action]) => [path, actionYml(action)])),
  'README.md': [
    ['inputs', groupTables(inputSpecs)],
    ['outputs', outputTable(outputSpecs)],
    ['reporters', reporterTable()],
    ['standards', standardTable()],
    ['not-covered', notCoveredTable()],
  ].reduce((text, [mark = '', part = '']) => between(text, mark, part), read('README.md')),
  'docs/configuration.md': between(read('docs/configuration.md'), 'config', settingTable(configSpecs, 'key')),
  'docs/several-clusters.md': between(read('docs/several-clusters.md'), 'merge', actionTables(mergeSpecs, mergeOutputSpecs)),
  'docs/upload.md': between(read('docs/upload.md'), 'upload', actionTables(uploadSpecs, uploadOutputSpecs)),
  ...Object.fromEntries(standards.map((s) => [`docs/standards/${s.id}.md`, standardPage(s)])),
  ...matrixPages(),
  'docs/rbac/read.yaml': rolePage('read'),
  'docs/rbac/ask.yaml': rolePage('ask'),
  'docs/rbac/act.yaml': rolePage('act'),
  'docs/rbac/run.yaml': rolePage('run'),
  [`docs/schemas/config-${configSchemaVersion}.json`]: `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  [`docs/schemas/catalogue-${catalogueSchemaVersion}.json`]: `${JSON.stringify(catalogueJsonSchema(), null, 2)}\n`,
  [`docs/schemas/fleet-${fleetSchemaVersion}.json`]: `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`,
  [`docs/schemas/report-${reportSchemaVersion}.json`]: `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
});

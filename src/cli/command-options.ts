import { inputSpecs } from '../inputs/list.js';
import { mergeSpecs, uploadSpecs } from '../inputs/list-actions.js';
import { describe, type Setting } from '../inputs/spec.js';
import { permissionRoles } from '../model/fact.js';
import type { OptionSpec } from './command-spec.js';

/** An input of an action as an option of the command line. */
const toOption = (spec: Setting): OptionSpec => ({
  name: spec.name,
  takes: spec.takes === 'flag' ? 'flag' : 'value',
  placeholder: spec.secret === true ? 'FILE' : spec.placeholder,
  values: spec.values ?? spec.completions,
  description: spec.terminal ?? describe(spec).replaceAll('`', ''),
  secret: spec.secret,
  group: spec.group,
});

const optionsOf = (specs: readonly Setting[], names?: readonly string[]): readonly OptionSpec[] =>
  specs.filter(({ name, only }) => only !== 'action' && (names?.includes(name) ?? true)).map(toOption);

const output = 'Output';

const color: OptionSpec = {
  name: 'color',
  takes: 'flag',
  description: 'Default: on a terminal, unless NO_COLOR is set.',
  group: output,
};
const verbose: OptionSpec = {
  name: 'verbose',
  takes: 'flag',
  description: 'All evidence, and missing requirements.',
  group: output,
};
const set: OptionSpec = {
  name: 'set',
  takes: 'value',
  placeholder: 'KEY=VALUE',
  repeatable: true,
  description: 'Key of the config file. May be repeated.',
  group: 'Other',
};

const format = (values: readonly string[], description: string): OptionSpec => ({
  name: 'format',
  short: 'o',
  takes: 'value',
  placeholder: 'FORMAT',
  values,
  description,
  group: output,
});

const reporting = (formats: readonly string[]): readonly OptionSpec[] => [
  format(formats, `${formats.join(', ')}. Default: table.`),
  {
    name: 'report',
    takes: 'value',
    placeholder: 'FORMAT=FILE',
    values: formats.map((name) => `${name}=`),
    repeatable: true,
    description: 'Writes a file as well. May be repeated.',
    group: output,
  },
  verbose,
  color,
];

const connection = ['kubeconfig', 'context', 'exec-plugins'];
const recording = [
  ...['cluster', ...connection, 'kubernetes-version', 'kind-config', 'keep-cluster'],
  ...['tier', 'standards', 'offered-versions', 'e2e-results', 'offline', 'timeout', 'output-directory', 'config', 'github-token'],
];

/** The options of each command that has any. @param formats what `--format` takes, by command */
export const commandOptions = (formats: { readonly check: readonly string[]; readonly merge: readonly string[] }) =>
  ({
    check: [...optionsOf(inputSpecs), set, ...reporting(formats.check)],
    record: [...optionsOf(inputSpecs, recording), set],
    merge: [
      ...optionsOf(mergeSpecs).filter(({ name }) => name !== 'github-token'),
      ...reporting(formats.merge).filter(({ name }) => name !== 'verbose'),
    ],
    upload: optionsOf(uploadSpecs),
    explain: [color],
    list: [format(['table', 'json'], 'table, json. Default: table.'), color],
    permissions: [
      { name: 'role', takes: 'value', placeholder: 'ROLE', values: permissionRoles, description: 'Only one role: read, ask, act or run.' },
      ...optionsOf(inputSpecs, ['tier', 'standards']).map((one) => ({ ...one, group: undefined })),
    ],
    cleanup: [
      {
        name: 'all',
        takes: 'flag',
        description: 'Also what runs created that may still be active, and without watching them first.',
      },
      ...optionsOf(inputSpecs, [...connection, 'timeout', 'config']),
      set,
    ],
    init: [
      {
        name: 'cluster',
        takes: 'value',
        placeholder: 'SOURCE',
        values: ['kubeconfig', 'kind'],
        description: 'Source of the cluster: kubeconfig or kind. Default: kind if the repository has a configuration of kind.',
      },
      { name: 'force', takes: 'flag', description: 'Overwrites files that exist.' },
      { name: 'print', takes: 'flag', description: 'Prints the files, and writes nothing.' },
    ],
  }) as const satisfies Readonly<Record<string, readonly OptionSpec[]>>;

import type { ExitCode } from '../evaluation/exit-code.js';
import { outputFormats } from '../reporters/index.js';
import { standards } from '../standards/index.js';
import type { Arguments } from './arguments.js';
import { commandOptions } from './command-options.js';
import type { CommandSpec } from './command-spec.js';

/** A command: what it takes, and what runs it. */
export interface CliCommand extends CommandSpec {
  /** Loads what the command takes, and no more: loading everything takes longer than most commands. */
  readonly load: () => Promise<(args: Arguments, all: readonly CommandSpec[]) => ExitCode | Promise<ExitCode>>;
}

const options = commandOptions(outputFormats);
const file = { name: 'FILE', required: true, values: 'file' } as const;
const ids = standards.map(({ id }) => id);

/** THE table of commands: parsing, help, completion and the documentation follow from it. */
export const commands: readonly CliCommand[] = [
  {
    name: 'check',
    summary: 'Checks a cluster, and prints the report',
    arguments: [],
    options: options.check,
    examples: [
      { command: 'check', what: 'the cluster of the current context' },
      { command: 'check --cluster kind --tier active', what: 'a new kind cluster, deleted afterwards' },
      { command: 'check -o json --report junit=junit.xml', what: 'JSON on standard output, JUnit in a file' },
      { command: 'check --set probe.patience=60s', what: 'more time for slow networks' },
    ],
    load: async () => (await import(/* webpackMode: "eager" */ './check.js')).runCheck,
  },
  {
    name: 'record',
    summary: 'Records the facts of a cluster, to check them later',
    arguments: [file],
    options: options.record,
    examples: [{ command: 'record facts.json', what: 'then: check --cluster snapshot:facts.json' }],
    load: async () => (await import(/* webpackMode: "eager" */ './check.js')).runRecord,
  },
  {
    name: 'merge',
    summary: 'Merges the JSON reports of several clusters into one',
    arguments: [{ ...file, name: 'FILE…', variadic: true }],
    options: options.merge,
    examples: [{ command: 'merge reports/*.json --expect 3', what: 'incomplete unless three clusters reported' }],
    load: async () => (await import(/* webpackMode: "eager" */ './merge.js')).runMerge,
  },
  {
    name: 'upload',
    summary: 'Uploads a report to the SCS compliance monitor',
    arguments: [file],
    options: options.upload,
    examples: [
      { command: 'check --subject ACCOUNT -o scs-report > report.yaml', what: 'writes the report' },
      { command: 'upload report.yaml --key ~/.ssh/monitor --dry-run', what: 'signs it, and sends nothing' },
    ],
    load: async () => (await import(/* webpackMode: "eager" */ './upload.js')).runUpload,
  },
  {
    name: 'explain',
    summary: 'Explains a standard or a requirement: evidence, permissions, remedy',
    arguments: [
      {
        name: 'STANDARD|REQUIREMENT',
        required: true,
        values: [...ids, ...standards.flatMap((s) => s.requirements.map((r) => `${s.id}/${r.id}`))],
      },
    ],
    options: options.explain,
    examples: [{ command: 'explain scs-0214-v2/zone-label', what: 'one requirement' }],
    load: async () => (await import(/* webpackMode: "eager" */ './catalogue.js')).runExplain,
  },
  {
    name: 'list',
    summary: 'Lists all requirements, or those of one standard',
    arguments: [{ name: 'STANDARD', required: false, values: ids }],
    options: options.list,
    examples: [{ command: 'list scs-0219-v1 --format json', what: 'one standard, for programs' }],
    load: async () => (await import(/* webpackMode: "eager" */ './catalogue.js')).runList,
  },
  {
    name: 'permissions',
    summary: 'Prints the roles for a service account of its own',
    arguments: [],
    options: options.permissions,
    examples: [{ command: 'permissions --tier active | kubectl apply -f -', what: 'creates the roles of the tier active' }],
    load: async () => (await import(/* webpackMode: "eager" */ './permissions.js')).runPermissions,
  },
  {
    name: 'cleanup',
    summary: 'Removes what runs of the tier active could not remove',
    arguments: [],
    options: options.cleanup,
    examples: [{ command: 'cleanup --context staging', what: 'in the cluster of that context' }],
    load: async () => (await import(/* webpackMode: "eager" */ './cleanup.js')).runCleanUp,
  },
  {
    name: 'init',
    summary: 'Writes a workflow and the roles into this repository',
    arguments: [],
    options: options.init,
    examples: [{ command: 'init --print', what: 'shows what would be written' }],
    load: async () => (await import(/* webpackMode: "eager" */ './init-command.js')).runInitCommand,
  },
  {
    name: 'completion',
    summary: 'Prints the completion script of a shell',
    arguments: [{ name: 'SHELL', required: true, values: ['bash', 'zsh', 'fish'] }],
    options: [],
    examples: [{ command: 'completion bash > ~/.local/share/bash-completion/completions/scs-kaas', what: 'for bash' }],
    load: async () => (await import(/* webpackMode: "eager" */ './completion-command.js')).runCompletion,
  },
];

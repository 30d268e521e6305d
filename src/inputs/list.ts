import { setting } from './spec.js';

export type { Setting } from './spec.js';

const file = { placeholder: 'FILE' } as const;

/**
 * THE list of inputs of the check: action.yml, the tables of the documentation, the schema of the config file, the command line's options and its
 * help follow from it.
 */
export const inputSpecs = [
  setting(
    'Cluster',
    'cluster',
    'kubeconfig',
    'Source: `kubeconfig`, `kind` (creates one), `snapshot:FILE` (recorded) or `embedded` (an example).',
    { placeholder: 'SOURCE' },
  ),
  setting(
    'Cluster',
    'kubeconfig',
    '',
    'Path, several paths joined by `:`, or the text (a secret). Default: `KUBECONFIG`, the home directory, or the pod.',
    { ...file, secret: true },
  ),
  setting('Cluster', 'context', '', 'Context of the kubeconfig. Default: its current context.', { placeholder: 'NAME' }),
  setting('Cluster', 'exec-plugins', 'allow', 'Credential plugins of the kubeconfig, which run on this machine: `allow`, `deny`.', {
    values: ['allow', 'deny'],
  }),
  setting(
    'kind',
    'kubernetes-version',
    '',
    'Kubernetes version of the kind cluster, for example `1.36` or `1.36.4`. Default: that of the kind release.',
    { placeholder: 'VERSION' },
  ),
  setting('kind', 'kind-config', '', 'Configuration file of the kind cluster. Default: three nodes in three zones.', file),
  setting('kind', 'keep-cluster', 'false', 'Whether the kind cluster stays after the job.'),
  setting(
    'Check',
    'tier',
    'light',
    'Depth: `light` (stores nothing), `active` (short-lived pods, a minute) or `heavy` (e2e tests, hours).',
    { values: ['light', 'active', 'heavy'] },
  ),
  setting('Check', 'standards', '', 'IDs of the standards to check, separated by commas. Default: all standards in force.', {
    takes: 'list',
    placeholder: 'ID,…',
  }),
  setting('Check', 'fail-on', 'fail:must', 'Results that fail the step: `OUTCOME:LEVEL[:CATEGORY]`, separated by commas, or `never`.', {
    takes: 'list',
    placeholder: 'RULE,…',
  }),
  setting('Check', 'statements', '', 'File with dated statements that declare or waive requirements (docs/statements.md).', file),
  setting(
    'Check',
    'offered-versions',
    '',
    'Kubernetes versions that the provider offers: a list such as `1.37.2, 1.36`, or a dated file.',
    { takes: 'list', placeholder: 'LIST|FILE' },
  ),
  setting(
    'Check',
    'e2e-results',
    '',
    'Results of earlier Kubernetes e2e tests: Sonobuoy archives, JUnit files or folders, separated by commas.',
    { takes: 'list', placeholder: 'FILE,…' },
  ),
  setting('Check', 'offline', 'false', 'Whether only the cluster is contacted. Release data then come from a cache or a file.'),
  setting(
    'Check',
    'effective-time',
    '',
    'Time at which everything is evaluated (ISO 8601). Default: now; for a snapshot, the time of the recording.',
    { placeholder: 'TIME' },
  ),
  setting('Check', 'timeout', '15m', 'Deadline of the check, including the start of kind. What is not checked by then is aborted.', {
    placeholder: 'DURATION',
  }),
  setting(
    'Reports',
    'reports',
    'annotations, log, summary, comment, json, markdown, snapshot',
    'Reports: `FORMAT`, `FORMAT=FILE` or `none`. Default: annotations, log, summary, comment, json, markdown, snapshot.',
    { takes: 'list', only: 'action', terminalDefault: '' },
  ),
  setting(
    'Reports',
    'report-key',
    '',
    'Name of the section in the comment: each job of a matrix needs its own. Default: the ID of the job.',
    { only: 'action' },
  ),
  setting(
    'Reports',
    'source-files',
    '',
    'Files of the repository that describe the cluster (YAML), separated by commas. Annotations point to their lines.',
    { takes: 'list', placeholder: 'FILE,…' },
  ),
  setting(
    'Reports',
    'output-directory',
    '',
    'Directory for report files and e2e archives. Default: a temporary one; on a terminal, the current directory.',
    { placeholder: 'DIRECTORY' },
  ),
  setting('Reports', 'subject', '', 'Account at the SCS compliance monitor. With it, the report `scs-report` is written too.', {
    placeholder: 'NAME',
  }),
  setting(
    'Other',
    'config',
    '',
    'Config file, or its YAML text. Default: `.github/scs-kaas.yaml`, if it exists (docs/configuration.md).',
    file,
  ),
  setting('Other', 'github-token', '${{ github.token }}', 'Token for the comment and for release data.', {
    ...file,
    terminalDefault: '',
    secret: true,
  }),
] as const;

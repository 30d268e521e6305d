import { setting } from './spec.js';

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
    {
      placeholder: 'SOURCE',
      completions: ['kubeconfig', 'kind', 'snapshot:', 'embedded'],
      terminal: 'kubeconfig, kind, snapshot:FILE or embedded. Default: kubeconfig.',
    },
  ),
  setting(
    'Cluster',
    'kubeconfig',
    '',
    'Path, several paths joined by `:`, or the text (a secret). Default: `KUBECONFIG`, the home directory, or the pod.',
    { ...file, secret: true, terminal: 'Default: KUBECONFIG, ~/.kube/config, or the pod.' },
  ),
  setting('Cluster', 'context', '', 'Context of the kubeconfig. Default: its current context.', {
    placeholder: 'NAME',
    terminal: 'Default: the current context.',
  }),
  setting('Cluster', 'exec-plugins', 'allow', 'Credential plugins of the kubeconfig, which run on this machine: `allow`, `deny`.', {
    values: ['allow', 'deny'],
    terminal: 'Credential plugins. Default: allow.',
  }),
  setting(
    'kind',
    'kubernetes-version',
    '',
    'Kubernetes version of the kind cluster, for example `1.36` or `1.36.4`. Default: that of the kind release.',
    { placeholder: 'X.Y', terminal: 'Default: that of the kind release.' },
  ),
  setting('kind', 'kind-config', '', 'Configuration file of the kind cluster. Default: three nodes in three zones.', {
    ...file,
    terminal: 'Default: three nodes in three zones.',
  }),
  setting('kind', 'keep-cluster', 'false', 'Whether the kind cluster stays after the job.', {
    terminal: 'Keeps the kind cluster after the check.',
  }),
  setting(
    'Check',
    'tier',
    'light',
    'Depth: `light` (stores nothing), `active` (short-lived pods, a minute) or `heavy` (e2e tests, hours).',
    {
      values: ['light', 'active', 'heavy'],
      terminal: 'light stores nothing, active runs short-lived pods, heavy runs e2e tests for hours. Default: light.',
    },
  ),
  setting('Check', 'standards', '', 'IDs of the standards to check, separated by commas. Default: all standards in force.', {
    takes: 'list',
    placeholder: 'ID,…',
    terminal: 'Default: all standards in force.',
  }),
  setting('Check', 'fail-on', 'fail:must', 'Results that fail the step: `OUTCOME:LEVEL[:CATEGORY]`, separated by commas, or `never`.', {
    takes: 'list',
    placeholder: 'RULE,…',
    terminal: 'OUTCOME:LEVEL[:CATEGORY], or never. Default: fail:must.',
  }),
  setting('Check', 'statements', '', 'File with dated statements that declare or waive requirements (docs/statements.md).', {
    ...file,
    terminal: 'Statements that declare or waive requirements.',
  }),
  setting(
    'Check',
    'offered-versions',
    '',
    'Kubernetes versions that the provider offers: a list such as `1.37.2, 1.36`, or a dated file.',
    { takes: 'list', placeholder: 'LIST', terminal: 'Versions that the provider offers, or their file.' },
  ),
  setting(
    'Check',
    'e2e-results',
    '',
    'Results of earlier Kubernetes e2e tests: Sonobuoy archives, JUnit files or folders, separated by commas.',
    { takes: 'list', placeholder: 'FILE,…', terminal: 'Sonobuoy archives, JUnit files or folders.' },
  ),
  setting('Check', 'offline', 'false', 'Whether only the cluster is contacted. Release data then come from a cache or a file.', {
    terminal: 'Contacts only the cluster.',
  }),
  setting(
    'Check',
    'effective-time',
    '',
    'Time at which everything is evaluated (ISO 8601). Default: now; for a snapshot, the time of the recording.',
    { placeholder: 'TIME', terminal: 'Time to evaluate at (ISO 8601). Default: now.' },
  ),
  setting('Check', 'timeout', '15m', 'Deadline of the check, including the start of kind. What is not checked by then is aborted.', {
    placeholder: 'DURATION',
    terminal: 'Deadline of the check. Default: 15m.',
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
    { takes: 'list', placeholder: 'FILE,…', terminal: 'YAML files of the repository, for line numbers.' },
  ),
  setting(
    'Reports',
    'output-directory',
    '',
    'Directory for report files and e2e archives. Default: a temporary one; on a terminal, the current directory.',
    { placeholder: 'DIR', terminal: 'Directory for files. Default: the current one.' },
  ),
  setting('Reports', 'subject', '', 'Account at the SCS compliance monitor. With it, the report `scs-report` is written too.', {
    placeholder: 'NAME',
    terminal: 'Account at the compliance monitor (scs-report).',
  }),
  setting('Other', 'config', '', 'Config file, or its YAML text. Default: `.github/scs-kaas.yaml`, if it exists (docs/configuration.md).', {
    ...file,
    terminal: 'Config file. Default: .github/scs-kaas.yaml.',
  }),
  setting('Other', 'github-token', '${{ github.token }}', 'Token for the comment and for release data.', {
    ...file,
    terminalDefault: '',
    secret: true,
    terminal: 'Token for release data.',
  }),
] as const;

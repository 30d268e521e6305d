import { stringify } from 'yaml';
import { factsToCollect } from '../evaluation/build-report.js';
import { tool } from '../model/tool.js';
import { formatManifest, permissionsOf } from '../standards/permissions.js';
import { selectStandards } from '../standards/select.js';
import { standards } from '../standards/index.js';

/** What the workflow is for. */
export interface Plan {
  readonly cluster: 'kubeconfig' | 'kind';
  /** The default branch, if it is known. */
  readonly branch: string | undefined;
  /** A configuration of kind, relative to the repository; used only for a cluster of kind. */
  readonly kindConfig: string | undefined;
}

/** A file to write, relative to the repository. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

const workflowPath = '.github/workflows/scs-kaas.yaml';
const rolesFolder = '.github/scs-kaas';

const heading: readonly string[] = [
  `# Written by "scs-kaas init" (version ${tool.version}). Change it as you like: nothing overwrites it without "--force".`,
  'name: SCS KaaS',
];

/**
 * @param inputs lines of the action's inputs
 * @param checkout why the job needs the files of the repository
 */
const job = (inputs: readonly string[], checkout: string): readonly string[] => [
  'jobs:',
  '  check:',
  '    runs-on: ubuntu-latest',
  '    timeout-minutes: 30 # The check itself ends after the input "timeout", 15 minutes by default.',
  '    steps:',
  `      # ${checkout}`,
  '      - uses: actions/checkout@v7',
  '        with:',
  '          persist-credentials: false # No later step needs the token.',
  `      - uses: scs-kaas/scs-kaas@v${tool.version}`,
  '        with:',
  ...inputs.map((line) => `          ${line}`),
];

const kindWorkflow = ({ branch, kindConfig }: Plan): readonly string[] => [
  ...heading,
  'on:',
  '  pull_request:',
  ...(branch === undefined ? [] : ['  push:', `    branches: [${stringify(branch).trim()}] # The state of the default branch.`]),
  'permissions:',
  '  contents: read # The checkout.',
  '  pull-requests: write # The comment on the pull request.',
  ...job(
    [
      'cluster: kind # Created for this job and deleted afterwards.',
      ...(kindConfig === undefined ? [] : [`kind-config: ${stringify(kindConfig).trim()}`]),
      '# fail-on: never # With one control-plane node the step fails: scs-0214-v2/control-plane-hosts is a MUST.',
      '# tier: active # Also tests with short-lived pods and network policies what reading cannot show.',
    ],
    kindConfig === undefined ? 'Brings .github/scs-kaas.yaml, if there is one.' : 'Brings the configuration of kind.',
  ),
];

const kubeconfigWorkflow = ({ branch }: Plan): readonly string[] => [
  ...heading,
  'on:',
  `  # GitHub starts scheduled workflows only from the default branch${branch === undefined ? '' : ` (${branch})`}.`,
  '  schedule:',
  "    - cron: '23 3 * * *' # Every night, UTC. Jobs on the full hour start late.",
  '  workflow_dispatch: # The button "Run workflow".',
  'permissions:',
  '  contents: read # The checkout.',
  ...job(
    [
      'cluster: kubeconfig',
      `# The kubeconfig of the service account of ${rolesFolder}/, as a secret of this repository.`,
      'kubeconfig: ${{ secrets.KUBECONFIG }}',
    ],
    'Brings .github/scs-kaas.yaml, if there is one.',
  ),
];

const roleFile = (role: 'read' | 'ask'): PlannedFile => {
  const permissions = permissionsOf(factsToCollect(selectStandards(standards, []), 'light'));
  return { path: `${rolesFolder}/${role}.yaml`, text: formatManifest(permissions.filter((p) => p.role === role)) };
};

/** The files for a repository: a workflow, and the roles if it checks a cluster that others made. */
export const planInit = (plan: Plan): readonly PlannedFile[] => {
  const lines = plan.cluster === 'kind' ? kindWorkflow(plan) : kubeconfigWorkflow(plan);
  return [{ path: workflowPath, text: `${lines.join('\n')}\n` }, ...(plan.cluster === 'kind' ? [] : [roleFile('read'), roleFile('ask')])];
};

const commit = ({ branch, cluster }: Plan): string =>
  cluster === 'kind'
    ? 'Commit the file and open a pull request.'
    : `Commit the files to ${branch ?? 'the default branch'}: GitHub starts scheduled workflows only from the default branch.`;

const serviceAccount: readonly string[] = [
  'As an administrator of the cluster, create the service account and its roles:',
  `     kubectl apply -f ${rolesFolder}/`,
  'Create a kubeconfig for it. The file is a secret:',
  '     umask 077',
  '     token=$(kubectl -n scs-kaas create token scs-kaas --duration=2160h)',
  '     kubectl config view --raw --minify --flatten --output=json |',
  `       jq --arg token "$token" '.users[0].user = { token: $token }' >scs-kaas.kubeconfig`,
  'Store it as the secret KUBECONFIG of the repository, and delete the file:',
  '     gh secret set KUBECONFIG <scs-kaas.kubeconfig && rm scs-kaas.kubeconfig',
];

/** What is left to do, one line each; a step begins without a blank. */
const steps = (plan: Plan): readonly string[] => [...(plan.cluster === 'kind' ? [] : serviceAccount), commit(plan)];

/** What is left to do after the files were written, as numbered steps. */
export const nextSteps = (plan: Plan): readonly string[] => {
  const lines = steps(plan);
  const numberOf = (i: number): number => lines.slice(0, i + 1).filter((line) => !line.startsWith(' ')).length;
  return [
    'Next steps:',
    ...lines.map((line, i) => (line.startsWith(' ') ? line : `  ${numberOf(i)}. ${line}`)),
    ...(plan.cluster === 'kind'
      ? []
      : ['', `What these roles allow: https://github.com/scs-kaas/scs-kaas/blob/v${tool.version}/docs/rbac.md`]),
  ];
};

/** One output of an action. */
export interface OutputSpec {
  readonly name: string;
  readonly description: string;
}

/** THE list of outputs of the check: action.yml and the tables of the documentation follow from it. */
export const outputSpecs = [
  { name: 'verdict', description: 'Verdict: `compliant`, `non-compliant` or `incomplete`.' },
  { name: 'official-verdict', description: 'Verdict by the certificate scope of SCS: `PASS`, `FAIL`, `ABORT` or `MISSING`.' },
  { name: 'headline', description: 'First line of the report.' },
  { name: 'counts', description: 'Number of requirements by outcome (JSON), for `certificate`, `informative` and `all`.' },
  { name: 'exit-code', description: 'Exit code of the command line for the same result; 0 if the step passes.' },
  { name: 'report-file', description: 'Path of the JSON report.' },
  { name: 'summary-file', description: 'Path of the summary as Markdown.' },
  { name: 'snapshot-file', description: 'Path of the recorded facts, to replay with `cluster: snapshot:FILE`.' },
  { name: 'report-files', description: 'Paths of all report files (JSON): format → path.' },
  { name: 'comment-url', description: 'Address of the comment on the pull request.' },
  { name: 'cluster-name', description: 'Name of the cluster.' },
  { name: 'kubeconfig', description: 'Path of the kubeconfig of the kind cluster, for later steps of the job.' },
  { name: 'kind-logs', description: 'Folder with the logs of kind, if its cluster did not start.' },
  { name: 'e2e-state', description: 'State of the e2e tests: `finished`, `running` (a later step resumes them) or `none`.' },
  { name: 'e2e-archive-file', description: 'Path of the archive with the results of the e2e tests.' },
] as const satisfies readonly OutputSpec[];

/** The outputs of the action `merge`. */
export const mergeOutputSpecs = [
  { name: 'verdict', description: 'Verdict on all clusters: `compliant`, `non-compliant` or `incomplete`.' },
  { name: 'headline', description: 'First line of the report.' },
  { name: 'exit-code', description: 'Exit code of the command line for the same result; 0 if the step passes.' },
  { name: 'report-file', description: 'Path of the JSON report.' },
  { name: 'summary-file', description: 'Path of the summary as Markdown.' },
  { name: 'report-files', description: 'Paths of all report files (JSON): format → path.' },
  { name: 'comment-url', description: 'Address of the comment on the pull request.' },
] as const satisfies readonly OutputSpec[];

/** The outputs of the action `upload`. */
export const uploadOutputSpecs = [
  {
    name: 'status',
    description: 'Result: `counted`, `stored` (not all of it counts), `refused`, `unknown`, `not-sent` or `dry-run`.',
  },
] as const satisfies readonly OutputSpec[];

/** One output of the action. */
export interface OutputSpec {
  readonly name: string;
  readonly description: string;
}

/** THE list of outputs: action.yml and the README's table follow from it. */
export const outputSpecs: readonly OutputSpec[] = [
  { name: 'verdict', description: '`compliant`, `non-compliant` or `incomplete`.' },
  { name: 'headline', description: 'The first line of the report.' },
  { name: 'counts', description: 'How many requirements have each outcome (JSON): `certificate`, `informative` and `all`.' },
  { name: 'exit-code', description: 'What the command line would end with; 0 where the step passes.' },
  { name: 'report-file', description: 'The path of the JSON report.' },
  { name: 'summary-file', description: 'The path of the summary as Markdown.' },
  { name: 'official-verdict', description: 'What upstream’s scope says: `PASS`, `FAIL`, `ABORT` or `MISSING`.' },
  { name: 'report-files', description: 'The paths of all files that were written (JSON: format → path).' },
  {
    name: 'monitor-status',
    description:
      'What came of handing in: `counted`, `stored` (and not all of it counts), `refused`, `unknown`, `not-sent` or `dry-run`; see docs/upload.md.',
  },
  { name: 'snapshot-file', description: 'The path of the recorded facts, to replay with `cluster: snapshot:FILE`.' },
  { name: 'comment-url', description: 'The address of the comment on the pull request, where there is one.' },
  { name: 'kubeconfig', description: 'The path of the kubeconfig of a kind cluster, for later steps of the job.' },
  { name: 'cluster-name', description: 'The name of the cluster that was judged.' },
  { name: 'e2e-state', description: 'Of the tier `heavy`: `finished`, `running` (the same step later resumes it) or `none`.' },
  { name: 'e2e-archive-file', description: 'The path of the archive with the results of the end-to-end tests.' },
  { name: 'kind-logs', description: 'The folder with kind’s logs, where its cluster did not come up.' },
];

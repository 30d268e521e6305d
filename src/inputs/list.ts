import { spec } from './spec.js';
import { testingSpecs } from './list-e2e.js';
import { monitorInputSpecs } from './list-monitor.js';

export type { InputSpec } from './spec.js';

/** THE list of inputs: action.yml, the README's table, the command line's options and its help follow from it. */
export const inputSpecs = [
  spec(
    'cluster',
    'cluster',
    'kubeconfig',
    'Where the cluster comes from: `kubeconfig`, `kind` (creates one and deletes it afterwards), `snapshot:FILE` (the facts of an earlier run), or `embedded` (a recorded example).',
  ),
  spec(
    'cluster',
    'kubeconfig',
    '',
    'A path, several paths joined by `:`, or the text itself (a secret). Without it `KUBECONFIG`, the home directory and the service account of a pod are tried.',
    { secret: true },
  ),
  spec('cluster', 'context', '', 'The context of the kubeconfig. Default: its current context.'),
  spec(
    'cluster',
    'exec-plugins',
    'allow',
    '`allow` or `deny` credential plugins that the kubeconfig names: they are programs that run on this machine.',
  ),
  spec(
    'kind',
    'kubernetes-version',
    '',
    'The Kubernetes version of a kind cluster, e.g. `1.36` or `1.36.4`. Default: the default of the release of kind.',
  ),
  spec('kind', 'kind-config', '', 'A kind configuration file. Default: three nodes in three zones.'),
  spec('kind', 'kind-image', '', 'The node image of a kind cluster, best with its digest, instead of `kubernetes-version`.'),
  spec(
    'kind',
    'kind-version',
    '',
    'The version of kind, installed if the one on the PATH is another. Default: a kind whose node images are known.',
  ),
  spec('kind', 'keep-cluster', 'false', 'Leaves the kind cluster running when the job ends.'),
  spec(
    'judging',
    'standards',
    '',
    'Ids of the standards to check, separated by commas. Default: all standards in force. Deprecated standards are checked only if named here.',
  ),
  spec(
    'judging',
    'tier',
    'light',
    'How far to go. `light` looks and asks, and makes nothing. `active` also makes short-lived pods, policies and a claim in namespaces of its own, about a minute, and removes them. `heavy` also runs the upstream end-to-end tests with Sonobuoy, for hours, as an administrator of the cluster; see docs/heavy-tier.md.',
  ),
  spec(
    'judging',
    'fail-on',
    'fail:must',
    'What fails the step: `OUTCOME:LEVEL[:SCOPE]`, separated by commas, with outcome `fail`, `abort` or `missing`, level `must`, `should`, `may` or `any`, and scope `main` (default), `info` or `any`; or `never`. A run that could judge nothing of the certificate scope always fails, but for `never`.',
  ),
  spec(
    'judging',
    'scope',
    '',
    'The SCS scope file (YAML) for the official verdict. Default: the bundled scope. See docs/official-verdict.md.',
  ),
  spec('judging', 'statements', '', 'A file (YAML) with dated statements that declare or waive a requirement; see docs/statements.md.'),
  spec(
    'judging',
    'offered-versions',
    '',
    'The Kubernetes versions on offer: a list such as `1.37.2, 1.36`, or a dated file (YAML). See docs/several-clusters.md.',
  ),
  spec('judging', 'release-data', '', 'A file with Kubernetes releases and CVEs, for places without internet; see docs/release-data.md.'),
  spec(
    'judging',
    'e2e-results',
    '',
    'Results of an earlier run of the upstream end-to-end tests, separated by commas: Sonobuoy archives, JUnit files, or folders of these. They are judged in every tier; see docs/e2e-results.md.',
  ),
  spec(
    'judging',
    'e2e-exceptions',
    '',
    'A file with end-to-end tests that may fail, in upstream’s format (`okToFail`), instead of upstream’s own list; see docs/e2e-results.md.',
  ),
  spec(
    'judging',
    'offline',
    'false',
    'Asks nothing but the cluster: release data come from the cache, the bundled file or `release-data`.',
  ),
  spec('judging', 'now', '', 'The time to evaluate at, as ISO 8601. Default: now; for a snapshot, the time of the recording.'),
  spec(
    'probing',
    'probe-image',
    '',
    'The image of the pods of the tier `active`, instead of the pinned agnhost; it must hold `/agnhost` and a shell with `nc`. See docs/active-tier.md.',
  ),
  spec(
    'probing',
    'probe-registry',
    '',
    'A mirror that holds the pinned image under the same path, e.g. `mirror.example/k8s`, instead of `registry.k8s.io`.',
  ),
  spec(
    'probing',
    'probe-pull-secret',
    '',
    'For an image that needs a login: a Docker configuration (`{"auths": …}`) as a path or the text itself (a secret).',
    { secret: true },
  ),
  spec(
    'probing',
    'probe-patience',
    '20s',
    'How long a policy change may take to be enforced everywhere. Slower changes fail. The report names a network that needs more than a few seconds.',
  ),
  spec('probing', 'probe-nodes', '10', 'How many nodes the policy matrix takes in at most; the report names the sample.'),
  ...testingSpecs,
  spec('delivering', 'annotations', 'true', 'One annotation per requirement that is not met.', {
    only: 'action',
    terminalDefault: 'false',
  }),
  spec('delivering', 'summary', 'true', 'The job summary.', { only: 'action', terminalDefault: 'false' }),
  spec('delivering', 'comment', 'true', 'One comment on the pull request, updated when something changed.', {
    only: 'action',
    terminalDefault: 'false',
  }),
  spec(
    'delivering',
    'comment-key',
    '',
    'The name of this job’s section in the comment. Each job of a matrix needs its own. Default: the id of the job.',
    {
      only: 'action',
    },
  ),
  spec(
    'delivering',
    'manifest',
    '',
    'Files of the repository that describe the cluster (YAML), separated by commas: annotations point to their lines. A `kind-config` is one by itself.',
  ),
  spec(
    'delivering',
    'subject',
    '',
    'The name of the provider’s account at upstream’s compliance monitor: with it, upstream’s report is written too (`scs-report.yaml`).',
  ),
  ...monitorInputSpecs,
  spec('delivering', 'output-directory', '', 'The directory for report, summary and snapshot. Default: a temporary directory of the job.', {
    only: 'action',
  }),
  spec('delivering', 'token', '${{ github.token }}', 'The token for the comment and for release data.', {
    terminalDefault: '',
    secret: true,
  }),
  spec(
    'limits',
    'timeout',
    '15m',
    'The deadline of the whole check, including the start of kind. Requirements not checked by then are reported as `abort`.',
  ),
  spec('limits', 'request-timeout', '15s', 'The deadline of one request to the API server, its retries included.'),
] as const;

import { setting } from './spec.js';

/** What is rarely set, and stands only in the config file, or in `--set` on a terminal. */
export const configSpecs = [
  setting(
    'kind',
    'kind.version',
    '',
    'Version of kind. It is installed if another one is on the PATH. Default: a version whose node images are known.',
  ),
  setting('kind', 'kind.image', '', 'Node image of the kind cluster, best with its digest. It replaces `kubernetes-version`.'),
  setting(
    'Check',
    'probe.image',
    '',
    'Image of the pods of the tier `active`, with `/agnhost` and a shell with `nc`. Default: the pinned agnhost.',
  ),
  setting('Check', 'probe.registry', '', 'Mirror of `registry.k8s.io` for the images of the tiers `active` and `heavy`.'),
  setting('Check', 'probe.pullSecretFrom', '', 'Docker configuration with the login for the image: `env:NAME` or the path of a file.'),
  setting('Check', 'probe.patience', '20s', 'Time within which a policy change is enforced everywhere. Slower changes fail.'),
  setting('Check', 'probe.nodes', '10', 'Maximum number of nodes in the policy matrix. The report names the sample.'),
  setting('Check', 'e2e.suites', 'conformance, network-policy', 'Suites of the tier `heavy`: `conformance` and `network-policy`.', {
    takes: 'list',
  }),
  setting('Check', 'e2e.focus', '', 'Regular expression (Go) for the names of the tests to run. It replaces `e2e.suites`.'),
  setting('Check', 'e2e.skip', 'Feature:SCTPConnectivity', 'Regular expression (Go) for the names of the tests to skip.'),
  setting('Check', 'e2e.parallel', 'auto', 'Number of tests that run at the same time: `auto` (as in the SCS scope) or a number.'),
  setting('Check', 'e2e.flakeAttempts', '2', 'Number of attempts for each test. A test that passes only later is listed.'),
  setting(
    'Check',
    'e2e.wait',
    '5h',
    'Time to wait for the tests. Unfinished tests continue in the cluster, and the next run resumes them.',
  ),
  setting('Check', 'e2e.onCancel', 'delete', 'Fate of the tests if the job is cancelled: `delete`, or `keep` for a later job.', {
    values: ['delete', 'keep'],
  }),
  setting(
    'Check',
    'e2e.owner',
    '',
    'Owner of the run. Runs of other owners are not touched. Default: the repository; on a terminal, user and machine.',
  ),
  setting(
    'Check',
    'e2e.image',
    '',
    'Image of the tests, best with its digest. Default: `registry.k8s.io/conformance` of the version of the cluster.',
  ),
  setting('Check', 'e2e.registry', '', 'Mirror of `registry.k8s.io` for the images of the tests. Default: `probe.registry`.'),
  setting('Check', 'e2e.sonobuoy.image', '', 'Image of Sonobuoy, best with its digest. Default: `sonobuoy/sonobuoy` of its version.'),
  setting('Check', 'e2e.sonobuoy.version', '', 'Version of Sonobuoy to install if none is on the PATH.'),
  setting('Check', 'e2e.sonobuoy.sha256', '', 'Checksum of the Sonobuoy archive. Default: that of the list of its publisher.'),
  setting('Check', 'data.releases', '', 'File with Kubernetes releases and CVEs, for places without internet (docs/release-data.md).'),
  setting(
    'Check',
    'data.certificateScope',
    '',
    'SCS scope file for the official verdict (docs/official-verdict.md). Default: the bundled one.',
  ),
  setting('Check', 'data.exceptions', '', 'File with e2e tests that may fail, in the form of SCS (`okToFail`). Default: the bundled list.'),
  setting('Check', 'requests.timeout', '15s', 'Deadline of one request to the API server, including retries.'),
] as const;

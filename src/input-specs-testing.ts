import { spec, type InputSpec } from './input-spec.js';

/** Inputs of the tier heavy: how the upstream end-to-end tests are run. */
export const testingSpecs: readonly InputSpec[] = [
  spec(
    'testing',
    'e2e-suites',
    'conformance, network-policy',
    'The suites that the tier `heavy` runs, in one run; see docs/heavy-tier.md.',
  ),
  spec('testing', 'e2e-focus', '', 'A regular expression (of Go) for the names of the tests to run, in the place of `e2e-suites`.'),
  spec(
    'testing',
    'e2e-skip',
    'Feature:SCTPConnectivity',
    'A regular expression for the names of the tests to leave out. SCTP is optional, and where there is none its tests take an hour to say so.',
  ),
  spec(
    'testing',
    'e2e-parallel',
    'auto',
    'How many tests run at once: `auto`, as upstream’s scope has it, or a number; `1` runs one after the other.',
  ),
  spec(
    'testing',
    'e2e-flake-attempts',
    '2',
    'How often a test is tried, as upstream’s scope has it; a test that passed at last is listed.',
  ),
  spec(
    'testing',
    'e2e-wait',
    '5h',
    'How long the step waits for the tests, best somewhat less than the job may take. What has not ended by then goes on in the cluster, and the same step resumes it later.',
  ),
  spec(
    'testing',
    'e2e-on-cancel',
    'delete',
    'What becomes of the run where the job is cancelled: `delete` it, or `keep` it for a later job to resume.',
  ),
  spec(
    'testing',
    'e2e-owner',
    '',
    'Who a run is started by: a run of another one is never touched. The repository without; on a terminal user and machine.',
  ),
  spec(
    'testing',
    'e2e-image',
    '',
    'The image of the tests, best with its digest, instead of `registry.k8s.io/conformance` of the cluster’s version.',
  ),
  spec('testing', 'e2e-registry', '', 'A mirror of `registry.k8s.io` for the image of the tests and all images that they use.'),
  spec(
    'testing',
    'e2e-archives',
    '',
    'The folder in which the archive of the results is kept; that of the reports without, on a terminal the current one.',
  ),
  spec(
    'testing',
    'sonobuoy-image',
    '',
    'The image of Sonobuoy, best with its digest, instead of `sonobuoy/sonobuoy` of the program’s version.',
  ),
  spec('testing', 'sonobuoy-version', '', 'The version of Sonobuoy to install where none is on the PATH.'),
  spec(
    'testing',
    'sonobuoy-sha256',
    '',
    'The checksum that its archive must have; without it the publisher’s own list of checksums decides.',
  ),
];

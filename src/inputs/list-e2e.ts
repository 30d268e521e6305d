import { spec } from './spec.js';

/** Inputs of the tier heavy: how the upstream end-to-end tests are run. */
export const testingSpecs = [
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
    'A regular expression for the names of the tests to skip. SCTP is optional; its tests take an hour on a network without SCTP.',
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
    'How long the step waits for the tests, best somewhat less than the job may take. Unfinished tests go on in the cluster, and the same step resumes the run later.',
  ),
  spec(
    'testing',
    'e2e-on-cancel',
    'delete',
    'What happens to the run if the job is cancelled: `delete` it, or `keep` it for a later job to resume.',
  ),
  spec(
    'testing',
    'e2e-owner',
    '',
    'The owner of the run. Runs of other owners are never touched. Default: the repository; on a terminal, the user and machine.',
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
    'The directory for the archive of the results. Default: that of the reports; on a terminal, the current directory.',
  ),
  spec(
    'testing',
    'sonobuoy-image',
    '',
    'The image of Sonobuoy, best with its digest, instead of `sonobuoy/sonobuoy` of the program’s version.',
  ),
  spec('testing', 'sonobuoy-version', '', 'The version of Sonobuoy to install if none is on the PATH.'),
  spec('testing', 'sonobuoy-sha256', '', 'The checksum of the Sonobuoy archive. Default: that of the publisher’s list of checksums.'),
] as const;

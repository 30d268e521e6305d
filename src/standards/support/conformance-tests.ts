import { compareMinors } from '../../facts/support/version.js';

/**
 * How many tests tagged [Conformance] each minor of Kubernetes has.
 *
 * 1.29 to 1.34: the number of tests that ran in the public submissions to the CNCF (https://github.com/cncf/k8s-conformance, `e2e.log`:
 * "Ran 402 of …"), the same in each of them; 1.29 also by the jobs of Kubernetes itself (`EXPECTED_NUM_TESTS`). 1.36: a dry run of its own tests
 * (`Ran 446 of 7579`). 1.35 and 1.37 are not known yet: there the number of the nearest older minor holds. To be renewed with the release data
 * (docs/release-data.md) when a minor comes out.
 */
const known: Readonly<Record<string, number>> = {
  '1.29': 388,
  '1.30': 402,
  '1.31': 404,
  '1.32': 411,
  '1.33': 419,
  '1.34': 424,
  '1.36': 446,
};

/** What every minor from 1.20 on has at least: a run of which fewer passed is no run of the suite in any minor. */
export const leastOfAnyMinor = 300;

/** A number of tests, and for a sentence where it is from. */
export interface ConformanceTests {
  readonly least: number;
  /** No more than these; undefined where the number of this minor is not known. */
  readonly most?: number | undefined;
  /** e.g. `Kubernetes 1.34 has 424`, or `Kubernetes 1.35 has at least the 424 of 1.34`. */
  readonly text: string;
}

/**
 * How many conformance tests a minor has. The number only grows, so that a minor without an entry has at least those of the nearest older one.
 * @param minor e.g. `1.34`
 * @returns undefined for a minor that is older than every one with an entry: what is not known proves no run to be a whole one
 */
export const conformanceTestsOf = (minor: string): ConformanceTests | undefined => {
  const [nearest, least] =
    Object.entries(known)
      .filter(([one]) => compareMinors(one, minor) <= 0)
      .toSorted(([a], [b]) => compareMinors(a, b))
      .at(-1) ?? [];
  if (nearest === undefined || least === undefined) return undefined;
  return nearest === minor
    ? { least, most: least, text: `Kubernetes ${minor} has ${least}` }
    : { least, text: `Kubernetes ${minor} has at least the ${least} of ${nearest}` };
};

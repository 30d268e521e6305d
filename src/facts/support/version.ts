import semver from 'semver';

/** A Kubernetes version, as far as the version policy judges it. */
export interface KubernetesVersion {
  /** The branch, e.g. `1.33`. */
  readonly minor: string;
  /** `1.33.4`, or `1.34.0-rc.1` for a pre-release; null where the text names a branch alone (`1.33`). Vendor suffixes are dropped. */
  readonly full: string | null;
  /** True for alpha, beta and rc builds: older than the final of the same number. */
  readonly prerelease: boolean;
}

const number = '(0|[1-9]\\d{0,4})';
/** Builds without a release call themselves `v0.0.0-master+…`: Kubernetes has no release before 1.0 that anybody runs. */
const shape = new RegExp(`^v?([1-9]\\d{0,4})\\.${number}(?:\\.${number})?(.*)$`);
/** Builds that come before their final, as Kubernetes names them. */
const preRelease = /^-(alpha|beta|rc)(?:[.-]?(\d{1,6}))?(?=$|[.+-])/i;
/** Words for builds that come before or after their final: nobody can tell which, so they are not judged. */
const unclear = /^[-+.~](dev|pre|preview|snapshot|nightly|canary|next|test)(?![a-z])/i;
/** What vendors append: `+k3s1`, `-eks-1234567`, `-gke.1443001`, `-12+abcdef0`. */
const vendor = /^[-+~][0-9A-Za-z][0-9A-Za-z.+~-]*$/;

/**
 * Reads the version that an API server or a vendor gives (`gitVersion` of `GET /version`).
 * @param text of any origin; more than 100 characters are never a version
 * @returns undefined where it cannot be read: never guess a version
 */
export const parseVersion = (text: string): KubernetesVersion | undefined => {
  const [, major, minorNumber, patch, suffix = ''] = shape.exec(text.length > 100 ? '' : text.trim()) ?? [];
  if (major === undefined || minorNumber === undefined) return undefined;
  const minor = `${major}.${minorNumber}`;
  // `version.minor` of some vendors is `33+`.
  if (patch === undefined) return suffix === '' || suffix === '+' ? { minor, full: null, prerelease: false } : undefined;
  const before = preRelease.exec(suffix);
  if (before === null && suffix !== '' && (unclear.test(suffix) || !vendor.test(suffix))) return undefined;
  if (before !== null && !vendor.test(suffix)) return undefined;
  const full = `${minor}.${patch}${before === null ? '' : `-${before[1]?.toLowerCase() ?? ''}.${Number(before[2] ?? 0)}`}`;
  return { minor, full, prerelease: before !== null };
};

/** A version string from a cluster, fit to be shown: quoted, bounded, in printable ASCII without quotes and backticks. */
export const formatVersion = (text: string): string =>
  `"${text.slice(0, 60).replace(/[^\x20-\x7e]|["`]/g, '?')}"${text.length > 60 ? ' (cut)' : ''}`;

/** Orders two full versions; a pre-release comes before its final. */
export const compareVersions = (a: string, b: string): number => semver.compare(a, b);

/** Orders two branches, e.g. `1.9` before `1.10`. */
export const compareMinors = (a: string, b: string): number => semver.compare(`${a}.0`, `${b}.0`);

/** The branch of a full version. */
export const minorOf = (full: string): string => full.split('.').slice(0, 2).join('.');

/**
 * Versions that a vulnerability affects: from `introduced` on, up to and without `fixed`, or up to and with `lastAffected`;
 * without both there is no end.
 */
export interface VersionRange {
  readonly introduced: string;
  readonly fixed?: string | undefined;
  readonly lastAffected?: string | undefined;
}

/** True where one of the ranges has a version of a branch. */
export const affectsBranch = (ranges: readonly VersionRange[], minor: string): boolean => {
  const [major = 0, number = 0] = minor.split('.').map(Number);
  return ranges.some(
    ({ introduced, fixed, lastAffected }) =>
      semver.lt(introduced, `${major}.${number + 1}.0`) &&
      (fixed === undefined || semver.gt(fixed, `${minor}.0`)) &&
      (lastAffected === undefined || semver.gte(lastAffected, `${minor}.0`)),
  );
};

/**
 * True where a version lies in one of the ranges.
 * A pre-release has what its final has: it is taken as affected from the introducing version on, and as not fixed before the fixed final.
 */
export const affects = (ranges: readonly VersionRange[], full: string): boolean => {
  const core = full.split('-')[0] ?? full;
  return ranges.some(
    ({ introduced, fixed, lastAffected }) =>
      semver.gte(core, introduced.split('-')[0] ?? introduced) &&
      (fixed === undefined || semver.lt(full, fixed)) &&
      (lastAffected === undefined || semver.lte(full, lastAffected)),
  );
};

/** Two texts that name the same release, whatever a vendor appended. */
export const sameRelease = (a: string, b: string): boolean => {
  const [one, other] = [parseVersion(a)?.full, parseVersion(b)?.full];
  return one !== undefined && one !== null && one === other;
};

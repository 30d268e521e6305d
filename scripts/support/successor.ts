import type { ReleaseData } from '../../src/facts/support/release-data.js';
import { compareMinors } from '../../src/facts/support/version.js';

const day = 86_400_000;
/** Releases that are older may leave the file: GitHub's pages move on, and no branch is supported for so long. */
const keptDays = 600;
const sections = ['releases', 'cves'] as const;

const named = (what: string, lost: readonly string[]): readonly string[] =>
  lost.length === 0 ? [] : [`${what} of the published file are missing: ${lost.slice(0, 5).join(', ')}${lost.length > 5 ? ', …' : ''}`];

/**
 * Says why new release data must not take the place of the published ones: who works offline trusts the newest file, so it may never be
 * older, know less, or be dated later than now. Old branches may leave it.
 * @param before the file that is published
 * @param after the file that was just made
 * @returns sentences; none where the new file may be published
 */
export const problemsOfSuccessor = (before: ReleaseData, after: ReleaseData, now: Date): readonly string[] => {
  const minors = after.releases.minors.map((m) => m.minor);
  const isKept = (minor: string): boolean => minors.length === 0 || minors.some((m) => compareMinors(m, minor) <= 0);
  const oldest = now.getTime() - keptDays * day;
  const ends = new Map(after.releases.minors.map((m) => [m.minor, m.endOfLife]));
  return [
    ...sections.flatMap((s) =>
      Date.parse(after[s].asOf) > now.getTime() + day ? [`The section ${s} is dated ${after[s].asOf}, which is in the future`] : [],
    ),
    ...sections.flatMap((s) =>
      Date.parse(after[s].asOf) < Date.parse(before[s].asOf)
        ? [`The section ${s} is of ${after[s].asOf}, older than the published one of ${before[s].asOf}`]
        : [],
    ),
    ...named(
      'Branches',
      before.releases.minors.map((m) => m.minor).filter((m) => isKept(m) && !minors.includes(m)),
    ),
    ...named(
      'Dates of the end of support',
      before.releases.minors.filter((m) => m.endOfLife !== null && ends.get(m.minor) === null).map((m) => m.minor),
    ),
    ...named(
      'Releases',
      before.releases.patches
        .filter((p) => Date.parse(p.released) >= oldest && !after.releases.patches.some((a) => a.version === p.version))
        .map((p) => p.version),
    ),
    ...named(
      'Reviewed CVEs',
      before.cves.reviewed.filter((id) => !after.cves.reviewed.includes(id)),
    ),
    ...named(
      'Critical CVEs',
      before.cves.critical.map((c) => c.id).filter((id) => !after.cves.critical.some((c) => c.id === id)),
    ),
  ];
};

import type { Validity } from '../model/official.js';
import type { Scope, ScopeVersion } from './scope.js';

/** A version that the timeline lists on a date. */
export interface ValidVersion {
  readonly version: ScopeVersion;
  readonly validity: Validity;
}

/**
 * The versions that the timeline lists on a date, in the file's order. One that it does not list is deprecated, and none of these.
 * @param date `YYYY-MM-DD`
 */
export const versionsOn = (scope: Scope, date: string): readonly ValidVersion[] => {
  const begun = scope.timeline.filter((entry) => entry.date <= date);
  const newest = begun.toSorted((a, b) => (a.date < b.date ? -1 : 1)).at(-1);
  return scope.versions.flatMap((version) => {
    const validity = newest?.validity.get(version.name);
    return validity === undefined ? [] : [{ version, validity }];
  });
};

/** Whether a certificate can be had for a version. */
export const certifies = ({ validity }: ValidVersion): boolean => validity === 'effective' || validity === 'warn';

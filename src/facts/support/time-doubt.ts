import { factOf, isUnavailable, type Facts } from '../../model/fact.js';
import { clocks } from '../clocks.js';
import { kubernetesCves } from '../kubernetes-cves.js';
import { kubernetesReleases } from '../kubernetes-releases.js';

const dayMs = 86_400_000;
/** Clocks may differ by a day, as dates without an hour do. */
const maxApartMs = dayMs;

const ofClocks = (facts: Facts): string | undefined => {
  if (!Object.hasOwn(facts, clocks.name)) return undefined;
  const seen = factOf(facts, clocks);
  if (isUnavailable(seen)) return `The clock of this machine cannot be compared with that of the API server (${seen.detail}).`;
  const apart = Date.parse(seen.here) - Date.parse(seen.server);
  if (Math.abs(apart) <= maxApartMs) return undefined;
  return Number.isNaN(apart)
    ? 'The clock of this machine cannot be compared with that of the API server.'
    : `The clock of this machine says ${seen.here} and that of the API server ${seen.server}, ${Math.round(Math.abs(apart) / dayMs)} days apart.`;
};

/** Dates of outside knowledge, each with what it is the date of. */
const datesOf = (facts: Facts): readonly (readonly [what: string, date: string])[] => {
  const releases = factOf(facts, kubernetesReleases);
  const cves = factOf(facts, kubernetesCves);
  const ofReleases = isUnavailable(releases)
    ? []
    : [
        ['The release data are', releases.patches.asOf] as const,
        ['The support windows are', releases.windows.asOf] as const,
        ...releases.patches.list.map(({ version, released }) => [`The release ${version} is`, released] as const),
      ];
  return isUnavailable(cves) ? ofReleases : [...ofReleases, ['The CVE data are', cves.asOf]];
};

/**
 * Why the time of a run is in doubt, so that nothing that depends on it is judged: clocks that are more than a day apart, or outside knowledge from
 * a later day. One of them is wrong, and nothing tells which.
 * @param lookedAt when the cluster was looked at, ISO 8601, by the clock of that machine
 * @returns a sentence; undefined where nothing speaks against it
 */
export const timeDoubt = (facts: Facts, lookedAt: string): string | undefined => {
  const apart = ofClocks(facts);
  if (apart !== undefined) return apart;
  const seen = factOf(facts, clocks);
  const here = isUnavailable(seen) ? lookedAt : seen.here;
  const future = datesOf(facts).find(([, date]) => !(Date.parse(date) <= Date.parse(here) + maxApartMs));
  return future === undefined ? undefined : `${future[0]} dated ${future[1].slice(0, 30)}, and the clock of this machine says ${here}.`;
};

import { factOf, isUnavailable, type Facts } from '../../model/fact.js';
import { kubernetesCves } from '../kubernetes-cves.js';
import { kubernetesReleases } from '../kubernetes-releases.js';
import type { Section } from './data-section.js';

const words: Readonly<Record<Section['origin'], string>> = {
  file: 'from the release data file',
  live: 'fetched in this run',
  cache: 'from the cache of an earlier run',
  bundled: 'bundled with this program',
};

const value = ({ origin, asOf, source, instead }: Section): string =>
  `as of ${asOf}, ${words[origin]} (${source})${instead === undefined ? '' : `; nothing newer: ${instead}`}`;

/**
 * Where the outside knowledge of a run came from, and as of when: rows for the report.
 * @param facts of the run; those that were not collected give no row
 */
export const releaseDataRows = (facts: Facts): { readonly label: string; readonly value: string }[] => {
  const releases = Object.hasOwn(facts, kubernetesReleases.name) ? factOf(facts, kubernetesReleases) : undefined;
  const cves = Object.hasOwn(facts, kubernetesCves.name) ? factOf(facts, kubernetesCves) : undefined;
  const rows: { label: string; value: string }[] = [];
  if (releases !== undefined) {
    const parts = isUnavailable(releases) ? undefined : releases;
    const detail = isUnavailable(releases) ? `not available: ${releases.detail}` : '';
    rows.push({ label: 'Kubernetes releases', value: parts === undefined ? detail : value(parts.patches) });
    rows.push({ label: 'Kubernetes support windows', value: parts === undefined ? detail : value(parts.windows) });
  }
  if (cves !== undefined)
    rows.push({ label: 'Kubernetes CVEs', value: isUnavailable(cves) ? `not available: ${cves.detail}` : value(cves) });
  return rows;
};
